"""Lesson 22, clean and prepare: its exercises, guesses and questions."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_22_point_in_time import POINT_IN_TIME
from helpers.exercises.of_22_risk import RISK
from helpers.exercises.of_22_rows import CENTS, SET_ASIDE

PREDICTIONS = (
    Prediction(
        "22.a",
        "Mira's model has an average precision of 0.99 on a week that it has not seen. "
        "What will it have in the checkout service?",
        low=0.0,
        high=1.0,
        step=0.01,
    ),
    Prediction(
        "22.b",
        "Five tills write cents, so 25.00 comes as 2500. Of their payments, what share does the "
        "rule 'at most 3,000' catch?",
        unit="%",
    ),
    Prediction(
        "22.c",
        "Which of the three leaks loses least when it is played, and so is the hardest to notice?",
        choices=(
            "own label in the window",
            "weekly table, same week",
            "labels at once",
        ),
    ),
    Prediction(
        "22.d",
        "Labels really arrive after 7 days. From which delay on does the notebook show the figure "
        "that production will show?",
        low=0,
        high=30,
        unit="days",
    ),
)

QUESTIONS = (
    Question(
        "22.q1",
        "A feature is each till's share of fraud over the whole data set, joined to every payment. "
        "Why is that a leak?",
        (
            Choice(
                "A till has too few payments for a stable share.",
                "That makes the value noisy. A leak is about when a value is known, not how exact "
                "it is.",
            ),
            Choice(
                "The till's number becomes known to the model.",
                "The till is known when somebody pays there. Its later labels are not.",
            ),
            Choice(
                "Each row's value holds labels of later payments, and its own label too.",
                "Yes. At the moment of the payment none of these could be known.",
                True,
            ),
            Choice(
                "It is none as long as train and test are split in time.",
                "The share was computed before the split, from both sides. A split in time does "
                "not mend features that look ahead.",
            ),
        ),
    ),
    Question(
        "22.q2",
        "In a feature pipeline, features up to a moment t stay the same when all rows after t are "
        "cut off. What can still be wrong?",
        (
            Choice(
                "They may use amounts of payments after t.",
                "Those rows were cut off. A feature that used them would have moved.",
            ),
            Choice(
                "They may use labels of earlier payments that nobody knew yet at t.",
                "Yes. Cutting rows leaves the labels of earlier rows in place. Flip those that "
                "were not known yet, and look again.",
                True,
            ),
            Choice(
                "Nothing: they are correct at that point in time.",
                "Rows have a time, and labels have another: the moment at which they became known.",
            ),
        ),
    ),
    Question(
        "22.q3",
        "A payment comes in with no readable amount. Why set it aside with a reason, and not "
        "delete it or fill in the mean?",
        (
            Choice(
                "Because pandas cannot delete single rows.",
                "It can, with one call. That is why rows get lost so easily.",
            ),
            Choice(
                "Because a model cannot be trained on a mean.",
                "It can. But a made-up amount would enter the customer's and the till's history "
                "as if it were a fact.",
            ),
            Choice(
                "The counts still add up, and it can be mended when its cause is found.",
                "Yes. What is set aside can be counted, explained and brought back.",
                True,
            ),
        ),
    ),
    Question(
        "22.q4",
        "A scaler is fitted on all rows, then the rows are split into train and test. What is the "
        "trouble?",
        (
            Choice(
                "The test rows have already shaped the numbers that the model is trained on.",
                "Yes. Fit on the training rows, and apply what was learned to the others.",
                True,
            ),
            Choice(
                "Scaling must never be applied to test rows.",
                "It must be: the model expects scaled numbers. But with the training rows' mean "
                "and spread.",
            ),
            Choice(
                "None: a scaler does not see labels.",
                "It sees amounts of the future, which is information too. The effect is often "
                "small, and you cannot know beforehand.",
            ),
        ),
    ),
    Question(
        "22.q5",
        "A fraud model had an average precision of 0.99 offline and has 0.35 in production. There "
        "are no errors in the log. What do you check first?",
        (
            Choice(
                "Whether a larger model does better.",
                "It would learn the leak even better. The features come first.",
            ),
            Choice(
                "Whether each feature was known at the moment of the payment.",
                "Yes. Superb offline, poor in production from the first day: that is what a leak "
                "looks like.",
                True,
            ),
            Choice(
                "Whether the fraudsters have changed their ways.",
                "That happens over weeks and is seldom so deep. A gap on the first day points to "
                "the features.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "22",
    exercises=(CENTS, SET_ASIDE, RISK, POINT_IN_TIME),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
