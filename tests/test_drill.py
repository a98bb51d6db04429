"""The eight faults of lesson 16: each made in a running shop, seen from outside, and ended."""

import time

import httpx
import psutil
import pytest

from helpers.delivery.drill.drill import Drill, actions, causes
from helpers.delivery.drill.faults import ACTIONS, FAULTS, fault
from helpers.delivery.drill.names import SLOW_TILL
from helpers.delivery.drill.recorded import Recorded
from helpers.delivery.drill.review import impact, review
from helpers.delivery.drill.shop import Shop
from helpers.delivery.drill.signals import SIGNALS
from helpers.delivery.drill.traces import of_each_till
from helpers.programs import ProgramFailed

live = pytest.mark.needs_tool("prometheus")
every_fault = pytest.mark.parametrize("name", [one.name for one in FAULTS])


def soon(holds, limit=30):
    until = time.monotonic() + limit
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.3)
    return False


@pytest.fixture(scope="module")
def shop():
    """A shop that has been open for some seconds; the faults come one after the other."""
    shop = Shop(quiet=True)
    shop.open(600)
    time.sleep(6)
    yield shop
    shop.close()


@live
@pytest.mark.slow
@every_fault
def test_a_fault_is_made_leaves_its_trace_and_is_ended(shop, name):
    one = fault(name)
    assert soon(shop.well), "the shop is not well to begin with"
    assert not one.shows(shop)
    one.begin(shop)
    assert soon(lambda: one.shows(shop)), "it left no trace"
    ACTIONS[one.cure](shop)
    assert soon(lambda: not one.shows(shop)), "the cure did not end it"
    assert soon(shop.well), "something of it is left"


@live
@pytest.mark.slow
@every_fault
def test_no_other_cure_ends_it(shop, name):
    one = fault(name)
    assert soon(shop.well)
    one.begin(shop)
    try:
        for action, act in ACTIONS.items():
            if action != one.cure:
                act(shop)
        # A deployment empties what a leak has filled, so it has to fill again.
        assert soon(lambda: one.shows(shop)), "another cure ended it"
    finally:
        ACTIONS[one.cure](shop)
    assert soon(shop.well)


@live
def test_a_drill_in_a_shop_that_runs():
    shop = Shop(quiet=True)
    try:
        shop.trade(3)
        assert shop.well()
        drill = Drill(shop, seed=5).start()
        assert soon(lambda: fault("bad-release").shows(shop))
        drill.notice("errors").diagnose("bad-release").restore("roll back")
        assert drill.right and drill.restored
        steps = list(drill.seconds().values())
        assert steps == sorted(steps) and steps[0] > 0
        answers = shop.answers()
        assert (answers["status"] == 500).sum() > 0
        begun, ended = drill.span()
        failing = answers[answers["status"] == 500]["due"]
        assert failing.min() > begun - 2 and failing.max() < ended
        assert "500" not in review(drill, answers).split("What went well")[1]
    finally:
        shop.close()


@live
def test_a_release_takes_over_without_a_gap(shop):
    before = len(shop.answers())
    shop.deploy(version="1.1.1")
    try:
        assert soon(lambda: httpx.get(f"{shop.url}/version").json() == {"version": "1.1.1"})
        time.sleep(1)
        during = shop.answers().iloc[before:]
        assert len(during) > 20 and (during["status"] == 0).mean() < 0.05
    finally:
        shop.deploy(version="1.1.0")


@live
def test_a_release_that_does_not_start_leaves_the_old_one(shop, monkeypatch):
    monkeypatch.setattr("helpers.delivery.drill.shop.START_SECONDS", 4)
    with pytest.raises(ProgramFailed, match="did not start"):
        shop.deploy(version="not a version!")
    assert httpx.get(f"{shop.url}/version").json() == {"version": "1.1.0"}
    assert shop.release["version"] == "1.1.0"


@live
def test_two_shops_at_once_do_not_meet_and_leave_nothing():
    shops = [Shop(quiet=True), Shop(quiet=True)]
    family = psutil.Process().children(recursive=True)
    try:
        for shop, seconds in zip(shops, (1, 2), strict=True):
            shop.trade(seconds, rate=30)
        counts = [len(shop.answers()) for shop in shops]
        assert counts[0] < counts[1]
        lines = [len(shop.log().query("route == '/payments'")) for shop in shops]
        assert [n < count for n, count in zip(lines, counts, strict=True)] == [True, True]
        assert all(shop.value('up{job="checkout"}') == 1 for shop in shops)
    finally:
        for shop in shops:
            shop.close()
            shop.close()
    mine = [p for p in family if any(str(s.port) in " ".join(line(p)) for s in shops)]
    assert mine == []
    assert not any(shop.folder.exists() for shop in shops)


def line(process):
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


@every_fault
def test_each_incident_is_on_record_with_its_trace(name):
    site = Recorded()
    site.begin(fault(name))
    ill = site.signals(60)
    site.act(fault(name).cure)
    assert site.well() and len(site.signals(60)) > len(ill)
    assert set(ill["signal"]) <= set(SIGNALS)
    assert traces(ill, site.log())[name], name


def traces(signals, log):
    """By their names the faults whose trace the last seconds of a recording hold."""

    def values(name, label="", seconds=5):
        chosen = signals[(signals["signal"] == name) & (signals["ago"] > -seconds)]
        return chosen.loc[chosen["label"].str.startswith(label), "value"]

    up = values("up", seconds=10)
    return {
        "slow-check": values("p50", "/payments").mean() > 0.2,
        "slow-till": values("p50", "/payments").mean() < 0.1 < values("p99", "/pay").mean(),
        "memory-leak": values("memory").max() - values("memory", seconds=60).min() > 10,
        "wrong-voucher": values("mean payment").mean() < 27,
        "bad-release": values("errors", "500").mean() > 0.5 and len(values("version", "1.2.0")),
        "crash-loop": up.min() == 0 and "critical" in set(log["level"]),
        "locked-ledger": values("in flight").max() > 50,
        "silent-metrics": up.tail(8).max() == 0 and (log["status"] == 201).any(),
    }


@pytest.mark.parametrize("seed", range(8))
def test_every_draw_can_be_solved_on_paper_and_a_wrong_cure_cannot(seed):
    drill = Drill(Recorded(), seed=seed, wait=0).start()
    time.sleep(0.1)
    truth = drill._fault
    wrong = next(action for action in actions() if action != truth.cure)
    drill.restore(wrong, limit=0.1)
    assert not drill.restored and "still there" in drill.last_words
    other = next(name for name in causes() if name != truth.name)
    drill.diagnose(other)
    assert not drill.right and truth.cause not in str(drill)
    drill.diagnose(truth.name).restore(truth.cure)
    assert drill.right and drill.restored


def test_all_eight_are_drawn():
    drawn = {Drill(Recorded(), seed=seed)._fault.name for seed in range(60)}
    assert drawn == set(causes()) and len(drawn) == 8
    assert {one.cure for one in FAULTS} == set(actions())


def test_a_drill_gives_nothing_away_and_refuses_what_makes_no_sense():
    drill = Drill(Recorded(), seed=0, wait=5)
    with pytest.raises(RuntimeError, match="Start the drill first"):
        drill.notice("?")
    drill.start()
    with pytest.raises(RuntimeError, match="already"):
        drill.start()
    with pytest.raises(KeyError, match="slow-check"):
        drill.diagnose("gremlins")
    with pytest.raises(KeyError, match="roll back"):
        drill.restore("pray")
    assert not drill.diagnose("locked-ledger").right, "named before it was there"
    with pytest.raises(ValueError, match="after the incident"):
        review(drill, Recorded().answers())


def test_the_impact_counts_what_lies_between_fault_and_end(monkeypatch):
    site = Recorded()
    drill = Drill(site, seed=5, wait=0).start()
    time.sleep(0.1)
    drill.diagnose("bad-release").restore("roll back")
    answers = site.answers()
    moments = answers["due"].quantile([0.5, 0.9]).tolist()
    monkeypatch.setattr(drill, "span", lambda: tuple(moments))
    hit = answers[answers["due"].between(*moments)]
    failed = (hit["status"].isin([0, 500, 503])).sum()
    assert impact(drill, answers).startswith(f"Of {len(hit)} requests, {failed} failed")


def test_a_question_that_is_not_on_record_is_refused():
    with pytest.raises(LookupError, match="not on record"):
        Recorded().query("vector(1)")


def test_the_slow_till_is_found_in_the_log_alone():
    site = Recorded()
    site.switch("slow-till")
    tills = of_each_till(site.log())
    assert tills.index[0] == SLOW_TILL and tills.iloc[0] > 10 * tills.iloc[1]
