"""The two loops to walk through: each step a button, with its counterparts in the other loop."""

from __future__ import annotations

import html
from typing import Any

from helpers.lesson.loops import COLOURS, DEEP, INK, SIZE, rings, spot, svg
from helpers.lesson.panel import Panel
from helpers.lesson.steps import STEPS, Step, step
from helpers.lesson.widgets import Shown

_CELL = 10  # the picture's grid, in the units of its SVG
_HIGH = 4  # a step's button, in cells; its width follows its text


def two_loops() -> Shown:
    """The two loops to click through, each step with what it is called in the other loop.

    A step is chosen by its button, by Back and Next, or in the list (with the arrow keys).
    """
    steps = [one for one in STEPS if one.loop in COLOURS]
    plain = "\n\n".join(f"{s.loop} {s.number} {_about(s)}" for s in steps)
    page = svg({}, None) + "".join(_about(s).html() for s in steps)
    return Shown(_Walk(steps).box, plain, page)


class _Walk:
    """The widget's parts: the picture of buttons, the list, and two cards side by side."""

    def __init__(self, steps: list[Step]) -> None:
        import ipywidgets as w

        self.steps = steps
        self.buttons = {one.number: self._button(one) for one in steps}
        self.choice = w.Dropdown(
            options=[(f"{s.loop}: {s.number} {s.title}", s) for s in steps],
            description="Step",
            layout=w.Layout(width="22em"),
        )
        self.cards = w.HTML()
        back = w.Button(description="Back", tooltip="The step before", layout=w.Layout(width="6em"))
        on = w.Button(description="Next", tooltip="The step after", layout=w.Layout(width="6em"))
        back.on_click(lambda _: self.turn(-1))
        on.on_click(lambda _: self.turn(1))
        self.choice.observe(self.draw, names="value")
        self.draw()
        self.box = w.VBox([self._picture(), w.HBox([back, on, self.choice]), self.cards])

    def turn(self, by: int) -> None:
        """Go on (1) or back (-1), round and round."""
        here = self.steps.index(self.choice.value)
        self.choice.value = self.steps[(here + by) % len(self.steps)]

    def draw(self, _: Any = None) -> None:
        """Mark the step that is chosen and its counterparts, and tell of both."""
        here = self.choice.value
        for number, button in self.buttons.items():
            chosen, beside = number == here.number, number in here.counterparts
            button.style.button_color = DEEP[step(number).loop] if chosen else None
            button.style.text_color = "white" if chosen else None
            button.style.font_weight = "bold" if chosen or beside else "normal"
            button.layout.border = f"3px solid {COLOURS[step(number).loop]}" if beside else ""
        self.cards.value = _cards(here)

    def _button(self, one: Step) -> Any:
        import ipywidgets as w

        ring = [s for s in self.steps if s.loop == one.loop]
        x, y, _ = spot(one.loop, ring.index(one), len(ring))
        name = f"{one.number} {one.title}"
        wide = round(0.9 * len(name)) + 3
        left, top = round(x / _CELL - wide / 2) + 1, round(y / _CELL - _HIGH / 2) + 1
        area = f"{top} / {left} / {top + _HIGH} / {left + wide}"
        button = w.Button(
            description=name,
            tooltip=one.what,
            layout=w.Layout(grid_area=area, width="auto", height="auto", margin="2px"),
        )
        button.on_click(lambda _: setattr(self.choice, "value", one))
        return button

    def _picture(self) -> Any:
        import ipywidgets as w

        columns, rows = SIZE[0] // _CELL, SIZE[1] // _CELL
        behind = w.HTML(rings(), layout=w.Layout(grid_area=f"1 / 1 / {rows + 1} / {columns + 1}"))
        return w.GridBox(
            [behind, *self.buttons.values()],
            layout=w.Layout(
                grid_template_columns=f"repeat({columns}, minmax(0, 1fr))",
                grid_template_rows=f"repeat({rows}, {_CELL}px)",
                max_width=f"{SIZE[0]}px",
            ),
        )


def _about(one: Step) -> Panel:
    return Panel(f"{one.title}.", f"{one.what}\n\n{_other_loop(one)}: {one.other}", "note")


def _other_loop(one: Step) -> str:
    return "In the MLOps loop" if one.loop == "DevOps" else "In the DevOps loop"


def _cards(here: Step) -> str:
    other = "MLOps" if here.loop == "DevOps" else "DevOps"
    cards = _card(here.loop, f"{here.loop}: {here.number} {here.title}", here.what)
    cards += _card(other, _other_loop(here), here.other)
    style = "display:flex;gap:1.5em;margin-top:0.5em"
    return f'<div role="status" aria-live="polite" style="{style}">{cards}</div>'


def _card(loop: str, title: str, text: str) -> str:
    return (
        f'<div style="flex:1;border-top:4px solid {COLOURS[loop]};padding:0.4em 0;'
        f'max-width:26em;line-height:1.4;color:{INK}"><strong>{html.escape(title)}</strong>'
        f"<br>{html.escape(text)}</div>"
    )
