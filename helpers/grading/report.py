"""The report: one page of HTML that needs nothing beside it, and no colours to be read."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.grading.fence import landlock
from helpers.grading.report_room import room_section
from helpers.grading.room import Done, Room
from helpers.grading.submissions import Folder

STYLE = (Path(__file__).with_name("report.css")).read_text(encoding="utf-8")
TRUST = (
    "Each notebook was run from top to bottom in a kernel of its own, and its answers were tried "
    "by the grader on fresh data; what the notebook printed, or its progress file says, counts "
    "for nothing. The answers run in the same process as the question, so who knows Python well "
    "can still cheat: read a surprising “solved” as you would read any homework."
)
OPEN = (
    "On this machine notebooks are not kept from other files (that takes Linux 5.19 or newer): "
    "grade in an account or a container made for it."
)


def report(folder: Folder, done: list[Done], rooms: list[Room]) -> str:
    """The page for a graded folder."""
    learners = {one.submission.learner for one in done} | folder.progress.keys()
    graded = [one for one in done if one.graded and one.graded.verdicts]
    title = f"Two Loops: {len(graded)} notebooks of {len(learners)} learners"
    parts = [
        f"<h1>{title}</h1>",
        f"<p>Folder {_safe(folder.root.resolve().name)}, {datetime.now():%Y-%m-%d %H:%M}.</p>",
        *(room_section(room) for room in rooms),
        _list("Not graded", _not_graded(folder, done)),
        _list("To look at", _to_look_at(done)),
        _progress(folder.progress),
        _runs(graded),
        f"<h2>How far this can be trusted</h2><p>{TRUST}</p>",
        "" if landlock() >= 2 else f"<p>{OPEN}</p>",
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _not_graded(folder: Folder, done: list[Done]) -> list[str]:
    lines = []
    for one in done:
        if one.graded is None or not one.graded.verdicts:
            why = one.submission.problem or (one.graded.ended if one.graded else "")
            lines.append(f"{one.submission.place.as_posix()}: {why}.")
    return lines + [f"{line}." for line in folder.unread]


def _to_look_at(done: list[Done]) -> list[str]:
    lines = []
    for one in done:
        if one.graded is None:
            continue
        asked = [verdict.exercise for verdict in one.graded.verdicts if verdict.asked]
        notes = [f"It calls for the solution of {', '.join(asked)}."] if asked else []
        if notes or (one.graded.notes and one.graded.verdicts):
            said = " ".join([*notes, *one.graded.notes])
            lines.append(f"{one.submission.learner} ({one.submission.place.as_posix()}): {said}")
    return lines


def _progress(progress: dict[str, dict[str, Any]]) -> str:
    if not progress:
        return ""
    rows = []
    for learner, state in sorted(progress.items(), key=lambda pair: pair[0].casefold()):
        entries = [one for one in state["exercises"].values() if isinstance(one, dict)]
        right = sum(one.get("state") == "right" for one in entries)
        tried = sum(one.get("state") == "not yet" for one in entries)
        seen = sum(one.get("solution") is True for one in entries)
        rows.append([learner, right, tried, seen, len(state["quiz"]), len(state["guesses"])])
    heads = ["Learner", "Right", "Not yet", "Solutions seen", "Quiz answers", "Guesses"]
    told = "<p>What the learners' own files say; nothing of it went into a verdict.</p>"
    return "<h2>Progress files</h2>" + told + _table(heads, rows)


def _runs(graded: list[Done]) -> str:
    rows = [
        [
            one.submission.learner,
            one.submission.place.as_posix(),
            one.submission.lesson,
            f"{one.graded.seconds:.0f}",
            f"{one.graded.memory / 1e6:.0f}",
        ]
        for one in graded
        if one.graded
    ]
    heads = ["Learner", "File", "Lesson", "Seconds", "Memory (MB)"]
    return "<h2>What the notebooks took</h2>" + _table(heads, rows) if rows else ""


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    top = "".join(f'<th scope="col">{_safe(head)}</th>' for head in heads)
    lines = []
    for first, *others in rows:
        cells = "".join(f"<td>{_safe(other)}</td>" for other in others)
        lines.append(f'<tr><th scope="row">{_safe(first)}</th>{cells}</tr>')
    return f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _list(title: str, lines: list[str]) -> str:
    items = "".join(f"<li>{_safe(line)}</li>" for line in lines)
    return f"<h2>{title}</h2><ul>{items}</ul>" if lines else ""


def _safe(text: object) -> str:
    return html.escape(str(text))
