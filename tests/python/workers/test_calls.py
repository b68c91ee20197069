"""What travels to a worker: values as they were, once; errors and warnings back."""

import gc
import pickle
import sys
import threading
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.workers import calls, count_workers, in_a_worker, in_workers


@pytest.fixture(autouse=True)
def as_a_new_worker(monkeypatch):
    monkeypatch.setattr(calls, "_kept", {})


def test_values_travel_as_they_are_and_are_read_once():
    frame = pd.DataFrame({"a": np.arange(5.0), "b": list("abcde")})
    fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    shared = pickle.loads(pickle.dumps(calls.Shared((frame, fortran, lambda x: x + 1))))
    got, array, function = shared.values()
    pd.testing.assert_frame_equal(got, frame)
    np.testing.assert_array_equal(array, fortran)
    assert function(1) == 2 and shared.values()[0] is got


def test_large_arrays_are_kept_apart_and_counted():
    shared = calls.Shared((np.zeros(10**6),))
    assert len(shared.buffers) == 1 and len(shared.pickled) < 10_000
    assert sys.getsizeof(shared) > 8 * 10**6  # Ray and Dask put into their stores what is large


def test_errors_and_warnings_come_back():
    def function(job):
        assert in_a_worker() and count_workers(2) == 1
        message = UserWarning(f"heard of {job}")
        message.n_fits = 3
        warnings.warn(message, stacklevel=2)
        if job == "bad":
            raise bn.InputError("It must be good.", "It is bad.", "Be good.")
        if job == "odd":
            raise ValueError(threading.Lock())
        if job == "stop":
            raise KeyboardInterrupt
        return job.upper()

    heard = calls.call(1, function, calls.Shared(()), "fine")
    assert heard == ("FINE", None, [(UserWarning, "heard of fine", 3)]) and not in_a_worker()
    assert isinstance(calls.call(1, function, calls.Shared(()), "bad").error, bn.InputError)
    assert "ValueError" in str(calls.call(1, function, calls.Shared(()), "odd").error)  # holds a lock
    assert type(calls.call(1, function, calls.Shared(()), "stop").error) is KeyboardInterrupt


def test_what_a_worker_cannot_read_is_said():
    class Stubborn(calls.Shared):
        def values(self):
            raise ModuleNotFoundError("No module named 'mine'")

    error = calls.call(1, print, Stubborn(()), "job").error
    assert isinstance(error, bn.InputError)
    assert "can't read them: ModuleNotFoundError: No module named 'mine'" in str(error)


def test_tensorflow_takes_the_threads_that_joblib_gives(monkeypatch):
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setitem(calls.os.environ, name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    calls._share_cores()
    assert calls.os.environ["TF_NUM_INTRAOP_THREADS"] == "3"


def test_without_a_backend_and_n_jobs_all_is_done_here():
    assert count_workers(None) == count_workers(1) == count_workers(None, own_start=True) == 1
    with joblib.parallel_config("loky", n_jobs=2):
        assert count_workers(None) == count_workers(None, own_start=True) == 2
    with joblib.parallel_config("threading", n_jobs=2):  # TensorFlow has threads of its own
        assert count_workers(None) == 2 and count_workers(None, own_start=True) == 1
    with joblib.parallel_config("multiprocessing", n_jobs=2):  # TensorFlow can't run in a copy of a process
        assert count_workers(None) == 2 and count_workers(None, own_start=True) == 1


def _twice(values, job):
    return values[job] * 2


def test_threads_get_the_values_themselves():
    values = np.arange(4)
    with joblib.parallel_config("threading", n_jobs=2):
        answers = list(in_workers(None, _twice, (values,), [3, 0, 2], list("abc"), "values"))
    assert answers == [6, 0, 4]


def test_an_error_ends_the_others_without_a_word():
    def slow_to_fail(values, job):  # within a function, so that it travels by value
        import time

        if job == 9:
            time.sleep(0.5)
        return values[job]

    with (
        warnings.catch_warnings(record=True) as caught,  # joblib warns of answers that nobody asks for
        joblib.parallel_config("loky", n_jobs=2),
    ):
        warnings.simplefilter("always")
        with pytest.raises(IndexError):
            list(
                in_workers(None, slow_to_fail, (np.arange(4),), [1, 9, 2, 3] * 2, list("abcdefgh"), "values")
            )
        gc.collect()
    assert [str(entry.message) for entry in caught] == []
