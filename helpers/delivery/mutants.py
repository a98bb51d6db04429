"""Mutants: copies of a program with one small fault each, to see whether its tests notice.

A test suite that lets a mutant live has a gap where the mutant's line is. The changes are those
that serve best: operators, comparisons and their boundaries, constants, conditions, removed calls
(Offutt and others, 1996, "An experimental determination of sufficient mutant operators",
https://doi.org/10.1145/227607.227610). `killing` runs tests on them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_OPERATORS = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
}
_BOUNDARIES = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
}
_COMPARISONS = {
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
# Calls that correct a value: without them it keeps its kind, so that only a test can tell.
_CORRECTING = {"abs", "int", "max", "min", "round", "set", "sorted"}
_NOT_CODE = (ast.JoinedStr, ast.Raise)  # texts for people: no test should hang on their words


@dataclass(frozen=True)
class Mutant:
    """A program with one change.

    kind: "operator", "boundary", "comparison", "constant", "condition" or "removed".
    line: where, from 1. before, after: that line as it was and as it is. source: the program.
    """

    kind: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        place = f"line {self.line}"
        return f"{place}  - {self.before.strip()}\n{' ' * len(place)}  + {self.after.strip()}"


def mutants(source: str) -> list[Mutant]:
    """All mutants of a program, from its first line to its last.

    Left out are docstrings, annotations, decorators and the words of an error.

    Raises SyntaxError where the source is none of Python.
    """
    edits = sorted(set(_edits(ast.parse(source), _Text(source))))
    made = [_mutant(source, edit) for edit in edits]
    return [mutant for mutant in made if _compiles(mutant.source)]


@dataclass(frozen=True, order=True)
class _Edit:
    """Put `text` in place of the bytes from `start` to `end`."""

    start: int
    end: int
    text: str
    kind: str


class _Text:
    """A source by bytes, since the columns that `ast` gives are bytes of UTF-8."""

    def __init__(self, source: str) -> None:
        self.raw = source.encode()
        self._lines = [0]
        for line in self.raw.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        return self._lines[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def of(self, node: ast.expr | ast.stmt) -> str:
        return self.raw[self.start(node) : self.end(node)].decode()

    def instead(self, node: ast.expr | ast.stmt, text: str, kind: str) -> _Edit:
        return _Edit(self.start(node), self.end(node), text, kind)

    def between(
        self, left: ast.expr, right: ast.expr, change: tuple[str, str], kind: str
    ) -> Iterator[_Edit]:
        """Change the sign between two expressions; nothing where it is written in another way."""
        sign, other = change
        place = self.raw.find(sign.encode(), self.end(left), self.start(right))
        if place >= 0:
            yield _Edit(place, place + len(sign), other, kind)


def _edits(node: ast.AST, text: _Text) -> Iterator[_Edit]:
    yield from _here(node, text)
    if isinstance(node, _NOT_CODE):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "decorator_list", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_text(child):
                yield from _edits(child, text)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _here(node: ast.AST, text: _Text) -> Iterator[_Edit]:
    """The changes of this node alone."""
    match node:
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS:
            yield from text.between(left, right, _OPERATORS[type(op)], "operator")
        case ast.BoolOp(op, values):
            for left, right in pairwise(values):
                yield from text.between(left, right, _OPERATORS[type(op)], "operator")
        case ast.Compare(left, ops, comparators):
            yield from _compared([left, *comparators], ops, text)
        case ast.Constant(value):
            for other in _others(value):
                yield text.instead(node, other, "constant")
        case ast.UnaryOp(ast.Not(), operand):
            yield text.instead(node, text.of(operand), "condition")
        case ast.If(test) | ast.While(test) | ast.IfExp(test):
            yield text.instead(test, "False", "condition")
            if isinstance(test, ast.Name | ast.Attribute | ast.Call):
                yield text.instead(test, f"not {text.of(test)}", "condition")
        case ast.Call(ast.Name(name), arguments) if name in _CORRECTING:
            for one in arguments:
                if not isinstance(one, ast.Starred | ast.GeneratorExp):
                    yield text.instead(node, _alone(one, text), "removed")
        case ast.Raise() | ast.Expr(ast.Call()):
            yield text.instead(node, "pass", "removed")
        case ast.AugAssign(target, op, value) if type(op) in _OPERATORS:
            yield from text.between(target, value, _OPERATORS[type(op)], "operator")


def _alone(node: ast.expr, text: _Text) -> str:
    simple = isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript)
    return text.of(node) if simple else f"({text.of(node)})"


def _compared(sides: list[ast.expr], ops: list[ast.cmpop], text: _Text) -> Iterator[_Edit]:
    for left, op, right in zip(sides, ops, sides[1:], strict=False):
        if type(op) in _BOUNDARIES:
            yield from text.between(left, right, _BOUNDARIES[type(op)], "boundary")
        yield from text.between(left, right, _COMPARISONS[type(op)], "comparison")


def _others(value: object) -> list[str]:
    if isinstance(value, bool):
        return [str(not value)]
    if isinstance(value, int | float):
        return [repr(value + 1), repr(value - 1)]
    return ["''"] if isinstance(value, str) and value else []


def _mutant(source: str, edit: _Edit) -> Mutant:
    raw = source.encode()
    changed = (raw[: edit.start] + edit.text.encode() + raw[edit.end :]).decode()
    place = raw[: edit.start].count(b"\n")
    before, after = source.splitlines()[place], changed.splitlines()[place]
    return Mutant(edit.kind, place + 1, before, after, changed)


def _compiles(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec")
    except SyntaxError:
        return False
    return True
