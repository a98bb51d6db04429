"""What the first lesson promises: its loops, its figures, its exercises, its decision aid."""

import sys
from functools import cache

import httpx
import nbformat
import pytest

from helpers import exercises
from helpers.delivery.first_shop import TESTING, new_shop
from helpers.delivery.repository import Repository
from helpers.lesson.deciding import PROBLEMS, QUESTIONS, decision_aid
from helpers.lesson.steps import STEPS, step
from helpers.lesson.walking import two_loops
from helpers.programs import Server, free_port, run
from helpers.workspace import ROOT

CHECKOUT = "def total(prices, voucher=0):\n    return max(0, sum(prices) - voucher)\n"


@cache
def notebook():
    return nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)


def cell(beginning):
    """The one code cell in which a line begins so."""
    found = [
        one
        for one in notebook().cells
        if one.cell_type == "code"
        and any(line.startswith(beginning) for line in one.source.splitlines())
    ]
    assert len(found) == 1, f"{len(found)} cells hold {beginning!r}"
    return found[0]


def taught(name):
    """A function as the lesson's own cell defines it."""
    names = {}
    exec(cell(f"def {name}(").source, names)
    return names[name]


def printed(one):
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in one.outputs
    )


# The DevOps loop


@pytest.fixture
def shop():
    return new_shop()


def served(shop):
    port = free_port()
    server = Server(
        sys.executable,
        "serve.py",
        cwd=shop,
        env={"PORT": str(port)},
        port=port,
        log=shop / "server.log",
        quiet=True,
    )
    return server.wait()


def put(shop, version, code):
    folder = shop / "releases" / version
    folder.mkdir(parents=True)
    (folder / "checkout.py").write_text(code)
    (shop / "current").write_text(version)


def test_the_pointer_decides_which_version_answers(shop):
    put(shop, "1", CHECKOUT)
    put(shop, "2", CHECKOUT.replace("sum(prices)", "sum(prices) * 2"))
    with served(shop) as server:
        for version, total in (("2", 1900), ("1", 900), ("2", 1900)):
            (shop / "current").write_text(version)
            answer = httpx.post(
                server.url + "/total", json={"prices": [1000], "voucher": 100}, trust_env=False
            )
            assert answer.json() == {"total": total, "version": version}


def test_a_fault_in_the_code_is_status_500_and_the_server_lives_on(shop):
    put(shop, "1", "def total(prices, voucher=0):\n    return prices / 0\n")
    with served(shop) as server:
        answer = httpx.post(server.url + "/total", json={"prices": [1]}, trust_env=False)
        assert answer.status_code == 500
        assert "TypeError" in answer.json()["error"]
        assert httpx.get(server.url, trust_env=False).status_code == 200
    assert not server.running


def test_pytest_in_the_shop_is_untouched_by_the_outer_run(shop, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    (shop / "checkout.py").write_text(CHECKOUT)
    (shop / "test_checkout.py").write_text(
        "from checkout import total\n\ndef test_sum():\n    assert total([1, 2]) == 3\n"
    )
    ran = run("pytest", cwd=shop, env=TESTING, check=False, quiet=True)
    assert (ran.code, "PASSED test_checkout.py::test_sum" in ran.output) == (0, True)
    (shop / "checkout.py").write_text(CHECKOUT.replace("sum", "len"))
    assert run("pytest", cwd=shop, env=TESTING, check=False, quiet=True).code == 1


@pytest.mark.needs_tool("git")
def test_commits_stay_in_the_shop_whatever_git_is_told(shop, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    (shop / "checkout.py").write_text(CHECKOUT)
    history = Repository(shop)
    history.commit("one")
    (shop / "checkout.py").write_text(CHECKOUT + "\n")
    history.commit("two")
    assert history.log() == ["one", "two"]
    assert (shop / ".git").is_dir() and not (tmp_path / "elsewhere").exists()


@pytest.mark.needs_tool("git")
def test_a_commit_of_nothing_is_no_commit(shop, capsys):
    (shop / "checkout.py").write_text(CHECKOUT)
    history = Repository(shop)
    history.commit("one")
    history.commit("again")
    assert history.log() == ["one"]
    assert "Nothing has changed" in capsys.readouterr().out


@pytest.mark.needs_tool("git")
def test_what_git_refuses_is_said_in_its_words(shop):
    (shop / "checkout.py").write_text(CHECKOUT)
    history = Repository(shop)
    (shop / ".git" / "index.lock").touch()
    with pytest.raises(RuntimeError, match=r"git add did not work: .*index\.lock"):
        history.commit("one")


def test_without_git_the_loop_goes_on(shop, monkeypatch, capsys):
    monkeypatch.setattr("helpers.tools.Tool.find", lambda self: None)
    history = Repository(shop)
    history.commit("one")
    assert "git is not on this machine" in capsys.readouterr().out
    assert history.log() == []


def test_two_runs_have_a_folder_each(shop):
    assert new_shop() != shop


# The figures that the text reads out


def test_the_old_test_catches_the_change():
    said = printed(cell("assert not run_tests()"))
    assert "FAILED test_checkout.py::test_the_till_never_pays_out - assert -200 == 0" in said
    assert said.count("PASSED") == 3


def test_the_rest_of_the_story_is_in_the_outputs():
    assert "'total': 6000, 'version': '1'" in printed(cell('release("1")'))
    assert printed(cell("before = watch")).split()[-4:] == ["2", "100", "0", "0"]
    assert int(printed(cell('release("3")')).split()[-2]) > 20


def test_quality_falls_by_about_half_and_comes_back():
    names = {"__builtins__": __builtins__}
    for beginning in (
        "import random",
        "world = World",
        "facts = features",
        "def train",
        "def quality",
    ):
        exec(cell(beginning).source, names)
    model, retrained, quality = names["model"], names["train"](range(7, 14)), names["quality"]
    before = sum(quality(model, n) for n in (8, 9, 10)) / 3
    during = sum(quality(model, n) for n in range(11, 19)) / 8
    after = sum(quality(retrained, n) for n in range(15, 19)) / 4
    assert 0.6 < before < 0.8
    assert 0.4 < during / before < 0.6
    assert after > before
    shown = printed(cell('print(f"weeks 8 to 10'))
    assert f"{before:.2f}" in shown and f"{during:.2f}" in shown


# The two loops and the decision aid


def test_counterparts_stand_in_the_other_loop():
    in_a_loop = [one for one in STEPS if one.loop in ("DevOps", "MLOps")]
    for one in in_a_loop:
        assert all({one.loop, step(n).loop} == {"DevOps", "MLOps"} for n in one.counterparts)
    assert [one.number for one in in_a_loop if not one.counterparts] == ["27"]
    for one in STEPS:
        if one.loop == "again":  # a walk through both
            assert {step(n).loop for n in one.counterparts} == {"DevOps", "MLOps"}


def test_walking_marks_the_step_and_its_counterparts():
    box = two_loops().widget
    picture, controls, cards = box.children
    buttons = {b.description[:2]: b for b in picture.children[1:]}
    buttons["12"].click()
    framed = {number for number, button in buttons.items() if button.layout.border_top}
    assert framed == {"22", "24"}
    assert buttons["12"].style.button_color and not buttons["13"].style.button_color
    assert "Clean and prepare (22)" in cards.value
    on = controls.children[1]
    on.click()
    assert buttons["13"].style.button_color and not buttons["12"].style.button_color
    back = controls.children[0]
    for _ in range(3):
        back.click()
    assert buttons["27"].style.button_color, "from the first step one goes back to the last"
    on.click()
    assert buttons["11"].style.button_color, "and from the last on to the first"


def test_a_rule_that_can_be_written_down_needs_no_model():
    rule = taught("which_loop")
    answers = [(a, b) for a in (True, False) for b in (True, False)]
    assert {rule(True, *rest)[0] for rest in answers} == {"DevOps"}
    assert [rule(False, *rest)[0] for rest in answers] == [
        "MLOps",
        "MLOps, with late labels",
        *["DevOps, with a model in the box"] * 2,
    ]


def test_each_outcome_has_a_problem():
    rule = taught("which_loop")
    assert {rule(*one.answers)[0] for one in PROBLEMS} == {
        "DevOps",
        "DevOps, with a model in the box",
        "MLOps",
        "MLOps, with late labels",
    }


def test_the_aid_judges_when_all_three_are_answered_and_compares():
    box = decision_aid(taught("which_loop")).widget
    problem, _, *rows, verdict = box.children
    entries = [row.children[1] for row in rows]
    assert len(entries) == len(QUESTIONS)
    problem.value = PROBLEMS[1]
    entries[0].value, entries[1].value = True, True
    assert "1 of 3 answers to go" in verdict.value
    entries[2].value = False
    assert "A fraud filter for card payments: DevOps" in verdict.value
    assert "Question 1: we would say no" in verdict.value
    entries[0].value = False
    assert "MLOps, with late labels" in verdict.value
    assert "We would have answered the same" in verdict.value


def test_the_aid_takes_a_problem_of_ones_own():
    box = decision_aid(taught("which_loop")).widget
    problem, own, *rows, verdict = box.children
    problem.value = problem.options[-1][1]
    own.value = "<b>parcels</b>"
    for row, answer in zip(rows, (False, True, True), strict=True):
        row.children[1].value = answer
    assert "&lt;b&gt;parcels&lt;/b&gt;: MLOps" in verdict.value
    problem.value = PROBLEMS[0]
    assert all(row.children[1].value is None for row in rows)


# The exercises


def test_the_first_exercise_cannot_be_failed_twice():
    wrong = ["errors", "0.5", "'no'", "100 * errors / len(codes)", "len(codes)", "codes", "1 / 0"]
    for answer in wrong:
        names = {}
        exec(cell("def error_rate").source.split("\n\ncheck")[0].replace("...", answer), names)
        result = exercises.grade("00.1", names["error_rate"])
        assert result.state == "not yet"
        assert "return errors / len(codes)" in result.message, answer


def test_the_cells_of_exercises_are_blank_as_they_come():
    for id, name in (("00.1", "error_rate"), ("00.2", "first_bad_week")):
        one = cell(f"def {name}")
        assert "exercise" in one.metadata.tags
        assert f"Not answered yet: {id}" in printed(one)


def test_links_go_to_the_lessons_that_are_here_and_to_no_other():
    text = "\n".join(c.source for c in notebook().cells if c.cell_type == "markdown")
    linked = {one.number for one in STEPS if f"({one.notebook})" in text}
    assert linked == {one.number for one in STEPS if one.written} - {"00"}


def test_cells_stay_short():
    sizes = sorted(
        sum(bool(line.strip()) for line in one.source.splitlines())
        for one in notebook().cells
        if one.cell_type == "code"
    )
    assert sizes[len(sizes) // 2] <= 5
    assert sizes[int(len(sizes) * 0.9)] < 14
    assert sizes[-1] <= 25
