"""Jobs, CronJobs and their schedules, on the store alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpers.cluster import times
from helpers.cluster.controllers.cronjob import CronJobController
from helpers.cluster.controllers.garbage import GarbageCollector
from helpers.cluster.controllers.job import JobController
from helpers.cluster.controllers.schedule import Schedule
from helpers.cluster.meta import name_of
from helpers.cluster.resources import CRONJOBS, JOBS, PODS
from helpers.cluster.times import stamp
from tests.cluster_world import HERE, World


def job_spec(**spec):
    container = {"name": "main", "image": "x", "command": ["true"]}
    return {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}, **spec}


@pytest.fixture
def world():
    return World(JobController, CronJobController, GarbageCollector)


def make_job(world, **spec):
    metadata = {"name": "sum", "namespace": HERE}
    world.store.create(JOBS, {"metadata": metadata, "spec": job_spec(**spec)})
    return world.settle()


def end(world, phase, *pods):
    """Say that these pods, or all that are active, have ended, now."""
    ended = {"terminated": {"exitCode": int(phase == "Failed"), "finishedAt": stamp()}}
    for pod in pods or active(world):
        status = {"containerStatuses": [{"name": "main", "state": ended}]}
        world.say_pod(pod, phase, **status)
    return world.settle()


def active(world):
    return [pod for pod in world.pods() if pod["status"]["phase"] not in ("Succeeded", "Failed")]


def test_a_job_runs_as_many_at_once_as_it_may_until_enough_have_succeeded(world):
    make_job(world, completions=5, parallelism=2)
    seen = []
    while not world.condition("Complete", JOBS, "sum"):
        seen.append(len(active(world)))
        end(world, "Succeeded")
    assert seen == [2, 2, 1]
    status = world.status(JOBS, "sum")
    assert (status["succeeded"], status.get("active", 0)) == (5, 0)
    assert status["completionTime"] >= status["startTime"]
    assert world.condition("Complete", JOBS, "sum") == ("True", "CompletionsReached")
    assert ("Completed", "Job completed", 1) in world.events("sum")


def test_a_failed_pod_is_replaced_after_a_pause_that_doubles_and_then_no_more():
    world = World(lambda store: JobController(store, faster=1.0))
    make_job(world, backoffLimit=2)
    for pause in (10, 20):
        end(world, "Failed")
        assert not active(world.pass_time(pause - 2))
        assert len(active(world.pass_time(3))) == 1
    end(world, "Failed")
    assert world.condition("Failed", JOBS, "sum") == ("True", "BackoffLimitExceeded")
    assert world.status(JOBS, "sum")["failed"] == 3
    assert not active(world.pass_time(60))


def test_a_success_that_was_deleted_still_counts(world):
    make_job(world, completions=2)
    end(world, "Succeeded")
    done = next(pod for pod in world.pods() if pod["status"]["phase"] == "Succeeded")
    world.store.remove(PODS, HERE, name_of(done))
    end(world.settle(), "Succeeded")
    assert world.condition("Complete", JOBS, "sum")


def test_a_job_that_takes_too_long_fails_and_its_pods_end(world):
    make_job(world, activeDeadlineSeconds=5)
    world.pass_time(6)
    assert world.condition("Failed", JOBS, "sum") == ("True", "DeadlineExceeded")
    assert not active(world)


def test_a_suspended_job_has_no_pods_until_it_is_resumed(world):
    make_job(world, suspend=True)
    assert not world.pods()
    assert world.condition("Suspended", JOBS, "sum") == ("True", "JobSuspended")
    world.change(JOBS, "sum", suspend=False)
    assert len(world.settle().pods()) == 1
    assert world.condition("Suspended", JOBS, "sum") == ("False", "JobResumed")


def test_a_finished_job_goes_when_its_time_to_live_is_over(world):
    make_job(world, ttlSecondsAfterFinished=30)
    end(world, "Succeeded")
    world.pass_time(20)
    assert world.store.list(JOBS)
    world.pass_time(11)
    assert not world.store.list(JOBS)
    assert not world.pods()  # they went with their owner


def test_an_indexed_job_gives_every_pod_a_number_and_a_failed_one_again(world):
    make_job(world, completions=3, parallelism=3, completionMode="Indexed")
    by_index = {pod["spec"]["hostname"]: pod for pod in world.pods()}
    assert sorted(by_index) == ["sum-0", "sum-1", "sum-2"]
    env = by_index["sum-1"]["spec"]["containers"][0]["env"]
    assert [one["name"] for one in env] == ["JOB_COMPLETION_INDEX"]
    end(world, "Failed", by_index["sum-1"])
    end(world, "Succeeded", by_index["sum-0"], by_index["sum-2"])
    assert world.status(JOBS, "sum")["completedIndexes"] == "0,2"
    (again,) = active(world.pass_time(2))
    assert again["spec"]["hostname"] == "sum-1"
    assert end(world, "Succeeded").status(JOBS, "sum")["completedIndexes"] == "0-2"


def make_cron(world, schedule="* * * * *", **spec):
    spec = {"schedule": schedule, "jobTemplate": {"spec": job_spec()}, **spec}
    world.store.create(CRONJOBS, {"metadata": {"name": "night", "namespace": HERE}, "spec": spec})
    return world.settle()


def next_minute(world):
    now = times.now()
    return world.pass_time(60 - now.second - now.microsecond / 1e6 + 0.001)


def test_a_cron_job_starts_a_job_each_minute_and_keeps_a_few(world):
    make_cron(world, successfulJobsHistoryLimit=2)
    assert not world.store.list(JOBS)
    for _ in range(4):
        end(next_minute(world), "Succeeded")
    names = [name_of(job) for job in world.store.list(JOBS)]
    minute = int(times.now().timestamp()) // 60
    assert names == [f"night-{minute - 1}", f"night-{minute}"]
    assert world.status(CRONJOBS, "night")["lastSuccessfulTime"]
    assert "SawCompletedJob" in [reason for reason, _, _ in world.events("night")]


@pytest.mark.parametrize(("policy", "left"), [("Allow", 2), ("Forbid", 1), ("Replace", 1)])
def test_what_happens_while_the_last_job_still_runs(world, policy, left):
    make_cron(world, concurrencyPolicy=policy)
    (first,) = next_minute(world).store.list(JOBS)
    jobs = next_minute(world).store.list(JOBS)
    assert len(jobs) == left
    assert (first["metadata"]["uid"] in [job["metadata"]["uid"] for job in jobs]) == (
        policy != "Replace"
    )


def test_a_suspended_cron_job_starts_nothing_and_says_what_it_cannot_read(world):
    make_cron(world, suspend=True)
    assert not next_minute(world).store.list(JOBS)
    world.change(CRONJOBS, "night", suspend=False, schedule="61 * * * *")
    world.settle()
    assert "UnparseableSchedule" in [reason for reason, _, _ in world.events("night")]


@pytest.mark.parametrize(
    ("text", "zone", "due"),
    [
        ("*/15 * * * *", "UTC", "2026-03-01T10:15"),
        ("5 4 * * sun", "UTC", "2026-03-08T04:05"),
        ("0 9-17/4 * * 1-5", "UTC", "2026-03-02T09:00"),
        ("0 0 13 * fri", "UTC", "2026-03-06T00:00"),  # the 13th, or a Friday
        ("30 2 29 feb *", "UTC", "2028-02-29T02:30"),
        ("@hourly", "UTC", "2026-03-01T11:00"),
        ("0 12 * * *", "Europe/Berlin", "2026-03-01T11:00"),
        ("0 0 * * 7", "UTC", "2026-03-08T00:00"),
    ],
)
def test_when_a_schedule_is_due_next(text, zone, due):
    sunday = datetime(2026, 3, 1, 10, 3, 30, tzinfo=UTC)
    assert Schedule(text, zone).next(sunday) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["* * * *", "60 * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *"]
)
def test_what_is_no_schedule(text):
    with pytest.raises(ValueError, match=r"field|within|number"):
        Schedule(text)


def test_a_day_that_never_comes():
    assert Schedule("0 0 30 2 *").next(datetime(2026, 1, 1, tzinfo=UTC)) is None
