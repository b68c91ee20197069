"""Whether a generator makes nearly the same row of all noise: found by how far its rows lie apart."""

import numpy as np
from scipy.spatial.distance import pdist

from bineural.errors import CollapsedWarning
from bineural.messages import warn

_ROWS = 200
_LEAST = 0.3  # of the distance of real rows; of steady trainings on mixtures and digits it is above 0.7


def say_collapse(gan, X):
    """Return how far made rows lie apart, over that of real ones; warn where that is far too near."""
    rng = np.random.default_rng(gan.seed_)
    values = gan.prepared_values(X)
    values = values[np.isfinite(values).all(axis=1)]
    real = values[rng.permutation(len(values))[:_ROWS]]
    made = gan.made_values(rng.standard_normal((_ROWS, gan.n_noise)))
    spread = spread_of(real, made)
    if spread < _LEAST:
        warn(
            CollapsedWarning,
            f"Made rows lie {spread:.2f} times as far apart as real ones: the generator has collapsed, or "
            "has hardly learnt yet. Train longer, lower the learning rate, or take another seed.",
        )
    return spread


def spread_of(real, made):
    """Return how far made rows lie apart on average, over how far real ones do; 1 where these are one row."""
    apart = float(np.mean(pdist(real))) if len(real) > 1 else 0.0
    return float(np.mean(pdist(made))) / apart if apart else 1.0
