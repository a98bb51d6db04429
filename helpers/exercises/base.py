"""What an exercise is: a task, its solution, the mistakes that people make, and how it is tried.

The answer is written once, as the solution's code. Everything else follows from running code on
freshly drawn data: an answer is right where it behaves like the solution, and a mistake is
recognised where the answer behaves like that mistake's code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

State = Literal["right", "not yet", "not answered"]


@dataclass(frozen=True)
class Mistake:
    """An answer that people really give, and what to say to it.

    name: what the mistake is, in a few words (for the audit and the instructor).
    answer: code that gives this answer, as a learner would write it.
    message: what the learner reads; it names the mistake and the next move.
    seen: recognises the mistake by itself: from the facts of a real state, or from the letters of
        an order. Where it is None, a mistake is recognised by doing what its code does.
    """

    name: str
    answer: str
    message: str
    seen: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Result:
    """What a check found: its state, the words for the learner, which mistake was recognised."""

    exercise: str
    state: State
    message: str = ""
    mistake: str | None = None


class Trial(Protocol):
    """A way to try an answer: by calls, on the learner's own data, or on a state.

    personal: whether the seed is the learner's own, or drawn afresh at each check.
    """

    personal: ClassVar[bool]

    def judge(self, exercise: Exercise, answer: Any, seed: int) -> Result:
        """Try `answer` on cases drawn from `seed`."""

    def build(self, exercise: Exercise, code: str, seed: int) -> Any:
        """Give the answer that `code` stands for, as a notebook would hold it."""


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson.

    id: lesson and number, "22.1".
    title: a few words; task: one sentence that says what is wanted.
    answer: the name that the notebook gives to the answer and passes to `check`.
    trial: how an answer is tried (see `trials`).
    solution: code that sets `answer`; why: one or two sentences on why it is so.
    hints: from a nudge to nearly the answer, at least two.
    also: other correct forms, as code. At least one.
    mistakes: at least three, each recognised by its own behaviour.
    given: code that the notebook has run before (imports, functions of the lesson).
    lines: for lines to be put in order: the lines as shown, labelled A, B, C... in this order.
    """

    id: str
    title: str
    task: str
    answer: str
    trial: Trial
    solution: str
    why: str
    hints: Sequence[str]
    also: Sequence[str]
    mistakes: Sequence[Mistake]
    given: str = ""
    lines: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d\d\.\d+", self.id):
            raise ValueError(f"an exercise's id looks like 22.1, not {self.id!r}")
        if not self.answer.isidentifier():
            raise ValueError(f"exercise {self.id}: {self.answer!r} is not a variable's name")

    @property
    def lesson(self) -> str:
        """The lesson's two digits."""
        return self.id.split(".")[0]

    def namespace(self, **more: Any) -> dict[str, Any]:
        """A fresh namespace in which `given` has run, as in the notebook."""
        names: dict[str, Any] = {"__name__": f"exercise_{self.id}", **more}
        exec(compile(self.given, f"<given of {self.id}>", "exec"), names)
        return names

    def run(self, code: str, **more: Any) -> Any:
        """Run code as the notebook would, and give what it calls `answer`."""
        names = self.namespace(**more)
        exec(compile(code, f"<answer to {self.id}>", "exec"), names)
        return names[self.answer]


@dataclass(frozen=True)
class Choice:
    """One choice of a question, and what to say to who takes it."""

    text: str
    reply: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A quiz question of concepts: "22.q1", its text and two to five choices, one of them right."""

    id: str
    text: str
    choices: Sequence[Choice]

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d\d\.q\d+", self.id):
            raise ValueError(f"a question's id looks like 22.q1, not {self.id!r}")
        if sum(choice.right for choice in self.choices) != 1:
            raise ValueError(f"question {self.id} needs exactly one right choice")


@dataclass(frozen=True)
class Prediction:
    """A guess that a learner makes before a result, never marked wrong.

    id: "22.a". choices: the answers offered; where there are none, a number is asked for,
    from `low` to `high` in `unit`.
    """

    id: str
    question: str
    choices: Sequence[str] = ()
    low: float = 0.0
    high: float = 100.0
    step: float = 1.0
    unit: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d\d\.[a-z]", self.id):
            raise ValueError(f"a prediction's id looks like 22.a, not {self.id!r}")


@dataclass(frozen=True)
class Lesson:
    """All that a lesson's module declares for its notebook."""

    number: str
    exercises: Sequence[Exercise] = ()
    predictions: Sequence[Prediction] = ()
    questions: Sequence[Question] = field(default_factory=tuple)
