"""The console of the one on call: buttons for the days, the alarms, the cures and the settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.workspace import workspace

from .catalogue import CURES
from .keep import save
from .settings import ROLLOUTS
from .year import ALL_ALERTS, PARTS, Year

LAST = 8  # alarms shown


def board(year: Year) -> str:
    """What the one on call sees, as text: the day, the bill of the last week, the last alarms."""
    week = year.evenings[-7:]
    spent = sum(evening.bill[part] for evening in week for part in PARTS)
    lines = [f"day {year.day} of 365; the last seven days cost {spent:,.0f}"]
    alarms = year.alarms[-LAST:]
    lines += ["no alarm so far"] if not alarms else ["the last alarms:"]
    for alarm in alarms:
        figure = f"{alarm.value:.3g} (limit {alarm.limit:.3g})"
        lines.append(f"  day {alarm.day:3}  {alarm.rule:14} {figure:28} -> {alarm.cure}")
    return "\n".join(lines)


class Console:
    """Widgets over a year. Each button does what a line of code does, and shows the board again.

    `widget` is what a front end shows. Files go to the workspace.
    """

    def __init__(self, year: Year):
        import ipywidgets as w

        self.year = year
        self.view = w.HTML()
        self.cure = w.Dropdown(options=list(CURES), description="cure")
        self.inputs = _inputs(year)
        wide = w.Layout(width="auto")
        self.buttons = {
            name: w.Button(description=name, layout=wide)
            for name in ("next day", "next week", "to the next alarm", "apply cure", "use settings")
        }
        self.buttons["save"] = w.Button(description="save", layout=wide)
        for name, button in self.buttons.items():
            button.on_click(lambda _, name=name: self.press(name))
        first = [self.buttons[n] for n in ("next day", "next week", "to the next alarm", "save")]
        self.widget = w.VBox(
            [
                w.HBox(first),
                w.HBox([self.cure, self.buttons["apply cure"]]),
                w.HBox(list(self.inputs.values())[:3]),
                w.HBox(list(self.inputs.values())[3:]),
                self.buttons["use settings"],
                self.view,
            ]
        )
        self.show("")

    def press(self, name: str) -> None:
        """Do what the button of that name does."""
        actions = {
            "next day": lambda: self._days(1),
            "next week": lambda: self._days(7),
            "to the next alarm": self._to_alarm,
            "apply cure": self._cure,
            "use settings": self._change,
            "save": self._save,
        }
        self.show(actions[name]())

    def show(self, said: str) -> None:
        """The board, with a line on what was done."""
        import html

        text = html.escape("\n".join(filter(None, [said, board(self.year)])))
        self.view.value = (
            '<pre role="status" aria-live="polite" style="white-space:pre-wrap;line-height:1.35;'
            f'color:var(--jp-content-font-color1, inherit);background:transparent">{text}</pre>'
        )

    def _days(self, days: int) -> str:
        self.year.play(days)
        return "the year is over" if self.year.over else ""

    def _to_alarm(self) -> str:
        before = len(self.year.alarms)
        while not self.year.over and len(self.year.alarms) == before:
            self.year.play(1)
        return "the year is over" if self.year.over else ""

    def _cure(self) -> str:
        mended = self.year.cure(self.cure.value)
        return f"{self.cure.value}: " + (f"mended {', '.join(mended)}" if mended else "no effect")

    def _change(self) -> str:
        values: dict[str, Any] = {name: box.value for name, box in self.inputs.items()}
        values["alerts"] = ALL_ALERTS if values["alerts"] else frozenset()
        self.year.change(replace(self.year.settings, **values))
        return "settings in use from tomorrow on"

    def _save(self) -> str:
        path: Path = save(self.year, workspace("year") / f"seed-{self.year.seed}.json")
        return f"saved as {path.name} in year/ of the workspace"


def _inputs(year: Year) -> dict[str, Any]:
    import ipywidgets as w

    now, wide = year.settings, {"description_width": "initial"}
    return {
        "gate": w.Checkbox(value=now.gate, description="gate for models", indent=False),
        "alerts": w.Checkbox(value=bool(now.alerts), description="alerts", indent=False),
        "runbooks": w.Checkbox(value=now.runbooks, description="apply cures at once", indent=False),
        "reviews": w.IntSlider(
            value=now.reviews, min=0, max=60, description="reviews a day", style=wide
        ),
        "retrain_every": w.IntText(
            value=now.retrain_every, description="retrain every ... days", style=wide
        ),
        "rollout": w.Dropdown(options=ROLLOUTS, value=now.rollout, description="rollout"),
    }
