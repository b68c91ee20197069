"""The engine: a pure training step from any Keras model, whole epochs in one graph, everything from one seed.

It knows no formula, no data frame and no task: arrays in, fitted weights and history out.
"""

from bineural import _tensorflow  # noqa: F401  (quietly, before anything here imports Keras)
from bineural.training.blueprint import Blueprint
from bineural.training.device import device_or_cpu, find_device, list_devices, on_device
from bineural.training.engine import clear_compiled, train_net
from bineural.training.forward import predict_net
from bineural.training.run import Trained, TrainingInterrupted
from bineural.training.seeds import check_seed, stream, stream_seed
from bineural.training.stack import train_stack

__all__ = [
    "Blueprint",
    "Trained",
    "TrainingInterrupted",
    "check_seed",
    "clear_compiled",
    "device_or_cpu",
    "find_device",
    "list_devices",
    "on_device",
    "predict_net",
    "stream",
    "stream_seed",
    "train_net",
    "train_stack",
]
