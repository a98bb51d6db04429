"""13.3, a workflow whose `needs`, matrix and condition give the graph that is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.of_13_text import OnText
from helpers.exercises.trials import Unusable

WANTED = {
    "style": set(),
    "unit": set(),
    "package": {"style", "unit"},
    "browser": {"style", "unit", "package"},
    "publish": {"style", "unit", "package", "browser"},
}
MAIN = "github.ref == 'refs/heads/main'"


@dataclass(frozen=True)
class Graph:
    """A workflow: for each job all that ends before it begins; its runs; its `if`, cleaned."""

    before: dict[str, set[str]]
    pythons: list[str]
    conditions: dict[str, str]
    empty: list[str]
    on: Any


def _look(text: Any) -> Graph:
    import yaml

    from helpers.delivery.actions import jobs

    if not isinstance(text, str):
        raise Unusable("`text` should be the workflow as a text, between triple quotes.")
    try:
        made = jobs(text)
        read = yaml.safe_load(text)
    except ValueError as error:
        raise Unusable(f"This is no workflow that can run: {error}") from None
    before: dict[str, set[str]] = {}
    left = list(made)
    while left:  # `jobs` has refused circles, so each round finds one
        job = next(one for one in left if set(one.needs) <= set(before))
        before[job.name] = set(job.needs).union(*(before[need] for need in job.needs))
        left.remove(job)
    bodies = read["jobs"]
    matrix = (bodies.get("unit", {}).get("strategy") or {}).get("matrix") or {}
    pythons = [str(value) for values in matrix.values() for value in values]
    conditions = {name: _plain(body["if"]) for name, body in bodies.items() if "if" in body}
    empty = [n for n, body in bodies.items() if not body.get("steps") or "runs-on" not in body]
    # YAML 1.1 reads the word `on` as true.
    return Graph(before, pythons, conditions, empty, read.get("on", read.get(True)))


def _plain(condition: Any) -> str:
    text = str(condition).strip().removeprefix("${{").removesuffix("}}").strip()
    return " ".join(text.replace("==", " == ").split()).replace('"', "'")


def _wrong(graph: Graph) -> str | None:
    if graph.on is None:
        return "The workflow does not say `on` which event it begins."
    if missing := [name for name in WANTED if name not in graph.before]:
        return f"There is no job `{missing[0]}` in it."
    for name, wanted in WANTED.items():
        if early := sorted(wanted - graph.before[name]):
            return f"`{name}` can begin before `{early[0]}` has ended."
        if late := sorted(graph.before[name] - wanted):
            return f"`{name}` waits for `{late[0]}`, which it need not."
    if graph.empty:
        return f"The job `{graph.empty[0]}` lacks `runs-on`, or has no step."
    if sorted(graph.pythons) != ["3.12", "3.13"]:
        return f"The matrix of `unit` gives {graph.pythons or 'nothing'}, not 3.12 and 3.13."
    if not _on_main(graph.conditions.get("publish", "")):
        return "`publish` does not ask for the branch `main` in its `if`."
    if extra := sorted(set(graph.conditions) - {"publish"}):
        return f"`{extra[0]}` has an `if` too, and should run on every branch."
    return None


def _on_main(condition: str) -> bool:
    return condition in (MAIN, "github.ref_name == 'main'", "'refs/heads/main' == github.ref")


def _workflow(
    package: str = "[style, unit]",
    unit: str = '{python: ["3.12", "3.13"]}',
    publish: str = "browser",
    only: str = MAIN,
    style: str = "",
) -> str:
    steps = "    runs-on: ubuntu-latest\n    steps: [{run: echo done}]\n"
    return (
        f"text = '''\nname: mine\non: push\njobs:\n  style:\n{steps}"
        f"  unit:\n{style}    strategy:\n      matrix: {unit}\n{steps}"
        f"  package:\n    needs: {package}\n{steps}"
        f"  browser:\n    needs: package\n{steps}"
        f"  publish:\n    needs: {publish}\n"
        + (f'    if: "{only}"\n' if only else "")
        + f"{steps}'''\n"
    )


GRAPH = Exercise(
    id="13.3",
    title="A pipeline of your own",
    task="Write the workflow: `style` and `unit` (Python 3.12 and 3.13) at once, then `package`, "
    "then `browser`, then `publish` on the branch `main` only.",
    answer="text",
    trial=OnText(look=_look, wrong=_wrong),
    solution=_workflow(),
    why="Each job names what it waits for, and what that waits for is waited for as well. All else "
    "may run at once.",
    hints=(
        "Begin with `on: push` and `jobs:`. Each job has `runs-on: ubuntu-latest` and `steps:`; "
        "three of them have `needs:`. `draw(jobs(text))` shows what you have.",
        "Look at `GRAPH` above for a matrix: here `matrix: {python: ['3.12', '3.13']}`. The quotes "
        "keep 3.10 from being read as 3.1.",
        "The pipeline of the checkout, `print(pipeline)`, has the line for `main` in its last job: "
        "`if: github.ref == 'refs/heads/main'`.",
    ),
    also=(
        _workflow(only="${{ github.ref == 'refs/heads/main' }}"),
        _workflow(publish="[style, unit, package, browser]", only="github.ref_name == 'main'"),
        _workflow(unit="{version: [3.12, 3.13]}"),
        _workflow(unit='{python: ["3.13", "3.12"]}', only="github.ref=='refs/heads/main'"),
    ),
    mistakes=(
        Mistake(
            "one after the other",
            _workflow(package="unit", style="    needs: style\n"),
            "`unit` waits for `style` here. Nothing asks for that, and it costs the time of the "
            "shorter one at every push: let them begin at once, and name both in `package`.",
            lambda graph: "style" in graph.before.get("unit", ()),
        ),
        Mistake(
            "waits for one of two",
            _workflow(package="unit"),
            "`package` waits for one of the two only, so it packs while the other may still fail. "
            "`needs` takes a list: `needs: [style, unit]`.",
            lambda graph: len(graph.before.get("package", ())) == 1,
        ),
        Mistake(
            "publishes too soon",
            _workflow(publish="package"),
            "`publish` begins together with `browser`: customers get the new version before "
            "anybody has seen it in a browser. Which job should it wait for?",
            lambda graph: "browser" not in graph.before.get("publish", ("browser",)),
        ),
        Mistake(
            "no matrix",
            _workflow(unit='{python: ["3.12"]}'),
            "`unit` runs once. A matrix makes a run of each value in its list: give it both "
            "versions.",
            lambda graph: len(graph.pythons) < 2 and "unit" in graph.before,
        ),
        Mistake(
            "on every branch",
            _workflow(only=""),
            "`publish` has no `if`, so every branch that somebody pushes is published. Ask for "
            "`github.ref == 'refs/heads/main'`.",
            lambda graph: "publish" in graph.before and "publish" not in graph.conditions,
        ),
        Mistake(
            "a branch's short name",
            _workflow(only="github.ref == 'main'"),
            "`github.ref` is the whole name, `refs/heads/main`, so this is never true and nothing "
            "is ever published. (`github.ref_name` is the short one.)",
            lambda graph: graph.conditions.get("publish") == "github.ref == 'main'",
        ),
    ),
)
