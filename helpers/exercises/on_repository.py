"""Exercises that are done in a git repository: its state is looked at, however it came about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.delivery.desks import begun, state, tips
from helpers.delivery.git import asked
from helpers.delivery.office import ORIGIN
from helpers.exercises.attempt import is_blank
from helpers.exercises.base import Exercise, Result
from helpers.exercises.trials import OnState, Unusable
from helpers.programs import ProgramFailed


@dataclass(frozen=True)
class OnRepository(OnState):
    """As OnState, where the answer is the folder that `desk_for` gave.

    A desk at which nothing has been done counts as not answered.
    """

    def judge(self, exercise: Exercise, answer: Any, seed: int) -> Result:
        if is_blank(answer):
            return Result(exercise.id, "not answered")
        try:
            folder = _folder(answer)
            began, now = begun(folder), state(folder)
        except (OSError, ProgramFailed, TypeError):
            return self._elsewhere(exercise, "is not the repository of this exercise (any more)")
        if began["exercise"] != exercise.id:
            return self._elsewhere(exercise, f"is the repository of {began['exercise']}")
        if began["state"] == now:
            return Result(exercise.id, "not answered")
        return super().judge(exercise, answer, seed)

    def _elsewhere(self, exercise: Exercise, what: str) -> Result:
        name = exercise.answer
        how = f'Run the cell with `{name} = desk_for("{exercise.id}")` again; it begins anew.'
        return Result(exercise.id, "not yet", f"`{name}` {what}. {how}")


@dataclass(frozen=True)
class Desk:
    """A desk and what it began with, for those who gather facts from it."""

    folder: Path

    def git(self, *arguments: str) -> str:
        """What git says here, without the last line end; "" where it refuses."""
        return _said(self.folder, *arguments)

    def shared(self, *arguments: str) -> str:
        """What git says of the shared repository."""
        return _said(self.folder.parent / ORIGIN, *arguments)

    @property
    def began(self) -> dict[str, str]:
        """The commit of each branch at the beginning, here."""
        return begun(self.folder)["tips"]

    @property
    def branches(self) -> dict[str, str]:
        """The commit of each branch now, here."""
        return tips(self.folder)

    def holds(self, commit: str, branch: str) -> bool:
        """Whether the commit is part of the branch's history."""
        return _succeeds(self.folder, "merge-base", "--is-ancestor", commit, branch)

    def changed(self) -> list[str]:
        """The files that git knows and that differ from the last commit."""
        return self.git("diff", "--name-only", "HEAD").splitlines()

    def merging(self) -> bool:
        """Whether a merge has been begun and not been committed."""
        return bool(self.git("rev-parse", "--verify", "--quiet", "MERGE_HEAD"))


def looking(look: Callable[[Desk], Any]) -> Callable[[Any], Any]:
    """Make a function that gathers facts from a desk one that takes a learner's answer."""

    def looked(answer: Any) -> Any:
        try:
            return look(Desk(_folder(answer)))
        except (OSError, ProgramFailed, KeyError) as error:
            raise Unusable(
                f"The repository could not be read: {error}. Begin anew with `desk_for`."
            ) from None

    return looked


def _folder(answer: Any) -> Path:
    if not isinstance(answer, str | Path):
        raise TypeError(f"a repository is a folder, not a {type(answer).__name__}")
    return Path(answer)


def _said(folder: Path, *arguments: str) -> str:
    try:
        return asked(folder, *arguments).rstrip("\n")
    except ProgramFailed:
        return ""


def _succeeds(folder: Path, *arguments: str) -> bool:
    try:
        asked(folder, *arguments)
    except ProgramFailed:
        return False
    return True
