"""A training that is interrupted or killed goes on from its checkpoint and ends with the same bits."""

import errno
import inspect
import json
import os
import shutil
import signal
import tempfile
import zipfile

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.bundles import checkpoint
from bineural.errors import CheckpointWarning, InputError
from bineural.interrupts import noted_interrupts
from bineural.training import TrainingInterrupted, run, stack_run, train_net, train_stack

layers = keras.layers
N = 40
SEEDS = [5, 6, 7, 8]


@pytest.fixture(autouse=True)
def _write_each_chunk(monkeypatch):
    monkeypatch.setattr(checkpoint, "SECONDS", 0.0)
    monkeypatch.setattr(checkpoint, "_SHARE", 0)
    monkeypatch.setattr(run, "_CHUNK_SECONDS", 0.0)  # chunks of few epochs
    monkeypatch.setattr(stack_run, "_FEWEST_EPOCHS", 5)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(N, 3)).astype(np.float32)
    return x, (x[:, 0] - x[:, 1] ** 2 + rng.normal(size=N) > -1).astype(np.float32)


def net(rate=0.3):
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(5, "relu"), layers.Dropout(rate), layers.Dense(1)]
    )


MODEL = net()


def alone(data, path, **changes):
    x, y = data
    settings = {
        "loss": "binary_crossentropy",
        "seed": 4,
        "batch_size": 8,
        "epochs": 40,
        "validation": (x[:15], y[:15]),
        "patience": 100,
        "checkpoint": path,
    }
    settings |= changes
    return train_net(settings.pop("model", MODEL), x[15:], settings.pop("y", y[15:]), **settings)


def stack(data, path, **changes):
    x, y = data
    rows = [np.arange(15 + i, N) for i in range(len(SEEDS))]
    settings = {
        "loss": "binary_crossentropy",
        "seeds": SEEDS,
        "rows": rows,
        "validation": [np.arange(15)] * len(SEEDS),
        "batch_size": 8,
        "epochs": 40,
        "patience": 4,
        "learning_rate": [0.1, 0.001, 0.03, 0.002],  # some stop early and leave
        "checkpoint": path,
        "memory": 10_000,  # two parts
        "xla": False,
    }
    return train_stack(MODEL, x, y, **settings | changes)


def same(a, b):
    for u, v in zip(a.weights, b.weights, strict=True):
        np.testing.assert_array_equal(u, v)
    assert a.history == b.history
    assert (a.epochs_run, a.best_epoch, a.stopped) == (b.epochs_run, b.best_epoch, b.stopped)


class Stop:
    """Interrupts at the k-th look between chunks."""

    def __init__(self, k):
        self.left = k

    def __call__(self, *_):
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.mark.parametrize("k", [1, 3])
def test_an_interrupted_net_goes_on_to_the_same_bits(data, tmp_path, k):
    path = tmp_path / "net.checkpoint"
    with pytest.raises(TrainingInterrupted) as caught:
        alone(data, path, progress=Stop(k))
    assert 0 < caught.value.trained.epochs_run < 40
    resumed = alone(data, path)
    same(resumed, alone(data, None))
    assert caught.value.trained.history["loss"] == resumed.history["loss"][: caught.value.trained.epochs_run]


def test_a_finished_training_is_read_back_and_may_run_for_longer(data, tmp_path, monkeypatch):
    path = tmp_path / "net.checkpoint"
    first = alone(data, path, epochs=20)
    with monkeypatch.context() as patch:
        patch.setattr(run.Run, "_chunk", lambda *_: pytest.fail("trained again"))
        same(alone(data, path, epochs=20), first)
    same(alone(data, path), alone(data, None))
    with pytest.raises(InputError, match="has run 40"):
        alone(data, path, epochs=30)


@pytest.mark.parametrize("chunk", [1, 7, 40])
def test_sizes_of_chunks_change_no_bit(data, monkeypatch, chunk):
    monkeypatch.setattr(run, "_next_chunk", lambda *_: chunk)
    same(alone(data, None), _reference(data))


_found = {}


def _reference(data):
    if "alone" not in _found:
        _found["alone"] = alone(data, None)
    return _found["alone"]


@pytest.mark.parametrize("k", [1, 2, 4, 9])
def test_an_interrupted_stack_goes_on_to_the_same_bits(data, tmp_path, monkeypatch, k):
    monkeypatch.setattr(stack_run, "_FEWEST_STEPS", 0)  # many rounds
    path = tmp_path / "stack.checkpoint"
    if "stack" not in _found:
        _found["stack"] = stack(data, None)
    with pytest.raises(TrainingInterrupted) as caught:
        stack(data, path, progress=Stop(k))
    assert any(t is not None and t.epochs_run for t in caught.value.trained)
    for a, b in zip(stack(data, path), _found["stack"], strict=True):
        same(a, b)


def test_a_finished_stack_is_read_back(data, tmp_path, monkeypatch):
    path = tmp_path / "stack.checkpoint"
    first = stack(data, path)
    monkeypatch.setattr(stack_run.StackRun, "_round", lambda *_: pytest.fail("trained again"))
    for a, b in zip(stack(data, path), first, strict=True):
        same(a, b)
    with pytest.raises(InputError, match="other epochs"):
        stack(data, path, epochs=50)


# ---- which file is whose ----


def _other_loss(y, output):
    return keras.losses.binary_crossentropy(y, output, from_logits=True)


OTHERS = {
    "model": ("model", lambda v: net(0.1)),
    "y": ("data", lambda v: 1 - v),
    "loss": ("loss", lambda v: _other_loss),
    "seed": ("seed", lambda v: 5),
    "optimizer": ("optimizer", lambda v: "sgd"),
    "learning_rate": ("settings", lambda v: 0.5),
    "batch_size": ("settings", lambda v: 9),
    "sample_weight": ("data", lambda v: np.arange(1, 26.0)),
    "validation": ("validation rows", lambda v: None),
    "monitor": ("monitor", lambda v: "auroc"),
    "patience": ("settings", lambda v: 3),
    "min_delta": ("settings", lambda v: 0.1),
    "from_logits": ("loss", lambda v: False),
    "penalty_scale": ("settings", lambda v: 2.0),
    "xla": ("settings", lambda v: True),
    "keep_weights": ("starting values", lambda v: True),
}
WITHOUT_EFFECT = {
    "inputs",
    "epochs",
    "checkpoint",
    "progress",
    "diverged",
    "device",
}  # inputs are data; epochs may grow
REFUSED = {"callbacks", "step"}  # beside a checkpoint, and beside a loss


@pytest.fixture(scope="module")
def begun(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("begun") / "net.checkpoint"
    with pytest.raises(TrainingInterrupted):
        alone(data, path, progress=Stop(1))
    return path


@pytest.mark.parametrize("name", OTHERS)
def test_the_file_of_another_training_is_refused_and_kept(data, begun, name):
    before = begun.read_bytes()
    part, change = OTHERS[name]
    with pytest.raises(InputError, match=f"other .*{part}"):
        alone(data, begun, **{name: change(data[1][15:])})
    assert begun.read_bytes() == before


def test_every_argument_tells_trainings_apart_or_has_no_effect():
    assert set(OTHERS) | WITHOUT_EFFECT | REFUSED == set(inspect.signature(train_net).parameters)


def test_an_equal_model_built_again_is_the_same_training(data, begun, tmp_path):
    copy = tmp_path / "copy"
    copy.write_bytes(begun.read_bytes())
    same(alone(data, copy, model=net()), _reference(data))


@pytest.mark.parametrize("content", [b"", b"words", "half", "other zip", "other arrays"])
def test_a_damaged_file_is_refused_and_kept(data, begun, tmp_path, content):
    path, whole = tmp_path / "net.checkpoint", begun.read_bytes()
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "half":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        with zipfile.ZipFile(begun) as source, zipfile.ZipFile(path, "w") as target:
            said = json.loads(source.read("checkpoint.json"))
            if content == "other arrays":
                target.writestr("arrays.npz", source.read("arrays.npz"))
                said["state"]["progress"].pop()
            target.writestr("checkpoint.json", json.dumps(said))
    before = path.read_bytes()
    with pytest.raises(InputError, match="Delete it, or give another path"):
        alone(data, path)
    assert path.read_bytes() == before


def test_the_path_must_be_a_file_in_a_folder(data, tmp_path):
    for path, said in [(tmp_path / "no" / "a", "no folder"), (tmp_path, "not a folder"), (3, "Found 3")]:
        with pytest.raises(InputError, match=said):
            alone(data, path)


# ---- a file that can't be written ----


def test_a_place_where_nothing_can_be_written_is_said_before_training(data, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    monkeypatch.setattr(run.Run, "_chunk", lambda *_: pytest.fail("trained"))
    with pytest.raises(InputError, match="`checkpoint` must be .*\n.*nothing can be written"):
        alone(data, tmp_path / "net.checkpoint")


def full_disk(monkeypatch, folder):
    def refuse(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)


def no_folder(monkeypatch, folder):
    shutil.rmtree(folder, ignore_errors=True)


def folder_in_the_way(monkeypatch, folder):
    no_folder(monkeypatch, folder)
    (folder / "net.checkpoint").mkdir(parents=True)


@pytest.mark.parametrize("train", [alone, stack])
@pytest.mark.parametrize("spoil", [full_disk, no_folder, folder_in_the_way])
def test_a_training_goes_on_where_its_checkpoint_can_not_be_written(
    data, tmp_path, monkeypatch, train, spoil
):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.warns(CheckpointWarning) as caught:
        trained = train(data, folder / "net.checkpoint", progress=lambda *_: spoil(monkeypatch, folder))
    assert len(caught) == 1 and "The training goes on without it." in str(caught[0].message)
    whole = train(data, None)
    for a, b in zip(*([nets] if train is alone else nets for nets in (trained, whole)), strict=True):
        same(a, b)


def test_what_an_interrupted_training_reached_is_kept_where_its_checkpoint_can_not_be_written(
    data, tmp_path, monkeypatch
):
    folder, stop = tmp_path / "folder", Stop(3)
    folder.mkdir()

    def spoil_and_stop(*_):
        no_folder(monkeypatch, folder)
        stop()

    with pytest.warns(CheckpointWarning), pytest.raises(TrainingInterrupted) as caught:
        alone(data, folder / "net.checkpoint", progress=spoil_and_stop)
    assert 0 < caught.value.trained.epochs_run < 40


# ---- Ctrl-C ----


def test_ctrl_c_ends_training_after_the_chunk(data):
    with pytest.raises(TrainingInterrupted) as caught:
        alone(data, None, progress=lambda *_: signal.raise_signal(signal.SIGINT))
    part, whole = caught.value.trained, _reference(data)
    assert 0 < part.epochs_run < 40
    assert part.history["loss"] == whole.history["loss"][: part.epochs_run]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_training_at_once(data, monkeypatch):
    def chunk(*_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("went on")

    monkeypatch.setattr(run.Run, "_chunk", chunk)
    with pytest.raises(KeyboardInterrupt) as caught:
        alone(data, None)
    assert not isinstance(caught.value, TrainingInterrupted)


def test_a_ctrl_c_that_comes_too_late_is_not_lost():
    with pytest.raises(KeyboardInterrupt), noted_interrupts():
        signal.raise_signal(signal.SIGINT)


def test_keras_own_loop_keeps_no_checkpoint(data, tmp_path):
    path = tmp_path / "net.checkpoint"
    with pytest.raises(InputError, match="BackupAndRestore"):
        alone(data, path, callbacks=[keras.callbacks.Callback()])
    assert not path.exists()
