"""13.5, a stage of a Jenkinsfile that runs on main only. The file is run on several branches."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.of_13_text import OnText
from helpers.exercises.trials import Unusable

BRANCHES = ("main", "spring", "mainline", "fix/main", "m")
SAID = "A new version"


@dataclass(frozen=True)
class Built:
    """What a file did. stages: by branch, each stage's status by its name. said: where it spoke."""

    stages: dict[str, dict[str, str]]
    said: tuple[str, ...]


def _look(text: Any) -> Built:
    from helpers.delivery.jenkins import JenkinsfileError

    if not isinstance(text, str):
        raise Unusable("`announce` should be the whole Jenkinsfile as a text.")
    try:
        return _built(text)
    except JenkinsfileError as error:
        raise Unusable(f"{error}{_remedy(str(error))}") from None


def _remedy(error: str) -> str:
    if "'when' is not supported" in error:
        return "\n\n`when` belongs to the stage: it stands beside `steps`, not inside."
    if "not supported here" in error:
        return "\n\nThe declarative form has no `if` among its steps; a stage has `when` for that."
    return ""


def _built(text: str) -> Built:
    from helpers.delivery.git import asked
    from helpers.delivery.jenkins import run_jenkinsfile

    stages, said = {}, []
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "announce"
        repository.mkdir()
        (repository / "Jenkinsfile").write_text(text, encoding="utf-8")
        asked(repository, "init", "--quiet", "--initial-branch=main", "--template=")
        asked(repository, "add", "--all")
        who = ("-c", "user.name=You", "-c", "user.email=you@corner.example")
        asked(repository, *who, "commit", "--quiet", "--message", "Announce")
        for branch in BRANCHES:
            built = run_jenkinsfile(
                repository, branch=branch, on_server=False, say=lambda _: None, limit=20.0
            )
            stages[branch] = {one.name: one.status for one in built.stages}
            said += [branch] if SAID in built.log else []
    return Built(stages, tuple(said))


def _wrong(built: Built) -> str | None:
    on_main = built.stages["main"]
    if missing := [name for name in ("Test", "Build", "Announce") if name not in on_main]:
        return f"There is no stage `{missing[0]}` in it."
    if list(on_main) != ["Test", "Build", "Announce"]:
        return f"The stages run in the order {', '.join(on_main)}; `Announce` is the third."
    for branch, stages in built.stages.items():
        for name, status in stages.items():
            wanted = "SKIPPED" if name == "Announce" and branch != "main" else "SUCCESS"
            if status != wanted:
                return f"On the branch `{branch}` the stage `{name}` is {status}, not {wanted}."
    if built.said != ("main",):
        return f"On `main` nothing says `{SAID}`."
    return None


def _file(more: str, test: str = "", build: str = "") -> str:
    return (
        'announce = """pipeline {\n    agent any\n    stages {\n'
        f"        stage('Test') {{ {test}steps {{ sh 'echo tested' }} }}\n"
        f"        stage('Build') {{ {build}steps {{ sh 'echo built' }} }}\n"
        f'{more}    }}\n}}\n"""'
    )


def _stage(when: str) -> str:
    condition = f"            {when}\n" if when else ""
    return (
        f"        stage('Announce') {{\n{condition}"
        f"            steps {{ echo '{SAID}' }}\n        }}\n"
    )


def _announced(built: Built) -> list[str]:
    return [b for b, stages in built.stages.items() if stages.get("Announce") == "SUCCESS"]


MAIN = Exercise(
    id="13.5",
    title="Announce on main",
    task="Add a stage `Announce` that says `A new version`, on the branch `main` only.",
    answer="announce",
    trial=OnText(look=_look, wrong=_wrong),
    solution=_file(_stage("when { branch 'main' }")),
    why="`when` belongs to one stage and decides about it alone. A skipped stage spoils nothing, "
    "so the other branches stay green.",
    hints=(
        "A third `stage('Announce') { ... }` beside the others, with `when` and `steps` in it.",
        "In it: `when { branch 'main' }`, and after that `steps { echo 'A new version' }`.",
    ),
    also=(
        _file(_stage("when { expression { env.BRANCH_NAME == 'main' } }")),
        _file(_stage("when { environment name: 'BRANCH_NAME', value: 'main' }")),
        _file(_stage("when { branch 'main' }").replace(f"echo '{SAID}'", f"sh 'echo {SAID}'")),
    ),
    mistakes=(
        Mistake(
            "no condition",
            _file(_stage("")),
            "Every branch announces a new version now. The stage needs a `when { ... }` beside its "
            "steps.",
            lambda built: len(_announced(built)) == len(BRANCHES),
        ),
        Mistake(
            "begins alike",
            _file(_stage("when { branch 'main*' }")),
            "`main*` is a pattern: the branch `mainline` announces as well. Ask for the name as "
            "it is.",
            lambda built: _announced(built) == ["main", "mainline"],
        ),
        Mistake(
            "all but main",
            _file(_stage("when { expression { env.BRANCH_NAME != 'main' } }")),
            "It is the wrong way round: every branch announces but `main`.",
            lambda built: _announced(built) == [b for b in BRANCHES if b != "main"],
        ),
        Mistake(
            "never",
            _file(_stage("when { branch 'master' }")),
            "The stage is skipped on every branch, also on `main`. Which name does the condition "
            "ask for?",
            lambda built: "Announce" in built.stages["main"] and not _announced(built),
        ),
        Mistake(
            "the others too",
            _file(_stage("when { branch 'main' }"), test="when { branch 'main' }\n"),
            "Now the tests run on `main` only, so a branch is merged untested. Put the condition "
            "on the stage `Announce` alone.",
            lambda built: (
                built.stages["spring"].get("Test") == "SKIPPED"
                or built.stages["spring"].get("Build") == "SKIPPED"
            ),
        ),
    ),
)
