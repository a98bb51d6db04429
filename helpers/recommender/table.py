"""Interactions as a sparse matrix: users in rows, items in columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

COLUMNS = ("user_id", "item_id")


@dataclass(frozen=True)
class Table:
    """Who has met what. users and items: ids in rising order; matrix: 1 (or value) where they did.

    A pair that occurs more than once counts once, with its largest value.
    """

    users: np.ndarray
    items: np.ndarray
    matrix: sparse.csr_matrix

    @classmethod
    def of(cls, interactions: pd.DataFrame, valued: bool = False) -> Table:
        """The table of a frame with user_id, item_id and, where `valued`, value (0 or more).

        Raises ValueError for a missing column, no rows, a missing id, or a negative value.
        """
        wanted = [*COLUMNS, "value"] if valued else [*COLUMNS]
        missing = [name for name in wanted if name not in interactions]
        if missing:
            raise ValueError(f"interactions have no column {missing[0]!r}")
        if not len(interactions):
            raise ValueError("there are no interactions to learn from")
        if interactions[wanted].isna().any(axis=None):
            raise ValueError("an interaction lacks its user_id, item_id or value")
        row, users = pd.factorize(interactions["user_id"], sort=True)
        column, items = pd.factorize(interactions["item_id"], sort=True)
        value = interactions["value"].to_numpy(dtype=np.float32) if valued else None
        if valued and (value < 0).any():
            raise ValueError("a value is negative; 0 or more is wanted")
        matrix = _largest(row, column, value, (len(users), len(items)))
        return cls(np.asarray(users), np.asarray(items), matrix)

    @property
    def popularity(self) -> np.ndarray:
        """How many users have met each item."""
        return np.bincount(self.matrix.indices, minlength=len(self.items)).astype(float)

    def rows(self, users) -> sparse.csr_matrix:
        """The histories of these users, one row each; a user who is unknown has an empty one."""
        place = places(self.users, users)
        found, known = self.matrix[np.maximum(place, 0)], place >= 0
        kept = np.repeat(known, np.diff(found.indptr))
        indptr = np.r_[0, (np.diff(found.indptr) * known).cumsum()]
        cells = (found.data[kept], found.indices[kept], indptr)
        return sparse.csr_matrix(cells, shape=found.shape)


def places(ids: np.ndarray, wanted) -> np.ndarray:
    """Where each wanted id stands among `ids`, which rise; -1 for one that is not there."""
    return pd.Index(ids).get_indexer(pd.Index(np.asarray(wanted)))


def _largest(row, column, value, shape) -> sparse.csr_matrix:
    """A matrix with one cell for each pair: 1, or the largest of its values."""
    if value is None:
        ones = np.ones(len(row), dtype=np.float32)
        matrix = sparse.csr_matrix((ones, (row, column)), shape=shape)
        matrix.sum_duplicates()
        matrix.data[:] = 1.0
        return matrix
    order = np.lexsort((-value, column, row))
    row, column, value = row[order], column[order], value[order]
    first = np.r_[True, (np.diff(row) != 0) | (np.diff(column) != 0)]
    kept = (value[first], (row[first], column[first]))
    return sparse.csr_matrix(kept, shape=shape)
