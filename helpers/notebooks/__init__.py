"""The author's tool for lessons: run them, store them in one normal form, check what is stored.

`python -m helpers.notebooks run 22` re-runs a lesson, `python -m helpers.notebooks check` looks
at the stored files without running anything.
"""

from helpers.notebooks.lessons import NOTEBOOKS, lessons, named
from helpers.notebooks.running import Usage, execute, has_tool, measure, run
from helpers.notebooks.solutions import with_solutions
from helpers.notebooks.stored import dumps, normalised, problems

__all__ = [
    "NOTEBOOKS",
    "Usage",
    "dumps",
    "execute",
    "has_tool",
    "lessons",
    "measure",
    "named",
    "normalised",
    "problems",
    "run",
    "with_solutions",
]
