"""Lesson 31, recommend products: its exercises, guesses and quiz."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_31_ease import EASE
from helpers.exercises.of_31_gate import GATE
from helpers.exercises.of_31_ranking import NDCG, TOP
from helpers.exercises.of_31_scrapes import SCRAPES

PREDICTIONS = (
    Prediction(
        "31.a",
        "The first slot of the row gets 100 clicks. How many does the tenth get, with products "
        "that are as good?",
        low=0,
        high=100,
        unit="clicks",
    ),
    Prediction(
        "31.b",
        "What share of the clicks in May and June falls on products that no shopper had clicked "
        "before May?",
        low=0,
        high=100,
        unit="%",
    ),
    Prediction(
        "31.c",
        "Which model will rank best what shoppers click next?",
        choices=("most popular", "item neighbours", "EASE", "implicit ALS", "two towers"),
    ),
)

QUESTIONS = (
    Question(
        "31.q1",
        "A shopper was shown a product in slot 9 and did not click. What is known?",
        (
            Choice(
                "Little: it may never have been looked at.",
                "Implicit feedback says what was clicked. What was not clicked was not wanted, or "
                "not seen.",
                right=True,
            ),
            Choice(
                "The shopper does not like it.",
                "Perhaps. In slot 9 most products are not even looked at.",
            ),
            Choice(
                "The shopper has it already.",
                "That may be one reason among many. A log of clicks holds no reasons.",
            ),
        ),
    ),
    Question(
        "31.q2",
        "Why does a random split flatter a recommender?",
        (
            Choice(
                "It learns from clicks that lie after those it is judged by.",
                "It then knows next month's fashion and next month's products. On the day it goes "
                "live it knows neither.",
                right=True,
            ),
            Choice(
                "It puts the same click into both parts.",
                "Each click is in one part. But the parts lie in the same weeks.",
            ),
            Choice(
                "It makes the test part too small.",
                "The test part can be as large as one likes. It is in the wrong weeks.",
            ),
        ),
    ),
    Question(
        "31.q3",
        "What does nDCG@10 see that precision@10 does not?",
        (
            Choice(
                "In which places the hits stand.",
                "A hit in the first place is worth more than one in the tenth. Precision counts "
                "both alike.",
                right=True,
            ),
            Choice(
                "Hits beyond the tenth place.",
                "Neither looks beyond the tenth place.",
            ),
            Choice(
                "Whether the shopper liked the product.",
                "Neither knows. Both see what was clicked.",
            ),
        ),
    ),
    Question(
        "31.q4",
        "A neural model ranks as well as EASE and costs twenty times as much to train and serve. "
        "Which one goes live?",
        (
            Choice(
                "EASE, until the other is better beyond chance and by more than it costs.",
                "The smaller model is easier to test, to explain and to put back. A large one has "
                "to earn its place.",
                right=True,
            ),
            Choice(
                "The neural one, since it will profit from more data.",
                "It may, one day. Then the gate will say so.",
            ),
            Choice(
                "Both, and their lists are mixed.",
                "That costs both, and the figures gave no reason for it.",
            ),
        ),
    ),
    Question(
        "31.q5",
        "The service answers in 3 ms with status 200. What may be wrong all the same?",
        (
            Choice(
                "Everything: the lists may belong to other products.",
                "A shift by one in the places of the products raises no error. So one replays "
                "histories whose lists are known.",
                right=True,
            ),
            Choice(
                "Nothing: it answers quickly and without an error.",
                "Software would be well. A model can be wrong without ever failing.",
            ),
            Choice(
                "Only that the model is some weeks old.",
                "That too. But it may also have been wrong from its first request on.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "31",
    exercises=(NDCG, EASE, TOP, GATE, SCRAPES),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
