"""An office: a shared repository, clones that belong to somebody, and files edited in them."""

import os
import shutil
import subprocess

import pytest

from helpers.delivery import office as offices
from helpers.delivery.edit import edit, resolve
from helpers.delivery.git import asked, git
from helpers.delivery.history import JONAS
from helpers.delivery.office import ORIGIN, clone, new_office
from helpers.delivery.practice import practice_repository

pytestmark = pytest.mark.needs_tool("git")


def test_the_shared_repository_has_the_practice_repositorys_history():
    origin = new_office("team") / ORIGIN
    assert asked(origin, "show-ref") == asked(practice_repository(), "show-ref")
    assert asked(origin, "rev-parse", "--is-bare-repository").strip() == "true"


def test_each_office_is_a_new_one_with_the_next_number():
    names = [new_office("team").name for _ in range(3)]
    assert names == ["team-1", "team-2", "team-3"]
    assert new_office("other").name == "other-1"


def test_old_offices_go_unless_they_are_in_use(monkeypatch):
    first = new_office("team")
    for _ in range(offices.KEPT + 2):
        new_office("team")
    assert first.exists(), "it was worked in a moment ago"
    monkeypatch.setattr(offices, "IN_USE", -1.0)
    new_office("team")
    assert not first.exists()
    assert len(list(first.parent.iterdir())) == offices.KEPT + 1


def test_a_clone_is_somebodys_and_names_no_folder_of_the_machine():
    office = new_office("team")
    mine, jonas = clone(office, "mine", quiet=True), clone(office, "jonas", JONAS, quiet=True)
    for desk in (jonas, mine):
        git(desk, "commit", "--quiet", "--allow-empty", "--message", "Try", quiet=True)
    assert asked(jonas, "log", "-1", "--format=%an <%ae>").strip() == JONAS
    assert asked(mine, "log", "-1", "--format=%an").strip() == "You at Corner"
    assert str(office) not in git(mine, "push", quiet=True).output
    assert git(jonas, "push", check=False, quiet=True).code == 1, "mine was pushed before"


def test_a_hook_finds_the_courses_ruff_whatever_the_path_is(monkeypatch):
    desk = clone(new_office("team"), "mine", quiet=True)
    shutil.copy(desk / "hooks" / "pre-commit", desk / ".git" / "hooks")
    plain = os.pathsep.join({os.path.dirname(shutil.which(name)) for name in ("git", "sh")})
    monkeypatch.setenv("PATH", plain)
    (desk / "checkout" / "bad.py").write_text("import json\n")
    asked(desk, "add", "--all")
    refused = git(desk, "commit", "--message", "Try", check=False, quiet=True)
    assert refused.code == 1 and "F401" in refused.output
    (desk / "checkout" / "bad.py").write_text("GOOD = 1\n")
    asked(desk, "add", "--all")
    assert git(desk, "commit", "--message", "Try", quiet=True).code == 0


def test_an_edit_can_be_run_again(tmp_path, capsys):
    file = tmp_path / "a.py"
    file.write_text("a = 1\nb = 2\n")
    for _ in range(2):
        edit(file, "a = 1\n", "a = 1\nc = 3\n")
    assert file.read_text() == "a = 1\nc = 3\nb = 2\n"
    assert "has this change already" in capsys.readouterr().out
    edit(file, "c = 3\n", "")
    assert file.read_text() == "a = 1\nb = 2\n"


@pytest.mark.parametrize("text", ["", "x = 1\nx = 1\n"])
def test_an_edit_of_what_is_not_there_once_says_what_to_do(tmp_path, text):
    file = tmp_path / "a.py"
    file.write_text(text)
    with pytest.raises(ValueError, match="Run the lesson again from its top"):
        edit(file, "x = 1\n", "x = 2\n")
    assert file.read_text() == text


def test_a_conflict_is_resolved_and_nothing_else_is_touched(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> there\nd\n")
    resolve(file, "b and c\n")
    assert file.read_text() == "a\nb and c\nd\n"
    with pytest.raises(ValueError, match="holds 0 conflicts"):
        resolve(file, "b\n")


def test_nothing_is_left_outside_the_office(tmp_path):
    before = set(tmp_path.iterdir())
    office = new_office("team")
    clone(office, "mine", quiet=True)
    assert {path.name for path in office.iterdir()} == {ORIGIN, "mine"}
    assert {path.name for path in set(tmp_path.iterdir()) - before} == {"workspace"}
    done = subprocess.run(["git", "fsck", "--strict"], cwd=office / "mine", capture_output=True)
    assert done.returncode == 0
