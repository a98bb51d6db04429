"""Exercise 25.1: one customer's window, worked out for a single payment."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

DAY = 86_400


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for count, days in ((30, 1), (60, 7), (5, 30)):
        times = sorted(int(t) for t in rng.integers(0, 40 * 24, count) * 3_600)
        amounts = [float(a) for a in np.round(rng.uniform(1, 200, count), 2)]
        now = times[-1] + int(rng.integers(0, 3)) * 3_600
        times[0] = now - days * DAY  # exactly as old as the window is long
        times.sort()
        about = f"{count} earlier payments, one of them exactly {days} days old"
        yield Case((times, amounts, now, 50.0, days), about)
    yield Case(([], [], 5_000, 12.5, 7), "no earlier payment at all")


_HEAD = """\
def count_and_mean(times, amounts, now, amount, days):
    start = now - days * 86_400
"""


def _form(first: str, last: str) -> str:
    return f"{_HEAD}    {first}\n    {last}"


_FIRST = "first = bisect_right(times, start)"
_LAST = "count = len(times) - first + 1\n    return count, (sum(amounts[first:]) + amount) / count"

WINDOW = Exercise(
    id="25.1",
    title="A window for one payment",
    task="Write the last step of `count_and_mean`: how many payments the window holds, this one "
    "included, and their mean amount.",
    answer="count_and_mean",
    given="from bisect import bisect_left, bisect_right",
    trial=Calls(
        fresh=_fresh,
        show="[0, 3_600, 90_000], [10.0, 20.0, 40.0], 90_000, 60.0, 1",
    ),
    solution=_form(_FIRST, _LAST),
    why="The window is (now - days, now]: `bisect_right` leaves out what is exactly as old as the "
    "window is long, and the payment itself counts. The table of lesson 22 does the same, and it "
    "has to be the same to the last payment.",
    hints=(
        "`first` is the place of the first earlier payment that still lies in the window; all "
        "from there to the end of the list count, and this one.",
        "`count = len(times) - first + 1`. The mean is a sum divided by `count`.",
        "The sum is `sum(amounts[first:]) + amount`; return `count` and the mean.",
    ),
    also=(
        "def count_and_mean(times, amounts, now, amount, days):\n"
        "    inside = [a for t, a in zip(times, amounts) if now - days * 86_400 < t <= now]\n"
        "    inside.append(amount)\n"
        "    return len(inside), sum(inside) / len(inside)",
    ),
    mistakes=(
        Mistake(
            "leaves out the payment itself",
            _form(
                _FIRST,
                "count = len(times) - first\n"
                "    return count, sum(amounts[first:]) / max(count, 1)",
            ),
            "The payment itself is missing. Offline the window ends with it, so a customer's "
            "very first payment has a count of 1: add 1, and its amount.",
        ),
        Mistake(
            "counts what is exactly as old as the window",
            _form(_FIRST.replace("right", "left"), _LAST),
            "A payment that is exactly as old as the window is long is in yours, and offline it "
            "is out. That is what `bisect_right` is for; leave `first` as it was.",
        ),
        Mistake(
            "the mean without the payment itself",
            _form(
                _FIRST,
                "count = len(times) - first + 1\n    return count, sum(amounts[first:]) / count",
            ),
            "The count includes this payment and the sum does not, so the mean is too low. Add "
            "`amount` to the sum.",
        ),
        Mistake(
            "all of the past",
            _form(
                _FIRST,
                "count = len(times) + 1\n    return count, (sum(amounts) + amount) / count",
            ),
            "This counts the customer's whole past. Only what stands from `first` on lies in the "
            "window.",
        ),
        Mistake(
            "the sum for the mean",
            _form(
                _FIRST,
                "count = len(times) - first + 1\n    return count, sum(amounts[first:]) + amount",
            ),
            "The second number is the sum of the amounts. The model learned the mean: divide by "
            "the count.",
        ),
    ),
)
