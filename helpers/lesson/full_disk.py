"""A full disk, told as what it is: below the error of the cell that met it, and what to do next."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from typing import Any

from helpers.lesson.panel import Panel
from helpers.workspace import workspace

_NUMBERS = (errno.ENOSPC, errno.EDQUOT)
# What programs say in words: git, pytest and the C library; SQLite; quotas.
_WORDS = ("No space left on device", "database or disk is full", "Disk quota exceeded")


def watch_for_it() -> None:
    """From now on, say below each error that a full disk made what to do. Outside IPython, nothing.

    It goes by IPython's event after a cell; the error itself is shown as ever.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        for told in [f for f in shell.events.callbacks["post_run_cell"] if f.__name__ == "tell"]:
            shell.events.unregister("post_run_cell", told)
        shell.events.register("post_run_cell", tell)


def tell(result: Any) -> None:
    """Show the panel where the cell of this ExecutionResult ended for want of space."""
    from IPython.display import display

    if is_full_disk(result.error_in_exec):
        display(panel())


def is_full_disk(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, says that there is no space left."""
    return any(
        getattr(one, "errno", None) in _NUMBERS or any(words in str(one) for words in _WORDS)
        for one in _chain(error)
    )


def panel() -> Panel:
    """What to do when the disk is full."""
    place = workspace()
    return Panel(
        "The disk is full",
        f"Nothing that was saved before is lost. What lessons write lies in `{place}`, all but "
        "`progress.json` can be deleted there. Free some space, then begin this lesson anew: in "
        "the menu, Kernel, Restart Kernel and Run All Cells.",
        "not yet",
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
