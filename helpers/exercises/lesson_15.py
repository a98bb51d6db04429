"""Lesson 15, deploy to Kubernetes: its exercises, guesses and questions."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_15_bounds import BOUNDS
from helpers.exercises.of_15_manifest import MANIFEST
from helpers.exercises.of_15_reconcile import RECONCILE
from helpers.exercises.of_15_stop import STOP

PREDICTIONS = (
    Prediction(
        "15.a",
        "You kill the process of one of three pods with `kill -9`. How many of the three are ready "
        "a few seconds later?",
        low=0,
        high=4,
        unit="pods",
    ),
    Prediction(
        "15.b",
        "A new version goes out, without a readiness probe. Of 100 customers who ask meanwhile, "
        "how many get no answer?",
        low=0,
        high=100,
        unit="customers",
    ),
    Prediction(
        "15.c",
        "Ten pods. An update may take one away and add none, or add one and take none away. Which "
        "is done sooner?",
        choices=("take one away", "add one", "both take as long"),
    ),
    Prediction(
        "15.d",
        "A release names an image that does not exist. How many of the three pods still serve?",
        low=0,
        high=3,
        unit="pods",
    ),
    Prediction(
        "15.e",
        "You change a value in the ConfigMap that the pods have as an environment variable. When "
        "do the running pods work with the new one?",
        choices=("at once", "after a minute", "when they are started anew"),
    ),
)

QUESTIONS = (
    Question(
        "15.q1",
        "What does it mean that a Deployment is declarative?",
        (
            Choice(
                "One says which commands are to be run, and in which order.",
                "That is the other way, the imperative one: after a crash nobody repeats them.",
            ),
            Choice(
                "One says what is to be there; a controller keeps comparing and mends.",
                "Yes. So it does not matter what went wrong, or when.",
                True,
            ),
            Choice(
                "One says in the image what is in it.",
                "That is a bill of materials. A Deployment says what is to run.",
            ),
        ),
    ),
    Question(
        "15.q2",
        "A service needs 20 seconds to start. Which probe keeps customers away from it until then?",
        (
            Choice(
                "The readiness probe.",
                "Yes. A pod that is not ready stays, and the Service sends nobody to it.",
                True,
            ),
            Choice(
                "The liveness probe.",
                "It restarts what hangs. Set too sharply it would kill a service that is slow to "
                "start, again and again.",
            ),
            Choice(
                "None: a pod gets requests once its process runs.",
                "So it is without a probe, and 20 seconds of errors come of it.",
            ),
        ),
    ),
    Question(
        "15.q3",
        "A release with a broken image is rolled out with maxUnavailable 0. What do customers see?",
        (
            Choice(
                "Nothing: no old pod goes before a new one is ready.",
                "Yes. The rollout stands still, and somebody has to notice that it does.",
                True,
            ),
            Choice(
                "Errors, until somebody rolls back.",
                "The new pods never get ready, so nobody is sent to them, and the old ones stay.",
            ),
            Choice(
                "A quarter of the requests fails.",
                "A quarter is what maxUnavailable allows by default. Here it is 0.",
            ),
        ),
    ),
    Question(
        "15.q4",
        "Where does a Secret of Kubernetes stand in clear text?",
        (
            Choice(
                "Nowhere: it is encrypted with base64.",
                "base64 is a way to write bytes, and no key is needed to read it.",
            ),
            Choice(
                "With everybody who may read it through the API, and in the pod.",
                "Yes. What protects it are the rights to read it, and encryption of the store, if "
                "somebody has switched that on.",
                True,
            ),
            Choice(
                "Only in the memory of the control plane.",
                "It is handed out to pods, and to whoever may read it.",
            ),
        ),
    ),
    Question(
        "15.q5",
        "Why does one build an image once and deploy it twice, to staging and to production?",
        (
            Choice(
                "It saves a minute of building.",
                "It does, and that is the smallest of the reasons.",
            ),
            Choice(
                "What was tried in staging is then, byte for byte, what customers get.",
                "Yes. What differs between the two is configuration, and lies outside the image.",
                True,
            ),
            Choice(
                "An image can only be built once.",
                "It can be built as often as one likes, and may be another each time.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "15",
    exercises=(BOUNDS, STOP, RECONCILE, MANIFEST),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
