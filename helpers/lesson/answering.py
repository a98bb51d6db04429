"""check, hint and solution: what a learner calls at an exercise."""

from __future__ import annotations

from typing import Any

from helpers import exercises
from helpers.lesson import progress
from helpers.lesson.panel import Panel

_TITLES = {"right": "Right", "not yet": "Not yet", "not answered": "Not answered yet"}
_TONES = {"right": "right", "not yet": "not yet", "not answered": "waiting"}


def check(id: str, answer: Any) -> None:
    """Try your answer to an exercise, such as check("22.1", risk_of), and say what came out.

    An exercise that is not answered yet is said to be so; nothing is raised.
    """
    from IPython.display import display

    panel = tried(id, answer)[1]
    if getattr(answer, "moved", False):
        # Buttons forget where they stood once the kernel ends; so the saved notebook remembers.
        display(panel, metadata={"two_loops": {"order": " ".join(answer.letters)}})
    else:
        display(panel)


def tried(id: str, answer: Any, to_order: str = "Move the lines") -> tuple[exercises.Result, Panel]:
    """What came out of trying an answer, and the panel that says so; the try is kept.

    to_order: what to do about lines that are not in order yet.
    """
    exercise = exercises.find(id)
    result = exercises.grade(id, answer, progress.seed() if exercise.trial.personal else None)
    return result, _panel(exercise, result, _keep(id, result.state), to_order)


def hint(id: str) -> None:
    """Open the next hint of an exercise, below those that are open already."""
    from IPython.display import display

    hints = exercises.find(id).hints
    opened = min(progress.exercise(id)["hints"] + 1, len(hints))
    warning = _keep(id, "not answered", hints=opened)
    text = "\n\n".join(f"{n}. {hint}" for n, hint in enumerate(hints[:opened], 1))
    more = len(hints) - opened
    closing = (
        f"\n\n{more} more: run `hint({id!r})` again."
        if more
        else f"\n\nThat was the last one. `solution({id!r})` shows the solution."
    )
    display(Panel(f"Hint {opened} of {len(hints)} for {id}", text + closing + warning, "note"))


def solution(id: str) -> None:
    """Show the solution of an exercise, as code to copy, and why it is so."""
    from IPython.display import display

    exercise = exercises.find(id)
    warning = _keep(id, "not answered", solution=True)
    text = f"```python\n{exercise.solution.strip()}\n```\n\n{exercise.why}{warning}"
    display(Panel(f"Solution of {id}", text, "note"))


def your_data(id: str) -> Any:
    """The data of an exercise, made from your own seed: nobody else's answer fits them."""
    return exercises.find(id).trial.data(progress.seed())


def _panel(
    exercise: exercises.Exercise, result: exercises.Result, warning: str, to_order: str
) -> Panel:
    text = result.message
    if result.state == "not answered":
        text = text or exercise.task
        gap = to_order if exercise.lines else "Replace the `...`"
        text += f"\n\n{gap}, run the cell again; `hint({exercise.id!r})` helps."
    elif result.state == "not yet":
        text += f"\n\n`hint({exercise.id!r})` opens a hint."
    title = f"{_TITLES[result.state]}: {exercise.id} {exercise.title}"
    return Panel(title, text + warning, _TONES[result.state])


def _keep(id: str, state: str, **facts: Any) -> str:
    # A full disk must not take the answer to a check away from the learner: it is said beside it.
    try:
        progress.record(id, state, **facts)
    except progress.NotSaved as error:
        return f"\n\nNote: {error}"
    return ""
