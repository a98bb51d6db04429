"""Running a learner's code: what came out, or what it raised and on which of their own lines."""

from __future__ import annotations

import contextlib
import copy
import dis
import io
import linecache
import signal
import sysconfig
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

TIME_LIMIT = 20.0  # seconds for one call; every exercise's cases take far less
_NOT_LEARNERS = (
    str(Path(__file__).resolve().parents[1]),
    sysconfig.get_paths()["stdlib"],
    sysconfig.get_paths()["purelib"],
)


class TooSlow(BaseException):
    """The learner's code did not come back in time; no `except Exception` of theirs stops it."""


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a value, or an exception with the learner's own line."""

    value: Any = None
    error: BaseException | None = None
    changed: bool = False

    def line(self) -> str:
        """The learner's line that raised, such as "line 3: `total = price * amout`"."""
        frames = traceback.extract_tb(self.error.__traceback__) if self.error else []
        theirs = [f for f in frames if not f.filename.startswith(_NOT_LEARNERS)]
        if isinstance(self.error, SyntaxError) and self.error.text:
            return f"line {self.error.lineno}: `{self.error.text.strip()}`"
        if not theirs:
            return ""
        text = theirs[-1].line or linecache.getline(theirs[-1].filename, theirs[-1].lineno or 0)
        return f"line {theirs[-1].lineno}" + (f": `{text.strip()}`" if text else "")


def attempt(call: Callable[..., Any], *arguments: Any) -> Outcome:
    """Call the learner's code on copies of `arguments`, quietly and within the time limit."""
    given = copy.deepcopy(arguments)
    try:
        with _time_limit(TIME_LIMIT), contextlib.redirect_stdout(io.StringIO()):
            value = call(*given)
    except (Exception, SystemExit, TooSlow) as error:
        return Outcome(error=error)
    return Outcome(value=value, changed=_changed(arguments, given))


def attempts(call: Callable[..., Any], cases: Sequence[tuple[Any, ...]]) -> list[Outcome]:
    """Call the learner's code on each case; a call that does not come back is the last one."""
    outcomes: list[Outcome] = []
    for arguments in cases:
        late = bool(outcomes) and isinstance(outcomes[-1].error, TooSlow)
        outcomes.append(outcomes[-1] if late else attempt(call, *arguments))
    return outcomes


def is_blank(answer: Any) -> bool:
    """Whether an answer is still the blank that the notebook came with.

    A blank is `...`, None, an empty text, or a function that does nothing; anything else is an
    attempt.
    """
    if answer is ... or answer is None:
        return True
    if getattr(answer, "moved", None) is False:  # lines in the order in which they came
        return True
    if isinstance(answer, str):
        return not answer.strip() or answer.strip() == "..."
    code = getattr(answer, "__code__", None)
    return code is not None and _does_nothing(code)


def has_gap(answer: Any) -> bool:
    """Whether a function still holds a `...` where the learner is to write."""
    code = getattr(answer, "__code__", None)
    return code is not None and Ellipsis in _constants(code)


def _does_nothing(code: CodeType) -> bool:
    idle = {"RESUME", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "NOP", "POP_TOP", "CACHE"}
    constants = set(code.co_consts) - {None, Ellipsis}
    names = {i.opname for i in dis.get_instructions(code)}
    documented = bool(code.co_consts) and isinstance(code.co_consts[0], str)
    return names <= idle and (not constants or (documented and len(constants) == 1))


def _constants(code: CodeType) -> list[Any]:
    inner = [c for c in code.co_consts if isinstance(c, CodeType)]
    return [*code.co_consts, *(c for one in inner for c in _constants(one))]


def _changed(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    from helpers.exercises.compare import difference

    return any(difference(one, other) is not None for one, other in zip(before, after, strict=True))


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    # Only the main thread of a POSIX process can be interrupted; elsewhere the Stop button serves.
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_: object) -> None:
        raise TooSlow(f"it did not come back within {seconds:g} seconds: does a loop never end?")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
