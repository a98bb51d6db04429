"""The syntax tree of a Jenkinsfile, as tree-sitter's Groovy grammar gives it, in Jenkins' terms.

A file is a tree of calls with blocks: `stage('Test') { ... }` is the call of `stage` with an
argument and a block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .expressions import line_of, read, words
from .model import Expression, JenkinsfileError

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLS = ("method_invocation", "juxt_function_call")


def tree(text: str) -> Node:
    """The tree of a whole file. Raises JenkinsfileError where it cannot be completed."""
    import tree_sitter
    import tree_sitter_groovy

    language = tree_sitter.Language(tree_sitter_groovy.language())
    root = tree_sitter.Parser(language).parse(text.encode()).root_node
    _whole(root)
    return root


def inside(node: Node) -> Iterator[Node]:
    """The statements of a block, without their wrapping and without comments."""
    for child in node.named_children:
        if child.type == "expression_statement":
            yield from child.named_children
        elif "comment" not in child.type:
            yield child


def calls(node: Node) -> Iterator[Node]:
    """The calls in a block. Raises JenkinsfileError for any other statement."""
    for child in inside(node):
        if child.type not in _CALLS or name_of(child).type != "identifier":
            raise JenkinsfileError(line_of(child), f"{words(child)!r} is not supported here.")
        yield child


def name_of(call: Node) -> Node:
    """What is called."""
    return call.named_children[0]


def closure(call: Node) -> Node:
    """The block of a call. Raises JenkinsfileError where it has none."""
    last = call.named_children[-1]
    if last.type != "closure":
        raise JenkinsfileError(line_of(call), f"{words(name_of(call))} needs a block {{ ... }}.")
    return last


def listed(node: Node) -> Iterator[Node]:
    """The arguments of a call as they stand in its list."""
    for child in node.named_children[1:]:
        if child.type == "argument_list":
            yield from child.named_children


def arguments(node: Node) -> dict[str, Expression]:
    """The arguments of a call by name; the one without a name is called ""."""
    given: dict[str, Expression] = {}
    for child in listed(node):
        if child.type == "map_item":
            key, worth = child.named_children
            given[words(key)] = read(worth)
        elif "" in given:
            raise JenkinsfileError(line_of(child), f"{words(name_of(node))} takes one value here.")
        else:
            given[""] = read(child)
    return given


def _whole(root: Node) -> None:
    """Refuse a tree that the grammar could not complete."""
    if not root.has_error:
        return
    waiting, broken = [root], None
    while waiting:
        node = waiting.pop()
        # The grammar wants a semicolon after `return x }`; Groovy does not.
        if node.is_missing and node.type != ";":
            raise JenkinsfileError(line_of(node), f"{node.type} is missing.")
        if node.type == "ERROR":
            broken = node  # one inside another is nearer to the fault
            if not any(child.has_error for child in node.children):
                break
        waiting.extend(reversed(node.children))
    if broken is not None:
        for number, line in enumerate(words(root).splitlines(), 1):
            if "''" in line and "'''" not in line:  # the grammar takes it for the begin of '''
                raise JenkinsfileError(number, "an empty text is written \"\" here, not ''.")
        first = (words(broken).splitlines() or [""])[0].strip()
        raise JenkinsfileError(
            line_of(broken), f"cannot be read near {first!r}; is a brace or a quote missing?"
        )
