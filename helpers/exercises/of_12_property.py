"""12.3, a property: what a fair split of a bill has to keep, whoever wrote it."""

from __future__ import annotations

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.of_12_trying import as_test, same_verdict
from helpers.exercises.trials import Calls, Case

GIVEN = """
def loses_the_rest(cents, people):
    return [cents // people] * people
"""


def _first_pay_more(cents, people):
    return [cents // people + (place < cents % people) for place in range(people)]


def _last_pay_more(cents, people):
    return _first_pay_more(cents, people)[::-1]


def _one_pays_the_rest(cents, people):
    share = cents // people
    return [cents - share * (people - 1)] + [share] * (people - 1)


def _one_pays_all(cents, people):
    return [cents] + [0] * (people - 1)


def _one_is_left_out(cents, people):
    return _first_pay_more(cents, people - 1)


def _rounds_up(cents, people):
    return [-(-cents // people)] * people


def _two_cents_apart(cents, people):
    shares = _first_pay_more(cents, people)
    return [*shares[:-2], shares[-2] + 1, shares[-1] - 1]


def _one_too_many(cents, people):
    return _first_pay_more(cents, people + 1)


_IMPLEMENTATIONS = (
    (_first_pay_more, "a right split"),
    (_last_pay_more, "another right split"),
    (_one_pays_the_rest, "a split in which one pays the whole rest"),
    (_one_pays_all, "a split in which one pays all"),
    (_one_is_left_out, "a split that leaves one out"),
    (_rounds_up, "a split that takes more than the bill"),
    (_two_cents_apart, "a split with two cents between the largest and the smallest share"),
    (_one_too_many, "a split with a share too many"),
)


def _splits(rng):
    for split, about in _IMPLEMENTATIONS:
        people = int(rng.integers(4, 9))
        rest = int(rng.integers(2, people - 1))  # 2 or more cents that do not divide
        yield Case((split, people * int(rng.integers(50, 900)) + rest, people), about)
    yield Case((_first_pay_more, 2, 3), "a right split of fewer cents than people")


def _property(*assertions: str) -> str:
    body = "\n".join(f"    {line}" for line in ("shares = split(cents, people)", *assertions))
    return f"def fair(split, cents, people):\n{body}"


COUNT, SUM = "assert len(shares) == people", "assert sum(shares) == cents"
CLOSE = "assert max(shares) - min(shares) <= 1"

PROPERTY = Exercise(
    id="12.3",
    title="A property of a fair split",
    task="Write `fair(split, cents, people)`: assert all three promises for whatever "
    "`split(cents, people)` gives.",
    answer="fair",
    given=GIVEN,
    trial=Calls(fresh=_splits, show="loses_the_rest, 1000, 3", prepare=as_test, same=same_verdict),
    solution=f"\n{_property(COUNT, SUM, CLOSE)}\n",
    why="No share is computed here, so the property cannot repeat the code's mistake. Each of the "
    "three lines catches a split that the other two let pass.",
    hints=(
        "Call `split` once, keep what it gives as `shares`, and write one `assert` for each of "
        "the three promises.",
        "How many: `len(shares)`. Nothing lost: `sum(shares)`. Fair: the largest and the smallest "
        "are at most 1 apart.",
    ),
    also=(
        _property(f"{COUNT} and sum(shares) == cents", "assert max(shares) <= min(shares) + 1"),
        _property(
            COUNT, SUM, "assert all(cents // people <= s <= cents // people + 1 for s in shares)"
        ),
    ),
    mistakes=(
        Mistake(
            "the sum alone",
            _property(COUNT, SUM),
            "Nothing is lost and nobody forgotten, but one friend may pay it all. Assert also that "
            "the largest and the smallest share are at most one cent apart.",
        ),
        Mistake(
            "the fairness alone",
            _property(COUNT, CLOSE),
            "The shares are close to each other, but cents may be lost or added. Assert also that "
            "they add up to the bill.",
        ),
        Mistake(
            "somebody may be left out",
            _property(SUM, CLOSE),
            "A split among fewer people passes. Assert also that there are as many shares as "
            "people.",
        ),
        Mistake(
            "expects exactly equal shares",
            _property(COUNT, "assert all(share == cents / people for share in shares)"),
            "10.00 among three has no equal shares, so this fails on right splits; and `==` "
            "between a float and a share is chance. Allow one cent between largest and smallest.",
        ),
        Mistake(
            "gives back instead of asserting",
            _property(
                "return len(shares) == people and sum(shares) == cents and "
                "max(shares) - min(shares) <= 1"
            ),
            "The answer is worked out and given back, but nothing fails when it is False. Begin "
            "the line with `assert` instead of `return`.",
        ),
        Mistake(
            "asserts the split's own output",
            _property("assert shares == split(cents, people)"),
            "This compares the split with itself: every split passes, however wrong. Assert "
            "something that you know of the bill.",
        ),
    ),
)
