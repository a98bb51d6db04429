"""A lesson as it looks when every exercise has been solved."""

import ast
from copy import deepcopy

from nbformat import NotebookNode


def with_solutions(nb: NotebookNode) -> NotebookNode:
    """A copy of a notebook with the solution of every exercise put in place.

    In a code cell tagged `exercise`, all that stands above its closing `check("22.1", ...)` is
    replaced by the solution's code. Guesses and quizzes stay as they are. Raises ValueError for
    an exercise cell that does not end in a check.
    """
    nb = deepcopy(nb)
    for cell in nb.cells:
        if "exercise" in cell.metadata.get("tags", []):
            cell.source = _solved(cell.source)
    return nb


def _solved(source: str) -> str:
    from helpers.exercises import find

    checks = closing_checks(source)
    lines = source.splitlines()[checks[0].lineno - 1 :]
    solutions = [find(check.value.args[0].value).solution.rstrip() for check in checks]
    return "\n".join([*solutions, *lines])


def closing_checks(source: str) -> list[ast.Expr]:
    """The statements `check("22.1", ...)` that an exercise cell ends in, from the first."""
    checks = []
    for statement in reversed(ast.parse(source).body):
        if not _is_check(statement):
            break
        checks.insert(0, statement)
    if not checks:
        raise ValueError(f'An exercise cell ends in check("22.1", answer); this one:\n{source}')
    return checks


def _is_check(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Name)
        and statement.value.func.id == "check"
    )
