"""Generalised linear models on arrays: R's digits by our own iteratively reweighted least squares.

Everything here takes arrays and gives arrays; formulas, classes and warnings belong to `bineural.glm`.
"""

from .batched import BatchedFit, fit_irls_batched
from .families import get_family
from .firth import fit_firth
from .fit import IRLSFit, fit_irls
from .inference import predict_link, residuals, se_link, wald_interval
from .multinomial import MultinomialFit, fit_multinomial, predict_multinomial
from .penalised import PenalisedFit, fit_penalised
from .profile import profile_interval
from .ridge import fit_chosen_ridge
from .separation import Separation, find_separation, separation_suspected, still_moving
from .sparse_ridge import fit_sparse_ridge

__all__ = [
    "BatchedFit",
    "IRLSFit",
    "MultinomialFit",
    "PenalisedFit",
    "Separation",
    "find_separation",
    "fit_chosen_ridge",
    "fit_firth",
    "fit_irls",
    "fit_irls_batched",
    "fit_multinomial",
    "fit_penalised",
    "fit_sparse_ridge",
    "get_family",
    "predict_link",
    "predict_multinomial",
    "profile_interval",
    "residuals",
    "se_link",
    "separation_suspected",
    "still_moving",
    "wald_interval",
]
