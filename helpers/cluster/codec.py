"""kubectl's protobuf: a few of its commands send it, and send nothing else.

`kubectl create deployment|service|configmap|secret|namespace|job...` and `auth can-i` post a
binary form, which is read here into the JSON form. Which number is which field stands in
Kubernetes' generated.proto files; fields that these commands never set are left out. Wire format:
protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from .errors import ApiError

MAGIC = b"k8s\0"
# Of each message: number -> (name, kind). A star is a list; "map" and "bytes map" are maps; what
# has no name stands in JSON among the fields around it.
_META = {1: ("metadata", "ObjectMeta")}
_MESSAGES: dict[str, dict[int, tuple[str, str]]] = {
    "Unknown": {1: ("type", "TypeMeta"), 2: ("raw", "bytes")},
    "TypeMeta": {1: ("apiVersion", "string"), 2: ("kind", "string")},
    "ObjectMeta": {
        1: ("name", "string"), 2: ("generateName", "string"), 3: ("namespace", "string"),
        11: ("labels", "map"), 12: ("annotations", "map"),
        13: ("ownerReferences", "*OwnerReference"),
    },
    "OwnerReference": {
        1: ("kind", "string"), 3: ("name", "string"), 4: ("uid", "string"),
        5: ("apiVersion", "string"), 6: ("controller", "bool"), 7: ("blockOwnerDeletion", "bool"),
    },
    "Namespace": _META,
    "ServiceAccount": _META,
    "ConfigMap": _META | {
        2: ("data", "map"), 3: ("binaryData", "bytes map"), 4: ("immutable", "bool"),
    },
    "Secret": _META | {2: ("data", "bytes map"), 3: ("type", "string"), 4: ("stringData", "map")},
    "Deployment": _META | {2: ("spec", "DeploymentSpec")},
    "DeploymentSpec": {
        1: ("replicas", "int"), 2: ("selector", "LabelSelector"),
        3: ("template", "PodTemplateSpec"), 5: ("minReadySeconds", "int or none"),
    },
    "Job": _META | {2: ("spec", "JobSpec")},
    "JobSpec": {
        1: ("parallelism", "int"), 2: ("completions", "int"), 4: ("selector", "LabelSelector"),
        6: ("template", "PodTemplateSpec"), 7: ("backoffLimit", "int"),
    },
    "CronJob": _META | {2: ("spec", "CronJobSpec")},
    "CronJobSpec": {
        1: ("schedule", "string"), 3: ("concurrencyPolicy", "string"), 4: ("suspend", "bool"),
        5: ("jobTemplate", "JobTemplateSpec"),
    },
    "JobTemplateSpec": _META | {2: ("spec", "JobSpec")},
    "LabelSelector": {1: ("matchLabels", "map")},
    "PodTemplateSpec": _META | {2: ("spec", "PodSpec")},
    "Pod": _META | {2: ("spec", "PodSpec")},
    "PodSpec": {
        1: ("volumes", "*Volume"), 2: ("containers", "*Container"), 3: ("restartPolicy", "string"),
        10: ("nodeName", "string"), 11: ("hostNetwork", "bool or none"),
        12: ("hostPID", "bool or none"), 13: ("hostIPC", "bool or none"),
    },
    "Volume": {1: ("name", "string"), 2: ("", "VolumeSource")},
    "VolumeSource": {1: ("hostPath", "HostPath")},
    "HostPath": {1: ("path", "string"), 2: ("type", "string")},
    "VolumeMount": {1: ("name", "string"), 3: ("mountPath", "string")},
    "Container": {
        1: ("name", "string"), 2: ("image", "string"), 3: ("command", "*string"),
        4: ("args", "*string"), 5: ("workingDir", "string"), 6: ("ports", "*ContainerPort"),
        7: ("env", "*EnvVar"), 9: ("volumeMounts", "*VolumeMount"),
        14: ("imagePullPolicy", "string"),
    },
    "EnvVar": {1: ("name", "string"), 2: ("value", "string")},
    "ContainerPort": {
        1: ("name", "string"), 3: ("containerPort", "int"), 4: ("protocol", "string"),
    },
    "Service": _META | {2: ("spec", "ServiceSpec")},
    "ServiceSpec": {
        1: ("ports", "*ServicePort"), 2: ("selector", "map"), 3: ("clusterIP", "string"),
        4: ("type", "string"), 10: ("externalName", "string"),
    },
    "ServicePort": {
        1: ("name", "string"), 2: ("protocol", "string"), 3: ("port", "int"),
        4: ("targetPort", "IntOrString"), 5: ("nodePort", "int or none"),
    },
    "IntOrString": {1: ("type", "int"), 2: ("int", "int"), 3: ("string", "string")},
    "SelfSubjectAccessReview": _META | {2: ("spec", "AccessSpec")},
    "AccessSpec": {
        1: ("resourceAttributes", "ResourceAttributes"),
        2: ("nonResourceAttributes", "NonResourceAttributes"),
    },
    "NonResourceAttributes": {1: ("path", "string"), 2: ("verb", "string")},
    "ResourceAttributes": {
        1: ("namespace", "string"), 2: ("verb", "string"), 3: ("group", "string"),
        4: ("version", "string"), 5: ("resource", "string"), 6: ("subresource", "string"),
        7: ("name", "string"),
    },
    "SelfSubjectReview": _META,
    "SelfSubjectRulesReview": _META | {2: ("spec", "RulesSpec")},
    "RulesSpec": {1: ("namespace", "string")},
    "DeleteOptions": {
        1: ("gracePeriodSeconds", "int"), 2: ("preconditions", "Preconditions"),
        4: ("propagationPolicy", "string"), 5: ("dryRun", "*string"),
    },
    "Preconditions": {1: ("uid", "string")},
}  # fmt: skip


def decode(body: bytes) -> dict[str, Any]:
    """The object in a protobuf body, in the API's JSON form.

    Raises ApiError UnsupportedMediaType for a kind that is sent as JSON by others.
    """
    try:
        if not body.startswith(MAGIC):
            raise ValueError("the magic number is missing")
        whole = _message(body[len(MAGIC) :], "Unknown")
        head = whole["type"]
        if head["kind"] not in _MESSAGES:
            raise ValueError(f"{head['kind']} is not read from protobuf here")
        return {**head, **_message(whole.get("raw", b""), head["kind"])}
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ApiError(
            415,
            "UnsupportedMediaType",
            f"the body of the request was in an unknown format ({error}) - accepted media types "
            "include: application/json, application/yaml",
        ) from None


def _message(data: bytes, name: str) -> dict[str, Any]:
    known, result = _MESSAGES[name], {}
    for number, value in _fields(data):
        if number not in known:
            continue
        field, kind = known[number]
        if kind in ("map", "bytes map"):
            key, one = _pair(value, kind)
            result.setdefault(field, {})[key] = one
        elif kind.startswith("*"):
            result.setdefault(field, []).append(_value(value, kind[1:]))
        elif (one := _value(value, kind)) not in ("", {}) and (one or not kind.endswith("or none")):
            result |= {field: one} if field else one
    return result


def _value(value: Any, kind: str) -> Any:
    if kind == "string":
        return value.decode()
    if kind.startswith("bool"):
        return bool(value)
    if kind.startswith("int"):  # negative ones are written as 64 bits in two's complement
        return value - 2**64 if value >= 2**63 else value
    if kind == "bytes":
        return value
    made = _message(value, kind)
    if kind == "IntOrString":
        return made.get("string", "") if made.get("type") else made.get("int", 0)
    return made


def _pair(data: bytes, kind: str) -> tuple[str, str]:
    parts = dict(_fields(data))
    value = parts.get(2, b"")
    text = base64.b64encode(value) if kind == "bytes map" else value
    return parts.get(1, b"").decode(), text.decode()


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    place = 0
    while place < len(data):
        key, place = _number(data, place)
        wire = key & 7
        if wire == 0:
            value, place = _number(data, place)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
            value, place = data[place : place + length], place + length
        elif wire == 2:
            length, place = _number(data, place)
            value, place = data[place : place + length], place + length
            if len(value) < length:
                raise ValueError("it ends in the middle of a field")
        else:
            raise ValueError(f"wire type {wire} is not known")
        yield key >> 3, value


def _number(data: bytes, place: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = data[place]
        place += 1
        result |= (byte & 127) << shift
        if byte < 128:
            return result, place
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")
