"""Exercise 31.5: what happened between two looks at a service's counters."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    def counts(low: int, high: int) -> dict[str, int]:
        return {name: int(rng.integers(low, high)) for name in ("yes", "no")}

    for name in ("a quiet quarter of an hour", "a busy one"):
        before = counts(1_000, 5_000)
        grown = counts(50, 900)
        yield Case((before, {key: before[key] + grown[key] for key in before}), name)
    before = counts(3_000, 9_000)
    yield Case((before, counts(10, 900)), "the service was started anew in between")
    overtaken = {"yes": int(rng.integers(300, 900)), "no": int(rng.integers(60, 90))}
    overtaken = ({"yes": 4_000, "no": int(rng.integers(10, 50))}, overtaken)
    yield Case(overtaken, "a new start, after which one counter has passed its old value already")
    other = ({"yes": 30, "no": 4_000}, {"yes": int(rng.integers(60, 300)), "no": 100})
    yield Case(other, "a new start that the other counter tells")
    yield Case((before, dict(before)), "nobody asked")
    yield Case(({"yes": 12, "no": 0}, {"yes": 40, "no": 0}), "every shopper has a history")


def _share(body: str, end: str = "    return grown['no'] / total if total else None") -> str:
    return f"def cold_share(before, after):\n{body}    total = sum(grown.values())\n{end}"


ANEW = "    anew = any(after[key] < before[key] for key in after)\n"
GROWN = "    grown = {key: after[key] - (0 if anew else before[key]) for key in after}\n"

SCRAPES = Exercise(
    id="31.5",
    title="Between two scrapes",
    task="Write `cold_share(before, after)`: the share of the answers between two scrapes that had "
    "no history, or None where there was no answer.",
    answer="cold_share",
    given="",
    trial=Calls(fresh=_fresh, show="{'yes': 100, 'no': 20}, {'yes': 160, 'no': 40}"),
    solution=_share(ANEW + GROWN),
    why="Counters only grow, so their difference says what happened in between. A service that is "
    "started anew counts from 0: then what stands there now is all that happened since. "
    "Prometheus' `rate` does both for you.",
    hints=(
        "How many answers of each kind came in between? `after` less `before`.",
        "Can a counter fall? Only where the service was started anew; then both began again at 0.",
        "Last, divide what grew under 'no' by what grew in all. Without an answer there is no "
        "share: return None.",
    ),
    also=(
        "def cold_share(before, after):\n"
        "    if after['yes'] < before['yes'] or after['no'] < before['no']:\n"
        "        before = {'yes': 0, 'no': 0}\n"
        "    cold, warm = after['no'] - before['no'], after['yes'] - before['yes']\n"
        "    return None if cold + warm == 0 else cold / (cold + warm)",
    ),
    mistakes=(
        Mistake(
            "the whole life of the service",
            _share("    grown = after\n"),
            "This is the share since the service was started. What happened in between is the "
            "difference of the two scrapes.",
        ),
        Mistake(
            "blind to a new start",
            _share("    grown = {key: after[key] - before[key] for key in after}\n"),
            "After a new start the counters are smaller than before, and your difference is "
            "negative. Where one has fallen, both count from 0.",
        ),
        Mistake(
            "with history",
            _share(ANEW + GROWN, "    return grown['yes'] / total if total else None"),
            "This is the share with a history. The question is about those without one.",
        ),
        Mistake(
            "nobody asked, so all is well",
            _share(ANEW + GROWN, "    return grown['no'] / total if total else 0.0"),
            "Where nobody asked, your function says 0: all had a history. There is nothing to say "
            "then; return None.",
        ),
    ),
)
