"""A history as `git fast-import` reads it: all commits in one go, each byte of them ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from .history import Step

EXECUTABLE = ("hooks/",)


def as_stream(history: Sequence[Step], states: Sequence[Mapping[str, str]]) -> str:
    """The stream that makes one commit of each state, with merges and annotated tags."""
    parts, mark, main = ["feature done\n"], 0, 0
    for step, files in zip(history, states, strict=True):
        mark += 1
        parts.append(_commit(mark, step, step.message, _parents(main)) + _tree(files))
        if step.branch:
            message = f"Merge branch '{step.branch}'"
            mark += 1
            parents = _parents(main, mark - 1)
            parts.append(_commit(mark, step, message, parents) + _tree(files))
        main = mark
        if step.tag:
            parts.append(_tag(step, mark))
    return "".join([*parts, "done\n"])


def _commit(mark: int, step: Step, message: str, parents: str) -> str:
    who = f"{step.author} {_stamp(step.when)}"
    return (
        f"commit refs/heads/main\nmark :{mark}\nauthor {who}\ncommitter {who}\n"
        f"{_data(message + chr(10))}{parents}deleteall\n"
    )


def _tree(files: Mapping[str, str]) -> str:
    lines = []
    for path, text in sorted(files.items()):
        mode = "100755" if path.startswith(EXECUTABLE) else "100644"
        lines.append(f"M {mode} inline {path}\n{_data(text)}")
    return "".join(lines) + "\n"


def _tag(step: Step, mark: int) -> str:
    who = f"{step.author} {_stamp(step.when)}"
    message = f"Release {step.tag.removeprefix('v')}\n"
    return f"tag {step.tag}\nfrom :{mark}\ntagger {who}\n{_data(message)}"


def _parents(first: int, second: int = 0) -> str:
    merged = f"merge :{second}\n" if second else ""
    return (f"from :{first}\n" if first else "") + merged


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _stamp(when: str) -> str:
    moment = datetime.strptime(when, "%Y-%m-%d %H:%M:%S %z")
    return f"{int(moment.timestamp())} {moment.strftime('%z')}"
