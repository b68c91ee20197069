"""One logistic GLM fitted again and again: to folds, to permuted outcomes, to bootstrap samples.

Where the preparation learns nothing that depends on the rows (plain columns, factors whose levels every
sample has), the design is made once and all fits run as one batch. Where it does (`ns`, `poly`, `scale`, a
level that a sample lacks), it is learnt anew from the rows of each fit, as `fit_glm` would.
"""

import warnings

import numpy as np

from bineural import irls
from bineural.errors import BineuralWarning, InputError, OutcomeError
from bineural.glm.estimators import GLMClassifier
from bineural.inputs.preparation import Preparation
from bineural.inputs.problem import is_classification, read_problem
from bineural.irls.links import LINKS
from bineural.measures.ordering import ordered
from bineural.messages import listed
from bineural.tables.rows import take_rows

_ROUNDED = 15.0  # linear predictors from here may have probabilities that are rounded to the same
BLOCK_VALUES = 2_000_000  # probabilities that callers should ask for at once: 16 MB


class GLMRefits:
    """The rows of a logistic GLM, ready to be fitted again.

    Parameters
    ----------
    formula, data, event
        As for `fit_glm`.

    Attributes
    ----------
    y : ndarray of float64, shape (n_rows,)
        1 where the event happened.
    labels : ndarray, shape (n_rows,)
        The outcome as given.
    event : label
    n_rows, n_events : int
    at_once : bool
        Whether the fits run as one batch.
    n_fits, n_penalised : int
        Fits so far, and those where the classes are separated or maximum likelihood does not converge: a
        ridge whose strength is chosen within the sample stands in for it, as with ``penalty="auto"``.

    Raises
    ------
    InputError
        If formula, columns or outcome cannot be used, or a class has fewer than two rows.
    """

    def __init__(self, formula, data, event):
        problem = read_problem(formula, data)
        known = is_classification(problem.y, event)
        model = problem.ready(GLMClassifier(event=event))
        if not known:
            raise OutcomeError(
                "The outcome must have two classes, one of them named by `event`.",
                f"Its values are such as {listed(list(np.unique(np.asarray(problem.y)))[:3])}.",
                "Name the event, as in event='yes'.",
            )
        try:
            training = model._begin_fit(
                problem.X, problem.y, None, None, problem.exclude, categories="contrast", contrasts=None
            )
        except InputError as error:
            if "missing=" not in error.hint:
                raise
            hint = "Leave those rows out of `data` first."
            raise type(error)(error.must, error.found, hint) from error
        self._check_classes(model)
        self.y = (training.y == model.event_position_).astype(np.float64)
        self.labels, self.event = model.classes_[training.y], model.event_
        self.n_rows, self.n_events = len(self.y), int(self.y.sum())
        self._x = model._check_columns(problem.X, reset=False)
        self._terms, self._exclude = model.formula, list(problem.exclude)
        self._matrix, self._offset = training.matrix, training.offset
        self._intercept = model.preparation_.intercept_
        self.at_once = not model.preparation_._design.calls
        self.n_fits = self.n_penalised = 0
        self._rank = self._count_known(np.ones((1, self.n_rows)), self.y) if self.at_once else None

    def answers(self, counts, y=None):
        """Fit to many samples of the rows and predict all rows by each fit.

        Parameters
        ----------
        counts : ndarray of int or float64, shape (n_fits, n_rows)
            How often each row is in the sample of each fit; both classes must be there.
        y : ndarray of float64, shape (n_fits, n_rows), optional
            Another outcome for each fit.

        Returns
        -------
        probability : ndarray of float64, shape (n_fits, n_rows)
            Of the event.
        order : ndarray of float64, shape (n_fits, n_rows)
            Numbers in the order of the probabilities, without ties by rounding.
        """
        outcomes = np.broadcast_to(self.y, counts.shape) if y is None else y
        link, anew = np.empty(counts.shape), np.arange(len(counts))
        if self.at_once:
            fits = self._fit(counts, self.y if y is None else y)
            coef = fits.coef
            anew = np.flatnonzero(np.isfinite(coef).sum(axis=1) < self._rank)
            for fit in np.setdiff1d(np.flatnonzero(irls.separation_suspected(fits)), anew):
                instead = self._ridge_if_broken(
                    self._matrix,
                    outcomes[fit],
                    counts[fit],
                    self._offset,
                    self._intercept,
                    fits.converged[fit],
                )
                coef[fit] = coef[fit] if instead is None else instead
            link = self._link(coef, self._matrix, self._offset, self._intercept)
        for fit in anew:
            link[fit] = self._fit_anew(counts[fit].astype(np.int64), outcomes[fit])
        self.n_fits += len(counts)
        probability = LINKS["logit"].mean(link)
        order = probability.copy()
        far = np.abs(link).max(axis=1) > _ROUNDED
        for fit in np.flatnonzero(far):
            order[fit] = ordered(probability[fit], link[fit])
        return probability, order

    def _fit(self, counts, y):
        return irls.fit_irls_batched(self._matrix, y, counts, intercept=self._intercept, offset=self._offset)

    def _count_known(self, counts, y):
        return int(np.isfinite(self._fit(counts, y).coef).sum())

    def _ridge_if_broken(self, matrix, y, counts, offset, intercept, converged):
        """Return a ridge's coefficients where maximum likelihood has no finite ones; else None."""
        known = {"intercept": intercept, "weights": np.asarray(counts, dtype=np.float64)}
        if converged and irls.find_separation(matrix, y, **known).kind == "none":
            return None
        self.n_penalised += 1
        return irls.fit_chosen_ridge(matrix, y, offset=offset, **known).coef

    def _fit_anew(self, counts, y):
        """Learn the preparation from the rows of one sample, fit to them, predict all rows."""
        rows = np.repeat(np.arange(self.n_rows), counts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BineuralWarning)  # a level that the sample lacks: average level
            preparation = Preparation(self._terms)
            sample = preparation.fit_transform(take_rows(self._x, rows), outcome=self._exclude)
            whole = preparation.transform(self._x)
        intercept = preparation.intercept_
        fit = irls.fit_irls(sample.matrix, y[rows], intercept=intercept, offset=sample.offset)
        coef = fit.coef
        if irls.separation_suspected(fit):
            kept = np.flatnonzero(counts)
            first = (np.cumsum(counts) - counts)[kept]  # copies are left out together
            offset = None if sample.offset is None else sample.offset[first]
            known = sample.matrix[first], y[kept], counts[kept], offset
            instead = self._ridge_if_broken(*known, intercept, fit.converged)
            coef = coef if instead is None else instead
        return self._link(coef[None], whole.matrix, whole.offset, intercept)[0]

    @staticmethod
    def _link(coef, matrix, offset, intercept):
        coef = np.where(np.isfinite(coef), coef, 0.0)  # aliased columns say nothing
        return irls.predict_link(coef, matrix, offset, intercept=bool(intercept))

    @staticmethod
    def _check_classes(model):
        sizes = dict(zip(model.classes_.tolist(), model.n_class_rows_.tolist()))
        if len(sizes) != 2:
            raise OutcomeError(
                "The outcome must have two classes.",
                f"It has {len(sizes)}: {listed(list(sizes))}.",
                "Keep the rows of two classes, or compare one with the rest in a column of its own.",
            )
        if min(sizes.values()) < 2:
            raise InputError(
                "Each class must have at least two rows.",
                f"The classes have {sizes}.",
                "Nothing can be validated with so few; gather more rows.",
            )
