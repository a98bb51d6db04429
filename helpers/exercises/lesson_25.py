"""Lesson 25, deploy the model: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_25_canary import CANARY
from helpers.exercises.of_25_decide import DECIDE
from helpers.exercises.of_25_verdict import VERDICT
from helpers.exercises.of_25_window import WINDOW

PREDICTIONS = (
    Prediction(
        "25.a",
        "A model file is read with `pickle.loads`. What can happen before you get your model?",
        choices=(
            "nothing, it is only data",
            "it can fill the memory, no more",
            "any code that its author wanted runs on your machine",
        ),
    ),
    Prediction(
        "25.b",
        "The checkout team writes the features a second time, for the service. In how many of 100 "
        "payments will at least one feature differ from the table's?",
        low=0,
        high=100,
        unit="payments",
    ),
    Prediction(
        "25.c",
        "Where does most of the time go when scikit-learn scores one single payment?",
        choices=(
            "into the trees",
            "into checking the input and going from tree to tree",
            "into reading the model from the disk",
        ),
    ),
    Prediction(
        "25.d",
        "Champion and challenger judge the same payments. In how many of 1,000 do their decisions "
        "differ?",
        low=0,
        high=1000,
        unit="payments",
    ),
    Prediction(
        "25.e",
        "A challenger that is no better is looked at every evening for four weeks, and promoted "
        "on the first evening on which it is ahead. In how many of 100 such releases does it win?",
        low=0,
        high=100,
        unit="releases",
    ),
)

QUESTIONS = (
    Question(
        "25.q1",
        "A model that was good in its test decides badly in the service, and no exception is "
        "raised. What do you look at first?",
        (
            Choice(
                "Whether the features of a payment are the same in the service and in training.",
                "Log what the model saw, work the same payments out offline, and compare. "
                "Training-serving skew raises no error: the model scores whatever it gets.",
                right=True,
            ),
            Choice(
                "Whether the service has enough memory.",
                "Too little memory ends a process. It does not make a score wrong.",
            ),
            Choice(
                "Whether the model should be trained on more data.",
                "It was good in its test. First find out whether it sees in the service what it "
                "saw there.",
            ),
        ),
    ),
    Question(
        "25.q2",
        "What can a shadow not tell you?",
        (
            Choice(
                "What happens once the challenger's decisions are carried out.",
                "In the shadow nothing it says has any effect: no customer is turned away by it, "
                "and no thief. That takes a canary.",
                right=True,
            ),
            Choice(
                "Whether the challenger is fast enough.",
                "It scores the real payments, so its time can be measured.",
            ),
            Choice(
                "How often the two models differ.",
                "That is what a shadow shows at once, without a single label.",
            ),
        ),
    ),
    Question(
        "25.q3",
        "The model takes two seconds for a payment, where it took a millisecond. What should a "
        "till see?",
        (
            Choice(
                "A decision of the rule, soon, and a counter that goes up for the engineers.",
                "The sale goes on. The counter raises an alarm, and one call takes the model back.",
                right=True,
            ),
            Choice(
                "An error 503, for a decision without a model is worse than none.",
                "Then nobody can pay. The rule finds less fraud than the model, and still some.",
            ),
            Choice(
                "The model's decision, after two seconds.",
                "With a queue behind the till, and every payment behind it waiting longer.",
            ),
        ),
    ),
    Question(
        "25.q4",
        "Why does the registry have the name `champion`, and the service not ask for version 7?",
        (
            Choice(
                "So that a release or a rollback moves one name and changes nothing else.",
                "No code, no image, no setting is touched. That is why it takes one call, and why "
                "it can be taken back as quickly.",
                right=True,
            ),
            Choice(
                "Because versions are renumbered when an old one is deleted.",
                "A version keeps its number for ever.",
            ),
            Choice(
                "Because MLflow loads by name only.",
                "It loads by number as well; then each release would be a change of the service.",
            ),
        ),
    ),
    Question(
        "25.q5",
        "You look at a running comparison every evening and stop as soon as it looks "
        "significant at 5 %. How often will luck alone win?",
        (
            Choice(
                "Much more often than in 5 % of the releases.",
                "Each look is another chance for luck. A sequential test sets its bar higher and "
                "allows to look as often as one likes.",
                right=True,
            ),
            Choice(
                "In 5 %, that is what 5 % means.",
                "It means 5 % for one look that was planned beforehand.",
            ),
            Choice(
                "Less often, for there are more and more data.",
                "More data make one look sharper. Every further look adds its own chance of an "
                "error.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "25",
    exercises=(WINDOW, DECIDE, VERDICT, CANARY),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
