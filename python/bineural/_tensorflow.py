"""TensorFlow and Keras, imported quietly when first used, in one place, and refused in a forked process.

A file that names `keras` or `tf`, such as those of the zoo, loads neither until one of its functions runs.
A process that was forked after TensorFlow had started has none of its threads, and would wait for them for
ever. So `tf` and `keras` are the modules seen through a guard, which asks in which process it is. Log noise
is off unless the caller set `TF_CPP_MIN_LOG_LEVEL` before; what TensorFlow writes to the terminal while it
starts is shown only when the start fails.
"""

import contextlib
import gc
import importlib
import os
import sys
import tempfile
import threading
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


@contextlib.contextmanager
def _few_collections():
    """Look for garbage seldom: an import makes hundreds of thousands of objects, and they stay."""
    thresholds = gc.get_threshold()
    if gc.isenabled() and thresholds[0]:
        gc.set_threshold(max(thresholds[0], 50_000), *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


class _Guarded(types.ModuleType):
    """A module that is imported when first used, in a process in which TensorFlow can run."""

    def __getattr__(self, name):
        if os.getpid() != _home[0]:
            _settle()
        return getattr(sys.modules[self.__name__], name)

    def __dir__(self):
        return dir(importlib.import_module(self.__name__))


def _settle():
    """Import TensorFlow where this process has not yet; refuse one that started before this was forked."""
    with _settling:
        if _home[0] is None:
            _import_both()
        if os.getpid() != _home[0] and not _has_started():
            _home[0] = os.getpid()
    if os.getpid() == _home[0]:
        return
    raise ForkedProcessError(
        "A net can't be used in a process that was forked after TensorFlow had started.",
        f"Process {os.getpid()} was forked from process {_home[0]}, whose threads it does not have.",
        "Use workers that start afresh: joblib's own (loky), multiprocessing's 'spawn', in R "
        "parallel::makeCluster() or future::multisession; or fork before the first net.",
    )


def _import_both():
    """Import TensorFlow and Keras, and note whose process they run in."""
    with contextlib.suppress(ImportError):  # TensorFlow's copy of SQLite, without mathematics, would stand in
        importlib.import_module("sqlite3")
    with _held_stderr(), _few_collections():
        importlib.import_module("keras")
        importlib.import_module("tensorflow")
    backend = sys.modules["keras"].backend.backend()
    if backend != "tensorflow":
        raise InputError(
            "bineural's nets must run on Keras with the TensorFlow backend.",
            f"Keras was started with the backend {backend!r}.",
            "Set the environment variable KERAS_BACKEND=tensorflow before Keras is imported.",
        )
    # where TensorFlow was up before, it may be that of the process that imported bineural
    _home[0] = _PROCESS if _has_started() else os.getpid()


def _has_started():
    """Say whether TensorFlow's runtime is up (it comes up with the first tensor, not with the import)."""
    from tensorflow.python.eager import context

    started = context.context_safe()
    return started is not None and bool(getattr(started, "_initialized", True))


@contextlib.contextmanager
def traced_by_autograph():
    """Leave nothing of AutoGraph on the disk: it imports code that it writes to a folder, to be compiled."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


_home = [None]  # the process whose TensorFlow this is; None before it is imported
_settling = threading.RLock()
keras, tf = _Guarded("keras"), _Guarded("tensorflow")

__all__ = ["keras", "tf", "traced_by_autograph"]
