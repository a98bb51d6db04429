"""The two loops as a picture: where a lesson stands, and what is done."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping

from helpers import exercises
from helpers.lesson import progress
from helpers.lesson.panel import Panel
from helpers.lesson.steps import STEPS, Step, step

INK = "var(--jp-content-font-color1, #222)"
_PAPER = "var(--jp-layout-color1, #fff)"
_FAINT = "var(--jp-border-color2, #bbb)"
COLOURS = {"DevOps": "#6C7FC4", "MLOps": "#B07D00"}
DEEP = {"DevOps": "#4457A8", "MLOps": "#8A6100"}  # dark enough for white text on it
CENTRES = {"DevOps": (220, 210), "MLOps": (650, 210)}
RADIUS = 145
SIZE = (940, 420)


def place(number: str) -> Panel:
    """Where a lesson stands in the two loops, as a picture with a line of text."""
    here = step(number)
    return _Picture(svg({}, here), _place_in_words(here))


def course_map() -> Panel:
    """The two loops, filled in by what you have done so far, and the lessons outside them."""
    done = _done()
    lines = [_in_words(one, done.get(one.number)) for one in STEPS]
    return _Picture(svg(done, None), "Your course so far:\n" + "\n".join(lines), _table(done))


class _Picture(Panel):
    """A picture that is described in words where pictures are not shown."""

    def __init__(self, svg: str, words: str, more: str = "") -> None:
        super().__init__(words)
        object.__setattr__(self, "_page", svg + more)

    def html(self) -> str:
        return self._page


def _place_in_words(here: Step) -> str:
    ring = [one for one in STEPS if one.loop == here.loop]
    if here.loop not in COLOURS:
        words = f"Lesson {here.number}, {here.title}: {here.what}"
        return f"{words}\nIn the two loops: {here.other}" if here.other else words
    steps = " -> ".join(f"[{s.title}]" if s is here else s.title for s in ring)
    return f"The {here.loop} loop: {steps} -> back to the start\nIn the other loop: {here.other}"


def _in_words(one: Step, share: float | None) -> str:
    return f"  {one.number} {one.title}: {_state(one, share)}"


def _state(one: Step, share: float | None) -> str:
    if not one.written:
        return "coming"
    return "no exercises" if share is None else f"{share:.0%} of the exercises right"


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
        f"<li>{_linked(one)}: {_state(one, done.get(one.number))}</li>" for one in STEPS
    )
    return f'<ul style="columns:2;max-width:52em;color:{INK}">{cells}</ul>'


def _linked(one: Step) -> str:
    name = f"{one.number} {html.escape(one.title)}"
    return f'<a href="{one.notebook}">{name}</a>' if one.written else name


def svg(done: Mapping[str, float], here: Step | None) -> str:
    """The picture as one SVG element; colours of the theme, words for a screen reader."""
    title = f"The two loops, at step {here.number} {here.title}" if here else "The two loops"
    parts = [_rings()]
    for loop, colour in COLOURS.items():
        ring = [one for one in STEPS if one.loop == loop]
        parts += [
            _node(one, *spot(loop, n, len(ring)), colour, done.get(one.number), one is here)
            for n, one in enumerate(ring)
        ]
    return _framed(title, "".join(parts))


def rings() -> str:
    """The two rings with their arrows and no steps: what lies behind steps drawn otherwise."""
    return _framed("", _rings())


def spot(loop: str, place: float, count: int) -> tuple[float, float, float]:
    """x, y (in the picture's units) and angle (radians) of a step among `count` on its ring."""
    angle = 2 * math.pi * place / count - math.pi / 2
    x, y = CENTRES[loop]
    return x + RADIUS * math.cos(angle), y + RADIUS * math.sin(angle), angle


def _framed(title: str, content: str) -> str:
    width, height = SIZE
    words = f'role="img" aria-label="{html.escape(title)}"' if title else 'aria-hidden="true"'
    return (
        f'<svg {words} viewBox="0 0 {width} {height}" '
        f'style="display:block;max-width:{width}px;width:100%;background:{_PAPER}" '
        f'xmlns="http://www.w3.org/2000/svg">{content}</svg>'
    )


def _rings() -> str:
    parts = [_ring(loop, colour) for loop, colour in COLOURS.items()]
    for loop, colour in COLOURS.items():
        count = sum(one.loop == loop for one in STEPS)
        parts += [_arrow(loop, n, count, colour) for n in range(count)]
    return "".join(parts)


def _ring(loop: str, colour: str) -> str:
    x, y = CENTRES[loop]
    return (
        f'<circle cx="{x}" cy="{y}" r="{RADIUS}" fill="none" stroke="{colour}" '
        f'stroke-width="3" stroke-dasharray="2 5" opacity="0.7"/>'
        f'<text x="{x}" y="{y}" text-anchor="middle" font-size="19" font-weight="bold" '
        f'fill="{colour}">{loop}</text>'
        f'<text x="{x}" y="{y + 20}" text-anchor="middle" font-size="12" fill="{INK}">'
        f"{'code' if loop == 'DevOps' else 'code and data'}</text>"
    )


def _arrow(loop: str, place: int, count: int, colour: str) -> str:
    x, y, angle = spot(loop, place + 0.5, count)
    return (
        f'<path d="M-6,-6 L6,0 L-6,6 z" fill="{colour}" '
        f'transform="translate({x:.1f} {y:.1f}) rotate({math.degrees(angle) + 90:.0f})"/>'
    )


def _node(
    one: Step, x: float, y: float, angle: float, colour: str, share: float | None, here: bool
) -> str:
    across = math.cos(angle)
    anchor = "middle" if abs(across) < 0.3 else "start" if across > 0 else "end"
    shift = 0 if anchor == "middle" else 26 * (1 if across > 0 else -1)
    below = (-28 if math.sin(angle) < 0 else 38) if anchor == "middle" else 5
    weight = "bold" if here else "normal"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="19" fill="{DEEP[one.loop] if here else _PAPER}" '
        f'stroke="{_FAINT}" stroke-width="4"/>{_arc(x, y, share, colour)}'
        f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="14" '
        f'font-weight="{weight}" fill="{"#fff" if here else INK}">{one.number}</text>'
        f'<text x="{x + shift:.1f}" y="{y + below:.1f}" text-anchor="{anchor}" font-size="14" '
        f'font-weight="{weight}" fill="{INK}">{html.escape(one.title)}</text>'
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
