"""Discovery: how kubectl learns which kinds there are, by which names, and what can be done."""

from __future__ import annotations

from typing import Any

from .resources import RESOURCES, Resource

VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
# Questions that are posted and answered, but never stored.
REVIEWS = {
    "authorization.k8s.io": {
        "selfsubjectaccessreviews": "SelfSubjectAccessReview",
        "selfsubjectrulesreviews": "SelfSubjectRulesReview",
    },
    "authentication.k8s.io": {"selfsubjectreviews": "SelfSubjectReview"},
}
METRICS = {"nodes": ("NodeMetrics", False), "pods": ("PodMetrics", True)}
VERSIONS = (
    ("", "v1"),
    ("apps", "v1"),
    ("batch", "v1"),
    ("discovery.k8s.io", "v1"),
    ("authorization.k8s.io", "v1"),
    ("authentication.k8s.io", "v1"),
    ("metrics.k8s.io", "v1beta1"),
)
_SUBKINDS = {"exec": "PodExecOptions", "scale": "Scale"}


def resource_list(group: str, version: str) -> dict[str, Any]:
    """The kinds of one group, as an APIResourceList."""
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": _resources(group, version),
    }


def groups() -> dict[str, Any]:
    """All named groups, as an APIGroupList."""
    named = [group(*one) for one in VERSIONS if one[0]]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": named}


def group(name: str, version: str) -> dict[str, Any]:
    """One group and its version."""
    only = {"groupVersion": f"{name}/{version}", "version": version}
    return {"name": name, "versions": [only], "preferredVersion": only}


def aggregated(core: bool) -> dict[str, Any]:
    """All kinds in one answer, of the core group or of all others."""
    items = [_aggregated(*one) for one in VERSIONS if (one[0] == "") == core]
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }


def _resources(group: str, version: str) -> list[dict[str, Any]]:
    found = []
    for one in RESOURCES:
        if (one.group, one.version) == (group, version):
            found.append(_entry(one.plural, one.kind, one.namespaced, VERBS, one))
            found += [_subresource(one, name) for name in one.subresources]
    for plural, kind in REVIEWS.get(group, {}).items():
        found.append(_entry(plural, kind, False, ["create"]))
    if group == "metrics.k8s.io":
        found += [_entry(name, *kind, ["get", "list"]) for name, kind in METRICS.items()]
    return found


def _entry(
    plural: str, kind: str, namespaced: bool, verbs: list[str], one: Resource | None = None
) -> dict[str, Any]:
    return {
        "name": plural,
        "singularName": one.singular if one else "",
        "namespaced": namespaced,
        "kind": kind,
        "verbs": verbs,
        "shortNames": list(one.short) if one else [],
        "categories": list(one.categories) if one else [],
    }


def _subresource(one: Resource, name: str) -> dict[str, Any]:
    verbs = ["get", "patch", "update"] if name in ("scale", "status") else ["get", "create"]
    entry = {
        "name": f"{one.plural}/{name}",
        "singularName": "",
        "namespaced": one.namespaced,
        "kind": _SUBKINDS.get(name, one.kind),
        "verbs": verbs,
    }
    return entry | ({"group": "autoscaling", "version": "v1"} if name == "scale" else {})


def _aggregated(group: str, version: str) -> dict[str, Any]:
    resources: dict[str, dict[str, Any]] = {}
    for one in _resources(group, version):
        plural, _, sub = one["name"].partition("/")
        kind = {
            "group": one.get("group", group),
            "version": one.get("version", version),
            "kind": one["kind"],
        }
        if sub:
            entry = {"subresource": sub, "responseKind": kind, "verbs": one["verbs"]}
            resources[plural].setdefault("subresources", []).append(entry)
            continue
        resources[plural] = {
            "resource": plural,
            "responseKind": kind,
            "scope": "Namespaced" if one["namespaced"] else "Cluster",
            "singularResource": one["singularName"],
            "verbs": one["verbs"],
            "shortNames": one["shortNames"],
            "categories": one["categories"],
        }
    return {
        "metadata": {"name": group, "creationTimestamp": None},
        "versions": [
            {"version": version, "resources": list(resources.values()), "freshness": "Current"}
        ],
    }
