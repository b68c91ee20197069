"""What the two GLM estimators share: preparing, solving by `irls`, and saying what went wrong."""

import numpy as np

from bineural import irls
from bineural.errors import AliasedWarning, ConvergenceWarning, InputError
from bineural.irls.links import LINKS
from bineural.messages import listed, warn
from bineural.models.glm_results import GLMResults
from bineural.models.saved_glm import check_glm
from bineural.models.table_model import TableModel
from bineural.tables.rows import count_rows


class FittedByIRLS(GLMResults, TableModel):
    """What the two estimators share: preparing, fitting by `irls`, and saying what went wrong."""

    check_state = check_glm  # of a model from a file

    def _fit(self, X, y, sample_weight=None, offset=None, exclude=()):
        self._check_options()
        training = self._begin_fit(
            X, y, sample_weight, offset, exclude, categories="contrast", contrasts=self.contrasts
        )
        self.intercept_column_ = self.preparation_.intercept_
        self.names_ = ["(Intercept)"] * self.intercept_column_ + list(self.preparation_.names_)
        if not self.names_:
            raise InputError(
                "A GLM must have at least one term.", "The formula has none.", "Keep the intercept."
            )
        self.fit_ = self._solve(training)
        self._training_rows = training
        self._say_what_is_wrong(training)
        return self

    def _common(self, training):
        return {
            "intercept": self.intercept_column_,
            "weights": training.weights,
            "offset": training.offset,
        }

    def _say_what_is_wrong(self, training):
        fit = self.fit_
        aliased = [name for name, alias in zip(self.names_, getattr(fit, "aliased", ())) if alias]
        if aliased:
            warn(
                AliasedWarning,
                f"{len(aliased)} of {len(self.names_)} coefficients are not defined (NaN): the columns "
                f"before them already make up {listed(aliased)}.",
            )
        if not fit.converged:
            warn(
                ConvergenceWarning,
                "The GLM did not converge. Scale the columns, drop some, or use a penalty.",
            )

    def _link_of(self, prepared, offset=None):
        if self.has_offset_ and offset is None:
            raise InputError(
                "This model was fitted with an offset array, so predictions must have one too.",
                "Found no offset.",
                "Put the offset into the formula, as offset(column), and it is found in new data.",
            )
        total = prepared.offset
        if offset is not None:
            offset = np.asarray(offset, dtype=np.float64)[prepared.rows]
            total = offset if total is None else total + offset
        link = irls.predict_link(
            self.fit_.coef, prepared.matrix, intercept=self.intercept_column_, offset=total
        )
        return link.T  # a column for each class but the reference, where there are several

    def _mean_of(self, prepared):
        return LINKS[self.fit_.link].mean(self._link_of(prepared))

    def predict_link(self, X, offset=None, std_error=False):
        """Predict the linear predictor (log-odds of the event for a logit link).

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features)
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
        prepared = self._prepare(X)
        link = self._spread(self._link_of(prepared, offset), prepared, count_rows(X))
        if not std_error:
            return link
        self._need_inference()
        if self._is_multinomial:
            raise InputError(
                "Standard errors of the linear predictor can be given for two classes or numbers only.",
                f"The model has {len(self.classes_)} classes.",
                "Model one class against the rest.",
            )
        error = irls.se_link(self.fit_.vcov, prepared.matrix, intercept=self.intercept_column_)
        return link, self._spread(error, prepared, count_rows(X))

    def __getstate__(self):
        """Leave the training rows behind: a saved model holds no data."""
        state = dict(super().__getstate__())
        for name in ("_training_rows", "_fitted_rows"):
            state.pop(name, None)
        return state


def check_shared_options(model):
    """Refuse unknown penalties and stopping rules, and a penalty without a strength."""
    check_choice("penalty", model.penalty, [None, "ridge", "lasso"])
    check_choice("converge", model.converge, ["r", "full"])
    if model.penalty is not None and not (
        isinstance(model.strength, (int, float)) and model.strength > 0 and np.isfinite(model.strength)
    ):
        raise InputError(
            "`strength` must be a positive number when a penalty is asked for.",
            f"Found {model.strength!r} with penalty={model.penalty!r}.",
            "Pass for example strength=0.1 (glmnet's lambda), or choose it by resampling.",
        )


def check_choice(name, value, allowed):
    """Refuse a value that is not among those allowed."""
    if value not in allowed:
        raise InputError(
            f"`{name}` must be one of {listed([a for a in allowed if a is not None], 9)}.",
            f"Found {value!r}.",
            "Choose one of them" + (" or leave it out." if None in allowed else "."),
        )
