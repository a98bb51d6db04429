"""Lesson 26, monitor the model: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_26_incident import INCIDENT
from helpers.exercises.of_26_limit import LIMIT
from helpers.exercises.of_26_psi import PSI
from helpers.exercises.of_26_recall import RECALL

PREDICTIONS = (
    Prediction(
        "26.a",
        "In one future Corner's customers change, in the other a new kind of thief comes. In which "
        "one will a test for drift find a change in the features?",
        choices=("where customers change", "where thieves change", "in both", "in neither"),
    ),
    Prediction(
        "26.b",
        "A hundred weeks pass in which nothing at all changes. In how many of them does the test "
        "find p below 0.05 for at least one of the 15 features?",
        low=0,
        high=100,
        unit="weeks",
    ),
    Prediction(
        "26.c",
        "By the labels known this morning, the reviews found 81 % of last week's frauds. How many "
        "per cent will it be once all labels are there?",
        low=0,
        high=100,
        unit="%",
    ),
    Prediction(
        "26.d",
        "What has happened at this checkout?",
        choices=(
            "nothing",
            "new customers",
            "new fraud",
            "model down",
            "labels stopped",
            "amounts in cents",
        ),
    ),
)

QUESTIONS = (
    Question(
        "26.q1",
        "An alarm says that the PSI of three features is above 0.25. What do you know about the "
        "model?",
        (
            Choice(
                "Nothing yet: its input has changed, and it may be as good as before.",
                "Drift is a reason to look, at units and feeds first and then at what is known of "
                "recall. Whether the model is worse is told by labels.",
                right=True,
            ),
            Choice(
                "It has become worse and has to be retrained.",
                "In the lesson the features moved most in the future in which the model stayed as "
                "good as it was.",
            ),
            Choice(
                "It is fine, since the rule of thumb for PSI is about data.",
                "Nor does that follow. A changed input can do harm: amounts in cents did.",
            ),
        ),
    ),
    Question(
        "26.q2",
        "Two quiet weeks of 10,000 payments are compared, and a test gives p = 0.0001 for a "
        "customer's number of payments in 30 days. What is the likeliest reason?",
        (
            Choice(
                "Rows of one customer repeat the same 30 days, so far fewer rows are independent.",
                "The test counts 10,000 witnesses where some hundred customers speak, each many "
                "times. So it takes ordinary wobbling for news.",
                right=True,
            ),
            Choice(
                "The feature has drifted.",
                "Then it drifts in nearly every quiet week, by an amount that does no harm. A test "
                "that always rings says nothing.",
            ),
            Choice(
                "Fifteen features were tested at once.",
                "That adds false alarms, and a correction takes those away. It does not bring a "
                "single p down to 0.0001.",
            ),
        ),
    ),
    Question(
        "26.q3",
        "Labels come by review the next morning, or by chargeback weeks later. Which way is last "
        "week's recall wrong, if you count the labels that are known?",
        (
            Choice(
                "It is too high: found frauds are known at once, missed ones late.",
                "The bias has one direction, and it is largest for the newest week. So a graph of "
                "it always seems to be improving.",
                right=True,
            ),
            Choice(
                "It is too low, because many frauds are not known yet.",
                "Those that are not known yet are the missed ones. Without them recall looks "
                "better than it is.",
            ),
            Choice(
                "It is as often too high as too low.",
                "That would hold if labels went missing at random. They do not: what the model "
                "found is known first.",
            ),
        ),
    ),
    Question(
        "26.q4",
        "Performance is estimated from calibrated scores, without labels. When is it blind?",
        (
            Choice(
                "When what a payment of a given kind is has changed.",
                "A new kind of fraud gets low scores, and the estimate believes the scores. It "
                "follows changes of data, not changes of concept.",
                right=True,
            ),
            Choice(
                "When the mix of payments changes.",
                "That it can follow: other payments get other scores, and the scores stay honest.",
            ),
            Choice(
                "Whenever labels come late.",
                "It needs no labels at all, once it is calibrated. That is its use.",
            ),
        ),
    ),
    Question(
        "26.q5",
        "An alert rings about four times a month, and nearly always for nothing. What is the best "
        "next step?",
        (
            Choice(
                "Raise its limit to what people will still act on, and see what delay that costs.",
                "Each limit buys quiet with days of delay. Choosing it on purpose, from quiet "
                "weeks, beats learning to ignore it.",
                right=True,
            ),
            Choice(
                "Keep it: better one alarm too many than one too few.",
                "After a few months nobody looks, and then the true one is missed as well.",
            ),
            Choice(
                "Send it to more people.",
                "Then more people learn to ignore it, and each thinks that another will look.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "26",
    exercises=(PSI, RECALL, LIMIT, INCIDENT),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
