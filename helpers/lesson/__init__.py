"""What a learner touches in a notebook.

    from helpers.lesson import check, hint, solution, quiz, predict

is all that there is to know; `order` is for lines to be put in order, `your_data` for exercises on
your own data, `place`, `two_loops` and `course_map` draw the two loops, and `this_machine` says
which tools are here.
"""

from helpers.lesson import full_disk
from helpers.lesson.answering import check, hint, solution, your_data
from helpers.lesson.asking import predict, quiz
from helpers.lesson.keeping import bring_progress_back, download_progress
from helpers.lesson.loops import course_map, place
from helpers.lesson.machine import this_machine
from helpers.lesson.ordering import order
from helpers.lesson.walking import two_loops

full_disk.watch_for_it()

__all__ = [
    "bring_progress_back",
    "check",
    "course_map",
    "download_progress",
    "hint",
    "order",
    "place",
    "predict",
    "quiz",
    "solution",
    "this_machine",
    "two_loops",
    "your_data",
]
