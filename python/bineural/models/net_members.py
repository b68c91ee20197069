"""A deep ensemble: one net trained from several seeds as one stack; the mean predicts, the spread is kept.

Reference: Lakshminarayanan et al. (2017). Simple and scalable predictive uncertainty estimation using deep
ensembles. NeurIPS 30.
"""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from bineural.errors import InputError
from bineural.tables.rows import count_rows


class Members:
    """Predictions of a net that may be an ensemble: `members_` holds the weights of each member, if so."""

    def _members(self):
        return getattr(self, "members_", None) or [self.weights_]

    def _predictions(self, prepared):
        """Return each member's predictions, (n_members, n_rows) or (n_members, n_rows, n_classes)."""
        return np.stack([self._from_output(self._outputs(prepared, w)) for w in self._members()])

    def predict_spread(self, X):
        """Predict how far the members of an ensemble lie apart.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)

        Returns
        -------
        ndarray of float64, shape (n_rows,) or (n_rows, n_classes)
            SD over members (n-1) of what `predict` or `predict_proba` gives the mean of.

        Raises
        ------
        InputError
            If the net is no ensemble.
        """
        check_is_fitted(self)
        if len(self._members()) < 2:
            raise InputError(
                "A spread must come from several members.",
                "This net has one.",
                "Fit it with ensemble=20, for example.",
            )
        prepared = self._prepare(X)
        return self._spread(self._predictions(prepared).std(axis=0, ddof=1), prepared, count_rows(X))

    def _keep_trained(self, trained):
        """Keep the weights and histories of one net, or of every member."""
        first = trained[0]
        self.weights_, self.history_ = first.weights, first.history
        self.n_epochs_ = self.n_iter_ = first.epochs_run
        self.best_epoch_ = first.best_epoch
        self.members_ = [t.weights for t in trained] if len(trained) > 1 else None
        self.histories_ = [t.history for t in trained] if len(trained) > 1 else None


def train_members(plan, n_members, inputs, y, rows, watch, weights, seed, **options):
    """Train the members of an ensemble as one stack.

    Parameters
    ----------
    plan : Blueprint
    n_members : int
    inputs, y : arrays of all rows
    rows, watch : ndarray of int
        Rows trained on and rows watched, the same for all members.
    weights : ndarray or None
        Row weights.
    seed : int
        Member i has the seed of its own stream i.
    **options
        Of `train_stack`.

    Returns
    -------
    list of Trained
    """
    from bineural.training import stream_seed, train_stack

    return train_stack(
        plan,
        inputs,
        y,
        seeds=[stream_seed(seed, "member", i) for i in range(n_members)],
        rows=[rows] * n_members,
        validation=[watch] * n_members if len(watch) else None,
        row_weights=weights,
        **options,
    )
