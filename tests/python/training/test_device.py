"""Nets run where they are asked to, and on the CPU when nobody asks."""

import contextlib
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from bineural import NetClassifier, sitrep
from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.training import device, find_device, list_devices, on_device
from bineural.training.device import Cache

RAN = re.compile(r"^(?:.* )?\S+: \((\w+)\): /job:localhost/replica:0/task:0/device:(CPU:\d)", re.MULTILINE)
PROGRAM = """
import sys
import tensorflow as tf

two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
tf.debugging.set_log_device_placement(True)

import numpy as np
from bineural._tensorflow import keras
from bineural.training import predict_net, train_net, train_stack

x = np.random.default_rng(1).normal(size=(20, 3)).astype("float32")
y = (x[:, 0] > 0).astype("float32")
net = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
options = {"loss": "binary_crossentropy", "epochs": 2, "optimizer": "sgd"}
print("== by itself", file=sys.stderr, flush=True)
first = train_net(net, x, y, seed=1, **options)
print("== alone", file=sys.stderr, flush=True)
second = train_net(net, x, y, seed=1, device="cpu:1", **options)
print("== stack", file=sys.stderr, flush=True)
train_stack(net, x, y, seeds=[1, 2], xla=False, device="cpu:1", **options)
print("== predict", file=sys.stderr, flush=True)
predict_net(net, second.weights, x, device="cpu:1")
print("== end", file=sys.stderr, flush=True)
assert all((a == b).all() for a, b in zip(first.weights, second.weights))
"""


@pytest.mark.long
def test_products_run_on_the_device_asked_for_and_else_on_the_first_cpu():
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    parts = re.split(r"^== (.*)\n", done.stderr, flags=re.MULTILINE)
    logs = dict(zip(parts[1::2], parts[2::2]))
    for part in ("by itself", "alone", "stack", "predict"):
        ran = {
            at for kind, at in RAN.findall(logs[part]) if kind in ("MatMul", "BatchMatMulV2", "BatchMatMul")
        }
        assert ran == {"CPU:0" if part == "by itself" else "CPU:1"}, part


def test_names_that_can_be_used():
    assert find_device(None) == find_device("cpu") == find_device("cpu:0") == "cpu:0"
    for name in ("cuda", "GPU", "gpu:x", "", 0, "cpu:"):
        with pytest.raises(InputError, match="must be 'cpu' or 'gpu'"):
            find_device(name)


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="a GPU is here")
def test_a_gpu_that_is_not_here_is_an_error_at_fit_and_no_hindrance_to_predict():
    x = np.arange(24.0).reshape(12, 2)
    y = np.arange(12) % 2
    wanted = r"(?s)device.*'gpu'; there are .*cpu:0.*sitrep\(deep=True\)"
    with pytest.raises(InputError, match=wanted):
        NetClassifier(device="gpu", epochs=1).fit(x, y)
    net = NetClassifier(seed=1, epochs=1).fit(x, y)
    answers = net.predict_proba(x)
    net.device = "gpu"  # as a net that comes from another machine
    assert (net.predict_proba(x) == answers).all()


def test_each_device_has_graphs_of_its_own_and_the_choice_ends_with_the_block(monkeypatch):
    monkeypatch.setattr(device, "list_devices", lambda: ["cpu:0", "cpu:1"])
    monkeypatch.setattr(tf, "device", lambda name: contextlib.nullcontext())
    made = Cache(4)
    with on_device("cpu:1"):
        made.get("net", lambda: "on the second")
        with on_device(None):
            assert made.get("net", lambda: "on the first") == "on the first"
        assert made.get("net", lambda: "again") == "on the second"
    assert device.current_device() == "cpu:0"
    with pytest.raises(ZeroDivisionError), on_device("cpu:1"):
        raise ZeroDivisionError
    assert device.current_device() == "cpu:0"


def test_sitrep_names_the_devices_that_can_be_asked_for():
    found = sitrep(deep=True).sections["TensorFlow"]
    for name in list_devices():
        assert name in found["devices"]
    assert "the CPU" in found["nets run on"]
