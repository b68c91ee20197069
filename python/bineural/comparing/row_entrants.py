"""Nets of rows in a comparison: the rows are their own outcome.

Autoencoders make the test rows again, beside PCA of the same width. Generators make as many rows as are
tested, beside a normal distribution and, as the null model, training rows drawn anew.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from bineural.comparing import row_likelihoods
from bineural.comparing.answers import Answer, settle_answer
from bineural.comparing.entrants import Entrant
from bineural.comparing.own_entrants import Net
from bineural.errors import InputError
from bineural.inputs import choose_input, find_input
from bineural.nets.objectives.objective import named_objective
from bineural.nets.rows import with_channels
from bineural.not_models import called
from bineural.representations.principal import fit_pca
from bineural.tables.rows import take_rows

OF_ROWS = "rows", "samples"  # tasks of measures whose outcome is the rows


def learns_rows(model):
    """Say whether a model learns the rows themselves."""
    return getattr(model, "outcome_kind", None) == "rows"


def is_generator(model):
    """Say whether a model makes rows up, and none again of codes."""
    return getattr(model, "learns", None) in ("samples", "hidden")


def with_rows_as_outcome(rows, models):
    """Return the rows of a comparison of autoencoders, their scaled values as the outcome; others unchanged.

    Parameters
    ----------
    rows : Rows
    models : list
    """
    if not any(map(learns_rows, models)):
        return rows
    for name in ("outcome", "formula", "event", "classes"):
        value = getattr(rows, name)
        if value is not None:
            raise InputError(
                f"`{name}` can't be used where autoencoders are compared: the rows are the outcome.",
                f"Found {value!r}." if isinstance(value, str) else "Found one.",
                "Leave it out, and columns that are no part of the rows.",
            )
    if any("padded" in (model.record_for(rows.data).inputs or ()) for model in models if learns_rows(model)):
        raise InputError(
            "Autoencoders of sequences can't be compared: PCA and the measure need values of one number.",
            "Found the recurrent architecture.",
            "Fit them to training rows, and compare `reconstruction_errors` of others beside `baseline_`.",
        )
    data = with_channels(rows.data)
    values = Values(data).of_rows
    names = [f"value_{k + 1}" for k in range(values.shape[1])]
    objective = named_objective("adversarial" if any(map(is_generator, models)) else "reconstruction")
    return rows._replace(
        data=data,
        outcome=pd.DataFrame(values, columns=names),
        objective=replace(objective, several_outcomes=True),
    )


class Values:
    """The values of rows in units of their SDs over all rows, the same for all models and folds.

    Attributes
    ----------
    of_rows : ndarray of float64, shape (n_rows, n_values)
    """

    def __init__(self, X):
        kind = choose_input(X)
        kind = find_input("image") if kind.kind == "array" and np.ndim(X) == 4 else kind
        self.input, prepared = kind.learn(X, categories="onehot")
        self.of_rows = _flat(prepared.inputs)

    def of_restored(self, restored):
        """Return the values of rows that a model made again, in the units of `of_rows`."""
        if hasattr(restored, "reindex"):  # columns of the design; a level that a fold lacks has no share
            return self.input.preparation.scale(restored)
        array = np.asarray(restored, np.float64)
        if self.input.kind == "table":
            return self.input.preparation.scale(pd.DataFrame(array, columns=self.input.preparation.columns_))
        return _flat(self.input.prepare(array.reshape(-1, *self.input.row_shape)).inputs)


def _flat(inputs):
    return np.asarray(inputs, np.float64).reshape(len(inputs), -1)


class Coder(Net):
    """An autoencoder: all its folds and draws are trained together."""

    def training_rows(self, basis):
        """Return the rows and what stands for an outcome."""
        return basis.problem.X, np.zeros(len(basis.truth))

    def ask(self, net, basis, resample):
        """Return the test rows as the net makes them again, as an `Answer`."""
        restored = net.reconstruct(take_rows(basis.problem.X, resample.test))
        values = Values(basis.problem.X).of_restored(restored)
        return Answer(settle_answer(values, basis, len(resample.test)))


class PrincipalComponents(Entrant):
    """PCA of as many components as the autoencoders have codes."""

    kind = "linear"
    is_linear = True

    def __init__(self, n_codes):
        super().__init__("pca", n_codes)

    def describe(self):
        """Say in a line what is fitted."""
        return f"PCA of {self.model} components, of scaled values"

    def _fit_predict(self, basis, train, test, seed):
        pca = fit_pca(basis.truth[train], self.model)
        return settle_answer(pca.inverse_transform(pca.transform(basis.truth[test])), basis, len(test))


class Generator(Net):
    """A net that makes rows up: all its folds and draws are trained together."""

    def training_rows(self, basis):
        """Return the rows and what stands for an outcome."""
        return basis.problem.X, np.zeros(len(basis.truth))

    def ask(self, net, basis, resample):
        """Return as many made rows as are tested, as an `Answer`."""
        made = net.generate_rows(len(resample.test), np.random.default_rng(net.seed_))
        values = Values(basis.problem.X)
        note = row_likelihoods.of_generator(net, take_rows(basis.problem.X, resample.test), values)
        return Answer(settle_answer(values.of_restored(made), basis, len(resample.test)), note=note)


class Normal(Entrant):
    """Rows of the normal distribution that has the mean and covariance of the training rows."""

    kind = "linear"
    is_linear = True
    random = True

    def describe(self):
        """Say in a line what is fitted."""
        return "normal distribution of the same mean and covariance"

    def _fit_predict(self, basis, train, test, seed):
        rng, values = np.random.default_rng(seed), basis.truth[train]
        centred = values - values.mean(axis=0)
        weights = rng.standard_normal((len(test), len(values))) / np.sqrt(len(values) - 1)
        made = settle_answer(values.mean(axis=0) + weights @ centred, basis, len(test))
        return Answer(made, note=row_likelihoods.of_normal(values, basis.truth[test]))


class Drawn(Entrant):
    """The null model of generators: training rows drawn anew, real ones but no new ones."""

    kind = "null"
    parallel = False
    random = True

    def describe(self):
        """Say in a line what is fitted."""
        return "training rows, drawn with replacement"

    def _fit_predict(self, basis, train, test, seed):
        drawn = np.random.default_rng(seed).choice(train, len(test))
        return settle_answer(basis.truth[drawn], basis, len(test))


def entrant_of_rows(name, model, basis):
    """Return the entrant of a net of rows, or say what it must be.

    Raises
    ------
    InputError
        If the rows are the outcome and the model is of another.
    """
    of_samples = basis.measured_as == "samples"
    if learns_rows(model) and of_samples and getattr(model, "variational", True):
        return Generator(name, model)
    if learns_rows(model) and not (of_samples or is_generator(model)):
        return Coder(name, model)
    wanted = "a generator: a GAN or a variational autoencoder" if of_samples else "an autoencoder"
    raise InputError(
        f"Every model must be {wanted}, as the rows are the outcome.",
        f"{name} is {called(model)}.",
        "Compare them apart; the baseline is beside them by itself.",
    )


def baseline_of_rows(models, basis):
    """Return (name, entrant) of the baseline of nets of rows."""
    return ("normal", Normal("normal")) if basis.measured_as == "samples" else ("pca", principal_of(models))


def principal_of(models):
    """Return the baseline of autoencoders, which must have equally many codes."""
    widths = sorted({model.n_codes for model in models if learns_rows(model)})
    if len(widths) > 1:
        raise InputError(
            "All autoencoders of a comparison must have the same number of codes.",
            f"Found {', '.join(map(str, widths))}.",
            "Compare each width by itself: more codes always leave less error.",
        )
    return PrincipalComponents(widths[0])
