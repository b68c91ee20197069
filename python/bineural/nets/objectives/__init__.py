"""Objectives, one family a file; each file registers what it holds, as a record (`objective.py`)."""

from bineural.lazy import lazily

HOMES = {"objective": ["Objective", "register_objective", "find_objective", "REGISTERED"]}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
