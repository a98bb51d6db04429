"""A container's environment: what it is told of itself, of other services, and by its manifest."""

from __future__ import annotations

import base64
import os
import re
import sys
from pathlib import Path

from ..addresses import listens_at
from ..meta import Object, is_leaving, name_of, namespace_of, uid_of
from ..quantity import quantity
from ..resources import CONFIGMAPS, SECRETS, SERVICES
from ..store import Store
from .images import Image
from .sandbox import ROOT, Sandbox


class ConfigError(Exception):
    """What a container refers to is not there."""


def environment(
    store: Store, pod: Object, container: Object, image: Image, sandbox: Sandbox
) -> dict[str, str]:
    """All variables; of two with one name, the manifest's own wins over what comes from outside.

    Raises ConfigError, worded as Kubernetes does, for a ConfigMap, Secret or key that is missing.
    """
    found = _base(pod, sandbox) | services(store, namespace_of(pod)) | image.env
    for source in container.get("envFrom") or []:
        found |= _all_of(store, pod, source)
    for one in container.get("env") or []:
        value = one.get("value", "")
        if "valueFrom" in one:
            value = _value(store, pod, container, one["valueFrom"])
        else:
            value = sandbox.real(expand(value, found))
        if value is not None:
            found[one["name"]] = value
    return found


def expand(text: str, variables: dict[str, str]) -> str:
    """Replace $(NAME) by its value; an unknown name stays, and $$(NAME) is $(NAME) itself."""

    def one(match: re.Match) -> str:
        if match[0].startswith("$$"):
            return match[0][1:]
        return variables.get(match[1], match[0])

    return re.sub(r"\$?\$\(([\w.-]+)\)", one, text)


def services(store: Store, namespace: str | None) -> dict[str, str]:
    """NAME_SERVICE_HOST and NAME_SERVICE_PORT of each Service: there are no names in a DNS here."""
    found = {}
    for service in store.list(SERVICES, namespace):
        name = re.sub(r"\W", "_", name_of(service)).upper()
        for number, port in enumerate(service["spec"].get("ports") or []):
            host, there = listens_at(service, port["port"])
            if not host or is_leaving(service):
                continue
            if number == 0:
                found |= {f"{name}_SERVICE_HOST": host, f"{name}_SERVICE_PORT": str(there)}
            if port.get("name"):
                suffix = re.sub(r"\W", "_", port["name"]).upper()
                found[f"{name}_SERVICE_PORT_{suffix}"] = str(there)
    return found


def data_of(store: Store, kind: str, namespace: str | None, name: str) -> dict[str, bytes] | None:
    """The entries of a ConfigMap or Secret, or None where there is no such object."""
    obj = store.find(CONFIGMAPS if kind == "configmap" else SECRETS, namespace, name)
    if obj is None:
        return None
    coded = obj.get("binaryData") if kind == "configmap" else obj.get("data")
    plain = obj.get("data") if kind == "configmap" else {}
    entries = {key: base64.b64decode(value) for key, value in (coded or {}).items()}
    return entries | {key: value.encode() for key, value in (plain or {}).items()}


def _base(pod: Object, sandbox: Sandbox) -> dict[str, str]:
    tools = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    return {
        "PATH": os.pathsep.join(tools),
        "HOME": str(sandbox.root),
        "TMPDIR": str(sandbox.root / "tmp"),
        "LANG": "C.UTF-8",
        "HOSTNAME": name_of(pod),
        "PYTHONUNBUFFERED": "1",  # a log that is shown as it is written
        ROOT: str(sandbox.root),
    }


def _all_of(store: Store, pod: Object, source: Object) -> dict[str, str]:
    kind, ref = next(
        (kind, source[key])
        for kind, key in (("configmap", "configMapRef"), ("secret", "secretRef"))
        if key in source
    )
    data = data_of(store, kind, namespace_of(pod), ref["name"])
    if data is None and not ref.get("optional"):
        raise ConfigError(f'{kind} "{ref["name"]}" not found')
    prefix = source.get("prefix", "")
    return {prefix + key: value.decode(errors="replace") for key, value in (data or {}).items()}


def _value(store: Store, pod: Object, container: Object, source: Object) -> str | None:
    if "fieldRef" in source:
        return field(pod, source["fieldRef"]["fieldPath"])
    if "resourceFieldRef" in source:
        return _resource(container, source["resourceFieldRef"])
    kind, ref = (
        ("configmap", source["configMapKeyRef"])
        if "configMapKeyRef" in source
        else ("secret", source["secretKeyRef"])
    )
    data = data_of(store, kind, namespace_of(pod), ref["name"])
    if data is not None and ref["key"] in data:
        return data[ref["key"]].decode(errors="replace")
    if ref.get("optional"):
        return None
    if data is None:
        raise ConfigError(f'{kind} "{ref["name"]}" not found')
    shown = {"configmap": "ConfigMap", "secret": "Secret"}[kind]
    place = f"{namespace_of(pod)}/{ref['name']}"
    raise ConfigError(f"couldn't find key {ref['key']} in {shown} {place}")


def field(pod: Object, path: str) -> str:
    """A field of the pod, as a fieldRef names it. Raises ConfigError for one that is no field."""
    if match := re.fullmatch(r"metadata\.(labels|annotations)\['([^']+)'\]", path):
        return (pod["metadata"].get(match[1]) or {}).get(match[2], "")
    known = {
        "metadata.name": name_of(pod),
        "metadata.namespace": namespace_of(pod),
        "metadata.uid": uid_of(pod),
        "spec.nodeName": pod["spec"].get("nodeName"),
        "spec.serviceAccountName": pod["spec"].get("serviceAccountName", "default"),
        "status.hostIP": pod["status"].get("hostIP"),
        "status.podIP": pod["status"].get("podIP"),
        "status.podIPs": pod["status"].get("podIP"),
    }
    if path not in known:
        raise ConfigError(f"unsupported fieldPath: {path}; supported are {', '.join(known)}")
    return known[path] or ""


def _resource(container: Object, source: Object) -> str:
    part, _, name = source["resource"].partition(".")
    amount = ((container.get("resources") or {}).get(part) or {}).get(name, "0")
    return str(-int(-quantity(amount) // quantity(source.get("divisor") or "1")))
