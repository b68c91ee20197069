"""The order in which a model puts rows: by probability, and where rounding makes those equal by its logits.

Far from 0 a probability is rounded to 1 (or to R's bound beside it), and rows that a model tells apart become
ties. Measures that look at the order alone must not count those as such; ties that the model means, such as
equal rows, stay ties.
"""

import numpy as np

_SAME = 1e-6  # logits closer than this, relatively, are equal: nets compute in single precision


def ordered(probability, logit):
    """Return numbers with the order of the probabilities, rounding undone where the logits tell rows apart.

    Parameters
    ----------
    probability : ndarray of float64, shape (n_rows,) or (n_rows, n_classes)
    logit : ndarray of float64 of the same shape, or None
        Larger where the model finds the event, or the class of the column, more likely.

    Returns
    -------
    ndarray of float64
        The probabilities themselves unless some are equal and their logits are not; else ranks from 0.
    """
    if logit is None:
        return probability
    if probability.ndim == 2:
        columns = [ordered(p, g) for p, g in zip(probability.T, logit.T)]
        return np.ascontiguousarray(np.stack(columns, axis=1))
    order = np.lexsort((logit, probability))
    higher, apart = np.diff(probability[order]) > 0, _apart(logit[order])
    if not (apart & ~higher).any():
        return probability
    ranks = np.empty(probability.size)
    ranks[order] = np.concatenate([[0.0], np.cumsum(higher | apart)])
    return ranks


def ordered_by_fit(predictions, logits):
    """Apply `ordered` to predictions of several fits to the same rows, (n_fits, n_rows, ...)."""
    if logits is None:
        return predictions
    return np.stack([ordered(p, g) for p, g in zip(predictions, logits)])


def _apart(logit):
    with np.errstate(invalid="ignore"):
        return np.diff(logit) > _SAME * (1.0 + np.abs(logit[1:]))


def class_logits(eta):
    """Return each class's log-odds against all others from linear predictors, (n_rows, n_classes)."""
    from scipy.special import logsumexp

    others = [logsumexp(np.delete(eta, k, axis=1), axis=1) for k in range(eta.shape[1])]
    return eta - np.stack(others, axis=1)


def class_answers(model, X):
    """Ask a fitted classifier for its probabilities and, where it has them, its logits.

    Parameters
    ----------
    model : fitted classifier
        One of ours, or of scikit-learn's with `predict_proba`.
    X : data frame or array_like, shape (n_rows, n_features)

    Returns
    -------
    probability : ndarray of float64, shape (n_rows, n_classes)
    logit : ndarray of float64 of the same shape, or None
        Of a scikit-learn model its `decision_function`, if it orders rows as the probabilities do.
    """
    own = getattr(model, "_class_answers", None)
    if own is not None:
        return own(X)
    probability = np.asarray(model.predict_proba(X), dtype=np.float64)
    return probability, _decision(model, X, probability)


def _decision(model, X, probability):
    """Return a scikit-learn model's decision values by class, where they and the probabilities agree."""
    if probability.ndim != 2 or probability.shape[1] < 2 or not hasattr(model, "decision_function"):
        return None
    if not any(np.unique(column).size < column.size for column in probability.T):
        return None  # nothing is equal: the probabilities say it all
    score = np.asarray(model.decision_function(X), dtype=np.float64)
    if score.shape == (len(probability),) and probability.shape[1] == 2:
        score = np.column_stack([-score, score])
    elif score.shape == probability.shape:
        score = class_logits(score)
    if score.shape != probability.shape or not np.isfinite(score).all():
        return None
    for p, s in zip(probability.T, score.T):
        if (np.diff(p[np.argsort(s, kind="stable")]) < -1e-12).any():
            return None
    return score
