"""A Jenkinsfile read into its model, from its syntax tree.

Only the declarative subset of this course is known. Source of its meaning: "Pipeline Syntax",
https://www.jenkins.io/doc/book/pipeline/syntax/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .expressions import line_of, read, words
from .model import Call, Expression, JenkinsfileError, Literal, Pipeline, Stage
from .syntax import arguments, calls, closure, inside, listed, name_of, tree

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


def parse(text: str) -> Pipeline:
    """The pipeline that a Jenkinsfile describes.

    Raises JenkinsfileError with the line of the first thing that is broken or not supported.
    """
    root = tree(text)
    top = list(calls(root))
    if [words(name_of(one)) for one in top] != ["pipeline"]:
        line = line_of(top[0]) if top else 1
        raise JenkinsfileError(line, "a declarative file is one block: pipeline { ... }.")
    parts = _parts(top[0], PIPELINE)
    if missing := [name for name in ("agent", "stages") if name not in parts]:
        raise JenkinsfileError(line_of(top[0]), f"the pipeline has no {missing[0]}.")
    stages = _stages(parts["stages"])
    return Pipeline(
        **_common(parts), stages=stages, parameters=_known(parts.get("parameters"), PARAMETERS)
    )


def _parts(block: Node, allowed: Iterable[str]) -> dict[str, Node]:
    """The directives of a pipeline or a stage, each at most once."""
    parts: dict[str, Node] = {}
    for child in inside(closure(block)):
        name = words(name_of(child)) if child.named_children else words(child)
        if name not in allowed:
            if (first := name.split()[0]) in allowed:  # `when { } steps { }`: Groovy reads a chain
                raise JenkinsfileError(line_of(child), f"a new line is missing after {first}.")
            raise _unknown(child, name, "directive", allowed)
        if name in parts:
            raise JenkinsfileError(line_of(child), f"{name} is there twice.")
        if name == "agent" and words(child).rstrip(";").split() != ["agent", "any"]:
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
    for call in calls(closure(block)):
        if words(name_of(call)) != "stage":
            raise _unknown(call, words(name_of(call)), "directive", ("stage",))
        stages.append(_stage(call))
    if not stages:
        raise JenkinsfileError(line_of(block), "there is no stage in it.")
    return tuple(stages)


def _stage(call: Node) -> Stage:
    title = arguments(call).get("")
    if not isinstance(title, Literal):
        raise JenkinsfileError(line_of(call), "a stage needs a name that is a fixed text.")
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
    for child in inside(closure(block)) if block else ():
        if child.type != "assignment_expression":
            raise JenkinsfileError(line_of(child), "an environment holds lines NAME = 'value'.")
        key, worth = child.named_children
        found[words(key)] = read(worth)
    return found


def _post(block: Node | None) -> dict[str, tuple[Call, ...]]:
    found = {}
    for call in calls(closure(block)) if block else ():
        name = words(name_of(call))
        if name not in POST:
            raise _unknown(call, name, "condition", POST)
        found[name] = _known(call, STEPS)
    return found


def _known(block: Node | None, known: Mapping[str, tuple[str, ...]]) -> tuple[Call, ...]:
    if block is None:
        return ()
    return tuple(_call(child, known) for child in calls(closure(block)))


def _call(node: Node, known: Mapping[str, tuple[str, ...]]) -> Call:
    name, line = words(name_of(node)), line_of(node)
    if name not in known:
        kind = "step" if known is STEPS else "item"
        raise _unknown(node, name, kind, known)
    if name == "withCredentials":
        return Call(name, line, {}, _known(node, STEPS), _credentials(node))
    if name == "expression":
        return Call(name, line, {"": read(next(inside(closure(node))))})
    given = arguments(node)
    for key in given:
        if key not in known[name]:
            takes = ", ".join(filter(None, known[name]))
            raise JenkinsfileError(line, f"{name} does not take {key!r} here; it takes {takes}.")
    if not given:
        raise JenkinsfileError(line, f"{name} needs an argument.")
    return Call(name, line, given, _known(node, STEPS) if name == "dir" else ())


def _credentials(node: Node) -> tuple[Call, ...]:
    lists = [child for child in listed(node) if child.type == "array_literal"]
    if len(lists) != 1:
        raise JenkinsfileError(line_of(node), "withCredentials needs a list [string(...)].")
    found = tuple(_call(child, CREDENTIALS) for child in lists[0].named_children)
    for one in found:
        if set(one.given) != {"credentialsId", "variable"}:
            raise JenkinsfileError(one.line, "string needs credentialsId and variable.")
    return found
