"""TensorFlow and Keras, imported quietly and in this one place, and refused in a forked process.

A process that was forked after TensorFlow had started has none of its threads, and would wait for them for
ever. So `tf` and `keras` are the modules seen through a guard, which asks in which process it is. Log noise
is off unless the caller set `TF_CPP_MIN_LOG_LEVEL` before; what TensorFlow writes to the terminal while it
starts is shown only when the start fails.
"""

import contextlib
import os
import sys
import tempfile
import types

from bineural import _PROCESS
from bineural.errors import ForkedProcessError, InputError

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
    import keras as _keras
    import tensorflow as _tf
    from tensorflow.python.eager import context as _context


class _Guarded(types.ModuleType):
    """A module whose names are given out only in a process in which TensorFlow can run."""

    def __init__(self, module):
        super().__init__(module.__name__, module.__doc__)
        self._module = module

    def __getattr__(self, name):
        if os.getpid() != _home[0]:
            _settle_in_child()
        return getattr(self._module, name)

    def __dir__(self):
        return dir(self._module)


def _settle_in_child():
    """Make a forked process the home of a TensorFlow that had not started before; refuse one that had."""
    if not _has_started():
        _home[0] = os.getpid()
        return
    raise ForkedProcessError(
        "A net can't be used in a process that was forked after TensorFlow had started.",
        f"Process {os.getpid()} was forked from process {_home[0]}, whose threads it does not have.",
        "Use workers that start afresh: joblib's own (loky), multiprocessing's 'spawn', in R "
        "parallel::makeCluster() or future::multisession; or fork before the first net.",
    )


def _has_started():
    """Say whether TensorFlow's runtime is up (it comes up with the first tensor, not with the import)."""
    started = _context.context_safe()
    return started is not None and bool(getattr(started, "_initialized", True))


# The process whose TensorFlow this is. Where it was up before this file was read, that of `import bineural`.
_home = [_PROCESS if _has_started() else os.getpid()]
keras, tf = _Guarded(_keras), _Guarded(_tf)

if keras.backend.backend() != "tensorflow":
    raise InputError(
        "bineural's nets must run on Keras with the TensorFlow backend.",
        f"Keras was started with the backend {keras.backend.backend()!r}.",
        "Set the environment variable KERAS_BACKEND=tensorflow before Keras is imported.",
    )

__all__ = ["keras", "tf"]
