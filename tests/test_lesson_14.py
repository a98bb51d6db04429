"""What lesson 14 claims of its recipes, and that its recorded findings are hadolint's own."""

import ast

import nbformat
import pytest

from helpers.delivery.image import instructions, linted, rebuilt
from helpers.delivery.image.linting import recorded
from helpers.delivery.practice import practice_files
from helpers.exercises import find
from helpers.notebooks import named


@pytest.fixture(scope="module")
def recipes():
    """The Dockerfiles that the notebook writes, by the names it gives them."""
    stored = nbformat.read(named(["14"])[0], as_version=4)
    sources = [cell.source for cell in stored.cells if cell.cell_type == "code"]
    names = {"better": practice_files()["Dockerfile"]}
    for source in sources:
        for one in ast.parse(source).body:
            target = one.targets[0] if isinstance(one, ast.Assign) else None
            if getattr(target, "id", "") in {"first", "pinned", "lean", "ordered", "safe"}:
                exec(compile(ast.Module([one], []), "<lesson 14>", "exec"), names)
    return {name: text for name, text in names.items() if not name.startswith("__")}


@pytest.mark.needs_tool("hadolint")
def test_without_hadolint_the_findings_are_the_same(recipes):
    assert len(recipes) == 6
    for recipe in recipes.values():
        assert sorted(linted(recipe)) == sorted(recorded(recipe))


def test_without_hadolint_it_is_said_how_to_get_it(recipes, capsys, monkeypatch):
    monkeypatch.setattr("helpers.tools.Tool.find", lambda self: None)
    assert any("DL3007" in finding for finding in linted(recipes["first"]))
    assert "hadolint is not on this machine" in capsys.readouterr().out


def test_each_step_of_the_recipe_improves_it(recipes):
    counts = [len(recorded(recipes[name])) for name in ("first", "pinned", "lean", "ordered")]
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[1] > counts[2]
    assert counts[3] == 0
    again = {name: len(rebuilt(instructions(r), "README.md")) for name, r in recipes.items()}
    assert again["lean"] == 2 and again["ordered"] == again["safe"] == again["better"] == 0


def test_the_rule_of_the_exercise_is_that_of_the_helper(recipes):
    exercise = find("14.4")
    runs_again = exercise.run(exercise.solution)
    steps = [s for s in instructions(recipes["ordered"]) if s.word in ("RUN", "COPY")]
    pairs = [(step.word, step.rest.split()[0]) for step in steps]
    for changed in ("requirements.txt", "checkout/app.py", "README.md"):
        expected = rebuilt(steps, changed)
        assert [steps[number] for number in runs_again(pairs, changed)] == expected
