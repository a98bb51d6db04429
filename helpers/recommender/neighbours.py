"""Who took this took that: items are neighbours where the same users met them."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .table import Table


class ItemNeighbours:
    """Scores an item by its likeness to the items of a history.

    Likeness is the cosine, damped: two items that met few users look alike by chance. Sarwar,
    Karypis, Konstan and Riedl (2001), "Item-based collaborative filtering recommendation
    algorithms", WWW; the damping as in Bell and Koren (2007), KDD Cup workshop.
    """

    @classmethod
    def fit(cls, table: Table, neighbours: int = 100, damping: float = 10.0) -> ItemNeighbours:
        """neighbours: how many an item keeps; damping: added to the denominator, 0 is the cosine.

        Raises ValueError for neighbours below 1 or a negative damping.
        """
        if neighbours < 1 or damping < 0:
            raise ValueError("neighbours must be 1 or more, and damping 0 or more")
        matrix = table.matrix.astype(np.float64)
        together = (matrix.T @ matrix).tocsr()
        length = np.sqrt(together.diagonal())
        together.setdiag(0)
        together.eliminate_zeros()
        row = np.repeat(np.arange(len(length)), np.diff(together.indptr))
        together.data /= length[row] * length[together.indices] + damping
        model = cls()
        model.likeness = _nearest(together, neighbours)
        return model

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """A score for each item, one row a history (users in rows, items in columns)."""
        return (histories @ self.likeness).toarray()


def _nearest(likeness: sparse.csr_matrix, count: int) -> sparse.csr_matrix:
    """Keep in each row the `count` largest; turned round, so that columns are what is scored."""
    for row in range(likeness.shape[0]):
        cells = likeness.data[likeness.indptr[row] : likeness.indptr[row + 1]]
        if len(cells) > count:
            cells[np.argpartition(-cells, count)[count:]] = 0.0
    likeness.eliminate_zeros()
    return likeness.T.tocsr()
