"""Groovy values in a Jenkinsfile: read from the syntax tree, and worked out when they are met."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .model import Expression, JenkinsfileError, Literal, Name, Operation, Text

if TYPE_CHECKING:
    from tree_sitter import Node

OPERATORS = ("==", "!=", "&&", "||", "!")
_VARIABLE = re.compile(r"\\(.)|\$\{\s*(\w+(?:\.\w+)*)\s*\}|\$(\w+(?:\.\w+)*)|(\$)", re.DOTALL)


def line_of(node: Node) -> int:
    """The line in the file, counted from one."""
    return node.start_point[0] + 1


def words(node: Node) -> str:
    """The node's own words in the file."""
    return (node.text or b"").decode()


def read(node: Node) -> Expression:
    """The expression that a node of the tree holds. Raises JenkinsfileError where it is unknown."""
    kind, text = node.type, words(node)
    if kind in ("parenthesized_expression", "return_statement", "expression_statement"):
        return read(node.named_children[0])
    if kind in ("true", "false", "boolean_literal"):
        return Literal(text == "true")
    if kind == "decimal_integer_literal":
        return Literal(int(text))
    if kind in ("character_literal", "string_literal"):
        return _text(text, line_of(node))
    if kind == "array_literal":
        return Literal([_fixed(read(child), child) for child in node.named_children])
    if kind in ("identifier", "field_access"):
        return Name(tuple(text.split(".")), line_of(node))
    if kind in ("binary_expression", "unary_expression"):
        return _operation(node)
    raise JenkinsfileError(
        line_of(node),
        f"{text!r} is not supported as a value; a text, a number, true, false, a variable, "
        f"a list and {' '.join(OPERATORS)} are.",
    )


def value(expression: Expression, env: Mapping[str, str], params: Mapping[str, object]) -> object:
    """What an expression is worth with these variables. An unknown variable is an error.

    As in Jenkins, env.NAME is null where there is none and a bare NAME is an error.
    """
    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, Text):
        return "".join(shown(value(part, env, params)) for part in expression.parts)
    if isinstance(expression, Name):
        return _looked_up(expression, env, params)
    sides = expression.sides
    first = value(sides[0], env, params)
    if expression.operator == "!":
        return not first
    if expression.operator in ("&&", "||"):
        done = bool(first) == (expression.operator == "||")
        return bool(first) if done else bool(value(sides[1], env, params))
    return (first == value(sides[1], env, params)) == (expression.operator == "==")


def shown(one: object) -> str:
    """A value as Groovy prints it."""
    return (
        {None: "null", True: "true", False: "false"}.get(one, str(one))
        if (one is None or isinstance(one, bool))
        else str(one)
    )


def _looked_up(name: Name, env: Mapping[str, str], params: Mapping[str, object]) -> object:
    match name.path:
        case ("env", key):
            return env.get(key)
        case ("params", key):
            return params.get(key)
        case (key,) if key in params:
            return params[key]
        case (key,) if key in env:
            return env[key]
    raise JenkinsfileError(name.line, f"there is no variable {'.'.join(name.path)}.")


def _operation(node: Node) -> Operation:
    operator = next(words(child) for child in node.children if not child.is_named)
    if operator not in OPERATORS:
        raise JenkinsfileError(
            line_of(node), f"{operator} is not supported; {' '.join(OPERATORS)} are."
        )
    return Operation(operator, tuple(map(read, node.named_children)))


def _fixed(expression: Expression, node: Node) -> object:
    if isinstance(expression, Literal):
        return expression.value
    raise JenkinsfileError(line_of(node), "a list may hold fixed values only.")


def _text(quoted: str, line: int) -> Expression:
    wide = 3 if quoted[:3] in ("'''", '"""') else 1
    inside = quoted[wide:-wide]
    if quoted[0] == "'":
        return Literal(re.sub(r"\\(u+[0-9a-fA-F]{4}|.)", _escaped, inside, flags=re.DOTALL))
    parts: list[Expression] = []
    at = 0
    # The grammar keeps a quoted text as one token, so its variables are found here.
    for found in _VARIABLE.finditer(inside):
        parts.append(Literal(inside[at : found.start()]))
        at = found.end()
        if found[4]:
            raise JenkinsfileError(line, "in double quotes $ needs a variable: $NAME or ${NAME}.")
        path = found[2] or found[3]
        parts.append(Name(tuple(path.split(".")), line) if path else Literal(_escaped(found)))
    parts.append(Literal(inside[at:]))
    if all(isinstance(part, Literal) for part in parts):
        return Literal("".join(str(part.value) for part in parts))
    return Text(tuple(parts))


def _escaped(found: re.Match[str]) -> str:
    if found[1] == "\n":
        return ""
    plain = found[1] in "'\"$\\"
    return found[1] if plain else ast.literal_eval(f'"{found[0]}"')
