"""Rules for what makes pods: Deployments, ReplicaSets, Jobs and CronJobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import Cause
from ..meta import Object, matches
from ..resources import JOBS, Resource
from .metadata import annotations, labels
from .pods import pod_spec
from .selectors import label_selector
from .wording import AT_LEAST_0, forbidden, missing, unsupported, wrong

_PERCENT = (
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or "
    "'93%', regex used for validation is '[0-9]+%')"
)
_MISMATCH = "`selector` does not match template `labels`"


def workload(resource: Resource, spec: Object) -> Iterator[Cause]:
    """What is wrong with a Deployment, a ReplicaSet or a Job, but for how it is rolled out."""
    yield from _counts(spec, "replicas", "parallelism", "completions", "backoffLimit")
    selector = spec.get("selector")
    if resource is JOBS:
        yield from _template(spec, ("OnFailure", "Never"))
        return
    bad = list(label_selector(selector or {}, "spec.selector"))
    yield from bad
    if selector is None:
        yield missing("spec.selector")
    elif bad:
        yield wrong("spec.selector", selector, "invalid label selector")
        return
    elif not any(selector.values()):
        yield wrong("spec.selector", {}, "empty selector is invalid for deployment")
    if selector is None or any(selector.values()):
        yield from matched(spec)
    yield from _template(spec, ("Always",))


def matched(spec: Object) -> Iterator[Cause]:
    """Whether a selector finds the pods that the template makes."""
    own = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}
    if not matches(own, spec.get("selector")):
        yield wrong("spec.template.metadata.labels", own, _MISMATCH)


def selects_itself(job: Object) -> Iterator[Cause]:
    """Whether a new Job leaves its selector to the server, as it has to."""
    spec, uid = job["spec"], job["metadata"].get("uid")
    own = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    if spec.get("manualSelector") or spec.get("selector") == own:
        return
    yield wrong("spec.selector", spec.get("selector"), "`selector` not auto-generated")
    yield from matched(spec)


def rollout(spec: Object) -> Iterator[Cause]:
    """What is wrong with the way a Deployment is rolled out."""
    yield from _strategy(spec.get("strategy") or {})
    yield from _counts(spec, "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")
    deadline, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds") or 0
    if deadline is not None and 0 <= deadline <= ready:
        words = "must be greater than minReadySeconds"
        yield wrong("spec.progressDeadlineSeconds", deadline, words)


def _counts(spec: Object, *fields: str) -> Iterator[Cause]:
    for field in fields:
        if isinstance(spec.get(field), int) and spec[field] < 0:
            yield wrong(f"spec.{field}", spec[field], AT_LEAST_0)


def _template(spec: Object, restarts: tuple[str, ...]) -> Iterator[Cause]:
    template = spec.get("template") or {}
    meta = template.get("metadata") or {}
    yield from labels(meta.get("labels") or {}, "spec.template.labels")
    yield from annotations(meta.get("annotations") or {}, "spec.template.annotations")
    yield from pod_spec(template.get("spec"), "spec.template.spec", restarts)


def _strategy(strategy: Object) -> Iterator[Cause]:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    path = "spec.strategy.rollingUpdate"
    if kind not in ("RollingUpdate", "Recreate"):
        yield unsupported("spec.strategy.type", kind, "Recreate", "RollingUpdate")
    elif kind == "Recreate" and rolling:
        yield forbidden(path, "may not be specified when strategy `type` is 'Recreate'")
    elif rolling:
        for name in ("maxUnavailable", "maxSurge"):
            yield from _share(rolling.get(name), f"{path}.{name}")
        both = [_number(rolling.get(one)) for one in ("maxSurge", "maxUnavailable")]
        if both == [0, 0]:
            words = "may not be 0 when `maxSurge` is 0"
            yield wrong(f"{path}.maxUnavailable", rolling["maxUnavailable"], words)
        if isinstance(rolling.get("maxUnavailable"), str) and both[1] > 100:
            words = "must not be greater than 100%"
            yield wrong(f"{path}.maxUnavailable", rolling["maxUnavailable"], words)


def _share(value: Any, path: str) -> Iterator[Cause]:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]+%", value):
        yield wrong(path, value, _PERCENT)
    elif isinstance(value, int) and value < 0:
        yield wrong(path, value, AT_LEAST_0)


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
    yield from pod_spec(pod, path, ("OnFailure", "Never"))
