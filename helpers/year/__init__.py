"""The capstone: a year on call at Corner. Thirty faults come, a pipeline meets them, a score says
how far it is from an oracle.

For lesson authors:

    from helpers.year.catalogue import FAULTS            # the thirty faults, as a table
    from helpers.year.year import Year
    from helpers.year.yardsticks import nothing, oracle
    year = Year(seed=3).play()                           # the course's own pipeline, 365 days
    year.alarms, year.events, year.bills(), year.cost

    from helpers.year.settings import Settings, reference  # gate, alerts, reviews, rollout...
    from helpers.year.score import score                 # regret, found, false alarms, DORA's keys
    from helpers.year.keep import save, resume           # a run as a file
    from helpers.year.classroom import runs, table, plot  # a folder of files: a class compared
    from helpers.year.console import Console             # widgets over a year

Faults act on payments, features, models, labels and machines (`shop`); alarms read what is on
record of a day (`figures`, `rules`) and never a fault. Only `score` knows the truth.
"""
