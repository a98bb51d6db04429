"""Desks for the exercises of lesson 11: a clone of the checkout with some work begun on it.

Each has an office of its own, so that what goes wrong at one desk reaches no other, and a task can
be begun anew at any time.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .edit import edit
from .git import asked
from .history import INES, JONAS
from .office import clone, new_office

PERCENT = "        return percentage(subtotal_cents, voucher.value)\n"
FIVE_CENTS = "        return percentage(subtotal_cents, voucher.value) // 5 * 5\n"
MOST_OFF = "        return min(percentage(subtotal_cents, voucher.value), MOST_OFF_CENTS)\n"
BOTH = "        return min(percentage(subtotal_cents, voucher.value) // 5 * 5, MOST_OFF_CENTS)\n"
LIMIT = "MOST_OFF_CENTS = 50_00  # by a percentage"

GOOD_ROUNDING = "    return (cents * percent + 50) // 100\n"
BAD_ROUNDING = "    return round(cents * percent / 100)\n"
LIMITS = ("= 64 * 1024", "= 32 * 1024")

TEATIME = '        VoucherSetting(code="TEATIME", kind="percent", value=10, minimum_cents=1500),\n'
FIVER = '        VoucherSetting(code="FIVER", kind="amount", value=500, minimum_cents=2500),\n'
TEATIME_TEST = """from checkout.settings import Settings


def test_tea_time_takes_a_tenth_off():
    voucher = Settings().voucher("TEATIME")
    assert (voucher.kind, voucher.value, voucher.minimum_cents) == ("percent", 10, 1500)
"""
FIVE_CENTS_TEST = """from checkout.pricing import Voucher, discount


def test_a_percentage_off_ends_in_nought_or_five():
    assert discount(1_23, Voucher("TENTH", "percent", 10)) == 10
"""
MOST_OFF_TEST = """from checkout.pricing import Voucher, discount


def test_a_percentage_takes_off_fifty_at_most():
    assert discount(1000_00, Voucher("TENTH", "percent", 10)) == 50_00
"""


def desk_for(exercise: str) -> Path:
    """Lay the repository in which an exercise of lesson 11 is done, and give its folder.

    exercise: "11.1" has a change to be committed; "11.2" has none yet, while a colleague pushes;
    "11.3" has two changes of one line; "11.4" has a bad commit that is published.

    Raises KeyError for another exercise, and as `new_office` does.
    """
    begin = {"11.1": _tea_time, "11.2": _not_begun, "11.3": _same_line, "11.4": _published}[
        exercise
    ]
    desk = clone(new_office(f"exercise-{exercise}"), "desk", quiet=True)
    begin(desk)
    begun = {"exercise": exercise, "state": state(desk), "tips": tips(desk)}
    (desk / ".git" / "begun").write_text(json.dumps(begun), encoding="utf-8")
    return desk


def begun(desk: Path) -> dict[str, Any]:
    """What a desk began with: its exercise, its state, and the commit of each branch as "tips".

    Raises OSError where the folder is no desk.
    """
    return json.loads((desk / ".git" / "begun").read_text(encoding="utf-8"))


def make_tea_time(desk: Path) -> None:
    """Make the change of the tea time voucher in the folder, as one would in an editor."""
    edit(desk / "checkout" / "settings.py", FIVER, FIVER + TEATIME)
    _write(desk / "tests" / "test_teatime.py", TEATIME_TEST)


def state(desk: Path) -> str:
    """All that git sees of a repository: where it stands, its branches, what has changed."""
    refs = asked(desk, "for-each-ref", "--format=%(refname) %(objectname)")
    return asked(desk, "status", "--branch", "--porcelain", "--untracked-files=all") + refs


def tips(repository: Path) -> dict[str, str]:
    """The commit that each branch points at, by the branch's name."""
    form = "--format=%(refname:short) %(objectname)"
    return dict(
        line.split() for line in asked(repository, "for-each-ref", form, "refs/heads").splitlines()
    )


def _tea_time(desk: Path) -> None:
    asked(desk, "switch", "--quiet", "--create", "tea-time")
    make_tea_time(desk)
    _write(desk / "notes.txt", "call Anna back: till 4102 prints everything twice\n")


def _not_begun(desk: Path) -> None:
    _refuse_large_bodies(desk.parent)


def _same_line(desk: Path) -> None:
    pricing = desk / "checkout" / "pricing.py"
    asked(desk, "switch", "--quiet", "--create", "five-cents")
    edit(pricing, PERCENT, FIVE_CENTS)
    _write(desk / "tests" / "test_five_cents.py", FIVE_CENTS_TEST)
    asked(desk, "add", "checkout", "tests")
    why = "Round a percentage off down to five cents\n\nThe shops abroad have no smaller coin."
    asked(desk, "commit", "--quiet", "--message", why)
    other = clone(desk.parent, "ines", INES, quiet=True)
    imports = "from typing import Literal\n"
    edit(other / "checkout" / "pricing.py", imports, f"{imports}\n{LIMIT}\n")
    edit(other / "checkout" / "pricing.py", PERCENT, MOST_OFF)
    _write(other / "tests" / "test_most_off.py", MOST_OFF_TEST)
    _publish(other, "Take 50.00 off at most\n\nA voucher for a tenth was used on a freezer.")
    asked(desk, "switch", "--quiet", "main")
    asked(desk, "pull", "--quiet", "--ff-only")


def _published(desk: Path) -> None:
    jonas = clone(desk.parent, "jonas", JONAS, quiet=True)
    edit(jonas / "checkout" / "pricing.py", GOOD_ROUNDING, BAD_ROUNDING)
    (jonas / "tests" / "test_rounding.py").unlink()
    _publish(jonas, "Tidy up the rounding\n\nround() is built in, so tests of our own can go.")
    _refuse_large_bodies(desk.parent)
    asked(desk, "pull", "--quiet", "--ff-only")


def _refuse_large_bodies(office: Path) -> None:
    ines = clone(office, "ines", INES, quiet=True)
    edit(ines / "checkout" / "settings.py", *LIMITS)
    _publish(ines, "Refuse bodies above 32 KB\n\nThe largest basket of last year has 9 KB.")


def _publish(clone: Path, message: str) -> None:
    asked(clone, "add", "--all")
    asked(clone, "commit", "--quiet", "--message", message)
    asked(clone, "push", "--quiet")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
