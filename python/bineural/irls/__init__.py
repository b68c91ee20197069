"""Generalised linear models on arrays: R's digits by our own iteratively reweighted least squares."""

from .fit import IRLSFit, fit_irls
from .inference import predict_link, se_link, wald_interval

__all__ = ["IRLSFit", "fit_irls", "predict_link", "se_link", "wald_interval"]
