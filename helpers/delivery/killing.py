"""Tests run on mutants: which of them notice, and which mutants live on.

A test is a function that takes what it tests: `def adds(total): assert total([1, 2]) == 3`. So it
can be tried on the program and on every mutant of it, in milliseconds, with no file written.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from helpers.delivery.mutants import Mutant, mutants

TURNS = 10_000  # of all loops in one call of a test; seconds would differ from machine to machine
_TICK = "_turn_of_a_loop_"
_PROGRAM = str(Path(__file__).with_name("<program>"))  # among ours, so no learner's line is here

Test = Callable[[Callable[..., Any]], Any]


class NeverEnds(BaseException):
    """The loops of a mutant took more than TURNS turns.

    No Exception, so that a test that catches those cannot keep it running.
    """


class WrongTest(ValueError):
    """A test that fails on the program as it is; the message says which and why."""


def build(program: str | Mutant, given: Mapping[str, Any] | None = None) -> Callable[..., Any]:
    """The first function of a program, whose loops end by NeverEnds instead of never.

    given: names that the program uses and does not define.

    Raises ValueError where it defines no function, and whatever the program itself raises.
    """
    source = program.source if isinstance(program, Mutant) else program
    tree = ast.parse(source)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not names:
        raise ValueError("The program defines no function.")
    namespace = {"__name__": "mutant", **(given or {}), _TICK: _ticks()}
    exec(compile(_counted(tree), _PROGRAM, "exec"), namespace)
    return namespace[names[0]]


def fails(test: Test, function: Callable[..., Any]) -> bool:
    """Whether a test raises anything when it is tried on `function`."""
    try:
        test(function)
    except KeyboardInterrupt:
        raise
    except BaseException:  # pytest's own failures are no Exception
        return True
    return False


def survivors(source: str, *tests: Test, given: Mapping[str, Any] | None = None) -> list[Mutant]:
    """The mutants of a program that no test notices.

    Raises WrongTest where a test fails on the program itself: it would kill everything.
    """
    for test in tests:
        _must_hold(test, build(source, given))
    return [
        one for one in mutants(source) if not any(fails(test, build(one, given)) for test in tests)
    ]


def suite_in(path: Path, name: str) -> list[Test]:
    """The tests of a pytest file, each as a function that takes what the file calls `name`.

    The file is not changed: before each test its `name` is set to what is to be tried. Tests with
    fixtures or parameters cannot be run so. The folder's package has to be importable.
    """
    # Hypothesis keeps notes where it runs; those belong beside the tests.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(path.parent / ".hypothesis"))
    module: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module)
    return [_taking(module, name, each) for each in list(module) if each.startswith("test_")]


def _taking(module: dict[str, Any], name: str, test: str) -> Test:
    def tried(function: Callable[..., Any]) -> None:
        module[name] = function
        module[test]()

    tried.__name__ = tried.__qualname__ = test
    return tried


def _must_hold(test: Test, function: Callable[..., Any]) -> None:
    try:
        test(function)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        name = getattr(test, "__name__", "The test")
        raise WrongTest(
            f"{name} fails on the program as it is, with {type(error).__name__}: {error}. "
            "Mend the test first; a test that fails on everything kills every mutant."
        ) from error


def _ticks() -> Callable[[], None]:
    left = TURNS

    def tick() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise NeverEnds(f"more than {TURNS} turns: a loop that never ends")

    return tick


def _counted(tree: ast.Module) -> ast.Module:
    """The program with a call of the counter at the head of each loop's body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.While | ast.For):
            node.body.insert(0, ast.parse(f"{_TICK}()").body[0])
    return ast.fix_missing_locations(tree)
