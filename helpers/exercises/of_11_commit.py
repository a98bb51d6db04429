"""11.1: a change that lies in the folder, to be committed with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.on_repository import Desk, OnRepository, looking
from helpers.exercises.trials import Unusable

BRANCH = "tea-time"
WANTED = {"checkout/settings.py", "tests/test_teatime.py"}
SMALL = 6  # changed lines of settings.py; the change itself has one
LONGEST = 72  # characters of a message's first line, so that `git log --oneline` shows it whole
VAGUE = {"update", "updates", "change", "changes", "fix", "fixes", "wip", "test", "commit", "stuff"}

GIVEN = """
from functools import partial
from helpers.delivery.desks import desk_for
from helpers.delivery.git import git
git = partial(git, quiet=True)
desk_1 = desk_for("11.1")
"""


@dataclass(frozen=True)
class Committed:
    """What has become of the change. files: those that the branch's new commits touch."""

    subjects: list[str]
    files: set[str]
    staged: set[str]
    lines: int
    on_main: bool
    kept: bool


def _look(desk: Desk) -> Committed:
    if BRANCH not in desk.branches:
        raise Unusable(f"There is no branch {BRANCH} any more. Begin anew with `desk_for`.")
    base = desk.began[BRANCH]
    new = f"{base}..{BRANCH}"
    counted = desk.git("diff", "--numstat", base, BRANCH, "--", "checkout/settings.py").split()
    return Committed(
        subjects=desk.git("log", "--no-merges", "--format=%s", new).splitlines(),
        files=set(desk.git("diff", "--name-only", base, BRANCH).splitlines()),
        staged=set(desk.git("diff", "--name-only", "--cached").splitlines()),
        lines=sum(map(int, counted[:2])),
        on_main=desk.branches.get("main") != base,
        kept=desk.holds(base, BRANCH),
    )


def _is_vague(subject: str) -> bool:
    words = [word.strip(".,:!").lower() for word in subject.split()]
    return len(words) < 3 or set(words) <= VAGUE | {"the", "a", "some", "my", "settings.py"}


def _wrong(seen: Committed) -> str | None:
    if not seen.kept:
        return f"{BRANCH} does not hold the commit any more that it began with."
    if not seen.subjects:
        return f"There is no new commit on the branch {BRANCH} yet."
    if seen.files != WANTED:
        missing, extra = sorted(WANTED - seen.files), sorted(seen.files - WANTED)
        said = f" Missing: {', '.join(missing)}." if missing else ""
        said += f" Not part of it: {', '.join(extra)}." if extra else ""
        return f"The commit does not hold what belongs to the change.{said}"
    if seen.lines > SMALL:
        return f"The commit alters {seen.lines} lines of settings.py; the change has one."
    if any(_is_vague(one) or len(one) > LONGEST for one in seen.subjects):
        return f"The message's first line says too little, or has more than {LONGEST} characters."
    return None


def _commit(how: str = '"commit", "--quiet"') -> str:
    return f'git(desk_1, {how}, "--message", "Take 10 % off at tea time")'


ADD = 'git(desk_1, "add", "checkout/settings.py", "tests/test_teatime.py")\n'

COMMIT = Exercise(
    id="11.1",
    title="Commit what belongs together",
    task="Commit Ines's change on the branch tea-time: the setting and its test, nothing else, "
    "with a message that says what it does and why.",
    answer="desk_1",
    given=GIVEN,
    trial=OnRepository(look=looking(_look), wrong=_wrong),
    solution="""
git(desk_1, "add", "checkout/settings.py", "tests/test_teatime.py")
git(desk_1, "commit", "--quiet", "--message",
    "Take 10 % off at tea time\\n\\nFrom three to five the shops are empty.")
""",
    why="A commit is one idea with all that belongs to it: the setting, and the test that keeps "
    "it. `git add` with names is how one says what belongs.",
    hints=(
        '`git(desk_1, "status")` lists three files. Which two are the change?',
        "Name these two to `git add`. A file that is new is not taken along by itself.",
        'Then `git(desk_1, "commit", "--message", "...")`: its first line says what '
        "the change does.",
    ),
    also=(
        'git(desk_1, "add", "checkout", "tests")\n'
        'git(desk_1, "commit", "-m", "Take 10 % off at tea time", "-m", "Marketing asked for it.")',
        'git(desk_1, "add", "tests/test_teatime.py")\n'
        'git(desk_1, "commit", "-a", "-m", "Add the tea time voucher")',
        'git(desk_1, "add", "tests")\ngit(desk_1, "commit", "-m", "Test the tea time voucher")\n'
        'git(desk_1, "commit", "-am", "Take a tenth off at tea time")',
    ),
    mistakes=(
        Mistake(
            "amended somebody's commit",
            ADD + 'git(desk_1, "commit", "--quiet", "--amend", "--no-edit")',
            "`--amend` puts your change into the last commit and so replaces it, but that one is "
            "Ines's and has been published. Begin anew with `desk_for` and make a commit of "
            "your own.",
            lambda seen: not seen.kept,
        ),
        Mistake(
            "on main",
            'git(desk_1, "switch", "--quiet", "main")\n' + ADD + _commit(),
            "Your commit lies on `main`, where it is everybody's before anybody has looked at it. "
            "Begin anew with `desk_for`, which stands on `tea-time` already, and stay there.",
            lambda seen: seen.on_main and not seen.subjects,
        ),
        Mistake(
            "staged only",
            ADD,
            "What you added waits in the staging area: it is chosen, but not in the history yet. "
            "The step that is missing is `git commit`.",
            lambda seen: not seen.subjects and bool(seen.staged),
        ),
        Mistake(
            "swept in",
            'git(desk_1, "add", "--all")\n' + _commit(),
            "`notes.txt` is in the commit: adding everything takes along whatever lies about. Take "
            'it back with `git(desk_1, "reset", "HEAD~1")`, which leaves your files alone, and add '
            "by name.",
            lambda seen: "notes.txt" in seen.files,
        ),
        Mistake(
            "the test left out",
            _commit('"commit", "--quiet", "--all"'),
            "The test is not in the commit: `--all` takes files that git knows, and "
            "`tests/test_teatime.py` is new to it. Add it by name and commit it too.",
            lambda seen: (
                "checkout/settings.py" in seen.files and "tests/test_teatime.py" not in seen.files
            ),
        ),
        Mistake(
            "the change left out",
            'git(desk_1, "add", "tests")\n' + _commit(),
            "The commit holds the test but not the setting, so it fails for whoever gets it. Add "
            "`checkout/settings.py` and commit it too.",
            lambda seen: seen.files == {"tests/test_teatime.py"},
        ),
        Mistake(
            "reformatted along the way",
            'path = desk_1 / "checkout" / "settings.py"\n'
            'path.write_text(path.read_text().replace("    ", "  "))\n' + ADD + _commit(),
            "Your commit alters the form of the whole file, so the one line that matters cannot be "
            "found in the diff. Begin anew with `desk_for`; a change of form is a commit of its "
            "own.",
            lambda seen: seen.lines > SMALL,
        ),
        Mistake(
            "a message that says nothing",
            ADD + 'git(desk_1, "commit", "--quiet", "--message", "Update settings.py")',
            "The first line of your message would fit any change: which file it was, git knows by "
            'itself. Say what the change does: `git(desk_1, "commit", "--amend", "--message", '
            '"...")`.',
            lambda seen: any(map(_is_vague, seen.subjects)),
        ),
        Mistake(
            "a first line without end",
            ADD + 'git(desk_1, "commit", "--quiet", "--message", "Take 10 % off at tea time " * 4)',
            "The first line of your message is longer than 72 characters, and lists of commits cut "
            'it off. Say it shorter with `git(desk_1, "commit", "--amend", "--message", "...")`; '
            "the why goes below an empty line.",
            lambda seen: any(len(subject) > LONGEST for subject in seen.subjects),
        ),
    ),
)
