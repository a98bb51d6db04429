"""A lesson taken apart into what a slide can hold: a paragraph, some code, an output, a question.

Each part is a cell of its own and carries `metadata.slide`: its weight (how much of a slide it
fills), whether a slide has to begin or to end with it, and whether it belongs to the part before.
"""

from __future__ import annotations

import re

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from helpers.lesson.panel import blocks

WORDS = 13  # in one line of prose, at the size that the last row can read
LINE = 0.78  # of code, in lines of prose
PICTURE, DRAWING = 11.0, 10.0
ASKS = re.compile(r"(predict|quiz)\(\"[\w.]+\"\)")
TELLS = re.compile(r"predict\(\"[\w.]+\", came=.*\)")
DRAWS = re.compile(r"(place|two_loops)\(.*\)")
CAME = re.compile(r"(?:You guessed .*?\. )?(It came out as .*)")  # for the room, without the guess
HELPS = re.compile(r"# (hint|solution|download_progress|bring_progress_back)\(.*\)|check\(.*\)")
# What these show belongs to whoever ran the cell last.
PERSONAL = re.compile(r"(this_machine|course_map)\(\)")
IMPORTS = re.compile(r"^(from|import) ", re.MULTILINE)
ELSEWHERE = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]*\)")  # a link into the course's folder


class Answered(ValueError):
    """An exercise that is not blank: its answer would be on the wall."""


def parts(nb: NotebookNode) -> list[NotebookNode]:
    """All that a lesson shows, in its order, without what only its reader can use.

    Raises Answered for an exercise that is not as the lesson came.
    """
    found = []
    for cell in nb.cells:
        found += _of_prose(cell.source) if cell.cell_type == "markdown" else _of_code(cell)
    return found


def _part(cell: NotebookNode, weight: float, *how: str) -> NotebookNode:
    """A cell with what `dealing` has to know; how: any of "begins", "ends" and "joins"."""
    cell.metadata["slide"] = {"weight": weight, **{name: True for name in how}}
    return cell


def _of_prose(source: str) -> list[NotebookNode]:
    return [
        _part(
            new_markdown_cell(ELSEWHERE.sub(r"\1", block)),
            _weight(block),
            *(["begins"] if block[0] == "#" else []),
        )
        for block in paragraphs(source)
    ]


def paragraphs(source: str) -> list[str]:
    """The paragraphs of a text. A list stays whole, and so does code between fences."""
    found: list[str] = []
    for block in blocks(source):
        listed = found and re.match(r"[-*] |\d+\. ", found[-1])
        if listed and re.match(r"[-*] |\d+\. | ", block):
            found[-1] += "\n\n" + block
        else:
            found.append(block)
    return found


def _weight(text: str) -> float:
    if text.startswith("#"):
        return 1.8
    if "```" in text:
        return LINE * len(text.splitlines())
    lines = [len(line.split()) / WORDS for line in text.splitlines() if line.strip()]
    each = 1.0 if re.match(r"[-*|] ?|\d+\. ", text) else 0.0  # items and rows begin a line each
    return sum(max(each, line) for line in lines) + 0.7


def _of_code(cell: NotebookNode) -> list[NotebookNode]:
    source = cell.source.strip()
    lines = source.splitlines()
    if "exercise" in cell.metadata.get("tags", []) and not any(map(_is_personal, cell.outputs)):
        raise Answered(f"This exercise is answered, or was never run: {lines[-1]}")
    if all(HELPS.fullmatch(line) or PERSONAL.fullmatch(line) for line in lines):
        return []
    if ASKS.fullmatch(source):
        return _asked("\n".join(_plain(output) for output in cell.outputs))
    outputs = [_output(output) for output in cell.outputs if not _is_personal(output)]
    bare = TELLS.fullmatch(source) or DRAWS.fullmatch(source)
    if bare or len(IMPORTS.findall(source)) > len(lines) / 2:
        return outputs
    code = _part(new_code_cell(cell.source), LINE * len(lines) + 0.8)
    code.metadata.slide["whole"] = sum(
        part.metadata.slide.weight
        for part in [code, *outputs]
        if "begins" not in part.metadata.slide
    )
    return [code, *outputs]


def _is_personal(output: NotebookNode) -> bool:
    """Whether it answers the reader of the notebook, who has not answered yet."""
    return _plain(output).startswith("Not answered yet")


def _plain(output: NotebookNode) -> str:
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def _asked(text: str) -> list[NotebookNode]:
    """A guess or a quiz as questions for the room, a slide each, without the way to answer here."""
    text = re.sub(r"(\n  or in code:|\nOr in code:|: predict\().*", "", text)
    return [_question(one) for one in re.split(r"\n(?=\d\. )", text)]


def _question(text: str) -> NotebookNode:
    first, *choices = text.splitlines()
    title = "Your guess" if first.startswith("Your guess") else "Question"
    first = re.sub(r"^(Your guess, before we look\.|\d\.) ", "", first)
    listed = "\n".join(f"- **{line.strip()[:2]}**{line.strip()[2:]}" for line in choices)
    if not re.match(r"\s+\w\) ", (choices or [""])[0]):
        listed = "\n".join(line.strip() for line in choices).capitalize()
    return _part(new_markdown_cell(f"### {title}\n\n{first}\n\n{listed}"), 9, "begins", "ends")


def _output(output: NotebookNode) -> NotebookNode:
    """One output: a picture begins a slide, so that it is large."""
    data, text = output.get("data", {}), _plain(output)
    drawn = data.get("text/html", "")
    if came := CAME.match(text):
        return _part(new_markdown_cell(f"**{came[1]}**"), 1.7, "joins")
    if "<script" in drawn:  # a live drawing of a model; its name in plain text says enough
        del data["text/html"]
        drawn = ""
    if output.output_type == "error":  # the frames are for one who mends it
        output.traceback = [f"{output.ename}: {output.evalue}"]
    if "<svg" in drawn:  # what it says about each step beside the picture is for one reader
        data["text/html"] = drawn[: drawn.index("</svg>") + 6]
    cell = new_code_cell("", outputs=[output])
    if "image/png" in data:
        return _part(cell, PICTURE, "begins")
    if "<svg" in drawn:
        return _part(cell, DRAWING)
    if "<table" in drawn:
        return _part(cell, 0.95 * drawn.count("<tr") + 0.5)
    text = text or "\n".join(output.get("traceback", []))
    return _part(cell, LINE * len(text.splitlines()) + 0.5)
