"""Work through joblib's backends: the numbers of one process, and a worker that dies ends nothing."""

import multiprocessing
import os
import time

import cloudpickle
import numpy as np
import pytest

import bineural as bn
import cluster_backends as backends
from cluster_backends import KYPHOSIS, kills_it_once, kills_its_process, many_rows, numbers_of_all

cloudpickle.register_pickle_by_value(backends)  # no cluster has the files of tests

BACKENDS = {"loky": backends.loky, "dask": backends.dask, "ray": backends.ray}
OTHERS_NOISE = [  # of Dask, Ray and the operating system's pipes when they end
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::FutureWarning:ray",
]
pytestmark = [pytest.mark.filterwarnings(noise) for noise in OTHERS_NOISE]


@pytest.fixture(scope="module")
def chunked():
    """Return the numbers of chunks by Dask's scheduler without processes to start."""
    with backends.dask(processes=False):
        return numbers_of_all()


def test_chunks_of_nets_have_the_numbers_of_one_stack(chunked):
    for together, parted in zip(numbers_of_all(), chunked, strict=True):
        np.testing.assert_allclose(
            parted, together, rtol=1e-6, atol=1e-7
        )  # a stack's last net is rounded otherwise


@pytest.mark.long
@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_gives_the_same_numbers_to_the_bit(chunked, backend):
    with BACKENDS[backend]():
        there = numbers_of_all()
    for here, other in zip(chunked, there, strict=True):
        np.testing.assert_array_equal(here, other)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:.*A worker process died")
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_model_that_kills_its_worker_is_named(backend):
    rows = np.arange(len(KYPHOSIS))
    folds = [(rows[rows % 5 != k], rows[rows % 5 == k]) for k in range(5)]
    given = {"folds": folds, "event": "present", "repeats": 1, "seed": 1, "baseline": False}
    with BACKENDS[backend](), pytest.raises(bn.InputError, match="^kills, resample 3: a worker process must"):
        bn.compare_models({"kills": kills_its_process}, KYPHOSIS, "Kyphosis", **given)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:.*A worker process died")
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_worker_that_is_killed_while_nets_train_costs_no_net(backend, tmp_path):
    data, flag = many_rows(), tmp_path / "pid"
    options = {"epochs": 150, "patience": None, "validation": None, "batch_size": 64, "scaling": False}
    folds = bn.make_folds(data, folds=4, seed=1)
    flag.touch()  # nobody is killed here
    given = "y ~ .", data, folds
    alone = bn.fit_nets(*given, architecture=kills_it_once(flag), seed=1, **options)
    flag.unlink()
    with BACKENDS[backend]():
        there = bn.fit_nets(*given, architecture=kills_it_once(flag), seed=1, **options)
    assert flag.read_text() != str(os.getpid())
    for one, other in zip(alone.nets, there.nets, strict=True):
        for a, b in zip(one.weights_, other.weights_, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.long
def test_a_dask_cluster_that_loses_all_workers_ends_the_work(monkeypatch):
    from bineural.workers import clusters

    monkeypatch.setattr(clusters, "PATIENCE", 3.0)
    with backends.dask() as cluster:
        cluster.scale(0)
        begun = time.monotonic()
        with pytest.raises(bn.InputError, match="The Dask cluster must have a worker"):
            bn.compare_models({"glm": "glm"}, KYPHOSIS, "Kyphosis", folds=3, event="present", seed=1)
        assert time.monotonic() - begun < 60


@pytest.mark.long
def test_no_process_is_left():
    assert not [child for child in multiprocessing.active_children() if "Dask" in child.name]


@pytest.mark.long
@pytest.mark.filterwarnings("error")
def test_a_worker_that_starts_tensorflow_late_is_kept():
    """Loky would replace it, with a warning; here as everywhere in tests that is an error."""
    with backends.loky():
        bn.compare_models({"glm": "glm"}, KYPHOSIS, "Kyphosis", folds=3, event="present", seed=1)
        before = numbers_of_all(epochs=2)
        for here, again in zip(before, numbers_of_all(epochs=2), strict=True):
            np.testing.assert_array_equal(here, again)


def _n_kept(_=None):
    from bineural.workers import calls

    return len(calls._kept)


def test_workers_let_go_of_mapped_data_with_the_last_job():
    """joblib waits a second for files that are still in use."""
    import joblib

    from bineural.workers import in_workers

    data = np.zeros(1_000_000)  # large enough to be mapped
    jobs = [0, 1]
    with joblib.parallel_config("loky", n_jobs=2):
        sums = list(in_workers(2, _of_data, (data,), jobs, ["a", "b"], "it"))
        left = joblib.Parallel()(joblib.delayed(_n_kept)(n) for n in range(4))
    assert sums == [0.0, 1.0]
    assert left == [0] * 4


def _of_data(data, job):
    return float(data.sum()) + job
