"""Fields that are taken and do nothing here: whoever sets one is told so.

They belong to containers, to networks between machines, or to more nodes than one. A manifest that
has them is sound, and is to work here as it stands.
"""

from __future__ import annotations

from .meta import Object
from .resources import CRONJOBS, NODES, PODS, Resource

_POD = (
    "affinity", "dnsConfig", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostUsers",
    "hostname", "imagePullSecrets", "priorityClassName", "runtimeClassName", "securityContext",
    "shareProcessNamespace", "subdomain", "topologySpreadConstraints",
)  # fmt: skip
_CONTAINER = ("securityContext", "volumeDevices")


def no_effect(resource: Resource, obj: Object) -> list[str]:
    """A warning for each field of the object that is set and has no effect here."""
    spec, path = obj.get("spec") or {}, "spec"
    if resource is NODES:
        effects = {one.get("effect") for one in spec.get("taints") or []}
        words = "NoExecute keeps new pods away; this teaching server ends none that run"
        return [f"spec.taints: {words}"] if "NoExecute" in effects else []
    if resource is CRONJOBS:
        spec, path = (spec.get("jobTemplate") or {}).get("spec") or {}, "spec.jobTemplate.spec"
    if resource is not PODS:
        spec, path = (spec.get("template") or {}).get("spec") or {}, f"{path}.template.spec"
    found = [f"{path}.{name}" for name in _POD if spec.get(name)]
    for kind in ("initContainers", "containers"):
        for place, one in enumerate(spec.get(kind) or []):
            found += [f"{path}.{kind}[{place}].{name}" for name in _CONTAINER if one.get(name)]
    return [f"{one} has no effect on this teaching server" for one in found]
