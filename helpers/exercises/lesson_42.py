"""Lesson 42, a year on call: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_42_found import FOUND
from helpers.exercises.of_42_regret import REGRET
from helpers.exercises.of_42_silences import SILENCES

PREDICTIONS = (
    Prediction(
        "42.a",
        "Three payments in ten are delivered twice, and nobody watches. Which figure of the "
        "service tells of it on the first day?",
        choices=(
            "the share of errors",
            "the time to answer",
            "the share of payments alike",
            "none of them",
        ),
    ),
    Prediction(
        "42.b",
        "The course's pipeline meets thirty faults in a year. What will its regret be, if the "
        "oracle has 0 and a pipeline that does nothing has 100?",
        low=0,
        high=100,
        unit="of 100",
    ),
    Prediction(
        "42.c",
        "Somebody guesses: as many alarms as the pipeline had, on random days and for random "
        "cures. How many of 100 faults does that find?",
        low=0,
        high=100,
        unit="of 100",
    ),
)

QUESTIONS = (
    Question(
        "42.q1",
        "A day's amounts are a hundred times too high. Four rules ring: amounts, drift, skew and "
        "chargebacks. What should reach the one on call?",
        (
            Choice(
                "The rule on amounts alone, since it explains the others.",
                "The most particular rule names the cure. The others ring because of the same "
                "fault, and send people the wrong way.",
                right=True,
            ),
            Choice(
                "All four, so that nothing is hidden.",
                "Three of them ask for cures that do not help, in the middle of the night.",
            ),
            Choice(
                "The one that rang first.",
                "They are judged at the same moment, and their order in a file means nothing.",
            ),
        ),
    ),
    Question(
        "42.q2",
        "Your year cost 180,000, the oracle's 150,000, and doing nothing 450,000. Your regret?",
        (
            Choice("0.1", "You let go 30,000 of the 300,000 that could be saved.", right=True),
            Choice(
                "0.2",
                "That compares with the oracle's bill. The scale is what could be saved at all: "
                "450,000 less 150,000.",
            ),
            Choice("0.9", "That is the share that you saved."),
        ),
    ),
    Question(
        "42.q3",
        "All alarms have been silent for a week. What do you know?",
        (
            Choice(
                "Nothing, unless something shows that an alarm would reach you.",
                "Silence is also what a broken alarm sounds like. One alarm that always rings, and "
                "a watcher outside that misses it, tell the two apart.",
                right=True,
            ),
            Choice(
                "That all is well.",
                "It may be. Or somebody muted the alarms last Friday, for a test.",
            ),
            Choice(
                "That the limits are too high.",
                "A quiet week can simply be one. Limits are judged on many quiet days.",
            ),
        ),
    ),
    Question(
        "42.q4",
        "From lesson 41: a worker is killed in the middle of a computation on a Dask cluster. Why "
        "is nothing lost?",
        (
            Choice(
                "What it held is computed anew elsewhere, from the graph of tasks.",
                "The scheduler knows how each piece came about, and gives the work to others.",
                right=True,
            ),
            Choice(
                "Each piece is kept on two workers.",
                "That would cost twice the memory. A piece can be made again from what it came of.",
            ),
            Choice(
                "The worker writes its memory to disk before it dies.",
                "Whoever is killed does not get to write anything.",
            ),
        ),
    ),
    Question(
        "42.q5",
        "From lesson 31: why is a recommender tested on what people did later, and not on a random "
        "part of their visits?",
        (
            Choice(
                "A random part lets it learn from the future of the same people.",
                "In the shop it has only the past. A split in time tests what it will be asked.",
                right=True,
            ),
            Choice(
                "There are too few visits for a random part.",
                "The number is the same. What differs is whether the future leaks into training.",
            ),
            Choice(
                "Because ranking metrics need dates.",
                "They need an order of items. The dates are for the split.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "42",
    exercises=(SILENCES, REGRET, FOUND),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
