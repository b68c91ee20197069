"""Training and test rows, folds and their manifests; R's random stream."""

from bineural.lazy import lazily

HOMES = {
    "making": ["split_rows", "make_folds"],
    "manifests": ["save_split"],
    "loading": ["load_split"],
    "resamples": ["Split", "Folds"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
