"""What to do about a score: the decision that is expected to cost least, and Corner's old rule.

Source: Elkan, "The foundations of cost-sensitive learning", IJCAI 2001.
"""

from __future__ import annotations

from helpers.payments import Costs
from helpers.serving.decisions import Decision, Verdict

RULE_ABOVE = 22_000  # cents: what Corner declined before it had a model


def cheapest(score: float, amount: float, costs: Costs) -> Verdict:
    """The verdict that is expected to cost least, if `score` is the probability of fraud.

    amount: in money. An approved fraud costs its amount and the fee, a declined genuine payment
    the margin, a review the time of the person who looks. Of equal costs the milder verdict wins.
    """
    expected: dict[Verdict, float] = {
        "approve": score * (amount * costs.fraud_loss + costs.chargeback_fee),
        "review": costs.review,
        "decline": (1 - score) * costs.wrong_decline,
    }
    return min(expected, key=lambda verdict: expected[verdict])


def rule(amount_cents: int, why: str, above: int = RULE_ABOVE) -> Decision:
    """The decision without a model: a payment above the limit is declined.

    why: the reason why no model decides, in words.
    """
    if amount_cents > above:
        reason = f"{why}; the rule declines what is above {above / 100:.2f}"
        return Decision("decline", reason, by="rule")
    return Decision("approve", f"{why}; the rule lets {above / 100:.2f} and less pass", by="rule")
