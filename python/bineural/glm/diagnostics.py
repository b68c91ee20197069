"""What a fitted GLM says of single rows: leverage, influence, intervals of the mean, simulated outcomes."""

from __future__ import annotations

from typing import Literal

import numpy as np

from bineural import irls
from bineural._typing import ArrayLike, DataFrame, Floats, RowsLike
from bineural.checks import checked, choice, seed, share, whole
from bineural.errors import InputError
from bineural.irls.families import get_family
from bineural.irls.links import LINKS


class GLMDiagnostics:
    """Diagnostics of a fitted GLM, read from `fit_` and the training rows."""

    def _need_one_predictor(self, what):
        """Return the training rows of a fit with standard errors and one linear predictor."""
        self._need_inference()
        if self._is_multinomial:
            raise InputError(
                f"{what} can be had of one linear predictor only.",
                f"The model has {len(self.classes_)} classes.",
                "Model one class against the rest.",
            )
        return self._kept_rows(what)

    def hat_values(self) -> Floats:
        """Return the leverage of each training row, as R's `hatvalues(glm)`.

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            Diagonal of the hat matrix of the weighted least squares at the estimates [1]_, 0 to 1; its sum is
            the number of coefficients. 0 for a row of weight 0. R takes the weights of the last step but one,
            which differ from these by what that step moved.

        Raises
        ------
        InputError
            For a penalised fit, several classes, or a model that comes from a file.

        References
        ----------
        .. [1] McCullagh and Nelder (1989). *Generalized Linear Models*. Chapman and Hall, section 12.7.
        """
        rows = self._need_one_predictor("Leverages")
        fit = self.fit_
        family, eta = get_family(fit.family, fit.link), fit.linear_predictor
        with np.errstate(all="ignore"):
            root = np.abs(family.link.slope(eta)) / np.sqrt(family.variance(family.link.mean(eta)))
        if rows.weights is not None:
            root = np.where(rows.weights > 0, root * np.sqrt(rows.weights), 0.0)
        x = rows.matrix if not self.intercept_column_ else np.column_stack([np.ones(len(root)), rows.matrix])
        q, _ = np.linalg.qr(x[:, ~fit.aliased] * root[:, None])
        return np.square(q).sum(axis=1)

    def cooks_distance(self) -> Floats:
        """Return how far each training row moves the coefficients, as R's `cooks.distance(glm)` [1]_.

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            (Pearson residual / (1 - h))^2 h / (dispersion p), h being `hat_values`; NaN where h is 1.

        Raises
        ------
        InputError
            As for `hat_values`.

        References
        ----------
        .. [1] Cook and Weisberg (1982). *Residuals and Influence in Regression*. Chapman and Hall.
        """
        leverage, residual = self.hat_values(), self.residuals("pearson")
        with np.errstate(all="ignore"):
            moved = (
                np.square(residual / (1.0 - leverage)) * leverage / (self.fit_.dispersion * self.fit_.rank)
            )
        return np.where(leverage > 1.0 - 1e-10, np.nan, moved)

    @checked(level=share(open_ends=True), interval=choice("confidence", "prediction"))
    def predict_mean(
        self,
        X: RowsLike,
        level: float = 0.95,
        interval: Literal["confidence", "prediction"] = "confidence",
        offset: ArrayLike | None = None,
    ) -> DataFrame:
        """Predict the mean of the outcome, the event's probability of a classifier, with its interval.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)
        level : float
        interval : {"confidence", "prediction"}
            Of the mean: that of the linear predictor, carried over by the link, with the quantiles of t where
            the dispersion is estimated and of the normal distribution elsewhere. Of a new outcome: Gaussian
            family with the identity link only, as R's `predict.lm`.
        offset : array_like of float64, shape (n_rows,), optional

        Returns
        -------
        pandas.DataFrame
            Columns mean, std_error (by the delta method, as R's `predict(type = "response", se.fit = TRUE)`),
            low, high.

        Raises
        ------
        InputError
            For a penalised fit, several classes, or the prediction interval of another family.
        """
        import pandas as pd
        from scipy.special import ndtri, stdtrit

        eta, error = self.predict_link(X, offset, std_error=True)
        fit, link = self.fit_, LINKS[self.fit_.link]
        if interval == "prediction" and (fit.family, fit.link) != ("gaussian", "identity"):
            raise InputError(
                "A prediction interval must be of a Gaussian model with the identity link.",
                f"The family is {fit.family} with the {fit.link} link.",
                "Ask for interval='confidence', or simulate outcomes.",
            )
        tail = 0.5 + level / 2.0
        width = ndtri(tail) if fit.statistic_name == "z" else stdtrit(fit.df_residual, tail)
        reach = width * (np.sqrt(error**2 + fit.dispersion) if interval == "prediction" else error)
        bounds = np.sort(
            [link.mean(eta - reach), link.mean(eta + reach)], axis=0
        )  # a link may turn the order
        return pd.DataFrame(
            {
                "mean": link.mean(eta),
                "std_error": error * np.abs(link.slope(eta)),
                "low": bounds[0],
                "high": bounds[1],
            }
        )

    @checked(n=whole(1), seed=seed())
    def simulate(self, n: int = 1, seed: int | None = None) -> DataFrame:
        """Draw outcomes of the training rows from the fitted model.

        Parameters
        ----------
        n : int
            Draws of each row.
        seed : int, optional
            None draws another each time.

        Returns
        -------
        pandas.DataFrame, shape (n_rows, n)
            Columns sim_1, sim_2, ...: labels of a classifier, else numbers (of shares again shares). The
            Gaussian variance is deviance / residual degrees of freedom, as in R's `simulate`.

        Raises
        ------
        InputError
            For a penalised fit, a quasi-family, or a model that comes from a file.
        """
        import pandas as pd

        rng = np.random.default_rng(seed)
        self._need_inference()
        rows = self._kept_rows("Simulated outcomes")
        draws = {f"sim_{k + 1}": self._draw(rows, rng) for k in range(n)}
        return pd.DataFrame(draws)

    def _draw(self, rows, rng):
        """Draw one outcome of each row."""
        if hasattr(self, "classes_"):
            share = np.cumsum(self._probability(rows), axis=1)
            place = (rng.random(len(share))[:, None] > share[:, :-1]).sum(axis=1)
            return self.classes_[place]
        fit = self.fit_
        if fit.family.startswith("quasi"):
            raise InputError(
                "Outcomes can be simulated from a family with a likelihood only.",
                f"The family is {fit.family}.",
                f"Fit with family={fit.family.removeprefix('quasi')!r}, or 'negative_binomial' for counts.",
            )
        weights = np.ones_like(fit.fitted) if rows.weights is None else rows.weights
        return _draw(fit, fit.fitted, weights, rng)


def _draw(fit, mean, weights, rng):
    """Draw numbers of a family; `weights` are trials, or divide the dispersion."""
    live = np.where(weights > 0, weights, 1.0)
    theta = irls.read_theta(fit.family)
    if theta is not None:
        return rng.negative_binomial(theta, theta / (theta + mean)).astype(np.float64)
    if fit.family == "gaussian":
        return rng.normal(mean, np.sqrt(fit.deviance / fit.df_residual / live))
    if fit.family == "binomial":
        return rng.binomial(np.rint(live).astype(np.int64), mean) / np.rint(live)
    if fit.family == "poisson":
        return rng.poisson(mean).astype(np.float64)
    dispersion = fit.dispersion / live
    if fit.family == "gamma":
        return rng.gamma(1.0 / dispersion, mean * dispersion)
    return rng.wald(mean, 1.0 / dispersion)
