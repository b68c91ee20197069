"""Analysis of deviance: terms added one after the other, dropped one by one, and models that are nested.

The numbers are those of R's `anova(glm)` and `drop1(glm)`.
Reference: McCullagh and Nelder (1989). Generalized Linear Models. Chapman and Hall, section 2.3.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from bineural import irls
from bineural._typing import DataFrame
from bineural.checks import checked, choice, number
from bineural.errors import InputError
from bineural.irls.families import NegativeBinomial, get_family

_TEST = choice(None, "chisq", "f", "none")
Test = Literal["chisq", "f", "none"]


class GLMDevianceTables:
    """Tables of deviances of a fitted GLM, from its training rows."""

    @checked(test=_TEST)
    def anova(self, *others: Any, test: Test | None = None) -> DataFrame:
        """Return an analysis of deviance: this model's terms in their order, or this model and others.

        Parameters
        ----------
        *others : fitted GLMs
            Models of the same rows, each nested in the next or the one before. None: the terms of this model
            are added to the intercept one after the other.
        test : {"chisq", "f", "none"}, optional
            Likelihood ratio against chi squared, or F; None takes chi squared where the dispersion is known
            and F where it is estimated, as R does from 4.4 on.

        Returns
        -------
        pandas.DataFrame
            Columns term (or model), df, deviance (what the row takes away), df_residual, residual_deviance,
            and with a test statistic and p_value. Firth's fits have the penalised likelihood's.

        Raises
        ------
        InputError
            For a penalised fit, models of other rows, or one that comes from a file.
        """
        import pandas as pd

        self._need_inference()
        test = self._settle_test(test)
        if others:
            table, largest = _compare((self, *others))
        else:
            table, largest = pd.DataFrame(self._sequence()), self
        return _with_test(table, test, largest.fit_)

    @checked(test=_TEST, penalty=number(0))
    def drop1(self, test: Test | None = None, penalty: float = 2.0) -> DataFrame:
        """Return what each term adds to all others, terms that an interaction contains left alone.

        Parameters
        ----------
        test : {"chisq", "f", "none"}, optional
            As for `anova`; the F of this table is over the residual deviance, as R's `drop1`.
        penalty : float
            Price of a degree of freedom in the column aic.

        Returns
        -------
        pandas.DataFrame
            Columns term ("<none>" first: the model as it is), df, deviance, aic, and with a test statistic
            and p_value.

        Raises
        ------
        InputError
            As for `anova`.
        """
        import pandas as pd

        self._need_inference()
        test, rows, fit = self._settle_test(test), self._kept_rows("An analysis of deviance"), self.fit_
        terms = self._terms(rows)
        loose = [k for k, (names, _) in enumerate(terms) if not _is_contained(names, terms)]
        losses = [self._loss_without(rows, terms[k][1]) for k in loose]
        table = pd.DataFrame(
            {
                "term": ["<none>", *(":".join(terms[k][0]) for k in loose)],
                "df": [np.nan, *(float(df) for _, df in losses)],
                "deviance": fit.deviance + np.array([0.0, *(loss for loss, _ in losses)]),
            }
        )
        scaled = self._minus_two_log(table["deviance"].to_numpy())
        aic = fit.aic + (penalty - 2.0) * _count_parameters(fit)
        table["aic"] = aic + (scaled - scaled[0]) - penalty * table["df"].fillna(0.0)
        if np.isnan(fit.aic):
            table = table.drop(columns="aic")
        if test == "none":
            return table
        lost = np.maximum(scaled - scaled[0], 0.0)
        if test == "f":
            lost = (table["deviance"] - fit.deviance) / table["df"] / (fit.deviance / fit.df_residual)
        lost = np.where(table["df"] > 0, lost, np.nan)
        return table.assign(
            statistic=lost, p_value=_p_value(lost, table["df"].to_numpy(), test, fit.df_residual)
        )

    def _settle_test(self, test):
        if test is not None:
            return test
        return "f" if getattr(self.fit_, "statistic_name", "z") == "t" else "chisq"

    def _minus_two_log(self, deviance):
        """Return minus twice the log-likelihood, but for a constant, at deviances of models of these rows."""
        if self.family_ == "gaussian" and not self._is_multinomial:
            return self.n_rows_ * np.log(deviance / self.n_rows_)
        return deviance / getattr(self.fit_, "dispersion", 1.0)

    def _terms(self, rows):
        """Return [(variables, columns of the matrix)], texts and pixels being no terms."""
        if self.input_ is not None:
            raise InputError(
                "Terms can be had of a table only.",
                f"The model is of {self.input_.kind}s.",
                "Compare models by compare_models() instead.",
            )
        return self.preparation_.term_columns()

    def _sequence(self):
        """Return the rows of the table of terms that are added one after the other."""
        rows = self._kept_rows("An analysis of deviance")
        terms = self._terms(rows)
        whole = sorted(column for _, columns in terms for column in columns)
        steps = [self._loss_without(rows, whole)]
        for k in range(len(terms)):
            later = [column for _, columns in terms[k + 1 :] for column in columns]
            steps.append(self._loss_without(rows, later) if later else (0.0, 0))
        losses, left = (np.array(part, dtype=float) for part in zip(*steps))
        return {
            "term": ["NULL", *(":".join(names) for names, _ in terms)],
            "df": [np.nan, *-np.diff(left)],
            "deviance": [np.nan, *-np.diff(losses)],
            "df_residual": self.fit_.df_residual + left,
            "residual_deviance": self.fit_.deviance + losses,
        }

    def _loss_without(self, rows, columns):
        """Return the deviance that is lost without columns of the matrix, and how many parameters go."""
        fit, x = self.fit_, np.delete(rows.matrix, columns, axis=1)
        options = {"weights": rows.weights, "intercept": self.intercept_column_}
        if getattr(self, "method", "ml") == "firth":
            held = [column + self.intercept_column_ for column in columns]
            return irls.firth_without(rows.matrix, self._numbers(rows), held, offset=rows.offset, **options)
        if self._is_multinomial:
            part = irls.fit_multinomial(x, self._target(rows), len(self.classes_), **options)
        else:
            part = irls.fit_irls(
                x,
                self._numbers(rows),
                family=fit.family,
                link=fit.link,
                converge=self.converge,
                offset=rows.offset,
                **options,
            )
        return part.deviance - fit.deviance, _count_parameters(fit) - _count_parameters(part)


def _is_contained(names, terms):
    """Say whether another term holds all variables of one, as a:b holds those of a."""
    return any(set(names) < set(other) for other, _ in terms)


def _count_parameters(fit):
    return getattr(fit, "n_parameters", fit.rank)


def _compare(models):
    """Return the rows of the table of models, and the largest of them."""
    import pandas as pd

    for model in models:
        if not isinstance(model, GLMDevianceTables):
            raise InputError(
                "`anova` must be of GLMs.", f"Found {type(model).__name__}.", "Give models of fit_glm()."
            )
        model._need_inference()
    _check_alike(models)
    residual = np.array([_penalised_deviance(model) for model in models])
    left = np.array([model.fit_.df_residual for model in models], dtype=float)
    table = pd.DataFrame(
        {
            "model": np.arange(len(models)) + 1,
            "df": [np.nan, *-np.diff(left)],
            "deviance": [np.nan, *-np.diff(residual)],
            "df_residual": left,
            "residual_deviance": residual,
        }
    )
    return table, models[int(np.argmin(left))]


def _check_alike(models):
    """Refuse models whose deviances can't be subtracted from each other."""
    first = models[0]
    for model in models[1:]:
        for what, mine, other in (
            ("rows", first.n_rows_, model.n_rows_),
            ("outcome", getattr(first, "outcome_", None), getattr(model, "outcome_", None)),
            ("family", _family_name(first), _family_name(model)),
            ("method", getattr(first, "method", "ml"), getattr(model, "method", "ml")),
        ):
            if mine != other:
                raise InputError(
                    f"Models must have the same {what} to be compared by their deviances.",
                    f"Found {mine} and {other}.",
                    "Fit them to the same rows, or use compare_models().",
                )


def _family_name(model):
    return "multinomial" if model._is_multinomial else model.family_.partition("(")[0]


def _penalised_deviance(model):
    """Return minus twice the log-likelihood; of a negative binomial fit in full, as its thetas differ."""
    fit = model.fit_
    if getattr(model, "method", "ml") == "firth":
        rows = model._kept_rows("The penalised likelihood")
        return irls.firth_objective(
            rows.matrix,
            model._numbers(rows),
            fit,
            weights=rows.weights,
            offset=rows.offset,
            intercept=model.intercept_column_,
        )
    if not model._is_multinomial and isinstance(get_family(fit.family, fit.link), NegativeBinomial):
        return -2.0 * fit.log_lik
    return fit.deviance


def _with_test(table, test, fit):
    """Add the statistic and its p-value."""
    if test == "none":
        return table
    df = np.abs(table["df"].to_numpy())
    scale = getattr(fit, "dispersion", 1.0)
    with np.errstate(all="ignore"):
        statistic = np.where(df > 0, np.abs(table["deviance"].to_numpy()) / scale, np.nan)
        statistic = statistic / df if test == "f" else statistic
    left = fit.df_residual if getattr(fit, "statistic_name", "z") == "t" else np.inf  # a known dispersion
    return table.assign(statistic=statistic, p_value=_p_value(statistic, df, test, left))


def _p_value(statistic, df, test, df_residual):
    from scipy.special import chdtrc, fdtrc

    with np.errstate(all="ignore"):
        if test == "f" and np.isfinite(df_residual):
            return fdtrc(df, df_residual, statistic)
        return chdtrc(df, statistic * df if test == "f" else statistic)
