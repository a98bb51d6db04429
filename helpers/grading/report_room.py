"""A lesson's part of the report: learners by exercises, then what the room gets wrong."""

from __future__ import annotations

import html

from helpers.exercises.base import Exercise
from helpers.grading.room import Count, Room
from helpers.grading.verdicts import Verdict

# Sign, word and class of each state; the sign tells them apart without any colour.
SIGNS = {
    "solved": ("✓", "solved", "solved"),
    "wrong": ("✗", "wrong", "wrong"),
    "not answered": ("○", "not answered", "blank"),
    "not reached": ("…", "not reached", "blank"),
    "not there": ("–", "not there", "blank"),
}
ASKED = "†"


def room_section(room: Room) -> str:
    """The section of one lesson."""
    return "\n".join(
        [
            f"<h2>Lesson {_safe(room.lesson)}: the room</h2>",
            _legend(),
            _picture(room),
            f"<h2>Lesson {_safe(room.lesson)}: what the room gets wrong</h2>",
            *(_exercise(room, exercise) for exercise in room.exercises),
        ]
    )


def _legend() -> str:
    signs = ", ".join(f"{sign} {word}" for sign, word, _ in SIGNS.values())
    return f"<p>{signs}; {ASKED} the notebook calls for the solution.</p>"


def _picture(room: Room) -> str:
    heads = "".join(
        f'<th scope="col">{_safe(one.id)}<br><small>{_safe(one.title)}</small></th>'
        for one in room.exercises
    )
    rows = []
    for learner in room.learners:
        verdicts = [room.verdict(learner, one.id) for one in room.exercises]
        solved = sum(one.state == "solved" for one in verdicts)
        cells = "".join(_cell(one) for one in verdicts)
        rows.append(f'<tr><th scope="row">{_safe(learner)}</th>{cells}<td>{solved}</td></tr>')
    feet = "".join(f"<td>{room.states(one.id)['solved']}</td>" for one in room.exercises)
    return (
        f'<table class="room"><thead><tr><th scope="col">Learner</th>{heads}'
        f'<th scope="col">Solved</th></tr></thead><tbody>{"".join(rows)}</tbody>'
        f'<tfoot><tr><th scope="row">Solved, of {len(room.learners)}</th>{feet}<td></td></tr>'
        "</tfoot></table>"
    )


def _cell(verdict: Verdict) -> str:
    sign, word, kind = SIGNS[verdict.state]
    asked = f" <span title='solution asked'>{ASKED}</span>" if verdict.asked else ""
    what = f"<br><small>{_safe(verdict.mistake)}</small>" if verdict.mistake else ""
    return f'<td class="{kind}">{sign} {word}{asked}{what}</td>'


def _exercise(room: Room, exercise: Exercise) -> str:
    states, mistakes = room.states(exercise.id), room.mistakes(exercise.id)
    told = [f"{states[state]} {word}" for state, (_, word, _) in SIGNS.items() if states[state]]
    told += [f"solution asked by {room.asked(exercise.id)}"] if room.asked(exercise.id) else []
    parts = [
        f"<h3>{_safe(exercise.id)} {_safe(exercise.title)}</h3>",
        _strip(states, len(room.learners)),
        f"<p>{', '.join(told)}.</p>",
    ]
    if mistakes:
        rows = "".join(_mistake(count) for count in mistakes)
        heads = "".join(
            f'<th scope="col">{head}</th>' for head in ("Mistake", "Learners", "Who", "Was told")
        )
        parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    return "\n".join(parts)


def _strip(states: dict[str, int], learners: int) -> str:
    """A strip as long as the room; the sentence below it says the same in numbers."""
    pieces = "".join(
        f'<span class="{kind}" style="width:{100 * states[state] / learners:.2f}%">{sign}</span>'
        for state, (sign, _, kind) in SIGNS.items()
        if states[state]
    )
    return f'<div class="strip" aria-hidden="true">{pieces}</div>'


def _mistake(count: Count) -> str:
    told = f"<details><summary>the words</summary><pre>{_safe(count.message)}</pre></details>"
    who = _safe(", ".join(count.learners))
    return (
        f'<tr><th scope="row">{_safe(count.mistake)}</th><td>{len(count.learners)}</td>'
        f"<td>{who}</td><td>{told if count.message else ''}</td></tr>"
    )


def _safe(text: object) -> str:
    return html.escape(str(text))
