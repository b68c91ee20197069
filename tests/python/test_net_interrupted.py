"""Ctrl-C leaves a net that can be used, and a killed training goes on to the same weights."""

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import bineural as bn
from bineural.errors import InputError, InterruptedWarning
from bineural.nets.many import NetRun, fit_runs
from bineural.training import TrainingInterrupted, run, stack_run
from interrupting import press_ctrl_c_in_chunk, short_chunks  # noqa: F401

ROOT = Path(__file__).parents[2]
FORMULA = "Kyphosis ~ Age + Number + Start"
SLOW = """
import time
from bineural.bundles import checkpoint
from bineural.training import run
checkpoint.SECONDS, checkpoint._SHARE = 0.0, 0
run._FIRST_STEPS, run._CHUNK_SECONDS = 30, 0.0  # chunks of few epochs
write = checkpoint.Checkpoint.write
checkpoint.Checkpoint.write = lambda self, state: (write(self, state), time.sleep(0.3))
"""


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


def fit(kyphosis, **options):
    """Fit one net, unless an ensemble is asked for."""
    usual = {"event": "present", "units": 4, "epochs": 60, "ensemble": 1, "seed": 2019, "verbose": 0}
    return bn.fit_net(FORMULA, kyphosis, **usual | options)


@pytest.mark.usefixtures("short_chunks")
def test_fit_net_returns_what_was_reached(kyphosis, monkeypatch, tmp_path):
    whole = fit(kyphosis)
    assert whole.interrupted_ is False and "Interrupted" not in whole.summary()
    press_ctrl_c_in_chunk(monkeypatch, 2)
    with pytest.warns(InterruptedWarning, match=r"interrupted after (\d+) of at most 60 epochs"):
        part = fit(kyphosis)
    assert part.interrupted_ and "Interrupted" in part.summary()
    assert 0 < part.n_epochs_ < whole.n_epochs_
    assert part.history_["loss"] == whole.history_["loss"][: part.n_epochs_]
    np.testing.assert_array_equal(
        part.predict_event(kyphosis), fit(kyphosis, epochs=part.n_epochs_).predict_event(kyphosis)
    )
    assert part.formula_ == FORMULA
    again = bn.load_model(bn.save_model(part, tmp_path / "part.bineural"))
    assert again.interrupted_ and again.summary() == part.summary()


@pytest.mark.usefixtures("short_chunks")
def test_fit_keeps_what_was_reached_and_raises(kyphosis, monkeypatch):
    options = {"event": "present", "units": 4, "epochs": 60, "ensemble": 1, "seed": 1, "verbose": 0}
    net = bn.NetClassifier("Age + Number + Start", **options)
    press_ctrl_c_in_chunk(monkeypatch, 1)
    with pytest.raises(TrainingInterrupted):
        net.fit(kyphosis, kyphosis["Kyphosis"])
    assert net.interrupted_ and 0 < net.n_epochs_ < 60
    assert net.predict_proba(kyphosis).shape == (81, 2)
    net.fit(kyphosis, kyphosis["Kyphosis"])
    assert not net.interrupted_


def test_before_the_first_epoch_nothing_is_kept(kyphosis, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.Run, "_chunk", stop)
    with pytest.raises(KeyboardInterrupt):
        fit(kyphosis)


def test_an_ensemble_keeps_the_members_that_had_begun(kyphosis, monkeypatch):
    from bineural.training import stack

    monkeypatch.setattr(stack, "_parts", lambda *_: [np.array([0, 1]), np.array([2, 3])])
    whole = fit(kyphosis, ensemble=4, epochs=12)
    press_ctrl_c_in_chunk(monkeypatch, 1, stack_run.StackRun, "_round")
    with pytest.warns(InterruptedWarning, match="2 of 4 members had begun"):
        part = fit(kyphosis, ensemble=4, epochs=12)
    assert part.interrupted_ and len(part.members_) == 2
    assert [h["loss"] for h in part.histories_] == [h["loss"] for h in whole.histories_[:2]]
    assert np.isfinite(part.predict_spread(kyphosis)).all()


@pytest.mark.parametrize("ensemble", [1, 3])
def test_without_a_seed_the_one_in_the_checkpoint_is_taken(kyphosis, tmp_path, ensemble):
    options = {"checkpoint": tmp_path / "net.checkpoint", "seed": None, "epochs": 4, "ensemble": ensemble}
    first, second = fit(kyphosis, **options), fit(kyphosis, **options)
    assert first.seed_ == second.seed_
    np.testing.assert_array_equal(first.predict_event(kyphosis), second.predict_event(kyphosis))
    with pytest.raises(InputError, match="other .*seed"):
        fit(kyphosis, **options | {"seed": first.seed_ + 1})
    with pytest.raises(InputError, match="other .*data"):
        fit(kyphosis[1:], **options)


def test_a_checkpoint_is_of_one_training(kyphosis, tmp_path):
    net = bn.NetClassifier("Age", event="present", checkpoint=tmp_path / "a")
    with pytest.raises(InputError, match="one net only"):
        fit_runs(net, kyphosis, kyphosis["Kyphosis"], [NetRun(np.arange(81)), NetRun(np.arange(60))])
    with pytest.raises(InputError, match="no folder"):
        fit(kyphosis, checkpoint=tmp_path / "no" / "a")


PYTHON = """
import sys
import bineural as bn
for k in range(2):
    net = bn.fit_net({formula!r}, bn.load_dataset("kyphosis"), event="present", units=4, epochs=60,
                     ensemble=1, seed=2019, verbose=0, checkpoint={path!r})
    print("returned", net.interrupted_, net.n_epochs_, flush=True)
"""


def changed(path, since):
    """Wait until a file is written again; return when it was."""
    for _ in range(12000):
        if path.exists() and path.stat().st_mtime_ns != since:
            return path.stat().st_mtime_ns
        time.sleep(0.01)
    raise TimeoutError(path)


@pytest.mark.long
def test_ctrl_c_and_kill_in_another_process(kyphosis, tmp_path):
    path = tmp_path / "net.checkpoint"
    code = SLOW + PYTHON.format(formula=FORMULA, path=str(path))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        changed(path, None)
        child.send_signal(signal.SIGINT)
        said, interrupted, epochs = child.stdout.readline().split()
        assert (said, interrupted) == ("returned", "True") and 0 < int(epochs) < 60
        changed(path, changed(path, path.stat().st_mtime_ns))  # in the second call
    finally:
        child.kill()
        child.communicate()
    assert child.returncode == -signal.SIGKILL
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        resumed = fit(kyphosis, checkpoint=path)
    whole = fit(kyphosis)
    assert resumed.history_ == whole.history_ and not resumed.interrupted_
    for a, b in zip(resumed.weights_, whole.weights_, strict=True):
        np.testing.assert_array_equal(a, b)
