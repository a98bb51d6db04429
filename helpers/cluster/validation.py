"""Which objects may get in. The words are those that Kubernetes uses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from . import schema
from .errors import Cause, invalid
from .meta import Object, matches
from .resources import CRONJOBS, DEPLOYMENTS, JOBS, PODS, REPLICASETS, SERVICES, Resource
from .schema import Schema

LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
NAME = rf"{LABEL}(\.{LABEL})*"
_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    f"for validation is '{NAME}')"
)
_RFC1035 = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
    "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
)
_RFC1123 = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    f"for validation is '{LABEL}')"
)
_LABEL_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    "or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_AT_LEAST_0 = "must be greater than or equal to 0"
_IMMUTABLE = "field is immutable"


def validate(resource: Resource, obj: Object, old: Object | None = None) -> None:
    """Raise ApiError Invalid with all that is wrong. old: the object that this one replaces."""
    causes = list(_causes(resource, obj, old))
    if causes:
        unique = list(dict.fromkeys(causes))
        raise invalid(resource, obj.get("metadata", {}).get("name", ""), unique)


def _causes(resource: Resource, obj: Object, old: Object | None) -> Iterator[Cause]:
    yield from _metadata(resource, obj.get("metadata", {}))
    spec = obj.get("spec") or {}
    if resource in (DEPLOYMENTS, REPLICASETS, JOBS):
        yield from _workload(resource, spec)
    if resource is DEPLOYMENTS:
        yield from _strategy(spec.get("strategy") or {})
    if resource is CRONJOBS:
        yield from _cron_job(spec)
    if resource is PODS:
        yield from _pod_spec(spec, "spec")
    if resource is SERVICES:
        yield from _ports(spec)
    yield from _required(obj, schema.of(resource), "")
    if old is not None:
        yield from _unchanged(resource, obj, old)


def _wrong(field: str, value: Any, words: str) -> Cause:
    shown = value if isinstance(value, int | float) else json.dumps(value, separators=(",", ":"))
    return Cause(field, "FieldValueInvalid", f"Invalid value: {shown}: {words}")


def _missing(field: str, words: str = "") -> Cause:
    return Cause(field, "FieldValueRequired", "Required value" + (f": {words}" if words else ""))


def _metadata(resource: Resource, meta: Object) -> Iterator[Cause]:
    name = meta.get("name")
    if not name:
        if not meta.get("generateName"):
            yield _missing("metadata.name", "name or generateName is required")
    elif resource is SERVICES:
        if not re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", name):
            yield _wrong("metadata.name", name, _RFC1035)
    elif not re.fullmatch(NAME, name) or len(name) > 253:
        yield _wrong("metadata.name", name, _SUBDOMAIN)
    for value in (meta.get("labels") or {}).values():
        if not re.fullmatch(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?", value or ""):
            yield _wrong("metadata.labels", value, _LABEL_VALUE)


def _workload(resource: Resource, spec: Object) -> Iterator[Cause]:
    for field in ("replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds",
                  "completions", "parallelism", "backoffLimit"):  # fmt: skip
        if isinstance(spec.get(field), int) and spec[field] < 0:
            yield _wrong(f"spec.{field}", spec[field], _AT_LEAST_0)
    template = spec.get("template") or {}
    labels = (template.get("metadata") or {}).get("labels") or {}
    selector = spec.get("selector")
    if resource is not JOBS:
        if selector is None:
            yield _missing("spec.selector")
        elif not selector:
            yield _wrong("spec.selector", {}, "empty selector is invalid for deployment")
        elif not matches(labels, selector):
            words = "`selector` does not match template `labels`"
            yield _wrong("spec.template.metadata.labels", labels, words)
    allowed = ("Never", "OnFailure") if resource is JOBS else ("Always",)
    yield from _pod_spec(template.get("spec"), "spec.template.spec", allowed)


def _strategy(strategy: Object) -> Iterator[Cause]:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind not in ("RollingUpdate", "Recreate"):
        words = f'Unsupported value: {json.dumps(kind)}: supported values: "Recreate", '
        yield Cause("spec.strategy.type", "FieldValueNotSupported", words + '"RollingUpdate"')
    elif kind == "Recreate" and rolling:
        words = "Forbidden: may not be specified when strategy `type` is 'Recreate'"
        yield Cause("spec.strategy.rollingUpdate", "FieldValueForbidden", words)
    elif rolling and [_number(rolling.get(one)) for one in ("maxSurge", "maxUnavailable")] == [
        0,
        0,
    ]:
        field = "spec.strategy.rollingUpdate.maxUnavailable"
        yield _wrong(field, rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0")
    for name in ("maxSurge", "maxUnavailable"):
        value = (rolling or {}).get(name)
        if isinstance(value, str) and not re.fullmatch(r"[0-9]+%", value):
            words = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"  # noqa: E501
            yield _wrong(f"spec.strategy.rollingUpdate.{name}", value, words)


def _number(value: Any) -> int:
    digits = str(value).rstrip("%")
    return int(digits) if digits.isdigit() else -1


def _cron_job(spec: Object) -> Iterator[Cause]:
    schedule = spec.get("schedule")
    if not schedule:
        yield _missing("spec.schedule")
    elif len(schedule.split()) != 5 and not schedule.startswith("@"):
        words = f"expected exactly 5 fields, found {len(schedule.split())}: {schedule.split()}"
        yield _wrong("spec.schedule", schedule, words.replace("'", "").replace(",", ""))
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    pod = (job.get("template") or {}).get("spec")
    path = "spec.jobTemplate.spec.template.spec"
    yield from _pod_spec(pod, path, ("Never", "OnFailure"))


def _pod_spec(
    spec: Object | None, path: str, restarts: tuple[str, ...] = ("Always", "Never", "OnFailure")
) -> Iterator[Cause]:
    spec = spec or {}
    if not spec.get("containers"):
        yield _missing(f"{path}.containers")
    policy = spec.get("restartPolicy")
    if policy is not None and policy not in restarts:
        named = ", ".join(f'"{one}"' for one in restarts)
        words = f'Unsupported value: "{policy}": supported values: {named}'
        yield Cause(f"{path}.restartPolicy", "FieldValueNotSupported", words)
    volumes = {one.get("name") for one in spec.get("volumes") or []}
    names: set[str] = set()
    for kind in ("initContainers", "containers"):
        for place, one in enumerate(spec.get(kind) or []):
            there = f"{path}.{kind}[{place}]"
            if one.get("name") in names:
                words = f'Duplicate value: "{one["name"]}"'
                yield Cause(f"{there}.name", "FieldValueDuplicate", words)
            names.add(one.get("name"))
            yield from _container(one, there, volumes)


def _container(one: Object, path: str, volumes: set[str | None]) -> Iterator[Cause]:
    name = one.get("name")
    if not name:
        yield _missing(f"{path}.name")
    elif not re.fullmatch(LABEL, name):
        yield _wrong(f"{path}.name", name, _RFC1123)
    if not one.get("image"):
        yield _missing(f"{path}.image")
    for place, port in enumerate(one.get("ports") or []):
        number = port.get("containerPort")
        if isinstance(number, int) and not 1 <= number <= 65535:
            words = "must be between 1 and 65535, inclusive"
            yield _wrong(f"{path}.ports[{place}].containerPort", number, words)
    for place, mount in enumerate(one.get("volumeMounts") or []):
        if mount.get("name") not in volumes:
            words = f'Not found: "{mount.get("name")}"'
            yield Cause(f"{path}.volumeMounts[{place}].name", "FieldValueNotFound", words)
    yield from _resources(one.get("resources") or {}, f"{path}.resources")
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        if one.get(probe):
            yield from _probe(one[probe], f"{path}.{probe}", probe)


def _resources(resources: Object, path: str) -> Iterator[Cause]:
    for name, wanted in (resources.get("requests") or {}).items():
        limit = (resources.get("limits") or {}).get(name)
        if limit is not None and quantity(wanted) > quantity(limit):
            words = f"must be less than or equal to {name} limit of {limit}"
            yield _wrong(f"{path}.requests", str(wanted), words)


def _probe(probe: Object, path: str, kind: str) -> Iterator[Cause]:
    handlers = [one for one in ("httpGet", "tcpSocket", "exec", "grpc") if probe.get(one)]
    if not handlers:
        yield _missing(path, "must specify a handler type")
    if "grpc" in handlers:
        words = "Forbidden: this teaching server supports httpGet, tcpSocket and exec"
        yield Cause(f"{path}.grpc", "FieldValueForbidden", words)
    if kind != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        yield _wrong(f"{path}.successThreshold", probe["successThreshold"], "must be 1")


def _ports(spec: Object) -> Iterator[Cause]:
    if spec.get("type") == "LoadBalancer":
        words = "Forbidden: this teaching server has no load balancer; ClusterIP, NodePort are"
        yield Cause("spec.type", "FieldValueForbidden", words)
    headless = spec.get("clusterIP") == "None"
    if not spec.get("ports") and spec.get("type") != "ExternalName" and not headless:
        yield _missing("spec.ports")
    for place, port in enumerate(spec.get("ports") or []):
        number = port.get("port")
        if isinstance(number, int) and not 1 <= number <= 65535:
            yield _wrong(
                f"spec.ports[{place}].port", number, "must be between 1 and 65535, inclusive"
            )


def _required(value: Any, wanted: Schema, path: str) -> Iterator[Cause]:
    wanted = schema.resolved(wanted)
    if isinstance(value, dict):
        for name in wanted.get("required", []):
            if value.get(name) is None:
                yield _missing(f"{path}.{name}" if path else name)
        for name, one in value.items():
            if name in wanted.get("properties", {}) and name != "status":
                there = f"{path}.{name}" if path else name
                yield from _required(one, wanted["properties"][name], there)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _required(one, schema.items(wanted), f"{path}[{place}]")


def _unchanged(resource: Resource, obj: Object, old: Object) -> Iterator[Cause]:
    spec, before = obj.get("spec") or {}, old.get("spec") or {}
    fixed = {DEPLOYMENTS: ("selector",), REPLICASETS: ("selector",)}
    fixed[JOBS] = ("selector", "template", "completions")
    for name in fixed.get(resource, ()):
        if name in before and spec.get(name) != before.get(name):
            yield _wrong(f"spec.{name}", spec.get(name), _IMMUTABLE)
    moved = before.get("clusterIP") not in (None, "", spec.get("clusterIP"))
    if resource is SERVICES and moved and spec.get("type") != "ExternalName":
        yield _wrong("spec.clusterIPs[0]", spec.get("clusterIP"), "may not change once set")
    kept = (old.get("data"), True)
    if old.get("immutable") and (obj.get("data"), obj.get("immutable")) != kept:
        words = "Forbidden: field is immutable when `immutable` is set"
        yield Cause("data", "FieldValueForbidden", words)
    if resource is PODS:
        yield from _pod_unchanged(spec, before)


_POD_MAY_CHANGE = ("nodeName", "activeDeadlineSeconds", "tolerations", "schedulingGates")


def _pod_unchanged(spec: Object, before: Object) -> Iterator[Cause]:
    def still(one: Object) -> Object:
        left = {key: value for key, value in one.items() if key not in _POD_MAY_CHANGE}
        for kind in ("containers", "initContainers"):
            left[kind] = [c | {"image": ""} for c in one.get(kind) or []]
        return left

    if still(spec) != still(before):
        words = (
            "Forbidden: pod updates may not change fields other than "
            "`spec.containers[*].image`,`spec.initContainers[*].image`,"
            "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
            "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it "
            "was previously negative)"
        )
        yield Cause("spec", "FieldValueForbidden", words)


_UNITS = {"": 1.0, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_UNITS |= {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}


def quantity(text: Any) -> float:
    """A quantity such as "250m", "64Mi" or 2 as a number; NaN for what is none."""
    found = re.fullmatch(r"([+-]?[0-9]*\.?[0-9]+)([a-zA-Z]*)", str(text).strip())
    if not found or found[2] not in _UNITS:
        return float("nan")
    return float(found[1]) * _UNITS[found[2]]
