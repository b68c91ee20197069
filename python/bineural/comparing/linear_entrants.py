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
        X, new = flat_rows(X, take_rows(basis.problem.X, test))
        exclude = [c for c in basis.problem.exclude if c in list(X.columns)] if is_frame(X) else ()
        terms = self.terms or basis.problem.terms
        preparation = Preparation(terms, categories="contrast", scaling="standard", missing=self.missing)
        made = preparation.fit_transform(X, outcome=list(exclude), weights=weights)
        new, kept = preparation.transform(new), train[made.rows]
        given = {} if weights is None else {"sample_weight": weights[made.rows]}
        model = clone(self.model).set_params(fit_intercept=bool(preparation.intercept_))
        if basis.classes:
            return settle_answer(self._classes(model, made, new, basis, kept, given), basis, len(test))
        truth = basis.truth[kept] - (0.0 if made.offset is None else made.offset)
        answer = np.asarray(model.fit(made.matrix, truth, **given).predict(new.matrix))
        if new.offset is not None:
            answer = answer + new.offset.reshape(-1, *[1] * (answer.ndim - 1))
        return settle_answer(answer, basis, len(test))

    def _classes(self, model, made, new, basis, rows, given):
        """Return the probability of each class, a column for each in their order."""
        place = {label: k for k, label in enumerate(basis.classes)}
        codes = np.array([place[label] for label in basis.labels_of(rows).tolist()])
        offsets = [{} if part.offset is None else {"offset": part.offset} for part in (made, new)]
        model.fit(made.matrix, codes, **given, **offsets[0])
        answer = np.zeros((len(new.matrix), len(basis.classes)))  # a class that no training row has: 0
        answer[:, model.classes_] = model.predict_proba(new.matrix, **offsets[1])
        return answer
