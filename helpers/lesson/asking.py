"""predict and quiz: what a learner is asked beside the exercises."""

from __future__ import annotations

import numbers
import string
from typing import Any

from helpers import exercises
from helpers.exercises.base import Choice, Prediction, Question
from helpers.lesson import progress
from helpers.lesson.panel import Panel, inline
from helpers.lesson.widgets import Shown, said

_NOTHING = object()


def predict(id: str, guess: Any = _NOTHING, *, came: Any = _NOTHING) -> None:
    """Keep a guess before a result, and show it again after.

    predict("22.a") asks; predict("22.a", 40) keeps a guess without the widget;
    predict("22.a", came=61.2) shows the guess beside what came. A guess is never marked wrong.
    """
    from IPython.display import display

    asked = exercises.prediction(id)
    if came is not _NOTHING:
        display(_beside(asked, came))
    elif guess is not _NOTHING:
        display(_keep_guess(asked, _read_guess(asked, guess)))
    else:
        display(_ask(asked))


def _read_guess(asked: Prediction, guess: Any) -> Any:
    if not asked.choices:
        if not isinstance(guess, numbers.Real):
            raise ValueError(f"a guess at {asked.id} is a number, such as {_figure(asked.high)}")
        return float(guess)
    letters = string.ascii_lowercase[: len(asked.choices)]
    if str(guess).lower() in letters and guess:
        return asked.choices[letters.index(str(guess).lower())]
    if guess in asked.choices:
        return guess
    raise ValueError(f"a guess at {asked.id} is one of the letters {', '.join(letters)}")


def _keep_guess(asked: Prediction, guess: Any) -> Panel:
    def alter(state: dict[str, Any]) -> None:
        state["guesses"][asked.id] = guess

    try:
        progress.change(alter)
    except progress.NotSaved as error:
        return Panel("Your guess was not kept", str(error), "not yet")
    return Panel(f"Your guess is kept: {_figure(guess, asked.unit)}", "Now run on and see.", "note")


def _beside(asked: Prediction, came: Any) -> Panel:
    guess = progress.read()["guesses"].get(asked.id)
    result = f"It came out as {_figure(came, asked.unit)}."
    if guess is None:
        return Panel(result, f"You made no guess at: {asked.question}", "note")
    return Panel(f"You guessed {_figure(guess, asked.unit)}. {result}", asked.question, "note")


def _figure(value: Any, unit: str = "") -> str:
    """A number with its unit, which is given in the plural: "3 layers", "1 layer", "40%"."""
    unit = unit.removesuffix("s") if value == 1 and len(unit) > 1 else unit
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    text = f"{value:,.4g}" if number and abs(value) < 1e4 else f"{value:,.0f}" if number else value
    return f"{text}{'' if unit in ('', '%') else ' '}{unit}" if number else str(text)


def _ask(asked: Prediction) -> Shown:
    import ipywidgets as w

    answer = said()
    if asked.choices:
        entry = w.RadioButtons(
            options=[(bare(c), c) for c in asked.choices], value=None, layout=w.Layout(width="auto")
        )
    else:
        entry = _slider(asked)
    keep = w.Button(description="Keep my guess", tooltip=f"Keep your guess at {asked.id}")

    def kept(_: Any) -> None:
        if entry.value is None:
            answer.value = Panel("Choose one first", tone="waiting").html()
        else:
            answer.value = _keep_guess(asked, entry.value).html()

    keep.on_click(kept)
    question = w.HTML(f"<strong>Your guess, before we look.</strong> {inline(asked.question)}")
    return Shown(w.VBox([question, entry, keep, answer]), _asked_plainly(asked))


def _slider(asked: Prediction) -> Any:
    import ipywidgets as w

    whole = all(float(x).is_integer() for x in (asked.low, asked.high, asked.step))
    kind, number = (w.IntSlider, int) if whole else (w.FloatSlider, float)
    return kind(
        value=number(asked.low),
        min=number(asked.low),
        max=number(asked.high),
        step=number(asked.step),
        description=asked.unit or "guess",
        layout=w.Layout(width="32em"),
    )


def bare(text: str) -> str:
    """A choice's text where no Markdown is read: without its backticks."""
    return text.replace("`", "")


def _asked_plainly(asked: Prediction) -> str:
    if not asked.choices:
        return (
            f"Your guess, before we look. {asked.question}\n"
            f"  a number from {_figure(asked.low)} to {_figure(asked.high, asked.unit)}: "
            f"predict({asked.id!r}, ...)"
        )
    rows = zip(string.ascii_lowercase, asked.choices, strict=False)
    return "\n".join(
        [
            f"Your guess, before we look. {asked.question}",
            *(f"  {letter}) {choice}" for letter, choice in rows),
            f'  or in code: predict({asked.id!r}, "a")',
        ]
    )


def quiz(number: str, answers: str = "") -> None:
    """A lesson's quiz of concepts: three questions of this lesson, two from earlier ones.

    quiz("22") shows it; quiz("22", "b a c b a") answers it without the widget.
    Each choice gets a reply of its own; you may answer again as often as you like.
    """
    from IPython.display import display

    questions = exercises.quiz_questions(number)
    if answers:
        display(_answered(questions, [x.lower() for x in answers if x.isalnum()]))
    else:
        display(_quiz_widget(number, questions))


def _answered(questions: list[Question], letters: list[str]) -> Panel:
    if len(letters) != len(questions):
        raise ValueError(
            f"this quiz has {len(questions)} questions; you gave {len(letters)} letters"
        )
    text = []
    for number, (question, letter) in enumerate(zip(questions, letters, strict=True), 1):
        known = string.ascii_lowercase[: len(question.choices)]
        if letter not in known:
            raise ValueError(
                f"question {number} has the choices {', '.join(known)}, not {letter!r}"
            )
        choice = question.choices[known.index(letter)]
        text.append(f"{number}. {_reply(question, choice).title}: {choice.reply}")
    return Panel("Your quiz", "\n".join(text), "note")


def _reply(question: Question, choice: Choice) -> Panel:
    def alter(state: dict[str, Any]) -> None:
        entry = state["quiz"].setdefault(question.id, {"right": False, "tries": 0})
        entry["tries"] += 1
        entry["right"] = entry["right"] or choice.right

    note = ""
    try:
        progress.change(alter)
    except progress.NotSaved as error:
        note = f"\n\nNote: {error}"
    if choice.right:
        return Panel("Right", choice.reply + note, "right")
    return Panel("Not yet", choice.reply + note, "not yet")


def _quiz_widget(number: str, questions: list[Question]) -> Shown:
    import ipywidgets as w

    boxes = [_question_widget(place, q) for place, q in enumerate(questions, 1)]
    return Shown(w.VBox(boxes), _quiz_plainly(number, questions))


def _question_widget(place: int, question: Question) -> Any:
    import ipywidgets as w

    answer = said()
    choices = w.RadioButtons(
        options=[(bare(choice.text), n) for n, choice in enumerate(question.choices)],
        value=None,
        layout=w.Layout(width="auto"),
    )

    def chosen(change: dict[str, Any]) -> None:
        if change["new"] is not None:
            answer.value = _reply(question, question.choices[change["new"]]).html()

    choices.observe(chosen, names="value")
    text = w.HTML(f"<strong>{place}.</strong> {inline(question.text)}")
    return w.VBox([text, choices, answer], layout=w.Layout(margin="0 0 1em 0"))


def _quiz_plainly(number: str, questions: list[Question]) -> str:
    lines = []
    for place, question in enumerate(questions, 1):
        lines.append(f"{place}. {question.text}")
        letters = zip(string.ascii_lowercase, question.choices, strict=False)
        lines += [f"   {letter}) {choice.text}" for letter, choice in letters]
    form = " ".join("?" for _ in questions)
    return "\n".join([*lines, f'Or in code, a letter for each: quiz({number!r}, "{form}")'])
