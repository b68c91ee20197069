"""Results of a fitted GLM: coefficients, intervals and the printed summary statisticians expect."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from sklearn.utils.validation import check_is_fitted

from bineural import irls
from bineural._typing import DataFrame, Floats, Series
from bineural.checks import checked, choice, flag, share
from bineural.errors import BineuralWarning, InputError
from bineural.glm.texts import is_of_texts
from bineural.inputs.problem import offset_beside
from bineural.messages import listed, number_of, warn
from bineural.notebook import Printed
from bineural.printable import printable
from bineural.tables.labels import counted_labels, shown_label

_LEVEL = share(open_ends=True, hint="Use for example 0.95.")
_METHOD = choice("profile", "wald")


class GLMResults:
    """Results of a fitted GLM, read from `fit_`, `names_` and `classes_`."""

    @property
    def _is_multinomial(self):
        return np.ndim(self.fit_.coef) == 2

    @property
    def _is_beyond_r(self):
        return self.fit_.converged and getattr(self.fit_, "beyond_r", False)

    @property
    def coef_(self):
        """Coefficients without the intercept, as scikit-learn shapes them (NaN where aliased)."""
        coef = np.atleast_2d(self.fit_.coef)[:, int(self.intercept_column_) :]
        return coef if hasattr(self, "classes_") else coef[0]

    @property
    def intercept_(self):
        """Intercepts, as scikit-learn shapes them; 0 for a model without one."""
        coef = np.atleast_2d(self.fit_.coef)
        intercept = coef[:, 0] if self.intercept_column_ else np.zeros(len(coef))
        return intercept if hasattr(self, "classes_") else float(intercept[0])

    def _rows(self):
        """Name every coefficient; several classes put theirs before the term, as in 'virginica:Age'."""
        if not self._is_multinomial:
            return list(self.names_)
        return [f"{label}:{name}" for label in self.levels_[1:] for name in self.names_]

    def _need_inference(self):
        check_is_fitted(self)
        if self.penalty_ is not None:
            raise InputError(
                "Standard errors can't be given for a penalised fit.",
                f"The model was fitted with {'a' if self.penalty == 'auto' else 'penalty='}"
                f"{' ridge' if self.penalty == 'auto' else repr(self.penalty)}.",
                "Fit without a penalty, or resample.",
            )

    def coef(self) -> Series:
        """Return the coefficients by name.

        Returns
        -------
        pandas.Series of float64
            On the scale of the linear predictor; NaN where a column is aliased.
        """
        import pandas as pd

        check_is_fitted(self)
        return pd.Series(np.ravel(self.fit_.coef), index=self._rows(), name="estimate")

    @checked(exponentiate=flag(), level=_LEVEL.or_none(), method=_METHOD)
    def coefficients(
        self,
        exponentiate: bool = False,
        level: float | None = None,
        method: Literal["profile", "wald"] = "profile",
    ) -> DataFrame:
        """Return estimates with standard errors and tests, as R's `summary(glm)` prints them.

        Parameters
        ----------
        exponentiate : bool
            Give exp(estimate), with a logit link odds ratios and with a log link rate ratios, and exp of the
            bounds; standard errors and tests stay those of the coefficients (as broom's `tidy` has it).
        level : float, optional
            Confidence level of intervals, which are added as columns low and high.
        method : {"profile", "wald"}
            See `confint`.

        Returns
        -------
        pandas.DataFrame
            Columns term, estimate, std_error, statistic, p_value; NaN for aliased terms and penalised fits.

        Warns
        -----
        BineuralWarning
            If exp(estimate) is asked for where the link is neither a logit nor a log.
        """
        import pandas as pd

        check_is_fitted(self)
        table = pd.DataFrame({"term": self._rows(), "estimate": np.ravel(self.fit_.coef)})
        nothing = np.full(len(table), np.nan)
        for column in ("std_error", "statistic", "p_value"):
            values = getattr(self.fit_, column, None) if self.penalty_ is None else None
            table[column] = nothing if values is None else np.ravel(values)
        if level is not None:
            table[["low", "high"]] = self.confint(level, method)[["low", "high"]]
        if exponentiate:
            self._caution_ratios()
            scaled = table.columns.intersection(["estimate", "low", "high"])
            table[scaled] = np.exp(table[scaled])
        return table

    def _caution_ratios(self):
        link = "logit" if self._is_multinomial else self.fit_.link
        if link not in ("logit", "log"):
            warn(
                BineuralWarning,
                f"exp(estimate) is an odds ratio under a logit link and a rate ratio under a log link; "
                f"this model has the {link} link.",
            )

    def vcov(self) -> DataFrame:
        """Return the covariance matrix of the coefficients.

        Returns
        -------
        pandas.DataFrame of float64, shape (n_coefficients, n_coefficients)
            NaN rows and columns where aliased.

        Raises
        ------
        InputError
            For a penalised fit.
        """
        import pandas as pd

        self._need_inference()
        return pd.DataFrame(self.fit_.vcov, index=self._rows(), columns=self._rows())

    @checked(level=_LEVEL, method=_METHOD)
    def confint(self, level: float = 0.95, method: Literal["profile", "wald"] = "profile") -> DataFrame:
        """Return intervals for the coefficients.

        Parameters
        ----------
        level : float
            Confidence level between 0 and 1.
        method : {"profile", "wald"}
            Profile likelihood (as R's `confint`; of Firth's fits of the penalised one; needs the training
            rows, which a saved model does not hold), or estimate plus or minus normal quantile times standard
            error.

        Returns
        -------
        pandas.DataFrame
            Columns term, low, high.

        Raises
        ------
        InputError
            For a penalised fit, or a profile without training rows.
        """
        import pandas as pd

        self._need_inference()
        if method == "wald":
            bounds = irls.wald_interval(self.fit_, level)
        else:
            bounds = self._profile(level)
        bounds = np.reshape(bounds, (-1, 2))
        return pd.DataFrame({"term": self._rows(), "low": bounds[:, 0], "high": bounds[:, 1]})

    def _profile(self, level):
        rows = self._kept_rows("Profile intervals")
        options = {"level": level, "weights": rows.weights, "intercept": self.intercept_column_}
        if self._is_multinomial:
            if self.failure_ is not None:  # separated: the likelihood never falls far enough
                return np.full((*self.fit_.coef.shape, 2), np.nan)
            return irls.profile_multinomial(rows.matrix, self._target(rows), self.fit_, **options)
        profile = irls.profile_firth if getattr(self, "method", "ml") == "firth" else irls.profile_interval
        return profile(rows.matrix, self._numbers(rows), self.fit_, offset=rows.offset, **options)

    @checked(kind=choice("deviance", "pearson", "working", "response"))
    def residuals(self, kind: Literal["deviance", "pearson", "working", "response"] = "deviance") -> Floats:
        """Return how far each training row lies from the fit, as R's `residuals(glm)`.

        Parameters
        ----------
        kind : {"deviance", "pearson", "working", "response"}
            Signed root of the row's share of the deviance; on the scale of the outcome's standard
            deviation; on the scale of the linear predictor; in the outcome's units. Several classes have
            "response" alone: 1 where the row has the class, else 0, less its probability.

        Returns
        -------
        ndarray of float64, shape (n_rows,) or (n_rows, n_classes)
            One for each row the model learnt from, in their order. A row of weight 0 keeps its outcome (R
            takes the event not to have happened).

        Raises
        ------
        InputError
            If the model was loaded from a file, or has no residuals of this kind.
        """
        check_is_fitted(self)
        rows = self._kept_rows("Residuals")
        if self._is_multinomial:
            return self._class_residuals(rows, kind)
        eta = irls.predict_link(
            self.fit_.coef, rows.matrix, intercept=self.intercept_column_, offset=rows.offset
        )
        residuals = irls.residuals(
            self._numbers(rows), eta, kind, family=self.family_, link=self.fit_.link, weights=rows.weights
        )
        saturated = kind == "deviance" and getattr(self.fit_, "df_residual", 1) == 0
        return np.zeros_like(residuals) if saturated else residuals  # as R has it

    def _numbers(self, rows):
        """Return the outcome as the GLM sees it: numbers, or 1 where the event happened."""
        if not hasattr(self, "classes_"):
            return rows.y
        return (rows.y == self.event_position_).astype(np.float64)

    def _class_residuals(self, rows, kind):
        if kind != "response":
            raise InputError(
                "With several classes the residuals must be of the kind 'response'.",
                f"Found {kind!r}.",
                "Ask for residuals('response'), a column for each class.",
            )
        probability = self._probability(rows)
        return (rows.y[:, None] == np.arange(len(self.classes_))) - probability

    def _kept_rows(self, what):
        rows = getattr(self, "_training_rows", None)
        if rows is None and "_training_rows" in vars(self):
            raise InputError(
                f"{what} need the training rows in memory.",
                "They came in batches, and the model kept none.",
                "Use confint(method='wald'), or fit to a sample of the rows."
                if "interval" in what
                else "Fit to a sample of the rows.",
            )
        if rows is None:
            raise InputError(
                f"{what} need the training rows.",
                "The model was loaded from a file, which holds no data.",
                "Use confint(method='wald'), or fit again." if "interval" in what else "Fit again.",
            )
        return rows

    def design_matrix(self) -> dict[str, Any]:
        """Return the columns that were fitted, as R's `model.matrix(glm)`.

        Returns
        -------
        dict
            columns, pandas.DataFrame of float64, shape (n_rows, n_coefficients), the intercept first; assign,
            ndarray of int64: the term of each column from 1, 0 for the intercept.
        """
        import pandas as pd

        check_is_fitted(self)
        rows = self._kept_rows("The design matrix")
        columns = pd.DataFrame(np.asarray(rows.matrix), columns=self.names_[int(self.intercept_column_) :])
        assign = np.zeros(columns.shape[1], dtype=np.int64)
        for number, (_, places) in enumerate(self._terms(rows)):
            assign[places] = number + 1
        if self.intercept_column_:
            columns.insert(0, "(Intercept)", 1.0)
            assign = np.concatenate([[0], assign])
        return {"columns": columns, "assign": assign}

    def glance(self) -> dict[str, Any]:
        """Return the fit in one row of numbers.

        Returns
        -------
        dict
            n_rows, null_deviance, df_null, log_lik, aic, bic, deviance, df_residual, dispersion,
            iterations, converged; None where a penalised fit has no such number.
        """
        check_is_fitted(self)
        names = "null_deviance df_null log_lik aic bic deviance df_residual dispersion iterations converged"
        return {"n_rows": self.n_rows_, **{name: getattr(self.fit_, name, None) for name in names.split()}}

    def summary(self) -> str:
        """Write the model as statisticians expect it: terms with tests, deviances, AIC.

        Returns
        -------
        str
            It shows itself as it prints.
        """
        check_is_fitted(self)
        lines = [self._title(), *self._formula_line()]
        if self.input_ is None:
            lines += ["", *_coefficient_lines(self)]
        else:
            lines += _of_texts(self) if is_of_texts(self) else [_of_rows(self.input_, len(self._rows()))]
        fit = self.fit_
        if self.penalty_ is None:
            lines += [""]
            if getattr(fit, "theta_error", None) is not None:
                lines += [f"Theta: {irls.read_theta(fit.family):.5g}, standard error {fit.theta_error:.4g}"]
            if getattr(fit, "statistic_name", "z") == "t":
                lines += [f"Dispersion: {fit.dispersion:.6g}"]
            lines += [
                f"Null deviance:     {fit.null_deviance:.5g} on {fit.df_null} degrees of freedom",
                f"Residual deviance: {fit.deviance:.5g} on {fit.df_residual} degrees of freedom",
                ("" if np.isnan(fit.aic) else f"AIC: {fit.aic:.5g}; ")
                + f"{fit.iterations} Fisher scoring iterations"
                + ("" if fit.converged else " (did not converge)")
                + (" (halved steps, as R's do not converge)" if self._is_beyond_r else ""),
            ]
        return Printed(printable("\n".join(lines)))

    def _title(self):
        n = f"n = {self.n_rows_}"
        if not hasattr(self, "classes_"):
            family = self.family_.partition("(")[0].replace("_", " ")
            return f"GLM: {family}, {self.fit_.link} link ({n})" + self._how()
        counts = dict(zip(self.classes_.tolist(), self.n_class_rows_.tolist()))
        if self._is_multinomial:
            each = counted_labels({label: counts[label] for label in self.levels_})
            event = "" if self.event_ is None else f"; event {shown_label(self.event_)} against the others"
            return (
                f"GLM: multinomial against {shown_label(self.levels_[0])}{event} ({n}; {each})" + self._how()
            )
        label = self.classes_.tolist()[self.event_position_]
        events = f"events = {counts[label]}; {counted_labels(counts, but=label)}"
        return (
            f"GLM: binomial, {self.fit_.link} link; event {shown_label(label)} ({n}, {events})" + self._how()
        )

    def _how(self):
        if self.penalty_ is not None:
            trouble = getattr(self, "trouble_", None)
            why = f"chosen, as {trouble}" if trouble else "chosen within the training rows"
            chosen = f" ({why})" if self.penalty in (None, "auto") else ""
            return f", {self.penalty_} with strength {self.strength_:.4g}{chosen}"
        return ", Firth's bias reduction" if getattr(self, "method", "ml") == "firth" else ""

    def _formula_line(self):
        text = getattr(self, "formula_", None) or (f"~ {self.formula}" if self.formula else None)
        if text is None and len(self.names_) > 12 and not is_of_texts(self):
            return [f"Columns: {listed(self.names_)}"]
        offset = offset_beside(self)
        return [] if text is None else [text if offset is None else f"{text}, offset `{offset}`"]


def _of_rows(learnt, n_coefficients):
    """Say what the columns are of, where they are too many to be read: the pixels of images."""
    shape = " x ".join("any length" if size is None else str(size) for size in learnt.shape)
    return f"Rows: {learnt.kind}s of {shape}; {n_coefficients:,} coefficients, which coef() lists"


def _of_texts(model):
    """Say what the columns of texts are, and which words have the largest coefficients."""
    learnt, n = model.input_, len(model._rows())
    where = "" if learnt.column is None else f" of `{learnt.column}`"
    beside = f", {number_of(learnt.n_columns, 'other column')}" if learnt.n_columns else ""
    counts = f"{len(learnt.words):,} words and pairs of words, {len(learnt.runs):,} runs of characters"
    lines = [f"Texts{where}, tf-idf: {counts}{beside}; {n:,} coefficients, which coef() lists"]
    rows = model.coef_ if np.ndim(model.coef_) == 2 else model.coef_[None]
    names = [f"{shown_label(label)}: " for label in model.levels_[1:]] if len(rows) > 1 else [""]
    for name, coef in zip(names, rows):
        order = np.argsort(coef[: len(learnt.words)], kind="stable")
        half = len(order) // 2  # of few words each stands once
        highest, lowest = order[::-1][: min(8, len(order) - half)], order[: min(8, half)]
        for what, places in (("Highest", highest), ("Lowest", lowest)):
            if len(places):
                lines.append(f"  {name}{what}: {', '.join(learnt.words[k] for k in places)}")
    if learnt.n_columns:
        lines.append(f"Other columns, standardised (SD 1): {_beside(model)}")
    return lines


def _beside(model):
    """Write the coefficients of the columns beside texts; of several classes coef() has them."""
    if model._is_multinomial:
        return listed(model.input_.names[-model.input_.n_columns :], 12)
    coef = model.coef().iloc[-model.input_.n_columns :]
    return ", ".join(f"{name} {value:.4g}" for name, value in list(coef.items())[:12])


def _coefficient_lines(model):
    """Align estimates, errors, statistics and p-values under their headings."""
    table = model.coefficients()
    if model.penalty_ is not None:
        heads, parts = ["Estimate"], [_aligned(table["estimate"])]
    else:
        letter = getattr(model.fit_, "statistic_name", "z")
        heads = ["Estimate", "Std. Error", f"{letter} value", f"Pr(>|{letter}|)"]
        parts = [
            _aligned(table["estimate"]),
            _aligned(table["std_error"]),
            ["NA" if np.isnan(v) else f"{v:.3f}" for v in table["statistic"]],
            ["NA" if np.isnan(v) else _p_text(v) for v in table["p_value"]],
        ]
    widths = [max(len(head), *map(len, part)) for head, part in zip(heads, parts)]
    left = max(map(len, table["term"]))
    lines = [" " * left + "".join("  " + head.rjust(w) for head, w in zip(heads, widths))]
    for i, term in enumerate(table["term"]):
        lines.append(term.ljust(left) + "".join("  " + part[i].rjust(w) for part, w in zip(parts, widths)))
    return lines


def _aligned(values, digits=4):
    """Write numbers with common decimals (at most 8); very small and large ones with an exponent."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    sizes = sizes[(sizes >= 1e-5) & (sizes < 1e6)]
    smallest = sizes.min() if len(sizes) else 1.0
    decimals = int(np.clip(digits - 1 - np.floor(np.log10(smallest)), 0, 8))

    def write(value):
        if np.isnan(value):
            return "NA"
        plain = value == 0 or 1e-5 <= abs(value) < 1e6
        return f"{value:.{decimals}f}" if plain else f"{value:.{digits - 1}e}"

    return [write(value) for value in values]


def _p_text(p):
    return "<2e-16" if p < 2e-16 else f"{p:.5f}" if p >= 1e-4 else f"{p:.2e}"
