"""11.3: two changes of one line, to be merged so that both are in."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from helpers.delivery.desks import BOTH
from helpers.delivery.first_shop import TESTING
from helpers.delivery.git import asked
from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.on_repository import Desk, OnRepository, looking
from helpers.exercises.trials import Unusable
from helpers.programs import run

TESTS = {
    "cap": "tests/test_most_off.py",
    "five": "tests/test_five_cents.py",
    "old": "tests/test_pricing.py",
}
PRICING = "checkout/pricing.py"
SMALL = 20  # lines that the merge of two small changes alters

GIVEN = """
from functools import partial
from helpers.delivery.desks import desk_for
from helpers.delivery.edit import resolve
from helpers.delivery.git import git
git = partial(git, quiet=True)
desk_3 = desk_for("11.3")
pricing = desk_3 / "checkout" / "pricing.py"
merge = partial(git, desk_3, "merge", "five-cents", check=False)
"""


@dataclass(frozen=True)
class Merged:
    """What has become of the merge.

    moved: whether main has new commits; holds: whether main holds Ines's commit and yours;
    parents: of a new merge commit; failed: the tests that fail on main, by their names above.
    """

    merging: bool
    moved: bool
    markers: bool
    holds: tuple[bool, bool]
    parents: int
    rebased: bool
    other_way: bool
    lines: int
    failed: set[str]
    words: str


def _look(desk: Desk) -> Merged:
    now = desk.branches
    if not {"main", "five-cents"} <= set(now):
        raise Unusable("`main` or `five-cents` is not there any more. Begin anew with `desk_for`.")
    ines, yours = desk.began["main"], desk.began["five-cents"]
    moved = now["main"] != ines
    merges = desk.git("log", "--merges", "--format=%P", f"{ines}..main").splitlines()
    failed, words = _tested(desk.folder) if moved else (set(), "")
    return Merged(
        merging=desk.merging(),
        moved=moved,
        markers=_has_markers(desk.git("show", f"main:{PRICING}")),
        holds=(desk.holds(ines, "main"), desk.holds(yours, "main")),
        parents=max((len(line.split()) for line in merges), default=1),
        rebased=not desk.holds(yours, "five-cents"),
        other_way=not moved and desk.holds(ines, "five-cents"),
        lines=sum(map(int, desk.git("diff", "--numstat", ines, "main", "--", PRICING).split()[:2])),
        failed=failed,
        words=words,
    )


def _has_markers(text: str) -> bool:
    return any(line.startswith(("<<<<<<<", ">>>>>>>")) for line in text.splitlines())


def _tested(desk: Path) -> tuple[set[str], str]:
    """Which tests fail on main as it is committed, by their names above, and what pytest says."""
    flags = ("-qq", "-rfE", "--tb=no", "-p", "no:cacheprovider", "--color=no")
    with tempfile.TemporaryDirectory() as scratch:
        asked(desk, "clone", "--quiet", "--branch", "main", str(desk), scratch)
        there = {name: path for name, path in TESTS.items() if Path(scratch, path).exists()}
        ran = run(
            *("pytest", *flags, *there.values()),
            cwd=Path(scratch),
            env=TESTING,
            check=False,
            quiet=True,
        )
    said = [line for line in ran.output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    failed = {name for name, path in there.items() if any(path in line for line in said)}
    return failed | (set(TESTS) - set(there)), "\n".join(said)


def _wrong(seen: Merged) -> str | None:
    if seen.merging:
        return "The merge is under way: mend the file, `git add` it, and commit."
    if not seen.moved:
        return "`main` is as it was. Stand on `main` and merge `five-cents`."
    if seen.markers:
        return f"The committed {PRICING} holds conflict markers."
    if seen.failed:
        return f"Both changes are not in: on `main` tests fail.\n\n```\n{seen.words}\n```"
    if not all(seen.holds) or seen.parents != 2:
        return "`main` holds what both changes do, but no merge commit that joins both."
    if seen.lines > SMALL:
        return f"The merge alters {seen.lines} lines of {PRICING}; the two changes need a few."
    return None


def _mended(passage: str) -> str:
    return (
        f"merge()\nresolve(pricing, {passage!r})\n"
        'git(desk_3, "add", "checkout/pricing.py")\ngit(desk_3, "commit", "--no-edit")'
    )


CONFLICT = Exercise(
    id="11.3",
    title="Repair a conflict",
    task="Merge the branch five-cents into main, so that both changes work and both are in the "
    "history.",
    answer="desk_3",
    given=GIVEN,
    trial=OnRepository(look=looking(_look), wrong=_wrong),
    solution="""
git(desk_3, "merge", "five-cents", check=False)
resolve(desk_3 / "checkout" / "pricing.py",
        "        return min(percentage(subtotal_cents, voucher.value) // 5 * 5, MOST_OFF_CENTS)\\n")
git(desk_3, "add", "checkout/pricing.py")
git(desk_3, "commit", "--no-edit")
""",
    why="A conflict asks what both changes meant, and the answer is often neither side's line but "
    "a third one. The merge commit has two parents, so both histories stay to be read.",
    hints=(
        "`git merge` takes the branch into where one stands. It will stop and name a file: open "
        "it, or print it.",
        "Between the markers stand Ines's line and yours. Write the one line that does both: "
        "first down to five cents, then at most `MOST_OFF_CENTS`; the markers go.",
        "`min(percentage(subtotal_cents, voucher.value) // 5 * 5, MOST_OFF_CENTS)` does both. "
        "Then `git add` the file, and `git commit --no-edit`.",
    ),
    also=(
        _mended(
            "        off = percentage(subtotal_cents, voucher.value)\n"
            "        return min(off, MOST_OFF_CENTS) // 5 * 5\n"
        ),
        'git(desk_3, "switch", "--quiet", "five-cents")\n'
        'git(desk_3, "merge", "main", check=False)\n'
        'resolve(pricing, "        return min(MOST_OFF_CENTS, percentage(subtotal_cents, '
        'voucher.value) // 5 * 5)\\n")\n'
        'git(desk_3, "commit", "--quiet", "--all", "--no-edit")\n'
        'git(desk_3, "switch", "--quiet", "main")\ngit(desk_3, "merge", "five-cents")',
    ),
    mistakes=(
        Mistake(
            "the merge is not finished",
            "merge()",
            "The merge has stopped and waits for you: git does not know which line you want. Mend "
            '`checkout/pricing.py`, then `git(desk_3, "add", "checkout/pricing.py")` and '
            '`git(desk_3, "commit", "--no-edit")`.',
            lambda seen: seen.merging,
        ),
        Mistake(
            "merged the other way round",
            'git(desk_3, "switch", "--quiet", "five-cents")\n'
            'git(desk_3, "merge", "main", check=False)\n'
            f"resolve(pricing, {BOTH!r})\n"
            'git(desk_3, "commit", "--quiet", "--all", "--no-edit")',
            "You have merged `main` into `five-cents`: a good way to mend in peace, but `main` "
            "has nothing of it yet. Switch to `main` and merge `five-cents`; that goes through "
            "now.",
            lambda seen: seen.other_way,
        ),
        Mistake(
            "markers left",
            'merge()\ngit(desk_3, "add", "checkout/pricing.py")\n'
            'git(desk_3, "commit", "--no-edit")',
            "The conflict's markers, such as `<<<<<<< HEAD`, are in the commit, and Python cannot "
            "read the file any more. `git add` believes you that it is mended. Begin anew with "
            "`desk_for`, and take the markers out before you add.",
            lambda seen: seen.markers,
        ),
        Mistake(
            "only Ines's side",
            'git(desk_3, "merge", "--strategy-option", "ours", "--no-edit", "five-cents")',
            "Only Ines's change works: the cap is there, the five cents are gone, and "
            "`tests/test_five_cents.py` fails. Begin anew, and write a line that does both.",
            lambda seen: seen.failed == {"five"},
        ),
        Mistake(
            "only your side",
            'git(desk_3, "merge", "--strategy-option", "theirs", "--no-edit", "five-cents")',
            "Only your change works: the five cents are there, Ines's cap is gone, and "
            "`tests/test_most_off.py` fails. Begin anew, and write a line that does both.",
            lambda seen: seen.failed == {"cap"},
        ),
        Mistake(
            "rebased",
            'git(desk_3, "switch", "--quiet", "five-cents")\n'
            'git(desk_3, "rebase", "main", check=False)\n'
            f"resolve(pricing, {BOTH!r})\n"
            'git(desk_3, "add", "--update")\ngit(desk_3, "rebase", "--continue")\n'
            'git(desk_3, "switch", "--quiet", "main")\ngit(desk_3, "merge", "five-cents")',
            "The content is right, but you rebased: your commit was made anew on top of Ines's "
            "and the old one is gone. Some teams work so; here begin anew and merge, so that the "
            "history shows two lines of work that meet.",
            lambda seen: not seen.failed and seen.rebased,
        ),
        Mistake(
            "squashed",
            'git(desk_3, "merge", "--squash", "five-cents", check=False)\n'
            f"resolve(pricing, {BOTH!r})\n"
            'git(desk_3, "add", "--update")\n'
            'git(desk_3, "commit", "--quiet", "--message", "Round down to five cents")',
            "The content is right, but your commit has one parent: `--squash`, or an edit by "
            "hand, copies the work and does not join the histories. Begin anew with "
            "`git merge five-cents`.",
            lambda seen: not seen.failed and seen.parents < 2,
        ),
        Mistake(
            "reformatted along the way",
            f"merge()\nresolve(pricing, {BOTH!r})\n"
            'pricing.write_text(pricing.read_text().replace("    ", "  "))\n'
            'git(desk_3, "commit", "--quiet", "--all", "--no-edit")',
            "Both changes work, but the merge alters the form of the whole file, and nobody will "
            "find in it how the conflict was settled. Begin anew, and touch the one line.",
            lambda seen: not seen.failed and seen.lines > SMALL,
        ),
    ),
)
