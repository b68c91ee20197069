"""The baseline: generalised linear models with R's numbers, as scikit-learn estimators and as one verb.

Fitting is our own iteratively reweighted least squares (`irls/`), so that coefficients, standard errors and
deviances are those of R's `glm` to its last digits, without R.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from bineural import irls
from bineural._typing import ArrayLike, Floats, Function, Label, Labels, Missing, RowsLike, RowSource, Unseen
from bineural.checks import Check, checked, choice, label, labels
from bineural.errors import InputError, SeparationWarning
from bineural.glm.base import OPTIONS, FittedByIRLS, check_options
from bineural.glm.batches import BatchProblem, BatchTraining, in_batches
from bineural.glm.saved import GLM, GLM_CLASSES, GLM_NUMBERS
from bineural.inputs.estimator import ClassifierFace, RegressorFace
from bineural.inputs.problem import is_classification, read_problem
from bineural.irls.families import FAMILIES, read_theta
from bineural.irls.links import LINKS
from bineural.irls.softmax import class_shares
from bineural.measures.ordering import class_logits
from bineural.messages import listed, warn

_ALL_BUT_SURE = 1e-8
_CLASS_LINK = choice(None, "logit", "probit", "cloglog", "cauchit", "log")
_NUMBER_FAMILIES = ("gaussian", "poisson", "gamma", "inverse_gaussian", "quasipoisson", "negative_binomial")


def _family_among(*others):
    """Declare the name of a family; a negative binomial one may have its theta in parentheses."""
    names = (*others, *_NUMBER_FAMILIES, "binomial", "quasibinomial")
    assert set(FAMILIES) <= set(names)

    def read(value):
        if value in names or read_theta(value) is not None:
            return value
        raise ValueError

    return Check(f"one of {listed([name for name in names if name], 12)}", read, "Choose one of them.")


_NUMBER_FAMILY = _family_among()


class GLMClassifier(ClassifierFace, FittedByIRLS):
    """Binomial GLM for two classes, multinomial for more.

    Parameters
    ----------
    formula : str, optional
        Right-hand side, for example ``"Age + Number * Start"``; None takes every column by its type.
    event : label, optional
        Class whose log-odds are modelled; None takes the last of `classes_`, as scikit-learn does,
        and leaves the event unnamed for `evaluate_model`.
    link : {"logit", "probit", "cloglog", "cauchit", "log"}, optional
        Two classes only; None is the logit.
    contrasts : dict, optional
        ``{column: "treatment" | "SAS" | "sum" | "helmert" | "poly"}``; "." stands for all others, see
        `Preparation`.
    penalty : {"ridge", "lasso", "auto"}, optional
        Fit with standardised columns; no standard errors then. "auto" is maximum likelihood (or `method`)
        where it exists, and else a ridge whose strength is chosen within the training rows [1]_: where the
        classes are separated, the fit does not converge, or there are more than n_rows / 3 columns.
    strength : float, optional
        Penalty per coefficient on the mean loss (glmnet's lambda); needed with "ridge" and "lasso".
    method : {"ml", "firth"}
        Maximum likelihood, or Firth's bias-reduced fit, which stays finite under separation.
    converge : {"r", "full"}
        R's stopping rule and standard errors (from the last but one coefficients), or full convergence. Where
        R's steps reach no maximum of the likelihood, they are halved until they do, and a warning says so.
    missing : {"error", "drop", "impute"}
        What to do with rows that have missing values: "drop" leaves them out, "impute" puts in the median or
        most frequent level, beside an indicator of what was missing. An offset is never imputed.
    unseen : {"warn", "error"}
        Levels at prediction that training never saw: an average level and one warning, or an error.
    features : "auto" or callable
        What the columns are of rows that are no table: "auto" takes the pixels of images (of larger ones the
        means of at most 16 x 16 squares) and the values of other arrays, and fits a ridge whose strength is
        chosen within the training rows, unless `penalty` or `method` asks for something else. Of texts it
        takes tf-idf (see Notes). A function of x returns a data frame of as many rows; a file can't hold it.

    Attributes
    ----------
    coef_ : ndarray of float64, shape (1, n_columns) or (n_classes - 1, n_columns)
        Several classes: each level but the first (the reference) in the order of `levels_`.
    intercept_ : ndarray of float64, shape (1,) or (n_classes - 1,)
    classes_ : ndarray, shape (n_classes,)
        Sorted, as scikit-learn has them.
    levels_ : list of labels
        The classes in the order of a categorical outcome, else sorted.
    event_ : label or None
    fit_ : IRLSFit
        Standard errors, deviances and the rest; `summary()` prints them.
    penalty_ : {"ridge", "lasso"} or None
        The penalty that was used; with ``penalty="auto"`` None where maximum likelihood exists.
    strength_ : float or None
        Its strength.
    names_ : list of str
        Coefficient names, as R's.

    Notes
    -----
    Texts become tf-idf of words and pairs of words, and of runs of 3 to 5 characters within words, of those
    that are in two training texts or more: tf(t) * idf(t) with idf(t) = ln((1 + n) / (1 + df(t))) + 1, where
    df(t) of n texts contain the term t; the values of a text, words and characters each, are divided by the
    root of the sum of their squares (scikit-learn's formula). A ridge is fitted to these columns as they are
    and to the other terms of the formula, standardised; five folds within the training rows choose its
    strength. The columns stay sparse.

    The columns of sequences (see `as_sequences`) are of each feature: ``mean_``, ``sd_``, ``min_``,
    ``max_``, ``first_``, ``last_``, ``lag1_`` and ``lag2_`` (one and two steps before the last), ``slope_``
    (of the least squares line, per step), ``autocorrelation_`` (of neighbouring steps), ``part1_`` ... (means
    of as many parts of equal length as the longest has steps, at most 16); and ``length``. A ridge is fitted
    to them, as to pixels.

    References
    ----------
    .. [1] Rad and Maleki (2020). *Journal of the Royal Statistical Society B* 82(4), 965-996: the strength
       has the least deviance of rows left out: five folds, then single rows approximately; none are drawn.

    McCullagh and Nelder (1989). *Generalized Linear Models*. Chapman and Hall.
    Firth (1993). *Biometrika* 80(1), 27-38.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> model = GLMClassifier("Age + Number + Start", event="present").fit(kyphosis, kyphosis["Kyphosis"])
    >>> round(model.fit_.deviance, 3)
    61.38
    """

    def __init__(
        self,
        formula: str | None = None,
        *,
        event: Label | None = None,
        link: str | None = None,
        contrasts: Mapping[str, Any] | None = None,
        penalty: Literal["ridge", "lasso", "auto"] | None = None,
        strength: float | None = None,
        method: Literal["ml", "firth"] = "ml",
        converge: Literal["r", "full"] = "r",
        missing: Missing = "error",
        unseen: Unseen = "warn",
        features: Literal["auto"] | Function = "auto",
    ) -> None:
        self.formula = formula
        self.event = event
        self.link = link
        self.contrasts = contrasts
        self.penalty = penalty
        self.strength = strength
        self.method = method
        self.converge = converge
        self.missing = missing
        self.unseen = unseen
        self.features = features

    family_ = "binomial"
    SCHEMA = {**GLM, **GLM_CLASSES}

    def _check_options(self):
        _CLASS_LINK(self.link, "link")
        check_options(self)

    def _solve(self, training):
        if len(self.classes_) > 2:
            self._check_several(training)
            n_classes, common = len(self.classes_), self._common(training)
            return irls.fit_multinomial(training.matrix, self._target(training), n_classes, **common)
        if self.method == "firth":
            return irls.fit_firth(training.matrix, self._target(training), **self._common(training))
        return self._fit_one(
            training, self._target, family="binomial", link=self.link, converge=self.converge
        )

    def _target(self, training):
        """Return 1 for the event, or with several classes each row's place among the levels."""
        if len(self.classes_) > 2:
            return self._level_ranks()[training.y.astype(np.int64, copy=False)]
        return (training.y == self.event_position_).astype(np.float64)

    def _penalised_family(self, training):
        if len(self.classes_) == 2:
            return {"family": "binomial"}
        self._check_several(training)
        return {"family": "multinomial", "n_classes": len(self.classes_)}

    def _check_several(self, training):
        if self.link not in (None, "logit") or self.method != "ml" or training.offset is not None:
            given = "an" if training.offset is not None else "no"
            raise InputError(
                "With more than two classes the link must be the logit, the method 'ml', without an offset.",
                f"Found {self.link!r}, {self.method!r}, {given} offset, {len(self.classes_)} classes.",
                "Leave them at their defaults, or model one class against the rest.",
            )

    def _level_ranks(self):
        """Place each of `classes_` among the levels, the first of which is the reference as in R."""
        return np.array([self.levels_.index(label) for label in self.classes_.tolist()])

    def _look_for_separation(self, training, fit):
        """Note in `separation_` what separates the classes, if anything does."""
        several = len(self.classes_) > 2
        for event in range(len(self.classes_)) if several else [self.event_position_]:
            self.separation_ = self._find_separation(training, event)
            if self.separation_.kind != "none":
                how = "completely" if self.separation_.kind == "complete" else "partly"
                shown = listed(self.classes_[event : event + 1])
                who = f"the class {shown} and the others are" if several else "the classes are"
                return f"{who} {how} separated by {listed(self.separation_.columns)}"
        return super()._look_for_separation(training, fit) if several else None

    def _is_saturated(self, training, fit):
        """Say whether some probability is all but 0 or 1, as under separation even where nothing moves."""
        if isinstance(training, BatchTraining) and len(self.classes_) == 2 and self.method == "ml":
            low, high = training.mean_range(fit)
            return min(low, 1 - high) < _ALL_BUT_SURE
        fitted = fit.fitted if training.weights is None else fit.fitted[training.weights > 0]
        return bool(min(fitted.min(), 1 - fitted.max()) < _ALL_BUT_SURE)

    def _say_separated(self, trouble):
        remedy = "penalty='auto'" if len(self.classes_) > 2 else "method='firth', or penalty='auto'"
        remedy += ", a ridge where it is needed"
        if self.penalty == "auto":  # of rows in batches, too many for a ridge
            remedy = "method='firth', or a sample of the rows, for which there is a ridge"
        warn(
            SeparationWarning,
            f"{trouble}: maximum likelihood has no finite coefficients there, and standard errors mean "
            f"nothing. Try {remedy}.",
        )

    def _find_separation(self, training, event):
        """Look for what separates a class, by its position, from the rest."""
        return irls.find_separation(
            training.matrix,
            (training.y == event).astype(np.float64),
            intercept=self.intercept_column_,
            weights=training.weights,
            names=self.preparation_.names_,
        )

    def _probability(self, prepared):
        return self._from_link(self._link_of(prepared))

    def _from_link(self, link):
        if len(self.classes_) > 2:
            return class_shares(link)[:, self._level_ranks()]
        event = LINKS[self.fit_.link].mean(link)
        return self._both(event, 1 - event)

    def _probability_and_logit(self, prepared):
        link = self._link_of(prepared)
        if len(self.classes_) == 2:
            return self._from_link(link), self._both(link, -link)
        logit = class_logits(np.column_stack([np.zeros(len(link)), link]))
        return self._from_link(link), logit[:, self._level_ranks()]

    def _both(self, event, other):
        """Put the event's values and the other class's into the order of `classes_`."""
        both = np.empty((len(event), 2))
        both[:, self.event_position_], both[:, 1 - self.event_position_] = event, other
        return both

    def decision_function(self, X: RowsLike) -> Floats:
        """Return the linear predictor of `classes_[1]` (two classes) or log-odds against the first level.

        Parameters
        ----------
        X : data frame or array_like, shape (n_rows, n_features), or rows in batches

        Returns
        -------
        ndarray of float64, shape (n_rows,) or (n_rows, n_classes)
        """
        return self._answer(X, self._decision)

    def _decision(self, prepared):
        link = self._link_of(prepared)
        if len(self.classes_) > 2:
            return np.column_stack([np.zeros(len(link)), link])[:, self._level_ranks()]
        if self.fit_.link not in ("logit", "probit", "cauchit"):  # only these are zero at one half
            probability = self._from_link(link)
            return np.log(probability[:, 1]) - np.log(probability[:, 0])
        return link if self.event_position_ == 1 else -link


class GLMRegressor(RegressorFace, FittedByIRLS):
    """GLM for numbers: Gaussian, Poisson, gamma and others, or a binomial one for proportions.

    Parameters
    ----------
    formula : str, optional
        Right-hand side; None takes every column by its type.
    family : str
        "gaussian", "poisson", "gamma", "inverse_gaussian", "quasipoisson", "negative_binomial" (theta is
        estimated, as by `glm.nb` of MASS; "negative_binomial(2)" gives it), "binomial" or "quasibinomial".
        The last two take proportions in [0, 1], with the numbers of trials as weights.
    link : {"identity", "log", "inverse", "sqrt", "1/mu^2", "logit", "probit", "cloglog", "cauchit"}, optional
        None takes R's default: identity, log, inverse, 1/mu^2, logit.
    contrasts, penalty, strength, converge, missing, unseen, features
        As in `GLMClassifier`.

    Attributes
    ----------
    coef_ : ndarray of float64, shape (n_columns,)
    intercept_ : float
    fit_ : IRLSFit
    penalty_, strength_
        As in `GLMClassifier`.
    names_ : list of str

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> model = bn.fit_glm("sepal_length ~ petal_length", iris)
    >>> [round(float(b), 3) for b in model.fit_.coef]
    [4.307, 0.409]
    """

    def __init__(
        self,
        formula: str | None = None,
        *,
        family: str = "gaussian",
        link: str | None = None,
        contrasts: Mapping[str, Any] | None = None,
        penalty: Literal["ridge", "lasso", "auto"] | None = None,
        strength: float | None = None,
        converge: Literal["r", "full"] = "r",
        missing: Missing = "error",
        unseen: Unseen = "warn",
        features: Literal["auto"] | Function = "auto",
    ) -> None:
        self.formula = formula
        self.family = family
        self.link = link
        self.contrasts = contrasts
        self.penalty = penalty
        self.strength = strength
        self.converge = converge
        self.missing = missing
        self.unseen = unseen
        self.features = features

    SCHEMA = {**GLM, **GLM_NUMBERS}

    @property
    def family_(self):
        """Name of the family; of a negative binomial one with its theta, once fitted."""
        fit = vars(self).get("fit_")
        return fit.family if self.family == "negative_binomial" and fit is not None else self.family

    def _check_options(self):
        _NUMBER_FAMILY(self.family, "family")
        check_options(self)

    def _solve(self, training):
        options = {"link": self.link, "converge": self.converge}
        if self.family == "negative_binomial":
            return irls.fit_negative_binomial(
                training.matrix, training.y, **options, **self._common(training)
            )
        return self._fit_one(training, self._target, family=self.family, **options)

    def _target(self, training):
        return training.y

    def _penalised_family(self, training):
        family = self.family.removeprefix("quasi")
        if family not in ("gaussian", "poisson", "gamma", "binomial"):
            raise InputError(
                "A penalised GLM must have the Gaussian, Poisson, gamma or binomial family.",
                f"The family is {self.family!r}.",
                "Use family='poisson' or family='gamma', or no penalty.",
            )
        return {"family": family}

    def _mean(self, prepared):
        return self._mean_of(prepared)


@checked(
    event=label().or_none(),
    classes=labels().or_none(),
    family=_family_among(None, "multinomial"),
    **OPTIONS,
)
def fit_glm(
    formula: str | RowsLike,
    data: RowSource,
    *,
    event: Label | None = None,
    classes: Labels | None = None,
    family: str | None = None,
    link: str | None = None,
    weights: str | ArrayLike | None = None,
    offset: str | ArrayLike | None = None,
    contrasts: Mapping[str, Any] | None = None,
    penalty: Literal["ridge", "lasso", "auto"] | None = None,
    strength: float | None = None,
    method: Literal["ml", "firth"] = "ml",
    converge: Literal["r", "full"] = "r",
    missing: Missing = "error",
    unseen: Unseen = "warn",
    features: Literal["auto"] | Function = "auto",
) -> GLMClassifier | GLMRegressor:
    """Fit a generalised linear model.

    Parameters
    ----------
    formula : str, data frame or array_like
        ``"outcome ~ terms"`` in R's notation (``"cbind(successes, failures) ~ terms"`` for shares of trials,
        which become the outcome, and the trials its weights); or the predictors x, with the outcome y as
        `data`: a table, images as `fit_net` takes them (their pixels are the columns), texts (a list or
        column of strings, or ``"rating ~ text(review) + price"``; tf-idf, see `GLMClassifier`), or any rows
        beside `features`.
    data : data frame, array_like, str, path, pyarrow.dataset.Dataset, callable or iterable
        Rows; or the outcome y (or its column name) beside x; or rows in batches, more than memory holds, as
        `fit_net` takes them: a Parquet file or a folder of them, a pyarrow data set, a function without
        arguments that returns a fresh iterator of tables, or a list of tables (see Notes).
    event : label, optional
        Class whose probability is meant. A two-class outcome must name it. With more classes the model is of
        all of them, and the event is measured against the others together.
    classes : list of labels, optional
        Takes a numeric outcome as these classes.
    family : str, optional
        None: "binomial" for two classes and for ``"cbind(successes, failures) ~ terms"``, "multinomial" for
        more classes, "gaussian" for numbers. Or another one of `GLMRegressor`.
    link : str, optional
        None takes R's default link of the family.
    weights : str or array_like of float64, shape (n_rows,), optional
        Prior weights with R's meaning, or the name of their column.
    offset : str or array_like of float64, shape (n_rows,), optional
        Known part of the linear predictor; a column name is found again in new data.
    contrasts, penalty, strength, method, converge, missing, unseen, features
        See `GLMClassifier`.

    Returns
    -------
    GLMClassifier or GLMRegressor
        Fitted; `.summary()`, `.coef()`, `.confint()`, `.predict_proba(new)`.

    Raises
    ------
    InputError
        If formula, columns, outcome or options cannot be used; the message says which.

    Warns
    -----
    SeparationWarning, AliasedWarning, ConvergenceWarning, DroppedWarning, PenaltyWarning, ColumnWarning
    LabelWarning
        If labels of the outcome or of a predictor differ by case, white space or notation only.

    Notes
    -----
    Batches are read twice (few rows once): for levels and the outcome, then to prepare the rows, which go to
    a temporary file (8 bytes a number, in the folder that the environment variable TMPDIR names) that each
    iteration reads. Coefficients, standard errors and deviances are those of the same rows in memory.
    Nothing that is kept grows with the rows, but with ``method="firth"``, of several classes, with an
    estimated theta, and where separation is looked for: there a few numbers of each row are. `weights` and
    `offset` then name columns. A term that must see all rows at once (`poly`, quantiles as knots),
    `missing="impute"` and a penalty are refused; ``penalty="auto"`` is a ridge only while the prepared rows
    take less than 128 MiB. As the training rows are not kept, residuals, profile intervals and other
    diagnostics are not to be had; Wald intervals are.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present")
    >>> glm.coef().round(4).to_dict()
    {'(Intercept)': -2.0369, 'Age': 0.0109, 'Number': 0.4106, 'Start': -0.2065}
    """
    shared = {
        "link": link,
        "contrasts": contrasts,
        "penalty": penalty,
        "strength": strength,
        "converge": converge,
        "missing": missing,
        "unseen": unseen,
        "features": features,
    }
    if in_batches(formula, data):
        labels = event is not None or classes is not None or family == "multinomial"
        problem = BatchProblem(formula, data, weights, offset, shared, labels)
    else:
        problem = read_problem(
            formula, data, weights, offset, tells_row_numbers=not callable(features), counts=True
        )
    if problem.is_counted:
        family = _family_of_counts(family, event, classes)
    if _wants_classes(problem.y, family, event, classes):
        return problem.fit(GLMClassifier(event=event, method=method, **shared))
    if method != "ml":
        raise InputError(
            "`method='firth'` can be used for two classes only.",
            "The outcome is numbers.",
            "Use method='ml'.",
        )
    return problem.fit(GLMRegressor(family=family or "gaussian", **shared))


def _family_of_counts(family, event, classes):
    """Return the family of successes and failures, bound together as an outcome."""
    if event is None and classes is None and family in (None, "binomial", "quasibinomial"):
        return family or "binomial"
    raise InputError(
        "An outcome cbind(successes, failures) must have the binomial or quasibinomial family, and no event.",
        f"Found family={family!r}, event={event!r}." if classes is None else "`classes` is given.",
        "Leave `event` and `classes` out: the first column counts the event.",
    )


def _wants_classes(y, family, event, classes):
    """Say whether the outcome is labels; a named family of numbers settles it, a proportion is a number."""
    if family in _NUMBER_FAMILIES or family == "quasibinomial" or read_theta(family) is not None:
        if event is not None:
            raise InputError(
                f"`family={family!r}` models numbers, so `event` can't be named.",
                f"Found event={event!r}.",
                "Drop one.",
            )
        return False
    if family == "binomial" and event is None and classes is None:
        values = np.asarray(y) if np.asarray(y).dtype.kind == "f" else np.zeros(0)
        inside = values[(values > 0) & (values < 1)]
        if len(inside):
            return False
    if family == "multinomial" and event is None:
        return True
    return is_classification(y, event, classes)
