"""Exercises of lesson 22 on rows: amounts in cents mended, rows set aside with a reason."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order

GIVEN = "import numpy as np\nimport pandas as pd"


def _from_tills(rng: np.random.Generator) -> Iterator[Case]:
    for rows, listed in ((12, [3, 5]), (40, [0, 1, 4]), (8, [])):
        till = rng.integers(0, 6, rows)
        amount = rng.uniform(0.5, 90, rows).round(2)
        amount = np.where(np.isin(till, listed), (amount * 100).round(), amount)
        frame = pd.DataFrame({"terminal_id": till, "amount": amount}, index=rng.permutation(rows))
        yield Case((frame, listed), f"{len(listed)} tills in cents among {rows} payments")


CENTS = Exercise(
    id="22.1",
    title="Amounts in cents",
    task="Finish `in_money(payments, cents_tills)`: the payments of those tills divided by 100, "
    "all others as they came.",
    answer="in_money",
    given=GIVEN,
    trial=Calls(
        fresh=_from_tills,
        show="pd.DataFrame({'terminal_id': [3, 8, 3], 'amount': [1250.0, 4999.0, 30625.0]}), [3]",
    ),
    solution=(
        "def in_money(payments, cents_tills):\n"
        '    in_cents = payments["terminal_id"].isin(cents_tills)\n'
        '    hundredth = payments["amount"] / 100\n'
        '    return payments.assign(amount=payments["amount"].where(~in_cents, hundredth))'
    ),
    why="`where` keeps a value where the condition holds and takes the other one elsewhere. "
    "The till decides, because a small amount in cents looks like a large one in money.",
    hints=(
        "Two columns stand ready: the amounts as they came, and their hundredth. `in_cents` says "
        "row by row which of them is wanted.",
        '`payments["amount"].where(condition, other)` keeps the amount where `condition` is True. '
        "`~` turns True and False round.",
    ),
    also=(
        "def in_money(payments, cents_tills):\n"
        '    in_cents = payments["terminal_id"].isin(cents_tills)\n'
        '    hundredth = payments["amount"] / 100\n'
        '    return payments.assign(amount=np.where(in_cents, hundredth, payments["amount"]))',
        "def in_money(payments, cents_tills):\n"
        "    mended = payments.copy()\n"
        '    in_cents = mended["terminal_id"].isin(cents_tills)\n'
        '    mended.loc[in_cents, "amount"] /= 100\n'
        "    return mended",
    ),
    mistakes=(
        Mistake(
            "divides every row",
            "def in_money(payments, cents_tills):\n"
            '    return payments.assign(amount=payments["amount"] / 100)',
            "Every amount is divided, those of the healthy tills too. Divide only where "
            "`in_cents` is True.",
        ),
        Mistake(
            "the wrong way round",
            "def in_money(payments, cents_tills):\n"
            '    in_cents = payments["terminal_id"].isin(cents_tills)\n'
            '    hundredth = payments["amount"] / 100\n'
            '    return payments.assign(amount=payments["amount"].where(in_cents, hundredth))',
            "The healthy tills are divided and the others left: `where` keeps the values for "
            "which its condition is True. Turn the condition round with `~`.",
        ),
        Mistake(
            "judges by the amount",
            "def in_money(payments, cents_tills):\n"
            '    large = payments["amount"] > 3000\n'
            '    hundredth = payments["amount"] / 100\n'
            '    return payments.assign(amount=payments["amount"].where(~large, hundredth))',
            "This looks at the size of each amount: 12.50 in cents is 1250 and slips through. "
            "The cause is the till, so let the till decide.",
        ),
        Mistake(
            "drops the healthy tills",
            "def in_money(payments, cents_tills):\n"
            '    own = payments[payments["terminal_id"].isin(cents_tills)]\n'
            '    return own.assign(amount=own["amount"] / 100)',
            "Only the mended rows come back, and all others are lost without a word. Give back "
            "every row that came in.",
        ),
        Mistake(
            "whole numbers only",
            "def in_money(payments, cents_tills):\n"
            '    in_cents = payments["terminal_id"].isin(cents_tills)\n'
            '    hundredth = payments["amount"] // 100\n'
            '    return payments.assign(amount=payments["amount"].where(~in_cents, hundredth))',
            "`//` cuts the cents off, so 12.50 becomes 12. Divide with `/`.",
        ),
        Mistake(
            "leaves a gap for the healthy tills",
            "def in_money(payments, cents_tills):\n"
            '    in_cents = payments["terminal_id"].isin(cents_tills)\n'
            '    hundredth = payments["amount"] / 100\n'
            "    return payments.assign(amount=hundredth.where(in_cents))",
            "The healthy tills' amounts are now missing: `where` without a second value puts a "
            "gap where its condition is False. Give it the amount as it came.",
        ),
    ),
)


RULES = (
    "[('no amount', lambda p: p['amount'].isna()), ('refund', lambda p: p['amount'] < 0), "
    "('unknown till', lambda p: p['terminal_id'] > 9)]"
)


def _with_faults(rng: np.random.Generator) -> Iterator[Case]:
    for rows in (6, 60):
        amount = rng.uniform(-30, 90, rows).round(2)
        amount[rng.random(rows) < 0.2] = np.nan
        amount[0] = -1.0
        till = rng.integers(0, 14, rows)
        till[0] = 12
        frame = pd.DataFrame({"terminal_id": till, "amount": amount})
        yield Case((frame, eval(RULES)), f"{rows} payments, one with two faults")


SET_ASIDE = Exercise(
    id="22.2",
    title="Set aside, with a reason",
    task="Put the lines in order: each row that breaks a rule goes aside with the first reason "
    "that it meets, all others are kept, and the two counts add up.",
    answer="lines",
    given=GIVEN,
    lines=(
        "return kept, aside",
        "    reason[fresh] = name",
        'aside = payments[reason != ""].assign(reason=reason)',
        "for name, breaks in rules:",
        'reason = pd.Series("", index=payments.index)',
        'kept = payments[reason == ""]',
        '    fresh = breaks(payments) & (reason == "")',
    ),
    trial=Calls(
        fresh=_with_faults,
        show="pd.DataFrame({'terminal_id': [3, 12, 4], 'amount': [5.0, -2.0, None]}), " + RULES,
        prepare=in_order("def set_aside(payments, rules):"),
    ),
    solution='lines = "E D G B F C A"',
    why="Each row has exactly one reason, the empty one included. So no row is lost and none "
    "counts twice.",
    hints=(
        "Every row needs an empty reason before the first rule is looked at.",
        "Inside the loop: first find the rows that break this rule and have no reason yet, then "
        "write the reason. `kept` and `aside` come when all rules have been looked at.",
    ),
    also=('lines = "E D G B C F A"',),
    mistakes=(
        Mistake(
            "returns first",
            'lines = "A E D G B F C"',
            "It returns before `kept` and `aside` are made. What follows a `return` never runs, "
            "so `return` comes last.",
            lambda letters: letters[-1] != "A",
        ),
        Mistake(
            "reasons begin after the loop",
            'lines = "D G B E F C A"',
            "The loop asks whether a row has a reason already, but `reason` is made only after "
            "it. Begin with an empty reason for every row.",
            before("D", "E"),
        ),
        Mistake(
            "writes before it looks",
            'lines = "E D B G F C A"',
            "`reason[fresh] = name` uses `fresh` before this rule has set it. Look first which "
            "rows are concerned, then write the reason.",
            before("B", "G"),
        ),
        Mistake(
            "keeps before it looks",
            'lines = "E F D G B C A"',
            "`kept` is cut out before any rule has been looked at, so rows with a fault are kept "
            "and set aside too. The counts no longer add up: move it below the loop.",
            before("F", "D"),
        ),
        Mistake(
            "sets aside before it looks",
            'lines = "E C D G B F A"',
            "`aside` is cut out while every reason is still empty, so it is empty too, and rows "
            "with a fault are in neither table. Move it below the loop.",
            before("C", "D"),
        ),
    ),
)
