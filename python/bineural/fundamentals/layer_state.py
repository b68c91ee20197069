"""All that a training of dense layers carries from step to step, and the checkpoint that keeps it."""

import os
from pathlib import Path

import numpy as np

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.fundamentals.dense_layer import DenseLayer, draw_weights
from bineural.fundamentals.table_scaling import Scaling

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"  # how TensorFlow ends the name of a variable


class LayerState:
    """Layers, the optimizer's velocities, the epoch and the history, with the scaling that came first."""

    def __init__(self, layers, scaling, seed, epoch=0, history=()):
        self.layers, self.scaling, self.seed, self.history = layers, scaling, seed, list(history)
        self.weights = [variable for layer in layers for variable in (layer.weights, layer.bias)]
        self.velocities = [tf.Variable(tf.zeros_like(weight)) for weight in self.weights]
        self.epoch = tf.Variable(epoch, dtype=tf.int64)

    def save(self, path):
        """Write a checkpoint: `path`.index and `path`.data-00000-of-00001."""
        kept = {
            "activations": [layer.activation for layer in self.layers],
            "columns": self.scaling.columns,
            "history": np.array(self.history),
            "means": self.scaling.means,
            "sds": self.scaling.sds,
            "target": np.array([self.scaling.centre, self.scaling.spread]),
            "seed": np.int64(self.seed),
        }
        self._checkpoint(**{name: tf.Variable(value) for name, value in kept.items()}).write(
            check_target(path)
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
        kept = {
            name: reader.get_tensor(f"kept/{name}{_VALUE}") for name in ("means", "sds", "target", "seed")
        }
        texts = {
            n: [t.decode() for t in reader.get_tensor(f"kept/{n}{_VALUE}")]
            for n in ("activations", "columns")
        }
        history = reader.get_tensor(f"kept/history{_VALUE}")
        shapes = reader.get_variable_to_shape_map()
        layers = [
            DenseLayer(tf.zeros(shapes[f"layers/{i}/weights{_VALUE}"]), activation=activation)
            for i, activation in enumerate(texts["activations"])
        ]
    except (KeyError, tf.errors.NotFoundError):
        raise InputError(
            "A checkpoint must hold what `fit_layers` saved.",
            f"{os.fspath(path)!r} holds something else.",
            "See what is in it with `list_checkpoint`.",
        ) from None
    scaling = Scaling(texts["columns"], kept["means"], kept["sds"], *kept["target"].tolist())
    state = LayerState(layers, scaling, int(kept["seed"]), history=map(tuple, history.tolist()))
    restored = state._checkpoint().read(os.fspath(path))
    restored.assert_existing_objects_matched().expect_partial()  # what is kept was read above
    return state


def open_checkpoint(path):
    """Return TensorFlow's reader of a checkpoint.

    Raises
    ------
    InputError
        If there is none.
    """
    if not isinstance(path, (str, os.PathLike)) or not Path(f"{os.fspath(path)}.index").is_file():
        raise InputError(
            "A checkpoint must be named by the path it was saved to, without the endings of its files.",
            f"There is no file {f'{path}.index'!r}.",
            "Pass what `save_to` was.",
        )
    try:
        return tf.train.load_checkpoint(os.fspath(path))
    except (tf.errors.OpError, ValueError, RuntimeError) as error:
        raise InputError(
            "A checkpoint must be whole.", f"{os.fspath(path)!r} can't be read: {error}", "Save it again."
        ) from None


def check_target(path):
    """Return where a checkpoint is to be written, as text."""
    if not isinstance(path, (str, os.PathLike)) or not Path(path).parent.is_dir() or Path(path).is_dir():
        raise InputError(
            "`save_to` must name files in a folder that exists.",
            f"Found {path!r}.",
            "Add a name to a folder, e.g. 'houses'; two files are written that begin with it.",
        )
    return os.fspath(path)
