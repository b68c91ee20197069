"""`RBM`: a restricted Boltzmann machine, with scikit-learn's face."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from scipy.special import xlogy
from sklearn.base import TransformerMixin

from bineural._typing import Array, ArrayLike, DataFrame, Floats, RowsLike
from bineural.bundles.schema import array
from bineural.nets.objectives.objective import named_objective
from bineural.nets.rows_net import RowsNet, schema_of
from bineural.options import takes, with_paragraphs
from bineural.representations import machine, shares
from bineural.representations.options import FIXED_HIDDEN, HIDDEN_OPTIONS

_GIBBS = 1000  # steps from random units to a generated row


class RBM(TransformerMixin, RowsNet):
    """Restricted Boltzmann machine of units that are 0 or 1, trained by contrastive divergence.

    Parameters
    ----------
    formula : str, optional
        Right-hand side, for a table: the columns that are learnt. None takes every column by its type.
    {options}

    Attributes
    ----------
    baseline_ : ndarray of float64, shape (n_values,)
        The mean of each value: independent columns, the model that knows no hidden unit.
    components_ : ndarray of float64, shape (n_hidden, n_values)
        Weights, as scikit-learn's `BernoulliRBM` has them.
    intercept_visible_, intercept_hidden_ : ndarray of float64, shape (n_values,) and (n_hidden,)
    history_ : dict of list of float
        "loss", the difference of two free energies: no measure of fit, see `log_likelihood`.
    n_epochs_, weights_, keras_model_, preparation_, seed_, interrupted_
        See `NetClassifier`.

    Notes
    -----
    Rows are numbers from 0 to 1 (bytes are divided by 255), which are taken for probabilities of 1. In each
    step hidden units are drawn from the rows (or, with `persistent`, chains that go on from step to step) and
    visible ones computed from them, `steps` times; the weights move towards the rows and away from these
    [1]_ [2]_. That is not the gradient of the likelihood but near it.

    References
    ----------
    .. [1] Hinton (2002). Training products of experts by minimizing contrastive divergence. *Neural
       Computation* 14(8), 1771-1800.
    .. [2] Tieleman (2008). Training restricted Boltzmann machines using approximations to the likelihood
       gradient. *ICML*, 1064-1071.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(1).integers(0, 2, (60, 4)).astype(float)
    >>> rbm = RBM(n_hidden=2, epochs=2, seed=1).fit(x)
    >>> rbm.transform(x).shape, rbm.log_likelihood(x).shape
    ((60, 2), (60,))
    """

    __doc__ = with_paragraphs(__doc__, HIDDEN_OPTIONS)
    OPTIONS, FIXED = HIDDEN_OPTIONS, FIXED_HIDDEN
    SHORT = {"rbm": "rbm"}
    SCHEMA = schema_of(HIDDEN_OPTIONS, FIXED) | {"baseline_": array("f", ndim=1, finite=True)}
    learns, called = "hidden", "A Boltzmann machine"
    generates_ = True

    @takes(HIDDEN_OPTIONS, others=True, shown=False)
    def __init__(self, formula: str | None = None, **options: Any) -> None:
        self.formula = formula
        self._keep(options)

    asked_objective = property(lambda self: named_objective("contrastive_divergence"), doc="What is learnt.")

    def objective_for(self, options, n_parts, shape):
        """Return the objective, of a cost and the hidden units."""
        from dataclasses import replace

        n = 1 + options["n_hidden"]
        return replace(self.asked_objective, count_outputs=lambda _: n, allow_outputs=lambda _: (n,))

    def checked_columns(self, X, kind, reset=True):
        """Return rows as numbers from 0 to 1."""
        return shares.as_shares(super().checked_columns(X, kind, reset))

    def fit(self, X: RowsLike, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None) -> Self:
        """Fit the machine.

        Parameters
        ----------
        X : data frame, array_like (n_rows, n_columns) or (n_rows, height, width[, n_channels])
            Rows of numbers from 0 to 1, or of bytes.
        y : None
            Not used.
        sample_weight : array_like of float64, shape (n_rows,), optional

        Returns
        -------
        self

        Raises
        ------
        InputError
            If rows or options cannot be used; the message says which.
        """
        return self.fit_rows(X, sample_weight).stand_beside(X)

    def stand_beside(self, X):
        """Note the means of the rows it was fitted to; return the machine."""
        self.baseline_ = np.nanmean(self._values(X), axis=0)
        return self

    @property
    def machine_(self):
        """Kernel, visible bias and hidden bias, float64."""
        return [np.asarray(w, np.float64) for w in self.fitted_.members[0].weights[:3]]

    components_ = property(lambda self: self.machine_[0].T, doc="Weights, (n_hidden, n_values).")
    intercept_visible_ = property(lambda self: self.machine_[1], doc="Biases of values, (n_values,).")
    intercept_hidden_ = property(lambda self: self.machine_[2], doc="Biases of hidden units, (n_hidden,).")

    def _values(self, X):
        """Return rows as float64 numbers from 0 to 1, laid out; NaN where rows were left out."""
        return self.prepared_values(X)

    def transform(self, X: RowsLike) -> Floats:
        """Return the probability of each hidden unit.

        Parameters
        ----------
        X : data frame or array_like

        Returns
        -------
        ndarray of float64, shape (n_rows, n_hidden)
        """
        return machine.hidden_shares(self.machine_, self._values(X))

    def inverse_transform(self, units: ArrayLike) -> Array | DataFrame:
        """Return the probability of each value given hidden units (n, n_hidden), in the rows' shape."""
        return self.restored(machine.visible_shares(self.machine_, np.asarray(units, np.float64)))

    def log_likelihood(self, X: RowsLike) -> Floats:
        """Compute the exact log likelihood of rows, by counting out all states of the smaller side.

        Parameters
        ----------
        X : data frame or array_like

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            Nats; the mean of `baseline_log_likelihood` is what independent columns reach.

        Raises
        ------
        InputError
            If there are more than 20 values and more than 20 hidden units.
        """
        weights = self.machine_
        return -machine.free_energy(weights, self._values(X)) - machine.log_partition(weights)

    def baseline_log_likelihood(self, X: RowsLike) -> Floats:
        """Compute the log likelihood of rows under independent columns: float64, (n_rows,), nats."""
        values, p = self._values(X), self.baseline_
        return np.sum(xlogy(values, p) + xlogy(1 - values, 1 - p), axis=1)

    def score_samples(self, X: RowsLike) -> Floats:
        """Say how usual rows are: less their free energy, the log likelihood up to one constant.

        Parameters
        ----------
        X : data frame or array_like

        Returns
        -------
        ndarray of float64, shape (n_rows,)
        """
        return -machine.free_energy(self.machine_, self._values(X))

    def draw_values(self, n, rng):
        """Return n rows after 1,000 Gibbs steps from random units: float64, (n, n_values)."""
        return machine.sample(self.machine_, n, _GIBBS, rng)

    def glance(self) -> dict[str, Any]:
        """Return the fit in one row of numbers.

        Returns
        -------
        dict
            As of nets (n_rows, n_weights, ...), with n_hidden.
        """
        return super().glance() | {"n_hidden": self.n_hidden}

    def tidy(self) -> DataFrame:
        """Return the parameters: a row for each weight and bias.

        Returns
        -------
        pandas.DataFrame
            unit (unit_1, ...), column (its name, or value_1, ...) and weight; of a unit's own bias the column
            is "(bias)", and of a column's the unit.
        """
        import pandas as pd

        kernel, visible, hidden = self.machine_
        known = getattr(getattr(self.fitted_.input, "preparation", None), "columns_", None)
        columns = [f"value_{k + 1}" for k in range(len(visible))] if known is None else list(map(str, known))
        units = self.get_feature_names_out().tolist()
        return pd.DataFrame(
            {
                "unit": [*np.repeat(units, len(columns)).tolist(), *units, *["(bias)"] * len(columns)],
                "column": [*columns * len(units), *["(bias)"] * len(units), *columns],
                "weight": np.concatenate([kernel.T.ravel(), hidden, visible]),
            }
        )

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> Array:
        """Return the names of the hidden units: unit_1, unit_2, ..."""
        return np.array([f"unit_{k + 1}" for k in range(self.n_hidden)], dtype=object)

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        return super().get_state() | {"baseline_": self.baseline_}

    @classmethod
    def from_state(cls, state):
        """Make a machine of what a file holds."""
        rbm = super().from_state(state)
        rbm.baseline_ = state["baseline_"]
        return rbm
