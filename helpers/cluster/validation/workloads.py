"""Rules for what makes pods: Deployments, ReplicaSets, Jobs and CronJobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import Cause
from ..meta import Object, matches
from ..resources import JOBS, Resource
from .pods import pod_spec
from .wording import AT_LEAST_0, forbidden, missing, unsupported, wrong

_PERCENT = (
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or "
    "'93%', regex used for validation is '[0-9]+%')"
)


def workload(resource: Resource, spec: Object) -> Iterator[Cause]:
    """What is wrong with a Deployment, a ReplicaSet or a Job."""
    for field in ("replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds",
                  "completions", "parallelism", "backoffLimit"):  # fmt: skip
        if isinstance(spec.get(field), int) and spec[field] < 0:
            yield wrong(f"spec.{field}", spec[field], AT_LEAST_0)
    template = spec.get("template") or {}
    labels = (template.get("metadata") or {}).get("labels") or {}
    selector = spec.get("selector")
    if resource is not JOBS:
        if selector is None:
            yield missing("spec.selector")
        elif not selector:
            yield wrong("spec.selector", {}, "empty selector is invalid for deployment")
        elif not matches(labels, selector):
            words = "`selector` does not match template `labels`"
            yield wrong("spec.template.metadata.labels", labels, words)
    allowed = ("Never", "OnFailure") if resource is JOBS else ("Always",)
    yield from pod_spec(template.get("spec"), "spec.template.spec", allowed)


def strategy(strategy: Object) -> Iterator[Cause]:
    """What is wrong with the way a Deployment is rolled out."""
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind not in ("RollingUpdate", "Recreate"):
        yield unsupported("spec.strategy.type", kind, "Recreate", "RollingUpdate")
    elif kind == "Recreate" and rolling:
        words = "may not be specified when strategy `type` is 'Recreate'"
        yield forbidden("spec.strategy.rollingUpdate", words)
    elif rolling and all(_number(rolling.get(one)) == 0 for one in ("maxSurge", "maxUnavailable")):
        field = "spec.strategy.rollingUpdate.maxUnavailable"
        yield wrong(field, rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0")
    for name in ("maxSurge", "maxUnavailable"):
        value = (rolling or {}).get(name)
        if isinstance(value, str) and not re.fullmatch(r"[0-9]+%", value):
            yield wrong(f"spec.strategy.rollingUpdate.{name}", value, _PERCENT)


def _number(value: Any) -> int:
    digits = str(value).rstrip("%")
    return int(digits) if digits.isdigit() else -1


def cron_job(spec: Object) -> Iterator[Cause]:
    """What is wrong with a CronJob."""
    schedule = spec.get("schedule")
    if not schedule:
        yield missing("spec.schedule")
    elif len(schedule.split()) != 5 and not schedule.startswith("@"):
        words = f"expected exactly 5 fields, found {len(schedule.split())}: {schedule.split()}"
        yield wrong("spec.schedule", schedule, words.replace("'", "").replace(",", ""))
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    pod = (job.get("template") or {}).get("spec")
    path = "spec.jobTemplate.spec.template.spec"
    yield from pod_spec(pod, path, ("Never", "OnFailure"))
