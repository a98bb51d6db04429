"""Lesson 41, more data: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_41_again import AGAIN
from helpers.exercises.of_41_blocks import BLOCKS
from helpers.exercises.of_41_deal import DEAL
from helpers.exercises.of_41_edge import EDGE

PREDICTIONS = (
    Prediction(
        "41.a",
        "Corner grows a hundredfold. The features of all payments, made in memory as in lesson 22, "
        "would need about how many gigabytes?",
        low=0,
        high=1_000,
        unit="GB",
    ),
    Prediction(
        "41.b",
        "A query counts each customer's payments of 7 days with an ordinary window of SQL. Of "
        "half a million counts, how many differ from those of lesson 22?",
        low=0,
        high=500_000,
        unit="payments",
    ),
    Prediction(
        "41.c",
        "Two worker processes and a scheduler on this machine make the features of half a million "
        "payments. Compared with one process that has everything in memory, they are",
        choices=("about twice as fast", "about as fast", "slower"),
    ),
    Prediction(
        "41.d",
        "One till, the web shop, takes 40 % of all payments. The rows are dealt out by till to 8 "
        "parts. What share of the rows is in the largest part if there are 64 parts instead?",
        low=0,
        high=100,
        unit="%",
    ),
)

QUESTIONS = (
    Question(
        "41.q1",
        "A job on a table of 2 GB takes a minute on your laptop. Somebody proposes a cluster of "
        "ten machines. What do you say?",
        (
            Choice(
                "Ten machines make it ten times as fast.",
                "Rows have to travel between machines, and starting and waiting cost time. In the "
                "lesson two workers did not even beat one process.",
            ),
            Choice(
                "Measure first; a table that fits on one machine is seldom worth a cluster.",
                "Yes. A cluster pays when the data or the work do not fit, and its cost begins at "
                "the first row.",
                True,
            ),
            Choice(
                "A cluster gives other results, so never.",
                "It need not: all ways of the lesson agreed to the last bit.",
            ),
        ),
    ),
    Question(
        "41.q2",
        "What has to hold for a task that a cluster may run a second time after a crash?",
        (
            Choice(
                "It must be short.",
                "A short task loses less time. Whether the result is right depends on something "
                "else.",
            ),
            Choice(
                "It gives the same result each time, and its file appears whole or not at all.",
                "Yes. Then it makes no difference how often it ran, or where it was stopped.",
                True,
            ),
            Choice(
                "It must keep its results in the worker's memory.",
                "That is what is lost when the worker dies.",
            ),
        ),
    ),
    Question(
        "41.q3",
        "One key has 40 % of all rows. The job waits for a single worker. What helps?",
        (
            Choice(
                "More parts.",
                "All rows of one key go into one part, however many parts there are.",
            ),
            Choice(
                "More workers.",
                "They would stand idle beside the ones that are idle now.",
            ),
            Choice(
                "Cut that key by something else, such as time, with the overlap it needs.",
                "Yes. A block with 37 days before it has all that its windows look at.",
                True,
            ),
        ),
    ),
    Question(
        "41.q4",
        "A task needs more memory than its worker may have. What does a Dask cluster do?",
        (
            Choice(
                "It stops the worker, starts another, and tries again some times; then it gives "
                "up with KilledWorker.",
                "Yes. The error names the task, and the cure is a smaller task or a larger limit.",
                True,
            ),
            Choice(
                "It takes the memory of another worker.",
                "A worker is a process; it cannot use another's memory.",
            ),
            Choice(
                "It spills what the task holds to disk.",
                "It can spill results that it keeps, but not what your own function is holding.",
            ),
        ),
    ),
    Question(
        "41.q5",
        "Why are the amounts added up as whole numbers?",
        (
            Choice(
                "Whole numbers take less memory.",
                "Both take 8 bytes here.",
            ),
            Choice(
                "The sum of whole numbers does not depend on the order of adding.",
                "Yes. Sums of floating-point numbers do, and each engine adds in an order of its "
                "own.",
                True,
            ),
            Choice(
                "DuckDB cannot add floating-point numbers.",
                "It can. The last digits depend on how the rows were shared among threads.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "41",
    exercises=(EDGE, DEAL, AGAIN, BLOCKS),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
