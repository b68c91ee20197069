"""Functions of the user's in a comparison: of rows, or of row positions as R's come in."""

import numpy as np

from bineural.comparing.answers import settle_answer
from bineural.comparing.entrants import Entrant
from bineural.tables.frames import is_frame
from bineural.tables.rows import take_rows


class Function(Entrant):
    """A function (train, test) -> predictions of the test rows.

    With a data frame, `train` is one with the outcome and `test` one without; with arrays, `train` is (X, y)
    and `test` is X.
    """

    kind = "function"
    gets_all = True
    failing = "Call it yourself with such rows to see more."

    def describe(self):
        """Say in a line what is fitted."""
        return getattr(self.model, "__name__", type(self.model).__name__)

    def _fit_predict(self, basis, train, test, seed):
        X, y, _ = basis.take(train)
        new = take_rows(basis.problem.X, test)
        if is_frame(X):
            columns = basis.outcome_columns
            new = new.drop(columns=columns)
            if not columns:
                X = X.assign(**{basis.problem.outcome or "outcome": np.asarray(y)})
            answer = self.model(X, new)
        else:
            answer = self.model((X, y), new)
        return settle_answer(answer, basis, len(test))


class ByRows(Function):
    """A function of row positions, (train_ids, test_ids, seed) -> predictions; how R's functions come in."""

    kind = "R"
    remedy = 'Fit it with a penalty, or take fit_glm(penalty = "auto").'
    random = True
    parallel = False

    def __init__(self, name, function, text=None, known_by=None):
        super().__init__(name, function)
        self.text, self.known_by = text, known_by

    def describe(self):
        """Say in a line what is fitted."""
        return self.text or "R function"

    def identity(self, basis):
        """Return what tells R's function from others."""
        return [self.kind, self.text, self.known_by]

    def _fit_predict(self, basis, train, test, seed):
        return settle_answer(self.model(train, test, seed), basis, len(test))
