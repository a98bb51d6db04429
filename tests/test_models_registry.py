"""The registry: versions, the two names, the way back, and files that would run code if let."""

import io
import json
import pickle
import time
import zipfile
from pathlib import Path

import mlflow
import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from helpers.models import registry
from helpers.models.registry import NoSuchVersion, RegistryUnreachable, UnsafeModel
from helpers.models.safe import load_model, require_safe

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3))
Y = X[:, 0] + RNG.normal(size=200) > 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One workspace for the module: to make a store takes seconds."""
    return tmp_path_factory.mktemp("registry")


@pytest.fixture
def name(folder, monkeypatch, request):
    """A registered model's name of its own for each test, in the one store."""
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(folder))
    from helpers.models.tracking import new_experiment, open_store

    open_store()
    new_experiment("test")
    return request.node.name


def logged(trees=3, model=None):
    from helpers.models.tracking import log_model

    model = HistGradientBoostingClassifier(max_iter=trees) if model is None else model
    with mlflow.start_run():
        return log_model(model.fit(X, Y))


def file_of(version, name):
    folder = mlflow.artifacts.download_artifacts(f"models:/{name}/{version}")
    return Path(folder, "model.skops")


@pytest.mark.parametrize(
    "model",
    [LogisticRegression(), RandomForestClassifier(3), HistGradientBoostingClassifier(max_iter=3)],
    ids=lambda model: type(model).__name__,
)
def test_a_registered_model_comes_back_the_same(name, model):
    info = logged(model=model)
    usual = {"amount": 53.5, "is_night": 0.0}
    version = registry.register(info, usual=usual, tags={"gate": "passed"}, name=name)
    assert (version, registry.version_of("challenger", name)) == (1, 1)
    back = registry.load("challenger", name)
    assert 0 <= time.time() - back.registered < 60  # seconds, not MLflow's milliseconds
    assert np.array_equal(back.model.predict_proba(X), model.predict_proba(X))
    assert (back.version, back.usual, back.tags["gate"]) == (1, usual, "passed")


def test_a_model_registers_by_its_address_too(name):
    assert registry.register(logged().model_uri, name=name) == 1


def test_to_promote_moves_the_name_and_takes_the_challengers(name):
    for trees in (2, 3):
        registry.register(logged(trees), name=name)
    assert registry.version_of("champion", name) is None
    registry.promote(1, name)
    assert [registry.version_of(who, name) for who in ("champion", "challenger")] == [1, 2]
    registry.promote(2, name)
    assert [registry.version_of(who, name) for who in ("champion", "challenger")] == [2, None]
    assert registry.load(name=name).model.max_iter == 3
    assert registry.load(1, name).model.max_iter == 2


def test_back_to_the_last_good_version_in_one_call(name):
    for trees in (1, 2, 3, 4):
        registry.register(logged(trees), name=name)
    for version in (1, 2, 3):
        registry.promote(version, name)
    assert registry.roll_back(name) == 2
    registry.promote(4, name)
    assert registry.roll_back(name) == 2, "3 was rolled back, so it is not good"
    assert registry.roll_back(name) == 1
    with pytest.raises(NoSuchVersion, match="Before version 1 no good version"):
        registry.roll_back(name)
    assert registry.version_of("champion", name) == 1
    rows = registry.history(name)
    assert [row["version"] for row in rows if row["rolled_back_at"]] == [2, 3, 4]
    assert all(row["champion_from"] for row in rows)
    assert rows[0]["aliases"] == ["champion"]


def test_a_version_that_is_mended_elsewhere_may_be_promoted_again(name):
    for trees in (1, 2):
        registry.promote(registry.register(logged(trees), name=name), name)
    registry.roll_back(name)
    registry.promote(2, name)
    assert registry.history(name)[1]["rolled_back_at"] is None
    assert registry.roll_back(name) == 1


def test_what_is_not_there_is_told(name):
    with pytest.raises(NoSuchVersion, match=r"no champion of .*; register and promote one"):
        registry.load(name=name)
    with pytest.raises(NoSuchVersion, match="register and promote"):
        registry.roll_back(name)
    registry.register(logged(), name=name)
    with pytest.raises(NoSuchVersion, match="no 7 of"):
        registry.promote(7, name)
    assert registry.version_of("champion", name) is None


@pytest.mark.parametrize("state", ["gone", "no database", "another database"])
def test_a_registry_that_cannot_be_reached_is_told_at_once(name, state):
    version = registry.register(logged(), name=name)
    registry.promote(version, name)
    file = Path(mlflow.get_registry_uri().removeprefix("sqlite:///"))
    kept = file.rename(file.with_suffix(".kept"))
    if state == "no database":
        file.write_text("the disk is full of letters")
    if state == "another database":
        import sqlite3

        sqlite3.connect(file).close()
        file.touch()
    try:
        for ask in (
            lambda: registry.load(name=name),
            lambda: registry.version_of("champion", name),
            lambda: registry.promote(version, name),
            lambda: registry.roll_back(name),
            lambda: registry.history(name),
        ):
            with pytest.raises(RegistryUnreachable, match="does not answer") as told:
                ask()
            assert "MLFLOW_TRACKING_URI" in str(told.value)
        if state == "gone":
            assert not file.exists(), "an empty one was made in its place"
    finally:
        kept.replace(file)
    assert registry.load(name=name).version == version


class Poison:
    """Rebuilt by pickle it writes a file, and rebuilt by skops it writes it too."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __reduce__(self):
        return Path.touch, (Path(self.marker),)

    def __setstate__(self, state):
        Path(state["marker"]).touch()


def forged_pickle(marker):
    return pickle.dumps(Poison(marker))


def forged_skops(marker):
    """A skops file written by hand, of a type whose rebuilding runs code."""
    state = {
        "__class__": "dict",
        "__module__": "builtins",
        "__loader__": "DictNode",
        "key_types": {
            "__class__": "list",
            "__module__": "builtins",
            "__loader__": "ListNode",
            "content": [
                {
                    "__class__": "str",
                    "__module__": "builtins",
                    "__loader__": "TypeNode",
                    "__id__": 4,
                }
            ],
            "__id__": 3,
        },
        "content": {
            "marker": {
                "__class__": "str",
                "__module__": "builtins",
                "__loader__": "JsonNode",
                "content": json.dumps(str(marker)),
                "__id__": 5,
                "is_json": True,
            }
        },
        "__id__": 2,
    }
    schema = {
        "__class__": "Poison",
        "__module__": __name__,
        "__loader__": "ObjectNode",
        "content": state,
        "__id__": 1,
        "protocol": 2,
        "_skops_version": "0.13.0",
    }
    return zipped({"schema.json": json.dumps(schema)})


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for file, content in files.items():
            out.writestr(file, content)
    return packed.getvalue()


def test_the_poison_is_real(tmp_path):
    """Otherwise the tests below would pass against anything."""
    import skops.io

    pickle.loads(forged_pickle(tmp_path / "by pickle"))
    skops.io.loads(forged_skops(tmp_path / "by skops"), trusted=[f"{__name__}.Poison"])
    assert {path.name for path in tmp_path.iterdir()} == {"by pickle", "by skops"}


@pytest.mark.parametrize("forge", [forged_pickle, forged_skops])
def test_poison_in_the_place_of_a_model_does_not_run(name, forge, tmp_path):
    marker = tmp_path / "it ran"
    version = registry.register(logged(), name=name)
    registry.promote(version, name)
    file_of(version, name).write_bytes(forge(marker))
    trust_all_in(file_of(version, name).with_name("MLmodel"))
    words = "no skops file" if forge is forged_pickle else rf"{__name__}.Poison.*vouched for"
    with pytest.raises(UnsafeModel, match=words):
        registry.load(name=name)
    with pytest.raises(UnsafeModel, match=words):
        registry.promote(version, name)
    assert not marker.exists()


def trust_all_in(mlmodel):
    """What a forger does, too: name the own type as trusted, in the file that MLflow asks."""
    text = mlmodel.read_text()
    assert "skops_trusted_types:\n" in text
    mlmodel.write_text(
        text.replace("skops_trusted_types:\n", f"skops_trusted_types:\n    - {__name__}.Poison\n")
    )


def test_mlflow_itself_would_have_run_it(name, tmp_path):
    """Why the registry does not leave the answer to the MLmodel file."""
    version = registry.register(logged(), name=name)
    file_of(version, name).write_bytes(forged_skops(tmp_path / "it ran"))
    trust_all_in(file_of(version, name).with_name("MLmodel"))
    mlflow.sklearn.load_model(f"models:/{name}/{version}")
    assert (tmp_path / "it ran").exists()


@pytest.mark.parametrize("format", ["pickle", "cloudpickle"])
def test_a_model_stored_as_a_pickle_is_not_registered(name, format):
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(
            LogisticRegression().fit(X, Y),
            name="model",
            serialization_format=format,
            pip_requirements=["scikit-learn"],
        )
    with pytest.raises(UnsafeModel, match=rf"stored as {format}.*log_model, which writes skops"):
        registry.register(info, name=name)
    assert registry.history(name) == []


def test_a_file_changed_since_it_was_registered_is_refused(name):
    """Safe types alone do not make a file ours: a forged tree can send scikit-learn anywhere."""
    versions = [registry.register(logged(trees), name=name) for trees in (2, 3)]
    first, second = (file_of(version, name) for version in versions)
    first.write_bytes(second.read_bytes())
    with pytest.raises(UnsafeModel, match="SHA-256 differs"):
        registry.load(1, name)


def test_a_version_registered_by_other_means_is_refused(name):
    mlflow.register_model(logged().model_uri, name)
    with pytest.raises(UnsafeModel, match="has no checksum"):
        registry.promote(1, name)


def test_a_model_file_outside_its_folder_is_refused(name):
    version = registry.register(logged(), name=name)
    mlmodel = file_of(version, name).with_name("MLmodel")
    mlmodel.write_text(mlmodel.read_text().replace("model.skops", "../../../../etc/passwd"))
    with pytest.raises(UnsafeModel, match="not in its folder"):
        registry.load(version, name)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr("helpers.models.safe.MOST_BYTES", 1_000_000)
    with pytest.raises(UnsafeModel, match="unpacks to 2,000"):
        require_safe(zipped({"schema.json": "{}", "zeros.npy": b"\0" * 2_000_000}))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 and no more", zipped({"schema.json": "{}"})])
def test_a_damaged_file_is_told(damage):
    with pytest.raises(UnsafeModel, match="no skops file"):
        load_model(damage)


def test_the_challengers_share_is_kept_with_its_version(name):
    from helpers.models.registry import Standing

    assert registry.standing(name) == Standing()
    registry.promote(registry.register(logged(1), name=name), name)
    registry.register(logged(2), name=name)
    assert registry.standing(name) == Standing(1, 2, 0.0), "a candidate begins in the shadow"
    registry.canary(0.25, name)
    assert registry.standing(name) == Standing(1, 2, 0.25)
    registry.register(logged(3), name=name)
    assert registry.standing(name) == Standing(1, 3, 0.0)
    registry.withdraw(name)
    registry.withdraw(name)
    assert registry.standing(name) == Standing(1)
    with pytest.raises(NoSuchVersion, match="no challenger of"):
        registry.canary(0.5, name)
    with pytest.raises(ValueError, match="from 0 to 1"):
        registry.canary(50, name)
