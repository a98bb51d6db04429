"""Lesson 11: git in a team. Its exercises act on real repositories."""

from __future__ import annotations

from helpers.exercises.base import Choice, Lesson, Prediction, Question
from helpers.exercises.of_11_commit import COMMIT
from helpers.exercises.of_11_conflict import CONFLICT
from helpers.exercises.of_11_order import ORDER
from helpers.exercises.of_11_undo import UNDO

PREDICTIONS = (
    Prediction(
        "11.a",
        "A till sends a payment, loses its network before the answer comes, and sends the same "
        "once more. What does the customer pay?",
        choices=("once", "twice", "nothing: the second one is an error and cancels the first"),
    ),
    Prediction(
        "11.b",
        "Two customers buy one thing each. How many lines does the second customer's receipt have?",
        choices=("none", "one", "two"),
    ),
    Prediction(
        "11.c",
        "You are Jonas's reviewer. What in this diff would you ask him about first?",
        choices=("the new wording", "the sign in the condition", "nothing: it is fine"),
    ),
    Prediction(
        "11.d",
        "Jonas has pulled the bad commit before you forced it away, and goes on working: he "
        "commits, pulls, pushes. Is the bad change gone from the shared `main`?",
        choices=("yes, it was forced away", "no, it is back", "git refuses Jonas's push"),
    ),
    Prediction(
        "11.e",
        "You and a colleague each change 10 of the same 200 lines, anywhere in the file. How often "
        "do the two changes collide?",
        low=0,
        high=100,
        unit="%",
    ),
)

QUESTIONS = (
    Question(
        "11.q1",
        "What is a branch in git?",
        (
            Choice(
                "A copy of the project's folder.",
                "The folder is there once, and `git switch` changes the files in it. That is why "
                "a branch costs nothing.",
            ),
            Choice(
                "A name that points at a commit, and moves on when one commits on it.",
                "Yes. The commits hang together by their parents; a branch only says where a line "
                "of work has got to.",
                True,
            ),
            Choice(
                "A list of changes that wait for a review.",
                "That would be a pull request, which services such as GitHub add. git itself "
                "knows commits and names for them.",
            ),
        ),
    ),
    Question(
        "11.q2",
        "A commit that your colleagues have pulled already turns out to be wrong. What do you do?",
        (
            Choice(
                "`git reset --hard` to the commit before, and push with `--force`.",
                "The others still have the commit, and their next push brings it back or fails. "
                "And what came after it is taken from everybody.",
            ),
            Choice(
                "`git revert`, and push.",
                "Yes. A new commit does the opposite; everybody gets it by an ordinary pull, and "
                "the history says what happened.",
                True,
            ),
            Choice(
                "Delete the branch and clone anew.",
                "A new clone brings you what the shared repository has, and that is the bad commit "
                "too.",
            ),
        ),
    ),
    Question(
        "11.q3",
        "Two branches merge without a conflict. What do you know now?",
        (
            Choice(
                "The code works: git has checked both changes together.",
                "git compares lines and runs nothing. One branch can rename a function that the "
                "other calls in a new file, and the merge is clean.",
            ),
            Choice(
                "The two changes have nothing to do with each other.",
                "They lie in other places of the files. In what they mean they may contradict each "
                "other.",
            ),
            Choice(
                "They changed different places; whether it works, tests have to say.",
                "Yes. That is why the tests run on the merged code, and not on each branch alone.",
                True,
            ),
        ),
    ),
    Question(
        "11.q4",
        "git reports a conflict while it merges two branches. What does that mean?",
        (
            Choice(
                "Both changed the same place, and git does not guess what was meant.",
                "Yes. It stops and asks; the answer often is neither side's text but a third one.",
                True,
            ),
            Choice(
                "One of the two worked on an old version, which is not allowed.",
                "Every branch begins at some older commit; that is what branches are for. Only "
                "the same place, changed twice, is a question.",
            ),
            Choice(
                "The repository is damaged.",
                "Nothing is lost. `git merge --abort` brings back the state before the merge.",
            ),
        ),
    ),
    Question(
        "11.q5",
        "A password was pushed in one commit and removed in the next. What comes first?",
        (
            Choice(
                "Nothing: the newest files do not hold it any more.",
                "Every clone holds every commit, the one with the password too.",
            ),
            Choice(
                "Change the password.",
                "Yes. Whoever has the history has the old one; from now on it opens nothing. "
                "Cleaning the history comes after.",
                True,
            ),
            Choice(
                "Rewrite the history so that the password was never in it.",
                "The clones, backups and caches that exist still have it. Do it afterwards, if at "
                "all.",
            ),
        ),
    ),
    Question(
        "11.q6",
        "A team reviews changes before they are merged. Which change gets the better review?",
        (
            Choice(
                "Twenty lines, one purpose.",
                "Yes. They can be read with attention in minutes, and a fault has nowhere to hide.",
                True,
            ),
            Choice(
                "Two thousand lines, since there is more to see in them.",
                "Nobody reads two thousand lines with care. The comment on such a change is often "
                "no more than that it looks good.",
            ),
            Choice(
                "It makes no difference; a reviewer reads line by line.",
                "Attention runs out, and a purpose that is spread over a hundred files cannot be "
                "kept in mind.",
            ),
        ),
    ),
)

LESSON = Lesson("11", (COMMIT, ORDER, CONFLICT, UNDO), PREDICTIONS, QUESTIONS)
