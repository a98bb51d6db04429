"""An nbgrader course in a folder of its own: export, hand in, grade, read what came back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.notebooks import named
from helpers.notebooks.course_folder import SETTINGS, fill


class Classroom:
    """A course folder with one lesson as its assignment, released as nbgrader releases it."""

    def __init__(self, folder: Path, number: str) -> None:
        from nbgrader.apps import NbGraderAPI
        from traitlets.config.loader import PyFileConfigLoader

        lesson = named([number])[0]
        fill(folder, [lesson])
        config = PyFileConfigLoader(SETTINGS, path=str(folder)).load_config()
        config.CourseDirectory.root = str(folder)
        self.folder, self.name, self.api = folder, lesson.stem, NbGraderAPI(config=config)
        _done(self.api.generate_assignment(self.name))

    def released(self) -> NotebookNode:
        return nbformat.read(
            self.folder / "release" / self.name / f"{self.name}.ipynb", as_version=4
        )

    def hand_in(
        self,
        student: str,
        answers: dict[str, str],
        change: Callable[[NotebookNode], None] = lambda nb: None,
    ) -> None:
        """Put a submission in place: the release with these answers, by the exercise's id."""
        nb = self.released()
        for id, answer in answers.items():
            marked(nb, f"answer_{plain(id)}").source = answer
        change(nb)
        path = self.folder / "submitted" / student / self.name / f"{self.name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb, path)

    def graded(self, student: str) -> dict[str, float]:
        """Autograde a submission; the points of each exercise by its id."""
        _done(self.api.autograde(self.name, student))
        return self._grades(student, "score")

    def waiting(self, student: str) -> list[str]:
        """The exercises that nbgrader asks its instructor to look at."""
        return [id for id, yes in self._grades(student, "needs_manual_grade").items() if yes]

    def _grades(self, student: str, what: str) -> dict:
        with self.api.gradebook as gradebook:
            grades = gradebook.find_submission_notebook(self.name, self.name, student).grades
            named = {one.name.removeprefix("check_").replace("_", "."): one for one in grades}
            return {id: getattr(named[id], what) for id in sorted(named)}

    def feedback(self, student: str) -> str:
        """The text of the page that the student gets back, each space one."""
        _done(self.api.generate_feedback(self.name, student))
        page = self.folder / "feedback" / student / self.name / f"{self.name}.html"
        return flat(html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))))


def marked(nb: NotebookNode, grade_id: str) -> NotebookNode:
    """The one cell that nbgrader knows by this id."""
    found = [
        cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    assert len(found) == 1, f"{len(found)} cells are {grade_id}"
    return found[0]


def plain(id: str) -> str:
    """An exercise's id as nbgrader's ids hold it."""
    return id.replace(".", "_")


def flat(text: str) -> str:
    return " ".join(text.split())


def _done(answer: dict) -> None:
    assert answer["success"], answer.get("error") or answer.get("log")
