"""Whether two answers are the same, and the first place where they differ, in words."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Set
from typing import Any

import numpy as np
import pandas as pd

TOLERANCE = 1e-9


def difference(expected: Any, came: Any) -> str | None:
    """The first difference between what was expected and what came, or None where they agree.

    Kinds that a learner would call the same are the same: a list and an array, an int and a float
    of equal value, a frame whatever its index. Floats agree within a relative 1e-9. NaN equals NaN.
    """
    for fits, compare in _KINDS:
        if fits(expected):
            return compare(expected, came)
    return None if _plainly_equal(expected, came) else _values(expected, came)


def show(value: Any, width: int = 60) -> str:
    """A value in few words for a message: numbers rounded, frames by shape."""
    if isinstance(value, pd.DataFrame):
        return f"a DataFrame of {len(value)} rows and the columns {list(value.columns)}"
    if isinstance(value, pd.Series):
        return f"a Series of {len(value)} values"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral | np.bool_):
        return f"{float(value):.6g}"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= width else text[: width - 3] + "..."


def _plainly_equal(expected: Any, came: Any) -> bool:
    if _is_missing(expected) or _is_missing(came):
        return _is_missing(expected) and _is_missing(came)
    try:
        return bool(expected == came)
    except (TypeError, ValueError):  # kinds that refuse to be compared are not equal
        return False


def _is_missing(value: Any) -> bool:
    if isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _values(expected: Any, came: Any) -> str:
    return f"expected {show(expected)}, but got {show(came)}"


def _frame(expected: pd.DataFrame, came: Any) -> str | None:
    if not isinstance(came, pd.DataFrame):
        return f"expected a DataFrame, but got {_kind(came)}"
    missing = [c for c in expected.columns if c not in came.columns]
    if missing:
        return f"the column `{missing[0]}` is missing; yours has {list(came.columns)}"
    extra = [c for c in came.columns if c not in expected.columns]
    if extra:
        return f"the column `{extra[0]}` is one too many"
    if len(expected) != len(came):
        return f"expected {len(expected)} rows, but got {len(came)}"
    for name in expected.columns:
        found = _items(expected[name].to_numpy(), came[name].to_numpy())
        if found is not None:
            return f"column `{name}`, {found}"
    return None


def _series(expected: pd.Series, came: Any) -> str | None:
    if isinstance(came, pd.DataFrame) or not isinstance(came, pd.Series | np.ndarray | list):
        return f"expected a Series, but got {_kind(came)}"
    return _array(expected.to_numpy(), came)


def _array(expected: Any, came: Any) -> str | None:
    if isinstance(came, str | Mapping | Set | pd.DataFrame) or not hasattr(came, "__len__"):
        return f"expected {len(expected)} values, but got {_kind(came)}"
    came = came.to_numpy() if isinstance(came, pd.Series | pd.Index) else came
    if len(expected) != len(came):
        return f"expected {len(expected)} values, but got {len(came)}"
    return _items(expected, came)


def _items(expected: Any, came: Any) -> str | None:
    fast = _numeric(expected), _numeric(came)
    if all(a is not None for a in fast) and fast[0].shape == fast[1].shape:
        close = np.isclose(fast[0], fast[1], rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        if close.all():
            return None
        place = int(np.argmin(close.reshape(len(close), -1).all(axis=1)))
        return f"row {place}: {difference(expected[place], came[place])}"
    for place, (one, other) in enumerate(zip(expected, came, strict=True)):
        found = difference(one, other)
        if found is not None:
            return f"row {place}: {found}"
    return None


def _numeric(values: Any) -> np.ndarray | None:
    array = np.asarray(values) if isinstance(values, np.ndarray) else None
    return array.astype(float) if array is not None and array.dtype.kind in "iufb" else None


def _number(expected: Any, came: Any) -> str | None:
    if isinstance(came, np.ndarray | pd.Series) and np.size(came) == 1:
        came = np.asarray(came).reshape(-1)[0]
    if _is_missing(came) and _is_missing(float(expected)):
        return None
    if not isinstance(came, numbers.Real | np.bool_):
        return f"expected the number {show(expected)}, but got {_kind(came)}"
    close = math.isclose(float(expected), float(came), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return None if close else _values(expected, came)


def _mapping(expected: Mapping, came: Any) -> str | None:
    if not isinstance(came, Mapping):
        return f"expected a dict, but got {_kind(came)}"
    for key in expected:
        if key not in came:
            return f"the key {key!r} is missing"
        found = difference(expected[key], came[key])
        if found is not None:
            return f"key {key!r}: {found}"
    extra = [key for key in came if key not in expected]
    return f"the key {extra[0]!r} is one too many" if extra else None


def _set(expected: Set, came: Any) -> str | None:
    if isinstance(came, str | Mapping) or not hasattr(came, "__iter__"):
        return f"expected a set, but got {_kind(came)}"
    missing, extra = set(expected) - set(came), set(came) - set(expected)
    if missing:
        return f"{show(sorted(missing, key=repr)[0])} is missing"
    return f"{show(sorted(extra, key=repr)[0])} is one too many" if extra else None


def _kind(value: Any) -> str:
    if value is None:
        return "None (does your function return its result?)"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}: {show(value, 40)}"


_KINDS = (
    (lambda v: isinstance(v, pd.DataFrame), _frame),
    (lambda v: isinstance(v, pd.Series), _series),
    (lambda v: isinstance(v, np.ndarray | list | tuple | pd.Index), _array),
    (lambda v: isinstance(v, Mapping), _mapping),
    (lambda v: isinstance(v, Set), _set),
    (lambda v: isinstance(v, numbers.Real | np.bool_), _number),
)
