"""The author's tool: lessons are found, run, stored in one form, checked and solved."""

import getpass
import sys
import types
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.notebooks import (
    dumps,
    execute,
    lessons,
    measure,
    named,
    normalised,
    problems,
    run,
    with_solutions,
)
from helpers.notebooks.__main__ import main
from helpers.notebooks.running import LessonError
from helpers.notebooks.stored import machine_trace

TITLE = new_markdown_cell("# A lesson")


def code(source, *tags, **more):
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {}, **more)


@pytest.fixture
def lesson(tmp_path):
    """Writes a lesson of the given cells, as an author's editor would leave it."""

    def write(*cells, name="22_clean.ipynb"):
        path = tmp_path / name
        nbformat.write(new_notebook(cells=[TITLE, *cells]), path)
        return path

    return write


# Which lessons there are


def test_lessons_are_those_of_the_tree_in_order(tmp_path):
    names = ["22_b.ipynb", "00_a.ipynb"]
    others = ["22_b.2026-11-24-193300.ipynb", "notes.ipynb", "22_b.py"]
    for name in [*names, *others]:
        (tmp_path / name).touch()
    assert [path.name for path in lessons(tmp_path)] == sorted(names)


def test_no_lesson_at_all_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="No lesson"):
        lessons(tmp_path)


@pytest.mark.parametrize("name", ["22", "22_clean", "22_clean.ipynb", "notebooks/22_clean.ipynb"])
def test_a_lesson_is_named_by_number_name_or_path(lesson, name):
    path = lesson()
    lesson(name="00_start.ipynb")
    assert named([name], path.parent) == [path]
    assert len(named([], path.parent)) == 2


def test_a_name_that_fits_none_says_which_there_are(lesson):
    with pytest.raises(ValueError, match=r"No lesson is called 99.*There are: 22_clean"):
        named(["99"], lesson().parent)


# Running and storing


CELLS = (
    "print('one')\nimport sys\nprint('aside', file=sys.stderr)\nprint('two')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "import ipywidgets\nipywidgets.IntSlider(3)",
    "import os\nos.path.basename(os.getcwd()), os.environ['PYTHONHASHSEED']",
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """One lesson of all sorts of cells, run twice; its texts after the first and second run."""
    path = tmp_path_factory.mktemp("notebooks") / "22_clean.ipynb"
    cells = [code(text) for text in CELLS]
    cells.append(code("import time\ntime.time()", "nbval-ignore-output"))
    cells.append(code("import json\njson.loads('{')", "raises-exception"))
    nbformat.write(new_notebook(cells=[TITLE, *cells, code("")]), path)
    texts = []
    for _ in range(2):
        run(path)
        texts.append(path.read_text())
    return path, texts


def test_a_second_run_changes_no_byte(stored):
    path, (first, second) = stored
    assert first == second
    assert problems(path) == []


def test_what_is_stored_is_one_form(stored):
    nb = nbformat.read(stored[0], as_version=4)
    cells = nb.cells[1:]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5, 6, None]
    assert nb.metadata.kernelspec.name == "python3"
    assert "version" not in nb.metadata.language_info and "widgets" not in nb.metadata
    assert [output.name for output in cells[0].outputs] == ["stdout", "stderr"]
    assert cells[0].outputs[0].text == "one\ntwo\n"
    assert "image/png" in cells[1].outputs[0].data
    assert cells[2].outputs[0].data == {"text/plain": "IntSlider(value=3)"}
    assert all("execution" not in cell.metadata for cell in cells)


def test_a_lesson_runs_in_its_folder_with_its_seed(stored):
    nb = nbformat.read(stored[0], as_version=4)
    assert nb.cells[4].outputs[0].data["text/plain"] == f"('{stored[0].parent.name}', '0')"


def test_an_expected_error_is_stored_without_this_machines_folders(stored):
    nb = nbformat.read(stored[0], as_version=4)
    text = "\n".join(nb.cells[6].outputs[0].traceback)
    assert "json/decoder.py" in text and "lib/python" not in text


def test_a_lesson_has_an_empty_workspace_of_its_own(lesson, monkeypatch, tmp_path):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path / "mine"))
    source = (
        "import os, pathlib\nplace = pathlib.Path(os.environ['TWO_LOOPS_WORKSPACE'])\n"
        "print(place.exists() and any(place.iterdir()), place.parent.name == 'mine')\n"
        "place.mkdir(exist_ok=True)\n(place / 'x').touch()"
    )
    nb, _ = execute(nbformat.read(lesson(code(source)), as_version=4), tmp_path)
    assert nb.cells[1].outputs[0].text == "False False\n"
    assert not (tmp_path / "mine").exists()


def test_a_cell_that_raises_is_named_and_the_file_stays(lesson):
    path = lesson(code("1 / 0"))
    before = path.read_bytes()
    with pytest.raises(LessonError, match=r"Cell 1 .*ZeroDivisionError"):
        run(path)
    assert path.read_bytes() == before and [*path.parent.iterdir()] == [path]


def test_a_kernel_that_dies_is_named_too(lesson):
    with pytest.raises(LessonError, match="Cell 1 stopped the run: the kernel died"):
        run(lesson(code("import os\nos._exit(1)")))


def test_an_output_that_shows_this_machine_is_refused(lesson):
    path = lesson(code("import sys\nprint(sys.prefix + '/x')"))
    before = path.read_bytes()
    with pytest.raises(LessonError, match=r"cell 1 shows a path or name of this machine"):
        run(path)
    assert path.read_bytes() == before


def test_a_lesson_whose_tool_is_missing_is_refused(lesson):
    path = lesson(code("print('recorded')", "needs-no-such-tool"))
    with pytest.raises(LessonError, match="needs no-such-tool, which this machine lacks"):
        run(path)


def test_a_tool_of_the_lock_is_found_without_an_active_environment(lesson, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    run(lesson(code("!ruff --version | cut -c1-4", "needs-ruff")))


def test_memory_counts_the_kernels_children(lesson):
    child = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', '{}'])"
    grow = "import time; x = bytearray(300_000_000); x[::4096] = x[::4096]; time.sleep(1)"
    used = measure(lesson(code(child.format(grow))))
    assert used.peak > 340e6 and used.seconds > 1


# The form that is stored


def test_an_id_that_is_missing_or_twice_comes_from_the_text():
    twins = [code("x = 1", id="same"), code("y = 2", id="same"), code("y = 2", id="Not_good")]
    ids = [cell.id for cell in normalised(new_notebook(cells=twins)).cells]
    assert ids[0] == "same" and len(set(ids)) == 3
    moved = normalised(new_notebook(cells=[TITLE, *twins])).cells
    assert [cell.id for cell in moved[1:]] == ids


def test_an_unstable_output_stays_while_only_its_numbers_change():
    def notebook(text, *tags):
        cell = code("t", *tags, id="t", outputs=[new_output("stream", text=text)])
        return new_notebook(cells=[cell])

    def kept(old, new, *tags):
        nb = normalised(notebook(new, *tags), notebook(old, *tags))
        return nb.cells[0].outputs[0].text

    assert kept("took 1.25 s", "took 0.9 s", "nbval-ignore-output") == "took 1.25 s"
    assert kept("took 1.25 s", "it failed", "nbval-ignore-output") == "it failed"
    assert kept("took 1.25 s", "took 0.9 s") == "took 0.9 s"


def test_figures_of_two_runs_are_never_stored_side_by_side():
    """One text that differs, or a picture, and the whole notebook is of the new run."""

    def notebook(took, said, picture):
        shown = new_output("display_data", data={"image/png": picture})
        cells = [
            code("a", "nbval-ignore-output", id="a", outputs=[new_output("stream", text=took)]),
            code("b", "nbval-ignore-output", id="b", outputs=[new_output("stream", text=said)]),
            code("c", id="c", outputs=[shown]),
        ]
        return new_notebook(cells=cells)

    old = notebook("took 1.25 s", "7 ms", "AAAA")

    def first(*new):
        return normalised(notebook(*new), old).cells[0].outputs[0].text

    assert first("took 0.9 s", "8 ms", "AAAA") == "took 1.25 s"
    assert first("took 0.9 s", "it failed", "AAAA") == "took 0.9 s"
    assert first("took 0.9 s", "8 ms", "BBBB") == "took 0.9 s"


def test_a_kept_output_is_numbered_as_its_cell_is_now():
    def notebook(number, value):
        shown = new_output("execute_result", data={"text/plain": value}, execution_count=number)
        cell = code("t", "nbval-ignore-output", id="t", outputs=[shown], execution_count=number)
        return new_notebook(cells=[cell])

    cell = normalised(notebook(1, "0.9"), notebook(45, "1.25")).cells[0]
    assert cell.outputs[0].data["text/plain"] == "1.25"
    assert cell.outputs[0].execution_count == cell.execution_count == 1


def fine():
    cell = code("1 + 1", id="sum", execution_count=1)
    cell.outputs = [new_output("execute_result", data={"text/plain": "2"}, execution_count=1)]
    return normalised(new_notebook(cells=[TITLE, cell]))


def test_a_file_in_that_form_has_no_problem(tmp_path):
    path = tmp_path / "22_clean.ipynb"
    path.write_text(dumps(fine()))
    assert problems(path) == []


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda nb: nb.metadata.kernelspec.update(name="mine"), "not in the form"),
        (lambda nb: nb.metadata.language_info.update(version="3.11.7"), "not in the form"),
        (lambda nb: nb.cells[1].update(execution_count=7), "not in the form"),
        (lambda nb: nb.cells[1].metadata.update(execution={"x": "2026"}), "not in the form"),
        (lambda nb: nb.cells[1].update(id="Sum"), "not in the form"),
        (lambda nb: nb.cells[1].update(execution_count=None), "never been run"),
        (
            lambda nb: nb.cells[1].outputs.append(new_output("error", ename="E", evalue="")),
            "holds an error",
        ),
        (
            lambda nb: nb.cells[1].outputs.append(new_output("stream", text=str(Path.home()))),
            "path or name of this machine",
        ),
    ],
)
def test_each_fault_is_seen(tmp_path, spoil, problem):
    nb, path = fine(), tmp_path / "22_clean.ipynb"
    spoil(nb)
    path.write_text(dumps(nb))
    assert len(problems(path)) == 1 and problem in problems(path)[0]


@pytest.mark.parametrize("text", ["", "not json", '{"cells": 3}', '{"nbformat": 4}'])
def test_a_file_that_is_no_notebook_is_a_problem_not_a_crash(tmp_path, text):
    path = tmp_path / "22_clean.ipynb"
    path.write_text(text)
    assert len(problems(path)) == 1


def test_paths_of_a_machine_are_told_from_other_words(monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "marguerite")
    for text in ("in /ho" + "me/x/a.py", r"C:\Users\x", "by marguerite", f"at {Path.home()}/x"):
        assert machine_trace(text), text
    for text in ("the root of the tree", "workspace/mlflow.db", "a/b", "2026/11/24"):
        assert machine_trace(text) is None, text


# Solutions


@pytest.fixture
def solutions(monkeypatch):
    """Stands in for the exercises: each solution says which it is."""
    fake = types.ModuleType("helpers.exercises")
    fake.find = lambda name: types.SimpleNamespace(solution=f"answer = {name!r}\n")
    monkeypatch.setitem(sys.modules, "helpers.exercises", fake)


def test_a_solution_takes_the_place_of_all_above_the_check(solutions):
    blank = code('# Your turn\nanswer = ...\n\ncheck("22.1", answer)', "exercise")
    other = code('answer = ...\ncheck("22.9", answer)')
    nb = new_notebook(cells=[blank, other])
    solved = with_solutions(nb)
    assert solved.cells[0].source == "answer = '22.1'\ncheck(\"22.1\", answer)"
    assert solved.cells[1].source == other.source
    assert "Your turn" in nb.cells[0].source, "the notebook itself stays"


def test_a_check_may_span_lines_and_be_one_of_two(solutions):
    last = 'check(\n    "22.1",\n    answer,\n)\ncheck("22.2", answer)'
    solved = with_solutions(new_notebook(cells=[code(f"answer = ...\n{last}", "exercise")]))
    assert solved.cells[0].source == f"answer = '22.1'\nanswer = '22.2'\n{last}"


def test_an_exercise_without_a_check_is_an_error(solutions):
    with pytest.raises(ValueError, match=r'ends in check\("22.1", answer\)'):
        with_solutions(new_notebook(cells=[code("answer = ...", "exercise")]))


# The command line


def test_the_command_line_runs_and_checks_what_is_named(lesson, monkeypatch, capsys):
    path = lesson(code("print('hello')"))
    monkeypatch.setattr("helpers.notebooks.__main__.named", lambda names: named(names, path.parent))
    assert main(["check"]) == 1
    assert "never been run" in capsys.readouterr().out
    assert main(["run", "22"]) == 0
    assert "22_clean.ipynb: " in capsys.readouterr().out
    assert main(["check", "22"]) == 0
    assert main(["run", "99"]) == 2
    assert "There are: 22_clean" in capsys.readouterr().err
