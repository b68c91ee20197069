"""A ridge regression on pixels that finds objects: the baseline of nets of boxes."""

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.linear_model import RidgeCV

from bineural.detection.coding import N_CODED

_GRID = 6, 6
_STRENGTHS = np.logspace(0, 6, 13)


class BoxRidge(RegressorMixin, BaseEstimator):
    """Ridge regressions of what says where objects are, their strength chosen by leaving one image out.

    Where each image has one object, its edges and (as 0 and 1) its label are regressed on the pixels.
    Otherwise a grid of 6 by 6 cells is laid over the image, and for each cell it is regressed whether it
    holds the centre of an object, and of which label; the box is the mean box of that cell in training.

    Parameters
    ----------
    fit_intercept : bool
        The regressions have an intercept in any case.
    """

    def __init__(self, fit_intercept=True):
        self.fit_intercept = fit_intercept

    def fit(self, X, y, sample_weight=None):
        """Fit to float64 (n_images, n_pixels) and coded boxes (n_images, N_CODED * most)."""
        coded = np.asarray(y).reshape(len(y), -1, N_CODED)
        self.most_, there = coded.shape[1], coded[..., 0] >= 0
        self.labels_ = np.unique(coded[there][:, 0])
        self.single_ = bool((there.sum(axis=1) == 1).all())
        targets = self._edges(coded) if self.single_ else self._cells(coded, there)
        self.ridge_ = RidgeCV(_STRENGTHS).fit(X, targets, sample_weight)
        return self

    def predict(self, X):
        """Predict coded boxes: float64 (n_images, N_CODED * most)."""
        answers = np.asarray(self.ridge_.predict(X)).reshape(len(X), -1)
        n_labels = len(self.labels_)
        if self.single_:
            edges, shares = answers[:, None, :4], answers[:, None, 4:]
            scores = np.clip(shares.max(axis=-1), 0, 1)
        else:
            shares = answers.reshape(len(X), len(self.boxes_), n_labels)
            scores = np.clip(shares.max(axis=-1), 0, 1)
            edges = np.broadcast_to(self.boxes_, (*scores.shape, 4))
        labels = self.labels_[shares.argmax(axis=-1)]
        rows = np.concatenate([labels[..., None], np.clip(edges, 0, 1), scores[..., None]], axis=-1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, : self.most_]
        coded = np.zeros((len(X), self.most_, N_CODED))
        coded[..., 0] = -1
        coded[:, : best.shape[1]] = np.take_along_axis(rows, best[..., None], axis=1)
        coded[coded[..., 5] <= 0] = [-1, 0, 0, 0, 0, 0]
        return coded.reshape(len(X), -1)

    def _edges(self, coded):
        return np.hstack([coded[:, 0, 1:5], coded[:, :1, 0] == self.labels_])

    def _cells(self, coded, there):
        """Return for each image whether a cell holds an object of a label: (n_images, n_cells * n_labels)."""
        images, places = np.nonzero(there)
        rows = coded[images, places]
        down, across = (
            np.clip((rows[:, k] + rows[:, k + 2]) / 2 * n, 0, n - 1).astype(int)
            for k, n in ((2, _GRID[0]), (1, _GRID[1]))
        )
        cells = down * _GRID[1] + across
        known = np.unique(cells)
        self.boxes_ = np.array([rows[cells == cell, 1:5].mean(axis=0) for cell in known])
        holds = np.zeros((len(coded), len(known), len(self.labels_)))
        holds[images, np.searchsorted(known, cells), np.searchsorted(self.labels_, rows[:, 0])] = 1
        return holds.reshape(len(coded), -1)
