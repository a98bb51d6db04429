"""Lesson 14, package with Docker: its exercises, guesses and questions."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_14_cache import CACHE
from helpers.exercises.of_14_image import INTACT, LEAKS, SEEN

PREDICTIONS = (
    Prediction(
        "14.a",
        "One line of checkout/app.py changes. How many of the first Dockerfile's two layers are "
        "built again?",
        low=0,
        high=2,
        unit="layers",
    ),
    Prediction(
        "14.b",
        "The same two files are packed in another order. Is the digest of the layer the same?",
        choices=("the same", "another"),
    ),
    Prediction(
        "14.c",
        "A later layer removes the file with the PIN. In how many layers is the PIN still found?",
        low=0,
        high=3,
        unit="layers",
    ),
)

QUESTIONS = (
    Question(
        "14.q1",
        "What is a container image?",
        (
            Choice(
                "A small virtual machine with a kernel of its own.",
                "An image holds no kernel. A container uses the one of the machine it runs on.",
            ),
            Choice(
                "Layers of files, and JSON that says how they lie and what is started.",
                "Yes. All of it is files, each named by its digest.",
                True,
            ),
            Choice(
                "A running program with its memory.",
                "That is a container. An image is what it is started from.",
            ),
        ),
    ),
    Question(
        "14.q2",
        "A Dockerfile copies a key, uses it, and removes it in a later RUN. Who can read the key?",
        (
            Choice("Nobody: it was removed.", "The removal is a mark in a later layer."),
            Choice(
                "Only root inside the container.",
                "Inside the container nobody sees it. But the layers can be opened outside it.",
            ),
            Choice(
                "Everybody who can pull the image.",
                "Yes. The layer with the key is sent along. Change the key, and build anew with "
                "a secret mount.",
                True,
            ),
        ),
    ),
    Question(
        "14.q3",
        "You deploy an image by its digest and not by its tag. What do you gain?",
        (
            Choice(
                "The bytes that were tested are the bytes that run.",
                "Yes. A tag can be moved to other bytes; a digest is computed from them.",
                True,
            ),
            Choice("The image is smaller.", "Tag and digest name the same bytes."),
            Choice(
                "Security repairs arrive by themselves.",
                "Rather the opposite: nothing changes until you name a new digest.",
            ),
        ),
    ),
    Question(
        "14.q4",
        "Why does a Dockerfile copy requirements.txt before the code, and not all at once?",
        (
            Choice(
                "pip can only read a file that stands alone.",
                "pip reads it anywhere. It is about what is built again.",
            ),
            Choice(
                "A change of code then leaves the installed packages in the cache.",
                "Yes. What changes seldom comes first.",
                True,
            ),
            Choice(
                "The image has fewer layers that way.",
                "It has one more. The cache is worth it.",
            ),
        ),
    ),
    Question(
        "14.q5",
        "A fault is found in one version of a library. What does an SBOM, a bill of materials, "
        "give you?",
        (
            Choice(
                "It repairs the library.",
                "It changes nothing. It tells you where to look.",
            ),
            Choice(
                "It keeps faulty libraries out of the image.",
                "A list keeps nothing out; a check that reads it can.",
            ),
            Choice(
                "A search over lists says which images hold that version.",
                "Yes, in seconds and without opening a single image.",
                True,
            ),
        ),
    ),
)

LESSON = Lesson(
    "14",
    exercises=(INTACT, SEEN, LEAKS, CACHE),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
