"""What a worker does: one call of a function, on what all calls share and a job of its own."""

import contextlib
import os
import pickle
import sys
import threading
import time
import uuid
import warnings
from typing import NamedTuple

import numpy as np

from bineural.errors import InputError
from bineural.messages import sentence

_LOOK = 0.5  # seconds between two looks at whether the parent lives


class Heard(NamedTuple):
    """What came of a call: its answer, or the error that ended it; its warnings (category, text, fits)."""

    answer: object
    error: BaseException | None
    warned: list


class Shared:
    """Values that every job is given, pickled once.

    Arrays among them are kept apart, as bytes: joblib maps large ones into memory, Ray and Dask keep them in
    their stores, and a worker that gets several jobs reads them once. They can't be written to there.

    Parameters
    ----------
    values : tuple
        Lambdas and classes of the user's session may be among them.
    """

    def __init__(self, values):
        import cloudpickle

        buffers = []
        pickled = cloudpickle.dumps(values, protocol=5, buffer_callback=buffers.append)
        self.key, self.pickled = uuid.uuid4().hex, np.frombuffer(pickled, np.uint8)
        self.buffers = [np.frombuffer(buffer.raw(), np.uint8) for buffer in buffers]

    def __sizeof__(self):
        """Return the bytes it takes; stores keep once what is large."""
        return 4096 + self.pickled.nbytes + sum(buffer.nbytes for buffer in self.buffers)

    def values(self):
        """Return the values; the last ones are kept, for the next job."""
        if _kept.get("key") != self.key:
            _kept.clear()  # before others are read: both may be large
            read = pickle.loads(self.pickled, buffers=self.buffers)
            _kept.update(key=self.key, values=read)
        return _kept["values"]


class Here:
    """Values for workers that are threads of this process."""

    def __init__(self, values):
        self._values = values

    def values(self):
        """Return the values themselves."""
        return self._values


_kept = {}  # of a worker: the values read last
_working = threading.local()
_alone = threading.Lock()  # warnings and TensorFlow's graphs belong to the process, not to a thread


def in_a_worker():
    """Say whether this is a call that `in_workers` made: it asks for no workers of its own."""
    return getattr(_working, "here", False)


def call(parent, function, shared, job, keeps=True):
    """Return what a function says of a job, as `Heard`; another process can't show its warnings.

    Parameters
    ----------
    parent : int
        Process that asks; a child of it ends with it.
    function : callable (*values, job)
    shared : Shared or Here
    job : object
    keeps : bool
        Whether the values stay for the next job. Those that joblib mapped into memory should go with the
        last: it waits a second for files that are still in use.
    """
    if isinstance(shared, Here):
        return _heard(function, shared, job)
    _end_with(parent)
    with _alone:
        _share_cores()
        _may_grow()
        try:
            return _heard(function, shared, job)
        finally:
            if not keeps:
                _kept.clear()


def _heard(function, shared, job):
    answer = error = None
    with _as_a_worker(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = function(*_read(shared), job)
        except KeyboardInterrupt:
            error = KeyboardInterrupt()  # one of training holds nets, and can't be pickled
        except Exception as raised:
            error = _that_travels(raised)
    told = [(entry.category, str(entry.message), getattr(entry.message, "n_fits", 1)) for entry in caught]
    return Heard(answer, error, told)


@contextlib.contextmanager
def _as_a_worker():
    _working.here = True
    try:
        yield
    finally:
        _working.here = False


def _read(shared):
    try:
        return shared.values()
    except Exception as error:
        raise InputError(
            "A worker must have all packages and files of code that models and data need.",
            f"It can't read them: {type(error).__name__}: {sentence(error)}",
            "Install the same versions on every machine, or define the model in this session.",
        ) from error


def _that_travels(error):
    """Return an error as it is where it can be pickled, else one of the same words."""
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")


def _share_cores():
    """Let TensorFlow use as many threads as joblib, Ray or Dask said of the other libraries.

    It reads this when it starts; a worker that has started it before keeps what was said then.
    """
    threads = os.environ.get("OMP_NUM_THREADS", "")
    if threads.isdigit() and int(threads) > 0:
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", threads)
        os.environ.setdefault("TF_NUM_INTEROP_THREADS", threads)


def _may_grow():
    """Let a process of joblib's own start TensorFlow after other work.

    Where psutil is installed, as Ray and Dask have it, loky takes that for a memory leak: it would replace
    the process, with all that it has compiled, and warn; a warning that is made an error would end loky's own
    thread, and the work would never end.
    """
    loky = sys.modules.get("joblib.externals.loky.process_executor")
    if getattr(loky, "_CURRENT_DEPTH", 0):
        loky._MAX_MEMORY_LEAK_SIZE = sys.maxsize


def _end_with(parent):
    """Let this process end once its parent has, however that ended; a thread of the parent stays."""
    watched = any(thread.name == _watch.__name__ for thread in threading.enumerate())
    if watched or os.getpid() == parent or os.getppid() != parent:
        return
    threading.Thread(target=_watch, args=[parent], name=_watch.__name__, daemon=True).start()


def _watch(parent):
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)
