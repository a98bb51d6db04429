"""What lesson 13 promises: its pipelines, what their logs say, and the files of its Jenkins."""

import ast
from functools import partial

import pytest
import yaml

from helpers import exercises
from helpers.delivery.actions import draw, jobs, levels
from helpers.delivery.beside import beside
from helpers.delivery.image import linted
from helpers.delivery.jenkins.syntax import tree
from helpers.delivery.practice import practice_files
from tests import stored

FILES = practice_files()
WORKFLOW, JENKINSFILE = FILES[".github/workflows/ci.yml"], FILES["Jenkinsfile"]


notebook, cell = partial(stored.notebook, "13"), partial(stored.cell, "13")


def printed(words):
    return stored.printed(cell(words))


def texts():
    """The texts that the notebook's cells name, or write into files, by either name."""
    found = {}
    for one in notebook().cells:
        for node in ast.walk(ast.parse(one.source)) if one.cell_type == "code" else ():
            if isinstance(node, ast.Assign) and is_text(node.value, found):
                found[node.targets[0].id] = worth(node.value, found)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "write_text":
                where = ast.unparse(node.func.value).strip("()").split("/")[-1].strip(" '\"")
                if is_text(node.args[0], {}):
                    found[where] = worth(node.args[0], {})
    return found


def is_text(node, known):
    """Whether a value is a text, or made of known texts by + and replace alone."""
    if isinstance(node, ast.BinOp):
        return is_text(node.left, known) and is_text(node.right, known)
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "replace":
        return all(is_text(one, known) for one in (node.func.value, *node.args))
    if isinstance(node, ast.Name):
        return node.id in known
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def worth(node, known):
    return eval(compile(ast.Expression(node), "<lesson 13>", "eval"), dict(known))


# What the text reads out of the outputs


def test_the_same_tests_pass_here_and_fail_there():
    assert printed("_ = run(").splitlines()[1].startswith(".....")
    why = printed("def why_red").splitlines()
    assert any("No module named 'checkout.greeting'" in line for line in why)
    assert why[-1] == "[test] Job failed"
    assert printed('git(repo, "status"').endswith("?? checkout/greeting.py\n")
    assert printed('push("Add the module') == "success\n"


def test_three_of_a_matrix_and_two_others():
    assert printed("made = jobs(GRAPH)").startswith("[['lint', 'test'], ['build']]\n")
    assert sum(job.runs for job in jobs(texts()["GRAPH"])) == 5


def test_the_release_finds_no_wheel_and_then_an_artifact():
    assert "dist/checkout.whl: No such file" in printed("push_workflow(HANDED)")
    last = printed("RELEASE = ").splitlines()
    assert last[-2:] == ["[release] | a wheel", "[release] Job succeeded"]


def test_the_cache_is_hit_once():
    rows = printed("asked = {").splitlines()[1:]
    assert [row.split()[-1] for row in rows] == ["False", "True", "False"]


def test_masking_hides_one_form_of_three():
    said = printed("told = on_push(")
    assert "[publish] | the token is ***\n" in said
    assert "till-4102-opens" not in said and "snepo-2014-llit" in said
    assert printed("base64.b64decode(printed[1])").startswith("[True, True]\n")
    there = printed('"till": token')
    assert "till-4102-opens" not in there and "the token is ****" in there


def test_a_chain_hides_that_a_test_fails_until_its_shell_is_bash():
    said = printed("piped = on_push(")
    assert "FAILED tests/test_pricing.py::test_an_amount_never_pays_out" in said
    assert "[test] Job succeeded" in said
    assert printed("BASH = ").splitlines()[-1] == "[test] Job failed"


def test_jenkins_runs_the_practice_pipeline_and_skips_the_release_elsewhere():
    said = printed("built = run_jenkinsfile")
    for name in ("Check", "Lint", "Test", "Build", "Release"):
        assert f"{name:<7}  SUCCESS" in said
    assert "0 tests failed; ['checkout-" in said
    both = printed("for branch in").split("\n\n")
    assert both[0].endswith("SUCCESS") and both[1].endswith("Release  SKIPPED")


def test_the_misspelt_step_is_named_with_its_line():
    error = cell("run_jenkinsfile(repo, say=hush, on_server=False)").outputs[0]
    assert error.ename == "JenkinsfileError"
    assert error.evalue.startswith("Jenkinsfile, line 7: step 'ehco' is not supported")


def test_blank_exercises_say_so():
    for id in ("13.1", "13.2", "13.3", "13.4", "13.5"):
        assert "exercise" in cell(f'check("{id}"').metadata.tags
        assert f"Not answered yet: {id}" in printed(f'check("{id}"')


# The two files beside each other


def test_the_table_is_made_from_both_files():
    table = beside(WORKFLOW, JENKINSFILE)
    pairs = list(zip(table["workflow"], table["Jenkinsfile"], strict=True))
    lines = WORKFLOW.splitlines(), JENKINSFILE.splitlines()
    for pair in pairs:
        for said, file in zip(pair, lines, strict=True):
            if said:
                number, line = said[:2], said[4:]
                assert file[int(number) - 1].strip() == line
    partner = {left[4:]: right[4:] for left, right in pairs}
    assert partner["- run: ruff check ."] == "sh 'ruff check .'"
    assert partner["if: github.ref == 'refs/heads/main'"] == "branch 'main'"
    assert partner["- uses: actions/upload-artifact@v4"].startswith("archiveArtifacts")
    assert partner["needs: [lint, test]"] == ""
    assert ("", "25  junit 'reports/pytest.xml'") in [(a, b.strip()) for a, b in pairs if not a]


def test_the_table_follows_a_change_of_a_file():
    table = beside(WORKFLOW.replace("ruff check .", "ruff check src"), JENKINSFILE)
    left = [a[4:] for a in table["workflow"] if a]
    assert "- run: ruff check src" in left
    rows = table[table["workflow"].str.contains("ruff check src", regex=False)]
    assert rows["Jenkinsfile"].tolist() == [""]


# The exercises


def test_the_clock_agrees_with_the_graph_where_runners_are_enough():
    exercise = exercises.find("13.1")
    wall_clock = exercise.run(exercise.solution)
    needs = {"lint": [], "test": [], "build": ["lint", "test"], "release": ["build"]}
    minutes = {"lint": 1, "test": 6, "build": 2, "release": 1}
    assert wall_clock(needs, minutes, 4) == 9 and wall_clock(needs, minutes, 1) == 10
    assert wall_clock({"a": [], "b": [], "c": []}, dict.fromkeys("abc", 2), 2) == 4


def test_the_pipeline_of_the_exercise_has_the_wanted_graph():
    exercise = exercises.find("13.3")
    for code in (exercise.solution, *exercise.also):
        made = jobs(exercise.run(code))
        assert levels(made) == [["style", "unit"], ["package"], ["browser"], ["publish"]]
        assert {job.name: job.runs for job in made}["unit"] == 2


@pytest.mark.parametrize(
    ("id", "answer", "words"),
    [
        ("13.2", "A B C", "missing"),
        ("13.3", 7, "as a text"),
        ("13.3", "jobs: [", "no YAML"),
        ("13.3", "on: push\njobs: {style: {needs: x}}", "not there"),
        ("13.3", "jobs: {style: {steps: [{run: a}]}}", "which event"),
        ("13.5", "pipeline {", "line 1"),
        ("13.5", 7, "whole Jenkinsfile"),
        (
            "13.5",
            "pipeline { agent any\nstages { stage('Test') { steps {\n"
            "if (env.BRANCH_NAME == 'main') { echo 'x' }\n} } } }",
            "no `if`",
        ),
        (
            "13.5",
            "pipeline { agent any\nstages { stage('Announce') { steps {\n"
            "when { branch 'main' }\n} } } }",
            "beside `steps`",
        ),
    ],
)
def test_strange_answers_get_a_helpful_word(id, answer, words):
    result = exercises.grade(id, answer, 1)
    assert result.state == "not yet" and words in result.message


# The Jenkins of one's own


def test_the_settings_hold_a_job_and_no_password():
    settings = yaml.safe_load(texts()["casc.yaml"])
    (user,) = settings["jenkins"]["securityRealm"]["local"]["users"]
    assert user["password"] == "${JENKINS_PASSWORD}"
    (job,) = settings["jobs"]
    folder, _, name = job["file"].rpartition("/")
    assert name in texts() and f"COPY casc.yaml {name} {folder}/" in texts()["Dockerfile"]
    assert f"CASC_JENKINS_CONFIG={folder}/casc.yaml" in texts()["Dockerfile"]


def test_the_job_is_groovy_and_of_the_kind_that_the_client_makes():
    from helpers.delivery.jenkins.server import JOB

    job = texts()["jobs.groovy"]
    assert not tree(job).has_error
    assert job.startswith(f"multibranchPipelineJob('{JOB}')")
    mounted = "/repository"
    assert f"remote('file://{mounted}')" in job
    assert f"origin.git:{mounted}:ro" in printed('server / "jobs.groovy"')


@pytest.mark.needs_tool("hadolint")
def test_the_image_of_jenkins_has_no_error():
    found = linted(texts()["Dockerfile"])
    assert not [one for one in found if "error" in one], found


def test_every_pipeline_of_the_notebook_can_be_drawn():
    named = {
        name: text for name, text in texts().items() if "jobs:\n" in text and "runs-on" in text
    }
    assert {"SMALL", "GRAPH", "ORDERED", "HANDED", "CACHED", "SECRET"} <= set(named)
    for text in named.values():
        assert len(draw(jobs(text)).axes) == 1
