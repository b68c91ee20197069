"""Autoencoders in a comparison: the rows are their own outcome, PCA of the same width the baseline."""

from dataclasses import replace

import numpy as np
import pandas as pd

from bineural.comparing.answers import Answer, settle_answer
from bineural.comparing.entrants import Entrant
from bineural.comparing.own_entrants import Net
from bineural.errors import InputError
from bineural.inputs import choose_input, find_input
from bineural.nets.objectives.objective import named_objective
from bineural.representations.principal import fit_pca
from bineural.representations.rows import as_rows
from bineural.tables.rows import take_rows


def is_coder(model):
    """Say whether a model learns the rows themselves."""
    return getattr(model, "outcome_kind", None) == "rows"


def with_rows_as_outcome(rows, models):
    """Return the rows of a comparison of autoencoders, their scaled values as the outcome; others unchanged.

    Parameters
    ----------
    rows : Rows
    models : list
    """
    if not any(map(is_coder, models)):
        return rows
    for name in ("outcome", "formula", "event", "classes"):
        value = getattr(rows, name)
        if value is not None:
            raise InputError(
                f"`{name}` can't be used where autoencoders are compared: the rows are the outcome.",
                f"Found {value!r}." if isinstance(value, str) else "Found one.",
                "Leave it out, and columns that are no part of the rows.",
            )
    data = as_rows(rows.data)
    values = Values(data).of_rows
    names = [f"value_{k + 1}" for k in range(values.shape[1])]
    objective = named_objective("reconstruction")
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


def principal_of(models):
    """Return the baseline of autoencoders, which must have equally many codes."""
    widths = sorted({model.n_codes for model in models if is_coder(model)})
    if len(widths) > 1:
        raise InputError(
            "All autoencoders of a comparison must have the same number of codes.",
            f"Found {', '.join(map(str, widths))}.",
            "Compare each width by itself: more codes always leave less error.",
        )
    return PrincipalComponents(widths[0])
