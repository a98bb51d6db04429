"""The cronjob controller: makes a Job each time the schedule says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ..events import record
from ..meta import Object, copied, is_leaving, name_of, namespace_of, reference_to
from ..resources import CRONJOBS, JOBS
from ..store import Change
from ..times import now, parse, stamp
from .base import Controller
from .job_status import finished
from .schedule import Schedule

SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"


class CronJobController(Controller):
    """Starts, replaces and forgets the Jobs of every CronJob."""

    name, resource = "cronjob-controller", CRONJOBS

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """A CronJob is looked at when it or a Job of its changes."""
        yield from super().keys(change)
        if change.resource is JOBS:
            yield from self.owner_key(change)

    def reconcile(self, cron: Object) -> None:
        """Take note of Jobs that have ended, and start one where it is due."""
        if is_leaving(cron):
            return
        jobs = self.store.owned_by(JOBS, cron)
        status = self.note_ended(cron, jobs)
        self.forget(cron, jobs)
        if not cron["spec"].get("suspend"):
            try:
                schedule = Schedule(cron["spec"]["schedule"], cron["spec"].get("timeZone") or "UTC")
            except ValueError as error:
                words = f"unparseable schedule: {error}"
                record(self.store, cron, "Warning", "UnparseableSchedule", words, self.name)
            else:
                self.start_due(cron, schedule, status)
                if following := schedule.next(now()):
                    self.again(cron, (following - now()).total_seconds())
        self.write(cron, status)

    def note_ended(self, cron: Object, jobs: list[Object]) -> Object:
        """The status, with the Jobs that run now and the time of the last success."""
        status = dict(cron.get("status") or {})
        running = {one["metadata"]["uid"] for one in jobs if not finished(one)}
        for old in status.get("active") or []:
            job = next((one for one in jobs if one["metadata"]["uid"] == old["uid"]), None)
            if job and (ending := finished(job)):
                words = f"Saw completed job: {old['name']}, condition: {ending['type']}"
                record(self.store, cron, "Normal", "SawCompletedJob", words, self.name)
        status["active"] = [_reference(job) for job in jobs if job["metadata"]["uid"] in running]
        ended = [one["status"].get("completionTime") for one in jobs if finished(one)]
        if times := [one for one in [*ended, status.get("lastSuccessfulTime")] if one]:
            status["lastSuccessfulTime"] = max(times)
        return status

    def start_due(self, cron: Object, schedule: Schedule, status: Object) -> None:
        """Start the Job of the last time that has come, unless another one stands in its way."""
        due = self.due(cron, schedule)
        if due is None:
            return
        policy = cron["spec"].get("concurrencyPolicy", "Allow")
        if status["active"] and policy == "Forbid":
            words = (
                "Not starting job because prior execution is running and concurrency policy is "
                "Forbid"
            )
            record(self.store, cron, "Normal", "JobAlreadyActive", words, self.name)
            return
        if policy == "Replace":
            for old in status["active"]:
                self.delete(cron, old["name"])
            status["active"] = []
        name = f"{name_of(cron)}-{int(due.timestamp()) // 60}"
        if self.store.find(JOBS, namespace_of(cron), name) is None:
            job = self.store.create(JOBS, _job(cron, name, due), self.name)
            status["active"] = [*status["active"], _reference(job)]
            words = f"Created job {name}"
            record(self.store, cron, "Normal", "SuccessfulCreate", words, self.name)
        status["lastScheduleTime"] = stamp(due)

    def due(self, cron: Object, schedule: Schedule) -> datetime | None:
        """The last scheduled time that has come and was not acted upon; None where none has."""
        last = (cron.get("status") or {}).get("lastScheduleTime")
        begin = parse(last or cron["metadata"]["creationTimestamp"])
        if deadline := cron["spec"].get("startingDeadlineSeconds"):
            begin = max(begin, now() - timedelta(seconds=deadline))
        return schedule.last(begin, now())

    def forget(self, cron: Object, jobs: list[Object]) -> None:
        """Delete the oldest ended Jobs beyond the history's limits."""
        for how, field, usual in (
            ("Complete", "successfulJobsHistoryLimit", 3),
            ("Failed", "failedJobsHistoryLimit", 1),
        ):
            ended = [one for one in jobs if (end := finished(one)) and end["type"] == how]
            ended.sort(key=lambda one: (one["metadata"]["creationTimestamp"], name_of(one)))
            keep = cron["spec"].get(field, usual)
            for job in ended[: max(0, len(ended) - keep)]:
                self.delete(cron, name_of(job))

    def delete(self, cron: Object, name: str) -> None:
        """Delete one of its Jobs, and the pods of that."""
        job = self.store.find(JOBS, namespace_of(cron), name)
        if job and not is_leaving(job):
            self.store.delete(JOBS, namespace_of(cron), name, propagation="Background")
            words = f"Deleted job {name}"
            record(self.store, cron, "Normal", "SuccessfulDelete", words, self.name)

    def write(self, cron: Object, status: Object) -> None:
        """Write the CronJob's status."""
        if not status["active"]:
            del status["active"]
        current = self.store.get(CRONJOBS, namespace_of(cron), name_of(cron))
        self.store.update(CRONJOBS, {**current, "status": status}, self.name, "status")


def _job(cron: Object, name: str, due: datetime) -> Object:
    template = copied(cron["spec"]["jobTemplate"])
    given = template.get("metadata") or {}
    metadata = {
        "name": name,
        "namespace": namespace_of(cron),
        "labels": given.get("labels") or {},
        "annotations": {**(given.get("annotations") or {}), SCHEDULED: stamp(due)},
        "ownerReferences": [reference_to(cron)],
    }
    return {"metadata": metadata, "spec": template["spec"]}


def _reference(job: Object) -> Object:
    return {
        "apiVersion": job["apiVersion"],
        "kind": job["kind"],
        "name": name_of(job),
        "namespace": namespace_of(job),
        "uid": job["metadata"]["uid"],
        "resourceVersion": job["metadata"]["resourceVersion"],
    }
