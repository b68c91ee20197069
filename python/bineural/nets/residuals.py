"""Fitted values and residuals of a net, of the rows that it was fitted to."""

from __future__ import annotations

import numpy as np
from sklearn.utils.validation import check_is_fitted

from bineural._typing import Floats
from bineural.errors import InputError
from bineural.inputs.outcomes import plain_values
from bineural.tables.batches import is_stream


class NetResiduals:
    """Fitted values and residuals, from the rows that the session still holds."""

    def fitted_values(self) -> Floats:
        """Return the predictions for the rows that the net was fitted to.

        Returns
        -------
        ndarray of float64, shape (n_rows,) or (n_rows, n_outputs)
            Means of the outcome (or its quantiles); of two classes the probability of the event, of several
            those of all, in the order of `classes_`. They flatter a net: see `compare_models`.

        Raises
        ------
        InputError
            If the net comes from a file, or its rows came in batches.
        """
        return self._fitted_and_truth()[0]

    def residuals(self) -> Floats:
        """Return the outcome less the fitted values, row by row.

        Returns
        -------
        ndarray of float64, shape (n_rows,) or (n_rows, n_outputs)
            In the outcome's units; of classes 1 where the row has the class, else 0, less its probability.

        Raises
        ------
        InputError
            As for `fitted_values`.
        """
        fitted, truth = self._fitted_and_truth()
        return truth - fitted

    def _fitted_and_truth(self):
        check_is_fitted(self)
        X, y = getattr(self, "_fitted_rows", (None, None))
        if X is None or y is None or is_stream(X):
            raise InputError(
                "Fitted values and residuals need the training rows.",
                "The net comes from a file, or its rows came in batches; neither holds data.",
                "Predict the rows, and subtract.",
            )
        y = np.asarray(plain_values(y))
        if not hasattr(self, "classes_"):
            fitted = np.asarray(self.predict(X), dtype=np.float64)
            truth = np.asarray(y, dtype=np.float64)
            return fitted, truth[:, None] if truth.ndim < fitted.ndim else truth
        probability = self.predict_proba(X)
        if len(self.classes_) == 2:
            position = self.event_position_
            return probability[:, position], (y == self.classes_[position]).astype(np.float64)
        return probability, (y[:, None] == np.asarray(self.classes_)[None, :]).astype(np.float64)
