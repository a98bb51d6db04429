"""The client of a real Jenkins server, against the answers that Jenkins documents."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from helpers.delivery.jenkins import ServerError, run_jenkinsfile
from helpers.delivery.jenkins.connection import Address, address
from helpers.delivery.jenkins.server import build_on_server
from helpers.programs import free_port
from tests.fake_jenkins import State, jenkins

REMOTE = "file:///repository"


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr("helpers.delivery.jenkins.server.EVERY", 0.01)
    monkeypatch.setattr("helpers.delivery.jenkins.server.SETTLED", 0.1)


def build(state, token="right", **more):
    lines = []
    options = {"remote": REMOTE, "limit": 20.0, "say": lines.append} | more
    with jenkins(state) as url:
        return build_on_server(Address(url, "you", token), Path("/nowhere"), **options), lines


def test_a_job_is_made_built_and_its_log_streamed():
    state = State()
    built, lines = build(state)
    assert built.ok and built.log == "Started\n[Pipeline] sh\n+ echo grün"
    assert lines[-3:] == ["Started", "[Pipeline] sh", "+ echo grün"], "also a split character"
    assert [(one.name, one.status) for one in built.stages] == [
        ("Lint", "SUCCESS"),
        ("Release", "SKIPPED"),
        ("Test", "FAILURE"),
    ]
    made = ElementTree.fromstring(state.jobs["checkout"].split("?>", 1)[1])
    assert made.tag.endswith("WorkflowMultiBranchProject")
    assert made.findtext(".//source/remote") == REMOTE
    assert made.findtext("factory/scriptPath") == "Jenkinsfile"
    assert "POST /job/checkout/job/main/build" in state.asked and len(state.builds) == 1


def test_a_second_call_uses_the_job_that_is_there():
    state = State()
    build(state)
    build(state)
    assert state.asked.count("POST /createItem") == 1 and len(state.builds) == 2


def test_parameters_wait_for_the_first_build_which_reads_them():
    state = State(takes=("FAST",))
    _, lines = build(state, parameters={"FAST": "yes"})
    assert [one.get("FAST") for one in state.builds] == [None, "yes"]
    assert any("reads the parameters" in line for line in lines)
    build(state, parameters={"FAST": "no"})
    assert len(state.builds) == 3


def test_a_branch_with_a_slash():
    state = State(branches=("main", "fix/price"))
    assert build(state, branch="fix/price")[0].ok
    posted = [one for one in state.asked if one.endswith("/build")]
    assert posted[-1] == "POST /job/checkout/job/fix%252Fprice/build"


@pytest.mark.parametrize("result", ["FAILURE", "UNSTABLE", "ABORTED"])
def test_a_build_that_fails_is_a_result(result):
    log = (b"Started\nERROR: script returned exit code 1\n", b"Finished: FAILURE\n")
    built, _ = build(State(result=result, log=log, stages=False))
    assert (built.status, built.ok) == (result, False)
    assert built.error == "ERROR: script returned exit code 1" and built.stages == []


@pytest.mark.parametrize(
    "state, more, says",
    [
        (State(), {"token": "wrong"}, r"does not know user 'you'.*401.*JENKINS_TOKEN"),
        (State(may_create=False), {}, r"may not do this.*403.*rights"),
        (State(jobs={"checkout": "<project/>"}), {}, "a job checkout already.*no git repository"),
        (State(), {"branch": "spring"}, "no branch spring with a Jenkinsfile:\nChecking"),
        (State(cancelled=True), {}, "cancelled while it waited"),
        (State(), {"limit": 0.0}, "After 0 seconds Jenkins still has not begun"),
    ],
)
def test_what_goes_wrong_is_said_with_a_remedy(state, more, says):
    with pytest.raises(ServerError, match=f"(?s){says}") as refused:
        build(state, **more)
    assert "right" not in str(refused.value).split() and "wrong" not in str(refused.value)


def test_a_job_of_another_repository_is_left_alone():
    state = State()
    build(state)
    with pytest.raises(ServerError, match=f"builds {REMOTE}, not file:///other"):
        build(state, remote="file:///other")
    assert len(state.builds) == 1


def test_nobody_listens():
    server = Address(f"http://127.0.0.1:{free_port()}/", "you", "t")
    with pytest.raises(ServerError, match="No Jenkins answers at http"):
        build_on_server(server, Path("/nowhere"), remote=REMOTE, say=lambda _: None)


def test_the_token_is_in_no_representation():
    assert "geheim" not in repr(Address("http://x/", "you", "geheim"))


def test_the_same_call_builds_here_or_there(monkeypatch, tmp_path):
    from helpers.delivery.practice import practice_repository

    repository = practice_repository("server")
    for name in ("URL", "USER", "TOKEN"):
        monkeypatch.delenv(f"JENKINS_{name}", raising=False)
    assert address() is None
    with pytest.raises(ValueError, match="JENKINS_URL"):
        run_jenkinsfile(repository, on_server=True)
    state = State()
    with jenkins(state) as url:
        monkeypatch.setenv("JENKINS_URL", url)
        monkeypatch.setenv("JENKINS_USER", "you")
        monkeypatch.setenv("JENKINS_TOKEN", "right")
        monkeypatch.setenv("JENKINS_REPOSITORY", REMOTE)
        assert "grün" in run_jenkinsfile(repository, say=lambda _: None).log
    assert REMOTE in state.jobs["checkout"]
