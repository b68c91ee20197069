"""A fit that ends its process is named, and one that ended by chance is done again."""

import os
import threading

import joblib
import numpy as np
import pandas as pd
import pytest

import bineural as bn
from long_cases import long_but

KYPHOSIS = bn.load_dataset("kyphosis")
OPTIONS = {"event": "present", "repeats": 1, "seed": 1, "baseline": False}


def by_row_number(k):
    """Make folds by the row number modulo k: row 7 is tested in the eighth of ten."""
    rows = np.arange(len(KYPHOSIS))
    return [(rows[rows % k != fold], rows[rows % k == fold]) for fold in range(k)]


@pytest.mark.long
def test_a_fit_that_ends_its_worker_is_named():
    def dies(train, test):
        if 7 in test.index:
            os._exit(3)
        return np.full(len(test), 0.5)

    with pytest.raises(bn.InputError, match=r"^dies, resample 3: a worker .*\n.*alone too \(EXIT\(3\)\)"):
        bn.compare_models({"dies": dies}, KYPHOSIS, "Kyphosis", folds=by_row_number(5), n_jobs=2, **OPTIONS)


@pytest.mark.parametrize("backend", long_but(["loky", "multiprocessing", "threading"], "loky", "threading"))
def test_backends_of_joblib_give_the_same(backend):
    def share(train, test):
        return np.full(len(test), (train["Kyphosis"] == "present").mean())

    given = {"folds": by_row_number(3), **OPTIONS}
    alone = bn.compare_models({"glm": "glm", "share": share}, KYPHOSIS, "Kyphosis", **given)
    with joblib.parallel_backend(backend):
        glm = bn.compare_models({"glm": "glm"}, KYPHOSIS, "Kyphosis", n_jobs=2, **given)
        assert glm.estimate("glm", "auroc") == alone.estimate("glm", "auroc")
        other = bn.compare_models({"share": share}, KYPHOSIS, "Kyphosis", n_jobs=2, **given)
        assert other.estimate("share", "log_loss") == alone.estimate("share", "log_loss")


def test_what_can_not_travel_is_named():
    lock = threading.Lock()

    def locked(train, test):
        with lock:
            return np.full(len(test), 0.5)

    with pytest.raises(bn.InputError, match=r"(?s)other processes.*locked can't: .*pickle.*Leave out n_jobs"):
        bn.compare_models({"locked": locked}, KYPHOSIS, "Kyphosis", folds=2, n_jobs=2, **OPTIONS)


@pytest.mark.parametrize("n_jobs", [0, 2.5, "two", 10**6, -(10**6)])
def test_a_number_of_workers_that_there_cannot_be_is_refused(n_jobs):
    with pytest.raises(bn.InputError, match="`n_jobs` must be a whole number other than 0, at most 1000"):
        bn.compare_models({"glm": "glm"}, KYPHOSIS, "Kyphosis", n_jobs=n_jobs, **OPTIONS)


@pytest.mark.long
def test_a_worker_that_dies_by_chance_costs_no_fit(tmp_path):
    flag = tmp_path / "died"

    def dies_once(train, test):
        if 7 in test.index and not flag.exists():
            flag.touch()
            os._exit(3)
        return np.full(len(test), test.index[0] / 1000)

    given = {"f": dies_once}, KYPHOSIS, "Kyphosis"
    with pytest.warns(bn.BineuralWarning, match="A worker process died, and fits were done again"):
        tried = bn.compare_models(*given, folds=by_row_number(9), n_jobs=2, **OPTIONS)
    alone = bn.compare_models(*given, folds=by_row_number(9), **OPTIONS)
    pd.testing.assert_frame_equal(tried.predictions, alone.predictions)


def test_an_interrupted_fit_within_a_function_ends_the_comparison(monkeypatch):
    from bineural.training import run
    from interrupting import press_ctrl_c_in_chunk

    calls = []

    def net(train, test):
        calls.append(1)
        options = {"event": "present", "units": 2, "epochs": 20, "ensemble": 1, "seed": 1, "verbose": 0}
        fitted = bn.fit_net("Kyphosis ~ .", train, **options)
        return fitted.predict_event(test)

    monkeypatch.setattr(run, "_FIRST_STEPS", 3)
    press_ctrl_c_in_chunk(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        bn.compare_models({"net": net}, KYPHOSIS, "Kyphosis", folds=by_row_number(5), **OPTIONS)
    assert len(calls) == 1
