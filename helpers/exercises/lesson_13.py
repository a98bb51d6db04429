"""The exercises, guesses and questions of 13: a machine that is nobody's."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_13_clock import CLOCK
from helpers.exercises.of_13_graph import GRAPH
from helpers.exercises.of_13_leaks import LEAKS
from helpers.exercises.of_13_main import MAIN
from helpers.exercises.of_13_order import ORDER

PREDICTIONS = (
    Prediction(
        "13.a",
        "All tests pass in your folder, and you have pushed. What will the server say?",
        choices=("success", "failure"),
    ),
    Prediction(
        "13.b",
        "How many runs of jobs does this file make at each push?",
        low=1,
        high=12,
        unit="runs",
    ),
    Prediction(
        "13.c",
        "Three pushes: the first one, the same again, and one with a line more in "
        "requirements.txt. Which of them get their libraries from the cache?",
        choices=(
            "the same again",
            "the same again, after a change of requirements",
            "first push, the same again, after a change of requirements",
        ),
    ),
    Prediction(
        "13.d",
        "The three steps print the secret as it is, in base64 and backwards. In how many of the "
        "three lines will the log hide it?",
        low=0,
        high=3,
        unit="lines",
    ),
    Prediction("13.e", "One test fails, and the step ends in `| tee`.", choices=("green", "red")),
)

QUESTIONS = (
    Question(
        "13.q1",
        "All tests pass on your machine; the pipeline says that a module is missing. What is the "
        "first thing to look at?",
        (
            Choice(
                "Whether the module was committed at all.",
                "Yes. The pipeline begins with a fresh clone; `git status` shows what only you "
                "have.",
                True,
            ),
            Choice(
                "Whether the tests are flaky; run the pipeline again.",
                "A fresh clone lacks the same file the second time. Running it again teaches "
                "people to ignore red.",
            ),
            Choice(
                "Whether the pipeline should take a copy of your folder instead.",
                "Then it would find what you find, and miss what everybody else will meet.",
            ),
        ),
    ),
    Question(
        "13.q2",
        "lint takes 1 minute, test 6, build 2; build needs both, and there are runners enough. "
        "Which change makes the pipeline faster?",
        (
            Choice(
                "Make lint twice as fast.",
                "lint lies beside the critical path: it ends long before test does.",
            ),
            Choice(
                "Split test into two jobs of 3 minutes.",
                "Yes. test is on the longest chain, so each minute saved there is saved for good.",
                True,
            ),
            Choice(
                "Add a third runner for build.",
                "build waits for test, not for a runner.",
            ),
        ),
    ),
    Question(
        "13.q3",
        "A secret is masked in the log of a pipeline. What does that protect from?",
        (
            Choice(
                "From every leak of this secret into the log.",
                "A tool that prints it backwards, in hex or in pieces gets past: masking knows a "
                "few forms.",
            ),
            Choice(
                "From its being printed as it is, or in one of the few forms that the product "
                "knows.",
                "Yes, and in no other form. Hand it to the one step that needs it, and change it "
                "once it has leaked.",
                True,
            ),
            Choice(
                "From a step that sends it over the network.",
                "Masking works on the log. What a step does with the secret it cannot see.",
            ),
        ),
    ),
    Question(
        "13.q4",
        "A build is green, and its log says that two tests failed. How can that be?",
        (
            Choice(
                "The verdict follows from exit codes, and one got lost.",
                "Yes: in a pipe, in `|| true`, in a script that goes on. A pipeline, too, has to "
                "be seen to fail.",
                True,
            ),
            Choice(
                "The server allows a few failures.",
                "It knows no tests at all. It looks at the exit code of each step.",
            ),
            Choice(
                "The two tests are marked as flaky.",
                "Then pytest itself would not report them as failed. Look at what came of its exit "
                "code.",
            ),
        ),
    ),
    Question(
        "13.q5",
        "What is `needs` of a GitHub workflow in a declarative Jenkinsfile?",
        (
            Choice(
                "`when { branch ... }`",
                "That decides whether a stage runs, not after what.",
            ),
            Choice(
                "The order of the stages; what may run at once stands in `parallel`.",
                "Yes. In a workflow jobs run at once unless they say `needs`; in Jenkins stages "
                "run in turn unless they stand in `parallel`.",
                True,
            ),
            Choice(
                "`agent any`",
                "That says on which machine it runs.",
            ),
        ),
    ),
)

LESSON = Lesson("13", (CLOCK, ORDER, GRAPH, LEAKS, MAIN), PREDICTIONS, QUESTIONS)
