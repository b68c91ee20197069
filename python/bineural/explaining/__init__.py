"""What a fitted model makes of its columns, which rows it gets wrong, and what a net sees."""

from bineural.lazy import lazily

HOMES = {
    "explaining": ["permutation_importance", "partial_dependence"],
    "additive": ["additive_curves"],
    "mistakes": ["list_errors"],
    "similar": ["find_similar"],
    "words": ["nearest_words"],
    "records": ["Importance", "Dependence"],
    "curves": ["Curves"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
