"""A process that was forked after TensorFlow had started is told so; one forked before it works."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap

import pytest

import bineural as bn
from bineural._tensorflow import keras, tf

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")

FORMULA = "Kyphosis ~ Age + Start"


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


@pytest.fixture(scope="module")
def net(kyphosis):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    return bn.fit_net(FORMULA, kyphosis, event="present", architecture=model, epochs=2, seed=1)


def in_child(task):
    """Fork, run `task()` and return (what it returned or raised, how the child ended)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20)  # ends a child that waits for ever
        try:
            answer = task()
        except Exception as error:
            answer = error
        os.write(writing, pickle.dumps(answer))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    return (pickle.loads(content) if content else None), os.waitpid(child, 0)[1]


DOORS = {
    "predict": lambda net, data, path: net.predict_event(data),
    "load": lambda net, data, path: bn.load_model(path),
    "fit": lambda net, data, path: bn.fit_net(FORMULA, data, event="present", epochs=1),
    "evaluate": lambda net, data, path: bn.evaluate_model(net, data),
    "explain": lambda net, data, path: bn.permutation_importance(net, data, repeats=1),
    "features": lambda net, data, path: net.keras_model_,
    "fundamentals": lambda net, data, path: bn.fundamentals.draw_weights(3, 2, seed=1),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_forked_child_is_told_and_does_not_wait(door, net, kyphosis, tmp_path):
    tf.constant(1.0)
    path = bn.save_model(net, tmp_path / "net.bineural")
    answer, status = in_child(lambda: DOORS[door](net, kyphosis, path))
    assert status == 0
    assert isinstance(answer, bn.InputError) and "forked after TensorFlow had started" in str(answer)
    assert f"forked from process {os.getpid()}" in str(answer) and "makeCluster" in answer.hint


def test_the_baseline_works_in_a_forked_child(net, kyphosis):
    glm = bn.fit_glm(FORMULA, kyphosis, event="present")
    answer, status = in_child(lambda: bn.fit_glm(FORMULA, kyphosis, event="present").predict_event(kyphosis))
    assert status == 0 and (answer == glm.predict_event(kyphosis)).all()


def test_workers_forked_by_multiprocessing_pass_the_error_on(net, kyphosis):
    with multiprocessing.get_context("fork").Pool(1) as pool:
        waiting = pool.apply_async(net.predict_event, (kyphosis,))
        with pytest.raises(bn.InputError, match="forked after TensorFlow"):
            waiting.get(timeout=20)


@pytest.mark.long
def test_a_child_that_was_forked_before_tensorflow_started_works_and_ends():
    """The import alone starts nothing; a child leaves by the front door."""
    code = """
    import os, sys, signal
    import bineural as bn
    from bineural._tensorflow import tf
    data = bn.load_dataset("kyphosis")
    tf.Tensor
    child = os.fork()
    options = {"event": "present", "units": [], "epochs": 1, "ensemble": 1, "seed": 1}
    fit = lambda: bn.fit_net("Kyphosis ~ Start", data, **options).predict_event(data)
    if child == 0:
        signal.alarm(60)
        print(round(float(fit().sum()), 5), flush=True)
        sys.exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
    print(round(float(fit().sum()), 5), flush=True)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            fit()
        except bn.InputError:
            sys.exit(0)
        sys.exit(1)
    print(os.waitpid(child, 0)[1])
    """
    run = [sys.executable, "-c", textwrap.dedent(code)]
    said = subprocess.run(run, capture_output=True, text=True, check=True, timeout=120).stdout.split()
    assert said[1] == said[3] == "0" and said[0] == said[2]
