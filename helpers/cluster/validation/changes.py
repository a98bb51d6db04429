"""Fields that stay as they were made."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from ..resources import DEPLOYMENTS, JOBS, PODS, REPLICASETS, SERVICES, Resource
from .wording import forbidden, wrong

_IMMUTABLE = "field is immutable"
_POD_MAY_CHANGE = ("activeDeadlineSeconds", "tolerations", "schedulingGates")


def unchanged(resource: Resource, obj: Object, old: Object) -> Iterator[Cause]:
    """What an update may not change."""
    spec, before = obj.get("spec") or {}, old.get("spec") or {}
    fixed = {DEPLOYMENTS: ("selector",), REPLICASETS: ("selector",)}
    fixed[JOBS] = ("selector", "template", "completions")
    for name in fixed.get(resource, ()):
        if name in before and spec.get(name) != before.get(name):
            yield wrong(f"spec.{name}", spec.get(name), _IMMUTABLE)
    moved = before.get("clusterIP") not in (None, "", spec.get("clusterIP"))
    if resource is SERVICES and moved and spec.get("type") != "ExternalName":
        yield wrong("spec.clusterIPs[0]", [spec.get("clusterIP")], "may not change once set")
    if old.get("immutable"):
        fixed_words = "field is immutable when `immutable` is set"
        if not obj.get("immutable"):
            yield forbidden("immutable", fixed_words)
        for name in ("data", "binaryData"):
            if obj.get(name) != old.get(name):
                yield forbidden(name, fixed_words)
    if resource is PODS:
        yield from _pod_unchanged(spec, before)


def _pod_unchanged(spec: Object, before: Object) -> Iterator[Cause]:
    def still(one: Object) -> Object:
        left = {key: value for key, value in one.items() if key not in _POD_MAY_CHANGE}
        for kind in ("containers", "initContainers"):
            left[kind] = [c | {"image": ""} for c in one.get(kind) or []]
        return left

    if not before.get("nodeName") and "nodeName" in spec:
        before = {**before, "nodeName": spec["nodeName"]}  # the scheduler's to say, once
    if still(spec) != still(before):
        words = (
            "pod updates may not change fields other than "
            "`spec.containers[*].image`,`spec.initContainers[*].image`,"
            "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
            "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it "
            "was previously negative)"
        )
        yield forbidden("spec", words)
