"""Lesson 32, feedback loops: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_32_thompson import THOMPSON
from helpers.exercises.of_32_weighing import ROBUST, SHOWN, SNIPS

PREDICTIONS = (
    Prediction(
        "32.a",
        "A recommender learns anew each Monday from the clicks on what it showed. After five "
        "months, what has become of the share of products shown that shoppers truly like?",
        choices=("it has risen", "it is about the same", "it has fallen"),
    ),
    Prediction(
        "32.b",
        "From now on one product in ten is shown at random. After five months, compared with the "
        "loop that never explores, shoppers are",
        choices=("better off", "as well off", "worse off"),
    ),
    Prediction(
        "32.e",
        "Two recommenders learn from the same eight weeks of videos: the first from every video "
        "that was opened, the second only from those of which more than half was watched. Of what "
        "each recommends, which is truly liked more?",
        choices=("the first", "they are alike", "the second"),
    ),
    Prediction(
        "32.c",
        "A policy that nobody has seen yet is judged from the log of another. Of 30 "
        "intervals of 95 %, how many will hold the truth?",
        low=0,
        high=30,
        unit="intervals",
    ),
    Prediction(
        "32.d",
        "A fraud model declines every payment above 220, and these all are fraud. It is trained "
        "anew on the payments that went through. How much of the fraud above 220 does the new "
        "model find?",
        low=0,
        high=100,
        unit="%",
    ),
)

QUESTIONS = (
    Question(
        "32.q1",
        "A recommender is retrained on its own clicks, and its nDCG on next week's clicks rises "
        "week by week. What does that say?",
        (
            Choice(
                "It foretells better what is clicked of what it shows; shoppers may be worse off.",
                "It chooses the exam as well as the answers: fewer and fewer products are shown, "
                "and so the clicks are easier to foretell.",
                right=True,
            ),
            Choice(
                "Shoppers like what they see more and more.",
                "In the lesson the figure rose while the liking fell. Clicks say nothing of what "
                "was not shown.",
            ),
            Choice(
                "The model is overfitted, so it needs more regularisation.",
                "The clicks of next week are new to the model. It is the data that have narrowed.",
            ),
        ),
    ),
    Question(
        "32.q2",
        "Why is the probability kept with which each product was shown?",
        (
            Choice(
                "So that another policy can be judged from this log, by weighing its rows.",
                "target / propensity makes the log look as if the other policy had written it.",
                right=True,
            ),
            Choice(
                "So that shoppers can be told why they see a product.",
                "A probability is no reason. It is kept to weigh the log.",
            ),
            Choice(
                "So that products with a low probability can be taken out of the catalogue.",
                "They are the ones of which least is known. Their rows count most.",
            ),
        ),
    ),
    Question(
        "32.q3",
        "The old policy never shows product 7, the new one always would. What does IPS say of the "
        "new policy?",
        (
            Choice(
                "Nothing that is of use: no row of the log speaks of product 7.",
                "Where the propensity is zero there is no row to weigh. Explore first, or test it "
                "on people.",
                right=True,
            ),
            Choice(
                "The right value, with a wide interval.",
                "The interval is narrow, around zero, and wrong: weighing cannot make up what was "
                "never seen.",
            ),
            Choice(
                "The right value, if the log is long enough.",
                "A longer log of a policy that never shows product 7 still does not show it.",
            ),
        ),
    ),
    Question(
        "32.q4",
        "What is the price of exploring with epsilon = 0.1?",
        (
            Choice(
                "One slot in ten shows a product at random, which is mostly liked less.",
                "It is paid every day. What it buys comes later: knowing of new products, and a "
                "log that can judge other policies.",
                right=True,
            ),
            Choice(
                "The model is trained on a tenth of the data.",
                "It is trained on everything. The price is paid by those who see the products "
                "drawn at random.",
            ),
            Choice(
                "Nothing: the products drawn at random teach the model.",
                "They do, and yet most of them are not what the shopper wanted that day.",
            ),
        ),
    ),
    Question(
        "32.q5",
        "A fraud model declines suspicious payments and is trained anew on those that went "
        "through. What is missing from its training data?",
        (
            Choice(
                "The payments that it declined: whether they were fraud is never learned.",
                "A declined payment has no chargeback. So the model unlearns what it knew. Letting "
                "a few through, at random and on record, keeps the lesson alive.",
                right=True,
            ),
            Choice(
                "Nothing: declined payments are known to be fraud.",
                "They were suspicious. How many were genuine nobody learns, since they never "
                "happened.",
            ),
            Choice(
                "The payments of the last weeks, whose labels are still to come.",
                "That is missing as well, and it comes in the end. The label of a declined "
                "payment never does.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "32",
    exercises=(SHOWN, SNIPS, THOMPSON, ROBUST),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
