"""What a user names (formula and data, or x and y) as numbers, learnt from the training rows."""

from bineural.lazy import lazily

HOMES = {
    "table": ["model_matrix", "Preparation"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
