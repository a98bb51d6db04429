"""Which objects may get in. The words are those that Kubernetes uses."""

from __future__ import annotations

from collections.abc import Iterator

from .. import schema
from ..errors import Cause, invalid
from ..meta import Object
from ..resources import (
    CONFIGMAPS,
    CRONJOBS,
    DEPLOYMENTS,
    JOBS,
    PODS,
    REPLICASETS,
    SECRETS,
    SERVICES,
    Resource,
)
from .changes import unchanged
from .data import data
from .metadata import metadata
from .pods import pod_spec
from .required import required
from .services import service
from .workloads import cron_job, rollout, selects_itself, workload


def validate(resource: Resource, obj: Object, old: Object | None = None) -> None:
    """Raise ApiError Invalid with all that is wrong. old: the object that this one replaces."""
    causes = list(_causes(resource, obj, old))
    if causes:
        unique = list(dict.fromkeys(causes))
        raise invalid(resource, obj.get("metadata", {}).get("name", ""), unique)


def _causes(resource: Resource, obj: Object, old: Object | None) -> Iterator[Cause]:
    yield from metadata(resource, obj.get("metadata", {}))
    spec = obj.get("spec") or {}
    if resource in (DEPLOYMENTS, REPLICASETS, JOBS):
        yield from workload(resource, spec)
    if resource is DEPLOYMENTS:
        yield from rollout(spec)
    if resource is JOBS and old is None:
        yield from selects_itself(obj)
    if resource is CRONJOBS:
        yield from cron_job(spec)
    if resource is PODS:
        yield from pod_spec(spec, "spec")
    if resource is SERVICES:
        yield from service(spec)
    if resource in (CONFIGMAPS, SECRETS):
        yield from data(obj)
    yield from required(obj, schema.of(resource), "")
    if old is not None:
        yield from unchanged(resource, obj, old)
