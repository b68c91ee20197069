"""What is compared, in one form: whatever can be fitted to some rows and asked about others.

An entrant answers `predict_out(basis, draws, run)`: its predictions for the test rows of every resample,
each from a fit to that resample's training rows alone. The kinds stand in files of their own:
`own_entrants.py`, `estimator_entrants.py`, `function_entrants.py`, `average_entrants.py`.
"""

import contextlib
import warnings

import numpy as np

from bineural.comparing.answers import Answer, NotFiniteError
from bineural.data.pictures import Pictures
from bineural.data.sequences import Sequences
from bineural.errors import FailedFitWarning, InputError, InterruptedWarning
from bineural.inputs.kinds import find_input
from bineural.inputs.text_rows import holds_texts
from bineural.messages import naming, warn
from bineural.tables.frames import is_frame
from bineural.tables.rows import count_rows, take_rows

_FAILED = ("ConvergenceWarning", "PerfectSeparationWarning")
_FAILED_IN_R = ("algorithm did not converge", "fitted probabilities numerically 0 or 1")


class Entrant:
    """Parent of all: fits one resample at a time by `_fit_predict`."""

    kind = "model"
    random = False  # whether another draw (seed) gives another fit
    parallel = True
    is_linear = False  # whether it is a baseline: a GLM, or a linear model in its place
    prepares = False  # whether the columns of the formula, and no others, are used
    gets_all = False  # whether every column is given to it as it is, whatever the formula
    remedy = ""  # what to try when fits fail but give predictions
    failing = None  # what to try when code that is not ours fails; None for models of ours

    def __init__(self, name, model=None):
        self.name, self.model = name, model
        self.told = {}  # what is told of the fits: how nets were run, what was tuned
        self.logits = None  # as the predictions, where the model has any
        self.failures = {}  # (resample, draw) to why that fit is no model of its rows
        self.advice = None  # what to try about them; None for `remedy`

    def renamed(self, name):
        """Return it under another name."""
        self.name = name
        return self

    def describe(self):
        """Say in a line what is fitted."""
        return repr(self.model)

    def identity(self, basis):
        """Return what this model's fits depend on, beside rows, folds and seed; see `tables/identity.py`."""
        return [self.kind, self.model]

    def predict_out(self, basis, draws, run):
        """Predict the test rows of every resample.

        Parameters
        ----------
        basis : Basis
        draws : int
            Fits to each training set, with other seeds; one for an entrant that is not random.
        run : Run
            Runs the fits, in parallel where it can, and shows progress.

        Returns
        -------
        ndarray of float64, shape (draws, n_out) or (draws, n_out, n_classes)
            In the order of `basis.rows`.
        """
        draws = draws if self.random else 1
        jobs = [(k, d) for d in range(draws) for k in range(len(basis.sets))]
        return self.keep(run.each(self, basis, jobs), jobs, basis)

    def keep(self, answers, jobs, basis):
        """Return the predictions of all fits as `predict_out` does; keep logits, failures and notes."""
        n = len(basis.sets)
        self.failures = {job: answer.failure for job, answer in zip(jobs, answers) if answer.failure}
        self.advice = next((answer.advice for answer in answers if answer.advice), None)
        notes = [answer.note for answer in answers if answer.note]
        for what in dict.fromkeys(name for note in notes for name in note):
            self.told[what] = [note[what] for note in notes if note.get(what) is not None]

        def stacked(parts):
            return np.stack([np.concatenate(parts[start : start + n]) for start in range(0, len(parts), n)])

        known = all(answer.logit is not None for answer in answers)
        self.logits = stacked([answer.logit for answer in answers]) if known else None
        return stacked([answer.prediction for answer in answers])

    def fit_predict(self, basis, k, draw):
        """Fit to the training rows of resample `k`; return the `Answer` for its test rows."""
        resample = basis.sets[k]
        with naming(f"{self.name}, resample {k + 1}"):
            try:
                seed = basis.seed_of(self.name, k, draw)
                if self.failing is None:
                    return Answer.of(self._fit_predict(basis, resample.train, resample.test, seed))
                with _complaints() as failures:
                    answer = Answer.of(self._fit_predict(basis, resample.train, resample.test, seed))
                return answer._replace(failure=failures[0]) if failures else answer
            except NotFiniteError as error:
                advice = error.hint if self.failing else None
                return stand_in(basis, resample, Answer(None, failure=error.failure, advice=advice))
            except InputError:
                raise
            except Exception as error:
                if self.failing is None:
                    raise
                must = "A model must be able to fit and predict in every fold."
                raise InputError(must, _said(error), self.failing) from error


def stand_in(basis, resample, answer):
    """Put the null model's predictions into an `Answer` that gives none for a resample's test rows."""
    warn(FailedFitWarning, f"{answer.failure}: the null model's predictions stand in.")
    failure = answer.failure[:1].lower() + answer.failure[1:]
    null = Null("null") if basis.null is None else basis.null
    prediction = Answer.of(null._fit_predict(basis, resample.train, resample.test, 1)).prediction
    return answer._replace(prediction=prediction, failure=failure)


class Null(Entrant):
    """The model that knows no predictor: the training rows' share of each class, or their mean.

    Of an objective that a net asks for by name it is what that predicts of all rows, quantiles for example.
    Numbers that have an offset in the formulas of all models (`terms`) are of a mean rate, or less that.
    """

    kind = "null"
    parallel = False  # no process starts as fast as a mean is taken
    terms = None

    def describe(self):
        """Say in a line what is fitted."""
        return "mean of the training rows, no predictor" + f", {self.terms}" * bool(self.terms)

    def _fit_predict(self, basis, train, test, seed):
        truth = basis.truth[train]
        weights = None if basis.weights is None else basis.weights[train]
        if basis.task == "multiclass":
            shares = np.bincount(truth, weights, minlength=len(basis.classes))
            return np.tile(shares / shares.sum(), (len(test), 1))
        constant = getattr(basis.objective, "constant", None) or _weighted_mean
        if self.terms is None:
            return np.repeat([constant(truth, weights)], len(test), axis=0)
        known, new = self._offsets(basis, train, test)
        if basis.objective.link != "log":
            return constant(truth - known, weights) + _beside(new, basis)
        known, new = np.exp(known), np.exp(new)  # the mean of rates, each as much as it was exposed
        return constant(truth / known, known if weights is None else known * weights) * _beside(new, basis)

    def _offsets(self, basis, train, test):
        from bineural.inputs.preparation import Preparation

        preparation, X = Preparation(self.terms), basis.problem.X
        known = preparation.fit_transform(take_rows(X, train), outcome=list(basis.problem.exclude))
        return known.offset, preparation.transform(take_rows(X, test)).offset


def _weighted_mean(truth, weights):
    return np.average(truth, weights=weights)


def _beside(values, basis):
    """Return values of rows so that they go with as many columns as are predicted."""
    return values[:, None] if basis.columns else values


@contextlib.contextmanager
def _complaints():
    """Let warnings through; yields a list that gets what says that a fit failed.

    scikit-learn's nets that stop at their last epoch complain too; that is a setting, and no failure.
    """
    failures = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield failures
    for entry in caught:
        if issubclass(entry.category, InterruptedWarning):  # Ctrl-C, after which a fit within went on
            raise KeyboardInterrupt
        warnings.warn_explicit(entry.message, entry.category, entry.filename, entry.lineno)
        text = str(entry.message).partition("\n")[0]
        failed = entry.category.__name__ in _FAILED or any(words in text for words in _FAILED_IN_R)
        if failed and "Stochastic Optimizer" not in text:
            failures.append(text.rstrip(":. "))


def _said(error):
    kind = "" if type(error) is RuntimeError else f"{type(error).__name__}: "  # R's errors are RuntimeErrors
    return f"{kind}{' '.join(str(error).split())[:300].removesuffix('.')}."


def flat_rows(X, new):
    """Return training rows of more than one dimension as plain rows, pixels as columns, and others alike.

    Pictures are brought to the size of the training rows; of sequences the summaries are the columns, those
    that a GLM gets.
    """
    if holds_texts(X):
        return tfidf_rows(X, new)
    if isinstance(X, Sequences):
        learnt, _ = find_input("sequence").learn(X, scaling=False)
        return learnt.baseline_columns(X), learnt.baseline_columns(new)
    if isinstance(X, Pictures):
        learnt, prepared = find_input("image").learn(X, scaling=False)
        X, new = prepared.inputs, learnt.apply(new).inputs
    return _flat(X), _flat(new)


def tfidf_rows(X, new, **options):
    """Return the tf-idf of training texts and of others, as scipy.sparse matrices; see `TfidfInput.learn`."""
    learnt, prepared = find_input("tfidf").learn(X, **options)
    return prepared.inputs, learnt.apply(new).inputs


def _flat(X):
    if is_frame(X) or getattr(X, "ndim", 2) <= 2:
        return X
    return np.asarray(X, dtype=np.float64).reshape(count_rows(X), -1)
