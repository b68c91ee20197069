"""Which training is this? A hash of each of its parts, the same in every process that makes the same call."""

import hashlib

import numpy as np

from bineural._tensorflow import tf
from bineural.tables.identity import identity_text
from bineural.training.layouts import is_random_state
from bineural.training.optimizers import read_optimizer


def fingerprint_training(plans, maker, **parts):
    """Return a dict of part to hash.

    Parameters
    ----------
    plans : list of Blueprint
        One, or one for each replica.
    maker : StepMaker
    **parts : nests of arrays and plain values
    """
    models = {id(plan.model): plan.model for plan in plans}
    layouts = {key: identity_text(model) for key, model in models.items()}
    starts = {key: _hash(_starts(plan)) for key, plan in {id(plan): plan for plan in plans}.items()}
    settings = {name: getattr(value, "key", value) for name, value in sorted(maker.settings.items())}
    texts = {
        "model": [layouts[id(plan.model)] for plan in plans],
        "starting values": [starts[id(plan)] for plan in plans],
        "loss": settings.pop("row_loss", ()),
        "optimizer": [
            (name, identity_text(read_optimizer(given))) for name, given in maker.optimizers.items()
        ],
    }
    settings.pop("monitor", None)  # a part of its own
    texts["step"] = [maker.make, settings]
    return {name: _hash(value) for name, value in {**texts, **parts}.items()}


def _starts(plan):
    """Return what decides the starting values, besides the seed."""
    kinds = []
    for variable, start, kept in zip(plan.model.variables, plan.starts, plan.kept):
        if is_random_state(variable):
            kinds.append("random state")
        elif start is None:
            kinds.append(np.asarray(kept))
        else:
            kinds.append(identity_text(start))
    return kinds


def _hash(value):
    total = hashlib.blake2b(digest_size=16)
    for leaf in tf.nest.flatten(value):
        if isinstance(leaf, (np.ndarray, np.generic)):
            total.update(f"{leaf.dtype} {np.shape(leaf)} ".encode())
            total.update(np.ascontiguousarray(leaf).data.cast("B") if np.size(leaf) else b"")
        else:
            total.update(f"{identity_text(leaf)} ".encode())
    return total.hexdigest()
