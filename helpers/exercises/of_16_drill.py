"""Exercise 16.4: a drill of the learner's own, judged by its clock and by what was done."""

from __future__ import annotations

from typing import Any

from helpers.delivery.drill.drill import Drill
from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import OnState, Unusable

GIVEN = """\
import time
from helpers.delivery.drill.drill import Drill
from helpers.delivery.drill.recorded import Recorded
"""


def _look(answer: Any) -> Drill:
    if not isinstance(answer, Drill):
        raise Unusable("`mine` is to be a drill: `mine = Drill(shop).start()`.")
    if not answer.events:
        raise Unusable("Your drill has not been started: `mine.start()`.")
    return answer


def _wrong(drill: Drill) -> str | None:
    if drill.right and drill.restored:
        return None
    if len(drill.events) <= 2:
        return "The clock runs, and nothing has been named yet. Look at `dashboard(...)` first."
    return f"The incident is still open. The last that happened: {drill.last_words}."


def _kinds(drill: Drill) -> list[str]:
    return [event.kind for event in drill.events]


def _on_paper(*lines: str) -> str:
    """A drill on the recorded incidents whose draw is known: a backup holds the ledger."""
    begin = (
        "mine = Drill(Recorded(), seed=0, wait=0).start()\n"
        "time.sleep(0.3)  # on record, the fault is there at once\n"
    )
    return begin + "\n".join(lines)


NOTICE = 'mine.notice("payments stop, and requests under way pile up; prices are answered")'
NAME, CURE = 'mine.diagnose("locked-ledger")', 'mine.restore("stop the backup")'

DRILL = Exercise(
    id="16.4",
    title="An incident of your own",
    task="Draw an incident, find out what it is from metrics and log, and restore the service: "
    "`mine` is the drill.",
    answer="mine",
    given=GIVEN,
    trial=OnState(look=_look, wrong=_wrong),
    solution=f"import time\n\nfrom helpers.delivery.drill.recorded import Recorded\n\n"
    f"{_on_paper(NOTICE, NAME, CURE)}",
    why="Found from outside, by metrics and log, and ended. Look at the times below: which of them "
    "would a better dashboard, alert or habit have shortened?",
    hints=(
        "Look at the dashboard twice, some seconds apart: which of the six pictures has changed?",
        "All routes or one? All tills or one (`of_each_till(shop.log())`)? Another version? "
        "Does the log go on? Any line in it above `info`?",
        "`mine.diagnose(...)` takes a name of `causes()`, `mine.restore(...)` a line of "
        "`actions()`. A wrong one costs time and nothing else.",
    ),
    also=(
        f"import time\n\nfrom helpers.delivery.drill.recorded import Recorded\n\n"
        f"{_on_paper(CURE, NAME)}",
    ),
    mistakes=(
        Mistake(
            "restored and not understood",
            _on_paper(NOTICE, CURE),
            "The service is well again, and nobody has said why. Without a cause it comes back on "
            "another night: name it with `mine.diagnose(...)`.",
            lambda drill: drill.restored and not drill.right,
        ),
        Mistake(
            "named and not restored",
            _on_paper(NAME),
            "You know what it is, and the customers still wait. Now act: `mine.restore(...)` with "
            "a line of `actions()`.",
            lambda drill: drill.right and "acted" not in _kinds(drill),
        ),
        Mistake(
            "named, and treated for something else",
            _on_paper(NAME, 'mine.restore("roll back", limit=0.2)'),
            "You have named it rightly and done something that does not touch it. Read the cause "
            "once more: which of `actions()` takes it away?",
            lambda drill: drill.right and "in vain" in _kinds(drill),
        ),
        Mistake(
            "treated before looking",
            _on_paper('mine.restore("roll back", limit=0.2)'),
            "You acted before you named anything, and it did not help. Look first: the six "
            "pictures, then the log. Then act.",
            lambda drill: "in vain" in _kinds(drill) and "misread" not in _kinds(drill),
        ),
        Mistake(
            "took it for something else",
            _on_paper('mine.diagnose("slow-check")'),
            "That is not it. What would your guess make you see that is not there? Look at a "
            "picture that could prove it wrong.",
            lambda drill: "misread" in _kinds(drill),
        ),
    ),
)
