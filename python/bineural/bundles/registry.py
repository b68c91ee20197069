"""The classes that bundles and checkpoints may hold; a file can name no other.

To make another class savable, add its line here and its `SCHEMA` beside the class (see `schema.py`). Classes
of a family (`FAMILY`, `kind`) are known by the registry of that family instead: what a file names must have
been registered in this process.
"""

import importlib

from bineural.errors import InputError, SavingError

# Name in files (it never changes) to where the class is.
MODELS = {
    "bineural.glm:GLMClassifier": "bineural.glm.estimators",
    "bineural.glm:GLMRegressor": "bineural.glm.estimators",
    "bineural.net:NetClassifier": "bineural.nets.estimators",
    "bineural.net:NetRegressor": "bineural.nets.estimators",
    "bineural.net:NetDetector": "bineural.nets.detector",
    "bineural.representations:Autoencoder": "bineural.representations.autoencoder",
    "bineural.representations:GAN": "bineural.representations.gan",
    "bineural.representations:RBM": "bineural.representations.rbm",
    "bineural.sequences:SequenceModel": "bineural.sequences.model",
    "bineural.forecasting:Forecaster": "bineural.forecasting.forecaster",
    "bineural.agents:Agent": "bineural.agents.agent",
}
PARTS = {
    "bineural.preparation:Preparation": "bineural.inputs.preparation",
    "bineural.inputs:Outcome": "bineural.inputs.learnt_outcome",
    "bineural.irls.fit:IRLSFit": "bineural.irls.fit",
    "bineural.irls.multinomial:MultinomialFit": "bineural.irls.multinomial",
    "bineural.irls.penalised:PenalisedFit": "bineural.irls.penalised",
    "bineural.irls.separation:Separation": "bineural.irls.separation",
    "bineural.training.run:Trained": "bineural.training.run",
}
# Classes that are registered by name, by us or by a user: prefix in files to the function that finds one.
FAMILIES = {
    "input": ("bineural.inputs.kinds", "find_input"),
}
_HOMES = MODELS | PARTS


def class_name(cls):
    """Return the name by which files know a class, or None where they may not hold it."""
    if getattr(cls, "FAMILY", None) in FAMILIES:
        return f"{cls.FAMILY}:{cls.kind}" if _find_registered(cls.FAMILY, cls.kind) is cls else None
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
    family, _, member = name.partition(":") if isinstance(name, str) else ("", "", "")
    if family in FAMILIES:
        return _need_registered(family, member)
    if not isinstance(name, str) or name not in _HOMES:
        raise SavingError(
            "A bundle may name only the model classes of bineural itself.",
            f"It names {str(name)[:80]!r}.",
            "Don't use this file unless you know who made it.",
        )
    return vars(importlib.import_module(_HOMES[name]))[name.partition(":")[2]]


def _find_registered(family, member):
    """Return the class of a family that is registered by a name, or None."""
    module, function = FAMILIES[family]
    try:
        return getattr(importlib.import_module(module), function)(member)
    except InputError:
        return None


def _need_registered(family, member):
    cls = _find_registered(family, member)
    if cls is None:
        raise SavingError(
            f"A bundle may name only kinds of {family} that are registered.",
            f"It names {member[:80]!r}.",
            f"If you know who made the file, run the code that registers it first (register_{family}).",
        )
    return cls
