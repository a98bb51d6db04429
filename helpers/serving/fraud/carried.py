"""One model that comes with the program, as in an image: another version is another image."""

from __future__ import annotations

from pathlib import Path

from helpers.models import registry
from helpers.serving.fraud.kept import Kept
from helpers.serving.fraud.release import Slots, scorer_of


def carry(version: int, folder: Path, name: str = registry.NAME) -> Path:
    """Put a version of the registry into a folder, for `FRAUD_CARRIED`, and give the folder.

    Raises UnsafeModel, NoSuchVersion or RegistryUnreachable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    Kept(folder).keep(registry.load(version, name))
    return folder


class Carried:
    """Stands where `Release` stands, with the one model of a folder. It is read at once.

    Raises UnsafeModel or WrongModel for a model that cannot be served, FileNotFoundError for none.
    """

    swaps, problem = 1, None

    def __init__(self, folder: Path) -> None:
        loaded = Kept(folder).bring_back()
        if loaded is None:
            raise FileNotFoundError(f"No model is carried in {folder}.")
        self.slots = Slots(scorer_of(loaded))

    def refresh(self) -> Slots:
        """The model that is there; there is no other to look for."""
        return self.slots
