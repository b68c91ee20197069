"""TensorFlow and Keras, imported quietly and in this one place.

Log noise is off unless the caller set `TF_CPP_MIN_LOG_LEVEL` before; what TensorFlow writes to the terminal
while it starts is shown only when the start fails.
"""

import contextlib
import os
import sys
import tempfile

from bineural.errors import InputError

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


@contextlib.contextmanager
def _held_stderr():
    """Hold back what native code writes to file descriptor 2; show it when the block raises."""
    if "tensorflow" in sys.modules or os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0":
        yield
        return
    try:
        kept = os.dup(2)
    except OSError:  # no terminal to keep quiet, as under some servers
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


with _held_stderr():
    import keras
    import tensorflow as tf

if keras.backend.backend() != "tensorflow":
    raise InputError(
        "bineural's nets must run on Keras with the TensorFlow backend.",
        f"Keras was started with the backend {keras.backend.backend()!r}.",
        "Set the environment variable KERAS_BACKEND=tensorflow before Keras is imported.",
    )

__all__ = ["keras", "tf"]
