"""Nets of rows in a comparison: the rows are their own outcome.

Autoencoders make the test rows again, beside PCA of the same width. Generators make as many rows as are
tested, beside a normal distribution and, as the null model, training rows drawn anew. Where an outcome says
which rows are anomalies, see `anomalies.py`.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from sklearn.base import clone

from bineural.comparing import row_likelihoods
from bineural.comparing.answers import Answer, settle_answer
from bineural.comparing.entrant_kinds.kind import EntrantKind, register_entrant_kind
from bineural.comparing.entrants import Entrant, Null
from bineural.comparing.own_entrants import NetWithoutOutcome
from bineural.comparing.row_values import Values, filled
from bineural.data.sequences import Sequences
from bineural.errors import InputError
from bineural.inputs.sequence_lists import read_sequences
from bineural.nets.objectives.objective import named_objective
from bineural.nets.rows import with_channels
from bineural.not_models import called
from bineural.representations.principal import again, fit_pca
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import take_rows


def learns_rows(model):
    """Say whether a model learns the rows themselves."""
    return getattr(model, "outcome_kind", None) == "rows"


def is_generator(model):
    """Say whether a model makes rows up, and none again of codes."""
    return getattr(model, "learns", None) in ("samples", "hidden")


def have_none(rows, models):
    """Say whether rows are learnt themselves, and nothing is there beside them."""
    return rows.outcome is None and any(map(learns_rows, models))


def read_values(rows, models):
    """Return the rows of a comparison of nets of rows, their scaled values as the outcome.

    Parameters
    ----------
    rows : Rows
    models : list
    """
    refuse_named(rows, ("outcome", "formula", "event", "classes"))
    data = laid_out(rows.data, models)
    values = Values(data).of_rows
    names = [f"value_{k + 1}" for k in range(values.shape[1])]
    objective = named_objective("adversarial" if any(map(is_generator, models)) else "reconstruction")
    return rows._replace(
        data=data,
        outcome=pd.DataFrame(values, columns=names),
        objective=replace(objective, several_outcomes=True),
    )


def columns_apart(rows, resampling, models):
    """Return `Rows` and `Resampling` with columns of groups, dates and weights as values apart from the rows.

    Only where nets of rows are compared, which learn every column that they are given.
    """
    if not (any(map(learns_rows, models)) and is_frame(rows.data)):
        return rows, resampling
    frame = as_frame(rows.data)
    named = {"groups": resampling.groups, "time": resampling.time, "weights": rows.weights}
    named = {part: name for part, name in named.items() if isinstance(name, str) and name in frame.columns}
    if "time" in named and frame[named["time"]].dtype.kind in "iuf":
        del named["time"]  # a number is a value like others
    columns = {part: frame[name] for part, name in named.items()}
    weights = columns.pop("weights", rows.weights)
    rest = frame.drop(columns=list(set(named.values())))
    return rows._replace(data=rest, weights=weights), resampling._replace(**columns)


def refuse_named(rows, names):
    """Refuse parts of `Rows` that mean nothing where rows are learnt themselves."""
    for name in names:
        value = getattr(rows, name)
        if value is not None:
            raise InputError(
                f"`{name}` can't be used where autoencoders are compared: the rows are the outcome.",
                f"Found {value!r}." if isinstance(value, str) else "Found one.",
                "Leave it out, and columns that are no part of the rows.",
            )


def laid_out(data, models):
    """Return rows as all nets of them read them: an array of three axes as grey images, or as sequences."""
    nets = [model for model in models if learns_rows(model)]
    of_sequences = {"padded" in (net.record_for(data).inputs or ()) for net in nets}
    if of_sequences == {False}:
        return with_channels(data)
    if any(map(is_generator, nets)):
        raise InputError(
            "Generators of sequences can't be compared: made ones have all steps, and are known by that.",
            "Found a GAN or a Boltzmann machine beside sequences.",
            "Compare variational autoencoders of them by themselves, by their reconstruction.",
        )
    longest = {(net.max_length, net.cut) for net in nets}
    found = "Found one that takes images beside one of sequences."
    if len(of_sequences) == 1 and len(longest) > 1:
        found = "Found several `max_length` or `cut`."
    if len(of_sequences) > 1 or len(longest) > 1:
        raise InputError(
            "All autoencoders of a comparison must read the rows as the same sequences.",
            found,
            "Compare them apart.",
        )
    return read_sequences(data, whole=True).shortened(*longest.pop())


class Coder(NetWithoutOutcome):
    """An autoencoder: all its folds and draws are trained together."""

    def unfitted(self, basis):
        """Return an unfitted copy; of sequences one that has steps for the longest of all rows."""
        model, X = clone(self.model), basis.problem.X
        if isinstance(X, Sequences):
            model.set_params(architecture=model.record_for(X), max_length=int(X.lengths.max()))
        return model

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
        pca = fit_pca(filled(basis.truth[train]), self.model)
        return settle_answer(again(pca, filled(basis.truth[test])), basis, len(test))


class Generator(NetWithoutOutcome):
    """A net that makes rows up: all its folds and draws are trained together."""

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


def null_of(name, basis):
    """Return the null model: the mean of the training rows, or training rows drawn anew."""
    return Drawn(name) if basis.measured_as == "samples" else Null(name)


def enter(name, model, basis, missing):
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


def baseline_of(models, basis, missing):
    """Return (name, entrant) of the baseline of nets of rows."""
    return ("normal", Normal("normal")) if basis.measured_as == "samples" else ("pca", principal_of(models))


def principal_of(models):
    """Return the baseline of autoencoders, which must have equally many codes."""
    widths = sorted({model.n_codes for model in models if learns_rows(model)})
    if len(widths) > 1:
        raise InputError(
            "All autoencoders of a comparison must have the same number of codes.",
            f"Found {', '.join(map(str, widths))}.",
            "Compare each width by itself, beside PCA of the same width.",
        )
    return PrincipalComponents(widths[0])


register_entrant_kind(
    EntrantKind(
        "learnt rows",
        ("rows", "samples"),
        have_none,
        read_values,
        null_of,
        baseline_of,
        enter,
        learns_outcome=False,
    )
)
