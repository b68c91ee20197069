"""The classes that bundles and checkpoints may hold; a file can name no other.

To make another class savable, add its line here and its `SCHEMA` beside the class (see `schema.py`).
"""

import importlib

from bineural.errors import SavingError

MODELS = ("bineural.glm:GLMClassifier", "bineural.glm:GLMRegressor", "bineural.net:NetClassifier")
MODELS += ("bineural.net:NetRegressor",)
PARTS = (
    "bineural.preparation:Preparation",
    "bineural.irls.fit:IRLSFit",
    "bineural.irls.multinomial:MultinomialFit",
    "bineural.irls.penalised:PenalisedFit",
    "bineural.irls.separation:Separation",
    "bineural.training.run:Trained",
)


def class_name(cls):
    """Return the name by which files know a class, or None where they may not hold it."""
    name = f"{cls.__module__}:{cls.__qualname__}"
    return name if name in (*MODELS, *PARTS) else None


def is_model(cls):
    """Say whether objects of a class are models."""
    return class_name(cls) in MODELS


def find_class(name):
    """Return the class that a file names.

    Raises
    ------
    SavingError
        If files may not hold it.
    """
    if not isinstance(name, str) or name not in (*MODELS, *PARTS):
        raise SavingError(
            "A bundle may name only the model classes of bineural itself.",
            f"It names {str(name)[:80]!r}.",
            "Don't use this file unless you know who made it.",
        )
    module, _, attribute = name.partition(":")
    return vars(importlib.import_module(module))[attribute]
