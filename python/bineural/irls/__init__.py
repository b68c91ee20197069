"""Generalised linear models on arrays: R's digits by our own iteratively reweighted least squares.

Everything here takes arrays and gives arrays; formulas, classes and warnings belong to `bineural.glm`.
"""

from .batched import BatchedFit, fit_irls_batched
from .families import get_family, read_theta
from .file_rows import FilePart, fit_irls_file
from .firth import fit_firth
from .fit import IRLSFit, fit_irls
from .inference import predict_link, residuals, se_link, wald_interval
from .multinomial import MultinomialFit, fit_multinomial, predict_multinomial
from .negative_binomial import fit_negative_binomial
from .penalised import PenalisedFit, fit_penalised
from .profile import profile_interval
from .profile_held import firth_objective, firth_without, profile_firth, profile_multinomial
from .ridge import fit_chosen_ridge
from .row_file import Columns, RowFile
from .separation import Separation, find_separation, separation_suspected, still_moving
from .sparse_ridge import fit_sparse_ridge

__all__ = [
    "BatchedFit",
    "Columns",
    "FilePart",
    "IRLSFit",
    "MultinomialFit",
    "PenalisedFit",
    "RowFile",
    "Separation",
    "find_separation",
    "firth_objective",
    "firth_without",
    "fit_chosen_ridge",
    "fit_firth",
    "fit_irls",
    "fit_irls_batched",
    "fit_irls_file",
    "fit_multinomial",
    "fit_negative_binomial",
    "fit_penalised",
    "fit_sparse_ridge",
    "get_family",
    "predict_link",
    "predict_multinomial",
    "read_theta",
    "profile_firth",
    "profile_interval",
    "profile_multinomial",
    "residuals",
    "se_link",
    "separation_suspected",
    "still_moving",
    "wald_interval",
]
