"""What lesson 21, Collect data, declares: exercises on grain, joins and contracts."""

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_21_contract import DISPUTES
from helpers.exercises.of_21_grain import IS_KEY, LATEST
from helpers.exercises.of_21_sql import DAILY

PREDICTIONS = (
    Prediction(
        "21.a",
        "It is the morning of 1 August. Of the frauds committed in the last week of July, which "
        "share does Corner know of by now?",
        low=0,
        high=100,
        step=5,
        unit="%",
    ),
    Prediction(
        "21.b",
        "Corner has 10,000 tills. How many of them does it take to cover half of all fraud?",
        low=0,
        high=5_000,
        step=50,
        unit="tills",
    ),
    Prediction(
        "21.c",
        "Each payment is joined with its disputes by a left join, and some payments have two "
        "disputes. How many rows come out?",
        choices=("as many as payments", "more than payments", "as many as disputes"),
    ),
    Prediction(
        "21.d",
        "Which of these deliveries will keep the contract, although it is wrong?",
        choices=(
            "amounts in cents",
            "amounts divided by 100 once too often",
            "the last 3,000 payments sent twice",
            "a column with another name",
        ),
    ),
    Prediction(
        "21.e",
        "You know the till and the day of three of a customer's payments, and have the log with "
        "pseudonyms. For how many customers in a hundred does this leave one pseudonym only?",
        low=0,
        high=100,
        unit="%",
    ),
)

QUESTIONS = (
    Question(
        "21.q1",
        "Payments are joined with a table of disputes, and the total of the amounts rises by 20 %. "
        "What is the likeliest cause?",
        (
            Choice(
                "Some payments have several disputes, and come out once for each.",
                "Yes. The join went from one row a payment to one row a dispute, and a sum of "
                "amounts counted some payments twice.",
                right=True,
            ),
            Choice(
                "Disputed payments are larger than others.",
                "They may be, but a join does not change an amount. It can only repeat or drop "
                "rows: look at the number of rows before and after.",
            ),
            Choice(
                "It was an inner join, and it should have been a left join.",
                "An inner join drops payments without a dispute, so the total would fall. A total "
                "that rises means rows that were repeated.",
            ),
        ),
    ),
    Question(
        "21.q2",
        "A data contract asks that each amount lies between 0 and 5,000. Which delivery does it "
        "let through?",
        (
            Choice(
                "One whose amounts are all a hundred times too small.",
                "Yes. Each value is possible on its own, so the range has nothing to say. It takes "
                "a comparison with other days to see it.",
                right=True,
            ),
            Choice(
                "One whose amounts are all a hundred times too large.",
                "Many of these lie above 5,000, so the range sees it on the first day.",
            ),
            Choice(
                "One in which the column of amounts was renamed.",
                "A contract names its columns. One that is missing is the first thing it sees.",
            ),
        ),
    ),
    Question(
        "21.q3",
        "Last month's report on fraud cannot be made again: the same code on "
        "payments_2018-06.parquet gives other figures. What would have helped most?",
        (
            Choice(
                "A hash of the content, kept with the report.",
                "Yes. It says at once that the data are others, and which data the report was "
                "made from. The name of a file promises nothing about what is in it.",
                right=True,
            ),
            Choice(
                "The day of the export in the file's name.",
                "A name is a promise that nobody checks: the same name can hold other rows "
                "tomorrow, and the same rows can have two names.",
            ),
            Choice(
                "A seed for the random numbers.",
                "Seeds make code repeatable on the same data. Here the data have changed.",
            ),
        ),
    ),
    Question(
        "21.q4",
        "Customer numbers in the payment log are replaced by their SHA-256. An outsider gets the "
        "file. What can they learn?",
        (
            Choice(
                "Every customer number: hash all possible numbers and look each one up.",
                "Yes. There are few customer numbers, and a computer tries millions a second. A "
                "key that is kept elsewhere (HMAC) stops this.",
                right=True,
            ),
            Choice(
                "Nothing, since SHA-256 cannot be reversed.",
                "Nobody reverses it. With so few inputs one tries them all and compares.",
            ),
            Choice(
                "Nothing, as long as the hash is long enough.",
                "The length of the output does not matter. What counts is how many inputs there "
                "are to try, and customer numbers are few.",
            ),
        ),
    ),
    Question(
        "21.q5",
        "Why does a bank not know today which of yesterday's card payments were fraud?",
        (
            Choice(
                "Labels come later and from elsewhere: from customers who dispute and from "
                "investigators.",
                "Yes. The log of payments comes at once, the label days or weeks after it, and a "
                "fraud that nobody has noticed looks genuine until then.",
                right=True,
            ),
            Choice(
                "The checkout writes the label, but the file is delivered overnight.",
                "A till cannot know whether the card in it is stolen. The label is no part of the "
                "payment log at all.",
            ),
            Choice(
                "The fraud model has not yet scored the payments.",
                "A score is a guess. The label is what turned out to be true; no model makes it.",
            ),
        ),
    ),
)

LESSON = Lesson(
    "21",
    exercises=(IS_KEY, LATEST, DAILY, DISPUTES),
    predictions=PREDICTIONS,
    questions=QUESTIONS,
)
