"""One net on two processes is the net of one, and a process that is killed ends the other in words."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.training import several_workers

PROGRAM = """
import json, sys
import numpy as np
import bineural as bn
from bineural.bundles import checkpoint
from bineural.training import run
from test_several_workers import DATA
checkpoint.SECONDS, run._FIRST_STEPS, run._CHUNK_SECONDS = 0, 10, 0.1
for name, options in json.loads(sys.argv[1]).items():
    try:
        net = bn.fit_net("y ~ .", DATA, device="workers", verbose=0, **options)
    except bn.InputError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    np.savez(name, *net.weights_, loss=net.history_["loss"])
"""
_rng = np.random.default_rng(1)
DATA = pd.DataFrame(_rng.standard_normal((203, 5)), columns=list("abcde"))
DATA["y"] = DATA.a + np.sin(2 * DATA.b) + 0.1 * _rng.standard_normal(203)


def start(fits, folder):
    """Start two processes that fit nets by name, each in a folder of its own; return them and the folders."""
    with socket.socket() as one, socket.socket() as two:  # both open, so that the ports differ
        one.bind(("localhost", 0)), two.bind(("localhost", 0))
        hosts = [f"localhost:{s.getsockname()[1]}" for s in (one, two)]
    here = os.path.dirname(__file__)
    paths = os.pathsep.join([here, os.path.dirname(os.path.dirname(bn.__file__))])
    started, folders = [], []
    for index in range(2):
        task = {"cluster": {"worker": hosts}, "task": {"type": "worker", "index": index}}
        environment = {**os.environ, "TF_CONFIG": json.dumps(task), "PYTHONPATH": paths}
        folders.append(folder / str(index))
        folders[-1].mkdir(exist_ok=True)
        command = [sys.executable, "-c", PROGRAM, json.dumps(fits)]
        options = {"env": environment, "cwd": folders[-1], "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, **options))
    return started, folders


def ended(process, seconds=300):
    """Return a process' status and what it wrote, once it has ended."""
    _, written = process.communicate(timeout=seconds)
    return process.returncode, written


def read(folder, name):
    """Return the weights and the losses that a process has saved."""
    with np.load(folder / f"{name}.npz") as arrays:
        return [arrays[key] for key in arrays if key != "loss"], arrays["loss"]


@pytest.mark.long
def test_two_processes_take_the_steps_of_one(tmp_path):
    plain = {"ensemble": 1, "seed": 3, "validation": None, "l2": 0.01, "learning_rate": 0.01}
    fits = {
        f"{optimizer}_{epochs}_{batch}": {
            **plain,
            "optimizer": optimizer,
            "epochs": epochs,
            "batch_size": batch,
        }
        for optimizer in ("sgd", "adam")
        for epochs, batch in ((1, 203), (2, 203), (5, 203), (1, 64))  # whole batches are one step an epoch
    }
    fits["watched"] = {**plain, "validation": 0.2, "patience": 2, "epochs": 6, "architecture": "mlp"}
    processes, folders = start(fits, tmp_path)
    assert [ended(process)[0] for process in processes] == [0, 0]
    for name, options in fits.items():
        alone = bn.fit_net("y ~ .", DATA, **options)
        n_steps = options["epochs"] * -(-203 // options.get("batch_size", 32))
        (weights, losses), (theirs, _) = read(folders[0], name), read(folders[1], name)
        for one, first, other in zip(alone.weights_, weights, theirs, strict=True):
            np.testing.assert_array_equal(first, other)
            np.testing.assert_allclose(first, one, rtol=0, atol=1e-6 * n_steps)
        np.testing.assert_allclose(losses, alone.history_["loss"], rtol=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("killed", [0, 1])
def test_a_killed_process_ends_the_other_and_both_go_on_from_the_checkpoint(tmp_path, killed):
    file = tmp_path / "checkpoint"
    options = {"ensemble": 1, "validation": None, "epochs": 150, "seed": 3}
    fits = {"whole": options, "net": {**options, "checkpoint": str(file)}}
    processes, folders = start(fits, tmp_path)
    end = time.monotonic() + 200
    while not file.exists():
        assert time.monotonic() < end and processes[0].poll() is None
        time.sleep(0.05)
    processes[killed].send_signal(signal.SIGKILL)
    begun = time.monotonic()
    status, written = ended(processes[1 - killed], 120)
    assert time.monotonic() - begun < 90
    assert status != 0 and not (folders[1 - killed] / "net.npz").exists()
    if killed == 1:  # where the first ends TensorFlow itself may end the others
        assert status == 3
        assert "All workers must live until the net is fitted.\nOne has ended: " in written
        assert "with checkpoint= they go on from what the first had written" in written
    ended(processes[killed])
    stopped = _epochs_of(file)
    assert 0 < stopped < 150
    processes, folders = start({"net": fits["net"]}, tmp_path)
    assert [ended(process)[0] for process in processes] == [0, 0]
    for folder in folders:  # as if nobody had been killed, to the bit
        (weights, losses), (whole, whole_losses) = read(folder, "net"), read(folder, "whole")
        np.testing.assert_array_equal(losses, whole_losses)
        for one, two in zip(whole, weights, strict=True):
            np.testing.assert_array_equal(two, one)


def _epochs_of(file):
    from bineural.bundles.checkpoint import _read
    from bineural.bundles.decoding import Decoder

    content, arrays = _read(file)
    return Decoder(arrays).decode(content["state"])["done"]


def test_without_tf_config_it_says_how_to_name_the_workers(monkeypatch):
    monkeypatch.setattr(several_workers, "_made", [])
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(
        bn.InputError, match="(?s)needs the environment variable TF_CONFIG.*It is not set.*host1"
    ):
        bn.fit_net("y ~ .", DATA, device="workers", epochs=1)
    for one in ("nonsense", '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 0}}'):
        monkeypatch.setenv("TF_CONFIG", one)
        with pytest.raises(bn.InputError, match="names two or more workers"):
            bn.fit_net("y ~ .", DATA, device="workers", epochs=1)


def test_a_net_alone_has_no_workers():
    from bineural._tensorflow import tf

    values = [tf.constant(1.0), tf.constant(2.0)]
    assert several_workers.sum_over_workers(values) is values
