"""Card payments: a world that makes them, features, late labels, and what decisions cost.

For lesson authors:

    from helpers.payments import Costs, World, features, read_transactions

    world = World()                            # World.small(0.1) is a tenth, for quick cells
    transactions = world.transactions()        # 1.78 million rows, 0.7 s
    X = features(transactions)                 # 15 columns, same rows, 1.6 s
    y = transactions["is_fraud"]

    labels = world.labels(at="2018-05-01")     # what was known by that moment
    X = features(transactions, labels)         # risk counts a label from known_at on

    play = World(late_labels=True).play(Costs(review=5))
    for day in play:                           # day.date, day.payments, day.labels
        big = day.payments["amount"] > 220
        outcome = day.decide(big.map({True: "decline", False: "approve"}))
    play.ledger["cost"].cumsum().plot()

A world with fewer customers and terminals wants fewer compromised terminals and leaked cards a
day as well, or it drowns in fraud: `World.small` keeps everything in scale.
"""

from .columns import BadTransactions
from .costs import Costs, Outcome
from .features import features
from .play import Day, Play
from .read import read_transactions
from .world import World

__all__ = [
    "BadTransactions",
    "Costs",
    "Day",
    "Outcome",
    "Play",
    "World",
    "features",
    "read_transactions",
]
