"""From codes back to values, and what rows cost: the definitions, in float64 beside the net."""

import math

import numpy as np
from scipy.special import expit

from bineural.errors import InputError


def decode(model, codes, n_codes, n_values):
    """Return what the part of a Keras model after its codes makes of codes: float64, (n, n_values)."""
    codes = np.asarray(codes, np.float32)
    if codes.ndim != 2 or codes.shape[1] != n_codes or not np.isfinite(codes).all():
        raise InputError(
            f"Codes must be finite numbers of shape (n, {n_codes}).",
            f"Found shape {codes.shape}.",
            "Pass what `transform` gives.",
        )
    return np.asarray(decoder_of(model)(codes, training=False), np.float64)[:, :n_values]


def decoder_of(model):
    """Return the part of an autoencoder's Keras model that makes values of codes, made when first needed."""
    from bineural._tensorflow import keras

    if not hasattr(model, "_bineural_decoder"):
        codes, decoded = (model.get_layer(name).output for name in ("codes", "decoded"))
        model._bineural_decoder = keras.Model(codes, decoded, name="decoder")
    return model._bineural_decoder


def probabilities(logits):
    """Return numbers from 0 to 1."""
    return expit(logits)


def costs(values, decoded, likelihood):
    """Return what rows cost: mean squared error, or nats of numbers from 0 to 1; (n_rows,)."""
    if likelihood == "bernoulli":
        return np.sum(np.logaddexp(0, decoded) - values * decoded, axis=-1)
    return np.mean((values - decoded) ** 2, axis=-1)


def lower_bounds(model, values, outputs, n_codes, likelihood, draws, rng):
    """Return the evidence lower bound of each row in nats, a mean over drawn codes.

    Parameters
    ----------
    model : keras.Model
    values, outputs : ndarray of float64, shape (n_rows, n_values), (n_rows, n_values + 2 * n_codes + 1)
        Rows as the net takes them, and what it gives.
    n_codes : int
    likelihood : {"gaussian", "bernoulli"}
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (n_rows,)
    """
    there = np.isfinite(values) | ~np.isfinite(values).any(axis=1, keepdims=True)  # steps of sequences
    counts, n_values = there.sum(axis=1), values.shape[1]
    means, log_variances = np.split(outputs[:, n_values : n_values + 2 * n_codes], 2, axis=1)
    noise = outputs[:, -1]
    kl = np.sum(means**2 + np.exp(log_variances) - log_variances - 1, axis=1) / 2
    total = np.zeros(len(values))
    for _ in range(draws):
        codes = means + np.exp(log_variances / 2) * rng.standard_normal(means.shape)
        decoded = decode(model, np.nan_to_num(codes), n_codes, n_values)
        if likelihood == "bernoulli":
            each = np.logaddexp(0, decoded) - values * decoded
            total -= np.sum(np.where(there, each, 0), axis=1)
        else:
            squares = np.sum(np.where(there, (values - decoded) ** 2, 0), axis=1)
            total -= (squares * np.exp(-noise) + counts * (noise + math.log(2 * math.pi))) / 2
    return total / draws - kl
