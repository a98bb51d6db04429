"""Lesson 16, monitor the service: its exercises, guesses and questions."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_16_alert import ALERT
from helpers.exercises.of_16_burn import BURNING
from helpers.exercises.of_16_drill import DRILL
from helpers.exercises.of_16_keys import LEAD_TIME
from helpers.exercises.of_16_quantile import QUANTILE

PREDICTIONS = (
    Prediction(
        "16.a",
        "Customers come, 100 a second, and the service stands still for one second. How many of "
        "the 10,000 requests of these 100 seconds take longer than a tenth of a second?",
        low=0,
        high=300,
        unit="requests",
    ),
    Prediction(
        "16.b",
        "The line to one of the 20 tills is slow: its payments take almost a second longer. What "
        "happens to the median of all payments?",
        choices=("it hardly moves", "it doubles", "it grows tenfold"),
    ),
    Prediction(
        "16.c",
        "Twenty bad minutes are over. For how many minutes more does an alert ring that looks at "
        "the last hour alone?",
        low=0,
        high=60,
        unit="minutes",
    ),
    Prediction(
        "16.d",
        "A release fails for a third of its requests. Which way to deliver it burns the least of "
        "the error budget?",
        choices=("all at once", "blue-green", "canary", "a feature flag"),
    ),
)

QUESTIONS = (
    Question(
        "16.q1",
        "The mean time of an answer has doubled, the median has not moved. What do you think of "
        "first?",
        (
            Choice(
                "A few requests have become very slow.",
                "Yes. A mean follows the few large values, a median does not. Look at the 99th "
                "percentile, and then at what the slow ones have in common.",
                True,
            ),
            Choice(
                "All requests have become a little slower.",
                "Then the median would have moved too: half of all requests lie below it.",
            ),
            Choice(
                "There is more traffic.",
                "More requests of the same kind change neither mean nor median.",
            ),
        ),
    ),
    Question(
        "16.q2",
        "A service promises that 99.9 % of requests succeed. In one hour 1.44 % fail. What is the "
        "burn rate?",
        (
            Choice(
                "1.44: so many per cent fail.",
                "A burn rate is a multiple of what is allowed. Allowed is 0.1 %.",
            ),
            Choice(
                "14.4: fourteen times as many fail as may.",
                "Yes. At that pace a month's budget is gone in two days, so it is worth waking "
                "somebody.",
                True,
            ),
            Choice(
                "0.0144: the share of failures.",
                "That is the ratio. Divide it by the budget, 0.001, and you have the burn rate.",
            ),
        ),
    ),
    Question(
        "16.q3",
        "Why does a burn-rate alert look at a short window beside the long one?",
        (
            Choice(
                "So that it rings earlier.",
                "Both have to hold, so a second window can only make it ring less. The long one "
                "says that it matters.",
            ),
            Choice(
                "So that it stops soon after the trouble does.",
                "Yes. The long window remembers for an hour; the short one asks whether it still "
                "goes on.",
                True,
            ),
            Choice(
                "In case the long one has no data.",
                "Where there are no data, neither window has any. For that there is an alert of "
                "its own, on `up`.",
            ),
        ),
    ),
    Question(
        "16.q4",
        "What does a blameless review ask when somebody pressed the wrong button?",
        (
            Choice(
                "Who pressed it, so that it does not happen again.",
                "The next one presses it, too. And from now on people hide what they did.",
            ),
            Choice(
                "Why it seemed right at that moment, and what would have made it impossible.",
                "Yes. People act reasonably on what they see; what they see and what the button "
                "can do is what a team can change.",
                True,
            ),
            Choice(
                "Nothing: blameless means that no questions are asked.",
                "It asks many, about conditions and not about guilt.",
            ),
        ),
    ),
    Question(
        "16.q5",
        "A team deploys once a month so that less can go wrong. What do DORA's keys say to that?",
        (
            Choice(
                "Good: fewer deployments, fewer failures.",
                "Each of them carries a month of changes: it fails more easily, and it takes "
                "longer to see which change it was.",
            ),
            Choice(
                "Look at all of them: large batches tend to harm lead time, failures and recovery.",
                "Yes. In DORA's research speed and stability go together, since small changes are "
                "easy to check, to find and to take back.",
                True,
            ),
            Choice(
                "Nothing, they only measure speed.",
                "Two of the four are about failures: their share, and the time to recover.",
            ),
        ),
    ),
)

LESSON = Lesson("16", (QUANTILE, BURNING, ALERT, DRILL, LEAD_TIME), PREDICTIONS, QUESTIONS)
