"""The pipeline cannot know what is to come: another future moves none of its acts of the past."""

import numpy as np
import pytest

from helpers.year.catalogue import BY_NAME
from helpers.year.settings import ALL_ALERTS, Settings
from helpers.year.world import START
from helpers.year.year import Year

SEED, UNTIL = 21, 45
CAME = {5: "half a desk", 12: "doubled batch", 20: "schema change", 30: "poisoned labels"}
SETTINGS = Settings(alerts=ALL_ALERTS, retrain_every=20)


class OtherFuture:
    """A field whose later days are others, and so is each label that is not known by then."""

    def __init__(self, field, kept):
        self._field, self._kept = field, kept

    def __getattr__(self, name):
        return getattr(self._field, name)

    def batch(self, day):
        batch = self._field.batch(day)
        if day >= START + UNTIL:
            batch.amount = batch.amount * 3
            batch.fraud = ~batch.fraud
        else:
            batch.fraud = batch.fraud ^ ~self._kept[day].known
        return batch


PAST = {START + day: [BY_NAME[name]] for day, name in CAME.items()}


@pytest.fixture(scope="module")
def years():
    """The same past twice, and two futures; a day of them is played as well."""
    one = Year(SEED, SETTINGS, PAST).play(UNTIL + 1)
    worse = PAST | {START + UNTIL: [BY_NAME["bad deploy"], BY_NAME["silent tills"]]}
    other = Year(SEED, SETTINGS, worse)
    other.shop.field = OtherFuture(other.shop.field, one.shop.kept)
    due = other.shop.labels.file._due
    for day in [day for day in due if day > START + UNTIL]:
        due[day] = [(made, places, ~fraud) for made, places, fraud in due[day]]
    return one, other.play(UNTIL + 1)


def acts(year):
    """What the pipeline saw and did before the futures part."""
    before = [evening for evening in year.evenings if evening.day < UNTIL]
    return {
        "figures": np.array([list(evening.figures.values()) for evening in before]),
        "alarms": [alarm for evening in before for alarm in evening.alarms],
        "cures": [cure for cure in year.cures if cure[0] < UNTIL],
        "models": [deployed for deployed in year.registry.deployments if deployed[0] < UNTIL],
        "gate": [verdict for verdict in year.registry.verdicts if verdict[0] < UNTIL],
        "spent": np.array([(e.bill["reviews"], e.bill["work"]) for e in before]),
    }


@pytest.mark.parametrize("what", ["figures", "alarms", "cures", "models", "gate", "spent"])
def test_another_future_moves_no_act_of_the_past(years, what):
    ours, theirs = (acts(year)[what] for year in years)
    assert len(ours) and np.array_equal(ours, theirs, equal_nan=what in ("figures", "spent"))


def test_the_two_futures_are_different(years):
    one, other = years
    assert one.evenings[-1].figures != other.evenings[-1].figures
    lost = [sum(e.bill["missed fraud"] for e in year.evenings[:UNTIL]) for year in years]
    assert lost[0] != lost[1], "labels that nobody knows yet are others"
