"""Which loop does a problem need: a few real cases, three questions, and room for one's own."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.lesson.panel import Panel
from helpers.lesson.widgets import Shown, said

Rule = Callable[[bool, bool, bool], tuple[str, str]]

QUESTIONS = (
    "Can the rules that give a right answer be written down?",
    "Does the right answer change with data, while nobody touches the code?",
    "Can one say today whether yesterday's answers were right?",
)
_YES = {True: "yes", False: "no"}
_OWN = "A problem of your own"


@dataclass(frozen=True)
class Problem:
    """A problem, the three answers that we would give, and why, a sentence each."""

    name: str
    answers: tuple[bool, bool, bool]
    why: tuple[str, str, str]


PROBLEMS = (
    Problem(
        "A price is rounded wrongly at the till",
        (True, False, True),
        (
            "Half a cent goes up: that is the whole rule.",
            "Rounding is the same next year.",
            "Any receipt shows it at once.",
        ),
    ),
    Problem(
        "A fraud filter for card payments",
        (False, True, False),
        (
            "Some frauds break a rule, most look like anybody's payment.",
            "Thieves change their ways because the filter works.",
            "A customer finds the fraud on a statement, weeks later.",
        ),
    ),
    Problem(
        "A page that shows loyalty points",
        (True, False, True),
        (
            "A point for each full unit of money: it stands in the terms.",
            "The points change, what is right for them does not.",
            "Add the receipts up and compare.",
        ),
    ),
    Problem(
        "Product suggestions in the app",
        (False, True, True),
        (
            "Nobody can write down what each customer will like.",
            "Tastes, seasons and the range of products change.",
            "Who bought what was suggested is known by the evening, though not what they would "
            "have bought otherwise.",
        ),
    ),
    Problem(
        "Sales tax on a basket",
        (True, True, True),
        (
            "The law is the rule, and it is in writing.",
            "Rates change, but somebody announces it; then one edits a table and tests it.",
            "An accountant can work out any receipt.",
        ),
    ),
    Problem(
        "How much bread to bake tomorrow",
        (False, True, True),
        (
            "Weather, weekday and a match in town: too much for a list of rules.",
            "A new school or a closed road, and the old numbers are wrong.",
            "At closing time one counts what was left, or when it ran out.",
        ),
    ),
    Problem(
        "Reading the digits on our own printed receipts",
        (False, False, True),
        (
            "No one can write down which dots make an 8.",
            "As long as the printer and its font stay, a digit looks as it did.",
            "The total has to be the sum of the lines.",
        ),
    ),
)


def decision_aid(rule: Rule) -> Shown:
    """Three questions about a problem, and the loop that `rule` makes of the answers.

    rule: takes the three answers (True for yes) and gives the loop's name and a sentence on why.
    """
    rows = [
        f"{one.name}: {', '.join(_YES[a] for a in one.answers)} -> {rule(*one.answers)[0]}"
        for one in PROBLEMS
    ]
    asked = [f"{n}. {question}" for n, question in enumerate(QUESTIONS, 1)]
    return Shown(_Aid(rule).box, "\n".join([*asked, "", *rows]), _page(rule))


class _Aid:
    def __init__(self, rule: Rule) -> None:
        import ipywidgets as w

        self.rule = rule
        self.problem = w.Dropdown(
            options=[*((one.name, one) for one in PROBLEMS), (_OWN, _OWN)],
            description="Problem",
            layout=w.Layout(width="30em"),
        )
        self.own = w.Text(
            placeholder="such as: which parcels will come late",
            description="It is",
            layout=w.Layout(width="30em", display="none"),
        )
        self.entries = [
            w.RadioButtons(
                options=[("yes", True), ("no", False)],
                value=None,
                orientation="horizontal",
                layout=w.Layout(width="auto", margin="0"),
            )
            for _ in QUESTIONS
        ]
        self.verdict = said(Panel("Answer the three questions", tone="waiting"))
        self.problem.observe(self.begin, names="value")
        for entry in (self.own, *self.entries):
            entry.observe(self.judge, names="value")
        asked = zip(QUESTIONS, self.entries, strict=True)
        rows = [_question(n, *pair) for n, pair in enumerate(asked, 1)]
        self.box = w.VBox([self.problem, self.own, *rows, self.verdict])

    def begin(self, _: Any) -> None:
        """Another problem: clear the answers."""
        self.own.layout.display = "" if self.problem.value == _OWN else "none"
        for entry in self.entries:
            entry.value = None
        self.judge()

    def judge(self, _: Any = None) -> None:
        """Say which loop it is, once all three are answered."""
        given = [entry.value for entry in self.entries]
        if None in given:
            left = sum(answer is None for answer in given)
            self.verdict.value = Panel(f"{left} of 3 answers to go", tone="waiting").html()
            return
        loop, why = self.rule(*given)
        own = self.own.value.strip() or "Your problem"
        name = own if self.problem.value == _OWN else self.problem.label
        text = why + _compared(self.problem.value, given)
        self.verdict.value = Panel(f"{name}: {loop}", text, "note").html()


def _question(number: int, text: str, entry: Any) -> Any:
    import ipywidgets as w

    return w.VBox([w.HTML(f"{number}. {html.escape(text)}"), entry])


def _compared(problem: Problem | str, given: Sequence[bool]) -> str:
    """How we would have answered, where that differs, and why."""
    if isinstance(problem, str):
        return ""
    differ = [
        n
        for n, (ours, yours) in enumerate(zip(problem.answers, given, strict=True))
        if ours != yours
    ]
    if not differ:
        return "\n\nWe would have answered the same: " + " ".join(problem.why)
    lines = [
        f"- Question {n + 1}: we would say {_YES[problem.answers[n]]}. {problem.why[n]}"
        for n in differ
    ]
    return "\n\n" + "\n".join(lines)


def _page(rule: Rule) -> str:
    heads = ["problem", "rules can be written down", "changes with data", "seen today", "loop"]
    head = "".join(f'<th scope="col" style="text-align:left">{text}</th>' for text in heads)
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;font-weight:normal">{html.escape(one.name)}'
        f"</th>{''.join(f'<td>{_YES[a]}</td>' for a in one.answers)}"
        f"<td>{html.escape(rule(*one.answers)[0])}</td></tr>"
        for one in PROBLEMS
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
