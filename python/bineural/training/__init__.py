"""The engine: a pure training step from any Keras model, whole epochs in one graph, everything from one seed.

It knows no formula, no data frame and no task: arrays in, fitted weights and history out.
"""

from .blueprint import Blueprint
from .engine import clear_compiled, train_net
from .forward import predict_net
from .run import Trained, TrainingInterrupted
from .seeds import check_seed, stream, stream_seed

__all__ = [
    "Blueprint",
    "Trained",
    "TrainingInterrupted",
    "check_seed",
    "clear_compiled",
    "predict_net",
    "stream",
    "stream_seed",
    "train_net",
]
