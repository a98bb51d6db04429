"""Load a model file without running its code: skops alone, and only types that we have named.

A pickle is a program that builds an object, so to load one is to run it. skops rebuilds the object
itself and asks before it touches a type that could do harm. MLflow reads the answer from the
MLmodel file that lies beside the model, so whoever forges the one forges the other; here the
answer is ours (`tracking.TRUSTED_TYPES`).

Source: skops, "Secure persistence", https://skops.readthedocs.io/en/stable/persistence.html.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

from helpers.models.tracking import TRUSTED_TYPES

MOST_BYTES = 500_000_000  # unpacked; a zip of a few kilobytes can hold gigabytes of nothing


class UnsafeModel(ValueError):
    """A model file that was not loaded; the message says what is wrong and what to do."""


def read_model(folder: Path) -> bytes:
    """The bytes of the skops file in a folder that MLflow wrote, looked at and not run.

    Raises UnsafeModel where the model is in another format, holds a type that nobody has named,
    or is no model at all.
    """
    data = _model_file(folder).read_bytes()
    require_safe(data)
    return data


def require_safe(data: bytes) -> None:
    """Raise UnsafeModel, naming format or type, unless the bytes are a safe skops file."""
    from skops.io import get_untrusted_types

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size > MOST_BYTES:
            raise UnsafeModel(f"The model file unpacks to {size:,} bytes; {MOST_BYTES:,} are ours.")
        untrusted = sorted(set(get_untrusted_types(data=data)) - set(TRUSTED_TYPES))
    except UnsafeModel:
        raise
    except Exception as error:  # a forged file can fail anywhere in the reader
        raise UnsafeModel(
            f"The model file is no skops file ({type(error).__name__}); {_what_to_do()}"
        ) from error
    if untrusted:
        raise UnsafeModel(
            f"The model file holds {', '.join(untrusted)}, which nobody has vouched for; it was "
            "not loaded. If the model is yours, train it with scikit-learn's own types, or read "
            "what the type does and add it to TRUSTED_TYPES in helpers/models/tracking.py. If it "
            "is not, find out who put it there."
        )


def load_model(data: bytes) -> Any:
    """Rebuild the model. Raises UnsafeModel as `require_safe` does, and for a damaged file."""
    from skops.io import loads

    require_safe(data)
    try:
        return loads(data, trusted=list(TRUSTED_TYPES))
    except Exception as error:
        raise UnsafeModel(
            f"The model file cannot be rebuilt ({type(error).__name__}: {error}); {_what_to_do()}"
        ) from error


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes: another file has another."""
    return hashlib.sha256(data).hexdigest()


def _model_file(folder: Path) -> Path:
    import yaml

    described = folder / "MLmodel"
    try:
        flavors = yaml.safe_load(described.read_text(encoding="utf-8"))["flavors"]
        flavor = flavors["sklearn"]
        format, name = flavor["serialization_format"], flavor["pickled_model"]
    except (OSError, yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise UnsafeModel(
            f"{described} describes no scikit-learn model; {_what_to_do()}"
        ) from error
    if format != "skops":
        raise UnsafeModel(
            f"The model is stored as {format}, a format that runs whatever the file says as soon "
            f"as it is loaded; it was not loaded. {_what_to_do().capitalize()}"
        )
    path = (folder / str(name)).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise UnsafeModel(f"The model's file {name!r} is not in its folder; {_what_to_do()}")
    return path


def _what_to_do() -> str:
    return "log it with helpers.models.tracking.log_model, which writes skops, and register that."
