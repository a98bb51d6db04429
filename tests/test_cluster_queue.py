"""The queue of work: each key once, the failed ones later, and no one's fault stops the others."""

from __future__ import annotations

import asyncio

import pytest

from helpers.cluster import times
from helpers.cluster.controllers.conditions import told
from helpers.cluster.controllers.queue import Key, WorkQueue

A, B = Key("c", "n", "a"), Key("c", "n", "b")


def test_a_key_that_is_added_often_is_worked_on_once_and_in_order():
    done = []
    queue = WorkQueue(done.append)
    for key in (B, A, B, B):
        queue.add(key)
    assert queue.run_due() == 2
    assert done == [B, A]


def test_a_key_that_is_added_while_it_is_worked_on_comes_again():
    done = []

    def work(key):
        done.append(key)
        if len(done) == 1:
            queue.add(key)

    queue = WorkQueue(work)
    queue.add(A)
    queue.run_due()
    assert done == [A, A]


def test_a_key_whose_work_fails_comes_back_later_and_the_others_go_on():
    done = []

    def work(key):
        done.append(key)
        if key == A and done.count(A) < 3:
            raise RuntimeError("not yet")

    queue = WorkQueue(work)
    queue.add(A)
    queue.add(B)
    queue.run_due()
    assert done == [A, B]
    times.advance(0.06)
    queue.run_due()
    assert done.count(A) == 2
    times.advance(0.06)  # the second pause is twice as long
    queue.run_due()
    assert done.count(A) == 2
    times.advance(0.06)
    queue.run_due()
    assert done.count(A) == 3


def test_what_is_due_later_is_done_then_also_by_a_queue_that_runs():
    async def main():
        done = asyncio.Event()
        queue = WorkQueue(lambda key: done.set())
        running = asyncio.create_task(queue.run())
        queue.add_after(A, 0.1)
        await asyncio.sleep(0.02)
        assert not done.is_set()
        await asyncio.wait_for(done.wait(), 2)
        running.cancel()

    asyncio.run(main())


@pytest.mark.parametrize(("status", "turned"), [("True", "then"), ("False", "now")])
def test_a_conditions_transition_time_moves_with_its_status_only(status, turned):
    old = told([], "Ready", "True", "Good", "all is well")
    old[0]["lastTransitionTime"] = "then"
    (new,) = told(old, "Ready", status, "Other", "words")
    assert ("then" if new["lastTransitionTime"] == "then" else "now") == turned
    assert told([new], "Ready", status, "Other", "words") == [new]
