"""Lesson 27, retrain: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_27_alarm import ALARM
from helpers.exercises.of_27_explored import CAUGHT
from helpers.exercises.of_27_saving import SAVING
from helpers.exercises.of_27_training_set import TRAINING_SET

PREDICTIONS = (
    Prediction(
        "27.a",
        "A new kind of fraud begins on day 100 of the year. How many per cent more does the year "
        "cost where the model is never trained again than where it is trained every 30 days? The "
        "price of the trainings themselves is left out.",
        low=0,
        high=100,
        unit="%",
    ),
    Prediction(
        "27.b",
        "In the year with the busy season nothing about fraud changes. How often does the drift "
        "alarm call for a training?",
        low=0,
        high=12,
        unit="times",
    ),
    Prediction(
        "27.c",
        "A hundred days after the new fraud began: how many days of payments make the best model?",
        choices=("the last 15 days", "the last 60 days", "the last 200 days"),
    ),
    Prediction(
        "27.d",
        "The champion declines, and what it declines has no label. Judged by the payments that "
        "have one, which model ranks better?",
        choices=("the champion", "a challenger trained on what is left"),
    ),
)

QUESTIONS = (
    Question(
        "27.q1",
        "The distribution of amounts has shifted, says a drift alarm. What follows?",
        (
            Choice(
                "Look whether decisions have become worse before you train anew.",
                "Drift says that inputs changed. Whether the model suffers is another question, "
                "and a training on drift alone can cost more than it brings.",
                right=True,
            ),
            Choice(
                "Train anew at once, for the model is out of date.",
                "In the busy season the inputs swung all year and the old model was as good as "
                "any. Each of those trainings cost money.",
            ),
            Choice(
                "Nothing; drift alarms are always false.",
                "They report a real change. It may hurt or not; labels and money tell.",
            ),
        ),
    ),
    Question(
        "27.q2",
        "Why does the alarm on performance come weeks after the change?",
        (
            Choice(
                "A missed fraud becomes known by its chargeback, and that takes weeks.",
                "Performance can only be seen through labels, and the labels of what a model "
                "misses are the late ones.",
                right=True,
            ),
            Choice(
                "Because it looks only once a week.",
                "That costs a few days at most. The labels cost weeks.",
            ),
            Choice(
                "Because three standard deviations are too many.",
                "A lower line would alarm somewhat sooner, and much more often for nothing. What "
                "has no label yet it cannot see either.",
            ),
        ),
    ),
    Question(
        "27.q3",
        "You may train on the last 15 days or on the last 120. What speaks for the 15?",
        (
            Choice(
                "They hold the world as it is now.",
                "That is their strength. Their weakness: few frauds, and hardly any label known "
                "yet. Which weighs more depends on how fast the world changes.",
                right=True,
            ),
            Choice(
                "Fewer rows train faster, and that is what counts.",
                "Computing time is the smallest part of the bill here; missed fraud is the "
                "largest.",
            ),
            Choice(
                "Their labels are better known.",
                "It is the other way round: the newest payments are the ones whose labels are "
                "still on their way.",
            ),
        ),
    ),
    Question(
        "27.q4",
        "A model declines what looks like fraud. Why is it dangerous to train the next one on all "
        "payments that have a label?",
        (
            Choice(
                "The clearest frauds were declined and have no label, so it never sees them.",
                "The next model learns from what the last one let through. A small random share "
                "looked into, and weighted, mends it.",
                right=True,
            ),
            Choice(
                "There are too few rows left.",
                "Only a small share is declined. The trouble is which ones.",
            ),
            Choice(
                "It is not, since labels are never wrong.",
                "They need not be wrong to mislead: what is missing is missing for a reason.",
            ),
        ),
    ),
    Question(
        "27.q5",
        "The gate stops a candidate in the nightly pipeline. What should the service do?",
        (
            Choice(
                "Go on with the champion; the run's report says why the candidate was stopped.",
                "A pipeline that stops has done its work. Nothing was registered, and what the "
                "finished steps made is kept to be looked at.",
                right=True,
            ),
            Choice(
                "Take the candidate anyway, for it knows newer data.",
                "Newer is not better. That is what the gate is for.",
            ),
            Choice(
                "Fall back to the rule until a candidate passes.",
                "The champion is still there and has not become worse by tonight's failure.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "27",
    exercises=(TRAINING_SET, ALARM, SAVING, CAUGHT),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
