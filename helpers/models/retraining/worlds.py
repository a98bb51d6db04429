"""Three years that a fraud model can meet: a quiet one, a busy season, a new kind of fraud."""

from helpers.payments import World

START = 240  # the day on which the year begins; before it labels gather and three models are made
TRAINING = 500.0  # money: what one retraining costs where nothing else is said
SHARE = 0.05  # 250 customers, about 480 payments and 4 frauds a day
NEW_FRAUD = START + 100


def worlds(seed: int = 0) -> dict[str, World]:
    """The three worlds by name, START days and then a year long; labels come late in each.

    quiet: nothing changes. busy season: the number of payments swings by 40 % over the year, and
    what is fraud stays the same. new fraud: 100 days into the year, bursts of small payments at
    night begin, about 7 payments a day.
    """
    switches = {
        "quiet": {},
        "busy season": {"yearly_season": 0.4},
        "new fraud": {"new_fraud_day": NEW_FRAUD, "bursts_a_day": 3 * SHARE * 4},
    }
    late = {"days": START + 365, "late_labels": True, "investigated_a_day": 0, "seed": seed}
    return {name: World.small(SHARE, **late, **more) for name, more in switches.items()}
