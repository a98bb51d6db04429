"""Exercise 15.3: one pass of a reconcile loop, tried on an API server on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from helpers.delivery.rollouts.paper import LABELS, STATES, PaperApi
from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

POD = {"metadata": {"generateName": "till-", "labels": LABELS}}


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    yield Case((PaperApi("stopping", "running", "other"), 3, POD), "a pod that is stopping")
    yield Case((PaperApi("failed", "succeeded", "running"), 2, POD), "pods that have ended")
    yield Case((PaperApi(*["running"] * 5, "other"), 2, POD), "more pods than are wanted")
    yield Case((PaperApi("running", "pending"), 2, POD), "all as it is wanted")
    for _ in range(4):
        states = rng.choice(STATES, size=int(rng.integers(2, 9))).tolist()
        yield Case((PaperApi(*states), int(rng.integers(0, 5)), POD), f"these pods: {states}")


def _told(answer: Any, exercise: Exercise) -> Any:
    """A function that gives what two passes make of the pods."""
    if not callable(answer):
        return answer

    def passes(api: PaperApi, wanted: int, pod: dict[str, Any]) -> dict[str, int]:
        answer(api, wanted, pod)
        once = api.told()
        answer(api, wanted, pod)
        return once | {f"{name}, after a second pass": n for name, n in api.told().items()}

    return passes


SELECT = 'api.list_namespaced_pod("default", label_selector="app=till").items'
ENDED = '[p for p in listed if p.status.phase in ("Failed", "Succeeded")]'
LIVING = "[p for p in listed if p not in ended and not p.metadata.deletion_timestamp]"


def _pass(
    listed: str = SELECT,
    ended: str = ENDED,
    living: str = LIVING,
    gone: str = "ended + living[wanted:]",
    more: str = "for _ in range(wanted - len(living)):",
) -> str:
    return (
        "def reconcile(api, wanted, pod):\n"
        f"    listed = {listed}\n"
        f"    ended = {ended}\n"
        f"    living = {living}\n"
        f"    for one in {gone}:\n"
        '        api.delete_namespaced_pod(one.metadata.name, "default")\n'
        f"    {more}\n"
        '        api.create_namespaced_pod("default", pod)'
    )


_FOR_LOOP = """\
def reconcile(api, wanted, pod):
    living = 0
    for one in api.list_namespaced_pod("default", label_selector="app=till").items:
        if one.status.phase in ("Failed", "Succeeded"):
            api.delete_namespaced_pod(one.metadata.name, "default")
        elif one.metadata.deletion_timestamp is None:
            living += 1
            if living > wanted:
                api.delete_namespaced_pod(one.metadata.name, "default")
    while living < wanted:
        api.create_namespaced_pod("default", pod)
        living += 1"""


def _mistakes() -> Iterator[tuple[str, Callable[[], str], str]]:
    yield (
        "counts those that are stopping",
        lambda: _pass(living="[p for p in listed if p not in ended]"),
        "A pod with a `deletion_timestamp` is on its way out, and here it counts as living. So "
        "nobody replaces it until it is gone. Leave it out of the count.",
    )
    yield (
        "touches the pods of others",
        lambda: _pass(listed='api.list_namespaced_pod("default").items'),
        "This lists every pod of the namespace, also those that belong to others. Ask for yours: "
        '`label_selector="app=till"`.',
    )
    yield (
        "one at a time",
        lambda: _pass(more="if len(living) < wanted:"),
        "Where three are missing, one pass makes one. A pass makes all that is missing: a loop, "
        "not an `if`.",
    )
    yield (
        "never takes one away",
        lambda: _pass(gone="ended"),
        "Where there are more than are wanted, they stay. The wish counts in both directions: "
        "delete `living[wanted:]`.",
    )
    yield (
        "the ended count as living",
        lambda: _pass(ended="[]"),
        "A pod whose phase is Failed or Succeeded has ended and serves nobody, and here it counts "
        "as living. Look at `status.phase`.",
    )
    yield (
        "leaves the ended lying",
        lambda: _pass(gone="living[wanted:]"),
        "Pods that have ended stay in the list for ever, and each failure adds one. Delete them "
        "in the same pass.",
    )
    yield (
        "begins anew each time",
        lambda: _pass(gone="listed", more="for _ in range(wanted):"),
        "This deletes everything and starts all pods anew at each pass, so customers lose their "
        "service each time. Change only what differs from the wish.",
    )
    yield (
        "makes as many as are wanted",
        lambda: _pass(more="for _ in range(wanted):"),
        "Each pass makes `wanted` pods more, whatever is there. Make those that are missing: the "
        "wish less the living.",
    )


RECONCILE = Exercise(
    id="15.3",
    title="One pass of a reconcile loop",
    task="Write `reconcile(api, wanted, pod)`: look at the pods with the label app=till, delete "
    "the ended and what is too many, and create what is missing, until `wanted` are living.",
    answer="reconcile",
    given="from helpers.delivery.rollouts import PaperApi\n"
    'pod = {"metadata": {"generateName": "till-", "labels": {"app": "till"}}}',
    trial=Calls(fresh=_fresh, show='PaperApi("running", "stopping"), 3, pod', prepare=_told),
    solution=_pass(),
    why="It remembers nothing and only compares the wish with what there is. So it may be called "
    "at any moment, twice, or after a crash, and comes to the same end.",
    hints=(
        "Three steps: list, sort into ended and living, then delete and create. `tend` above has "
        "the first and the last.",
        '`one.status.phase in ("Failed", "Succeeded")` says that a pod has ended; '
        "`one.metadata.deletion_timestamp` is set on one that is stopping.",
        "Too many are `living[wanted:]`, and `api.delete_namespaced_pod(one.metadata.name, "
        '"default")` deletes one; missing are `wanted - len(living)`, and `range` of a '
        "number below 0 is empty.",
    ),
    also=(_FOR_LOOP,),
    mistakes=tuple(Mistake(name, code(), message) for name, code, message in _mistakes()),
)
