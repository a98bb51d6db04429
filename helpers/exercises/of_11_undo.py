"""11.4: a bad commit that everybody has already, to be undone without taking anything from them."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.delivery.desks import BAD_ROUNDING, GOOD_ROUNDING, LIMITS
from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.on_repository import Desk, OnRepository, looking
from helpers.exercises.trials import Unusable

GIVEN = """
from functools import partial
from helpers.delivery.desks import desk_for
from helpers.delivery.edit import edit
from helpers.delivery.git import git
git = partial(git, quiet=True)
desk_4 = desk_for("11.4")
"""


@dataclass(frozen=True)
class Main:
    """A main branch. kept: whether all that was published is still in its history."""

    moved: bool
    kept: bool
    rounds: bool
    tested: bool
    limited: bool

    @property
    def good(self) -> bool:
        """Whether the bad change is undone, all of it, and nothing else is."""
        return self.kept and self.rounds and self.tested and self.limited


@dataclass(frozen=True)
class Undone:
    """Your main and the shared one."""

    here: Main
    shared: Main
    dirty: bool


def _look(desk: Desk) -> Undone:
    if "main" not in desk.branches:
        raise Unusable("There is no `main` any more. Begin anew with `desk_for`.")
    return Undone(_main(desk, desk.git), _main(desk, desk.shared), bool(desk.changed()))


def _main(desk: Desk, git) -> Main:
    tip = desk.began["main"]
    pricing = git("show", "main:checkout/pricing.py") + "\n"
    return Main(
        moved=git("rev-parse", "main") != tip,
        kept=tip in git("rev-list", "main").split(),
        rounds=GOOD_ROUNDING in pricing and BAD_ROUNDING not in pricing,
        tested=bool(git("ls-tree", "main", "tests/test_rounding.py")),
        limited=LIMITS[1] in git("show", "main:checkout/settings.py"),
    )


def _wrong(seen: Undone) -> str | None:
    if not seen.shared.kept:
        return "Commits that were published are gone from the shared `main`."
    if seen.shared.good:
        return None
    if seen.here.good:
        return "Your `main` is right; the shared one is not yet."
    return "The rounding on `main` is not as it was before the bad commit."


REVERT = """
bad = git(desk_4, "log", "--format=%h", "--grep=Tidy up the rounding").output.strip()
git(desk_4, "revert", "--no-edit", bad)
"""

UNDO = Exercise(
    id="11.4",
    title="Undo what is published",
    task="Undo the commit 'Tidy up the rounding' on the shared main. Whoever pulls must get the "
    "old rounding and its test back, and lose nothing else.",
    answer="desk_4",
    given=GIVEN,
    trial=OnRepository(look=looking(_look), wrong=_wrong),
    solution=REVERT + 'git(desk_4, "push")\n',
    why="`git revert` makes a new commit that does the opposite of an old one. Others get it by "
    "an ordinary pull; nothing that they have is taken from them.",
    hints=(
        'Look at `git(desk_4, "log", "--oneline")`: which commit is the bad one? It '
        "is not the last.",
        "`git revert` takes the name of a commit, such as the seven letters and digits before it "
        "in the log, or `HEAD~1` for the one before the last.",
        '`git(desk_4, "revert", "--no-edit", "HEAD~1")`, and then the others have to get it: '
        '`git(desk_4, "push")`.',
    ),
    also=(
        'git(desk_4, "revert", "--no-edit", "HEAD~1")\ngit(desk_4, "push", "origin", "main")',
        'git(desk_4, "checkout", "HEAD~2", "--", "checkout/pricing.py", "tests/test_rounding.py")\n'
        'git(desk_4, "commit", "-m", "Round as before: round() takes 2.5 to 2")\n'
        'git(desk_4, "push")',
    ),
    mistakes=(
        Mistake(
            "reset and forced",
            'git(desk_4, "reset", "--quiet", "--hard", "HEAD~2")\ngit(desk_4, "push", "--force")',
            "You have reset and pushed by force: commits that others have are gone from the shared "
            "`main`, Ines's with them, and the next who pulls gets into trouble. Begin anew with "
            "`desk_for`, and undo by a new commit: `git revert`.",
            lambda seen: not seen.shared.kept,
        ),
        Mistake(
            "reset here",
            'git(desk_4, "reset", "--quiet", "--hard", "HEAD~2")',
            "You have reset your own `main`: it is behind the shared one now, where the bad commit "
            'still is, and a push would be refused. `git(desk_4, "pull", "--ff-only")` brings you '
            "back; then `git revert`.",
            lambda seen: not seen.here.kept,
        ),
        Mistake(
            "not pushed",
            REVERT,
            "Your own `main` is right, and nobody else has it: the shared one still rounds wrongly."
            ' The step that is missing is `git(desk_4, "push")`.',
            lambda seen: seen.here.good and not seen.shared.moved,
        ),
        Mistake(
            "the last commit",
            'git(desk_4, "revert", "--no-edit", "HEAD")\ngit(desk_4, "push")',
            "You have reverted Ines's commit, which was the last one and is good; the bad one is "
            "the one before. Revert your revert (`HEAD`), then the bad commit.",
            lambda seen: not seen.here.limited and not seen.here.rounds,
        ),
        Mistake(
            "one too many",
            'git(desk_4, "revert", "--no-edit", "HEAD")\n'
            'git(desk_4, "revert", "--no-edit", "HEAD~2")\ngit(desk_4, "push")',
            "The rounding is right, but Ines's commit is undone as well, and she will miss it. "
            "Revert the commit that took hers back, and push.",
            lambda seen: not seen.here.limited and seen.here.rounds,
        ),
        Mistake(
            "half by hand",
            'edit(desk_4 / "checkout" / "pricing.py",\n'
            '     "    return round(cents * percent / 100)\\n",\n'
            '     "    return (cents * percent + 50) // 100\\n")\n'
            'git(desk_4, "commit", "--quiet", "--all", "--message", "Round half up again")\n'
            'git(desk_4, "push")',
            "The line is mended by hand, but the bad commit had also taken away "
            "`tests/test_rounding.py`, and that is still gone. `git revert` undoes all of a "
            "commit; "
            'so would `git(desk_4, "checkout", "HEAD~3", "--", "tests/test_rounding.py")`.',
            lambda seen: seen.here.rounds and not seen.here.tested,
        ),
        Mistake(
            "not committed",
            'git(desk_4, "revert", "--no-commit", "HEAD~1")',
            "The old rounding is back in your folder, but no commit says so, and without one "
            'there is nothing to push. Finish with `git(desk_4, "commit", "--no-edit")` and '
            '`git(desk_4, "push")`.',
            lambda seen: seen.dirty,
        ),
    ),
)
