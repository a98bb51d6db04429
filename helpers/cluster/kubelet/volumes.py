"""A pod's volumes: folders below its own, filled from ConfigMaps and Secrets, kept up to date."""

from __future__ import annotations

import os
from pathlib import Path

from ..meta import Object, namespace_of
from ..store import Store
from .environment import ConfigError, data_of

SUPPORTED = "emptyDir, configMap and secret"


def fill(store: Store, pod: Object, folder: Path) -> dict[str, Path]:
    """Make the volumes below `folder`, and give each one's path by its name.

    Done again for a running pod, it brings the files to what their ConfigMaps and Secrets say now.
    Raises ConfigError, worded as Kubernetes does, for one that is missing or of another kind.
    """
    paths = {}
    for volume in pod["spec"].get("volumes") or []:
        path = paths[volume["name"]] = folder / volume["name"]
        path.mkdir(parents=True, exist_ok=True)
        if "configMap" in volume:
            source, name = volume["configMap"], volume["configMap"].get("name", "")
            _write(path, _wanted(store, pod, "configmap", name, source), source)
        elif "secret" in volume:
            source, name = volume["secret"], volume["secret"].get("secretName", "")
            _write(path, _wanted(store, pod, "secret", name, source), source)
        elif "emptyDir" not in volume:
            kind = next((key for key in volume if key != "name"), "nothing")
            raise ConfigError(
                f'volume "{volume["name"]}" is of the kind {kind}; supported are {SUPPORTED}'
            )
    return paths


def refers_to(pod: Object, kind: str, name: str) -> bool:
    """Whether a pod has a volume of this ConfigMap or Secret."""
    for volume in pod["spec"].get("volumes") or []:
        if kind == "ConfigMap" and (volume.get("configMap") or {}).get("name") == name:
            return True
        if kind == "Secret" and (volume.get("secret") or {}).get("secretName") == name:
            return True
    return False


def _wanted(store: Store, pod: Object, kind: str, name: str, source: Object) -> dict[str, bytes]:
    data = data_of(store, kind, namespace_of(pod), name)
    if data is None and not source.get("optional"):
        raise ConfigError(f'{kind} "{name}" not found')
    if not source.get("items"):
        return data or {}
    missing = [item["key"] for item in source["items"] if item["key"] not in (data or {})]
    if missing and not source.get("optional"):
        raise ConfigError(f"{kind} references non-existent config key: {missing[0]}")
    return {item["path"]: data[item["key"]] for item in source["items"] if item["key"] in data}


def _write(folder: Path, files: dict[str, bytes], source: Object) -> None:
    modes = {item["path"]: item.get("mode") for item in source.get("items") or []}
    for name, content in files.items():
        path = folder / name
        if ".." in Path(name).parts:
            raise ConfigError(f"must not contain '..': {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            new = path.with_name(f".{path.name}.new")
            new.write_bytes(content)
            os.chmod(new, (modes.get(name) or source.get("defaultMode", 0o644)) | 0o200)
            os.replace(new, path)  # a reader sees the old file or the new one, never half of one
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in files:
            path.unlink()
