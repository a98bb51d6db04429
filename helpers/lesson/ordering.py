"""Lines to be put in order (a Parsons problem): buttons to move them, and letters in plain text.

Parsons and Haden (2006), "Parson's programming puzzles"; they teach as well as writing code and
take half the time (Ericson, Margulieux and Rick, 2017, https://doi.org/10.1145/3141880.3141895).
"""

from __future__ import annotations

import html
import string
from typing import Any

from helpers import exercises
from helpers.lesson.widgets import Shown


class Order(Shown):
    """The lines of an exercise in the learner's order; pass it to `check`.

    letters: the present order, such as ["C", "A", "B"].
    """

    def __init__(self, id: str) -> None:
        import ipywidgets as w

        self._lines = dict(zip(string.ascii_uppercase, exercises.find(id).lines, strict=False))
        if not self._lines:
            raise ValueError(f"exercise {id} has no lines to put in order")
        self.letters = list(self._lines)
        self.moved = False
        self._rows = w.VBox()
        self._draw()
        super().__init__(self._rows, self._plainly(id))

    def move(self, place: int, by: int) -> None:
        """Move the line at `place` (from 0) up (-1) or down (1); at the ends nothing moves."""
        other = place + by
        if 0 <= other < len(self.letters):
            one = self.letters
            one[place], one[other] = one[other], one[place]
            self.moved = True
            self._draw()

    def _draw(self) -> None:
        self._rows.children = [self._row(place) for place in range(len(self.letters))]

    def _row(self, place: int) -> Any:
        import ipywidgets as w

        letter = self.letters[place]

        def button(text: str, by: int) -> Any:
            made = w.Button(
                description=text,
                tooltip=f"Move line {letter} {text.lower()}",
                disabled=not 0 <= place + by < len(self.letters),
                layout=w.Layout(width="4.5em"),
            )
            made.on_click(lambda _: self.move(place, by))
            return made

        code = w.HTML(
            f'<pre style="margin:0;background:transparent;color:var(--jp-content-font-color1)">'
            f"{letter}  {html.escape(self._lines[letter])}</pre>"
        )
        return w.HBox([button("Up", -1), button("Down", 1), code])

    def _plainly(self, id: str) -> str:
        rows = [f"  {letter}  {line}" for letter, line in self._lines.items()]
        example = " ".join(reversed(self._lines))
        return "\n".join(
            ["Put these lines in order:", *rows, f'or in code: check({id!r}, "{example}")']
        )


def order(id: str) -> Order:
    """The lines of exercise `id` with buttons to move them. Pass what it gives to `check`."""
    return Order(id)
