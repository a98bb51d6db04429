"""The one form in which a lesson is stored, so that a diff shows what changed and nothing else."""

import getpass
import hashlib
import json
import re
import sys
import tempfile
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.workspace import ROOT

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_ID = re.compile(r"[a-z0-9-]{1,64}")
# What nbformat raises over a file that is no notebook, depending on where it stumbles.
MALFORMED = (nbformat.ValidationError, ValueError, TypeError, KeyError, AttributeError)
VOLATILE = ("execution", "ExecuteTime", "collapsed", "scrolled", "trusted")
NUMBER = re.compile(r"0x[0-9a-f]+|\d+(\.\d+)?")
LIBRARY = r"[~/][\w./-]*?/lib/python3\.\d+(?:/site-packages)?"
COMMON_NAMES = {"root", "user", "admin", "runner", "jovyan"}


def normalised(nb: NotebookNode, before: NotebookNode | None = None) -> NotebookNode:
    """A copy of a notebook in the form that is stored.

    Cells get an id of their own and counts from 1; timestamps, widget state and the kernel's
    version go. Where the new outputs differ from those of `before` only in the numbers of cells
    tagged `nbval-ignore-output`, those of `before` stay: a timing is no reason for a diff. They
    stay all or none, since figures of two runs contradict each other.
    """
    nb = deepcopy(nb)
    nb.metadata = nbformat.from_dict(METADATA)
    nb.nbformat, nb.nbformat_minor = 4, 5
    _name_cells(nb.cells)
    kept = {cell.id: cell for cell in before.cells} if before else {}
    count = 0
    for cell in nb.cells:
        for key in VOLATILE:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            count += bool(cell.source.strip())
            _normalise_code(cell, count)
    if before:
        _keep_unchanged([(cell, kept.get(cell.id)) for cell in nb.cells])
    return nb


def dumps(nb: NotebookNode) -> str:
    """The text of a notebook's file."""
    return nbformat.writes(nb).rstrip("\n") + "\n"


def problems(path: Path) -> list[str]:
    """What is wrong with a stored lesson, a sentence each; none when it is as `run` stores it."""
    text = path.read_text(encoding="utf-8")
    try:
        nb = nbformat.reads(text, as_version=4)
        nbformat.validate(nb)
    except MALFORMED as error:
        return [f"{path.name} is not a valid notebook: {error}"]
    found = [f"{path.name} {problem}" for problem in output_problems(nb)]
    if not found and dumps(normalised(nb)) != text:
        found = [
            f"{path.name} is not in the form that is stored; run `make notebooks ONLY={path.stem}`"
        ]
    return found


def output_problems(nb: NotebookNode) -> list[str]:
    """What no stored output may hold: an unexpected error, or a trace of the author's machine."""
    found = []
    for number, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        if cell.source.strip() and cell.execution_count is None:
            found.append(f"cell {number} has never been run: {_first_line(cell)}")
        for output in cell.outputs:
            found += [
                f"cell {number} {text}: {_first_line(cell)}" for text in _faults(cell, output)
            ]
    return found


def _faults(cell: NotebookNode, output: NotebookNode) -> list[str]:
    found = []
    if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
        found.append(f"holds an error ({output.ename})")
    trace = machine_trace("\n".join(_texts(output)))
    if trace:
        found.append(f"shows a path or name of this machine ({trace})")
    return found


def machine_trace(text: str) -> str | None:
    """The first path or user name of a particular machine in a text, if there is one."""
    here = [str(ROOT), str(Path.home()), sys.prefix, tempfile.gettempdir()]
    folders = [re.escape(folder) for folder in here if folder.count("/") + folder.count("\\")]
    places = [rf"(?<![\w./-])(?:{folder})(?![\w-])[^\s'\"<>]*" for folder in folders]
    places.append(r"(?:/home/|/Users/|[A-Z]:\\Users\\)\w[^\s'\"<>]*")
    user = getpass.getuser()
    if len(user) > 3 and user not in COMMON_NAMES:
        places.append(rf"\b{re.escape(user)}\b")
    match = re.search("|".join(places), text)
    return match and match.group()


def _name_cells(cells: list[NotebookNode]) -> None:
    taken = set()
    for cell in cells:
        if not CELL_ID.fullmatch(cell.get("id", "")) or cell.id in taken:
            cell.id = _derived_id(cell, taken)
        taken.add(cell.id)


def _derived_id(cell: NotebookNode, taken: set[str]) -> str:
    """An id from the cell's own text, so that moving the cell does not rename it."""
    twin = 0
    while True:
        text = f"{cell.cell_type}\n{cell.source}\n{twin}"
        name = hashlib.sha256(text.encode()).hexdigest()[:8]
        if name not in taken:
            return name
        twin += 1


def _normalise_code(cell: NotebookNode, count: int) -> None:
    ran = bool(cell.source.strip()) and cell.execution_count is not None
    cell.execution_count = count if ran else None
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count
        if output.output_type == "error":
            output.traceback = [_portable(line) for line in output.traceback]
        data = output.get("data", {})
        if WIDGET_VIEW in data and len(data) > 1:
            del data[WIDGET_VIEW]  # without a kernel it would read "model not found"


def _portable(line: str) -> str:
    """A line of a traceback without this machine's folders, which say nothing to a reader."""
    root = re.escape(str(ROOT)) + "|" + re.escape(str(ROOT).replace(str(Path.home()), "~"))
    return re.sub(rf"(?:{root}|{LIBRARY})/", "", line)


def _keep_unchanged(pairs: list[tuple[NotebookNode, NotebookNode | None]]) -> None:
    unstable = [
        (cell, before)
        for cell, before in pairs
        if "nbval-ignore-output" in cell.metadata.get("tags", [])
    ]
    if not all(_differs_in_numbers_only(*pair) for pair in unstable):
        return
    if any(_picture(cell) != _picture(before) for cell, before in pairs):
        return
    for cell, before in unstable:
        cell.outputs = deepcopy(before.outputs)
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = cell.execution_count


def _differs_in_numbers_only(cell: NotebookNode, before: NotebookNode | None) -> bool:
    if before is None or before.cell_type != "code" or before.source != cell.source:
        return False
    return _without_numbers(before.outputs) == _without_numbers(cell.outputs)


def _without_numbers(outputs: list[NotebookNode]) -> str:
    return NUMBER.sub("#", json.dumps(outputs, sort_keys=True))


def _picture(cell: NotebookNode | None) -> list[str]:
    outputs = cell.get("outputs", []) if cell else []
    return [
        data["image/png"] for output in outputs if "image/png" in (data := output.get("data", {}))
    ]


def _texts(output: NotebookNode) -> list[str]:
    values = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
    values += [value for mime, value in output.get("data", {}).items() if mime != "image/png"]
    return [value if isinstance(value, str) else repr(value) for value in values]


def _first_line(cell: NotebookNode) -> str:
    return (cell.source.strip().splitlines() or [""])[0]
