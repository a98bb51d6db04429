"""What lesson 15 teaches holds: its manifests, its model of an update, its chain, its pictures."""

import ast
import inspect
import math
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from helpers import exercises
from helpers.cluster.controllers.deployment import DeploymentController
from helpers.cluster.controllers.scaling import bounds as of_the_cluster
from helpers.delivery.git import asked, git
from helpers.delivery.office import clone, new_office
from helpers.delivery.practice import practice_files, practice_repository
from helpers.delivery.rollouts import (
    PackingFailed,
    Watching,
    linted,
    own_cluster,
    pack,
    pin,
    pinned,
    state,
)
from helpers.delivery.rollouts.coming_up import _complete
from helpers.delivery.rollouts.picture import Scene, svg
from helpers.programs import run
from tests import stored

FILES = practice_files()


notebook, cell = partial(stored.notebook, "15"), partial(stored.cell, "15")


def printed(words):
    return stored.printed(cell(words))


def named(name):
    """What the notebook calls `name`: a text, or a function of the standard library alone."""
    names = {}
    for one in notebook().cells:
        for node in ast.parse(one.source).body if one.cell_type == "code" else ():
            is_it = isinstance(node, ast.FunctionDef) and node.name == name
            if isinstance(node, ast.Assign):
                is_it = getattr(node.targets[0], "id", "") == name
            if is_it:
                exec(compile(ast.Module([node], []), "<lesson 15>", "exec"), names)
                return names[name]
    raise KeyError(name)


# What the text reads out of the outputs


def test_running_is_not_ready():
    rows = printed("with one").splitlines()[1:]
    without, with_one = (int(row.split()[-1]) for row in rows if row.startswith("with"))
    assert without > 0 == with_one


def test_each_link_of_the_chain_stops_what_is_wrong():
    rows = printed("pd.DataFrame(story)").splitlines()[1:]
    said = [row.split() for row in rows]
    assert [row[-1] for row in said] == ["no", "no", "no", "no", "yes"]
    assert [row.count("yes") for row in said] == [0, 1, 2, 3, 5]
    assert printed("of them got no answer").splitlines()[:2] == [
        "0 of them got no answer",
        "the last one was served by 1.2.0",
    ]


def test_the_old_pods_outlive_a_bad_image_and_a_slow_till_a_deletion():
    assert printed("checkout:1.1.O").count("1/1     Running") == 3
    graceful, forced = printed('name="the till got"').splitlines()[1:]
    assert graceful.endswith("200 OK") and "no answer" in forced


def test_blank_exercises_say_so():
    for id in ("15.1", "15.2", "15.3", "15.4"):
        assert "exercise" in cell(f'check("{id}"').metadata.tags
        assert f"Not answered yet: {id}" in printed(f'check("{id}"')


# Manifests


@pytest.mark.parametrize("name", ["DEPLOYMENT", "SERVICE", "COUNTING"])
def test_the_lessons_manifests_pass_the_strict_schema(name):
    assert linted(named(name)) == []


def test_the_probe_belongs_to_the_container():
    both = yaml.safe_load(named("DEPLOYMENT") + named("PROBE"))
    container = both["spec"]["template"]["spec"]["containers"][0]
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert linted(yaml.safe_dump(both)) == []


@pytest.mark.needs_tool("kubectl")
@pytest.mark.parametrize("place", ["staging", "production"])
def test_the_practice_repositorys_overlays_pass_the_strict_schema(place):
    folder = practice_repository() / "deploy" / "overlays" / place
    made = run("kubectl", "kustomize", folder, quiet=True).output
    assert linted(made) == []
    objects = {one["kind"]: one for one in yaml.safe_load_all(made)}
    assert set(objects) == {"ConfigMap", "Deployment", "Service"}
    assert {one["metadata"]["namespace"] for one in objects.values()} == {place}
    pods = objects["Deployment"]["spec"]["template"]
    assert objects["Service"]["spec"]["selector"].items() <= pods["metadata"]["labels"].items()
    mapped = pods["spec"]["containers"][0]["envFrom"][0]["configMapRef"]["name"]
    assert mapped == objects["ConfigMap"]["metadata"]["name"] != "checkout"


def test_the_base_drains_within_its_grace_period():
    pods = yaml.safe_load(FILES["deploy/base/deployment.yaml"])["spec"]["template"]["spec"]
    env = dict(line.split("=") for line in FILES["deploy/base/checkout.env"].split())
    probe = pods["containers"][0]["readinessProbe"]
    drain = float(env["CHECKOUT_DRAIN_SECONDS"])
    assert probe["periodSeconds"] <= drain < pods["terminationGracePeriodSeconds"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: b: c", "no YAML"),
        ("just words", "needs apiVersion and kind"),
        ("{apiVersion: v1, kind: Pot}", "v1 knows no kind Pot"),
        ("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {port: 1}}", "'port'"),
        ("{apiVersion: v1, kind: Secret, data: [1]}", "data"),
    ],
)
def test_a_manifest_that_is_wrong_is_told(text, says):
    assert says in linted(text)[0]


def test_an_overlay_is_pinned_to_one_image_and_nothing_else_changes(tmp_path):
    file = tmp_path / "kustomization.yaml"
    file.write_text(FILES["deploy/overlays/production/kustomization.yaml"])
    assert pinned(tmp_path) == "corner/checkout:1.1.0"
    before = file.read_text().splitlines()
    for image in (f"corner/checkout@sha256:{'a' * 64}", "corner/checkout:1.2.0"):
        pin(tmp_path, image)
        assert pinned(tmp_path) == image
        after = file.read_text().splitlines()
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    file.write_text("images: []\n")
    with pytest.raises(ValueError, match="names no image"):
        pinned(tmp_path)
    with pytest.raises(ValueError, match="names 0 images"):
        pin(tmp_path, "corner/checkout:1.2.0")


# Images


@pytest.mark.needs_tool("git")
def test_a_revision_packs_to_the_same_image_and_starts(tmp_path):
    repository = practice_repository()
    one, again = pack(repository, "v1.0.1"), pack(repository, "v1.0.1")
    assert one == again and one.digest != pack(repository, "v1.1.0").digest
    assert one.named("1.0.1") == "corner/checkout:1.0.1"
    assert one.named() == f"corner/checkout@{one.digest}"
    assert '__version__ = "1.0.1"' in (one.folder / "checkout" / "__init__.py").read_text()
    assert one.env["CHECKOUT_HOST"] == "0.0.0.0"
    helped = run(*one.command, "--help", cwd=one.folder, quiet=True).output
    assert "python -m checkout" in helped


@pytest.mark.needs_tool("git")
def test_what_is_not_copied_does_not_change_the_image_and_a_bad_recipe_is_refused():
    repository = clone(new_office("test-15"), "desk", quiet=True)
    before = pack(repository).digest
    recipe = repository / "Dockerfile"
    told = {}
    for message, text in {
        "more words": recipe.read_text() + "# more\n",
        "a slip": recipe.read_text().replace("COPY checkout", "COPY chekout"),
        "no start": recipe.read_text().split("ENTRYPOINT")[0],
    }.items():
        recipe.write_text(text)
        git(repository, "commit", "-qam", message, quiet=True)
        try:
            told[message] = pack(repository).digest
        except PackingFailed as error:
            told[message] = str(error)
    assert told["more words"] == before
    assert "Dockerfile:14" in told["a slip"] and "chekout is not in" in told["a slip"]
    assert "ENTRYPOINT" in told["no start"]
    assert asked(repository, "status", "--porcelain") == ""


# The model of an update, and the cluster's own


@pytest.mark.parametrize("replicas", [1, 3, 10])
@pytest.mark.parametrize(("surge", "unavailable"), [(0, 1), (1, 0), (3, 2), (10, 0)])
def test_the_lessons_model_keeps_the_bounds_and_ends(replicas, surge, unavailable):
    moments = named("rollout")(replicas, surge, unavailable)
    assert moments[-1][1:] == (replicas, replicas)
    assert all(ready >= replicas - unavailable for _, ready, _ in moments)
    assert all(total <= replicas + surge for _, _, total in moments)
    assert all(one[0] < other[0] for one, other in pairwise(moments))
    waves = math.ceil(replicas / min(surge + unavailable, replicas))
    assert moments[-1][0] == 10.0 * waves


@pytest.mark.parametrize("share", ["15%", "25%", "35%", 2])
@pytest.mark.parametrize("replicas", [3, 7, 10])
def test_the_exercises_bounds_are_the_clusters(replicas, share):
    exercise = exercises.find("15.1")
    most, least = exercise.run(exercise.solution)(replicas, share, share)
    rolling = {"maxSurge": share, "maxUnavailable": share}
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    surge, missing = of_the_cluster({"spec": {"replicas": replicas, "strategy": strategy}})
    assert (most, least) == (replicas + surge, replicas - missing)


def test_the_controller_that_is_shown_fits_on_a_screen():
    assert "DeploymentController.roll" in cell("inspect.getsource").source
    assert len(inspect.getsource(DeploymentController.roll).splitlines()) <= 20


# Pods in words and in pictures


def pod(name="web-1", owner="set", image="corner/web:1", deleted=False, **status):
    metadata = {"name": name, "creationTimestamp": "2026-01-01T00:00:00Z"}
    metadata["ownerReferences"] = [{"uid": owner, "controller": True}]
    if deleted:
        metadata["deletionTimestamp"] = "2026-01-01T00:00:01Z"
    return {"metadata": metadata, "spec": {"containers": [{"image": image}]}, "status": status}


READY = [{"type": "Ready", "status": "True"}]


def waiting(reason):
    return [{"restartCount": 2, "state": {"waiting": {"reason": reason}}}]


@pytest.mark.parametrize(
    ("one", "word"),
    [
        (pod(), "starting"),
        (pod(phase="Running", conditions=READY), "ready"),
        (pod(phase="Running", conditions=READY, deleted=True), "stopping"),
        (pod(phase="Pending", containerStatuses=waiting("ContainerCreating")), "starting"),
        (pod(phase="Pending", containerStatuses=waiting("ImagePullBackOff")), "failing"),
        (pod(phase="Running", containerStatuses=waiting("CrashLoopBackOff")), "failing"),
        (pod(phase="Succeeded"), "done"),
        (pod(phase="Failed"), "failing"),
    ],
)
def test_a_pods_state_in_one_word(one, word):
    assert state(one) == word


def test_what_a_watch_told_becomes_spans():
    seen = Watching.__new__(Watching)
    seen._events = [
        (0.0, "a", "web:1", "ready"),
        (1.0, "b", "web:2", "starting"),
        (1.5, "b", "web:2", "starting"),
        (2.0, "b", "web:2", "ready"),
        (2.5, "a", "web:1", "stopping"),
        (3.0, "a", "web:1", "gone"),
    ]
    seen.seconds = 4.0
    rows = [tuple(row) for row in seen.spans().itertuples(index=False)]
    assert rows == [
        ("b", "web:2", "starting", 1.0, 2.0),
        ("a", "web:1", "ready", 0.0, 2.5),
        ("a", "web:1", "stopping", 2.5, 3.0),
        ("b", "web:2", "ready", 2.0, 4.0),
    ]
    assert seen.ready() == [(0.0, 1), (2.0, 2), (2.5, 1)]


def test_the_picture_says_in_words_what_it_shows():
    template = {"spec": {"containers": [{"image": "corner/web:1"}]}}
    spec = {"replicas": 2, "template": template}
    owner = {"metadata": {"name": "web", "uid": "set"}, "spec": spec}
    pods = [pod(phase="Running", conditions=READY), pod("web-2"), pod("other", owner="else")]
    drawn = Scene(owner, [owner], pods)
    assert str(drawn).splitlines() == [
        "Deployment web: 2 wanted",
        "  ReplicaSet of web:1: 1 ready, 1 starting",
    ]
    picture = svg(drawn)
    assert 'role="img"' in picture and "1 ready, 1 starting" in picture.split(">")[0]
    assert picture.count("<rect") == 4 and ">ready<" in picture and ">starting<" in picture


@pytest.mark.parametrize(
    ("status", "complete"),
    [
        ({}, False),
        ({"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2}, False),
        (dict.fromkeys(("replicas", "updatedReplicas", "availableReplicas"), 2), False),
        (
            {"observedGeneration": 1, "updatedReplicas": 2, "replicas": 3, "availableReplicas": 3},
            False,
        ),
        (
            {"observedGeneration": 1, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 2},
            True,
        ),
    ],
)
def test_a_release_is_complete_when_only_new_pods_are_there_and_available(status, complete):
    deployment = {"metadata": {"generation": 1}, "spec": {"replicas": 2}, "status": status}
    assert _complete(deployment) is complete


# Somebody's own cluster


def test_without_a_name_nobodys_cluster_is_looked_for(monkeypatch, capsys):
    def never(*_, **__):
        raise AssertionError("kubectl was started")

    monkeypatch.setattr("helpers.delivery.rollouts.your_cluster.run", never)
    assert own_cluster() == "" and own_cluster("") == ""
    assert "none is touched" in capsys.readouterr().out


@pytest.mark.needs_tool("kubectl")
def test_a_cluster_is_used_only_by_its_own_name_and_where_it_answers(tmp_path, monkeypatch, capsys):
    config = Path(tmp_path, "config")
    config.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: prod\n"
        "clusters: [{name: far, cluster: {server: 'http://127.0.0.1:9'}}]\n"
        "contexts: [{name: prod, context: {cluster: far, user: me}}]\nusers: [{name: me}]\n"
    )
    monkeypatch.setenv("KUBECONFIG", str(config))
    assert own_cluster("staging") == ""
    assert "is prod, and you named staging" in capsys.readouterr().out
    assert own_cluster("prod") == ""
    assert "does not answer" in capsys.readouterr().out
