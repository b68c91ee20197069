"""Codes of rows beside PCA; rows that nets make up, and whether they are told from real ones."""

from bineural.lazy import lazily

HOMES = {
    "autoencoder": ["Autoencoder"],
    "fitting": ["fit_autoencoder"],
    "gan": ["GAN"],
    "fitting_gans": ["fit_gan"],
    "rbm": ["RBM"],
    "fitting_rbms": ["fit_rbm"],
    "generating": ["generate"],
    "judging": ["judge_samples"],
    "two_sample": ["two_sample_auroc"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
