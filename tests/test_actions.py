"""Workflows: the job graph is read from the file, and act runs it with no network."""

import pytest

from helpers.delivery.actions import CI, Job, draw, jobs, levels, workflow
from helpers.delivery.practice import practice_repository


def test_the_practice_workflow_is_read():
    made = jobs((practice_repository() / CI).read_text(encoding="utf-8"))
    assert levels(made) == [["lint", "test"], ["build"], ["release"]]
    assert {job.name: job.runs for job in made}["test"] == 3


def test_every_need_is_an_arrow():
    made = [Job("a"), Job("b", ("a",), 2), Job("c", ("a", "b"))]
    texts = draw(made).axes[0].texts
    assert [text.get_text() for text in texts if text.get_text()] == ["a", "b x 2", "c"]
    assert len([text for text in texts if getattr(text, "arrow_patch", None)]) == 3


@pytest.mark.parametrize(
    "text, says",
    [
        ("jobs: [", "no YAML"),
        ("name: x", "at least one job"),
        ("jobs: {a: }", "nothing to do"),
        ("jobs: {a: {needs: b}}", "needs b"),
        ("jobs: {a: {needs: b}, b: {needs: [a]}}", "wait for each other"),
    ],
)
def test_what_is_no_job_graph_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        jobs(text)


@pytest.mark.needs_tool("act")
def test_act_runs_a_job_and_hides_its_secret():
    repository = practice_repository()
    (repository / CI).write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        '      - run: \'test "$T" = s3cr3t-word && echo "has $T"\'\n'
        "        env: {T: '${{ secrets.TILL }}'}\n"
    )
    lines = []
    ran = workflow(repository, secrets={"TILL": "s3cr3t-word"}, say=lines.append)
    assert ran.code == 0, ran.output
    assert "has ***" in ran.output and "s3cr3t-word" not in "\n".join(lines) + ran.output
    (repository / CI).write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: exit 1}]\n"
    )
    assert workflow(repository, say=lines.append).code != 0
