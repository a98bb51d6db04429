"""What monitoring makes of a day's record: one number for each figure that a rule can watch."""

from __future__ import annotations

import numpy as np

from helpers.monitoring.drift import bin_edges, psi_of, shares

from .record import Log
from .store import NAMES

WEEK = 7
WEEKEND = NAMES.index("is_weekend")


class Figures:
    """Computes the figures of each day from its record and from the days before; no fault is asked.

    reviews: what stands in the repository, set when a setting is changed properly. heartbeat:
    whether the alarm that always rings arrived last night.
    """

    def __init__(self) -> None:
        self.reviews = 0
        self.heartbeat = True
        self._tills: list[np.ndarray] = []
        self._late: list[int] = []
        self._filed: list[np.ndarray] = []
        self._requests: list[int] = []
        self._checked: list[tuple[int, int]] = []
        self._found: list[tuple[int, int]] = []
        self._edges: list[np.ndarray] = []
        self._shares: list[np.ndarray] = []
        self._spread: list[list[np.ndarray]] = []

    def learn_reference(self, X: np.ndarray) -> None:
        """Keep how the features are spread in a quiet time."""
        self._edges = [bin_edges(column) for column in X.T]
        self._spread = []
        self._shares = [shares(c, e) for c, e in zip(X.T, self._edges, strict=True)]

    def of(self, log: Log) -> dict[str, float]:
        """The figures of a day, by name. NaN where there is nothing to go by."""
        return self._feed(log) | self._service(log) | self._model(log) | self._people(log)

    def of_probe(self, ms: np.ndarray, answers: np.ndarray, expected: np.ndarray) -> dict:
        """The two figures that can be had before the first payment, by name."""
        return {"p99": float(np.quantile(ms, 0.99)), "golden": _otherwise(expected, answers)}

    def _feed(self, log: Log) -> dict[str, float]:
        seen = log.received
        tills = np.unique(seen.terminal)
        usual = np.unique(np.concatenate(self._tills[-WEEK:])) if self._tills else tills
        self._tills.append(tills)
        silent = usual[~np.isin(usual, np.concatenate(self._tills[-2:]))]
        common = np.bincount(seen.customer).max() / len(seen)
        return {
            "median amount": float(np.nanmedian(seen.amount)),
            "delivered twice": _repeated(seen),
            "empty amounts": float(np.isnan(seen.amount).mean()),
            "clock": float(np.abs(np.median(seen.second - seen.arrival))),
            "silent tills": len(silent) / len(usual),
            "one customer": float(common),
            "zeros": float((log.parsed == 0).mean()),
        }

    def _service(self, log: Log) -> dict[str, float]:
        failed, canary = log.received.failed, log.canary
        asked = ~failed
        share = failed[canary].mean() if canary.any() else 0.0
        return {
            "errors": float(failed.mean()),
            "canary errors": float(share - failed[~canary].mean()),
            "p99": float(np.quantile(log.received.ms, 0.99)),
            "disk": log.machine["disk"],
            "memory": log.machine["memory"],
            "certificate": log.machine["certificate"],
            "store age": float(log.day - log.fresh),
            "unscored": float(np.isnan(log.scores[asked]).mean()) if asked.any() else np.nan,
        }

    def _model(self, log: Log) -> dict[str, float]:
        held = np.zeros(len(log.scores), bool)
        held[log.held] = True
        scored = np.isfinite(log.scores)
        different = np.abs(log.X - log.again) > 1e-3 * (1 + np.abs(log.again))
        fresh = log.fresh == log.day
        return {
            "skew": float(different.any(axis=1).mean()) if fresh else np.nan,
            "golden": _otherwise(log.expected, log.golden),
            "held above rest": _lead(log.scores, held & scored, ~held & scored),
            "psi": self._psi(log.X),
        }

    def _psi(self, X: np.ndarray) -> float:
        """The greatest index of the last seven days, without the weekend, which comes by itself."""
        if not self._edges:
            return np.nan
        columns = zip(np.nan_to_num(X).T, self._edges, strict=True)
        self._spread.append([shares(column, edges) for column, edges in columns])
        weeks = [np.mean(days, axis=0) for days in zip(*self._spread[-WEEK:], strict=True)]
        index = [float(psi_of(ref, now)) for ref, now in zip(self._shares, weeks, strict=True)]
        return max(np.delete(index, WEEKEND))

    def _people(self, log: Log) -> dict[str, float]:
        checked = log.second >= 0
        wrong = int((log.second[checked] != log.verdict[checked]).sum())
        frauds = int((log.second == 1).sum())
        self._checked.append((wrong, frauds))
        self._late.append(int(log.filed.sum()))
        self._filed.append(log.filed)
        self._requests.append(len(log.received))
        self._found.append((int(log.verdict.sum()), len(log.looked)))
        filed = np.concatenate(self._filed[-3:])
        found, looked = np.sum(self._found[-WEEK:], axis=0)
        return {
            "not looked into": 1 - len(log.looked) / len(log.held) if len(log.held) else np.nan,
            "second look": float(np.sum([w for w, _ in self._checked[-3:]])),
            "labels filed": float(len(filed)),
            "fraud in file": float(filed.mean()) if len(filed) else np.nan,
            "reviews changed": float(abs(log.reviews - self.reviews)),
            "chargebacks": 1e4 * sum(self._late[-WEEK:]) / sum(self._requests[-WEEK:]),
            "finds": found / looked if looked else np.nan,
            "no heartbeat": float(not self.heartbeat),
        }


def _repeated(seen) -> float:
    """The share of payments that are alike in stamp, customer, till and amount to one before."""
    parts = np.column_stack((seen.second, seen.customer, seen.terminal, np.nan_to_num(seen.amount)))
    parts = parts[np.lexsort(parts.T)]
    return float((parts[1:] == parts[:-1]).all(axis=1).mean())


def _otherwise(expected: np.ndarray, answers: np.ndarray) -> float:
    """The greatest difference between two answers to one known request."""
    return float(np.abs(expected - answers).max()) if len(answers) else np.nan


def _lead(scores: np.ndarray, held: np.ndarray, rest: np.ndarray) -> float:
    if not held.any() or not rest.any():
        return np.nan
    return float(scores[held].mean() - scores[rest].mean())
