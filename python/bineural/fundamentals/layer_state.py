"""All that a training of dense layers carries from step to step, and the checkpoint that keeps it."""

import glob
import math
import os
from pathlib import Path

import numpy as np

from bineural._tensorflow import tf
from bineural.bundles.schema import Mismatch, require
from bineural.errors import CheckpointWarning, InputError
from bineural.files import check_writable
from bineural.fundamentals.dense_layer import DenseLayer, draw_weights
from bineural.fundamentals.table_scaling import Scaling
from bineural.messages import sentence, warn

_ENDINGS = (".index", ".data-00000-of-00001")
_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"  # how TensorFlow ends the name of a variable


class LayerState:
    """Layers, the optimizer's velocities, the epoch and the history, with the scaling that came first."""

    def __init__(self, layers, scaling, seed, epoch=0, history=()):
        self.layers, self.scaling, self.seed, self.history = layers, scaling, seed, list(history)
        self.weights = [variable for layer in layers for variable in (layer.weights, layer.bias)]
        self.velocities = [tf.Variable(tf.zeros_like(weight)) for weight in self.weights]
        self.epoch = tf.Variable(epoch, dtype=tf.int64)

    def save(self, path):
        """Write a checkpoint, `path`.index and `path`.data-00000-of-00001; a failure is a warning."""
        kept = {
            "activations": [layer.activation for layer in self.layers],
            "columns": self.scaling.columns,
            "history": np.array(self.history),
            "means": self.scaling.means,
            "sds": self.scaling.sds,
            "target": np.array([self.scaling.centre, self.scaling.spread]),
            "seed": np.int64(self.seed),
        }
        checkpoint = self._checkpoint(**{name: tf.Variable(value) for name, value in kept.items()})
        try:
            checkpoint.write(path)
        except (tf.errors.OpError, OSError) as error:
            warn(
                CheckpointWarning,
                f"The checkpoint can't be written.\n{sentence(error)}\nThe network is kept.",
            )

    def _checkpoint(self, **kept):
        return tf.train.Checkpoint(
            layers=self.layers, velocities=self.velocities, epoch=self.epoch, kept=tf.train.Checkpoint(**kept)
        )


def begin_state(scaling, units, activation, seed):
    """Draw the layers of a new network: one of each width, and the last with one unit and no activation."""
    widths, layers = [len(scaling.columns), *units, 1], []
    draws = np.random.default_rng(seed).integers(0, 2**31, len(widths))
    for n_inputs, n_units, draw in zip(widths, widths[1:], draws):
        last = len(layers) == len(units)
        weights = draw_weights(n_inputs, n_units, seed=int(draw))
        layers.append(DenseLayer(weights, activation="identity" if last else activation))
    return LayerState(layers, scaling, seed)


def restore_state(path):
    """Build a new network of the shapes that a checkpoint holds, and restore the checkpoint into it."""
    reader = open_checkpoint(path)
    try:
        kept, texts, layers = _read_kept(reader)
        scaling = Scaling(texts["columns"], kept["means"], kept["sds"], *kept["target"].tolist())
        history = [tuple(row) for row in kept["history"].tolist()]
        state = LayerState(layers, scaling, int(kept["seed"]), history=history)
        restored = state._checkpoint().read(os.fspath(path))
        restored.assert_existing_objects_matched().expect_partial()  # what is kept was read above
    except (KeyError, ValueError, AssertionError, Mismatch, tf.errors.OpError):
        raise InputError(
            "A checkpoint must hold what `fit_layers` saved.",
            f"{os.fspath(path)!r} holds something else.",
            "See what is in it with `list_checkpoint`.",
        ) from None
    return state


def _read_kept(reader):
    """Return (numbers, texts, layers of zeros) of a checkpoint, checked against each other."""

    def read(name):
        return reader.get_tensor(f"kept/{name}{_VALUE}")

    kept = {name: read(name) for name in ("means", "sds", "target", "seed", "history")}
    texts = {name: [t.decode() for t in read(name).reshape(-1)] for name in ("activations", "columns")}
    shapes, n = reader.get_variable_to_shape_map(), len(texts["columns"])
    numbers = {"means": (n,), "sds": (n,), "target": (2,), "seed": ()}
    require(all(kept[name].shape == shape for name, shape in numbers.items()), "numbers are missing")
    require(kept["history"].ndim == 2 and kept["history"].shape[1] == 3, "the history has other columns")
    require(bool(np.isfinite(kept["history"][:, 0]).all()), "an epoch has no number")
    sizes = [shapes[f"layers/{i}/weights{_VALUE}"] for i in range(len(texts["activations"]))]
    require(sizes and all(len(size) == 2 for size in sizes), "there are no layers")
    widths = [n, *(size[1] for size in sizes)]
    require([size[0] for size in sizes] == widths[:-1] and widths[-1] == 1, "the layers do not fit")
    layers = [
        DenseLayer(tf.zeros(size), activation=activation)
        for size, activation in zip(sizes, texts["activations"])
    ]
    return kept, texts, layers


def open_checkpoint(path):
    """Return TensorFlow's reader of a checkpoint.

    Raises
    ------
    InputError
        If there is none.
    """
    if not os.path.isfile(f"{os.fspath(path)}.index"):
        raise InputError(
            "A checkpoint must be named by the path it was saved to, without the endings of its files.",
            f"There is no file {f'{path}.index'!r}.",
            "Pass what `save_to` was.",
        )
    try:
        reader = tf.train.load_checkpoint(os.fspath(path))
        require(_size_said(reader) <= _size_there(path), "it says that it holds more than is there")
        return reader
    except (tf.errors.OpError, ValueError, RuntimeError, Mismatch) as error:
        raise InputError(
            "A checkpoint must be whole.", f"{os.fspath(path)!r} can't be read: {error}", "Save it again."
        ) from None


def _size_said(reader):
    """Return how many bytes the variables of a checkpoint take, by their shapes (of text at least)."""
    shapes, dtypes = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    bytes_each = {name: 1 if dtype == tf.string else dtype.size for name, dtype in dtypes.items()}
    return sum(math.prod(shape) * bytes_each[name] for name, shape in shapes.items())


def _size_there(path):
    folder, name = os.path.split(os.fspath(path))
    return sum(file.stat().st_size for file in Path(folder or ".").glob(f"{glob.escape(name)}.data-*"))


def check_target(path, name="save_to"):
    """Return the name that the two files of a checkpoint will begin with, once both can be written."""
    check_writable(path, name)
    for ending in _ENDINGS:
        check_writable(f"{os.fspath(path)}{ending}", name)
    return os.fspath(path)
