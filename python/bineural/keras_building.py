"""While Keras builds a model: the process' random state is kept, and its variables are watched."""

import contextlib
import random
import threading

from bineural._tensorflow import keras

_watching = threading.RLock()


@contextlib.contextmanager
def keep_random():
    """Leave the state of Python's `random` as it was: Keras draws from it for each layer without a seed."""
    before = random.getstate()
    try:
        yield
    finally:
        random.setstate(before)


@contextlib.contextmanager
def watching_variables(see):
    """Call `see(variable, initializer)` before every variable made inside the block (Keras' private name)."""
    original = keras.Variable._initialize_with_initializer

    def initialize(variable, initializer):
        see(variable, initializer)
        return original(variable, initializer)

    with _watching:
        keras.Variable._initialize_with_initializer = initialize
        try:
            yield
        finally:
            keras.Variable._initialize_with_initializer = original
