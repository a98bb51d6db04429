"""The job controller: pods that run to their end, as often as it takes to have enough successes."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ApiError
from ..events import record
from ..meta import Object, is_leaving, name_of, namespace_of, uid_of
from ..resources import JOBS, PODS
from ..store import Change, Store
from ..times import since, stamp
from . import indexes
from .base import Controller
from .conditions import is_true
from .job_status import complete, count_active, failed_at, finished, say
from .replicaset import is_active, pod_of, worth

FIRST, LONGEST = 10.0, 600.0  # Kubernetes' seconds between a failed pod and the next one
SUSPENDED = ("JobSuspended", "Job suspended")
RESUMED = ("JobResumed", "Job resumed")


class JobController(Controller):
    """Runs every Job's pods. faster: what the pauses between failed pods are divided by."""

    name, resource = "job-controller", JOBS

    def __init__(self, store: Store, faster: float = 10.0) -> None:
        super().__init__(store)
        self._faster = faster
        self._ended: dict[str, dict[str, str]] = {}  # by job: the phase of each pod that has ended

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """A Job is looked at when it or a pod of its changes."""
        yield from super().keys(change)
        if change.resource is PODS:
            yield from self.owner_key(change)

    def reconcile(self, job: Object) -> None:
        """Count the pods that have ended; then finish the Job, or see that enough are running."""
        if is_leaving(job):
            return
        if ending := finished(job):
            return self.expire(job, ending)
        pods = self.store.owned_by(PODS, job)
        status = self.count(job, pods)
        active = [pod for pod in pods if is_active(pod)]
        status.setdefault("conditions", [])
        if job["spec"].get("suspend"):
            self.suspend(job, status, active)
        elif failure := self.failure(job, status, active):
            self.end(job, status, active, "Failed", *failure)
        elif complete(job, status, active):
            words = "Reached expected number of succeeded pods"
            self.end(job, status, active, "Complete", "CompletionsReached", words)
        else:
            self.resume(job, status)
            self.run(job, status, active, pods)
        self.write(job, status)

    def count(self, job: Object, pods: list[Object]) -> Object:
        """The Job's status with the pods counted: also those that ended and were deleted since."""
        ended = self._ended.setdefault(uid_of(job), {})
        for pod in pods:
            if pod["status"].get("phase") in ("Succeeded", "Failed"):
                ended[uid_of(pod)] = pod["status"]["phase"]
        status = dict(job.get("status") or {})
        for field, phase in (("succeeded", "Succeeded"), ("failed", "Failed")):
            number = max(status.get(field, 0), list(ended.values()).count(phase))
            status |= {field: number} if number else {}
        if job["spec"].get("completionMode") == "Indexed":
            done = indexes.written(indexes.succeeded(pods))
            status |= {"completedIndexes": done} if done else {}
        return status

    def failure(self, job: Object, status: Object, active: list[Object]) -> tuple[str, str] | None:
        """Why the Job has failed, as a reason and words; None where it has not."""
        limit = job["spec"].get("backoffLimit", 6)
        restarts = sum(
            one.get("restartCount", 0)
            for pod in active
            if pod["spec"].get("restartPolicy") == "OnFailure"
            for one in pod["status"].get("containerStatuses") or []
        )
        if status.get("failed", 0) > limit or (restarts and restarts >= limit):
            return "BackoffLimitExceeded", "Job has reached the specified backoff limit"
        deadline = job["spec"].get("activeDeadlineSeconds")
        if deadline and (begun := status.get("startTime")):
            if since(begun) >= deadline:
                return "DeadlineExceeded", "Job was active longer than specified deadline"
            self.again(job, deadline - since(begun))
        return None

    def run(self, job: Object, status: Object, active: list[Object], pods: list[Object]) -> None:
        """Have as many pods running as parallelism says and successes are still missing."""
        spec, done = job["spec"], status.get("succeeded", 0)
        wanted = spec.get("parallelism", 1)
        if spec.get("completions") is not None:
            wanted = min(wanted, spec["completions"] - done)
        elif done:
            wanted = len(active)  # one success says that all is done: no more are started
        if len(active) > wanted:
            self.delete(job, sorted(active, key=worth)[: len(active) - wanted])
        pause = self.pause(status, pods)
        if len(active) < wanted and pause > 0:
            self.again(job, pause)
        elif len(active) < wanted:
            self.add(job, wanted - len(active), pods)
        active = [pod for pod in self.store.owned_by(PODS, job) if is_active(pod)]
        count_active(status, active)

    def add(self, job: Object, number: int, pods: list[Object]) -> None:
        """Create pods; in an indexed Job each has a number of its own."""
        indexed = job["spec"].get("completionMode") == "Indexed"
        free = indexes.free(job, pods) if indexed else []
        for place in range(number):
            pod = pod_of(job)
            if indexed:
                pod = indexes.numbered(job, pod, free[place])
            try:
                pod = self.store.create(PODS, pod, self.name)
            except ApiError as error:
                words = f"Error creating: {error.message}"
                record(self.store, job, "Warning", "FailedCreate", words, self.name)
                return self.again(job, 1)
            words = f"Created pod: {name_of(pod)}"
            record(self.store, job, "Normal", "SuccessfulCreate", words, self.name)

    def pause(self, status: Object, pods: list[Object]) -> float:
        """Seconds until the next pod may start, after the last one that failed."""
        times = [when for pod in pods if (when := failed_at(pod))]
        if not times:
            return 0.0
        wait = min(FIRST * 2 ** (status.get("failed", 1) - 1), LONGEST) / self._faster
        return wait - since(max(times))

    def end(
        self, job: Object, status: Object, active: list[Object], how: str, reason: str, words: str
    ) -> None:
        """The Job is complete or has failed: no pod of it runs on."""
        self.delete(job, active)
        first = "SuccessCriteriaMet" if how == "Complete" else "FailureTarget"
        for type in (first, how):
            status["conditions"] = say(status["conditions"], type, "True", reason, words)
        count_active(status, [])
        if how == "Complete":
            status["completionTime"] = stamp()
            record(self.store, job, "Normal", "Completed", "Job completed", self.name)
        else:
            record(self.store, job, "Warning", reason, words, self.name)
        self._ended.pop(uid_of(job), None)

    def suspend(self, job: Object, status: Object, active: list[Object]) -> None:
        """Stop its pods until it is resumed."""
        self.delete(job, active)
        count_active(status, [])
        status.pop("startTime", None)
        if not is_true({"status": status}, "Suspended"):
            record(self.store, job, "Normal", "Suspended", SUSPENDED[1], self.name)
        status["conditions"] = say(status["conditions"], "Suspended", "True", *SUSPENDED)

    def resume(self, job: Object, status: Object) -> None:
        """Note when it began, and that it is suspended no longer."""
        status.setdefault("startTime", stamp())
        if is_true({"status": status}, "Suspended"):
            record(self.store, job, "Normal", "Resumed", RESUMED[1], self.name)
            status["conditions"] = say(status["conditions"], "Suspended", "False", *RESUMED)

    def delete(self, job: Object, pods: list[Object]) -> None:
        """Delete pods of the Job."""
        for pod in pods:
            self.store.delete(PODS, namespace_of(pod), name_of(pod))
            words = f"Deleted pod: {name_of(pod)}"
            record(self.store, job, "Normal", "SuccessfulDelete", words, self.name)

    def expire(self, job: Object, ending: Object) -> None:
        """Delete a Job that has ended long enough ago, where it says so."""
        keep = job["spec"].get("ttlSecondsAfterFinished")
        if keep is None:
            return
        left = keep - since(ending["lastTransitionTime"])
        if left > 0:
            return self.again(job, left)
        self.store.delete(JOBS, namespace_of(job), name_of(job), propagation="Background")

    def write(self, job: Object, status: Object) -> None:
        """Write the Job's status."""
        status["uncountedTerminatedPods"] = {}
        current = self.store.get(JOBS, namespace_of(job), name_of(job))
        self.store.update(JOBS, {**current, "status": status}, self.name, "status")
