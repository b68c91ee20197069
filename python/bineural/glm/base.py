"""The common part of the two GLM estimators: prepare, solve by `irls`, and warn of what went wrong."""

from __future__ import annotations

from typing import Self

from sklearn.utils.validation import check_is_fitted

from bineural import irls
from bineural._typing import ArrayLike, Floats, RowsLike
from bineural.checks import check_attributes, checked, choice, flag, number
from bineural.errors import AliasedWarning, ConvergenceWarning, InputError, PenaltyWarning, SeparationWarning
from bineural.formula.syntax import quote_name
from bineural.glm.batches import BatchTraining, fit_batches, read_rows
from bineural.glm.columns import FEATURES, columns_of, learn_columns, text_kind
from bineural.glm.deviance_tables import GLMDevianceTables
from bineural.glm.diagnostics import GLMDiagnostics
from bineural.glm.results import GLMResults
from bineural.glm.saved import check_glm
from bineural.glm.texts import begin_texts, is_of_texts, solve_texts, text_rows
from bineural.inputs.estimator import TableModel
from bineural.inputs.outcomes import check_offset
from bineural.irls.links import LINKS
from bineural.messages import listed, number_of, warn
from bineural.tables.batches import is_stream
from bineural.tables.rows import count_rows

_ROWS_PER_COLUMN = 3  # fewer make maximum likelihood no baseline
OPTIONS = {
    "features": FEATURES,
    "link": choice(None, *LINKS),
    "penalty": choice(None, "ridge", "lasso", "auto"),
    "strength": number(0, above=True, hint="Pass for example strength=0.1 (glmnet's lambda).").or_none(),
    "method": choice("ml", "firth"),
    "converge": choice("r", "full"),
    "missing": choice("error", "drop", "impute"),
    "unseen": choice("warn", "error"),
}
_RESTLESS = "the fit did not converge"


class FittedByIRLS(GLMResults, GLMDiagnostics, GLMDevianceTables, TableModel):
    """The common part of the two estimators: prepare, fit by `irls`, and warn of what went wrong."""

    check_state = check_glm  # of a model from a file
    features, input_ = "auto", None  # of a file that is older than they are

    def fit(
        self,
        X: RowsLike,
        y: ArrayLike | str,
        sample_weight: ArrayLike | str | None = None,
        offset: ArrayLike | None = None,
    ) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches
            Predictors; with a `formula`, a data frame that holds its columns. Batches (see `fit_net`) hold
            the outcome too.
        y : array_like, shape (n_rows,), or str
            Outcome: labels for a classifier, numbers for a regressor; of batches the name of its column.
        sample_weight : array_like of float64, shape (n_rows,), or str, optional
            Non-negative row weights; of batches the name of their column.
        offset : array_like of float64, shape (n_rows,), optional
            Known part of the linear predictor; of batches it stands in the formula.

        Returns
        -------
        self

        Raises
        ------
        InputError
            If columns, outcome or weights cannot be used; the message says which.
        """
        if not (isinstance(y, str) and is_stream(X)):
            return super().fit(X, y, sample_weight, offset)
        self._check_options()
        if offset is not None:
            self._count_for_offset(X)
        labels = hasattr(type(self), "predict_proba")
        rows = read_rows(
            X, quote_name(y), self.formula, sample_weight, self.get_params(deep=False), labels=labels
        )
        return fit_batches(self, rows)

    def _fit(self, X, y, sample_weight=None, offset=None, exclude=()):
        self._check_options()
        kind = text_kind(X, self.features, self.formula)
        if kind is not None:
            training = begin_texts(self, kind, X, y, sample_weight, offset, exclude)
            columns = self.input_
            self.intercept_column_, names = columns.intercept, columns.names
        else:
            self.input_ = learn_columns(X, self.features, self.formula)
            training = self._begin_fit(
                X, y, sample_weight, offset, exclude, categories="contrast", contrasts=self.contrasts
            )
            self.intercept_column_, names = self.preparation_.intercept_, self.preparation_.names_
        self.name_columns(names)
        self.solve(training)
        self._training_rows = training
        return self

    def name_columns(self, names=None):
        """Name the coefficients; without `names` they are those of the preparation."""
        if names is None:
            self.intercept_column_, names = self.preparation_.intercept_, self.preparation_.names_
        self.names_ = ["(Intercept)"] * self.intercept_column_ + list(names)
        if not self.names_:
            raise InputError(
                "A GLM must have at least one term.", "The formula has none.", "Keep the intercept."
            )

    def solve(self, training):
        """Fit to prepared rows, and warn of what went wrong."""
        self.separation_, self.trouble_ = None, None
        self.fit_ = self._solve_as_asked(training)
        self._say_what_is_wrong()

    def _prepare(self, X):
        """Turn new rows into numbers with what was learnt at fit."""
        return text_rows(self.input_.apply(X)) if is_of_texts(self) else super()._prepare(X)

    def _check_columns(self, X, reset):
        """Return the columns that the model is of, checked as scikit-learn would."""
        return super()._check_columns(columns_of(X, self.features, self.input_), reset)

    @property
    def _is_of_pixels(self):
        """Whether a ridge is the model that is meant: of rows that are no table, such as images."""
        plain = self.penalty in (None, "auto") and getattr(self, "method", "ml") == "ml"
        return plain and self.input_ is not None

    def _solve_as_asked(self, training):
        """Fit as `penalty` says; "auto" takes a ridge where maximum likelihood gives no model."""
        if is_of_texts(self):
            return solve_texts(self, training)
        if self._is_of_pixels:
            return self._solve_by_ridge(training)
        if self.penalty in ("ridge", "lasso"):
            options = {"penalty": self.penalty, "strength": self.strength, **self._penalised_family(training)}
            return irls.fit_penalised(
                training.matrix, self._target(training), **options, **self._common(training)
            )
        auto, n_columns = self.penalty == "auto", training.matrix.shape[1]
        n_rows = training.n_live
        auto = auto and training.whole() is not None
        if auto and n_columns > n_rows / _ROWS_PER_COLUMN:
            self.trouble_ = f"there are {number_of(n_columns, 'column')} for {number_of(n_rows, 'row')}"
            return self._solve_by_ridge(training)
        try:
            fit = self._solve(training)
        except InputError:
            if not auto:
                raise
            fit, self.trouble_ = None, "maximum likelihood found no valid coefficients"
        else:
            self.trouble_ = self._find_trouble(training, fit)
        return fit if self.trouble_ is None or not auto else self._solve_by_ridge(training)

    def _solve_by_ridge(self, training):
        training = training.whole()
        options = self._penalised_family(training)
        if options["family"] != "multinomial":
            options["link"] = self.link
        return irls.fit_chosen_ridge(
            training.matrix, self._target(training), **options, **self._common(training)
        )

    def _common(self, training):
        return {
            "intercept": self.intercept_column_,
            "weights": training.weights,
            "offset": training.offset,
        }

    def _find_trouble(self, training, fit):
        """Say why a fit without a penalty is no model of the rows; None where it is one."""
        likely = irls.separation_suspected(fit) or self._is_saturated(training, fit)
        look = likely and getattr(self, "method", "ml") == "ml"
        trouble = self._look_for_separation(training, fit) if look else None
        return _RESTLESS if trouble is None and not fit.converged else trouble

    def _look_for_separation(self, training, fit):
        """Say whether coefficients still ran away when the deviance stood still."""
        unbounded = getattr(fit, "link", "logit") in ("logit", "probit", "cauchit", "cloglog", "log")
        restless = unbounded and fit.converged and irls.still_moving(fit)
        return "some coefficients have no finite value" if restless else None

    def _is_saturated(self, training, fit):
        return False

    def _fit_one(self, training, target, **options):
        """Fit a GLM with one linear predictor, to rows in memory or in a file."""
        if isinstance(training, BatchTraining):
            return training.fit(**options)
        return irls.fit_irls(training.matrix, target(training), **options, **self._common(training))

    @property
    def penalty_(self):
        """Name of the penalty that was used, or None."""
        return getattr(self.fit_, "penalty", None)

    @property
    def strength_(self):
        """Strength of the penalty that was used, or None."""
        return getattr(self.fit_, "strength", None)

    @property
    def failure_(self):
        """Why the fit is no model of its rows: separated without a penalty, not converged; else None."""
        if self.penalty_ is None:
            return getattr(self, "trouble_", None)
        return None if self.fit_.converged else _RESTLESS

    def _say_what_is_wrong(self):
        fit = self.fit_
        aliased = [name for name, alias in zip(self.names_, getattr(fit, "aliased", ())) if alias]
        if aliased:
            warn(
                AliasedWarning,
                f"{len(aliased)} of {len(self.names_)} coefficients are not defined (NaN): the columns "
                f"before them already make up {listed(aliased)}.",
            )
        edge = getattr(fit, "boundary", False)
        if self.penalty == "auto" and self.trouble_ is not None and self.penalty_ is not None:
            trouble = self.trouble_[0].upper() + self.trouble_[1:]
            warn(
                PenaltyWarning,
                f"{trouble}: a ridge of strength {self.strength_:.2g}, chosen within the training rows, "
                "stands in for maximum likelihood.",
            )
        elif self.failure_ is None and getattr(fit, "beyond_r", False):
            warn(
                ConvergenceWarning,
                "R's steps do not reach the maximum of the likelihood here; halved steps did. Coefficients "
                "and standard errors are those of the maximum, so they differ from what R's `glm` gives."
                + (" The maximum lies at the edge of where the link has a mean." if edge else ""),
            )
        if self.failure_ == _RESTLESS:
            how, hint = ("", "Scale the columns, drop some, or use penalty='auto'.")
            if self.family_.startswith("negative_binomial"):
                hint = "Where counts vary no more than Poisson counts theta has no end: use family='poisson'."
            if edge:
                how = ": it runs to the edge of where its link has a mean"
                hint = "Try the default link, or penalty='auto'."
            warn(ConvergenceWarning, f"The GLM did not converge{how}. {hint}")
        elif self.failure_ is not None:
            self._say_separated(self.failure_[0].upper() + self.failure_[1:])

    def _say_separated(self, trouble):
        remedy = (
            "penalty='auto'" if self.penalty is None else "a sample of the rows, for which there is a ridge"
        )
        warn(SeparationWarning, f"{trouble}: standard errors mean nothing. Try {remedy}.")

    def _link_of(self, prepared, offset=None):
        if self.has_offset_ and offset is None:
            raise InputError(
                "This model was fitted with an offset array, so predictions must have one too.",
                "Found no offset.",
                "Put the offset into the formula, as offset(column), and it is found in new data.",
            )
        total = prepared.offset
        if offset is not None:
            offset = offset[prepared.rows]
            total = offset if total is None else total + offset
        link = irls.predict_link(
            self.fit_.coef, prepared.matrix, intercept=self.intercept_column_, offset=total
        )
        return link.T  # a column for each class but the reference, where there are several

    def _mean_of(self, prepared):
        return LINKS[self.fit_.link].mean(self._link_of(prepared))

    @checked(std_error=flag())
    def predict_link(
        self, X: RowsLike, offset: ArrayLike | None = None, std_error: bool = False
    ) -> Floats | tuple[Floats, Floats]:
        """Predict the linear predictor (log-odds of the event for a logit link).

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches
        offset : array_like of float64, shape (n_rows,), optional
            Needed when the model was fitted with an offset array.
        std_error : bool
            Also return its standard error, as R's `predict(se.fit = TRUE)`.

        Returns
        -------
        ndarray of float64, shape (n_rows,), or a pair of them
            Several classes: (n_rows, n_classes - 1), log-odds of each level but the first against it.

        Raises
        ------
        InputError
            If a standard error is asked for of a penalised fit or of several classes.
        """
        check_is_fitted(self)
        if offset is not None:
            offset = check_offset(offset, self._count_for_offset(X))
        if not std_error:
            return self._answer(X, lambda rows: self._link_of(rows, offset))
        self._need_inference()
        if self._is_multinomial:
            raise InputError(
                "Standard errors of the linear predictor can be given for two classes or numbers only.",
                f"The model has {len(self.classes_)} classes.",
                "Model one class against the rest.",
            )
        return self._answer(X, lambda rows: (self._link_of(rows, offset), self._error_of(rows)))

    def _error_of(self, prepared):
        return irls.se_link(self.fit_.vcov, prepared.matrix, intercept=self.intercept_column_)

    def _count_for_offset(self, X):
        """Count rows that get an offset, which must be in memory as it is."""
        if is_stream(X):
            raise InputError(
                "`offset` can be given beside rows in memory only.",
                "The rows come in batches.",
                "Fit with the offset in the formula, as offset(column), and it is found in every batch.",
            )
        return count_rows(X)

    def __getstate__(self):
        """Leave the training rows behind: a saved model holds no data."""
        state = dict(super().__getstate__())
        for name in ("_training_rows", "_fitted_rows"):
            state.pop(name, None)
        return state


def check_options(model):
    """Refuse options that can't be used, alone or together: a penalty without a strength."""
    check_attributes(model, {name: check for name, check in OPTIONS.items() if hasattr(model, name)})
    if model.penalty == "auto" and model.strength is not None:
        raise InputError(
            "`strength` must be left out with penalty='auto', which chooses it.",
            f"Found {model.strength!r}.",
            "Leave it out, or use penalty='ridge'.",
        )
    if model.penalty is None and model.strength is not None:
        raise InputError(
            "`strength` must come with a penalty, whose strength it is.",
            f"Found strength={model.strength!r} and no penalty.",
            "Pass penalty='ridge' or penalty='lasso', or leave it out.",
        )
    if model.penalty in ("ridge", "lasso") and getattr(model, "method", "ml") != "ml":
        raise InputError(
            "`penalty` must be left out with a `method` other than 'ml'.",
            f"Found penalty={model.penalty!r} and method={model.method!r}.",
            "Leave one of them out.",
        )
    if model.penalty in ("ridge", "lasso") and model.strength is None:
        raise InputError(
            "`strength` must be a number above 0 when a penalty is asked for.",
            f"Found None with penalty={model.penalty!r}.",
            "Pass for example strength=0.1 (glmnet's lambda), or let penalty='auto' choose it where needed.",
        )
