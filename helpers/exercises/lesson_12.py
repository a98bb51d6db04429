"""The exercises, guesses and questions of 12: is the test any good?"""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_12_mutants import MUTANTS
from helpers.exercises.of_12_property import PROPERTY
from helpers.exercises.of_12_shape import ASSERTION, FIXTURE

PREDICTIONS = (
    Prediction(
        "12.a",
        "Every test passes, and every line and branch of Jonas' function was run. Is it right?",
        choices=(
            "yes: nothing is left that was not tried",
            "no: there is a bug in a line that was run",
            "no: there is a bug in a line that coverage does not count",
        ),
    ),
    Prediction(
        "12.b",
        "Jonas tried baskets of 30.00. What is the smallest basket, in cents, on which his "
        "function takes off more than there is?",
        low=0,
        high=1000,
        unit="cents",
    ),
    Prediction(
        "12.c",
        "The tool makes 14 mutants of the mended function. How many of them do the five "
        "tests kill?",
        low=0,
        high=14,
        unit="mutants",
    ),
    Prediction(
        "12.d",
        "One test depends on chance, one on the time of day. Both are run 30 times at ten in the "
        "morning. Which is caught?",
        choices=(
            "the one that depends on chance",
            "the one that depends on the time of day",
            "both",
            "neither",
        ),
    ),
)

QUESTIONS = (
    Question(
        "12.q1",
        "A test suite covers 100 % of a function's lines. What does that say of the function?",
        (
            Choice(
                "It is right, for every line of it has been tested.",
                "Run is not tested: a line counts as covered when it was executed, whatever came "
                "out, and even if nobody looked.",
            ),
            Choice(
                "Each line was run by some test; whether anything was checked it does not say.",
                "Yes. Low coverage shows what is certainly untested. High coverage shows nothing "
                "more.",
                True,
            ),
            Choice(
                "Its tests would notice a change in any line.",
                "That is what mutants ask. A suite with no assertion has the same coverage and "
                "notices next to nothing.",
            ),
        ),
    ),
    Question(
        "12.q2",
        "In mutation testing a mutant, a copy of the program with one small change, survives: no "
        "test fails. What does that mean?",
        (
            Choice(
                "The program has a bug in that line.",
                "The change was made in the copy, on purpose. The program may be right; it is the "
                "tests that did not notice.",
            ),
            Choice(
                "The tests are flaky and should be run again.",
                "The same tests give the same answer on it again. They look at nothing that the "
                "change alters.",
            ),
            Choice(
                "A test is missing, or the change alters nothing that anybody could see.",
                "Yes. Look for a call on which the two differ. If there is one, it is your next "
                "test; if there can be none, the mutant is equivalent.",
                True,
            ),
        ),
    ),
    Question(
        "12.q3",
        "A test fails about once in twenty runs, and nobody has changed the code. What now?",
        (
            Choice(
                "Let the pipeline run it again until it passes.",
                "Then a real fault that shows once in twenty runs ships as well, and people learn "
                "to ignore red.",
            ),
            Choice(
                "Find what it depends on (clock, chance, order, shared state) and pass that in.",
                "Yes. The test then decides what time it is and what the dice show, and gives the "
                "same answer every time.",
                True,
            ),
            Choice(
                "Delete it: a test that nobody trusts is worth nothing.",
                "It is worth little as it is, but what it watches is now unwatched. The cure is "
                "mostly a parameter.",
            ),
        ),
    ),
    Question(
        "12.q4",
        "What does a property in a property-based test (such as Hypothesis runs) say?",
        (
            Choice(
                "What holds for every input, while the tool makes up the inputs.",
                "Yes. And when it finds an input on which it does not hold, it shrinks it to the "
                "smallest one it can find.",
                True,
            ),
            Choice(
                "The exact result for each input that the tool makes up.",
                "For that one would have to write the program a second time. A property is "
                "weaker and safer: nothing is lost, never below 0, the order does not matter.",
            ),
            Choice(
                "That the program is right, since hundreds of inputs were tried.",
                "It says that no counterexample was found in this search. That is more than three "
                "examples say, and less than a proof.",
            ),
        ),
    ),
    Question(
        "12.q5",
        "Unit tests of a service all pass, and the service forgets the voucher of every customer. "
        "How can that be?",
        (
            Choice(
                "The unit tests must be wrong.",
                "They may be right about each part. The fault lies between the parts: the handler "
                "does not pass the voucher on.",
            ),
            Choice(
                "Unit tests look at parts; whether the parts are joined shows only from outside.",
                "Yes. That is what the few slower tests over HTTP are for.",
                True,
            ),
            Choice(
                "Coverage was too low.",
                "Every line may have been run. Coverage counts lines and not what is handed from "
                "one to the other.",
            ),
        ),
    ),
)

LESSON = Lesson("12", (ASSERTION, FIXTURE, PROPERTY, MUTANTS), PREDICTIONS, QUESTIONS)
