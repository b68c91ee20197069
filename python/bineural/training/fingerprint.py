"""Which training is this? A hash of each of its parts, the same in every process that makes the same call."""

import contextlib
import hashlib
import json
import re

import numpy as np

from bineural._tensorflow import tf
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
    layouts = {key: _layout(model) for key, model in {id(plan.model): plan.model for plan in plans}.items()}
    starts = {key: _hash(_starts(plan)) for key, plan in {id(plan): plan for plan in plans}.items()}
    settings = {name: getattr(value, "key", value) for name, value in sorted(maker.settings.items())}
    texts = {
        "model": [layouts[id(plan.model)] for plan in plans],
        "starting values": [starts[id(plan)] for plan in plans],
        "loss": settings.pop("row_loss", ()),
        "optimizer": [(name, _optimizer(given)) for name, given in maker.optimizers.items()],
    }
    settings.pop("monitor", None)  # a part of its own
    texts["step"] = [maker.make, settings]
    return {name: _hash(value) for name, value in {**texts, **parts}.items()}


def _optimizer(optimizer):
    """Return what tells an optimizer."""
    optimizer = read_optimizer(optimizer)
    config = {k: v for k, v in optimizer.get_config().items() if k != "name"}
    return [_text(type(optimizer)), json.dumps(config, sort_keys=True, default=_text)]


def _layout(model):
    """Return text that tells a model: layers and settings, whatever number Keras gave their names."""
    shapes = [(tuple(v.shape), str(v.dtype), bool(v.trainable)) for v in model.variables]
    kinds = [_text(type(layer)) for layer in model._flatten_layers()]
    try:
        config = json.dumps(model.get_config(), sort_keys=True, default=_text)
    except (NotImplementedError, TypeError, ValueError):  # a subclassed model without a configuration
        config = ""
    names = dict.fromkeys(re.findall(r'"name": "([^"]*)"', config))
    numbers = {name: f"#{i}" for i, name in enumerate(names)}
    config = re.sub(r'"([^"]*)"', lambda match: f'"{numbers.get(match[1], match[1])}"', config)
    return _hash([shapes, kinds, config])


def _starts(plan):
    """Return what decides the starting values, besides the seed."""
    kinds = []
    for variable, start, kept in zip(plan.model.variables, plan.starts, plan.kept):
        if is_random_state(variable):
            kinds.append("random state")
        elif start is None:
            kinds.append(np.asarray(kept))
        elif hasattr(start, "get_config"):
            kinds.append([_text(type(start)), json.dumps(start.get_config(), sort_keys=True, default=_text)])
        else:
            kinds.append(_text(start))
    return kinds


def _hash(value):
    total = hashlib.blake2b(digest_size=16)
    for leaf in tf.nest.flatten(value):
        if isinstance(leaf, (np.ndarray, np.generic)):
            total.update(f"{leaf.dtype} {np.shape(leaf)} ".encode())
            total.update(np.ascontiguousarray(leaf).data.cast("B") if np.size(leaf) else b"")
        else:
            total.update(f"{_text(leaf)} ".encode())
    return total.hexdigest()


def _text(value, captured=True):
    """Write a value in a way that is alike in every process: functions by name, code and what they keep."""
    if hasattr(value, "get_config") and not isinstance(value, type):
        settings = {**value.get_config(), **getattr(value, "_fn_kwargs", {})}  # Huber's delta is only there
        return _text(type(value)) + json.dumps(settings, sort_keys=True, default=_text)
    if isinstance(value, type) or hasattr(value, "__code__"):
        text = f"{value.__module__}.{value.__qualname__}"
        code = getattr(value, "__code__", None)
        if code is None:
            return text
        text = f"{text} {code.co_code.hex()} {_plain(code.co_consts)}"
        return text + _captured(value) if captured else text
    return _plain(value)


def _captured(function):
    """Write what a function keeps from where it was made: a factor of its loss, for example."""
    kept = list(function.__defaults__ or ())
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # an empty one
            kept.append(cell.cell_contents)
    return f" {[_text(value, captured=False) for value in kept]}"


def _plain(value):
    if isinstance(value, (set, frozenset)):
        return repr(sorted(map(repr, value)))
    return re.sub(r" at 0x[0-9a-f]+(, file \"[^\"]*\", line \d+)?", "", repr(value))
