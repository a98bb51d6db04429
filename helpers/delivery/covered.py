"""A source file as coverage.py saw it: which lines the tests ran, and which they did not."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MARKS = {"run": "+", "not run": "!", "": " "}
# Thin enough for the text to be read on a light and on a dark page.
_BACKGROUNDS = {"run": "rgba(0, 158, 115, 0.22)", "not run": "rgba(213, 94, 0, 0.38)"}


@dataclass(frozen=True)
class Covered:
    """A file's lines with what became of each: "run", "not run", or "" where there is no code.

    percent: the share of its statements (and branches, where they were measured) that ran.
    """

    name: str
    lines: tuple[tuple[str, str], ...]
    percent: float

    def __str__(self) -> str:
        rows = [f"{_MARKS[state]} {n:3}  {line}" for n, (line, state) in self._numbered()]
        return "\n".join([self._title(), *(row.rstrip() for row in rows)])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.html()}

    def html(self) -> str:
        """The file as a panel; a mark before each line says the same as its colour."""
        rows = "".join(
            f'<div style="background:{_BACKGROUNDS.get(state, "transparent")}">'
            f"{html.escape(f'{_MARKS[state]} {n:3}  {line}')}</div>"
            for n, (line, state) in self._numbered()
        )
        return (
            f'<div role="group" aria-label="{html.escape(self._title())}">'
            f"<strong>{html.escape(self._title())}</strong>"
            '<pre style="line-height:1.45;color:var(--jp-content-font-color1, inherit);'
            f'background:transparent">{rows}</pre></div>'
        )

    def _numbered(self) -> list[tuple[int, tuple[str, str]]]:
        return list(enumerate(self.lines, 1))

    def _title(self) -> str:
        return f"{self.name}: {self.percent:.0f} % covered (+ was run, ! was not)"


def covered(folder: Path, name: str, report: str = "coverage.json") -> Covered:
    """The file `name` in `folder`, by the report of `pytest --cov --cov-report=json`.

    Raises FileNotFoundError where there is no report, KeyError where the file is not in it.
    """
    files = json.loads((folder / report).read_text(encoding="utf-8"))["files"]
    seen = {Path(file).as_posix(): entry for file, entry in files.items()}
    if name not in seen:
        raise KeyError(f"{report} does not tell of {name}; it has {', '.join(seen) or 'nothing'}")
    entry = seen[name]
    state = dict.fromkeys(entry["executed_lines"], "run")
    state |= dict.fromkeys(entry["missing_lines"], "not run")
    text = (folder / name).read_text(encoding="utf-8").splitlines()
    lines = tuple((line, state.get(n, "")) for n, line in enumerate(text, 1))
    return Covered(name, lines, entry["summary"]["percent_covered"])
