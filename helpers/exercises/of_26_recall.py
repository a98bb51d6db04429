"""Exercise 26.2: recall of a week whose missed frauds have not all come back yet."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

AT = pd.Timestamp("2018-10-14")


def _week(rng: np.random.Generator, rows: int, oldest: float) -> pd.DataFrame:
    time = AT - pd.to_timedelta(np.sort(rng.uniform(oldest - 7, oldest, rows))[::-1], unit="D")
    fraud, reviewed = rng.random(rows) < 0.4, rng.random(rows) < 0.3
    delay = np.where(reviewed, 1, np.where(fraud, rng.lognormal(2.3, 0.6, rows), 30))
    return pd.DataFrame(
        {
            "time": time,
            "known_at": time + pd.to_timedelta(delay, unit="D"),
            "is_fraud": fraud,
            "reviewed": reviewed,
        }
    )


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for oldest in (12.0, 17.0, 25.0):
        delays = np.sort(rng.lognormal(2.3, 0.6, 300))
        yield Case((_week(rng, 400, oldest), AT, delays), f"a week that began {oldest:g} days ago")


_KNOWN = '    known = week[week["known_at"] <= at]\n'
_COUNTS = """\
    found = (known["is_fraud"] & known["reviewed"]).sum()
    missed = (known["is_fraud"] & ~known["reviewed"]).sum()
"""
_SHARE = """\
    age = (at - week["time"]) / pd.Timedelta(days=1)
    share = arrived(delays, age).mean()
"""
_LAST = "    return found / (found + missed / share)"


def _form(
    known: str = _KNOWN, counts: str = _COUNTS, share: str = _SHARE, last: str = _LAST
) -> str:
    return f"def recall_estimate(week, at, delays):\n{known}{counts}{share}{last}"


RECALL = Exercise(
    id="26.2",
    title="Recall before all labels are there",
    task="Write `recall_estimate(week, at, delays)`: the recall of the reviews, with the known "
    "missed frauds scaled up for those still to come.",
    answer="recall_estimate",
    given="import numpy as np\nimport pandas as pd\n"
    "from helpers.monitoring.late_labels import arrived",
    trial=Calls(
        fresh=_fresh,
        show="pd.DataFrame({'time': pd.to_datetime(['2018-10-01', '2018-10-01', '2018-10-01', "
        "'2018-10-05', '2018-10-05']), 'known_at': pd.to_datetime(['2018-10-02', '2018-10-07', "
        "'2018-10-20', '2018-10-06', '2018-10-25']), 'is_fraud': [True, True, True, True, False], "
        "'reviewed': [True, False, False, True, False]}), pd.Timestamp('2018-10-11'), "
        "np.array([3.0, 5.0, 7.0, 15.0])",
    ),
    solution=_form(),
    why="Reviews are known the next morning, so what was found is complete. Of the missed only a "
    "share has come back; dividing by that share gives what will have come in the end.",
    hints=(
        'Only labels with `week["known_at"] <= at` may be used. Count two things among them: '
        "frauds that were reviewed, and frauds that were not.",
        "The age of each payment in days is `(at - week['time']) / pd.Timedelta(days=1)`; "
        "`arrived(delays, age).mean()` is the share of missed frauds that has come by now.",
        "If `missed` are a share of all missed, all are `missed / share`. Recall is "
        "`found / (found + that)`.",
    ),
    also=(
        "def recall_estimate(week, at, delays):\n"
        "    fraud = week['is_fraud'] & (week['known_at'] <= at)\n"
        "    age = (at - week['time']).dt.total_seconds() / 86_400\n"
        "    share = np.mean([(delays <= days).mean() for days in age])\n"
        "    found, missed = (fraud & week['reviewed']).sum(), (fraud & ~week['reviewed']).sum()\n"
        "    return found * share / (found * share + missed)",
    ),
    mistakes=(
        Mistake(
            "what is known today",
            _form(last="    return found / (found + missed)"),
            "This is the recall among the frauds that are known today. The missed ones come late, "
            "so it flatters. Divide `missed` by the share that has arrived (and not `found`, "
            "which is complete).",
        ),
        Mistake(
            "looks into the future",
            _form(known="    known = week\n", last="    return found / (found + missed)"),
            "This counts frauds whose label has not come yet: `known_at` lies after `at`. Nobody "
            "knows them at that moment.",
        ),
        Mistake(
            "scales what is complete already",
            _form(known="    known = week\n"),
            "This takes all labels of the week, those of tomorrow too, and then scales them up. "
            'Keep only those with `week["known_at"] <= at`.',
        ),
        Mistake(
            "multiplied by the share",
            _form(last="    return found / (found + missed * share)"),
            "If half of them have come, all of them are twice as many: divide by the share, do "
            "not multiply.",
        ),
        Mistake(
            "all frauds counted as missed",
            _form(
                counts=_COUNTS.replace(
                    'known["is_fraud"] & ~known["reviewed"]', 'known["is_fraud"]'
                )
            ),
            "`missed` counts the found frauds too. A missed fraud is one that was not reviewed.",
        ),
        Mistake(
            "ages of the known alone",
            _form(share=_SHARE.replace('week["time"]', 'known["time"]')),
            "The share is taken from payments whose label is known. Those are the older ones and "
            "the reviewed. A fraud can hide in any payment of the week: use the ages of all.",
        ),
        Mistake(
            "how many are missing",
            _form(last="    return missed / share - missed"),
            "This is how many missed frauds are still to come. Recall is what was found, divided "
            "by all frauds.",
        ),
    ),
)
