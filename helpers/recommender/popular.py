"""The baseline that every recommender has to beat: what most people took."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .table import Table


class MostPopular:
    """Ranks items by how many users have met them, the same for everybody."""

    @classmethod
    def fit(cls, table: Table) -> MostPopular:
        """Count."""
        model = cls()
        model.count = table.popularity
        return model

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """A score for each item, one row a history (users in rows, items in columns)."""
        return np.tile(self.count, (histories.shape[0], 1))
