"""Lesson 43, which loop and whose job: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_43_growth import GROWTH
from helpers.exercises.of_43_loops import LOOPS
from helpers.exercises.of_43_next import NEXT

PREDICTIONS = (
    Prediction(
        "43.a",
        "A year passes in which nobody touches code or model. By how many per cent does the bill "
        "of the fraud model grow, if thieves find something new on day 100?",
        low=0,
        high=200,
        unit="%",
    ),
    Prediction(
        "43.b",
        "A learner has done every exercise of the DevOps lessons and none of the others. What "
        "share of an MLOps engineer's skills is that, by the table?",
        low=0,
        high=100,
        unit="%",
    ),
    Prediction(
        "43.c",
        "Of 100 enterprises in the European Union with 10 to 49 people, how many used artificial "
        "intelligence in 2025?",
        low=0,
        high=100,
        unit="enterprises",
    ),
)

QUESTIONS = (
    Question(
        "43.q1",
        "A shop calls a language model of another company to answer its customers. Which loop?",
        (
            Choice(
                "Both: it ships a service, and it has to test and watch a model that it did not "
                "train.",
                "Who did not train a model still has to know whether it answers well today.",
                right=True,
            ),
            Choice(
                "DevOps alone, for the model is somebody else's.",
                "The other company does not know your customers. Whether its answers are any good "
                "for them, you have to watch yourself.",
            ),
            Choice(
                "MLOps alone, for all that counts is the model.",
                "Somebody still writes, tests, deploys and watches the service that calls it.",
            ),
        ),
    ),
    Question(
        "43.q2",
        "Which of the seven steps of the MLOps loop has no counterpart in the DevOps loop?",
        (
            Choice(
                "Retrain.",
                "Software answers as it did until somebody changes it or something breaks. A model "
                "goes stale untouched.",
                right=True,
            ),
            Choice("Test.", "Both loops test: one says right or wrong, the other how much."),
            Choice(
                "Monitor.", "Both loops watch. One asks in addition whether the answers are true."
            ),
        ),
    ),
    Question(
        "43.q3",
        "A mean over eleven skills says 80 %. What may it hide?",
        (
            Choice(
                "That one of them, which the work cannot do without, is at nothing.",
                "So the map names the weakest beside the mean, as the ML Test Score does.",
                right=True,
            ),
            Choice(
                "Nothing: 80 % of each is good enough.",
                "It is 80 % of all together. Ten at 88 % and one at 0 % give the same mean.",
            ),
            Choice(
                "That the learner knows more than the exercises show.",
                "That may be, but no mean can show it.",
            ),
        ),
    ),
)

LESSON = Lesson("43", exercises=(LOOPS, NEXT, GROWTH), predictions=PREDICTIONS, questions=QUESTIONS)
