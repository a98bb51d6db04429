"""Nothing newer than the moment of a decision enters it: no payment, no label, in no function."""

import importlib
import inspect
import pkgutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from helpers.payments import World
from tests.past_only import BUILDERS, DAYS, NOT_TRIED_HERE, OF_FILES

WORLD = World.small(0.03, days=DAYS, leaked_cards_a_day=0.6, seed=5)
PARTS = ("payments", "models", "serving", "monitoring")  # the packages that touch payments
DAY = pd.Timedelta(days=1)

moments = st.integers(33 * 24, 55 * 24).map(
    lambda hour: pd.Timestamp(WORLD.start) + hour * DAY / 24
)
every_builder = pytest.mark.parametrize("name", BUILDERS)


@pytest.fixture(scope="module")
def made():
    return WORLD.transactions(), WORLD.labels()


def another_future(transactions, labels, moment, seed):
    """The same past: after the moment other payments, and other labels that become known later."""
    rng = np.random.default_rng(seed)
    later = transactions["time"] > moment
    changed = transactions.copy()
    for column in ("amount", "customer_id", "terminal_id"):
        changed.loc[later, column] = rng.permutation(changed.loc[later, column].to_numpy())
    changed.loc[later, "amount"] *= 3
    unknown = labels.loc[labels["known_at"] > moment, "transaction_id"]
    flipped = changed["transaction_id"].isin(unknown) & (rng.random(len(changed)) < 0.5)
    changed["is_fraud"] ^= flipped
    changed = changed[~later | (rng.random(len(changed)) < 0.7)]
    truth = changed.set_index("transaction_id")["is_fraud"]
    told = labels[labels["transaction_id"].isin(truth.index)].copy()
    told["is_fraud"] = truth[told["transaction_id"]].to_numpy()
    late = told["known_at"] > moment
    told.loc[late, "known_at"] += pd.to_timedelta(rng.integers(0, 9, late.sum()), unit="D")
    return changed, told


@every_builder
@settings(max_examples=6)
@given(moment=moments, seed=st.integers(0, 99))
def test_another_future_changes_nothing_before_it(made, name, moment, seed):
    transactions, labels = made
    expected = list(BUILDERS[name](transactions, labels, moment))
    came = list(BUILDERS[name](*another_future(transactions, labels, moment, seed), moment))
    assert len(came) == len(expected) and sum(map(len, expected)) > 0
    for one, other in zip(expected, came, strict=True):
        columns = one.columns.difference(["is_fraud", "scenario"])  # the truth, unknown as yet
        pd.testing.assert_frame_equal(one[columns], other[columns], check_exact=True)


def test_the_future_that_is_changed_is_another_one(made):
    """The property would hold of anything if nothing changed."""
    transactions, labels = made
    moment = pd.Timestamp(WORLD.start) + 40 * DAY
    changed, told = another_future(transactions, labels, moment, 0)
    later = changed["time"] > moment
    assert (changed.loc[later, "amount"] != transactions.loc[changed.index[later], "amount"]).all()
    both = told.merge(labels, on="transaction_id", suffixes=("", "_before"))
    fresh = both["known_at_before"] > moment
    assert (both["is_fraud"] != both["is_fraud_before"])[fresh].mean() > 0.3
    assert not (both["is_fraud"] != both["is_fraud_before"])[~fresh].any()


def leaky(transactions, labels, moment):
    """The mistake of lesson 22: a till's risk by labels that are known at once."""
    from helpers.payments import features

    at_once = labels.assign(
        known_at=transactions.set_index("transaction_id")["time"][labels["transaction_id"]].array
    )
    rows = transactions["time"] <= moment
    yield features(transactions, at_once)[rows].set_axis(
        transactions.loc[rows, "transaction_id"], axis=0
    )


def test_a_leak_is_seen(made):
    transactions, labels = made
    moment = pd.Timestamp(WORLD.start) + 40 * DAY
    (one,) = leaky(transactions, labels, moment)
    (other,) = leaky(*another_future(transactions, labels, moment, 0), moment)
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def functions_of_tables():
    """The full names of all public functions and methods that take a pandas table, of any name."""
    for part in PARTS:
        package = importlib.import_module(f"{helpers.__name__}.{part}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                module = importlib.import_module(found.name)
                yield from (f"{found.name}.{name}" for name in of_tables(module))


def of_tables(module):
    """Of one module those that it defines: `name`, or `Class.name` of a method."""
    for name, one in inspect.getmembers(module):
        own = getattr(one, "__module__", None) == module.__name__ and not name.startswith("_")
        if own and inspect.isclass(one):
            methods = inspect.getmembers(one, inspect.isfunction)
            yield from (f"{name}.{m}" for m, of in methods if m[0] != "_" and takes_a_table(of))
        elif own and inspect.isfunction(one) and takes_a_table(one):
            yield name


def takes_a_table(function):
    """Whether an argument is annotated as a DataFrame; the house's rule is that all are."""
    arguments = inspect.signature(function).parameters.values()
    return any("DataFrame" in str(argument.annotation) for argument in arguments)


def test_every_function_of_a_table_is_on_the_list():
    known = {name.split(" ")[0] for name in BUILDERS} - OF_FILES | set(NOT_TRIED_HERE)
    found = set(functions_of_tables())
    assert found - known == set(), "try these in past_only.py, or say there why not"
    assert known - found == set(), "these are gone, or were renamed"


def test_the_finder_sees_a_table_under_any_name():
    import types

    module = types.ModuleType("made")
    code = """
import pandas as pd

def of_anything(anything: pd.DataFrame) -> None: ...
def of_a_number(number: int) -> pd.DataFrame: ...
class Kept:
    def take(self, rows: "pd.DataFrame | None") -> None: ...
"""
    exec(code, module.__dict__)
    assert list(of_tables(module)) == ["Kept.take", "of_anything"]
