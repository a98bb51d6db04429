"""Exercise 15.4: a Deployment written from a blank page, read as the cluster would read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from helpers.delivery.rollouts.linting import linted
from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import OnState, Unusable


@dataclass(frozen=True)
class Wish:
    """What a manifest asks for; `findings` is what the schema has against it."""

    findings: list[str]
    text: str
    selected: bool = False
    image: str = ""
    replicas: int = 1
    surge: object = "25%"
    unavailable: object = "25%"
    readiness: object = None
    liveness: object = None
    memory: str = ""
    ports: tuple[object, ...] = ()


def _look(answer: Any) -> Wish:
    if not isinstance(answer, str):
        raise Unusable("A manifest is a text in YAML.")
    findings = linted(answer)
    if findings and findings[0].startswith("no YAML"):
        raise Unusable(f"This cannot be read: {findings[0]}.")
    objects = [one for one in yaml.safe_load_all(answer) if isinstance(one, dict)]
    deployments = [one for one in objects if one.get("kind") == "Deployment"]
    if len(deployments) != 1 or deployments[0].get("metadata", {}).get("name") != "loyalty":
        raise Unusable("There is no Deployment with the name loyalty in it.")
    return Wish(findings, answer) if findings else _read(deployments[0]["spec"], answer)


def _read(spec: dict[str, Any], text: str) -> Wish:
    template = spec["template"]
    wanted = spec["selector"].get("matchLabels", {})
    labels = template.get("metadata", {}).get("labels", {})
    strategy = spec.get("strategy") or {}
    rolls = strategy.get("type", "RollingUpdate") == "RollingUpdate"
    rolling = (strategy.get("rollingUpdate") or {}) if rolls else {}
    container = template["spec"]["containers"][0]
    return Wish(
        findings=[],
        text=text,
        selected=bool(wanted) and wanted.items() <= labels.items(),
        image=container.get("image", ""),
        replicas=spec.get("replicas", 1),
        surge=rolling.get("maxSurge", "25%"),
        unavailable=rolling.get("maxUnavailable", "25%"),
        readiness=_probe(container.get("readinessProbe"), container),
        liveness=_probe(container.get("livenessProbe"), container),
        memory=((container.get("resources") or {}).get("limits") or {}).get("memory", ""),
        ports=tuple(port.get("containerPort") for port in container.get("ports", [])),
    )


def _probe(probe: dict[str, Any] | None, container: dict[str, Any]) -> tuple[str, object] | None:
    """Path and port number of a probe over HTTP; a port may be named."""
    if not probe or "httpGet" not in probe or probe["httpGet"].get("scheme", "HTTP") != "HTTP":
        return None
    named = {port.get("name"): port.get("containerPort") for port in container.get("ports", [])}
    port = probe["httpGet"].get("port")
    return probe["httpGet"].get("path", "/"), named.get(port, port)


READY = ("/readyz", 8080)


def _wrong(wish: Wish) -> str | None:
    asked = (
        (not wish.findings, f"The schema says no: {'; '.join(wish.findings)}."),
        (wish.selected, "The selector does not match the labels of the template."),
        (wish.image == "corner/loyalty:2.4.0", "The image is corner/loyalty:2.4.0."),
        (wish.replicas == 4, "Four pods are wanted: `replicas`."),
        (8080 in wish.ports, "The container listens on port 8080: `ports` says so."),
        (wish.readiness == READY, "Whether it is ready is asked at /readyz on port 8080."),
        (wish.unavailable in (0, "0%"), "No pod may be missing: `maxUnavailable` is 0."),
        (wish.surge in (2, "50%"), "Two pods may come on top: `maxSurge` is 2."),
        (wish.memory == "128Mi", "A container gets 128Mi of memory at most: `limits`."),
    )
    return next((words for fits, words in asked if not fits), None)


_SOLUTION = '''\
manifest = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: loyalty
spec:
  replicas: 4
  selector:
    matchLabels: {app: loyalty}
  strategy:
    rollingUpdate: {maxSurge: 2, maxUnavailable: 0}
  template:
    metadata:
      labels: {app: loyalty}
    spec:
      containers:
        - name: loyalty
          image: corner/loyalty:2.4.0
          ports:
            - {name: http, containerPort: 8080}
          readinessProbe:
            httpGet: {path: /readyz, port: http}
          resources:
            limits: {memory: 128Mi}
"""'''
_FLOW = '''\
manifest = """{apiVersion: apps/v1, kind: Deployment, metadata: {name: loyalty}, spec: {
  replicas: 4, selector: {matchLabels: {service: points}},
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 50%, maxUnavailable: 0%}},
  template: {metadata: {labels: {service: points, team: app}}, spec: {containers: [{
    name: points, image: "corner/loyalty:2.4.0", ports: [{containerPort: 8080}],
    readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 2},
    resources: {requests: {memory: 64Mi}, limits: {memory: 128Mi}}}]}}}}
"""'''
_READINESS = """\
          readinessProbe:
            httpGet: {path: /readyz, port: http}
"""
_STRATEGY = "  strategy:\n    rollingUpdate: {maxSurge: 2, maxUnavailable: 0}\n"


def _with(before: str, after: str) -> str:
    if _SOLUTION.count(before) != 1:
        raise ValueError(f"the solution does not hold once: {before}")
    return _SOLUTION.replace(before, after)


def _well(seen: Callable[[Wish], bool]) -> Callable[[Wish], bool]:
    return lambda wish: not wish.findings and seen(wish)


MANIFEST = Exercise(
    id="15.4",
    title="A Deployment of your own",
    task="Write `manifest`: the Deployment loyalty, with 4 pods of corner/loyalty:2.4.0 on port "
    "8080, ready by /readyz, at most 2 pods on top and none missing during an update, and at most "
    "128Mi of memory each.",
    answer="manifest",
    trial=OnState(look=_look, wrong=_wrong),
    solution=_SOLUTION,
    why="All of it is a wish: how many, of what, when one is ready, what may happen meanwhile. "
    "How to get there is not your business.",
    hints=(
        "Begin with the manifest of the checkout above and change it line by line.",
        "The selector and the labels of the template have to agree. `strategy` stands beside "
        "`replicas`; probes, ports and resources stand in the container.",
        "`kubectl explain deployment.spec.strategy.rollingUpdate` says what there is below.",
    ),
    also=(_FLOW,),
    mistakes=(
        Mistake(
            "labels that do not match",
            _with("labels: {app: loyalty}", "labels: {app: points}"),
            "The selector looks for labels that the pods do not carry, so the Deployment would "
            "never find its own pods, and the API refuses it. Give both the same label.",
            _well(lambda wish: not wish.selected),
        ),
        Mistake(
            "an image that moves",
            _with("corner/loyalty:2.4.0", "corner/loyalty"),
            "Without a tag this is `latest`, which is another image next month, and a rollback "
            "would not know where to. Name the version: corner/loyalty:2.4.0.",
            _well(lambda wish: wish.image in ("corner/loyalty", "corner/loyalty:latest")),
        ),
        Mistake(
            "alive in the place of ready",
            _with("readinessProbe", "livenessProbe"),
            "A liveness probe restarts what hangs; it sends nobody away from a pod that is still "
            "starting. Whether customers may come is the readinessProbe.",
            _well(lambda wish: wish.readiness is None and wish.liveness is not None),
        ),
        Mistake(
            "no probe",
            _with(_READINESS, ""),
            "Nobody asks whether a pod is ready, so customers are sent to it while it is still "
            "starting. Add a readinessProbe with httpGet.",
            _well(lambda wish: wish.readiness is None and wish.liveness is None),
        ),
        Mistake(
            "the usual strategy",
            _with(_STRATEGY, ""),
            "Without `strategy` a quarter of the pods may be missing and a quarter may come on "
            "top. Say it: maxSurge 2, maxUnavailable 0.",
            _well(lambda wish: wish.surge == "25%" and wish.unavailable == "25%"),
        ),
        Mistake(
            "a field at the wrong place",
            _with(_STRATEGY, "").replace(
                "    spec:\n      containers",
                "    spec:\n      strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 0}}\n"
                "      containers",
            ),
            "`strategy` belongs to the Deployment, not to the pod: it stands beside `replicas`, "
            "two spaces in, and not under `template`.",
            lambda wish: any("'strategy'" in one for one in wish.findings),
        ),
        Mistake(
            "asked but not limited",
            _with("limits: {memory", "requests: {memory"),
            "`requests` is what a pod asks for and gets a place by. What it may take at most "
            "stands in `limits`.",
            _well(lambda wish: not wish.memory),
        ),
    ),
)
