"""Kinds of entrants on folds, one a file; each file registers its record (`kind.py`)."""

from bineural.lazy import lazily

HOMES = {"kind": ["EntrantKind", "entrant_kind_of", "entrant_kind_of_task", "register_entrant_kind"]}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
