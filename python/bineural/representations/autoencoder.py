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
from bineural.nets.estimators import learnt
from bineural.nets.fitted import keras_model_of, predict_rows
from bineural.nets.objectives.objective import find_objective
from bineural.nets.rows import with_channels
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
    SHORT = {"dense": "dense_autoencoder", "deep": "deep_autoencoder", "convolutional": "conv_autoencoder"}
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
        return dataclasses.replace(
            self.asked_objective, count_outputs=lambda _: n_outputs, allow_outputs=lambda _: (n_outputs,)
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
        return self.fit_rows(X, sample_weight).stand_beside(with_channels(X))

    def stand_beside(self, X):
        """Fit PCA to the rows it was fitted to, and note the errors of both; return the autoencoder."""
        self.baseline_, self.errors_ = principal.fit_beside(self, X)
        return self

    generates_ = learnt(lambda net: "kl" in net.members[0].history, "Whether it is variational.")

    def generate_rows(self, n, rng):
        """Return n rows of drawn codes, see `generate`."""
        return self.inverse_transform(rng.standard_normal((n, self.n_codes)))

    # ---- asking ----

    @property
    def _n_values(self):
        return math.prod(self.fitted_.input_shape)

    def _outputs(self, X):
        """Return (prepared rows laid out, outputs) of rows; NaN where rows were left out."""

        def ask(rows):
            values = np.asarray(rows.inputs, np.float64).reshape(len(rows), -1)
            return values, predict_rows(self.fitted_, rows)

        return self._answer(with_channels(X), ask)

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
            of its levels.
        """
        check_is_fitted(self)
        return self._restored(
            decoding.decode(keras_model_of(self.fitted_), codes, self.n_codes, self._n_values)
        )

    def reconstruct(self, X: RowsLike) -> Array | DataFrame:
        """Return the rows as they are made again from their codes, in their own units.

        Parameters
        ----------
        X : data frame or array_like
        """
        return self._restored(self._outputs(X)[1][:, : self._n_values])

    def _restored(self, values):
        return self.restored(decoding.probabilities(values) if self.likelihood == "bernoulli" else values)

    def reconstruction_errors(self, X: RowsLike) -> Floats:
        """Return the mean squared error of each row's scaled values.

        Parameters
        ----------
        X : data frame or array_like

        Returns
        -------
        ndarray of float64, shape (n_rows,)
        """
        values, outputs = self._outputs(X)
        decoded = outputs[:, : self._n_values]
        decoded = decoding.probabilities(decoded) if self.likelihood == "bernoulli" else decoded
        return np.mean((values - decoded) ** 2, axis=1)

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
