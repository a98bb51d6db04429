"""Which version decides: champion and challenger, taken over from the registry while it serves."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass

from helpers.models import registry
from helpers.models.page import give_back_memory
from helpers.models.registry import RegistryUnreachable, UnsafeModel
from helpers.serving.fraud.kept import Kept
from helpers.serving.fraud.scorer import Scorer, WrongModel

log = logging.getLogger("checkout.fraud")


@dataclass(frozen=True)
class Slots:
    """The models of one moment. A decision holds on to the slots that it began with."""

    champion: Scorer | None = None
    challenger: Scorer | None = None
    share: float = 0.0

    def of(self, customer_id: int) -> tuple[Scorer | None, Scorer | None]:
        """Who decides for this customer, and who scores in its shadow."""
        one, other = self.champion, self.challenger
        if other is not None and in_canary(customer_id, self.share, other.version):
            return other, one
        return one, other


def in_canary(customer_id: int, share: float, version: int) -> bool:
    """Whether this customer belongs to the share of a version's canary.

    The same customer gets the same answer at every payment, in every process; who is in at one
    share is in at every larger one. Another version has other customers.
    """
    digest = hashlib.blake2b(f"{version}:{customer_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64


class Release:
    """Keeps the slots as the registry says. What fails leaves them as they are.

    slots: the models that serve now; one assignment puts new ones in their place, so no request
    ever meets half a change. problem: what went wrong at the last look, in words, or None.
    """

    def __init__(self, name: str = registry.NAME, kept: Kept | None = None) -> None:
        self.slots, self.name, self.problem = Slots(), name, None
        self.swaps = 0
        self._kept, self._lock = kept, threading.Lock()
        self._loaded: dict[int, registry.Loaded] = {}

    def refresh(self) -> Slots:
        """Look into the registry now, load what is new, and give the slots."""
        with self._lock:
            self.problem = None
            try:
                self._take_over(registry.standing(self.name))
            except RegistryUnreachable as error:
                self._failed(error)
                if self.slots.champion is None:
                    self._from_kept()
            except Exception as error:  # whatever it is, the sales go on
                log.exception("the registry gave something unforeseen")
                self._failed(error)
        return self.slots

    def _take_over(self, standing: registry.Standing) -> None:
        champion = self._scorer(standing.champion, self.slots.champion)
        challenger = self._scorer(standing.challenger, None)
        share = standing.share if challenger is not None else 0.0
        new = Slots(champion, challenger, share)
        if new == self.slots:
            return
        before, self.slots = self.slots, new
        self.swaps += 1
        give_back_memory()  # a model is unpacked several times over while it is loaded
        if champion is not None and champion is not before.champion:
            self._keep(champion.version)

    def _keep(self, version: int) -> None:
        serving = {one.version for one in (self.slots.champion, self.slots.challenger) if one}
        self._loaded = {one: self._loaded[one] for one in serving if one in self._loaded}
        if self._kept and version in self._loaded:
            self._kept.keep(self._loaded[version])

    def _scorer(self, version: int | None, instead: Scorer | None) -> Scorer | None:
        """The model of this version, or `instead` where there is none that can be used."""
        present = (self.slots.champion, self.slots.challenger)
        there = next((one for one in present if one and one.version == version), None)
        if there is not None or version is None:
            return there
        try:
            loaded = registry.load(version, self.name)
            scorer = scorer_of(loaded)
        except (UnsafeModel, WrongModel, LookupError) as error:
            self._failed(error)
            return instead
        self._loaded[version] = loaded
        return scorer

    def _from_kept(self) -> None:
        """The champion of before, where the registry is gone at the very start."""
        try:
            loaded = self._kept.bring_back() if self._kept else None
            if loaded is not None:
                scorer = scorer_of(loaded)
                self.slots, self.swaps = Slots(scorer), self.swaps + 1
        except (UnsafeModel, WrongModel) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.problem = str(error)
        log.error("the models stay as they are", extra={"fields": {"problem": self.problem}})


def scorer_of(loaded: registry.Loaded) -> Scorer:
    """A loaded model, ready to score. Raises WrongModel."""
    return Scorer(loaded.model, loaded.version, loaded.usual, loaded.registered)
