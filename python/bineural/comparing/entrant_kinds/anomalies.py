"""Detectors of anomalies in a comparison: labels are for testing alone, and all models learn normal rows.

The outcome says which rows are anomalies (the event). No model gets it: of the training rows of each fold
the anomalies are left out, models are fitted to the rest without labels, and all test rows are ordered by
their scores. That is semi-supervised anomaly detection, or novelty detection.

Reference: Ruff et al. (2021). A unifying review of deep and shallow anomaly detection. Proceedings of the
IEEE 109(5), 756-795.
"""

from dataclasses import replace

import numpy as np

from bineural.comparing.answers import Answer, settle_answer
from bineural.comparing.entrant_kinds.kind import EntrantKind, register_entrant_kind
from bineural.comparing.entrant_kinds.learnt_rows import (
    Coder,
    laid_out,
    learns_rows,
    principal_of,
    refuse_named,
)
from bineural.comparing.entrants import Entrant
from bineural.comparing.estimator_entrants import seeded
from bineural.comparing.row_values import filled, flat, kind_of
from bineural.data.sequences import Sequences
from bineural.errors import InputError
from bineural.measures.row_errors import mean_there
from bineural.messages import near_names
from bineural.nets.objectives.objective import named_objective
from bineural.not_models import called
from bineural.representations.principal import again, fit_pca
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import take_rows

ANOMALIES = "anomalies"  # task of the measures


def have_labels(rows, models):
    """Say whether labels are there beside rows that are learnt themselves."""
    return rows.outcome is not None and any(map(learns_rows, models))


def read_labels(rows, models):
    """Return the rows of a comparison of detectors: without their labels, which are the outcome.

    Parameters
    ----------
    rows : Rows
        With an `outcome`, a column's name or labels, and the `event` that is an anomaly.
    models : list

    Raises
    ------
    InputError
        If the column is not there, or no event is named.
    """
    refuse_named(rows, ("formula", "classes"))
    data, labels = rows.data, rows.outcome
    if isinstance(labels, str):
        names = list(as_frame(data).columns) if is_frame(data) else []
        if labels not in names:
            raise InputError(
                "`outcome` must name the column that says which rows are anomalies, or hold their labels.",
                f"Found {labels!r}.",
                near_names(labels, names) if names else "Pass a label for each row.",
            )
        data = as_frame(data)
        data, labels = data.drop(columns=labels), data[labels]
    if rows.event is None:
        raise InputError(
            "`event` must name the label of anomalies, where autoencoders are compared with an `outcome`.",
            "Found none.",
            "Pass for example event='anomaly'; or leave `outcome` out, and the rows are their own outcome.",
        )
    objective = replace(named_objective("reconstruction"), outcome="classes", task=ANOMALIES, measure="auroc")
    return rows._replace(data=laid_out(data, models), outcome=labels, objective=objective)


class Scorer(Coder):
    """An autoencoder: a row is the more of an anomaly, the lower its `score_samples`."""

    def ask(self, net, basis, resample):
        """Return less the scores of the test rows, as an `Answer`."""
        scores = net.score_samples(take_rows(basis.problem.X, resample.test))
        return Answer(settle_answer(-scores, basis, len(resample.test)))


class _OfValues(Entrant):
    """Parent of those that read rows as values, scaled by normal training rows."""

    def _values(self, basis, train, test):
        """Return values of training and of test rows: float64, (n_rows, n_values) each."""
        X = basis.problem.X
        options = {"max_length": int(X.lengths.max())} if isinstance(X, Sequences) else {}
        exclude = basis.problem.exclude
        learnt, known = kind_of(X).learn(take_rows(X, train), categories="onehot", exclude=exclude, **options)
        return flat(known.inputs), flat(learnt.apply(take_rows(X, test)).inputs)


class PrincipalScores(_OfValues):
    """PCA: a row is the more of an anomaly, the further it lies from the plane of normal rows."""

    kind = "linear"
    is_linear = True

    def __init__(self, n_codes):
        super().__init__("pca", n_codes)

    def describe(self):
        """Say in a line what is fitted."""
        return f"squared error of PCA of {self.model} components, of scaled values"

    def _fit_predict(self, basis, train, test, seed):
        known, new = self._values(basis, train, test)
        squares = (new - again(fit_pca(filled(known), self.model), filled(new))) ** 2
        return settle_answer(mean_there(squares, new), basis, len(test))


class Detector(_OfValues):
    """A detector of scikit-learn's: what has `fit(X)` and `score_samples(X)`, lower scores being unusual."""

    kind = "scikit-learn"
    failing = "It gets scaled values as numbers: see whether it fits them by itself."

    def __init__(self, name, model):
        super().__init__(name, model)
        self.random = any(part.split("__")[-1] == "random_state" for part in model.get_params())

    def describe(self):
        """Say in a line what is fitted."""
        return " ".join(repr(self.model).split())

    def _fit_predict(self, basis, train, test, seed):
        known, new = self._values(basis, train, test)
        model = seeded(self.model, seed).fit(filled(known))
        return settle_answer(-model.score_samples(filled(new)), basis, len(test))


class AllAlike(Entrant):
    """The null model: every row has the same score, and so an AUROC of one half."""

    kind = "null"
    parallel = False

    def describe(self):
        """Say in a line what is fitted."""
        return "the same score for every row"

    def _fit_predict(self, basis, train, test, seed):
        return np.zeros(len(test))


def null_of(name, basis):
    """Return the null model."""
    return AllAlike(name)


def enter(name, model, basis, missing):
    """Return the entrant of a detector of anomalies, or say what it must be."""
    if getattr(model, "learns", None) == "rows":
        return Scorer(name, model)
    scores = all(hasattr(model, part) for part in ("fit", "get_params", "score_samples"))
    if scores and getattr(model, "outcome_kind", None) is None:  # a Boltzmann machine has no width of PCA's
        return Detector(name, model)
    raise InputError(
        "Every model must be an autoencoder, or a scikit-learn estimator with `score_samples`: the outcome "
        "says which rows are anomalies.",
        f"{name} is {called(model)}.",
        "Leave it out; PCA is beside them by itself. A classifier that learns the labels is compared without "
        "autoencoders.",
    )


def baseline_of(models, basis, missing):
    """Return (name, entrant) of the baseline: PCA of as many components as the autoencoders have codes."""
    return "pca", PrincipalScores(principal_of(models).model)


register_entrant_kind(
    EntrantKind(
        "anomalies", (ANOMALIES,), have_labels, read_labels, null_of, baseline_of, enter, learns_outcome=False
    )
)
