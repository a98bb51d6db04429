"""Models taken over while the service serves: what fails leaves things as they are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from skops.io import dumps

from helpers.models import registry
from helpers.models.reaching import RegistryUnreachable
from helpers.models.registry import Loaded, Standing, UnsafeModel
from helpers.payments.features import COLUMNS
from helpers.serving.fraud.kept import Kept
from helpers.serving.fraud.release import Release

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(300, len(COLUMNS))), columns=list(COLUMNS))
Y = X["amount"] + RNG.normal(size=300) > 0
ROW = [0.5] * len(COLUMNS)


def loaded(version, columns=None):
    model = HistGradientBoostingClassifier(max_iter=version, random_state=0)
    model.fit(X if columns is None else X[columns], Y)
    return Loaded(version, model, usual=X.median().to_dict(), data=dumps(model))


class Shelf:
    """A registry of a test: who stands where, which versions there are, what goes wrong."""

    def __init__(self, monkeypatch):
        self.now, self.versions, self.error, self.loads = Standing(), {}, None, []
        monkeypatch.setattr(registry, "standing", self.standing)
        monkeypatch.setattr(registry, "load", self.load)

    def standing(self, name):
        if self.error:
            raise self.error
        return self.now

    def load(self, version, name):
        self.loads.append(version)
        if isinstance(self.versions[version], Exception):
            raise self.versions[version]
        return self.versions[version]


@pytest.fixture
def shelf(monkeypatch):
    shelf = Shelf(monkeypatch)
    shelf.versions = {version: loaded(version) for version in (1, 2, 3)}
    return shelf


def versions(release):
    slots = release.slots
    return [one and one.version for one in (slots.champion, slots.challenger)] + [slots.share]


def test_it_follows_the_registry_and_loads_each_version_once(shelf):
    release = Release()
    shelf.now = Standing(1, 2, 0.2)
    release.refresh()
    release.refresh()
    assert (versions(release), release.swaps, shelf.loads) == ([1, 2, 0.2], 1, [1, 2])
    shelf.now = Standing(2)
    release.refresh()
    assert (versions(release), release.swaps, shelf.loads) == ([2, None, 0.0], 2, [1, 2])


def test_a_decision_holds_on_to_the_models_that_it_began_with(shelf):
    release = Release()
    shelf.now = Standing(1)
    before = release.refresh()
    shelf.now = Standing(2)
    release.refresh()
    assert before.champion.version == 1 and before.champion.judge(ROW).score > 0


@pytest.mark.parametrize("bad", ["unsafe", "other features"])
def test_a_champion_that_cannot_be_used_leaves_the_one_before(shelf, bad):
    release = Release()
    shelf.now = Standing(1)
    release.refresh()
    refused = UnsafeModel("it holds os.system")
    shelf.versions[3] = refused if bad == "unsafe" else loaded(3, list(COLUMNS[1:]))
    shelf.now = Standing(3)
    release.refresh()
    assert versions(release) == [1, None, 0.0]
    assert ("os.system" if bad == "unsafe" else "missing ['amount']") in release.problem
    shelf.now = Standing(2)
    release.refresh()
    assert versions(release) == [2, None, 0.0] and release.problem is None


def test_a_challenger_that_cannot_be_used_gets_no_customers(shelf):
    release = Release()
    shelf.versions[2] = UnsafeModel("no")
    shelf.now = Standing(1, 2, 0.5)
    assert release.refresh().of(7)[1] is None
    assert versions(release) == [1, None, 0.0]


@pytest.mark.parametrize("error", [RegistryUnreachable("away"), OSError("the disk"), KeyError("x")])
def test_whatever_the_registry_does_the_models_stay(shelf, error):
    release = Release()
    shelf.now = Standing(1, 2, 0.2)
    release.refresh()
    shelf.error = error
    release.refresh()
    assert versions(release) == [1, 2, 0.2] and str(error) in release.problem


def test_a_start_without_the_registry_brings_back_the_champion(shelf, tmp_path):
    shelf.now = Standing(1, 3, 0.0)
    first = Release(kept=Kept(tmp_path))
    first.refresh()
    shelf.now = Standing(2)
    second = first.refresh().champion
    shelf.error = RegistryUnreachable("away")
    again = Release(kept=Kept(tmp_path))
    again.refresh()
    assert versions(again) == [2, None, 0.0], "the champion, and never a challenger"
    assert again.slots.champion.judge(ROW) == second.judge(ROW)
    assert len(list(tmp_path.glob("*.skops"))) == 1


def test_a_start_with_nothing_at_all_has_no_model(shelf, tmp_path):
    shelf.error = RegistryUnreachable("away")
    release = Release(kept=Kept(tmp_path))
    release.refresh()
    assert versions(release) == [None, None, 0.0] and release.problem == "away"


@pytest.mark.parametrize("damage", ["model", "about", "other model"])
def test_a_kept_model_that_was_tampered_with_is_refused(shelf, tmp_path, damage):
    kept = Kept(tmp_path)
    kept.keep(shelf.versions[1])
    (file,) = tmp_path.glob("*.skops")
    if damage == "model":
        file.write_bytes(b"no model")
    if damage == "other model":
        file.write_bytes(shelf.versions[2].data)
    if damage == "about":
        (tmp_path / "champion.json").write_text("{")
    with pytest.raises(UnsafeModel, match="kept in"):
        kept.bring_back()
    shelf.error = RegistryUnreachable("away")
    release = Release(kept=kept)
    release.refresh()
    assert release.slots.champion is None and "kept in" in release.problem


@pytest.mark.parametrize("registered", [1_530_000_000.5, float("nan")])
def test_a_kept_champion_still_tells_when_it_was_registered(tmp_path, registered):
    Kept(tmp_path).keep(replace(loaded(1), registered=registered))
    back = Kept(tmp_path).bring_back()
    assert back.registered == pytest.approx(registered, abs=0, nan_ok=True)
