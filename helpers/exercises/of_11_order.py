"""11.2: commands from branch to merge, to be put in order. They are really run, in a new desk."""

from __future__ import annotations

import shlex
import shutil
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.delivery.desks import desk_for, make_tea_time
from helpers.delivery.git import asked
from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.on_repository import Desk
from helpers.exercises.trials import OnState, before, letters_of
from helpers.programs import ProgramFailed

EDIT = "edit checkout/settings.py and tests/test_teatime.py"
LINES = (
    "git push",
    'git commit --message "Take 10 % off at tea time"',
    "git switch main",
    "git pull --ff-only",
    "git merge --no-ff tea-time",
    EDIT,
    "git add checkout/settings.py tests/test_teatime.py",
    "git switch --create tea-time",
)


@dataclass(frozen=True)
class Came:
    """What the commands came to. stopped: the one that git refused, and its words."""

    letters: list[str]
    stopped: str
    words: str
    published: bool
    merged: bool


def _look(answer: Any) -> Came:
    letters = letters_of(answer, ORDER)
    desk = Desk(desk_for("11.2"))
    try:
        commands = [LINES[string.ascii_uppercase.index(letter)] for letter in letters]
        stopped, words = _run(desk.folder, commands)
        shared = desk.shared("show", "main:checkout/settings.py")
        merges = desk.shared("log", "--merges", "--format=%s", f"{desk.began['main']}..main")
    finally:
        shutil.rmtree(desk.folder.parent)
    return Came(letters, stopped, words, "TEATIME" in shared, "tea-time" in merges)


def _run(desk: Path, commands: list[str]) -> tuple[str, str]:
    for command in commands:
        if command == EDIT:
            make_tea_time(desk)
            continue
        try:
            asked(desk, *shlex.split(command)[1:])
        except ProgramFailed as error:
            return command, str(error).split("\n", 2)[2].strip()
    return "", ""


def _wrong(came: Came) -> str | None:
    if came.stopped:
        return f"In this order git stops at `{came.stopped}`:\n\n```\n{came.words}\n```"
    if not came.published:
        return "All commands run, but the shared `main` does not hold the change at the end."
    if not came.merged:
        return "The change is on the shared `main`, but not by way of the branch."
    return None


ORDER = Exercise(
    id="11.2",
    title="From branch to merge",
    task="Put the commands in order: from a `main` that a colleague has moved on meanwhile to a "
    "change that was made on a branch, merged and shared.",
    answer="lines",
    lines=LINES,
    trial=OnState(look=_look, wrong=_wrong),
    solution='lines = "D H F G B C E A"',
    why="First what is new with the others, then the branch, then the work; at the end back to "
    "`main`, merge, share. Some steps may change places: this order was run, and worked.",
    hints=(
        "What the others did comes first, what the others get comes last.",
        "One merges into the branch on which one stands: so `git switch main` comes before "
        "`git merge`.",
        "After `git pull` come the branch, the edit, `git add` and `git commit`.",
    ),
    also=('lines = "H F G B C D E A"', 'lines = ["d", "f", "h", "g", "b", "c", "e", "a"]'),
    mistakes=(
        Mistake(
            "merged before committing",
            'lines = "D H F G C E B A"',
            "When you merge, the branch has no commit of its own yet, so nothing is merged, and "
            "the commit then falls on `main`. Commit on the branch, before you go back.",
            lambda came: not came.stopped and came.letters.index("E") < came.letters.index("B"),
        ),
        Mistake(
            "the branch came too late",
            'lines = "D F G B H C E A"',
            "The commit was made on `main`, and only then a branch was begun, so there is nothing "
            "to merge. Create the branch before you commit.",
            lambda came: not came.stopped and came.letters.index("B") < came.letters.index("H"),
        ),
        Mistake(
            "back before committing",
            'lines = "D H F G C B E A"',
            "You go back to `main` before you commit. What is staged comes along, and the commit "
            "falls on `main`; commit first, then switch.",
            lambda came: not came.stopped and before("C", "B")(came.letters),
        ),
        Mistake(
            "pulled on the branch",
            'lines = "H D F G B C E A"',
            "You pull while you stand on `tea-time`. That branch is only here, so git does not "
            "know what to get for it; pull while you stand on `main`.",
            lambda came: came.stopped == LINES[3] and "no tracking information" in came.words,
        ),
        Mistake(
            "pushed before merging",
            'lines = "D H F G B C A E"',
            "You push while `main` is as it was, so the others get nothing. Merge first, then "
            "push.",
            lambda came: not came.stopped and came.letters.index("A") < came.letters.index("E"),
        ),
        Mistake(
            "never pulled in time",
            'lines = "H F G B C E A D"',
            "The push is refused: `main` has moved on at the shared repository, and yours does "
            "not hold that commit. Pull before you merge, best before you begin.",
            lambda came: came.stopped == LINES[0],
        ),
        Mistake(
            "pulled after merging",
            'lines = "H F G B C E D A"',
            "You merge and pull only then: now your `main` and the shared one each have a commit "
            "that the other lacks, and `--ff-only` refuses to guess. Pull before the merge.",
            lambda came: came.stopped == LINES[3] and before("E", "D")(came.letters),
        ),
        Mistake(
            "committed before adding",
            'lines = "D H F B G C E A"',
            "Nothing is staged when you commit, so git has nothing to put into the commit. "
            "`git add` chooses what the next commit holds; it comes before.",
            lambda came: came.stopped == LINES[1] and before("B", "G")(came.letters),
        ),
        Mistake(
            "added before editing",
            'lines = "D H G F B C E A"',
            "You add the files before they are edited, so the new ones are not there yet. Edit "
            "first; `git add` keeps a file as it is at that moment.",
            lambda came: came.stopped == LINES[6] and before("G", "F")(came.letters),
        ),
        Mistake(
            "merged into itself",
            'lines = "D H F G B E C A"',
            "You merge while you stand on `tea-time`, so the branch is merged into itself and "
            "`main` gets nothing. Switch to `main` first: a merge goes into where one stands.",
            lambda came: not came.stopped and before("E", "C")(came.letters),
        ),
    ),
)
