"""A page to show: what a learner has done in the course, by their own progress alone."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from helpers import exercises
from helpers.lesson import progress, skills
from helpers.lesson.steps import STEPS
from helpers.workspace import workspace

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem .2rem 0;"
    "border-bottom:1px solid #ddd}"
)


def portfolio(
    name: str,
    projects: Sequence[tuple[str, str, str]] = (),
    state: Mapping[str, Any] | None = None,
    on: date | None = None,
) -> Path:
    """Write the page portfolio.html into the workspace, and give its path.

    name: the learner's. projects: title, address, and one sentence on what it shows, for each.
    state: a progress, your own where it is left out. on: the day that stands on the page.

    An exercise whose solution was looked at before it was right is counted apart: a page that
    hides that is worth nothing. Raises ValueError for an empty name, OSError for a full disk.
    """
    if not name.strip():
        raise ValueError("a portfolio needs a name")
    kept = (state or progress.read())["exercises"]
    rows = [row for one in STEPS if (row := _row(one.number, one.title, kept))]
    page = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{html.escape(name)}</title>",
        f"<style>{_STYLE}</style><h1>{html.escape(name)}</h1>",
        f"<p>Two Loops, a course on DevOps and MLOps. As of {(on or date.today()):%d %B %Y}.</p>",
        _projects(projects),
        "<h2>Exercises of the course</h2><table><tr><th>lesson</th><th>right</th>"
        "<th>of these, after a look at the solution</th></tr>",
        *(rows or ["<tr><td>none yet</td><td></td><td></td></tr>"]),
        "</table>",
        _skills(state),
        "</html>",
    ]
    path = workspace() / "portfolio.html"
    path.write_text("\n".join(page), encoding="utf-8")
    return path


def _row(number: str, title: str, kept: Mapping[str, Any]) -> str:
    if number not in exercises.numbers():
        return ""
    ids = [one.id for one in exercises.lesson(number).exercises]
    right = [id for id in ids if kept.get(id, {}).get("state") == "right"]
    if not right:
        return ""
    seen = sum(bool(kept[id].get("solution")) for id in right)
    cells = (f"{number} {html.escape(title)}", f"{len(right)} of {len(ids)}", str(seen))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _projects(projects: Sequence[tuple[str, str, str]]) -> str:
    if not projects:
        return ""
    items = "".join(
        f'<li><a href="{html.escape(address)}">{html.escape(title)}</a>: {html.escape(what)}</li>'
        for title, address, what in projects
    )
    return f"<h2>Projects</h2><ul>{items}</ul>"


def _skills(state: Mapping[str, Any] | None) -> str:
    shares = skills.coverage(state)
    rows = "".join(
        f"<tr><td>{html.escape(skill)}</td><td>{share:.0%}</td></tr>"
        for skill, share in shares[shares > 0].items()
    )
    if not rows:
        return ""
    return f"<h2>Skills, by exercises right</h2><table>{rows}</table>"
