"""What a notebook asks of the course: checks, solutions, the lesson it belongs to."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

CHECK = re.compile(r"""\bcheck\(\s*(?:id\s*=\s*)?["'](\d\d)\.\d+["']""")
PLACE = re.compile(r"""\b(?:place|quiz)\(\s*["'](\d\d)["']""")
_EXERCISE = re.compile(r"\d\d\.\d+")
_INSIDE = re.compile(
    r"\bhelpers\s*\.\s*exercises\b|\bfrom\s+helpers\s+import\s.*\bexercises\b"
    r"|\bexercises\s*\.\s*find\b|\.\s*solution\b(?!\s*\()"
)


@dataclass(frozen=True)
class Check:
    """A call of `check` in a cell. answer: the expression it is given. order: see `shown_order`."""

    exercise: str
    answer: str
    order: str = ""


def lesson_of(nb: NotebookNode) -> str | None:
    """The lesson a notebook is of, such as "22", from what its cells call; None where none does.

    A lesson's own cell `place("22")` and its checks count; the lesson that most of them name wins.
    """
    named: Counter[str] = Counter()
    for cell in _code(nb):
        named.update(CHECK.findall(cell.source) + PLACE.findall(cell.source))
    return named.most_common(1)[0][0] if named else None


def checks(cell: NotebookNode) -> list[Check]:
    """The checks in a code cell, in order; none where Python cannot read it."""
    found = []
    for call in _calls(cell.source, "check"):
        given = dict(zip(("id", "answer"), call.args, strict=False))
        given |= {word.arg: word.value for word in call.keywords}
        id, answer = given.get("id"), given.get("answer")
        if isinstance(id, ast.Constant) and isinstance(answer, ast.expr):
            found.append(Check(str(id.value), ast.unparse(answer), shown_order(cell)))
    return found


def exercises_named(cell: NotebookNode) -> list[str]:
    """The exercises that a cell checks, also where Python cannot read it."""
    named = re.findall(CHECK.pattern.replace(r"(\d\d)\.\d+", r"(\d\d\.\d+)"), cell.source)
    return list(dict.fromkeys([*named, *(one.exercise for one in checks(cell))]))


def shown_order(cell: NotebookNode) -> str:
    """The letters that a learner's buttons stood at when `check` was last run."""
    for output in cell.get("outputs", []):
        kept = output.get("metadata", {}).get("two_loops", {})
        if isinstance(kept, dict) and isinstance(kept.get("order"), str):
            return kept["order"][:200]
    return ""


def solutions_asked(nb: NotebookNode) -> set[str]:
    """The exercises whose solution a notebook calls for; a comment is no call."""
    asked = set()
    for cell in _code(nb):
        for call in _calls(cell.source, "solution"):
            values = [*call.args, *(word.value for word in call.keywords)]
            texts = [str(one.value) for one in values if isinstance(one, ast.Constant)]
            asked |= {text for text in texts if _EXERCISE.fullmatch(text)}
    return asked


def lines_that_read_the_exercises(nb: NotebookNode) -> set[str]:
    """The lines of a notebook that look into `helpers.exercises`, where the solutions are."""
    lines = [line for cell in _code(nb) for line in cell.source.splitlines()]
    return {line.strip() for line in lines if _INSIDE.search(line.split("#")[0])}


def _calls(source: str, name: str) -> Iterator[ast.Call]:
    tree = _tree(source) if name in source else None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call):
            called = node.func
            if name in (getattr(called, "id", None), getattr(called, "attr", None)):
                yield node


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    from IPython.core.inputtransformer2 import TransformerManager

    try:  # a cell with a magic or a shell command in it
        return ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _code(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == "code"]
