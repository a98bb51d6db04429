"""A year of payments under a rule for when to train the fraud model anew, and what it cost.

For lesson authors:

    from helpers.models.retraining import Field, Year, every, never, on_drift, on_performance

    field = Field(worlds()["new fraud"])      # the truth as arrays, made once for a world
    year = Year(field).until_start()          # three trainings on the way to the first day
    played = year.play(every(30))             # `year` itself stays as it is
    played.bill(training=500)                 # money in the year
    played.days                               # a row a day; played.trained: days of training

A policy looks at a `Desk` (what is known this morning) and says whether to train today.
`python -m helpers.models.retraining` plays twenty seeds and records them under datasets/.
"""

from .bills import Played
from .field import Field
from .policies import Desk, every, never, on_drift, on_performance, stability
from .worlds import START, TRAINING, worlds
from .year import Rules, Year

__all__ = [
    "START",
    "TRAINING",
    "Desk",
    "Field",
    "Played",
    "Rules",
    "Year",
    "every",
    "never",
    "on_drift",
    "on_performance",
    "stability",
    "worlds",
]
