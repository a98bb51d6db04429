"""What a declarative Jenkinsfile says, as typed values; a line number is where it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


class JenkinsfileError(ValueError):
    """The file is broken, or holds something outside the course's subset; says line and remedy."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"Jenkinsfile, line {line}: {message}")
        self.line = line


@dataclass(frozen=True)
class Literal:
    """A fixed value: text, a number, true or false, or a list of those."""

    value: object


@dataclass(frozen=True)
class Name:
    """A variable, such as APP, env.APP or params.APP."""

    path: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Text:
    """A text in double quotes, whose variables Groovy replaces."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Operation:
    """==, !=, && or || between two expressions, or ! before one."""

    operator: str
    sides: tuple[Expression, ...]


Expression = Literal | Name | Text | Operation


@dataclass(frozen=True)
class Call:
    """A call such as `sh 'make'`: a step, an option, a parameter, a condition or a credential.

    given: its arguments by name; the one without a name is called "".
    """

    name: str
    line: int
    given: Mapping[str, Expression] = field(default_factory=dict)
    steps: Sequence[Call] = ()
    credentials: Sequence[Call] = ()


@dataclass(frozen=True)
class Block:
    """What a pipeline and a stage have in common."""

    environment: Mapping[str, Expression] = field(default_factory=dict)
    options: Sequence[Call] = ()
    stages: Sequence[Stage] = ()
    post: Mapping[str, Sequence[Call]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage(Block):
    """One stage: it has steps, or stages of its own that run side by side (`parallel`)."""

    name: str = ""
    line: int = 0
    when: Sequence[Call] = ()
    steps: Sequence[Call] = ()


@dataclass(frozen=True)
class Pipeline(Block):
    """The whole file."""

    parameters: Sequence[Call] = ()
