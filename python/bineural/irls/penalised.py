"""Ridge and lasso through scikit-learn, with the strength on the scale of the mean loss.

The fit minimises the mean negative log-likelihood (weighted; for the gaussian family half the mean squared
error, for the gamma family half the mean deviance) plus strength times half the sum of squares ("ridge") or
the sum of absolute values ("lasso") of the coefficients. This is glmnet's scale. Columns are standardised
first with the SD that divides by the sum of weights, as glmnet's, in a copy of `x`; the intercept is not
penalised and coefficients are given back on the original scale. There are no standard errors: a penalised
estimate is biased on purpose, and the usual formula would not say how far it may be off. With more columns
than rows a ridge is fitted in the space that the rows span, which gives the same answer.
(glmnet's own gaussian ridge divides its lambda by the SD of the outcome; ours does what is written here.)
Reference: Hastie, Tibshirani and Friedman (2009). The Elements of Statistical Learning, section 3.4.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from bineural.checks import checked, choice, flag, number, whole

from ..errors import InputError
from .families import get_family
from .inference import predict_link
from .multinomial import _check_codes, predict_multinomial
from .rows import Design, Rows, check_weights
from .saved import PENALISED_FIT
from .threads import one_matrix_thread


@dataclass
class PenalisedFit:
    """A penalised fit on the original scale.

    Attributes
    ----------
    coef : ndarray of float64, shape (n_columns,) or (n_classes - 1, n_columns)
        The intercept first, when there is one; for several classes each against class 0.
    fitted : ndarray of float64, shape (n_rows,) or (n_rows, n_classes)
    deviance : float
    n_nonzero : int
        Columns with a coefficient that is not 0, the intercept apart.
    centers, scales : ndarray of float64, shape (n_features,)
        Means and SDs used to standardise.
    converged : bool
    family, link, penalty : str
    strength : float
    intercept : bool
    n_rows : int
    """

    coef: np.ndarray
    fitted: np.ndarray
    deviance: float
    n_nonzero: int
    centers: np.ndarray
    scales: np.ndarray
    converged: bool
    family: str
    link: str
    penalty: str
    strength: float
    intercept: bool
    n_rows: int

    SCHEMA = PENALISED_FIT


@checked(
    family=choice("binomial", "multinomial", "gaussian", "poisson", "gamma"),
    penalty=choice("ridge", "lasso"),
    strength=number(0, above=True, hint="Leave the penalty out for an unpenalised fit."),
    intercept=flag(),
    n_classes=whole(2).or_none(),
)
def fit_penalised(
    x,
    y,
    family="binomial",
    penalty="ridge",
    strength=1.0,
    *,
    intercept=True,
    weights=None,
    offset=None,
    n_classes=None,
):
    """Fit a ridge or lasso regression.

    Parameters
    ----------
    x : array_like, shape (n_rows, n_features)
    y : array_like, shape (n_rows,)
        0 or 1 for the binomial family, codes from 0 for the multinomial family, else as for `fit_irls`.
    family : {"binomial", "multinomial", "gaussian", "poisson", "gamma"}
        Links are logit, logit, identity, log and log.
    penalty : {"ridge", "lasso"}
        The lasso is offered for the binomial, multinomial and gaussian families.
    strength : float
        Weight of the penalty against the mean loss (glmnet's lambda); greater than 0.
    intercept : bool
        Not penalised. Without it the columns are scaled but not centred.
    weights : array_like of float64, shape (n_rows,), optional
    offset : None
        Not possible with a penalty.
    n_classes : int, optional
        For the multinomial family; None takes the largest code plus one.

    Returns
    -------
    PenalisedFit

    Raises
    ------
    InputError
        As for `fit_irls`, and for a penalty that the family does not have.
    """
    _check_penalty(family, penalty, offset)
    design = Design(x, intercept)
    design.check_finite()
    weights = check_weights(weights, design.n_rows)
    y, classes = _check_outcome(design, y, family, n_classes)
    table, centers, scales = _standardise(design, weights)
    total = design.n_rows if weights is None else weights.sum()
    model = _model(family, penalty, float(strength), total, intercept)
    with one_matrix_thread():
        slopes, converged = _fit_standardised(model, table, y, weights, penalty)
    slopes = slopes / scales
    first = np.atleast_1d(model.intercept_ if intercept else 0.0) - slopes @ centers
    if family == "multinomial" and len(slopes) > 1:
        slopes, first = slopes[1:] - slopes[0], first[1:] - first[0]
    coef = np.column_stack([first, slopes]) if intercept else slopes
    coef = coef if family == "multinomial" else coef[0]
    fitted, deviance = _look_back(design, y, family, coef, weights, classes)
    return PenalisedFit(
        coef=coef,
        fitted=fitted,
        deviance=deviance,
        n_nonzero=int((np.atleast_2d(coef)[:, int(intercept) :] != 0).any(axis=0).sum()),
        centers=centers,
        scales=scales,
        converged=converged,
        family=family,
        link={"binomial": "logit", "multinomial": "logit", "gaussian": "identity"}.get(family, "log"),
        penalty=penalty,
        strength=float(strength),
        intercept=bool(intercept),
        n_rows=design.n_rows,
    )


def _check_penalty(family, penalty, offset):
    if penalty == "lasso" and family in ("poisson", "gamma"):
        raise InputError(
            f"The {family} family can't take the lasso here.", 'penalty = "lasso".', 'Use penalty="ridge".'
        )
    if offset is not None:
        raise InputError(
            "A penalised fit can't take an offset.",
            "`offset` was given.",
            "Leave the offset or the penalty out.",
        )


def _check_outcome(design, y, family, n_classes):
    """Give the outcome as scikit-learn takes it, and the number of classes."""
    if family == "multinomial":
        n_classes = int(np.max(y)) + 1 if n_classes is None else n_classes
        codes = _check_codes(y, n_classes, design.n_rows)
        if np.unique(codes).size < n_classes:
            raise InputError(
                "Every class must occur.",
                f"{np.unique(codes).size} of {n_classes} classes have rows.",
                "Leave unused classes out.",
            )
        return codes, n_classes
    rows = Rows(design, y, get_family(family), design.intercept)
    if family == "binomial" and (not rows.binary or rows.y.min() == rows.y.max()):
        raise InputError(
            "Outcomes of a penalised binomial fit must be 0 and 1, both of them.",
            f"They are {np.unique(rows.y)[:5].tolist()}.",
            "Code the event as 1 and the rest as 0.",
        )
    return rows.y, 2


def _standardise(design, weights):
    table = np.array(design.read(0, design.n_rows), dtype=float)
    centers = np.average(table, axis=0, weights=weights)
    scales = np.sqrt(np.average(np.square(table - centers), axis=0, weights=weights))
    scales[scales <= 1e-12 * np.abs(centers)] = 1.0
    scales[scales == 0] = 1.0
    if not design.intercept:
        centers = np.zeros_like(centers)
    table -= centers
    table /= scales
    return table, centers, scales


def _model(family, penalty, strength, total, intercept):
    """Give the scikit-learn model; each has its own idea of the strength."""
    import sklearn.linear_model as linear

    if family in ("binomial", "multinomial"):
        options = {"C": 1.0 / (strength * total), "fit_intercept": intercept}
        if penalty == "ridge":
            return linear.LogisticRegression(solver="newton-cholesky", tol=1e-8, max_iter=200, **options)
        import sklearn

        recent = tuple(int(v) for v in sklearn.__version__.split(".")[:2]) >= (1, 8)
        options |= {"l1_ratio": 1.0} if recent else {"penalty": "l1"}
        return linear.LogisticRegression(solver="saga", tol=1e-7, max_iter=20000, random_state=0, **options)
    if family == "gaussian" and penalty == "ridge":
        return linear.Ridge(alpha=strength * total, fit_intercept=intercept, solver="cholesky")
    if family == "gaussian":
        return linear.Lasso(alpha=strength, fit_intercept=intercept, tol=1e-10, max_iter=100000)
    kind = linear.PoissonRegressor if family == "poisson" else linear.GammaRegressor
    return kind(alpha=strength, fit_intercept=intercept, solver="newton-cholesky", tol=1e-10, max_iter=500)


def _fit_standardised(model, table, y, weights, penalty):
    """Give the coefficients of standardised columns, a row for each class, and whether they converged."""
    if penalty == "lasso" or table.shape[1] <= table.shape[0]:
        converged = _fit_quietly(model, table, y, weights)
        return np.atleast_2d(model.coef_), converged
    coordinates, basis = _by_rows(table)
    converged = _fit_quietly(model, coordinates, y, weights)
    return np.atleast_2d(model.coef_) @ basis.T, converged


def _by_rows(table):
    """Turn to the space of the rows, in which every ridge solution lies.

    Returns
    -------
    coordinates : ndarray of float64, shape (n_rows, n_rows)
        The rows in that space; lengths of coefficients, and so the penalty, are the same in it.
    basis : ndarray of float64, shape (n_features, n_rows)
        Orthonormal; takes coefficients back.
    """
    basis, triangle = np.linalg.qr(table.T)
    return np.ascontiguousarray(triangle.T), basis


def _fit_quietly(model, table, y, weights):
    """Fit, and say whether it converged in place of scikit-learn's warning."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        model.fit(table, y, sample_weight=weights)
    return not any(issubclass(w.category, ConvergenceWarning) for w in caught)


def _look_back(design, y, family, coef, weights, n_classes):
    """Fitted values and deviance."""
    w = np.ones(design.n_rows) if weights is None else weights
    if family == "multinomial":
        fitted = predict_multinomial(coef, design.x, intercept=design.intercept)
        own = fitted[np.arange(design.n_rows), y]
        return fitted, float(-2.0 * np.sum(w[w > 0] * np.log(own[w > 0])))
    family = get_family(family, "log" if family in ("poisson", "gamma") else None)
    fitted = family.link.mean(predict_link(coef, design.x, intercept=design.intercept))
    return fitted, float(np.dot(family.unit_deviance(y, fitted), w))
