"""Lesson 24, test the model: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_24_bootstrap import BOOTSTRAP
from helpers.exercises.of_24_calibration import CALIBRATION
from helpers.exercises.of_24_direction import DIRECTION
from helpers.exercises.of_24_gate import GATE
from helpers.exercises.of_24_groups import GROUPS

PREDICTIONS = (
    Prediction(
        "24.a",
        "On payments put aside at random, Jonas's model has an average precision of 0.76. What "
        "will it have on the two weeks that come after its training?",
        low=0,
        high=1,
        step=0.01,
    ),
    Prediction(
        "24.b",
        "The challenger leads by 0.009. On how many days of the fortnight would it be ahead, each "
        "day taken by itself?",
        low=0,
        high=14,
        unit="days",
    ),
    Prediction(
        "24.c",
        "In their first week, how many times as often does the champion stop honest customers as "
        "it stops others?",
        low=0,
        high=10,
        step=0.1,
        unit="times",
    ),
    Prediction(
        "24.d",
        "In the fortnight 814 payments were fraud. The challenger's scores are called "
        "probabilities. How many frauds do they promise, all added up?",
        low=0,
        high=10_000,
        step=100,
        unit="frauds",
    ),
)

QUESTIONS = (
    Question(
        "24.q1",
        "A model has 0.76 on a random split and 0.67 in time order. Which figure goes to Mira?",
        (
            Choice(
                "0.67: in the checkout service every payment lies after the training.",
                "A test has to ask what the work will ask. At the till there is no payment from "
                "the same days with a label beside it.",
                right=True,
            ),
            Choice(
                "0.76: it uses more of the data.",
                "It asks about payments of cards that are known as stolen and blocked by then. The "
                "checkout service never sees those.",
            ),
            Choice(
                "The mean of the two.",
                "One answers the question and the other does not; their mean is half an answer.",
            ),
        ),
    ),
    Question(
        "24.q2",
        "Why are both models measured on the *same* resamples of the cards?",
        (
            Choice(
                "What makes a sample easy or hard then cancels out of the difference.",
                "Both meet the same easy frauds and the same hard ones. What is left is the "
                "difference between the models.",
                right=True,
            ),
            Choice(
                "It saves computing time.",
                "A little, but that is not why: with separate samples the interval gets several "
                "times as wide.",
            ),
            Choice(
                "So that the champion has no disadvantage.",
                "Separate samples would be fair to both as well, only very noisy.",
            ),
        ),
    ),
    Question(
        "24.q3",
        "You look at 40 slices. In one of them the model does far worse than on average. What now?",
        (
            Choice(
                "Look at how many frauds it holds and at its interval, and at other weeks.",
                "Of 40 slices one is always the worst. Many frauds, an interval that keeps away, "
                "and a reason make it a finding.",
                right=True,
            ),
            Choice(
                "Stop the model: it fails there.",
                "Perhaps. But the worst of 40 groups that were drawn by lot also looks bad.",
            ),
            Choice(
                "Nothing: on average it is good.",
                "The average is what hides such things. Look closer before you decide.",
            ),
        ),
    ),
    Question(
        "24.q4",
        "A model was trained on all frauds and on one in ten genuine payments. What does that do?",
        (
            Choice(
                "It ranks about as before, and its scores promise too much fraud.",
                "In its world fraud is ten times as common. The order hardly changes; the "
                "probabilities do, and can be set right by a formula.",
                right=True,
            ),
            Choice(
                "It finds ten times as much fraud.",
                "It has seen no fraud more than before. What a score is worth has changed.",
            ),
            Choice(
                "Nothing, for average precision is the same.",
                "Average precision looks at the order alone. Whoever decides by cost needs honest "
                "probabilities.",
            ),
        ),
    ),
    Question(
        "24.q5",
        "A check of the gate gives NaN for the new model. What should the gate do?",
        (
            Choice(
                "Stop the model: a check that gave no figure is not passed.",
                "Whoever wants to pass has to show a figure. NaN fails every comparison, so a "
                "gate that asks 'is it too low?' would wave it through.",
                right=True,
            ),
            Choice(
                "Leave that check out, the others are enough.",
                "The check is there for a reason. Leaving it out at the moment when something is "
                "wrong is the moment when it was needed.",
            ),
            Choice(
                "Take the champion's figure in its place.",
                "That would be a figure of another model.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "24",
    exercises=(GROUPS, BOOTSTRAP, DIRECTION, CALIBRATION, GATE),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
