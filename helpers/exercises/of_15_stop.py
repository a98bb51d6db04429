"""Exercise 15.2: a graceful stop, its lines put in order; requests come while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import OnState, letters_of

LINES = (
    "ledger.close()",
    "time.sleep(1)  # until nobody is sent here any more",
    "server.take_no_more()",
    'health = "draining"  # /readyz answers 503 from now on',
    "server.finish_open_requests()",
)
CLOSE, WAIT, SHUT, DRAIN, FINISH = "ABCDE"


@dataclass(frozen=True)
class Stopped:
    """What an order did to the requests that came meanwhile.

    refused: who was sent here and found the door shut; cut: who was let in and not answered;
    unkept: who was answered while the ledger was closed.
    """

    letters: list[str]
    refused: bool
    cut: bool
    unkept: bool


def _look(answer: Any) -> Stopped:
    """Walk through the lines: at each one a request may be on its way here, or open."""
    letters = letters_of(answer, STOP)
    place = {letter: n for n, letter in enumerate(letters)}
    routed_until = place[WAIT] if place[DRAIN] < place[WAIT] else len(letters)
    taken_until = place[SHUT]
    return Stopped(
        letters,
        refused=taken_until < routed_until,
        cut=place[FINISH] < taken_until,
        unkept=place[CLOSE] < max(taken_until, place[FINISH]),
    )


def _wrong(stopped: Stopped) -> str | None:
    if stopped.refused:
        return "Customers are still sent here when the door is shut, so they are refused."
    if stopped.cut:
        return "Requests are let in after the open ones were finished; nobody answers them."
    if stopped.unkept:
        return "A payment is answered after the ledger was closed, so it is not kept."
    return None


def _before(one: str, other: str) -> Callable[[Stopped], bool]:
    return lambda stopped: stopped.letters.index(one) < stopped.letters.index(other)


STOP = Exercise(
    id="15.2",
    title="A graceful stop",
    task="Put the lines in order that a service runs through once it has been told to stop "
    "(SIGTERM): no customer is refused, none is cut off, and each payment is kept.",
    answer="lines",
    lines=LINES,
    trial=OnState(look=_look, wrong=_wrong),
    solution='lines = "D B C E A"',
    why="First say that you are leaving, then wait until that is known, then shut the door, serve "
    "those who are inside, and put the light out last.",
    hints=(
        "What would happen if the door were shut at once? Customers are sent here until "
        "everybody has heard that it ends.",
        "The cluster takes an ending pod out of the Service by itself, but those who send "
        "customers hear of it a moment later; a balancer outside asks /readyz. So: say it, wait, "
        "shut the door. What is left to do then?",
    ),
    also=('lines = ["d", "b", "c", "e", "a"]', 'lines = "dbcea"'),
    mistakes=(
        Mistake(
            "shuts the door at once",
            'lines = "C D B E A"',
            "The door is shut before anybody has been told. Customers are still sent here, and "
            "are refused. First /readyz, then the wait, then the door.",
            lambda s: s.refused and s.letters.index(SHUT) < s.letters.index(DRAIN),
        ),
        Mistake(
            "waits before it says so",
            'lines = "B D C E A"',
            "It waits before /readyz says anything, so nobody learns anything while it waits. Say "
            "it first; the wait is for those who have to notice.",
            _before(WAIT, DRAIN),
        ),
        Mistake(
            "does not wait",
            'lines = "D C B E A"',
            "It says that it is leaving and shuts the door in the same breath. Those who "
            "send customers hear of it a moment later: until then customers are sent here, and "
            "are refused.",
            lambda s: s.refused and s.letters.index(DRAIN) < s.letters.index(SHUT),
        ),
        Mistake(
            "finishes before the door is shut",
            'lines = "D B E C A"',
            "The open requests are finished while the door still stands open: who comes in after "
            "that is cut off. Shut the door first.",
            lambda s: s.cut and not s.unkept,
        ),
        Mistake(
            "closes the ledger too early",
            'lines = "D B C A E"',
            "The ledger is closed while payments are still being answered. What others need is "
            "closed last.",
            lambda s: s.unkept and not s.refused,
        ),
    ),
)
