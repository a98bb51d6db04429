"""The practice repository: the same everywhere, alone, and fit by every tool it is meant for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.delivery.git import asked, git
from helpers.delivery.history import HISTORY, Change, NewSection, states
from helpers.delivery.practice import KEPT, practice_files, practice_repository
from helpers.programs import ProgramFailed
from helpers.workspace import ROOT

PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def clean(**more):
    """This process's environment without what points git elsewhere."""
    return {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | more


def tool(repository, *command, **more):
    """Run a tool in the repository as a learner would in a terminal of the course."""
    program = shutil.which(command[0], path=PATH)
    return subprocess.run(
        [program, *map(str, command[1:])],
        cwd=repository,
        env=clean(PATH=PATH, PYTHONPATH="", **more),
        capture_output=True,
        text=True,
        timeout=300,
    )


def snapshot(repository):
    """All that git knows of a repository, and all of its files, to see whether anything moved."""
    refs = asked(repository, "for-each-ref")
    config = (repository / ".git" / "config").read_text()
    files = {p: p.stat().st_mtime_ns for p in sorted(repository.rglob("*")) if p.is_file()}
    return refs, config, asked(repository, "status", "--porcelain"), set(files)


def test_the_history_is_short_and_of_several_people():
    repository = practice_repository()
    log = asked(repository, "log", "--format=%an|%ae|%ai|%ci").splitlines()
    assert 6 <= len(log) <= 10
    assert len({line.split("|")[0] for line in log}) == 3
    assert all(line.split("|")[1].endswith("@corner.example") for line in log)
    assert asked(repository, "tag").split() == ["v1.0.0", "v1.0.1", "v1.1.0"]
    assert asked(repository, "branch", "--format=%(refname:short)").split() == ["main"]
    assert asked(repository, "status", "--porcelain") == ""
    assert asked(repository, "fsck", "--strict") == ""
    assert asked(repository, "log", "--merges", "--format=%s").strip() == "Merge branch 'jenkins'"


def test_the_newest_files_are_the_services_own():
    repository = practice_repository()
    for path in (ROOT / "helpers" / "serving").glob("*.py"):
        assert (repository / "checkout" / path.name).read_bytes() == path.read_bytes()
    assert os.access(repository / "hooks" / "pre-commit", os.X_OK)
    version = asked(repository, "describe", "--tags").strip()
    assert (
        f'__version__ = "{version.removeprefix("v")}"' in practice_files()["checkout/__init__.py"]
    )


def test_an_older_state_is_made_from_the_newest():
    first, last = states(practice_files())[0], states(practice_files())[-1]
    assert set(first) < set(last)
    assert "Dockerfile" not in first and "## Image" not in first["README.md"]
    assert "round(" in first["checkout/pricing.py"] and "round(" not in last["checkout/pricing.py"]


def test_a_history_that_does_not_fit_the_files_is_refused():
    with pytest.raises(ValueError, match=r"no step of the history adds new\.txt"):
        states({**practice_files(), "new.txt": ""})
    with pytest.raises(ValueError, match="does not hold exactly once"):
        Change("a", "x", "y").taken_back("z")
    with pytest.raises(ValueError, match="has no section"):
        NewSection("a", "Run it").taken_back("# Title\n")


ODD = """
[user]
    useConfigOnly = true
[commit]
    gpgSign = true
[tag]
    gpgSign = true
[gpg]
    program = /bin/false
[core]
    autocrlf = true
    hooksPath = {hooks}
    fsmonitor = {hooks}/post-checkout
    excludesFile = {hooks}/ignore
[init]
    defaultBranch = trunk
    templateDir = {hooks}
[safe]
    directory =
[format]
    pretty = oneline
"""


def odd_home(folder):
    """A home whose git configuration does all that could go wrong, and the mark its hooks leave."""
    hooks, mark = folder / "hooks", folder / "a-hook-ran"
    hooks.mkdir(parents=True)
    for name in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{mark}'\nexit 1\n")
        (hooks / name).chmod(0o755)
    (hooks / "ignore").write_text("*\n")
    (folder / ".gitconfig").write_text(ODD.format(hooks=hooks))
    (folder / ".config" / "git").mkdir(parents=True)
    (folder / ".config" / "git" / "ignore").write_text("*.py\n")
    return mark


def test_neither_identity_nor_configuration_of_the_learner_matters(tmp_path, monkeypatch):
    plain = practice_repository()
    log = asked(plain, "log")
    mark = odd_home(tmp_path / "home")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "home" / ".gitconfig"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    odd = practice_repository("odd")
    assert asked(odd, "show-ref") == asked(plain, "show-ref")
    assert asked(odd, "log") == log
    (odd / "README.md").write_text("changed\n")
    git(odd, "commit", "--quiet", "--all", "--message", "Try", quiet=True)
    assert asked(odd, "log", "-1", "--format=%an <%ae>").strip() == (
        "You at Corner <you@corner.example>"
    )
    assert not mark.exists()


@pytest.mark.skipif(os.name != "posix", reason="the odd configuration is POSIX's")
def test_git_typed_in_a_terminal_heeds_the_repository_too(tmp_path):
    mark = odd_home(tmp_path / "home")
    repository = practice_repository()
    (repository / "new.py").write_text("x = 1\n")
    for command in (["add", "new.py"], ["commit", "-m", "Try"], ["tag", "-m", "x", "v9"]):
        done = tool(repository, "git", *command, HOME=str(tmp_path / "home"))
        assert done.returncode == 0, done.stderr
    assert not mark.exists()
    assert asked(repository, "log", "-1", "--format=%an").strip() == "You at Corner"


@pytest.mark.parametrize("inside", [True, False])
def test_the_courses_own_repository_is_never_touched(tmp_path, monkeypatch, inside):
    course = tmp_path / "course"
    course.mkdir()
    asked(course, "init", "--quiet")
    (course / "lesson.txt").write_text("a lesson\n")
    asked(course, "add", ".")
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    asked(course, *identity, "commit", "--quiet", "-m", "The course")
    (course / ".git" / "info").mkdir(exist_ok=True)
    (course / ".git" / "info" / "exclude").write_text("workspace/\n")
    if inside:
        monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(course / "workspace"))
    before = snapshot(course)[:3]
    monkeypatch.setenv("GIT_DIR", str(course / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(course))
    monkeypatch.setenv("GIT_INDEX_FILE", str(course / ".git" / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(course / ".git" / "objects"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'user.name=Wrong'")
    monkeypatch.chdir(course)

    repository = practice_repository()
    (repository / "README.md").write_text("changed\n")
    git(repository, "commit", "--quiet", "--all", "--message", "Mine", quiet=True)
    practice_repository(fresh=True)
    assert snapshot(course)[:3] == before


def test_a_folder_whose_repository_is_gone_is_no_door_to_another(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path / "course" / "workspace"))
    (tmp_path / "course").mkdir()
    asked(tmp_path / "course", "init", "--quiet")
    repository = practice_repository()
    shutil.rmtree(repository / ".git")
    with pytest.raises(ProgramFailed, match="not a git repository"):
        asked(repository, "status")
    assert (practice_repository() / ".git").is_dir()
    assert len(list(repository.parent.glob("practice.*"))) == 1


def test_work_is_kept_and_made_anew():
    repository = practice_repository()
    first = asked(repository, "rev-parse", "HEAD")
    assert practice_repository(fresh=True) == repository
    assert not list(repository.parent.glob("practice.*")), "what was untouched need not be kept"

    for turn in range(KEPT + 2):
        (repository / "mine.txt").write_text(f"{turn}\n")
        assert practice_repository() == repository
        assert (repository / "mine.txt").exists()
        practice_repository(fresh=True)
        assert not (repository / "mine.txt").exists()
    kept = sorted(repository.parent.glob("practice.*"))
    assert [(folder / "mine.txt").read_text() for folder in kept] == ["2\n", "3\n", "4\n"]
    assert asked(repository, "rev-parse", "HEAD") == first


def test_a_commit_alone_is_work_too():
    repository = practice_repository()
    asked(repository, "commit", "--quiet", "--allow-empty", "-m", "Mine")
    practice_repository(fresh=True)
    assert len(list(repository.parent.glob("practice.*"))) == 1


def test_two_lessons_at_once_have_their_own():
    one, two = practice_repository("one"), practice_repository("two")
    (one / "README.md").write_text("changed\n")
    assert asked(two, "status", "--porcelain") == ""


def test_many_who_ask_at_once_get_one_whole_repository():
    asking = "from helpers.delivery.practice import practice_repository as p; print(p())"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", asking],
            env=clean(PYTHONPATH=str(ROOT)),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in processes}) == 1
    assert {process.returncode for process in processes} == {0}
    repository = practice_repository()
    assert asked(repository, "status", "--porcelain") == ""
    assert [p.name for p in repository.parent.iterdir()] == ["practice"]


@pytest.mark.parametrize("name", ["", "../course", "a/b", "Loud", ".git", "a" * 41, "practice.1"])
def test_a_name_that_could_lead_elsewhere_is_refused(name):
    with pytest.raises(ValueError, match="name is lower-case"):
        practice_repository(name)


def test_git_shows_what_it_does_and_streams_it():
    lines = []
    ran = git(practice_repository(), "log", "-1", "--format=%s", say=lines.append)
    assert lines == ["$ git log -1 --format=%s", "Call somebody when the error budget burns"]
    assert ran.code == 0
    assert git(practice_repository(), "no-such", check=False, quiet=True).code == 1


# Every file by its real tool.


def test_ruff_and_pytest_pass():
    repository = practice_repository()
    for command in (["ruff", "check", "."], ["ruff", "format", "--check", "."]):
        done = tool(repository, *command)
        assert done.returncode == 0, done.stdout
    done = tool(repository, sys.executable, "-m", "pytest", "-q")
    assert done.returncode == 0, done.stdout
    assert "warning" not in done.stdout
    assert asked(repository, "status", "--porcelain") == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(HISTORY)))
def test_every_commit_passes_its_own_tests(number):
    repository = practice_repository()
    commits = asked(repository, "rev-list", "--reverse", "--no-merges", "HEAD").split()
    asked(repository, "checkout", "--quiet", commits[number])
    for command in (
        [sys.executable, "-m", "pytest", "-q"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
    ):
        done = tool(repository, *command)
        assert done.returncode == 0, done.stdout


def test_the_mistake_of_the_history_is_one():
    """v1.0.0 rounds 2.5 cents to 2, which v1.0.1 mends."""
    repository = practice_repository()
    ask = "from checkout.pricing import percentage; print(percentage(50, 5))"
    answers = []
    for version in ("v1.0.0", "v1.0.1"):
        asked(repository, "checkout", "--quiet", version)
        answers.append(tool(repository, sys.executable, "-B", "-c", ask).stdout)
    assert answers == ["2\n", "3\n"]


def test_the_copied_service_starts_and_serves(tmp_path):
    from tests.test_serving_process import pay, start

    process, url = start(tmp_path / "log", module="checkout", cwd=practice_repository())
    try:
        assert pay(url, 1).json()["status"] == "approved"
    finally:
        process.kill()
        process.wait()


def test_the_hook_lints_before_a_commit():
    repository = practice_repository()
    shutil.copy(repository / "hooks" / "pre-commit", repository / ".git" / "hooks")
    (repository / "checkout" / "bad.py").write_text("import os\n")
    asked(repository, "add", ".")
    refused = git(repository, "commit", "-m", "Bad", check=False, quiet=True, env={"PATH": PATH})
    assert refused.code == 1 and "F401" in refused.output
    (repository / "checkout" / "bad.py").write_text("X = 1\n")
    asked(repository, "add", ".")
    git(repository, "commit", "-m", "Good", quiet=True, env={"PATH": PATH})


@pytest.mark.needs_tool("hadolint")
def test_hadolint_finds_no_fault():
    done = tool(practice_repository(), "hadolint", "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.needs_tool("promtool")
def test_promtool_passes():
    repository = practice_repository()
    for command in (
        ("check", "rules", "monitoring/rules.yml"),
        ("check", "config", "monitoring/prometheus.yml"),
        ("test", "rules", "monitoring/rules_test.yml"),
    ):
        done = tool(repository, "promtool", *command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_groovy_parser_reads_the_jenkinsfile():
    import tree_sitter
    import tree_sitter_groovy

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_groovy.language()))
    text = (practice_repository() / "Jenkinsfile").read_bytes()
    assert not parser.parse(text).root_node.has_error
    assert parser.parse(text.replace(b"}", b"", 1)).root_node.has_error


@pytest.mark.slow
@pytest.mark.needs_tool("act")
def test_act_runs_the_workflow_green_without_network_and_docker(tmp_path):
    import zipfile

    from helpers.programs import free_port

    repository = practice_repository()
    port = str(free_port())
    done = tool(
        repository,
        "act",
        "push",
        "--artifact-server-port",
        port,
        XDG_CACHE_HOME=str(tmp_path),
        http_proxy="http://127.0.0.1:9",
        https_proxy="http://127.0.0.1:9",
        no_proxy="127.0.0.1",
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert done.stdout.count("Job succeeded") == 6
    assert "Ready to be released, checkout-1.1.0-py3-none-any.whl" in done.stdout
    (artifact,) = (repository / ".act" / "artifacts").rglob("*.zip")
    assert zipfile.ZipFile(artifact).namelist() == ["checkout-1.1.0-py3-none-any.whl"]
    assert asked(repository, "status", "--porcelain") == ""


def test_the_images_versions_are_the_courses():
    def pins(text):
        lines = (line.split(";")[0].strip() for line in text.splitlines())
        return {line for line in lines if "==" in line and not line.startswith("#")}

    image = pins(practice_files()["requirements.txt"])
    course = pins((ROOT / "requirements.txt").read_text())
    assert image and image <= course
