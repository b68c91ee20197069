"""Forecasts of series: nets beside the last value, the season before, and an autoregression.

Every forecaster answers one question, `forecast_at(task, origins, seeds)`: what each series will be in the
next steps, seen from each of several origins, fitted at each to nothing but what was known there. The nets of
all origins are trained as one stack.
"""

from bineural.lazy import lazily

HOMES = {
    "fitting": ["fit_forecast"],
    "forecaster": ["Forecaster"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
