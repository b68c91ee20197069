"""Held-out likelihoods of generators that have one, beside their two-sample AUROC: in nats a test row.

Densities are of values in units of their SDs over all rows, so that those of all models and folds are of the
same values. That of a variational autoencoder is its evidence lower bound; that of a Boltzmann machine exact,
and a probability of rows of 0 and 1; an adversarial net has none.
"""

import numpy as np

from bineural.errors import InputError

KEY = "held-out log likelihood, nats a row"


def of_generator(net, rows, values):
    """Return the mean log likelihood of test rows, or its bound, as a note; {} of a net without one.

    Parameters
    ----------
    net : GAN, Autoencoder or RBM
        Fitted to other rows.
    rows : rows
    values : Values
        In which rows are compared.
    """
    if hasattr(net, "log_likelihood"):
        try:
            return {KEY: float(np.mean(net.log_likelihood(rows)))}
        except InputError:  # of a machine whose states can't be counted out
            return {}
    if not hasattr(net, "score_samples"):
        return {}
    bound = float(np.mean(net.score_samples(rows)))
    if net.likelihood == "bernoulli":
        return {KEY: bound}
    n_values = int(np.prod(net.fitted_.input_shape))
    ends = [values.of_restored(net.restored(np.full((1, n_values), end)))[0] for end in (0.0, 1.0)]
    slopes = ends[1] - ends[0]
    if not (np.isfinite(slopes).all() and (slopes > 0).all()):  # a column that is constant in the fold
        return {}
    return {KEY: bound - float(np.log(slopes).sum())}


def of_normal(train, test):
    """Return the mean log density of test values under the normal distribution of training ones, as a note.

    {} where their covariance has no inverse.
    """
    from scipy.stats import multivariate_normal

    if len(train) <= train.shape[1]:
        return {}
    try:
        normal = multivariate_normal(train.mean(axis=0), np.atleast_2d(np.cov(train.T)))
    except (np.linalg.LinAlgError, ValueError):
        return {}
    return {KEY: float(np.mean(normal.logpdf(test)))}


def sentence(entrants):
    """Return a sentence of the likelihoods of all entrants that have one; "" where no net has."""
    held = [(entrant, entrant.told[KEY]) for entrant in entrants if entrant.told.get(KEY)]
    if all(entrant.kind == "linear" for entrant, _ in held):
        return ""
    parts = []
    for entrant, each in held:
        model = getattr(entrant, "model", None)
        how = " (lower bound)" if getattr(model, "variational", False) else ""
        how = " (exact, of rows of 0 and 1)" if getattr(model, "learns", None) == "hidden" else how
        parts.append(f"{entrant.name} {np.mean(each):.3f}{how}")
    return f"Held-out log likelihood, nats a row (mean over fits): {', '.join(parts)}."
