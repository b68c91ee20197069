"""`Autoencoder`: a net that squeezes rows into codes and makes them again, with scikit-learn's face."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Self

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted

from bineural._typing import Array, ArrayLike, DataFrame, Floats, RowsLike
from bineural.checks import checked, seed, whole
from bineural.errors import InputError
from bineural.inputs.filling import FILL
from bineural.nets.estimators import learnt
from bineural.nets.fitted import keras_model_of, predict_rows
from bineural.nets.objectives.objective import find_objective
from bineural.nets.rows_net import RowsNet, schema_of
from bineural.nets.saved import net_of
from bineural.notebook import Printed
from bineural.options import takes, with_paragraphs
from bineural.representations import decoding, principal, shares
from bineural.representations.options import FIXED, OPTIONS


class Autoencoder(TransformerMixin, RowsNet):
    """Net that squeezes rows into a few codes and makes the rows again from them; PCA stands beside it.

    Parameters
    ----------
    formula : str, optional
        Right-hand side, for a table: the columns that are learnt. None takes every column by its type.
    {options}

    Attributes
    ----------
    baseline_ : sklearn.decomposition.PCA
        Of the same number of components, fitted to the same rows as the net takes them (scaled), without
        those that the net watched.
    errors_ : dict
        "net" and "pca": mean squared error of the scaled values on the rows watched (of all rows where none
        were). The net's is that of its reconstruction from the codes' means.
    history_ : dict of list of float
        "loss", "validation_loss" and "penalty"; of a variational one "reconstruction" and "kl" as well, in
        nats a row (`kl` times `beta`), which add up to "loss". On rows watched codes are at their means.
    n_epochs_, best_epoch_, weights_, keras_model_, preparation_, seed_, n_validation_rows_, interrupted_
        See `NetClassifier`.

    Notes
    -----
    A variational autoencoder (`variational=True`) learns for each row a normal distribution of codes, and is
    trained on the evidence lower bound: the log likelihood of the row given a drawn code, summed over its
    values, less the divergence of that distribution from the standard normal, summed over codes [1]_. With
    ``likelihood="gaussian"`` the variance of the values about their reconstruction is learnt too, one for all
    values; without hidden layers the model is then probabilistic PCA [2]_.

    References
    ----------
    .. [1] Kingma and Welling (2014). Auto-encoding variational Bayes. *ICLR*.
    .. [2] Lucas, Tucker, Grosse and Norouzi (2019). Don't blame the ELBO! *NeurIPS*.

    Examples
    --------
    >>> import bineural as bn
    >>> digits = bn.load_images("digits").images
    >>> coder = Autoencoder(n_codes=2, units=(16,), epochs=3, seed=1).fit(digits[:200])
    >>> coder.transform(digits[:5]).shape
    (5, 2)
    """

    __doc__ = with_paragraphs(__doc__, OPTIONS)
    OPTIONS = OPTIONS
    SCHEMA = {
        **schema_of(OPTIONS, FIXED),
        **principal.SCHEMA,
    }
    FIXED = FIXED
    SHORT = {
        "dense": "dense_autoencoder",
        "deep": "deep_autoencoder",
        "convolutional": "conv_autoencoder",
        "recurrent": "recurrent_autoencoder",
    }
    learns = "rows"
    called = "An autoencoder"

    @takes(OPTIONS, others=True, shown=False)
    def __init__(self, formula: str | None = None, **options: Any) -> None:
        self.formula = formula
        self._keep(options)

    # ---- options ----

    @property
    def asked_objective(self):
        """The objective that the options ask for, settled on them."""
        return find_objective("lower_bound" if self.variational else "reconstruction", "rows", 0, vars(self))

    def read_options(self, X: RowsLike | None = None, in_batches: bool = False) -> tuple[dict[str, Any], Any]:
        """Return the options as they are used, by name, and the architecture's record; see `NetEstimator`."""
        options, record = super().read_options(X, in_batches)
        if options["scaling"] == "auto":
            options["scaling"] = options["likelihood"] != "bernoulli" and "standard"
        if options["likelihood"] == "bernoulli" and options["scaling"]:
            raise InputError(
                "Numbers from 0 to 1 must not be scaled.",
                f"Found likelihood='bernoulli' and scaling={options['scaling']!r}.",
                "Leave `scaling` out.",
            )
        return options, record

    def objective_for(self, options, n_parts, shape):
        """Return the objective for rows of a shape: the outputs are values, codes and what goes with them."""
        n_values, n_codes = math.prod(shape), options["n_codes"]
        n_outputs = n_values + (2 * n_codes + 1 if options["variational"] else n_codes)
        asked = self.asked_objective
        loss = asked.loss._replace(masked=True) if len(shape) == 2 else asked.loss  # of sequences
        return dataclasses.replace(
            asked, loss=loss, count_outputs=lambda _: n_outputs, allow_outputs=lambda _: (n_outputs,)
        )

    def checked_columns(self, X, kind, reset=True):
        """Return rows checked as scikit-learn would; numbers from 0 to 1 where these are asked for."""
        X = super().checked_columns(X, kind, reset)
        return shares.as_shares(X) if self.likelihood == "bernoulli" else X

    # ---- fitting ----

    def fit(self, X: RowsLike, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None) -> Self:
        """Fit the net.

        Parameters
        ----------
        X : data frame, array_like (n_rows, n_columns) or (n_rows, height, width[, n_channels]), or pictures
            Rows.
        y : None
            Not used; a `Pipeline` passes one.
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
        """Fit PCA to the rows it was fitted to, and note the errors of both; return the autoencoder."""
        self.baseline_, self.errors_ = principal.fit_beside(self, X)
        return self

    generates_ = learnt(lambda net: "kl" in net.members[0].history, "Whether it is variational.")

    def draw_values(self, n, rng):
        """Return scaled values of n rows of drawn codes: float64, (n, n_values)."""
        return self.values_of_codes(rng.standard_normal((n, self.n_codes)))

    # ---- asking ----

    @property
    def _n_values(self):
        return math.prod(self.fitted_.input_shape)

    def _outputs(self, X):
        """Return (prepared rows laid out, outputs) of rows; NaN where rows were left out, or have no step."""

        def ask(rows):
            values = np.asarray(rows.inputs, np.float64).reshape(len(rows), -1)
            return values, predict_rows(self.fitted_, rows)

        values, outputs = self._answer(self.laid_out(X), ask)
        return np.where(values == FILL, np.nan, values) if self.of_sequences else values, outputs

    def transform(self, X: RowsLike) -> Floats:
        """Return the codes of rows; of a variational one their means.

        Parameters
        ----------
        X : data frame or array_like
            Rows like those of training.

        Returns
        -------
        ndarray of float64, shape (n_rows, n_codes)
            NaN for rows left out for missing values.
        """
        outputs = self._outputs(X)[1]
        return outputs[:, self._n_values : self._n_values + self.n_codes]

    def inverse_transform(self, codes: ArrayLike) -> Array | DataFrame:
        """Make rows of codes.

        Parameters
        ----------
        codes : array_like of float, shape (n, n_codes)

        Returns
        -------
        ndarray of float64 (n, ...) or data frame
            In the units of the training rows; grey images without an axis of channels. A category is columns
            of its levels. Sequences (n, time, n_features) are as long as the longest of training.
        """
        check_is_fitted(self)
        return self.restored(self.values_of_codes(codes))

    def values_of_codes(self, codes):
        """Return scaled values made of codes (n, n_codes): float64, (n, n_values)."""
        model = keras_model_of(self.fitted_)
        return self._means(decoding.decode(model, codes, self.n_codes, self._n_values))

    def reconstruct(self, X: RowsLike) -> Array | DataFrame:
        """Return the rows as they are made again from their codes, in their own units.

        Parameters
        ----------
        X : data frame or array_like

        Returns
        -------
        ndarray of float64, data frame, or list of ndarray
            Like the rows; sequences of unequal lengths are a list.
        """
        values, again = self.values_again(X)
        rows = self.restored(again)
        if not self.of_sequences:
            return rows
        lengths = np.isfinite(values.reshape(rows.shape)[..., 0]).sum(axis=1)
        whole = (lengths == rows.shape[1]).all()
        return rows if whole else [row[:length] for row, length in zip(rows, lengths)]

    def values_again(self, X):
        """Return the scaled values of rows and those made of their codes: float64, (n_rows, n_values)."""
        values, outputs = self._outputs(X)
        return values, self._means(outputs[:, : self._n_values])

    def _means(self, decoded):
        return decoding.probabilities(decoded) if self.likelihood == "bernoulli" else decoded

    def reconstruction_errors(self, X: RowsLike) -> Floats:
        """Return the mean squared error of each row's scaled values.

        Parameters
        ----------
        X : data frame or array_like

        Returns
        -------
        ndarray of float64, shape (n_rows,)
        """
        return self._mean((np.subtract(*self.values_again(X))) ** 2)

    def _mean(self, squares):
        """Return the mean of each row; of sequences over the steps that they have."""
        return np.nanmean(squares, axis=1) if self.of_sequences else np.mean(squares, axis=1)

    def errors_beside(self, X):
        """Return the mean squared error of each row, of the net and of PCA: float64, (n_rows,) each."""
        values, again = self.values_again(X)
        complete = self.filled(values)
        pca = np.full(values.shape, np.nan)
        kept = np.isfinite(complete).all(axis=1)
        pca[kept] = principal.again(self.baseline_, complete[kept])
        return self._mean((values - again) ** 2), self._mean((values - pca) ** 2)

    def filled(self, values):
        """Return values with 0, the mean, where sequences have no step; others as they are."""
        return np.nan_to_num(values) if self.of_sequences else values

    @checked(draws=whole(1, hint="Use for example 16."), seed=seed())
    def score_samples(self, X: RowsLike, *, draws: int = 16, seed: int | None = 1) -> Floats:
        """Say how usual rows are: low scores are anomalies.

        Parameters
        ----------
        X : data frame or array_like
        draws : int
            Codes drawn of each row, of a variational one.
        seed : int, optional
            Of these draws.

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            Less the mean squared error of the scaled values; with ``likelihood="bernoulli"`` the log
            likelihood in nats. Of a variational one the evidence lower bound in nats (of `beta` 1), a mean
            over draws: at most the log likelihood, with noise.
        """
        values, outputs = self._outputs(X)
        if self.of_sequences and not self.variational and self.likelihood == "gaussian":
            return -self.reconstruction_errors(X)
        if not self.variational:
            return -decoding.costs(values, outputs[:, : self._n_values], self.likelihood)
        model = keras_model_of(self.fitted_)
        rng = np.random.default_rng(seed)
        return decoding.lower_bounds(model, values, outputs, self.n_codes, self.likelihood, draws, rng)

    def score(self, X: RowsLike, y: ArrayLike | None = None) -> float:
        """Return the mean of `score_samples` over rows, for searches of scikit-learn.

        Parameters
        ----------
        X : data frame or array_like
        y : None
        """
        return float(np.nanmean(self.score_samples(X)))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> Array:
        """Return the names of the codes: code_1, code_2, ...

        Parameters
        ----------
        input_features : None
            Not used.
        """
        return np.array([f"code_{k + 1}" for k in range(self.n_codes)], dtype=object)

    def summary(self) -> str:
        """Write what was trained, on how much, for how long and how well, beside PCA.

        Returns
        -------
        str
            It shows itself as it prints.
        """
        net, pca = self.errors_["net"], self.errors_["pca"]
        rows = f"{self.n_validation_rows_} rows watched" if self.n_validation_rows_ else "all rows"
        beside = (
            f"Beside PCA:   mean squared error {net:.4f}, PCA of {self.n_codes} components {pca:.4f} ({rows})"
        )
        return Printed(f"{super().summary()}\n{beside}")

    def glance(self) -> dict[str, Any]:
        """Return the fit in one row of numbers.

        Returns
        -------
        dict
            As of nets (n_rows, n_weights, ...), with n_codes, mse and pca_mse: the mean squared errors of
            `errors_`.
        """
        errors = {"mse": self.errors_["net"], "pca_mse": self.errors_["pca"]}
        return super().glance() | {"n_codes": self.n_codes, **errors}

    def tidy(self) -> DataFrame:
        """Return the errors beside one another: a row for the net and one for PCA.

        Returns
        -------
        pandas.DataFrame
            model ("net", "pca") and mse, those of `errors_`.
        """
        import pandas as pd

        return pd.DataFrame({"model": list(self.errors_), "mse": list(self.errors_.values())})

    # ---- copies and files ----

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        return super().get_state() | principal.state_of(self)

    @classmethod
    def from_state(cls, state):
        """Make an autoencoder of what a file holds."""
        coder = net_of(cls, state)
        coder.baseline_, coder.errors_ = principal.from_state(state)
        return coder
