"""EASE: a linear model from items to items, solved in one step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import linalg, sparse

from .table import Table


class Ease:
    """Scores an item by a weighted sum over the history, with weights that reproduce histories.

    The weights minimise the squared error of rebuilding each history from the rest of it, with
    a diagonal of zeros, so that no item explains itself. Steck (2019), "Embarrassingly shallow
    autoencoders for sparse data", WWW, https://arxiv.org/abs/1905.03375.
    """

    @classmethod
    def fit(cls, table: Table, regularization: float = 300.0) -> Ease:
        """regularization: Steck's lambda, above 0; larger for sparser data.

        Memory grows with the square of the number of items: three matrices of 8 bytes a cell.
        Raises ValueError for a regularization that is not above 0.
        """
        if not regularization > 0:
            raise ValueError(f"regularization must be above 0, not {regularization!r}")
        gram = (table.matrix.T @ table.matrix).toarray().astype(np.float64)
        gram[np.diag_indices_from(gram)] += regularization
        inverse = linalg.lapack.dpotri(linalg.cholesky(gram, overwrite_a=True), overwrite_c=True)[0]
        inverse = np.triu(inverse) + np.triu(inverse, 1).T  # LAPACK fills the upper half
        model = cls()
        model.weights = inverse / -np.diag(inverse)
        np.fill_diagonal(model.weights, 0.0)
        return model

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """A score for each item, one row a history (users in rows, items in columns)."""
        return np.asarray(histories @ self.weights)

    def export(self, folder: str | Path, table: Table) -> Path:
        """Write what serving needs: items.npz with ids, vectors and what is popular.

        An item's vector is its column of weights, a history's has ones at the places of its items.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        columns = self.weights.T.astype(np.float32)
        best = table.items[np.argsort(-table.popularity, kind="stable")]
        np.savez(folder / "items.npz", ids=table.items, vectors=columns, popular=best)
        return folder
