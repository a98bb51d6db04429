"""The exercises, guesses and questions of 00: both loops once."""

from helpers.exercises.base import Choice, Exercise, Lesson, Mistake, Prediction, Question
from helpers.exercises.trials import Calls, Case


def _codes(rng):
    """Lists of status codes, each with errors of both kinds, so that no two mistakes agree."""
    for size in (7, 30, 211):
        codes = rng.choice([200, 201, 404, 500, 503], size).tolist()
        yield Case(([*codes, 200, 404, 500],), f"{size + 3} status codes")
    yield Case(([200, 404, 200],), "no server error at all")


ERROR_RATE = Exercise(
    id="00.1",
    title="The error rate",
    task="Finish `error_rate(codes)`: the share of the answers that are server errors.",
    answer="error_rate",
    trial=Calls(fresh=_codes, show="[200, 200, 500, 404, 200]"),
    solution="""
def error_rate(codes):
    errors = sum(code >= 500 for code in codes)
    return errors / len(codes)
""",
    why="A count grows with the traffic, a share does not: 3 errors are nothing among 10,000 "
    "requests and a disaster among 4. So monitors watch shares.",
    hints=(
        "A share is a part over the whole. Which of the two have you got already?",
        "The whole is the number of all answers: `len(codes)`.",
    ),
    also=(
        "def error_rate(codes):\n    return sum(1 for c in codes if c // 100 == 5) / len(codes)",
        "error_rate = lambda codes: len([c for c in codes if c > 499]) / len(codes)",
    ),
    mistakes=(
        Mistake(
            "a count for a share",
            "def error_rate(codes):\n    return sum(code >= 500 for code in codes)",
            "This is the number of errors; their share is wanted. Divide by the number of all "
            "answers: `return errors / len(codes)`.",
        ),
        Mistake(
            "per cent",
            "def error_rate(codes):\n    return 100 * sum(c >= 500 for c in codes) / len(codes)",
            "This is per cent, from 0 to 100; a share goes from 0 to 1. Leave the 100 out: "
            "`return errors / len(codes)`.",
        ),
        Mistake(
            "the wrong way up",
            "def error_rate(codes):\n    return len(codes) / sum(code >= 500 for code in codes)",
            "The division is the wrong way up, and fails where there are no errors. Put the part "
            "on top: `return errors / len(codes)`.",
        ),
        Mistake(
            "the customers' errors too",
            "def error_rate(codes):\n    return sum(code >= 400 for code in codes) / len(codes)",
            "This counts codes such as 404 too: there the question was wrong, not the service. "
            "Keep `code >= 500` as it stood in the cell.",
        ),
        Mistake(
            "whole numbers",
            "def error_rate(codes):\n    return sum(code >= 500 for code in codes) // len(codes)",
            "`//` throws away what stands behind the point, so nearly every share becomes 0. "
            "Divide with one stroke: `return errors / len(codes)`.",
        ),
        Mistake(
            "anything else",
            "def error_rate(codes):\n    return len(codes) - sum(code >= 500 for code in codes)",
            "A share is a part over the whole. The part is `errors`, the whole is `len(codes)`, "
            "so the last line reads `return errors / len(codes)`; all else may stay as it came.",
            seen=lambda answer: True,
        ),
    ),
)


def _weeks(rng):
    """Weekly scores with two bad spells, the second lower; one without any; one at the floor."""
    for place in (2, 5):
        good, low = rng.uniform(0.61, 0.9, 12), rng.uniform(0.2, 0.55, 4)
        good[[place, place + 1, place + 4]] = [low[0], low[1], low[:3].min() - 0.1]
        yield Case((good.round(3).tolist(), 0.6), f"a first bad week at place {place}")
    yield Case((rng.uniform(0.3, 0.5, 6).round(3).tolist(), 0.6), "nothing but bad weeks")
    yield Case((rng.uniform(0.7, 0.9, 6).round(3).tolist(), 0.6), "no bad week at all")
    yield Case(([0.7, 0.6, 0.5, 0.4], 0.6), "a week exactly at the floor")


FIRST_BAD_WEEK = Exercise(
    id="00.2",
    title="An alarm for a model",
    task="Write `first_bad_week(scores, floor)`: the place of the first score below the floor.",
    answer="first_bad_week",
    trial=Calls(fresh=_weeks, show="[0.7, 0.6, 0.4, 0.8, 0.3], 0.6"),
    solution="""
def first_bad_week(scores, floor):
    for place, score in enumerate(scores):
        if score < floor:
            return place
    return None
""",
    why="Nothing raises an error when a model goes stale, so somebody has to write the line that "
    "counts as one. The last return stands outside the loop: only after all weeks is all well.",
    hints=(
        "Go through the scores with their places: `for place, score in enumerate(scores):`.",
        "Inside the loop, `if score < floor: return place`. What is left to say after the loop?",
    ),
    also=(
        "def first_bad_week(scores, floor):\n"
        "    return next((i for i, s in enumerate(scores) if s < floor), None)",
        "def first_bad_week(scores, floor):\n"
        "    bad = [i for i in range(len(scores)) if scores[i] < floor]\n"
        "    return bad[0] if bad else None",
    ),
    mistakes=(
        Mistake(
            "gives up after one week",
            "def first_bad_week(scores, floor):\n"
            "    for place, score in enumerate(scores):\n"
            "        if score < floor:\n            return place\n"
            "        else:\n            return None",
            "It gives up after the first week: `return None` stands inside the loop. Move it "
            "behind the loop, to the column of `for`.",
        ),
        Mistake(
            "the score for its place",
            "def first_bad_week(scores, floor):\n"
            "    for score in scores:\n        if score < floor:\n            return score",
            "This gives the score itself; its place in the list is wanted. "
            "`enumerate(scores)` gives both.",
        ),
        Mistake(
            "the last bad week",
            "def first_bad_week(scores, floor):\n    found = None\n"
            "    for place, score in enumerate(scores):\n"
            "        if score < floor:\n            found = place\n    return found",
            "This is the last bad week, for every later one takes the place of the one before. "
            "Return as soon as you find the first.",
        ),
        Mistake(
            "the worst week",
            "def first_bad_week(scores, floor):\n"
            "    worst = min(scores)\n"
            "    return scores.index(worst) if worst < floor else None",
            "This is the worst week; an alarm goes off at the first bad one. Stop at the first "
            "score below the floor, however bad the others get.",
        ),
        Mistake(
            "at the floor counts as below",
            "def first_bad_week(scores, floor):\n"
            "    for place, score in enumerate(scores):\n"
            "        if score <= floor:\n            return place\n    return None",
            "A week exactly at the floor is still good. Compare with `<`, not with `<=`.",
        ),
        Mistake(
            "counted from 1",
            "def first_bad_week(scores, floor):\n"
            "    for place, score in enumerate(scores, 1):\n"
            "        if score < floor:\n            return place\n    return None",
            "Your places begin at 1; Python's begin at 0. Leave the 1 out of `enumerate`, or take "
            "1 off.",
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        "00.a",
        "The change has its own test, and that one passes. How many of the three older tests fail?",
        choices=("none of them", "one of them", "all of them"),
    ),
    Prediction(
        "00.b",
        "In week 11 thieves come up with a trick that the model has never seen. "
        "What will the monitor of errors and seconds show?",
        choices=(
            "errors: the model fails on payments that it does not know",
            "slower answers: the model takes longer to make up its mind",
            "nothing out of the ordinary",
        ),
    ),
    Prediction(
        "00.c",
        "The model has to learn the new trick. What will have to change in its code?",
        choices=(
            "the features: one must be added that sees the trick",
            "the settings: more trees, and deeper ones",
            "only the weeks that it learns from",
        ),
    ),
)

QUESTIONS = (
    Question(
        "00.q1",
        "A fraud model runs as a web service. For a month its error rate has been 0 and its "
        "answers come in milliseconds. What does that tell about its decisions?",
        (
            Choice(
                "They are good, else customers would have caused errors.",
                "A customer who is robbed causes no error in the service. They cause a chargeback, "
                "weeks later.",
            ),
            Choice(
                "Nothing. Whether they are right shows only when labels arrive.",
                "Yes. A wrong decision is an ordinary answer with status 200; only the truth, "
                "which comes late, tells the two apart.",
                True,
            ),
            Choice(
                "They are as good as on the day of the release.",
                "The service is as good as on that day. The payments are not the same any more, "
                "and the monitor of errors and seconds does not look at them.",
            ),
        ),
    ),
    Question(
        "00.q2",
        "Nobody has touched the code or the machine. What can have got worse by itself?",
        (
            Choice(
                "Tested code, because tests grow old.",
                "Tests and code stay what they are together: run them next year and they pass as "
                "today, as long as all beneath them is pinned.",
            ),
            Choice(
                "Nothing: what is not touched stays as it is.",
                "True of code. What a model gives is code times data, and the data are touched "
                "every day, by everybody.",
            ),
            Choice(
                "A model, because the world it has learned from goes on.",
                "Yes. Its rules are frozen examples of the past, and the present moves away.",
                True,
            ),
        ),
    ),
    Question(
        "00.q3",
        "Sales tax changes from one year to the next. Which loop does a tax calculation need?",
        (
            Choice(
                "The DevOps loop: the new rule is written, tested and shipped.",
                "Yes. That something changes is no reason for a model; here the change is "
                "announced and can be written down.",
                True,
            ),
            Choice(
                "The MLOps loop, because the right answer changes with time.",
                "It does, but somebody announces it in writing. Learning a rule from examples "
                "that one can look up would make it worse and dearer.",
            ),
            Choice(
                "No loop: it is only a table.",
                "A wrong table is as costly as wrong code. It too is reviewed, tested and shipped.",
            ),
        ),
    ),
    Question(
        "00.q4",
        "Why are fraud labels late?",
        (
            Choice(
                "Because the database is slow.",
                "A faster database stores the label sooner, once there is one. The wait is for "
                "people, who read their statements once a month.",
            ),
            Choice(
                "Because the model has to be trained first.",
                "It is the other way round: training waits for labels.",
            ),
            Choice(
                "A customer has to notice the fraud and dispute it, often weeks later.",
                "Yes. Until then the payment looks like any other, and nobody knows its label.",
                True,
            ),
        ),
    ),
    Question(
        "00.q5",
        "What is a test suite good for when somebody makes a change?",
        (
            Choice(
                "It says within seconds which old promise the change has broken.",
                "Yes. The change's own test shows that the new works; the others show that the "
                "old still does.",
                True,
            ),
            Choice(
                "It proves that the program has no faults.",
                "It shows that the promises in it are kept. What nobody wrote a test for is not "
                "looked at.",
            ),
            Choice(
                "It makes the program faster.",
                "Speed is another question. Tests watch over what is right.",
            ),
        ),
    ),
)

LESSON = Lesson("00", (ERROR_RATE, FIRST_BAD_WEEK), PREDICTIONS, QUESTIONS)
