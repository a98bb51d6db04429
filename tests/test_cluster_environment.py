"""What a container is told: environment, files, paths, images, amounts."""

from __future__ import annotations

import base64
import json

import pytest

from helpers.cluster.kubelet import volumes
from helpers.cluster.kubelet.backoff import Backoff
from helpers.cluster.kubelet.environment import ConfigError, environment, expand
from helpers.cluster.kubelet.images import Image, ImageError, read_table, resolve
from helpers.cluster.kubelet.sandbox import Sandbox
from helpers.cluster.quantity import quantity
from helpers.cluster.resources import CONFIGMAPS, PODS, SECRETS, SERVICES
from helpers.cluster.store import Store

HERE = "default"


@pytest.fixture
def store():
    store = Store()
    prices = {"currency": "EUR", "a.json": "[1]"}
    store.create(CONFIGMAPS, {"metadata": {"name": "prices", "namespace": HERE}, "data": prices})
    secret = {"token": base64.b64encode(b"s3cret").decode()}
    store.create(SECRETS, {"metadata": {"name": "key", "namespace": HERE}, "data": secret})
    return store


def pod_with(store, container=None, **spec):
    one = {"name": "main", "image": "x", "command": ["true"], **(container or {})}
    metadata = {"name": "one", "namespace": HERE, "labels": {"app": "web"}}
    pod = store.create(PODS, {"metadata": metadata, "spec": {"containers": [one], **spec}})
    pod["status"]["podIP"] = "127.64.0.9"
    return pod


def told(store, tmp_path, **container):
    pod = pod_with(store, container)
    sandbox = Sandbox(tmp_path)
    return environment(store, pod, pod["spec"]["containers"][0], Image(), sandbox)


def ref(kind, **fields):
    return {"valueFrom": {kind: fields}}


def test_values_references_and_what_they_are_built_from(store, tmp_path):
    env = [
        {"name": "POD_IP", **ref("fieldRef", fieldPath="status.podIP")},
        {"name": "APP", **ref("fieldRef", fieldPath="metadata.labels['app']")},
        {"name": "URL", "value": "http://$(POD_IP):80/$$(APP)/$(NONE)"},
        {"name": "CURRENCY", **ref("configMapKeyRef", name="prices", key="currency")},
        {"name": "TOKEN", **ref("secretKeyRef", name="key", key="token")},
        {"name": "MAYBE", **ref("secretKeyRef", name="none", key="x", optional=True)},
        {"name": "LIMIT", **ref("resourceFieldRef", resource="limits.memory", divisor="1Mi")},
    ]
    limits = {"limits": {"memory": "64Mi"}}
    found = told(store, tmp_path, env=env, resources=limits)
    assert found["URL"] == "http://127.64.0.9:80/$(APP)/$(NONE)"
    assert {found["APP"], found["CURRENCY"], found["TOKEN"]} == {"web", "EUR", "s3cret"}
    assert "MAYBE" not in found
    assert found["LIMIT"] == "64"
    assert found["HOSTNAME"] == "one"


def test_all_of_a_config_map_under_a_prefix_and_the_own_value_wins(store, tmp_path):
    source = [{"prefix": "SHOP_", "configMapRef": {"name": "prices"}}]
    env = [{"name": "SHOP_currency", "value": "CHF"}]
    found = told(store, tmp_path, envFrom=source, env=env)
    assert (found["SHOP_currency"], found["SHOP_a.json"]) == ("CHF", "[1]")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (ref("configMapKeyRef", name="none", key="x"), 'configmap "none" not found'),
        (ref("secretKeyRef", name="none", key="x"), 'secret "none" not found'),
        (ref("configMapKeyRef", name="prices", key="x"),
         "couldn't find key x in ConfigMap default/prices"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_as_kubernetes_does(store, tmp_path, entry, words):
    with pytest.raises(ConfigError) as error:
        told(store, tmp_path, env=[{"name": "A", **entry}])
    assert str(error.value) == words


def test_services_are_told_by_host_and_port(store, tmp_path):
    spec = {"ports": [{"name": "http", "port": 8000}], "selector": {"a": "b"}}
    store.create(SERVICES, {"metadata": {"name": "shop-api", "namespace": HERE}, "spec": spec})
    found = told(store, tmp_path)
    assert found["SHOP_API_SERVICE_HOST"].startswith("127.96.")
    assert found["SHOP_API_SERVICE_PORT"] == found["SHOP_API_SERVICE_PORT_HTTP"] == "8000"


def test_a_name_that_is_not_known_stays():
    assert expand("$(A) $(B) $$(A)", {"A": "1"}) == "1 $(B) $(A)"


def test_volumes_hold_the_files_and_follow_a_change(store, tmp_path):
    pod = pod_with(store, volumes=[
        {"name": "config", "configMap": {"name": "prices",
                                         "items": [{"key": "a.json", "path": "in/a.json"}]}},
        {"name": "key", "secret": {"secretName": "key", "defaultMode": 0o400}},
        {"name": "all", "configMap": {"name": "prices"}},
    ])  # fmt: skip
    paths = volumes.fill(store, pod, tmp_path)
    assert (paths["config"] / "in/a.json").read_text() == "[1]"
    assert (paths["key"] / "token").read_text() == "s3cret"
    assert (paths["key"] / "token").stat().st_mode & 0o077 == 0
    changed = store.get(CONFIGMAPS, HERE, "prices")
    changed["data"] = {"currency": "CHF"}
    store.update(CONFIGMAPS, changed)
    volumes.fill(store, pod_without(pod, "config"), tmp_path)
    assert [path.name for path in paths["all"].iterdir()] == ["currency"]
    assert (paths["all"] / "currency").read_text() == "CHF"


def pod_without(pod, volume):
    kept = [one for one in pod["spec"]["volumes"] if one["name"] != volume]
    return {**pod, "spec": {**pod["spec"], "volumes": kept}}


def test_a_volume_of_nothing_is_an_error(store, tmp_path):
    pod = pod_with(store, volumes=[{"name": "v", "configMap": {"name": "none"}}])
    with pytest.raises(ConfigError, match='configmap "none" not found'):
        volumes.fill(store, pod, tmp_path)


def test_paths_are_where_they_really_are(tmp_path):
    data = tmp_path / "volume"
    data.mkdir()
    (data / "a").write_text("1")
    box = Sandbox(tmp_path / "box", {"data": data}, {8000: 51000})
    mounts = [{"name": "data", "mountPath": "/etc/shop"}]
    folder = box.prepare({"volumeMounts": mounts, "workingDir": "/srv/app"})
    assert folder == box.root / "srv/app"
    assert (box.root / "etc/shop/a").read_text() == "1"
    real = str(box.root / "etc/shop")
    assert box.real("cat /etc/shop/a --x=/etc/shop") == f"cat {real}/a --x={real}"
    assert box.real("/etc/shopping /my/etc/shop") == "/etc/shopping /my/etc/shop"
    assert box.real("127.0.0.1:8000 8000 80001 1.8000") == "127.0.0.1:51000 51000 80001 1.8000"


@pytest.mark.parametrize("mount", [
    {"name": "data", "mountPath": "/../../x"}, {"name": "none", "mountPath": "/x"},
    {"name": "data", "mountPath": "/x", "subPath": "../y"},
])  # fmt: skip
def test_no_mount_leads_out_of_the_folder(tmp_path, mount):
    box = Sandbox(tmp_path / "box", {"data": tmp_path})
    with pytest.raises(ValueError, match=r"must not contain|not found"):
        box.prepare({"volumeMounts": [mount]})


def test_what_an_image_stands_for(tmp_path):
    path = tmp_path / "images.json"
    path.write_text(json.dumps({"corner/web:1": {"command": ["serve"], "env": {"A": 1}}}))
    table = read_table(path)
    assert resolve({"image": "corner/web:1"}, table) == Image(("serve",), {"A": "1"})
    assert resolve({"image": "other:9", "command": ["x"]}, table) == Image()
    for image in ("corner/web:2", "corner/web", "other"):
        with pytest.raises(ImageError, match="corner/web:1"):
            resolve({"image": image}, table)
    with pytest.raises(ImageError, match="corner/web:1"):  # another tag, whatever the command
        resolve({"image": "corner/web:2", "command": ["x"]}, table)
    path.write_text("[")
    with pytest.raises(ImageError, match="no table of images"):
        read_table(path)


@pytest.mark.parametrize(
    ("text", "number"), [("500m", 0.5), ("64Mi", 64 * 2**20), ("1.5", 1.5), ("2k", 2000), (3, 3)]
)
def test_amounts(text, number):
    assert quantity(text) == pytest.approx(number)


def test_pauses_double_up_to_five_minutes_and_are_forgotten_after_a_long_run():
    backoff = Backoff()
    assert [backoff.pause() for _ in range(8)] == [0, 10, 20, 40, 80, 160, 300, 300]
    backoff.ran(599)
    assert backoff.pause() == 300
    backoff.ran(600)
    assert backoff.pause() == 0
