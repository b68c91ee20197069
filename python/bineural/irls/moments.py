"""What a pass keeps of weighted rows: their cross-product, or the triangle of their QR factor.

Both take blocks of predictors with the root of the working weight and the weighted residual of each row, and
both count columns as (intercept, predictors, residual).
"""

import numpy as np

from .solve import triangle_from_gram, triangle_from_rows


class CrossProduct:
    """Sum of cross-products: fast, and exact to about 11 digits while columns are far from dependent.

    Parameters
    ----------
    design : Design
    """

    def __init__(self, design):
        self.design = design
        n_features, n_edge = design.n_features, 1 + design.intercept
        self.scaled = design.buffer(n_features)
        self.edge = np.empty((len(self.scaled), n_edge), order="F")  # root of the weight, residual
        self.core = np.zeros((n_features, n_features))
        self.side = np.zeros((n_edge, n_features))
        self.corner = np.zeros((n_edge, n_edge))

    def add(self, x, root, residual):
        """Add the rows of one block."""
        scaled, edge = self.scaled[: len(x)], self.edge[: len(x)]
        np.multiply(x, root[:, None], out=scaled)
        if self.design.intercept:
            edge[:, 0] = root
        edge[:, -1] = residual
        self.core += scaled.T @ scaled
        self.side += edge.T @ scaled
        self.corner += edge.T @ edge

    def value(self):
        """Give the cross-product, shape (n_columns + 1, n_columns + 1)."""
        k, first = self.design.n_columns, int(self.design.intercept)
        whole, ends = np.empty((k + 1, k + 1)), [0, k][1 - first :]
        whole[first:k, first:k] = self.core
        whole[np.ix_(ends, range(first, k))] = self.side
        whole[np.ix_(range(first, k), ends)] = self.side.T
        whole[np.ix_(ends, ends)] = self.corner
        return whole

    @staticmethod
    def join(parts):
        """Factor the sum of several values; None when digits would be lost."""
        gram = parts[0] if len(parts) == 1 else np.sum(parts, axis=0)
        return triangle_from_gram(gram) if np.isfinite(gram).all() else None


class Score:
    """Product of the weighted rows and residuals, without their cross-product.

    Parameters
    ----------
    design : Design
    """

    def __init__(self, design):
        self.design, self.total = design, np.zeros(design.n_columns)

    def add(self, x, root, residual):
        """Add the rows of one block."""
        first, pull = int(self.design.intercept), root * residual
        self.total[first:] += pull @ x
        if first:
            self.total[0] += pull.sum()

    def value(self):
        """Give the score, shape (n_columns,)."""
        return self.total

    @staticmethod
    def join(parts):
        """Give the score of all stretches."""
        return np.sum(parts, axis=0)


class Reflections:
    """Triangle of the QR factor, block by block: exact, several times slower.

    Parameters
    ----------
    design : Design
    """

    def __init__(self, design):
        self.design, self.triangle = design, None
        self.buffer = design.buffer(design.n_columns + 1)

    def add(self, x, root, residual):
        """Add the rows of one block."""
        part, first = self.buffer[: len(x)], int(self.design.intercept)
        if first:
            part[:, 0] = root
        np.multiply(x, root[:, None], out=part[:, first:-1])
        part[:, -1] = residual
        self.triangle = np.linalg.qr(
            part if self.triangle is None else np.vstack([self.triangle, part]), mode="r"
        )

    def value(self):
        """Give the triangle, shape (n_columns + 1, n_columns + 1)."""
        k = self.design.n_columns + 1
        triangle = np.zeros((0, k)) if self.triangle is None else self.triangle
        return np.vstack([triangle, np.zeros((k - len(triangle), k))])

    @staticmethod
    def join(parts):
        """Give the triangle of several stacked triangles."""
        return parts[0] if len(parts) == 1 else triangle_from_rows(np.vstack(parts))
