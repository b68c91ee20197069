"""Data sets that ship, and a user's own files, read with the same rules in every language."""

from bineural.lazy import lazily

HOMES = {
    "datasets": ["load_dataset", "list_datasets"],
    "images": ["load_images"],
    "photographs": ["load_photograph"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
