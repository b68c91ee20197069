"""A fitted model in one file that both languages read."""

from bineural.lazy import lazily

HOMES = {
    "models": ["save_model", "load_model"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
