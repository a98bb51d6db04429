"""A Jenkinsfile read into its model, on the syntax tree that tree-sitter's Groovy grammar gives.

Only the declarative subset of this course is known. Source of its meaning: "Pipeline Syntax",
https://www.jenkins.io/doc/book/pipeline/syntax/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from .expressions import line_of, read, words
from .model import Call, Expression, JenkinsfileError, Literal, Pipeline, Stage

if TYPE_CHECKING:
    from tree_sitter import Node

PIPELINE = ("agent", "environment", "options", "parameters", "stages", "post")
STAGE = ("agent", "environment", "options", "when", "steps", "parallel", "post")
POST = ("always", "success", "failure", "unstable")
# Each step, option, parameter, condition or credential with the arguments it takes.
STEPS = {
    "sh": ("", "script", "label"),
    "echo": ("", "message"),
    "dir": ("", "path"),
    "stash": ("", "name", "includes"),
    "unstash": ("", "name"),
    "archiveArtifacts": ("", "artifacts", "allowEmptyArchive"),
    "junit": ("", "testResults", "allowEmptyResults"),
    "withCredentials": (),
}
OPTIONS = {"timeout": ("", "time", "unit"), "retry": ("", "count")}
CONDITIONS = {"branch": ("", "pattern"), "environment": ("name", "value"), "expression": ()}
PARAMETERS = {
    "string": ("name", "defaultValue", "description"),
    "booleanParam": ("name", "defaultValue", "description"),
    "choice": ("name", "choices", "description"),
}
CREDENTIALS = {"string": ("credentialsId", "variable")}
_CALLS = ("method_invocation", "juxt_function_call")


def parse(text: str) -> Pipeline:
    """The pipeline that a Jenkinsfile describes.

    Raises JenkinsfileError with the line of the first thing that is broken or not supported.
    """
    import tree_sitter
    import tree_sitter_groovy

    language = tree_sitter.Language(tree_sitter_groovy.language())
    root = tree_sitter.Parser(language).parse(text.encode()).root_node
    _whole(root)
    top = list(_calls(root))
    if [words(_name(one)) for one in top] != ["pipeline"]:
        line = line_of(top[0]) if top else 1
        raise JenkinsfileError(line, "a declarative file is one block: pipeline { ... }.")
    parts = _parts(top[0], PIPELINE)
    if missing := [name for name in ("agent", "stages") if name not in parts]:
        raise JenkinsfileError(line_of(top[0]), f"the pipeline has no {missing[0]}.")
    stages = _stages(parts["stages"])
    return Pipeline(
        **_common(parts), stages=stages, parameters=_known(parts.get("parameters"), PARAMETERS)
    )


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
        first = (words(broken).splitlines() or [""])[0].strip()
        raise JenkinsfileError(
            line_of(broken), f"cannot be read near {first!r}; is a brace or a quote missing?"
        )


def _inside(node: Node) -> Iterator[Node]:
    """The statements of a block, without their wrapping and without comments."""
    for child in node.named_children:
        if child.type == "expression_statement":
            yield from child.named_children
        elif "comment" not in child.type:
            yield child


def _calls(node: Node) -> Iterator[Node]:
    for child in _inside(node):
        if child.type not in _CALLS or _name(child).type != "identifier":
            raise JenkinsfileError(line_of(child), f"{words(child)!r} is not supported here.")
        yield child


def _name(call: Node) -> Node:
    return call.named_children[0]


def _closure(call: Node) -> Node:
    last = call.named_children[-1]
    if last.type != "closure":
        raise JenkinsfileError(line_of(call), f"{words(_name(call))} needs a block {{ ... }}.")
    return last


def _parts(block: Node, allowed: Iterable[str]) -> dict[str, Node]:
    """The directives of a pipeline or a stage, each at most once."""
    parts: dict[str, Node] = {}
    for child in _inside(_closure(block)):
        name = words(_name(child)) if child.named_children else words(child)
        if name not in allowed:
            raise _unknown(child, name, "directive", allowed)
        if name in parts:
            raise JenkinsfileError(line_of(child), f"{name} is there twice.")
        if name == "agent" and words(child).split() != ["agent", "any"]:
            raise JenkinsfileError(line_of(child), "of agents only `agent any` is supported.")
        parts[name] = child
    return parts


def _unknown(node: Node, name: str, kind: str, allowed: Iterable[str]) -> JenkinsfileError:
    return JenkinsfileError(
        line_of(node), f"{kind} {name!r} is not supported; {', '.join(allowed)} are."
    )


def _common(parts: Mapping[str, Node]) -> dict[str, object]:
    return {
        "environment": _environment(parts.get("environment")),
        "options": _known(parts.get("options"), OPTIONS),
        "post": _post(parts.get("post")),
    }


def _stages(block: Node) -> tuple[Stage, ...]:
    stages = []
    for call in _calls(_closure(block)):
        if words(_name(call)) != "stage":
            raise _unknown(call, words(_name(call)), "directive", ("stage",))
        stages.append(_stage(call))
    if not stages:
        raise JenkinsfileError(line_of(block), "there is no stage in it.")
    return tuple(stages)


def _stage(call: Node) -> Stage:
    title = _arguments(call).get("")
    if not isinstance(title, Literal):
        raise JenkinsfileError(line_of(call), "a stage needs a name in single quotes.")
    parts = _parts(call, STAGE)
    if ("steps" in parts) == ("parallel" in parts):
        raise JenkinsfileError(line_of(call), "a stage has either steps or parallel.")
    return Stage(
        **_common(parts),
        name=str(title.value),
        line=line_of(call),
        when=_known(parts.get("when"), CONDITIONS),
        steps=_known(parts.get("steps"), STEPS),
        stages=_stages(parts["parallel"]) if "parallel" in parts else (),
    )


def _environment(block: Node | None) -> dict[str, Expression]:
    found = {}
    for child in _inside(_closure(block)) if block else ():
        if child.type != "assignment_expression":
            raise JenkinsfileError(line_of(child), "an environment holds lines NAME = 'value'.")
        key, worth = child.named_children
        found[words(key)] = read(worth)
    return found


def _post(block: Node | None) -> dict[str, tuple[Call, ...]]:
    found = {}
    for call in _calls(_closure(block)) if block else ():
        name = words(_name(call))
        if name not in POST:
            raise _unknown(call, name, "condition", POST)
        found[name] = _known(call, STEPS)
    return found


def _known(block: Node | None, known: Mapping[str, tuple[str, ...]]) -> tuple[Call, ...]:
    if block is None:
        return ()
    return tuple(_call(child, known) for child in _calls(_closure(block)))


def _call(node: Node, known: Mapping[str, tuple[str, ...]]) -> Call:
    name, line = words(_name(node)), line_of(node)
    if name not in known:
        kind = "step" if known is STEPS else "item"
        raise _unknown(node, name, kind, known)
    if name == "withCredentials":
        return Call(name, line, {}, _known(node, STEPS), _credentials(node))
    if name == "expression":
        return Call(name, line, {"": read(next(_inside(_closure(node))))})
    given = _arguments(node)
    for key in given:
        if key not in known[name]:
            takes = ", ".join(filter(None, known[name]))
            raise JenkinsfileError(line, f"{name} does not take {key!r} here; it takes {takes}.")
    if not given:
        raise JenkinsfileError(line, f"{name} needs an argument.")
    return Call(name, line, given, _known(node, STEPS) if name == "dir" else ())


def _list(node: Node) -> Iterator[Node]:
    for child in node.named_children[1:]:
        if child.type == "argument_list":
            yield from child.named_children


def _arguments(node: Node) -> dict[str, Expression]:
    given: dict[str, Expression] = {}
    for child in _list(node):
        if child.type == "map_item":
            key, worth = child.named_children
            given[words(key)] = read(worth)
        elif "" in given:
            raise JenkinsfileError(line_of(child), f"{words(_name(node))} takes one value here.")
        else:
            given[""] = read(child)
    return given


def _credentials(node: Node) -> tuple[Call, ...]:
    lists = [child for child in _list(node) if child.type == "array_literal"]
    if len(lists) != 1:
        raise JenkinsfileError(line_of(node), "withCredentials needs a list [string(...)].")
    found = tuple(_call(child, CREDENTIALS) for child in lists[0].named_children)
    for one in found:
        if set(one.given) != {"credentialsId", "variable"}:
            raise JenkinsfileError(one.line, "string needs credentialsId and variable.")
    return found
