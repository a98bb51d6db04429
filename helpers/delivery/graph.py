"""The history of a repository as a picture: commits, branches, merges and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .git import asked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

# Colours that no other plot of the course gives a meaning to; the trunk has the first.
LANES = ("#333333", "#E69F00", "#56B4E9", "#AA4499", "#888833")
WIDEST = 60  # characters of a commit's first line
INCHES = 0.34  # height of a line


@dataclass(frozen=True)
class Commit:
    """One commit. parents: their ids; the first is the one that it was made on.

    names: what points at it, as git writes it: "HEAD -> main", "tag: v1.0.0", "origin/main".
    """

    id: str
    parents: tuple[str, ...]
    author: str
    subject: str
    names: tuple[str, ...] = ()


def commits(repository: Path, *revisions: str) -> list[Commit]:
    """The commits that `revisions` reach (all branches and tags if none), the newest first.

    Every commit stands before its parents. Raises ProgramFailed as git does.
    """
    form = "--format=%H%x1f%P%x1f%an%x1f%s%x1f%D"
    lines = asked(repository, "log", "--topo-order", form, *(revisions or ("--all", "HEAD")))
    return [_commit(line) for line in lines.split("\n") if line]


def lanes(history: Sequence[Commit], main: str = "main") -> dict[str, int]:
    """The lane of each commit, by its id: 0 is the trunk, every branch gets one beside it.

    history: as `commits` gives it. main: the trunk's name; what was first parent is lane 0.
    """
    trunk = _trunk(history, main)
    taken: dict[str, int] = {}  # commits to come, whose lane a child has chosen
    leads: dict[int, str] = {}  # lanes that lead down to a commit of another lane
    lane: dict[str, int] = {}
    for commit in history:
        leads = {number: end for number, end in leads.items() if end != commit.id}
        free = _free({*taken.values(), *leads})
        own = lane[commit.id] = taken.pop(commit.id, 0 if commit.id in trunk else free)
        for place, parent in enumerate(commit.parents):
            if parent not in taken:
                beside = _free({own, *taken.values(), *leads})
                taken[parent] = 0 if parent in trunk else beside if place else own or beside
            if place == 0 and taken[parent] != own:
                leads[own] = parent
    return lane


def draw_history(
    repository: Path,
    last: int = 10,
    ax: Axes | None = None,
    notes: Mapping[str, str] | None = None,
) -> Axes:
    """Draw the newest `last` commits, one a line, the newest at the top.

    ax: where to draw; a new plot of fitting height where it is left out. notes: what else to say
    of a commit, such as a deployment, by its id, tag or branch. Gives the plot that was drawn on.
    """
    history = commits(repository)
    shown = history[:last]
    ax = ax or _paper(len(shown))
    lane = lanes(history)
    row = {commit.id: place for place, commit in enumerate(shown)}
    for commit in shown:
        for place, parent in enumerate(commit.parents):
            _draw_edge(ax, lane, row, (commit.id, parent), merged=place > 0)
    margin = max(lane[commit.id] for commit in shown) + 0.7
    for commit in shown:
        _draw_commit(ax, commit, (lane[commit.id], row[commit.id]), margin, notes or {})
    ax.set(xlim=(-0.5, margin + 20), ylim=(len(shown) - 0.2, -0.8))
    ax.axis("off")
    return ax


def _commit(line: str) -> Commit:
    id, parents, author, subject, names = line.split("\x1f")
    named = tuple(name for name in names.split(", ") if name and name != "origin/HEAD")
    return Commit(id, tuple(parents.split()), author, subject, named)


def _trunk(history: Sequence[Commit], main: str) -> set[str]:
    by_id = {commit.id: commit for commit in history}
    tips = {main, f"HEAD -> {main}"}
    here = next((commit for commit in history if tips & set(commit.names)), None)
    found = set()
    while here is not None:
        found.add(here.id)
        here = by_id.get(here.parents[0]) if here.parents else None
    return found


def _free(used: set[int]) -> int:
    return next(number for number in range(1, len(used) + 2) if number not in used)


def _paper(rows: int) -> Axes:
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(8.8, INCHES * (rows + 1)), layout="constrained")[1]


def _draw_edge(
    ax: Axes, lane: Mapping[str, int], row: Mapping[str, int], ends: tuple[str, str], merged: bool
) -> None:
    child, parent = ends
    x, y = lane[child], row[child]
    px, py = lane[parent], row.get(parent)
    color = LANES[(px if merged else x) % len(LANES)]
    if py is None:  # older than the picture
        end = px if merged else x
        ax.plot([x, end], [y, len(row) - 0.3], ":", color=color, lw=2, zorder=1)
        return
    bend = (px, y + 0.8) if merged else (x, py - 0.8)
    ax.plot([x, bend[0], px], [y, bend[1], py], color=color, lw=2, zorder=1)


def _draw_commit(
    ax: Axes, commit: Commit, at: tuple[int, int], margin: float, notes: Mapping[str, str]
) -> None:
    x, y = at
    color = LANES[x % len(LANES)]
    hollow = len(commit.parents) > 1
    ax.plot([x], [y], "o", ms=9, color=color, mfc="white" if hollow else color, mew=2, zorder=2)
    last = ax.text(margin, y, _cut(commit.subject), va="center", fontsize=9)
    last = _after(ax, last, commit.author.split()[0], color="#6E6E6E")
    for name in commit.names:
        box = {"boxstyle": "round,pad=0.25", "fc": "white", "ec": color, "lw": 1}
        weight = "bold" if name.startswith("HEAD") else "normal"
        last = _after(ax, last, name.replace("->", "\u2192"), bbox=box, weight=weight)
    for name in {commit.id, *(_plain(one) for one in commit.names)} & set(notes):
        last = _after(ax, last, notes[name], style="italic")


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1].rstrip() + "…"


def _after(ax: Axes, last: Text, text: str, **style: object) -> Text:
    """Write a text a little to the right of the last one."""
    return ax.annotate(
        text,
        xy=(1, 0.5),
        xycoords=last,
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        annotation_clip=False,
        **style,
    )


def _plain(name: str) -> str:
    return name.removeprefix("HEAD -> ").removeprefix("tag: ")
