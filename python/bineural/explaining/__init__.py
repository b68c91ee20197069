"""What a fitted model makes of its columns."""

from bineural.lazy import lazily

HOMES = {
    "explaining": ["permutation_importance", "partial_dependence"],
    "records": ["Importance", "Dependence"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
