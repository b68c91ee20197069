"""Clusters for tests, each of two processes or nodes here; and models for them."""

import contextlib
import os
import signal
import time

import joblib
import numpy as np
import pandas as pd

import bineural as bn

KYPHOSIS = bn.load_dataset("kyphosis")


@contextlib.contextmanager
def dask(processes=True, n_workers=2):
    """Let joblib use a Dask cluster; yields the cluster."""
    from distributed import Client, LocalCluster

    options = {"n_workers": n_workers, "threads_per_worker": 1, "dashboard_address": None}
    with (
        LocalCluster(processes=processes, **options) as cluster,
        Client(cluster),
        joblib.parallel_config("dask"),
    ):
        yield cluster


@contextlib.contextmanager
def ray():
    """Let joblib use a Ray cluster of two nodes with a processor each; yields the cluster."""
    import ray
    from ray.cluster_utils import Cluster
    from ray.util.joblib import register_ray

    os.environ.setdefault("RAY_worker_niceness", "0")  # 15 by itself: a machine that is busy starves them
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        cluster.add_node(num_cpus=1)
        ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
        register_ray()
        with joblib.parallel_config("ray", n_jobs=-1):
            yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


@contextlib.contextmanager
def loky():
    """Let joblib use two processes of its own."""
    with joblib.parallel_config("loky", n_jobs=2):
        yield None


def numbers_of_all(epochs=4):
    """Return what `compare_models`, `fit_nets` and `tune_net` say of a few nets, as arrays of numbers."""
    options = {"event": "present", "epochs": epochs, "ensemble": 1, "units": 4, "l2": 0.01}
    forest = {"glm": "glm", "net": bn.make_net("Kyphosis ~ .", **options)}
    compared = bn.compare_models(forest, KYPHOSIS, "Kyphosis", folds=3, repeats=2, event="present", seed=1)
    folds = bn.make_folds(KYPHOSIS, folds=3, strata="Kyphosis", seed=1)
    fits = bn.fit_nets("Kyphosis ~ .", KYPHOSIS, folds, seeds=[1, 2], **options)
    tuned = bn.tune_net("Kyphosis ~ .", KYPHOSIS, {"l2": [0.1, 0.01]}, folds=3, seed=1, **options)
    table = compared.table.drop(columns="seconds")
    frames = compared.predictions, table, fits.held_out, fits.table, tuned.scores, tuned.table
    return [frame.select_dtypes("number").to_numpy(float) for frame in frames]


def kills_its_process(train, test):
    """End the process, as a fault in compiled code would."""
    if 7 in test.index:
        os.kill(os.getpid(), signal.SIGKILL)
    return np.full(len(test), 0.5)


def kills_it_once(flag):
    """Make a builder whose process is killed two seconds after it is first called, while the nets train."""

    def builder(input_shape, n_outputs):
        import threading

        import keras

        if not flag.exists():
            flag.write_text(str(os.getpid()))
            kill = lambda: (time.sleep(2), os.kill(os.getpid(), signal.SIGKILL))  # noqa: E731
            threading.Thread(target=kill, daemon=True).start()
        inputs = keras.Input(input_shape)
        hidden = keras.layers.Dense(4, activation="tanh")(inputs)
        return keras.Model(inputs, keras.layers.Dense(n_outputs)(hidden))

    return builder


def many_rows(n_rows=4000):
    """Return rows on which a small net trains for some seconds."""
    rng = np.random.default_rng(1)
    data = pd.DataFrame(rng.standard_normal((n_rows, 10)), columns=[f"x{i}" for i in range(10)])
    return data.assign(y=data.x0 + np.sin(3 * data.x1) + rng.standard_normal(n_rows))
