"""Lesson 23, train a model: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_23_cards import CARDS
from helpers.exercises.of_23_cost import CHEAPEST, COST
from helpers.exercises.of_23_runs import RUN
from helpers.exercises.of_23_split import SPLIT

PREDICTIONS = (
    Prediction(
        "23.a",
        "A program calls every payment of the test week genuine. How many per cent of the "
        "payments does it judge rightly?",
        low=0,
        high=100,
        step=0.1,
        unit="%",
    ),
    Prediction(
        "23.b",
        "Which model will rank the payments of the test week best?",
        choices=("logistic regression", "random forest", "gradient boosting"),
    ),
    Prediction(
        "23.c",
        "Each day the risk team looks into the 100 most suspicious cards. How many of them, on "
        "average, are truly compromised?",
        low=0,
        high=100,
        unit="cards",
    ),
    Prediction(
        "23.d",
        "The forest gives each payment a probability of fraud. From which probability on is it "
        "cheapest to decline?",
        low=0,
        high=1,
        step=0.01,
    ),
)

QUESTIONS = (
    Question(
        "23.q1",
        "A fraud model is right about 99.2 % of all payments; 0.8 % are fraud. What does that say?",
        (
            Choice(
                "Nothing yet: calling every payment genuine is right as often.",
                "With rare fraud, accuracy measures how rare it is. Ask how much fraud is found, "
                "and at how many false alarms.",
                right=True,
            ),
            Choice(
                "It finds 99.2 % of the fraud.",
                "That would be its recall. Accuracy counts all payments, and nearly all are "
                "genuine.",
            ),
            Choice(
                "It is good, but the remaining 0.8 % should be looked into.",
                "It may have found not one fraud: a program that says 'genuine' each time is right "
                "about 99.2 % as well.",
            ),
        ),
    ),
    Question(
        "23.q2",
        "Why does a week lie between the days of training and the days of the test?",
        (
            Choice(
                "Labels come late: on the first test day, those of the last week are not known.",
                "A model that goes live today can only have learned from payments whose labels "
                "have arrived. The gap makes the test as hard as life.",
                right=True,
            ),
            Choice(
                "So that training and test have no customers in common.",
                "They have many in common. Only cards that are known as compromised are left out.",
            ),
            Choice(
                "So that the model forgets the noise of the training week.",
                "A fitted model forgets nothing. The gap is there because labels arrive late.",
            ),
        ),
    ),
    Question(
        "23.q3",
        "Fraud is rare, and two models have nearly the same ROC AUC. Which curve tells you more "
        "about the false alarms among your alerts?",
        (
            Choice(
                "The precision-recall curve.",
                "Precision is the share of true alarms among all alarms. The ROC curve divides "
                "false alarms by the many genuine payments, which makes them look few.",
                right=True,
            ),
            Choice(
                "The ROC curve, for it does not depend on how rare fraud is.",
                "That is what hides the problem: 1 % of very many genuine payments is a heap of "
                "false alarms.",
            ),
            Choice(
                "Neither: one needs accuracy at a threshold of 0.5.",
                "Accuracy hardly moves when fraud is rare, and 0.5 is nobody's best threshold.",
            ),
        ),
    ),
    Question(
        "23.q4",
        "The margin on a payment rises, so a wrong decline gets dearer. What happens to the "
        "cheapest threshold of a fraud model?",
        (
            Choice(
                "It rises: one declines only where the model is surer.",
                "The dearer a wrong decline, the more certain a decline has to be. The model did "
                "not change, the prices did.",
                right=True,
            ),
            Choice(
                "It falls, so that more payments are declined.",
                "That would bring more of the error that has become dearer.",
            ),
            Choice(
                "Nothing: the threshold belongs to the model.",
                "The model gives scores. Where to act on them follows from what the errors cost.",
            ),
        ),
    ),
    Question(
        "23.q5",
        "Model A has an average precision of 0.64 in one test week, model B of 0.62. What next?",
        (
            Choice(
                "Compare both on several weeks, week by week.",
                "A week's figure wobbles. If A leads in nearly every week, by more than the "
                "differences scatter, it is the better one.",
                right=True,
            ),
            Choice(
                "Take A: 0.64 is more than 0.62.",
                "In another week it may be the other way round. One week tells little.",
            ),
            Choice(
                "Test on more payments of the same week.",
                "There are no more. What varies is which cards and tills were hit that week, so "
                "other weeks are needed.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "23",
    exercises=(SPLIT, CARDS, COST, CHEAPEST, RUN),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
