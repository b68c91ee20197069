"""PCA of the same width, which stands beside every autoencoder."""

import warnings

import numpy as np
from sklearn.decomposition import PCA

from bineural.bundles.schema import array, dict_of, number, text
from bineural.nets.watched_rows import hold_out

SCHEMA = {
    "pca_mean_": array("f", finite=True),
    "pca_components_": array("f", ndim=2, finite=True),
    "pca_variances_": array("f", finite=True),
    "pca_noise_": number(low=0, nan=False),
    "errors_": dict_of(text, number()),
}


def fit_beside(coder, X):
    """Fit PCA to the rows that an autoencoder was trained on, and measure both on those that it watched.

    Parameters
    ----------
    coder : Autoencoder
        Fitted.
    X : data frame or array_like
        The rows that it was fitted to.

    Returns
    -------
    sklearn.decomposition.PCA, dict of str to float
        See `Autoencoder`.
    """
    values = coder.filled(coder.prepared_values(X))
    kept = np.flatnonzero(np.isfinite(values).all(axis=1))
    parting = hold_out(np.arange(len(kept)), coder.validation, coder.seed_, None)[0]
    trained, watched = kept[parting.train], kept[parting.watch]
    watched = watched if len(watched) else kept
    coder.baseline_ = fit_pca(values[trained], coder.n_codes)
    errors = dict(zip(("net", "pca"), coder.errors_beside(X)))
    return coder.baseline_, {name: float(np.mean(each[watched])) for name, each in errors.items()}


def fit_pca(values, n_codes):
    """Fit PCA of as many components as there are codes, or as rows and columns allow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of constant rows
        return PCA(min(n_codes, *values.shape)).fit(values)


def again(pca, values):
    """Return rows as PCA makes them again: (n_rows, n_values)."""
    return pca.inverse_transform(pca.transform(values))


def state_of(coder):
    """Return what stands beside an autoencoder as a flat dict."""
    pca = coder.baseline_
    return {
        "pca_mean_": pca.mean_,
        "pca_components_": pca.components_,
        "pca_variances_": pca.explained_variance_,
        "pca_noise_": float(pca.noise_variance_),
        "errors_": dict(coder.errors_),
    }


def from_state(state):
    """Make the PCA and the errors of a flat dict."""
    components = state["pca_components_"]
    pca = PCA(len(components))
    pca.mean_, pca.components_, pca.explained_variance_ = (
        state["pca_mean_"],
        components,
        state["pca_variances_"],
    )
    pca.noise_variance_, pca.n_components_ = state["pca_noise_"], len(components)
    pca.n_features_in_ = components.shape[1]
    return pca, dict(state["errors_"])
