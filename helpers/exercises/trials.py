"""The three ways in which an answer is tried: by calls, on the learner's own data, on a real state.

`Calls` runs a function on a small case made for showing and on fresh cases that are not shown.
`OnYourData` compares a value with the one that the solution gets from the learner's own data.
`OnState` looks at something real: a repository, a file, a database.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from helpers.exercises.attempt import Outcome, attempt, attempts, has_gap, is_blank
from helpers.exercises.base import Exercise, Mistake, Result


@dataclass(frozen=True)
class Case:
    """One set of arguments, and in a few words what is particular about it."""

    arguments: tuple[Any, ...]
    about: str = "fresh data"


def _unchanged(answer: Any, exercise: Exercise) -> Any:
    return answer


def _compare(expected: Any, came: Any) -> str | None:
    from helpers.exercises.compare import difference

    return difference(expected, came)


@dataclass(frozen=True)
class Calls:
    """Try a function: the solution's function is the yardstick, on cases drawn from a seed.

    fresh: gives the cases that decide, from a generator; their `about` is all that is shown.
    show: an argument list as code, such as `"pd.DataFrame({...}), 7"`: the small case that a
        message quotes and the learner can run. The solution must differ from most mistakes on it.
    same: how two values are compared (None where they agree, else the difference in words).
    prepare: makes a function of an answer that is none (an SQL text, lines in order).
    """

    fresh: Callable[[np.random.Generator], Iterable[Case]]
    show: str
    same: Callable[[Any, Any], str | None] = _compare
    prepare: Callable[[Any, Exercise], Any] = _unchanged
    personal: ClassVar[bool] = False

    def build(self, exercise: Exercise, code: str, seed: int) -> Any:
        return exercise.run(code)

    def judge(self, exercise: Exercise, answer: Any, seed: int) -> Result:
        if is_blank(answer):
            return Result(exercise.id, "not answered")
        function, problem = self._function(exercise, answer)
        if problem:
            return Result(exercise.id, "not yet", problem)
        reference, _ = self._function(exercise, exercise.run(exercise.solution))
        cases = [self._shown(exercise), *self.fresh(np.random.default_rng(seed))]
        wanted = [attempt(reference, *case.arguments) for case in cases]
        came = attempts(function, [case.arguments for case in cases])
        wrong = [self._differ(w, c) for w, c in zip(wanted, came, strict=True)]
        if not any(wrong):
            return self._right(exercise, came, wanted)
        if has_gap(function):
            return Result(exercise.id, "not answered", "There is still a `...` in your function.")
        return self._explain(exercise, _Tried(answer, cases, came, wrong))

    def _function(self, exercise: Exercise, answer: Any) -> tuple[Any, str]:
        try:
            function = self.prepare(answer, exercise)
        except Unusable as error:
            return None, str(error)
        if not callable(function):
            return None, (
                f"`{exercise.answer}` should be a function, but it is of type "
                f"{type(function).__name__}. Pass the function itself, without calling it."
            )
        return function, ""

    def _shown(self, exercise: Exercise) -> Case:
        arguments = eval(f"({self.show},)", exercise.namespace())
        return Case(arguments, "the small case")

    def _differ(self, wanted: Outcome, came: Outcome) -> str | None:
        if wanted.error is not None or came.error is not None:
            if type(wanted.error) is type(came.error):
                return None
            if came.error is None:
                return f"expected a {type(wanted.error).__name__}, but nothing was raised"
            return f"raised {type(came.error).__name__}"
        return self.same(wanted.value, came.value)

    def _right(
        self, exercise: Exercise, came: Sequence[Outcome], wanted: Sequence[Outcome]
    ) -> Result:
        spoilt = any(c.changed and not w.changed for c, w in zip(came, wanted, strict=True))
        if spoilt:
            return Result(
                exercise.id,
                "not yet",
                "The result is right, but your function changes what it was given, so the "
                "caller's data are altered behind their back. Work on a copy: begin with "
                "`.copy()`, or build something new.",
            )
        return Result(exercise.id, "right", exercise.why)

    def _explain(self, exercise: Exercise, tried: _Tried) -> Result:
        mistake = next((m for m in exercise.mistakes if self._is(exercise, m, tried)), None)
        if mistake is not None:
            message = f"{mistake.message}\n\n{self._example(exercise, tried)}".strip()
            return Result(exercise.id, "not yet", message, mistake.name)
        place = next(i for i, wrong in enumerate(tried.wrong) if wrong)
        if tried.came[place].error is not None:
            return Result(exercise.id, "not yet", self._raised(exercise, tried, place))
        if place == 0:
            return Result(exercise.id, "not yet", self._example(exercise, tried))
        return Result(
            exercise.id,
            "not yet",
            f"It is right on the small case, but not on one with {tried.cases[place].about}: "
            f"{tried.wrong[place]}. Make such a case yourself and look at what comes out.",
        )

    def _is(self, exercise: Exercise, mistake: Mistake, tried: _Tried) -> bool:
        if mistake.seen is not None:
            facts = letters_of(tried.answer, exercise) if exercise.lines else tried.answer
            return mistake.seen(facts)
        function, problem = self._function(exercise, exercise.run(mistake.answer))
        if problem:
            return False
        theirs = attempts(function, [case.arguments for case in tried.cases])
        return not any(map(self._unlike, theirs, tried.came))

    def _unlike(self, mistake: Outcome, came: Outcome) -> bool:
        return str(mistake.error) != str(came.error) or self._differ(mistake, came) is not None

    def _call(self, exercise: Exercise) -> str:
        if exercise.lines:
            return f"arguments: {self.show}"
        return f"{exercise.answer}({self.show})"

    def _example(self, exercise: Exercise, tried: _Tried) -> str:
        if not tried.wrong[0]:
            return ""
        if tried.came[0].error is not None:
            return self._raised(exercise, tried, 0)
        return (
            f"On this small case {tried.wrong[0]}. Run it yourself:\n\n"
            f"```\n{self._call(exercise)}\n```"
        )

    def _raised(self, exercise: Exercise, tried: _Tried, place: int) -> str:
        outcome = tried.came[place]
        where = "On this small case" if place == 0 else f"On a case with {tried.cases[place].about}"
        line = outcome.line()
        text = f"{where} your code raised {type(outcome.error).__name__}: {outcome.error}"
        text += f"\n\nIt was your {line}" if line else ""
        return text + (f"\n\n```\n{self._call(exercise)}\n```" if place == 0 else "")


@dataclass(frozen=True)
class _Tried:
    """An answer and what it gave on each case; the small case is the first."""

    answer: Any
    cases: Sequence[Case]
    came: Sequence[Outcome]
    wrong: Sequence[str | None]


class Unusable(ValueError):
    """An answer of a form that cannot be tried; the message says what form is wanted."""


def in_order(header: str) -> Callable[[Any, Exercise], Any]:
    """For lines to be put in order: makes the function that the lines give under `header`.

    An answer is a text such as "C A D B", a list of those letters, or what `order` shows.
    """

    def prepare(answer: Any, exercise: Exercise) -> Any:
        letters = letters_of(answer, exercise)
        body = "\n".join("    " + exercise.lines[_place(x)] for x in letters)
        names = exercise.namespace()
        try:
            exec(compile(f"{header}\n{body}\n", f"<order of {exercise.id}>", "exec"), names)
        except SyntaxError as error:
            number = (error.lineno or 2) - 1
            raise Unusable(
                f"In this order Python cannot read line {number}, `{(error.text or '').strip()}`. "
                "Look at which line opens a block and which lines stand inside it."
            ) from None
        return names[header.split("def ")[1].split("(")[0]]

    return prepare


def letters_of(answer: Any, exercise: Exercise) -> list[str]:
    """The letters of an order, checked against the exercise's lines.

    Raises Unusable that names the first letter that is missing, unknown or given twice.
    """
    answer = getattr(answer, "letters", answer)
    if not isinstance(answer, str | list | tuple):
        raise Unusable('An order is a text such as "C A B", or what `order` shows.')
    text = answer if isinstance(answer, str) else " ".join(map(str, answer))
    letters = [x.upper() for x in text if x.isalnum()]
    known = string.ascii_uppercase[: len(exercise.lines)]
    strange = [x for x in letters if x not in known]
    if strange:
        raise Unusable(f"There is no line {strange[0]}; the lines are {known[0]} to {known[-1]}.")
    twice = [x for x in letters if letters.count(x) > 1]
    if twice:
        raise Unusable(f"Line {twice[0]} stands in your order more than once.")
    missing = [x for x in known if x not in letters]
    if missing:
        raise Unusable(f"Line {missing[0]} is missing: the order takes all {len(known)} lines.")
    return letters


def before(one: str, other: str) -> Callable[[Sequence[str]], bool]:
    """For a mistake's `seen`: whether line `one` stands before line `other`."""
    return lambda letters: letters.index(one) < letters.index(other)


def _place(letter: str) -> int:
    return string.ascii_uppercase.index(letter)


@dataclass(frozen=True)
class OnYourData:
    """Try a value or a frame that the learner computed from data of their own.

    data: makes the data from the learner's seed; the notebook calls it `name`, and gets it from
        `your_data(id)`. Another learner's number is of no use.
    """

    data: Callable[[int], Any]
    name: str
    personal: ClassVar[bool] = True

    def build(self, exercise: Exercise, code: str, seed: int) -> Any:
        return exercise.run(code, **{self.name: self.data(seed)})

    def judge(self, exercise: Exercise, answer: Any, seed: int) -> Result:
        if is_blank(answer):
            return Result(exercise.id, "not answered")
        wrong = _compare(self.build(exercise, exercise.solution, seed), answer)
        if wrong is None:
            return Result(exercise.id, "right", exercise.why)
        for mistake in exercise.mistakes:
            if _compare(self.build(exercise, mistake.answer, seed), answer) is None:
                return Result(exercise.id, "not yet", mistake.message, mistake.name)
        return Result(exercise.id, "not yet", f"On your data {wrong}.")


@dataclass(frozen=True)
class OnState:
    """Try the state of something real.

    look: gathers facts from the answer (a path, a connection), or raises Unusable that says what
        is not there.
    wrong: the first thing in the facts that is not as it should be, in words, or None.
    """

    look: Callable[[Any], Any]
    wrong: Callable[[Any], str | None]
    personal: ClassVar[bool] = False

    def build(self, exercise: Exercise, code: str, seed: int) -> Any:
        return exercise.run(code, seed=seed)

    def judge(self, exercise: Exercise, answer: Any, seed: int) -> Result:
        if is_blank(answer):
            return Result(exercise.id, "not answered")
        try:
            facts = self.look(answer)
        except Unusable as error:
            return Result(exercise.id, "not yet", str(error))
        wrong = self.wrong(facts)
        if wrong is None:
            return Result(exercise.id, "right", exercise.why)
        mistake = next((m for m in exercise.mistakes if m.seen and m.seen(facts)), None)
        if mistake is not None:
            return Result(exercise.id, "not yet", mistake.message, mistake.name)
        return Result(exercise.id, "not yet", wrong)
