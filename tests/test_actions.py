"""Workflows: the job graph is read from the file, and act runs it with no network."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from matplotlib.figure import Figure

from helpers.delivery.actions import CI, Job, draw, jobs, levels, workflow
from helpers.delivery.practice import practice_repository
from helpers.delivery.runs import Reader, timeline


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


def put(repository, text):
    (repository / CI).write_text(text)


def steps(*lines):
    return "\n".join(
        ["on: push", "jobs:", "  a:", "    runs-on: ubuntu-latest", "    steps:"]
        + [f"      {line}" for line in lines]
    )


@pytest.mark.needs_tool("act")
def test_jobs_and_steps_are_read_from_what_act_says():
    repository = practice_repository("actions")
    put(
        repository,
        "on: push\njobs:\n"
        "  a:\n    runs-on: ubuntu-latest\n    strategy: {matrix: {n: [1, 2]}}\n"
        "    steps: [{run: 'echo one ${{ matrix.n }}'}]\n"
        "  b:\n    needs: a\n    runs-on: ubuntu-latest\n"
        "    steps: [{run: sleep 0.3}, {name: Bad, run: exit 3}, {run: echo never}]\n"
        "  c:\n    needs: b\n    runs-on: ubuntu-latest\n    steps: [{run: echo never}]\n",
    )
    ran = workflow(repository, say=lambda _: None)
    assert ran.code == 1
    assert [(job.name, job.result) for job in ran.jobs] == [
        ("a-1", "success"),
        ("a-2", "success"),
        ("b", "failure"),
    ]
    b = ran.job("b")
    assert [(one.name, one.result) for one in b.steps] == [
        ("sleep 0.3", "success"),
        ("Bad", "failure"),
    ]
    assert 0.3 <= b.steps[0].seconds <= b.seconds
    assert max(ran.job(name).ended for name in ("a-1", "a-2")) <= b.begun + 0.05
    assert ran.text("a-1").splitlines()[1] == "[a-1] | one 1"
    assert "never" not in ran.output and "exit status 3" in ran.output
    with pytest.raises(KeyError, match="there are a-"):
        ran.job("z")
    bars = timeline(ran, Figure().add_subplot()).patches
    assert len(bars) == 3 and bars[2].get_width() == pytest.approx(b.seconds)


@pytest.mark.needs_tool("act")
def test_a_secret_in_the_name_of_a_step_is_hidden_too():
    repository = practice_repository("actions")
    put(repository, steps("- run: echo s3cr3t-word"))
    lines = []
    ran = workflow(repository, secrets={"TILL": "s3cr3t-word"}, say=lines.append)
    assert "s3cr3t-word" not in "\n".join(lines) + repr(ran)


@pytest.mark.needs_tool("act")
def test_a_cache_is_kept_by_its_key(tmp_path):
    repository = practice_repository("actions")
    text = steps(
        "- uses: actions/checkout@v4",
        "- id: c",
        "  uses: actions/cache/restore@v4",
        "  with: {key: KEY, path: libs}",
        "- run: 'ls libs || { mkdir libs; echo made > libs/KEY; }'",
        "- uses: actions/cache/save@v4",
        "  with: {key: KEY, path: libs}",
        "- run: 'echo hit=${{ steps.c.outputs.cache-hit }}; cat libs/KEY'",
    )
    hits = []
    for key in ("libs-1", "libs-1", "libs-2", "libs"):
        put(repository, text.replace("KEY", key))
        ran = workflow(repository, caches=tmp_path, say=lambda _: None)
        assert ran.code == 0, ran.output
        hits.append("hit=true" in ran.output)
    assert hits == [False, True, False, False], "a key that another begins with is another"


@pytest.mark.needs_tool("act")
def test_two_at_once_do_not_meet():
    def one(name):
        repository = practice_repository(name)
        put(
            repository,
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            f"      - uses: actions/checkout@v4\n      - run: echo {name} > mine; sleep 0.5\n"
            "      - uses: actions/upload-artifact@v4\n        with: {name: x, path: mine}\n"
            "  b:\n    needs: a\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - uses: actions/checkout@v4\n      - uses: actions/download-artifact@v4\n"
            "        with: {name: x, path: got}\n      - run: cat got/mine\n",
        )
        return workflow(repository, say=lambda _: None)

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(one, ("first", "second")))
    for name, ran in zip(("first", "second"), runs, strict=True):
        assert ran.code == 0, ran.output
        assert f"[b] | {name}" in ran.output.splitlines()


@pytest.mark.needs_tool("act")
def test_a_file_that_is_no_workflow_is_refused_with_its_line():
    repository = practice_repository("actions")
    put(repository, steps("- bad: x"))
    ran = workflow(repository, say=lambda _: None)
    assert ran.code != 0 and "Line: 6" in ran.output and ran.jobs == []


def test_what_is_no_event_is_shown_as_it_is():
    said = []
    reader = Reader(said.append)
    for line in ("plain words", "[1, 2]", '{"msg": "Error: no"}', '{"msg": "Start server on x"}'):
        reader(line)
    assert said == ["plain words", "[1, 2]", "Error: no"] and reader.jobs == []
