"""The classes that bundles and checkpoints may hold; a file can name no other.

To make another class savable, add its line here and its `SCHEMA` beside the class (see `schema.py`).
"""

import importlib

from bineural.errors import SavingError

# Name in files (it never changes) to where the class is.
MODELS = {
    "bineural.glm:GLMClassifier": "bineural.glm.estimators",
    "bineural.glm:GLMRegressor": "bineural.glm.estimators",
    "bineural.net:NetClassifier": "bineural.nets.estimators",
    "bineural.net:NetRegressor": "bineural.nets.estimators",
}
PARTS = {
    "bineural.preparation:Preparation": "bineural.inputs.table",
    "bineural.irls.fit:IRLSFit": "bineural.irls.fit",
    "bineural.irls.multinomial:MultinomialFit": "bineural.irls.multinomial",
    "bineural.irls.penalised:PenalisedFit": "bineural.irls.penalised",
    "bineural.irls.separation:Separation": "bineural.irls.separation",
    "bineural.training.run:Trained": "bineural.training.run",
}
_HOMES = MODELS | PARTS


def class_name(cls):
    """Return the name by which files know a class, or None where they may not hold it."""
    place = cls.__module__, cls.__qualname__
    return next((name for name, home in _HOMES.items() if place == (home, name.partition(":")[2])), None)


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
    if not isinstance(name, str) or name not in _HOMES:
        raise SavingError(
            "A bundle may name only the model classes of bineural itself.",
            f"It names {str(name)[:80]!r}.",
            "Don't use this file unless you know who made it.",
        )
    return vars(importlib.import_module(_HOMES[name]))[name.partition(":")[2]]
