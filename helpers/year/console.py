"""The console of the one on call: buttons for the days, the cures, the settings and the files."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.workspace import workspace

from .board import board, weeks
from .catalogue import CURES
from .keep import resume, save
from .score import score
from .settings import ALL_ALERTS, ROLLOUTS
from .world import DAYS
from .yardsticks import ends
from .year import Year

OVER = "the year is over"
FILES = "year"  # the folder of the workspace that runs go to
KEPT = "(no run kept yet)"


class Console:
    """Widgets over a year. Each button does what a line of code does, and shows the board again.

    `widget` is what a front end shows; `year` is the year that it plays, another one after a run
    was resumed. Files go to the folder year/ of the workspace.
    """

    def __init__(self, year: Year):
        import ipywidgets as w

        self.year = year
        self.view = w.HTML()
        self.cure = w.Dropdown(options=list(CURES), description="cure")
        self.alert = w.Dropdown(options=sorted(ALL_ALERTS), description="alert")
        self.who = w.Text(value="you", description="your name")
        self.file = w.Dropdown(description="kept run")
        self.inputs = _inputs()
        self.actions: dict[str, Callable[[], str]] = {
            "next day": lambda: self._days(1),
            "next week": lambda: self._days(7),
            "next month": lambda: self._days(30),
            "to the next alarm": self._to_alarm,
            "to the end": lambda: self._days(DAYS),
            "apply cure": self._cure,
            "use settings": self._change,
            "alert on or off": lambda: self._switch({self.alert.value}),
            "all alerts on or off": lambda: self._switch(self.year.settings.alerts or ALL_ALERTS),
            "save": self._save,
            "resume": self._resume,
            "score": self._score,
        }
        self.buttons = {name: self._button(name) for name in self.actions}
        self.widget = self._laid_out()
        self._list_files()
        self._show_settings()
        self.show("")

    def press(self, name: str) -> None:
        """Do what the button of that name does."""
        self.show(f"{name} ...")
        self.show(self.actions[name]())

    def show(self, said: str) -> None:
        """The board, with a line on what was done."""
        text = html.escape("\n".join(filter(None, [said, board(self.year)])))
        self.view.value = (
            '<div style="color:var(--jp-content-font-color1, inherit)">'
            '<pre role="status" aria-live="polite" style="white-space:pre-wrap;line-height:1.35;'
            f'color:inherit;background:transparent">{text}</pre>{weeks(self.year)}</div>'
        )

    def _button(self, name: str) -> Any:
        import ipywidgets as w

        button = w.Button(description=name, layout=w.Layout(width="auto"))
        button.on_click(lambda _: self.press(name))
        return button

    def _laid_out(self) -> Any:
        import ipywidgets as w

        def row(*items: Any) -> Any:
            named = [self.buttons.get(i, i) if isinstance(i, str) else i for i in items]
            return w.HBox(named, layout=w.Layout(flex_flow="row wrap"))

        boxes = self.inputs
        first = w.VBox([boxes[name] for name in ("gate", "runbooks", "rollout")])
        numbers = ("reviews", "label_worth", "retrain_every", "sensitivity")
        second = w.VBox([boxes[name] for name in numbers])
        return w.VBox(
            [
                row("next day", "next week", "next month", "to the next alarm", "to the end"),
                row(self.cure, "apply cure"),
                row(first, second),
                row("use settings"),
                row(self.alert, "alert on or off", "all alerts on or off"),
                row(self.who, "save", self.file, "resume", "score"),
                self.view,
            ]
        )

    def _days(self, days: int) -> str:
        self.year.play(days)
        return OVER if self.year.over else ""

    def _to_alarm(self) -> str:
        before = len(self.year.alarms)
        while not self.year.over and len(self.year.alarms) == before:
            self.year.play(1)
        return OVER if self.year.over else ""

    def _cure(self) -> str:
        mended = self.year.cure(self.cure.value)
        return f"{self.cure.value}: " + (f"mended {', '.join(mended)}" if mended else "no effect")

    def _change(self) -> str:
        try:
            values = {name: box.value for name, box in self.inputs.items()}
            self.year.change(replace(self.year.settings, **values))
        except ValueError as error:
            return f"not in use: {error}"
        return "settings in use from the next day on"

    def _switch(self, names: Iterable[str]) -> str:
        now = self.year.settings
        self.year.change(replace(now, alerts=now.alerts ^ frozenset(names)))
        off = ", ".join(sorted(ALL_ALERTS - self.year.settings.alerts)) or "none"
        return f"alerts that are off: {off}"

    def _save(self) -> str:
        name = re.sub(r"\W+", "-", self.who.value).strip("-") or "run"
        folder = workspace(FILES)
        path = save(self.year, folder / f"{name}-seed-{self.year.seed}.json", who=self.who.value)
        self._list_files(path)
        return f"saved as {path.name} in {FILES}/ of the workspace"

    def _resume(self) -> str:
        if self.file.value is None:
            return "there is no kept run to resume"
        try:
            self.year = resume(self.file.value)
        except ValueError as error:
            return f"not resumed: {error}"
        self._show_settings()
        return f"{self.file.value.name} goes on"

    def _score(self) -> str:
        if not self.year.day:
            return "nothing to score on the first morning"
        best, worst = ends(self.year)
        try:
            return str(score(self.year, best.cost, worst.cost))
        except ValueError as error:
            return f"no score yet: {error}"

    def _list_files(self, chosen: Path | None = None) -> None:
        paths = sorted(workspace(FILES).glob("*.json"))
        self.file.options = [(path.stem, path) for path in paths] or [(KEPT, None)]
        self.file.value = chosen or self.file.options[0][1]

    def _show_settings(self) -> None:
        for name, box in self.inputs.items():
            box.value = getattr(self.year.settings, name)


def _inputs() -> dict[str, Any]:
    """A widget for each setting, by the setting's name."""
    import ipywidgets as w

    wide = {"style": {"description_width": "initial"}}
    return {
        "gate": w.Checkbox(description="gate for models", indent=False),
        "runbooks": w.Checkbox(description="apply cures at once", indent=False),
        "rollout": w.Dropdown(options=ROLLOUTS, description="rollout", **wide),
        "reviews": w.IntSlider(min=0, max=60, description="reviews a day", **wide),
        "label_worth": w.BoundedFloatText(
            min=0, max=10, step=0.5, description="worth of a label", **wide
        ),
        "retrain_every": w.BoundedIntText(
            min=0, max=365, description="retrain every ... days", **wide
        ),
        "sensitivity": w.FloatSlider(
            min=0.25, max=4, step=0.25, description="sensitivity of alerts", **wide
        ),
    }
