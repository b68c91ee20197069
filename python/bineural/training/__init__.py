"""The engine: a pure training step from any Keras model, whole epochs in one graph, everything from one seed.

It knows no formula, no data frame and no task: arrays in, fitted weights and history out. Its names are
resolved when first used, so that seeds can be had without TensorFlow.
"""

import importlib

_HOMES = {
    "blueprint": ["Blueprint"],
    "device": ["device_or_cpu", "find_device", "list_devices", "on_device"],
    "engine": ["clear_compiled", "train_net"],
    "forward": ["predict_net", "predict_nets"],
    "row_losses": ["RowLoss"],
    "run": ["Trained", "TrainingInterrupted"],
    "seeds": ["check_seed", "stream", "stream_seed"],
    "stack": ["train_stack"],
    "step": ["State", "Step", "StepMaker"],
    "streaming": ["train_stream"],
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    """Import the module that holds `name` the first time it is asked for."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value
