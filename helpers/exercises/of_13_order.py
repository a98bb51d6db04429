"""13.2, the steps of a job put in order. They are walked through for three commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import OnState, letters_of

LINES = (
    "- run: python -m pytest",
    "- uses: actions/upload-artifact@v4",
    "- uses: actions/checkout@v4",
    "- run: python ci/build_wheel.py",
    "- run: ruff check .",
    "- uses: actions/setup-python@v5",
    "- run: python -m pip install ruff pytest setuptools -r requirements.txt",
)
TEST, UPLOAD, CHECKOUT, BUILD, LINT, PYTHON, INSTALL = "ABCDEFG"
# What each step needs on the runner, and seconds that it takes.
NEEDS = {
    TEST: {CHECKOUT, INSTALL},
    UPLOAD: {BUILD},
    CHECKOUT: set(),
    BUILD: {CHECKOUT, INSTALL},
    LINT: {CHECKOUT, INSTALL},
    PYTHON: set(),
    INSTALL: {PYTHON, CHECKOUT},
}
SECONDS = dict(zip("ABCDEFG", (90, 2, 1, 8, 1, 3, 20), strict=True))
SAYS = {
    CHECKOUT: "there is no code on the runner yet",
    PYTHON: "there is no Python of yours on the runner yet",
    INSTALL: "its tool is not installed yet",
    BUILD: "there is no wheel yet",
}


@dataclass(frozen=True)
class Walked:
    """What an order came to. lacks: the first step that could not run, and what it lacked.

    packed: whether something was packed of a commit whose tests fail. told: the seconds after
    which a fault that the linter sees is told.
    """

    letters: list[str]
    lacks: tuple[str, str] | None
    packed: bool
    told: int


def _look(answer: Any) -> Walked:
    letters = letters_of(answer, ORDER)
    lacks = _walk(letters)[0]
    packed = UPLOAD in _walk(letters, fails=TEST)[1] or BUILD in _walk(letters, fails=TEST)[1]
    told = sum(SECONDS[letter] for letter in _walk(letters, fails=LINT)[1])
    return Walked(letters, lacks, packed, told)


def _walk(letters: list[str], fails: str = "") -> tuple[tuple[str, str] | None, list[str]]:
    """Take the steps in order until one fails; gives what one lacked, and the steps taken."""
    taken: list[str] = []
    for letter in letters:
        taken.append(letter)
        if missing := [one for one in SAYS if one in NEEDS[letter] - set(taken)]:
            return (letter, missing[0]), taken
        if letter == fails:
            break
    return None, taken


def _line(letter: str) -> str:
    return LINES["ABCDEFG".index(letter)].removeprefix("- ")


def _wrong(walked: Walked) -> str | None:
    if walked.lacks:
        step, missing = walked.lacks
        return f"The job stops at `{_line(step)}`: {SAYS[missing]}."
    if walked.packed:
        return "A commit whose tests fail is packed all the same: test before you build."
    if LINT in walked.letters[walked.letters.index(TEST) :]:
        return (
            "An unused import is told after the whole suite only: the quickest check comes first."
        )
    if walked.letters.index(BUILD) < walked.letters.index(LINT):
        return "It packs before it has looked: check first, then build."
    return None


def _lacking(step: str, missing: str) -> Callable[[Walked], bool]:
    return lambda walked: walked.lacks == (step, missing)


ORDER = Exercise(
    id="13.2",
    title="A job in order",
    task="Put the steps of one job in order: each has what it needs, nothing is packed that has "
    "failed a test, and the quickest check comes first.",
    answer="lines",
    lines=LINES,
    trial=OnState(look=_look, wrong=_wrong),
    solution='lines = "C F G E A D B"',
    why="First what all others need; then the checks, the quickest one first; then what is built "
    "of code that has passed them.",
    hints=(
        "The runner is empty at first: no code, no Python, no tools. What fills it?",
        "After that: the linter needs a second, the tests a minute and a half. What is built comes "
        "after both, and a wheel is uploaded once it is there.",
    ),
    also=('lines = "F C G E A D B"', 'lines = ["c", "f", "g", "e", "a", "d", "b"]'),
    mistakes=(
        Mistake(
            "tests before the linter",
            'lines = "C F G A E D B"',
            "It works, and tells an unused import after a minute and a half of tests. The linter "
            "needs a second: put it before the tests.",
            lambda walked: (
                not walked.lacks
                and not walked.packed
                and walked.letters.index(TEST) < walked.letters.index(LINT)
            ),
        ),
        Mistake(
            "packs before it tests",
            'lines = "C F G E D B A"',
            "This packs, or even hands on, a wheel of code whose tests fail. Test first: what "
            "comes after a failed step does not run.",
            lambda walked: not walked.lacks and walked.packed,
        ),
        Mistake(
            "without the code",
            'lines = "F G C E A D B"',
            "`pip install -r requirements.txt` reads a file of the repository, and there is no "
            "code on the runner yet. `actions/checkout` brings it; it comes first.",
            _lacking(INSTALL, CHECKOUT),
        ),
        Mistake(
            "before its tool",
            'lines = "C F E G A D B"',
            "`ruff` is called before `pip` has installed it. A runner begins empty: install "
            "first, then check.",
            _lacking(LINT, INSTALL),
        ),
        Mistake(
            "pip before Python",
            'lines = "C G F E A D B"',
            "`pip` installs into the Python that is there, and yours is set up only afterwards, "
            "without the packages. `setup-python` comes before `pip`.",
            _lacking(INSTALL, PYTHON),
        ),
        Mistake(
            "uploads what is not there",
            'lines = "C F G E A B D"',
            "The upload comes before the wheel is built, so it finds no file. Build, then upload.",
            _lacking(UPLOAD, BUILD),
        ),
    ),
)
