"""12.1, the assertion of a test, and 12.2, a test with a fixture put in order."""

from __future__ import annotations

import types
from typing import Any

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.of_12_trying import as_test, same_verdict
from helpers.exercises.trials import Calls, Case, Unusable, before, letters_of

GIVEN = """
from helpers.serving.pricing import Voucher, discount

FIVER = Voucher("FIVER", "amount", 500)


def no_limit(cents, voucher):
    return voucher.value
"""


def _discounts(rng):
    """Right and wrong implementations of `discount`; the learner's test has to tell them apart."""
    from helpers.serving.pricing import discount

    off = int(rng.integers(2, 250))
    yield Case((discount,), "the `discount` of the service")
    yield Case((lambda cents, voucher: sorted((cents, voucher.value))[0],), "another right one")
    yield Case(
        (lambda cents, voucher: discount(cents, voucher) - off,), "one that gives too little"
    )
    yield Case((lambda cents, voucher: discount(cents, voucher) + 1,), "one that gives a cent more")
    yield Case(
        (lambda cents, voucher: 0 if voucher.value > cents else voucher.value,),
        "one that gives nothing where the voucher is the larger",
    )
    yield Case((lambda cents, voucher: None,), "one that gives back None")
    yield Case((lambda cents, voucher: object(),), "one that gives something else at each call")


def _test(last: str) -> str:
    return (
        f"def test_the_basket_is_the_limit(discount):\n    came = discount(300, FIVER)\n    {last}"
    )


ASSERTION = Exercise(
    id="12.1",
    title="The last step: assert",
    task="Finish the test: say what a 5.00 voucher takes off a basket of 3.00.",
    answer="test_the_basket_is_the_limit",
    given=GIVEN,
    trial=Calls(fresh=_discounts, show="no_limit", prepare=as_test, same=same_verdict),
    solution="""
def test_the_basket_is_the_limit(discount):
    basket = 300                      # arrange
    came = discount(basket, FIVER)    # act
    assert came == 300                # assert
""",
    why="300 comes from the promise (never more than the basket), not from running the code. "
    "That is why it can disagree with the code.",
    hints=(
        "What does the shop promise? A voucher takes off no more than there is to pay.",
        "The basket is 300 cents, the voucher 500. The smaller of the two is taken off.",
    ),
    also=(
        _test("assert came == min(300, FIVER.value)"),
        "def test_the_basket_is_the_limit(discount):\n    assert discount(300, FIVER) == 300",
    ),
    mistakes=(
        Mistake(
            "the voucher's own value",
            _test("assert came == 500"),
            "500 is what the voucher is worth. It cannot take 5.00 off a basket of 3.00, so what "
            "number does the promise give?",
        ),
        Mistake(
            "what is left to pay",
            _test("assert came == 0"),
            "0 is what the customer still pays. `discount` gives what is taken off: assert that.",
        ),
        Mistake(
            "asserts the code's own output",
            _test("assert came == discount(300, FIVER)"),
            "This compares the code with itself, so whatever it does is right: a tautology. Write "
            "the number that you worked out by hand.",
        ),
        Mistake(
            "no assertion",
            _test("return came == 300"),
            "The comparison is made and thrown away: pytest looks at failures, not at what a test "
            "gives back. Put `assert` in front of it in place of `return`.",
        ),
        Mistake(
            "too weak",
            _test("assert came <= 500"),
            "This also holds for a discount of nothing, and for 5.00 off 3.00. One exact number "
            "is promised: compare with `==`.",
        ),
        Mistake(
            "at most the basket",
            _test("assert 0 <= came <= 300"),
            "This bounds the discount, and a discount of 0 passes. Here the promise gives one "
            "exact number, so ask for it with `==`.",
        ),
    ),
)

LINES = (
    '    assert ledger.is_used("FIVER", 1)',
    "    yield book",
    "def test_paying_uses_the_voucher_up(ledger):",
    '    book = Ledger(":memory:")',
    "    ledger.take(PAYMENT)",
    "@pytest.fixture",
    "def ledger():",
    "    book.close()",
)


def _ledgers(rng):
    yield Case((True,), "a ledger that keeps what it is told")
    yield Case((False,), "a ledger that forgets vouchers")


def _as_pytest(answer: Any, exercise: Exercise) -> Any:
    """Run lines as pytest would; gives what happened, in order, for a right or a wrong ledger."""
    letters = letters_of(answer, exercise)
    source = "\n".join(LINES["ABCDEFGH".index(letter)] for letter in letters)
    try:
        code = compile(source, "<order of 12.2>", "exec")
    except SyntaxError as error:
        raise Unusable(
            f"In this order Python cannot read line {error.lineno}, "
            f"`{(error.text or '').strip()}`. Indented lines belong to the `def` above them, and "
            "`@pytest.fixture` stands directly above one."
        ) from None
    return lambda remembers: _happened(code, remembers)


def _happened(code: types.CodeType, remembers: bool) -> list[str]:
    from helpers.delivery.killing import fails

    events, fixtures = [], []

    class Ledger:
        def __init__(self, path: str) -> None:
            self.used = set()
            events.append("opened")

        def take(self, payment: tuple[str, int]) -> None:
            events.append("paid")
            if remembers:
                self.used.add(payment)

        def is_used(self, voucher: str, customer: int) -> bool:
            events.append("asked")
            return (voucher, customer) in self.used

        def close(self) -> None:
            events.append("closed")

    pytest = types.SimpleNamespace(fixture=lambda one: fixtures.append(one.__name__) or one)
    names = {"pytest": pytest, "Ledger": Ledger, "PAYMENT": ("FIVER", 1)}
    exec(code, names)
    if fixtures != ["ledger"]:
        return ["pytest finds no fixture called ledger"]
    opened = names["ledger"]()
    failed = fails(lambda _: names["test_paying_uses_the_voucher_up"](next(opened)), Ledger)
    events.append("fails" if failed else "passes")
    next(opened, None)
    return events


FIXTURE = Exercise(
    id="12.2",
    title="A test with a fixture",
    task="Put the lines in order: a fixture that opens a ledger, hands it out and closes it; then "
    "a test that pays with a voucher and asserts that it is used up.",
    answer="lines",
    lines=LINES,
    trial=Calls(fresh=_ledgers, show="True", prepare=_as_pytest),
    solution='lines = "F G D B H C E A"',
    why="What stands above `yield` arranges, what stands below it cleans up, also when the test "
    "fails. The test acts once and then asserts.",
    hints=(
        "`@pytest.fixture` stands above `def ledger():`. What has to be there before `yield` can "
        "hand it out?",
        "The fixture: open, yield, close. The test: act (`take`), then assert (`is_used`).",
    ),
    also=('lines = "C E A F G D B H"', 'lines = ["F", "G", "D", "B", "H", "C", "E", "A"]'),
    mistakes=(
        Mistake(
            "asserts before it acts",
            'lines = "F G D B H C A E"',
            "The test asks whether the voucher is used before anybody has paid, so it fails on a "
            "right ledger. Act first (`take`), then assert.",
            before("A", "E"),
        ),
        Mistake(
            "closes before it hands out",
            'lines = "F G D H B C E A"',
            "The book is closed before the test gets it. What cleans up stands below `yield`.",
            before("H", "B"),
        ),
        Mistake(
            "hands out before it opens",
            'lines = "F G B D H C E A"',
            "`yield book` hands out a book that is not there yet. Open it first.",
            before("B", "D"),
        ),
        Mistake(
            "the mark on the test",
            'lines = "G D B H F C E A"',
            "`@pytest.fixture` marks the function below it, and that is the test now. Put it "
            "directly above `def ledger():`.",
            lambda letters: letters[letters.index("F") + 1 :][:1] == ["C"],
        ),
    ),
)
