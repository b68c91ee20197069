"""Codes of rows: autoencoders, each beside PCA of the same width; what they generate."""

from bineural.lazy import lazily

HOMES = {
    "autoencoder": ["Autoencoder"],
    "fitting": ["fit_autoencoder"],
    "generating": ["generate"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
