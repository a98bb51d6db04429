"""Jenkinsfiles: the subset is read and run as Jenkins would, and anything else is refused."""

import pytest

from helpers.delivery.git import asked
from helpers.delivery.jenkins import JenkinsfileError, run_jenkinsfile
from helpers.delivery.jenkins.parse import parse
from helpers.delivery.jenkins.run import KEPT
from helpers.delivery.practice import practice_repository


@pytest.fixture
def build(tmp_path):
    """Build a repository of one Jenkinsfile; gives the result and the lines that were shown."""

    def _build(text, **more):
        repository = tmp_path / "shop"
        repository.mkdir(exist_ok=True)
        (repository / "Jenkinsfile").write_text(text)
        asked(repository, "init", "--quiet", "--template=")
        asked(repository, "symbolic-ref", "HEAD", "refs/heads/main")
        asked(repository, "add", "-A")
        who = ("-c", "user.name=A", "-c", "user.email=a@b.example")
        asked(repository, *who, "commit", "--quiet", "--allow-empty", "-m", "Work")
        lines = []
        return run_jenkinsfile(repository, say=lines.append, **more), lines

    return _build


def steps(body, before="", after=""):
    return (
        f"pipeline {{\n agent any\n {before}\n stages {{ stage('One') {{ steps {{\n{body}\n}} }} }}"
        f"\n {after}\n}}\n"
    )


def stages(*texts, before="", after=""):
    return f"pipeline {{ agent any\n{before}\nstages {{\n" + "\n".join(texts) + f"\n}}\n{after} }}"


def stage(name, body, more=""):
    return f"stage('{name}') {{ {more}\n steps {{ {body} }} }}"


def statuses(result):
    return {one.name: one.status for one in result.stages}


POST = (
    "post { "
    + " ".join(
        f"{when} {{ echo 'post {when}' }}\n"
        for when in ("always", "success", "failure", "unstable")
    )
    + "}"
)
REPORT = (
    "<testsuite><testcase classname='t' name='a'/>"
    "<testcase classname='t' name='b'>{}</testcase></testsuite>"
)


def test_environment_and_variables_reach_echo_and_the_shell(build):
    text = steps(
        "echo \"${APP} $APP ${env.BUILD_NUMBER} \\$APP\"\necho '${APP}'\nsh 'echo shell=$APP'",
        before="environment { APP = 'shop' }",
    )
    result, lines = build(text, number=7)
    assert result.ok
    assert {"shop shop 7 $APP", "${APP}", "shell=shop"} <= set(lines)


def test_parameters_have_defaults_and_can_be_given(build):
    text = steps(
        'echo "${params.WHO} ${params.FAST}"',
        before="parameters { string(name: 'WHO', defaultValue: 'Mira')\n"
        "booleanParam(name: 'FAST', defaultValue: true) }",
    )
    assert "Mira true" in build(text)[1]
    assert "Jonas false" in build(text, parameters={"WHO": "Jonas", "FAST": False})[1]
    with pytest.raises(ValueError, match="no parameter WHAT"):
        build(text, parameters={"WHAT": 1})


def test_a_failed_stage_skips_the_rest_and_its_post_is_run(build):
    text = stages(stage("A", "sh 'exit 3'"), stage("B", "echo 'never'"), after=POST)
    result, lines = build(text)
    assert (result.status, statuses(result)) == ("FAILURE", {"A": "FAILURE", "B": "SKIPPED"})
    assert "exit code 3" in result.error
    assert [line for line in lines if line.startswith("post")] == ["post always", "post failure"]


def test_a_success_runs_always_and_success(build):
    lines = build(steps("echo 'x'", after=POST))[1]
    assert [line for line in lines if line.startswith("post")] == ["post always", "post success"]


@pytest.mark.parametrize("inner, status", [("<failure/>", "UNSTABLE"), ("<skipped/>", "SUCCESS")])
def test_junit_counts_tests_and_a_failed_one_makes_the_build_unstable(build, inner, status):
    text = steps(f'sh "echo \\"{REPORT.format(inner)}\\" > r.xml"\njunit \'*.xml\'', after=POST)
    result, lines = build(text)
    assert result.status == status
    kind = "failed" if status == "UNSTABLE" else "skipped"
    assert result.tests == {"passed": 1, "failed": 0, "skipped": 0} | {kind: 1}
    assert f"post {status.lower()}" in lines


def test_stages_run_side_by_side(build):
    wait = "for n in $(seq 100); do test -e {1} && break; sleep 0.1; done"
    meet = f"sh 'touch {{0}}; {wait}; test -e {{1}}'"
    both = stage("L", meet.format("l", "r")) + "\n" + stage("R", meet.format("r", "l"))
    result, _ = build(stages(f"stage('Both') {{ parallel {{ {both} }} }}"))
    assert statuses(result) == {"Both": "SUCCESS", "L": "SUCCESS", "R": "SUCCESS"}


@pytest.mark.parametrize(
    "when, branch, status",
    [
        ("branch 'main'", "main", "SUCCESS"),
        ("branch 'main'", "work", "SKIPPED"),
        ("expression { env.BRANCH_NAME == 'work' }", "work", "SUCCESS"),
        ("expression { return env.BRANCH_NAME != 'work' && true }", "work", "SKIPPED"),
        ("expression { !(env.NONE == 'x') || false }", "work", "SUCCESS"),
        ("environment name: 'BRANCH_NAME', value: 'work'", "main", "SKIPPED"),
    ],
)
def test_when_decides_whether_a_stage_runs(build, when, branch, status):
    result, _ = build(stages(stage("A", "echo 'a'", f"when {{ {when} }}")), branch=branch)
    assert statuses(result) == {"A": status}


def test_retry_tries_again_and_timeout_ends_a_stage(build):
    once = stage("A", "sh 'test -e seen || { touch seen; exit 1; }'", "options { retry(2) }")
    assert build(stages(once))[0].ok
    slow = "options { timeout(time: 1, unit: 'SECONDS') }"
    result, lines = build(stages(stage("A", "sh 'sleep 30'", slow), after=POST))
    assert result.status == "ABORTED" and "post always" in lines and "post failure" not in lines
    assert result.stages[0].seconds < 20


def test_the_lines_of_stages_side_by_side_begin_with_their_names(build):
    both = stage("L", "sh 'echo left'") + "\n" + stage("R", "echo 'right'")
    result, lines = build(
        stages(f"stage('Both') {{ parallel {{ {both} }} }}", stage("C", "echo 'c'"))
    )
    assert {"[L] left", "[R] right", "c"} <= set(lines)
    assert "[L] left" in result.log.splitlines()


def test_of_earlier_builds_the_newest_stay(build, monkeypatch):
    monkeypatch.setattr("helpers.delivery.jenkins.run.IN_USE", -1.0)
    folders = [build(steps("echo 'x'"))[0].folder.parent for _ in range(KEPT + 3)]
    assert [one.exists() for one in folders] == [False] * 2 + [True] * (KEPT + 1)


def test_files_are_stashed_archived_and_kept_inside_the_workspace(build):
    result, _ = build(
        steps(
            "dir('out') { sh 'echo 1 > a.txt' }\nstash name: 's', includes: 'out/*.txt'\n"
            "sh 'rm -r out'\nunstash 's'\narchiveArtifacts artifacts: 'out/*.txt'"
        )
    )
    assert result.ok and [path.read_text() for path in result.artifacts] == ["1\n"]
    for body in ("archiveArtifacts 'no/*'", "unstash 'x'", "dir('../..') { echo 'x' }"):
        assert build(steps(body))[0].status == "FAILURE"


@pytest.mark.parametrize("secret", ['pa$$w\'rd "x"', "first-line\nsecond-line", "plain"])
def test_a_secret_reaches_the_command_and_never_the_log(build, secret):
    body = (
        "withCredentials([string(credentialsId: 'till', variable: 'TOKEN')]) {\n"
        'sh \'echo "$TOKEN"; printf %s "$TOKEN" > got\'\necho "is ${TOKEN}"\n'
        "sh(script: \"echo '${TOKEN}' || true\")\n}"
    )
    result, lines = build(steps(body), credentials={"till": secret})
    assert (result.folder / "got").read_text() == secret
    shown = "\n".join(lines) + result.log + result.error
    assert "****" in shown
    assert not [part for part in secret.splitlines() if part in shown]
    assert 'rd "x"' not in shown, "the tail of a secret, as a shell quotes it"
    assert build(steps(body))[0].status == "FAILURE"


@pytest.mark.parametrize(
    "body, line, says",
    [
        ("echo 'a'\nmail 'x'", 2, "step 'mail'.*sh, echo, dir"),
        ("script { x = 1 }", 1, "step 'script'"),
        ("if (true) { echo 'x' }", 1, "not supported here"),
        ("echo(foo())", 1, "not supported as a value"),
        ("sh script: 'x', returnStdout: true", 1, "'returnStdout'.*script, label"),
        ("withCredentials([file(credentialsId: 'a', variable: 'b')]) { echo 'x' }", 1, "file"),
        ("sh 'a'\n  , ,", 2, "missing|near"),
    ],
)
def test_what_is_not_known_is_named_with_its_line(body, line, says):
    with pytest.raises(JenkinsfileError, match=says) as refused:
        parse(steps(body))
    assert refused.value.line == line + 4


@pytest.mark.parametrize(
    "text",
    [
        "node { }",
        "pipeline { agent any }",
        "pipeline { agent none\nstages { stage('a') { steps { echo 'x' } } } }",
        steps("echo 'x'", before="triggers { cron('x') }"),
        steps("echo 'x'", after="post { changed { echo 'x' } }"),
        steps("echo 'x'").rstrip().rstrip("}"),
        stages(stage("A", "echo 'x'", "when { tag 'x' }")),
        stages("stage('A') { agent any }"),
        stages("stage('A') { when { branch 'main' } steps { echo 'a' } }"),
        "",
    ],
)
def test_a_file_outside_the_subset_is_refused(text):
    with pytest.raises(JenkinsfileError, match=r"line [0-9]+"):
        parse(text)


def test_the_practice_repository_is_green():
    result = run_jenkinsfile(practice_repository("jenkins"), say=lambda _: None)
    assert result.ok, result.log
    assert list(statuses(result)) == ["Check", "Lint", "Test", "Build", "Release"]
    assert result.tests["passed"] > 10 and not result.tests["failed"]
    assert [path.suffix for path in result.artifacts] == [".whl"]
