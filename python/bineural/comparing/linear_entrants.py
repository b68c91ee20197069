"""Linear models of scikit-learn as baselines, for objectives that no GLM is of the same family as."""

import numpy as np
from sklearn.base import clone

from bineural.comparing.answers import settle_answer
from bineural.comparing.entrants import Entrant, flat_rows
from bineural.inputs.preparation import Preparation
from bineural.tables.frames import is_frame
from bineural.tables.rows import take_rows


class Linear(Entrant):
    """A linear estimator of scikit-learn, on standardised columns, of the outcome less its offset.

    Parameters
    ----------
    name : str
    model : estimator
        With `fit_intercept`.
    missing : {"error", "drop", "impute"}
    """

    kind = "linear"
    prepares = True
    is_linear = True
    remedy = "Scale the columns, or drop some."
    failing = "Try other columns, or leave the baseline out by baseline=False."

    def __init__(self, name, model, missing="error"):
        super().__init__(name, model)
        self.missing, self.terms = missing, None

    def describe(self):
        """Say in a line what is fitted."""
        of = f" of {self.terms}" if self.terms else ""
        return f"{' '.join(repr(self.model).split())}{of}, on standardised columns"

    def identity(self, basis):
        """Return what its fits depend on: its options, its formula, and how gaps are filled."""
        return [self.kind, self.model, self.missing, self.terms]

    def take_formula(self, terms):
        """Prepare columns by a formula of its own."""
        self.terms = terms

    def _fit_predict(self, basis, train, test, seed):
        X, _, weights = basis.take(train)
        X, new = flat_rows(X), flat_rows(take_rows(basis.problem.X, test))
        exclude = [c for c in basis.problem.exclude if c in list(X.columns)] if is_frame(X) else ()
        terms = self.terms or basis.problem.terms
        preparation = Preparation(terms, categories="contrast", scale=True, missing=self.missing)
        made = preparation.fit_transform(X, outcome=list(exclude), weights=weights)
        new = preparation.transform(new)
        truth, given = basis.truth[train][made.rows], {}
        if weights is not None:
            given["sample_weight"] = weights[made.rows]
        truth = truth if made.offset is None else truth - made.offset
        model = clone(self.model).set_params(fit_intercept=bool(preparation.intercept_))
        answer = np.asarray(model.fit(made.matrix, truth, **given).predict(new.matrix))
        if new.offset is not None:
            answer = answer + new.offset.reshape(-1, *[1] * (answer.ndim - 1))
        return settle_answer(answer, basis, len(test))
