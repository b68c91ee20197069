"""Forecasts without anything to fit: the last value, the season before, a straight line on, the mean."""

import numpy as np


def last_value(values, horizon, season):
    """Return the last value, for every step."""
    return np.full(horizon, values[-1])


def seasonal_naive(values, horizon, season):
    """Return the values of the season before, over and over; the last value where there is no season."""
    return values[len(values) - season + np.arange(horizon) % season]


def drift(values, horizon, season):
    """Return the line through the first and the last value, continued."""
    slope = (values[-1] - values[0]) / max(1, len(values) - 1)
    return values[-1] + slope * np.arange(1, horizon + 1)


def mean(values, horizon, season):
    """Return the mean of all values, for every step."""
    return np.full(horizon, np.mean(values))
