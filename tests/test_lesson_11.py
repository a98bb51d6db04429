"""What lesson 11 promises: its story, its figures, and exercises that know a real state."""

import shutil
from functools import cache, partial

import nbformat
import pytest

from helpers import exercises
from helpers.delivery import desks
from helpers.delivery.desks import desk_for
from helpers.delivery.edit import resolve
from helpers.delivery.git import asked
from helpers.delivery.git import git as git_shown
from helpers.exercises.of_11_commit import _is_vague
from helpers.lesson.steps import step
from helpers.workspace import ROOT

git = partial(git_shown, quiet=True)
needs_git = pytest.mark.needs_tool("git")


@cache
def notebook():
    return nbformat.read(ROOT / "notebooks" / step("11").notebook, as_version=4)


def cell(part):
    """The one code cell that holds `part`."""
    found = [c for c in notebook().cells if c.cell_type == "code" and part in c.source]
    assert len(found) == 1, f"{len(found)} cells hold {part!r}"
    return found[0]


def printed(one):
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in one.outputs
    )


# The story


def test_a_payment_sent_twice_is_one_payment():
    assert printed(cell("first, second =")).startswith("201 200 True\n")


def test_the_message_says_why_the_line_is_odd():
    assert "round() takes 2.5 to 2" in printed(cell('"log", "-S", "percent + 50"'))


def test_ruff_finds_the_leak_and_the_hook_refuses_it():
    assert "['BREAD', 'OAT MILK']" in printed(cell("two_customers = "))
    assert "B006" in printed(cell('"ruff", "check", "--output-format"'))
    assert "B006" in printed(cell("refused = "))


def test_the_review_finds_what_a_test_finds():
    assert "subtotal_cents <= voucher.minimum_cents" in printed(
        cell('"main...origin/say-what-is-missing"')
    )
    assert "test_a_voucher_needs_its_minimum" in printed(cell('"--tb=no", "tests/test_pricing.py"'))


def test_the_conflict_shows_both_sides():
    said = printed(cell('text.index("        raise VoucherRefused")'))
    ours, theirs = said.split("=======")
    assert "more are missing" in ours and "/ 100:.2f" in theirs and ">>>>>>> money" in theirs


def test_only_a_revert_can_be_pushed():
    html = cell("ways = (").outputs[0]["data"]["text/html"]
    cells = html.replace("</th>", "").replace("</td>", "").split("<tbody>")[1]
    rows = [row.split("<td>") for row in cells.split("<tr>")[1:]]
    pushed = {row[0].split("<th>")[1].split()[0:2][1]: row[4].split()[0] for row in rows}
    assert pushed == {"--no-edit": "yes", "--soft": "no", "HEAD~1": "no", "--hard": "no"}


def test_the_bad_change_comes_back():
    assert "\nbad\n" in printed(cell('print((you / "README.md").read_text())'))


def test_the_chance_to_collide_grows_as_the_text_says():
    words = printed(cell("collided = pd.Series")).split("It came")[0].split()
    share = dict(zip(map(int, words[0:12:2]), map(float, words[1:12:2]), strict=True))
    assert share[1] < 5 and 30 < share[5] < 40 and 70 < share[10] < 80 and share[20] == 100
    chance = {size: 100 * (1 - (1 - 3 * size / 200) ** size) for size in share}
    assert all(abs(share[size] - chance[size]) < 10 for size in share)


def test_the_key_is_gone_from_the_files_and_stays_in_the_history():
    said = printed(cell('"-S", "corner-secret"'))
    assert "in the files now: False" in said and "corner-secret-4711" in said


def test_the_exercises_are_blank_as_they_come():
    for one in exercises.lesson("11").exercises:
        blank = cell(f'\ncheck("{one.id}", ' if one.id != "11.2" else 'check("11.2", lines)')
        assert "exercise" in blank.metadata.tags
        assert f"Not answered yet: {one.id}" in printed(blank)


# The exercises


@needs_git
@pytest.mark.parametrize("id", ["11.1", "11.3", "11.4"])
def test_an_untouched_desk_is_not_answered(id):
    assert exercises.grade(id, desk_for(id)).state == "not answered"
    assert exercises.grade(id, str(desk_for(id))).state == "not answered"


@needs_git
@pytest.mark.parametrize("answer", [5, "nowhere", ROOT, ["a"], {}, lambda: 1])
def test_what_is_no_desk_gets_told_how_to_begin(answer):
    result = exercises.grade("11.3", answer)
    assert result.state == "not yet"
    assert 'Run the cell with `desk_3 = desk_for("11.3")` again' in result.message


@needs_git
def test_the_desk_of_another_exercise_is_known():
    result = exercises.grade("11.1", desk_for("11.4"))
    assert "`desk_1` is the repository of 11.4." in result.message


@needs_git
def test_a_desk_that_was_thrown_away_gets_told_how_to_begin():
    desk = desk_for("11.1")
    shutil.rmtree(desk)
    assert "begins anew" in exercises.grade("11.1", desk).message


@needs_git
def test_a_branch_that_was_deleted_is_missed():
    desk = desk_for("11.3")
    git(desk, "branch", "--quiet", "-D", "five-cents")
    assert "is not there any more" in exercises.grade("11.3", desk).message


@needs_git
def test_what_was_found_wrong_can_be_put_right_at_the_same_desk():
    desk = desk_for("11.1")
    git(desk, "add", "--all")
    git(desk, "commit", "--quiet", "--message", "Take 10 % off at tea time")
    assert exercises.grade("11.1", desk).mistake == "swept in"
    git(desk, "reset", "--quiet", "HEAD~1")
    git(desk, "add", "checkout", "tests")
    git(desk, "commit", "--quiet", "--message", "Update settings.py")
    assert exercises.grade("11.1", desk).mistake == "a message that says nothing"
    git(desk, "commit", "--amend", "--quiet", "--message", "Take 10 % off at tea time")
    assert exercises.grade("11.1", desk).state == "right"


@needs_git
def test_going_on_after_the_commit_is_no_mistake():
    desk = desk_for("11.1")
    git(desk, "add", "checkout", "tests")
    git(desk, "commit", "--quiet", "--message", "Take 10 % off at tea time")
    git(desk, "switch", "--quiet", "main")
    git(desk, "merge", "--quiet", "--no-ff", "tea-time")
    git(desk, "push", "--quiet")
    assert exercises.grade("11.1", desk).state == "right"


@needs_git
def test_a_repair_that_breaks_the_code_shows_what_pytest_says():
    desk = desk_for("11.3")
    git(desk, "merge", "five-cents", check=False)
    resolve(desk / "checkout" / "pricing.py", "        return 7\n")
    git(desk, "commit", "--quiet", "--all", "--no-edit")
    result = exercises.grade("11.3", desk)
    assert result.state == "not yet" and result.mistake is None
    assert "FAILED tests/test_pricing.py" in result.message


@needs_git
@pytest.mark.parametrize(
    "order, words", [("A B", "is missing"), ("Z", "no line Z"), ("A A", "once")]
)
def test_an_order_that_is_none_is_said_to_be_so(order, words):
    assert words in exercises.grade("11.2", order).message


@needs_git
def test_where_git_refuses_its_own_words_are_shown():
    message = exercises.grade("11.2", "E D H F G B C A").message
    assert "git stops at `git merge --no-ff tea-time`" in message
    assert "not something we can merge" in message


@needs_git
def test_trying_an_order_leaves_no_office_behind():
    exercises.grade("11.2", "D H F G B C E A")
    assert not list((desks.new_office("x").parent).glob("exercise-11.2-*"))


@needs_git
def test_the_rounding_that_jonas_tidied_up_is_the_old_fault():
    desk = desk_for("11.4")
    assert "round(cents * percent / 100)" in asked(desk, "show", "main:checkout/pricing.py")
    assert not (desk / "tests" / "test_rounding.py").exists()


@pytest.mark.parametrize("subject", ["fix", "Update settings.py", "some changes", "wip wip wip"])
def test_a_vague_message_is_seen(subject):
    assert _is_vague(subject)


@pytest.mark.parametrize("subject", ["Take 10 % off at tea time", "Add the TEATIME voucher"])
def test_a_message_that_says_something_is_not_vague(subject):
    assert not _is_vague(subject)
