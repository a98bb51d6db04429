"""Implicit ALS: users and items as short vectors whose product says how well they match."""

from __future__ import annotations

import numpy as np
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

from .table import Table


class ImplicitALS:
    """Matrix factorisation for implicit feedback, by alternating least squares.

    Every pair counts: those that met should come to 1 with a confidence of 1 + alpha * value, all
    others to 0 with a confidence of 1. Hu, Koren and Volinsky (2008), "Collaborative filtering for
    implicit feedback datasets", ICDM. A user's vector follows from the history, so that people who
    came after the training have one too.
    """

    @classmethod
    def fit(
        cls,
        table: Table,
        factors: int = 64,
        regularization: float = 30.0,
        alpha: float = 2.0,
        iterations: int = 8,
        seed: int = 0,
    ) -> ImplicitALS:
        """factors: length of a vector; regularization, alpha: see the class; all above 0.

        Raises ValueError for a value that is not above 0.
        """
        if min(factors, regularization, alpha, iterations) <= 0:
            raise ValueError("factors, regularization, alpha and iterations must be above 0")
        model = cls()
        model.regularization, model.alpha = regularization, alpha
        rng = np.random.default_rng(seed)
        model.items = rng.normal(0, 0.1, (len(table.items), factors)).astype(np.float32)
        by_item = table.matrix.T.tocsr()
        for _ in range(iterations):
            users = model.solve(table.matrix, model.items)
            model.items = model.solve(by_item, users)
        return model

    def solve(self, matrix: sparse.csr_matrix, fixed: np.ndarray) -> np.ndarray:
        """The vectors of the matrix's rows that fit best to the `fixed` ones of its columns."""
        rows, factors = matrix.shape[0], fixed.shape[1]
        found = np.zeros((rows, factors), dtype=np.float32)
        everywhere = fixed.T @ fixed + self.regularization * np.eye(factors, dtype=np.float32)
        extra = self.alpha * matrix.data.astype(np.float32)
        with threadpool_limits(1):  # threads cost five times what they gain on matrices so small
            for row in range(rows):
                cells = slice(matrix.indptr[row], matrix.indptr[row + 1])
                near, weight = fixed[matrix.indices[cells]], extra[cells]
                if len(near):
                    left = everywhere + (near.T * weight) @ near
                    found[row] = linalg.lapack.sposv(left, (1 + weight) @ near)[1]
        return found

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """A score for each item, one row a history (users in rows, items in columns)."""
        return self.solve(histories, self.items) @ self.items.T
