"""A suite put together by hand: tick the tests, and see which mutants it would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.lesson.panel import Panel
from helpers.lesson.widgets import Shown

if TYPE_CHECKING:
    import pandas as pd


def suite_of(noticed: pd.DataFrame) -> Shown:
    """Boxes to tick, one a test; below them how many mutants the ticked ones notice.

    noticed: a row for each mutant (its index says what it is), a column for each test, True where
    the test fails on the mutant.
    """
    import ipywidgets as w

    boxes = {
        test: w.Checkbox(True, description=test, indent=False, layout=w.Layout(width="auto"))
        for test in noticed.columns
    }
    verdict = w.HTML()

    def judge(_: Any = None) -> None:
        verdict.value = _verdict(noticed, [test for test, box in boxes.items() if box.value]).html()

    for box in boxes.values():
        box.observe(judge, "value")
    judge()
    plain = _verdict(noticed, list(noticed.columns))
    title = w.HTML("<strong>Which tests are in the suite?</strong>")
    return Shown(w.VBox([title, *boxes.values(), verdict]), _plainly(noticed, plain), plain.html())


def _verdict(noticed: pd.DataFrame, tests: list[str]) -> Panel:
    lives = noticed.index[~noticed[tests].any(axis=1)]
    killed = len(noticed) - len(lives)
    many = "1 test notices" if len(tests) == 1 else f"{len(tests)} tests notice"
    title = f"{many} {killed} of {len(noticed)} mutants"
    alive = "\n".join(f"- `{one}`" for one in lives)
    return Panel(title, f"Alive:\n\n{alive}" if len(lives) else "None is left alive.")


def _plainly(noticed: pd.DataFrame, everything: Panel) -> str:
    alone = "\n".join(
        f"  {test} alone: {count} of {len(noticed)}" for test, count in noticed.sum().items()
    )
    return f"{everything}\n\n{alone}"
