"""What is typed, in lines.yaml, run at a server: each line gives what it said, in plain form."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.kubernetes import plain
from tests.kubernetes.fields import field as field_of
from tests.kubernetes.fields import put
from tests.kubernetes.rollout import bounds, order
from tests.kubernetes.server import Server, waited

HERE = Path(__file__).parent
MANIFESTS = HERE / "manifests"
# What the real one's engine says of a probe or a volume that met the end of its pod.
NOISE = re.compile(
    r"rpc error|OCI runtime|stopped (state|container)|task \S+ not found|not registered|etc-hosts"
    r"|probe failed: (command exited with 1: )?$"
)
FILTERS: dict[str, Callable[[list[str]], list[str]]] = {
    "last": lambda lines: lines[-1:],
    "columns": lambda lines: lines[:1],
    "sorted": lambda lines: sorted(lines),
    "code": lambda lines: [],
}


def parts() -> dict[str, list]:
    """All that is typed, by part."""
    return yaml.safe_load((HERE / "lines.yaml").read_text(encoding="utf-8"))


@dataclass
class Typist:
    """Types a part's lines at one server, in a namespace named like the part."""

    part: str
    server: Server
    kubectl: Path
    folder: Path
    limit: float = 60.0  # seconds for a line, and for what is waited for
    lists_by_watch: bool = True  # as kubectl from 1.35 on does; a server of 1.20 never ends it
    names: dict[str, str] = field(default_factory=dict)

    def type(self, lines: list) -> list[dict]:
        """What each line said: its text as `line`, and what came of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.server.fresh_namespace(self.part)
        self.names = {name: "<node>" for name in self.server.nodes()}
        return [self._one(line) for line in lines]

    def _one(self, line: str | dict) -> dict:
        given = {} if isinstance(line, str) else line
        typed = given.get("line", line)
        name, _, rest = typed.partition(" ")
        verbs = {"until": self._until, "look": self._look, "during": self._during}
        if name in verbs:
            said = verbs[name](rest)
        elif name == "events":
            said = {"events": self._events()}
        else:
            said = self._run(typed, _manifest(given) if "from" in given else "")
        changed = f" # {given['from']} {given.get('set', '')}".rstrip() if "from" in given else ""
        return {"line": typed + changed, **said}

    def _run(self, typed: str, given: str = "") -> dict:
        command, _, filtered = typed.partition(" | ")
        words = shlex.split(command)
        extra = {}
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            extra[name] = value
        try:
            ran = subprocess.run(
                [self.kubectl, *words[1:]],
                input=given,
                capture_output=True,
                text=True,
                timeout=self.limit,
                cwd=MANIFESTS,
                env=self._environment() | extra,
            )
        except subprocess.TimeoutExpired:
            return {"exit": f"none in {self.limit:g} s"}
        keep = FILTERS[filtered] if filtered else lambda lines: lines
        out, err = (self._lines(stream) for stream in (ran.stdout, ran.stderr))
        return {"exit": ran.returncode, "out": keep(out), "err": [] if filtered == "code" else err}

    def _lines(self, said: str) -> list[str]:
        return plain.text(said, self.names).splitlines()

    def _environment(self) -> dict[str, str]:
        config = self.folder / "kubeconfig"
        if not config.exists():
            mine = dict(self.server.config)
            mine["contexts"] = [
                {**one, "context": {**one["context"], "namespace": self.part}}
                for one in mine["contexts"]
            ]
            config.write_text(yaml.safe_dump(mine), encoding="utf-8")
        return {
            "KUBECONFIG": str(config),
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "KUBE_FEATURE_WatchListClient": str(self.lists_by_watch).lower(),
        }

    def _until(self, rest: str) -> dict:
        if rest == "settled":
            return {"came": waited(self._updated, self.limit)}
        what, _, condition = rest.partition(" ")
        if not condition:
            what, _, condition = rest.partition("=")
            condition = f"={condition}"
        path, _, wanted = condition.rpartition("=")
        return {"came": waited(lambda: self._holds(what, path, wanted), self.limit)}

    def _holds(self, what: str, path: str, wanted: str) -> bool:
        found = self.server.get(self.part, what)
        if what == "events":
            return any(one["reason"] == wanted for one in (found or {})["items"])
        if wanted == "absent":
            return not found or found.get("items") == []
        value = field_of(found, path)
        return value is not None if wanted == "any" else str(value) == wanted

    def _look(self, rest: str) -> dict:
        what, *paths = rest.split()
        found = self.server.get(self.part, what)
        if found is None:
            return {"seen": None}
        objects = found.get("items", [found])
        seen = [
            {path: plain.value(field_of(one, path), self.names) for path in paths}
            for one in objects
        ]
        return {"seen": sorted(seen, key=str)}

    def _events(self) -> list[str]:
        found = self.server.get(self.part, "events") or {"items": []}
        said = {
            f"{one['involvedObject']['kind']} {one['involvedObject']['name']} {one['type']} "
            f"{one['reason']}: {one['message']}"
            for one in found["items"]
        }
        return sorted({plain.text(one, self.names) for one in said if not NOISE.search(one)})

    def _during(self, rest: str) -> dict:
        selector, _, line = rest.partition(": ")
        with (
            self.server.watched(self.part, "replicasets", selector) as sets,
            self.server.watched(self.part, "pods", selector) as pods,
        ):
            ran = self._run(line)
            came = waited(self._updated, self.limit)
        return {**ran, "came": came, "order": order(sets), "bounds": bounds(pods)}

    def _updated(self) -> bool:
        """Whether every Deployment of this part runs what it was last told, and nothing else."""
        found = self.server.get(self.part, "deployments")
        return found is not None and all(map(_settled, found["items"]))


def _settled(deployment: Mapping) -> bool:
    meta, status = deployment["metadata"], deployment.get("status", {})
    counts = {status.get(one, 0) for one in ("replicas", "updatedReplicas", "availableReplicas")}
    seen = status.get("observedGeneration", 0) >= meta["generation"]
    return seen and counts == {deployment["spec"]["replicas"]}


def _manifest(given: dict) -> str:
    found = yaml.safe_load((MANIFESTS / given["from"]).read_text(encoding="utf-8"))
    for path, value in given.get("set", {}).items():
        put(found, path, value)
    return yaml.safe_dump(found)
