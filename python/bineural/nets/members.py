"""A deep ensemble: one net trained from several seeds as one stack; the mean predicts, the spread is kept.

Reference: Lakshminarayanan et al. (2017). Simple and scalable predictive uncertainty estimation using deep
ensembles. NeurIPS 30.
"""

from typing import NamedTuple

import numpy as np
from sklearn.utils.validation import check_is_fitted

from bineural.errors import InputError
from bineural.tables.rows import count_rows

# Members of the default net on a small table, and up to how many rows a table is small;
# benchmarks/bench_defaults.py says what speaks for five.
MEMBERS, SMALL = 5, 10_000


class Members:
    """Predictions of a net that may be an ensemble: `members_` holds the weights of each member, if so."""

    def _members(self):
        return getattr(self, "members_", None) or [self.weights_]

    def _seeds(self, n_rows):
        """Return the seed of each member: the net's own for one, else one of its streams for each."""
        from bineural.training import stream_seed

        k = self.ensemble_ = self._count_members(n_rows)
        return [self.seed_] if k == 1 else [stream_seed(self.seed_, "member", i) for i in range(k)]

    def _count_members(self, n_rows):
        """Return how many members there are to be, by `ensemble` or by its rule."""
        if self.ensemble is not None:
            return int(self.ensemble)
        by_rule = isinstance(self.architecture, str) and self.architecture == "skip" and n_rows <= SMALL
        return MEMBERS if by_rule and self.checkpoint is None and not self.callbacks else 1

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

    def _keep_trained(self, trained, interrupted=False):
        """Keep the weights and histories of one net, or of every member."""
        self.interrupted_ = interrupted
        first = trained[0]
        self.weights_, self.history_ = first.weights, first.history
        self.n_epochs_ = self.n_iter_ = first.epochs_run
        self.best_epoch_, self.how_, self.why_alone_ = first.best_epoch, first.how, first.why
        self.members_ = [t.weights for t in trained] if len(trained) > 1 else None
        self.histories_ = [t.history for t in trained] if len(trained) > 1 else None


class Job(NamedTuple):
    """One net, or one ensemble, to be trained: a replica for each of its seeds."""

    plan: object
    inputs: object
    y: object
    weights: object
    train: object
    watch: object
    seeds: list
    learning_rate: object
    rates: dict
    options: dict
    checkpoint: object = None


def diverged_loss(net):
    """Return the training loss that is not finite of a fitted net or one of its members, or None."""
    losses = [loss for history in net.histories_ or [net.history_] for loss in history["loss"]]
    return next((loss for loss in losses if not np.isfinite(loss)), None)


def train_job(job, progress=None, diverged="raise"):
    """Train a job by itself, reporting to `net_progress.Bar`; return a `Trained` for each seed."""
    from bineural.training import train_net, train_stack
    from bineural.training.rows import some_rows

    n, (inputs, y, weights, train, watch) = len(job.seeds), job[1:6]
    common = {"learning_rate": job.learning_rate, **job.rates, **job.options}
    common |= {"checkpoint": job.checkpoint, "diverged": diverged}
    if n > 1:
        watched = [watch] * n if len(watch) else None
        rows = {"rows": [train] * n, "validation": watched, "row_weights": weights}
        shown = {} if progress is None else {"progress": progress.stack, "compiling": progress.compiling}
        names = [f"member {i + 1}" for i in range(n)]
        return train_stack(job.plan, inputs, y, seeds=job.seeds, names=names, **shown, **rows, **common)
    pick = lambda rows: None if weights is None else weights[rows]  # noqa: E731
    validation = (some_rows(inputs, watch), y[watch], pick(watch)) if len(watch) else None
    shown = None if progress is None else progress.one
    common |= {"sample_weight": pick(train), "validation": validation, "progress": shown}
    return [train_net(job.plan, some_rows(inputs, train), y[train], seed=job.seeds[0], **common)]
