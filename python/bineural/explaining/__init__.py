"""What a fitted model makes of its columns."""

from bineural.lazy import lazily

HOMES = {
    "explaining": ["permutation_importance", "partial_dependence"],
    "additive": ["additive_curves"],
    "records": ["Importance", "Dependence"],
    "curves": ["Curves"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
