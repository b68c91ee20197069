"""Cross-validated measures under permutations of the predictors against outcome and folds.

Outcome and folds stay together, so that every permutation has the same strata and the same test outcomes.
"""

import numpy as np

from bineural.comparing.glm_refits import BLOCK_VALUES


def usable_folds(y, folds, measure):
    """Keep the (train_ids, test_ids) with both classes to learn from whose test rows define the measure."""

    def defined(test):
        return measure.undefined is None or measure.undefined(y[test], np.full(len(test), 0.5)) is None

    return [(train, test) for train, test in folds if 0 < y[train].sum() < len(train) and defined(test)]


def measure_orders(refits, folds, orders, measure):
    """Cross-validate under each order of the predictors' rows.

    Parameters
    ----------
    refits : GLMRefits
    folds : list of (train_ids, test_ids)
    orders : ndarray of int64, shape (n_orders, n_rows)
        `orders[k, i]`: the row whose predictors outcome i is given.
    measure : Measure

    Returns
    -------
    ndarray of float64, shape (n_orders,)
        Means over the folds.
    """
    trains = np.zeros((len(folds), refits.n_rows))
    for k, (train, _) in enumerate(folds):
        np.add.at(trains[k], train, 1.0)
    together = max(1, BLOCK_VALUES // trains.size)
    means = [
        _measure_block(refits, folds, trains, orders[start : start + together], measure)
        for start in range(0, len(orders), together)
    ]
    return np.concatenate(means) if means else np.empty(0)


def _measure_block(refits, folds, trains, orders, measure):
    places = np.argsort(orders, axis=1)  # which outcome the predictors of a row are given
    counts = trains[:, places]  # (n_folds, n_orders, n_rows)
    outcomes = np.broadcast_to(refits.y[places], counts.shape)
    flat = (-1, refits.n_rows)
    probability, order = refits.answers(counts.reshape(flat), outcomes.reshape(flat))
    predictions = (order if measure.ranks else probability).reshape(counts.shape)
    each = np.arange(len(orders))[:, None]
    values = [
        _measure_sets(measure, refits.y[test] == 1, of_fold[each, orders[:, test]])
        for of_fold, (_, test) in zip(predictions, folds)
    ]
    return np.mean(values, axis=0)


def _measure_sets(measure, event, predictions):
    """Measure many sets of predictions, (n_sets, n_rows), of the same rows."""
    if measure.each is not None:
        return measure.each(event, predictions)
    return np.array([measure(event.astype(np.int64), prediction) for prediction in predictions])
