"""The two loops as a picture: where a lesson stands, what is done, and what each step is."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import Any

from helpers import exercises
from helpers.lesson import progress
from helpers.lesson.panel import Panel
from helpers.lesson.steps import STEPS, Step, step
from helpers.lesson.widgets import Shown

_INK = "var(--jp-content-font-color1, #222)"
_PAPER = "var(--jp-layout-color1, #fff)"
_FAINT = "var(--jp-border-color2, #bbb)"
_COLOURS = {"DevOps": "#6C7FC4", "MLOps": "#B07D00"}
_CENTRES = {"DevOps": (210, 195), "MLOps": (620, 195)}
_RADIUS = 120
_SIZE = (860, 390)


def place(number: str) -> Panel:
    """Where a lesson stands in the two loops, as a picture with a line of text."""
    here = step(number)
    return _Picture(_svg({}, here), _place_in_words(here))


def course_map() -> Panel:
    """The two loops, filled in by what you have done so far, and the lessons outside them."""
    done = _done()
    lines = [_in_words(one, done.get(one.number)) for one in STEPS if one.written]
    return _Picture(_svg(done, None), "Your course so far:\n" + "\n".join(lines), _table(done))


def two_loops() -> Shown:
    """The two loops to click through, step by step, with each step's name in the other loop."""
    import ipywidgets as w

    steps = [one for one in STEPS if one.loop in _COLOURS]
    picture = w.HTML()
    choice = w.Dropdown(
        options=[(f"{s.loop} {s.number}: {s.title}", s) for s in steps],
        description="Step",
        layout=w.Layout(width="22em"),
    )
    back = w.Button(description="Back", tooltip="The step before", layout=w.Layout(width="6em"))
    on = w.Button(description="Next", tooltip="The step after", layout=w.Layout(width="6em"))

    def draw(_: Any = None) -> None:
        picture.value = _svg({}, choice.value) + _about(choice.value).html()

    def turn(by: int) -> None:
        choice.value = steps[(steps.index(choice.value) + by) % len(steps)]

    choice.observe(draw, names="value")
    back.on_click(lambda _: turn(-1))
    on.on_click(lambda _: turn(1))
    draw()
    plain = "\n\n".join(f"{s.loop} {s.number} {_about(s)}" for s in steps)
    page = _svg({}, None) + "".join(_about(s).html() for s in steps)
    return Shown(w.VBox([w.HBox([back, on, choice]), picture]), plain, page)


class _Picture(Panel):
    """A picture that is described in words where pictures are not shown."""

    def __init__(self, svg: str, words: str, more: str = "") -> None:
        super().__init__(words)
        object.__setattr__(self, "_page", svg + more)

    def html(self) -> str:
        return self._page


def _about(one: Step) -> Panel:
    in_other = "In the MLOps loop" if one.loop == "DevOps" else "In the DevOps loop"
    return Panel(f"{one.title}.", f"{one.what}\n\n{in_other}: {one.other}", "note")


def _place_in_words(here: Step) -> str:
    ring = [one for one in STEPS if one.loop == here.loop]
    if here.loop not in _COLOURS:
        return f"Lesson {here.number}, {here.title}: {here.what}"
    steps = " -> ".join(f"[{s.title}]" if s is here else s.title for s in ring)
    return f"The {here.loop} loop: {steps} -> back to the start\nIn the other loop: {here.other}"


def _in_words(one: Step, share: float | None) -> str:
    return f"  {one.number} {one.title}: " + (
        "no exercises" if share is None else f"{share:.0%} of the exercises right"
    )


def _done() -> dict[str, float]:
    """For each lesson with exercises, the share that is right."""
    kept = progress.read()["exercises"]
    shares = {}
    for number in exercises.numbers():
        ids = [exercise.id for exercise in exercises.lesson(number).exercises]
        right = sum(kept.get(id, {}).get("state") == "right" for id in ids)
        if ids:
            shares[number] = right / len(ids)
    return shares


def _table(done: Mapping[str, float]) -> str:
    cells = "".join(
        f'<li><a href="{one.notebook}">{one.number} {html.escape(one.title)}</a>: '
        f"{_in_words(one, done.get(one.number)).split(': ')[1]}</li>"
        for one in STEPS
        if one.written
    )
    return f'<ul style="columns:2;max-width:52em;color:{_INK}">{cells}</ul>'


def _svg(done: Mapping[str, float], here: Step | None) -> str:
    """The picture as one SVG element; colours of the theme, words for a screen reader."""
    title = f"The two loops, at step {here.number} {here.title}" if here else "The two loops"
    parts = [_ring(loop, colour) for loop, colour in _COLOURS.items()]
    for loop, colour in _COLOURS.items():
        ring = [one for one in STEPS if one.loop == loop]
        parts += [_arrow(loop, n, len(ring), colour) for n in range(len(ring))]
        parts += [
            _node(one, *_spot(loop, n, len(ring)), colour, done.get(one.number), one is here)
            for n, one in enumerate(ring)
        ]
    width, height = _SIZE
    return (
        f'<svg role="img" aria-label="{html.escape(title)}" viewBox="0 0 {width} {height}" '
        f'style="max-width:{width}px;width:100%;background:{_PAPER}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _ring(loop: str, colour: str) -> str:
    x, y = _CENTRES[loop]
    return (
        f'<circle cx="{x}" cy="{y}" r="{_RADIUS}" fill="none" stroke="{colour}" '
        f'stroke-width="3" stroke-dasharray="2 5" opacity="0.7"/>'
        f'<text x="{x}" y="{y}" text-anchor="middle" font-size="19" font-weight="bold" '
        f'fill="{colour}">{loop}</text>'
        f'<text x="{x}" y="{y + 20}" text-anchor="middle" font-size="12" fill="{_INK}">'
        f"{'code' if loop == 'DevOps' else 'code and data'}</text>"
    )


def _arrow(loop: str, place: int, count: int, colour: str) -> str:
    x, y, angle = _spot(loop, place + 0.5, count)
    return (
        f'<path d="M-6,-6 L6,0 L-6,6 z" fill="{colour}" '
        f'transform="translate({x:.1f} {y:.1f}) rotate({math.degrees(angle) + 90:.0f})"/>'
    )


def _spot(loop: str, place: float, count: int) -> tuple[float, float, float]:
    angle = 2 * math.pi * place / count - math.pi / 2
    x, y = _CENTRES[loop]
    return x + _RADIUS * math.cos(angle), y + _RADIUS * math.sin(angle), angle


def _node(
    one: Step, x: float, y: float, angle: float, colour: str, share: float | None, here: bool
) -> str:
    across = math.cos(angle)
    anchor = "middle" if abs(across) < 0.3 else "start" if across > 0 else "end"
    shift = 0 if anchor == "middle" else 26 * (1 if across > 0 else -1)
    below = (-28 if math.sin(angle) < 0 else 38) if anchor == "middle" else 5
    weight = "bold" if here else "normal"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="19" fill="{colour if here else _PAPER}" '
        f'stroke="{_FAINT}" stroke-width="4"/>{_arc(x, y, share, colour)}'
        f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="14" '
        f'font-weight="{weight}" fill="{"#fff" if here else _INK}">{one.number}</text>'
        f'<text x="{x + shift:.1f}" y="{y + below:.1f}" text-anchor="{anchor}" font-size="14" '
        f'font-weight="{weight}" fill="{_INK}">{html.escape(one.title)}</text>'
    )


def _arc(x: float, y: float, share: float | None, colour: str) -> str:
    if not share:
        return ""
    length = 2 * math.pi * 19
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="19" fill="none" stroke="{colour}" stroke-width="5" '
        f'stroke-dasharray="{share * length:.1f} {length:.1f}" '
        f'transform="rotate(-90 {x:.1f} {y:.1f})"><title>{share:.0%} done</title></circle>'
    )
