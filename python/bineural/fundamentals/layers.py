"""Dense layers joined to a network and trained in mini-batches; a checkpoint carries the training on.

Each step takes some rows: velocity <- momentum * velocity + gradient, weight <- weight - rate * velocity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bineural._tensorflow import tf, traced_by_autograph
from bineural._typing import ArrayLike, Figure, Floats, PathLike, Seed
from bineural.checks import checked, choice, list_of, or_none, path, seed, whole
from bineural.errors import InputError
from bineural.fundamentals.checking import POSITIVE, RATE
from bineural.fundamentals.dense_layer import ACTIVATIONS, DenseLayer, run_layers
from bineural.fundamentals.descent_figure import draw_losses
from bineural.fundamentals.layer_state import begin_state, check_target, restore_state
from bineural.fundamentals.table_scaling import (
    TARGET_SCALES,
    Scaling,
    learn_scaling,
    least_squares,
    measure_fits,
    scaled_rows,
)
from bineural.messages import number_of
from bineural.training.seeds import check_seed


@dataclass(eq=False, repr=False)
class LayersFit:
    """A network of dense layers that `fit_layers` trained, or `restore_layers` read.

    Attributes
    ----------
    layers : pandas.DataFrame
        Columns layer, inputs, units, activation, weights (their number, biases included).
    n_weights : int
    weights, biases : list of ndarray of float32
        Of each layer, as `build_network` takes them.
    activations : list of str
    scaling : Scaling
        columns, means, sds, centre and spread, from the training rows.
    epoch : int
        Epochs that the network was trained, before a checkpoint, too.
    seed : int
    history : pandas.DataFrame
        Columns epoch (0 is before training), train and, with test rows, test: the mean squared error of the
        scaled target.
    least_squares : dict of str to float, or None
        The loss of ordinary least squares in the same rows; None where no rows were given.
    measures : pandas.DataFrame or None
        Columns model, rows, mse (in the outcome's units, squared), r_squared.
    n_traces : int
        Graphs that were made of the step.

    Examples
    --------
    >>> import bineural as bn
    >>> rng = np.random.default_rng(1)
    >>> bn.fundamentals.fit_layers(rng.normal(size=(50, 17)), rng.normal(size=50), epochs=1, seed=1).n_weights
    1665
    """

    layers: object
    n_weights: int
    weights: list
    biases: list
    activations: list
    scaling: Scaling
    epoch: int
    seed: int
    history: object
    least_squares: dict | None
    measures: object
    n_traces: int

    def __repr__(self):
        """Show the layers, the number of weights and, where rows were given, the errors."""
        head = f"Network of dense layers after {number_of(self.epoch, 'epoch')} (seed {self.seed})"
        lines = [head, self.layers.to_string(index=False), f"weights: {self.n_weights:,}"]
        if self.measures is not None:
            number = {"index": False, "float_format": lambda value: f"{value:.6g}"}
            lines.append(self.measures.to_string(**number))
        return "\n".join(lines)

    def predict(self, x: ArrayLike) -> Floats:
        """Predict the outcome of new rows.

        Parameters
        ----------
        x : array_like of float64, shape (n_rows, n_columns)

        Returns
        -------
        ndarray of float64, shape (n_rows,)
        """
        return predict_layers(self.weights, self.biases, self.activations, self.scaling, x)

    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the loss by epoch, over the floor of least squares.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        return draw_losses(self.history, self.least_squares, path)


@checked(
    units=list_of(whole(1)),
    activation=choice(*ACTIVATIONS),
    target_scale=choice(*TARGET_SCALES),
    learning_rate=POSITIVE,
    momentum=RATE,
    batch_size=whole(1),
    epochs=whole(1),
    save_to=or_none(check_target),
    restore_from=path().or_none(),
    seed=seed(),
)
def fit_layers(
    x: ArrayLike,
    y: ArrayLike,
    test_x: ArrayLike | None = None,
    test_y: ArrayLike | None = None,
    units: Sequence[int] = (32, 32),
    activation: str = "relu",
    target_scale: str = "sd",
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    batch_size: int = 32,
    epochs: int = 200,
    save_to: PathLike | None = None,
    restore_from: PathLike | None = None,
    seed: Seed = None,
) -> LayersFit:
    """Train a network of dense layers on a table in mini-batches; save a checkpoint, or go on from one.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_columns)
        Training rows: numbers only. Each column is standardised by their mean and standard deviation.
    y : array_like of float64, shape (n_rows,)
        Outcome.
    test_x : array_like of float64, shape (n_test_rows, n_columns), optional
        Rows on which the loss is followed, too; nothing is learnt from them.
    test_y : array_like of float64, shape (n_test_rows,), optional
        Their outcome.
    units : sequence of int
        Of the hidden layers; a last layer of one unit follows.
    activation : str
        Of the hidden layers: "relu", "tanh", "sigmoid" or "identity".
    target_scale : str
        "sd" takes the mean off the outcome and divides by its standard deviation; "max" divides it by its
        largest value.
    learning_rate : float
        Length of a step for a velocity of 1.
    momentum : float
        Share of the velocity that stays, less than 1; 0 is plain gradient descent.
    batch_size : int
        Rows of one step.
    epochs : int
        Passes over the rows, in a new order each.
    save_to : str or path, optional
        Checkpoint to write at the end: two files that begin with this name.
    restore_from : str or path, optional
        Checkpoint to go on from. The network keeps its own units, activation, scaling and seed.
    seed : int, optional
        Of the first weights (see `draw_weights`) and of each epoch's order of rows.

    Returns
    -------
    LayersFit
        With layers, n_weights, weights, biases, activations, scaling, epoch, seed, history, least_squares,
        measures, n_traces; `predict(x)`.

    Raises
    ------
    InputError
        If rows, columns and outcome do not go together, a checkpoint can't be read, its files can't be
        written (what only happens after training is a `CheckpointWarning`), or descent runs away.

    Examples
    --------
    >>> import bineural as bn
    >>> houses = bn.load_dataset("sacramento")
    >>> x, y = houses[["sqft", "latitude", "longitude"]], houses["price"]
    >>> fit = fit_layers(x, y, epochs=2, seed=1)
    >>> fit.epoch, fit.n_weights, fit.n_traces
    (2, 1217, 1)
    """
    if restore_from is None:
        state = begin_state(learn_scaling(x, y, target_scale), units, activation, check_seed(seed))
    else:
        state = restore_state(restore_from)
    inputs, outcomes = scaled_rows(state.scaling, x, y, test_x, test_y)
    targets = {part: state.scaling.target(outcome) for part, outcome in outcomes.items()}
    n_traces = _train(state, inputs, targets, learning_rate, momentum, batch_size, epochs)
    if save_to is not None:
        state.save(save_to)
    fit, known = as_fit(state, list(targets), n_traces), least_squares(inputs, targets)[1]
    fit.least_squares = {part: float(np.mean((targets[part] - known[part]) ** 2)) for part in targets}
    outputs = {part: _outputs(state.layers, rows) for part, rows in inputs.items()}
    fits = {"layers": outputs, "least squares": known}
    fits = {model: {p: state.scaling.outcome(v) for p, v in parts.items()} for model, parts in fits.items()}
    fit.measures = measure_fits(fits, outcomes)
    return fit


def as_fit(state, parts, n_traces=0):
    """Make the record of a network in training."""
    import pandas as pd

    weights = [layer.weights.numpy() for layer in state.layers]
    table = {
        "layer": range(1, len(weights) + 1),
        "inputs": [w.shape[0] for w in weights],
        "units": [w.shape[1] for w in weights],
        "activation": [layer.activation for layer in state.layers],
        "weights": [w.size + w.shape[1] for w in weights],
    }
    history = pd.DataFrame(state.history, columns=["epoch", "train", "test"]).astype({"epoch": int})
    return LayersFit(
        layers=pd.DataFrame(table),
        n_weights=sum(table["weights"]),
        weights=weights,
        biases=[layer.bias.numpy() for layer in state.layers],
        activations=table["activation"],
        scaling=state.scaling,
        epoch=int(state.epoch),
        seed=state.seed,
        history=history[["epoch", *parts]],
        least_squares=None,
        measures=None,
        n_traces=n_traces,
    )


def predict_layers(weights, biases, activations, scaling, x):
    """Predict the outcome of rows from the parts of a network."""
    biases = [np.ravel(bias) for bias in biases]
    layers = [DenseLayer(*parts) for parts in zip(weights, biases, activations)]
    return scaling.outcome(_outputs(layers, scaling.inputs(x)))


def _outputs(layers, inputs):
    return run_layers(layers, tf.constant(inputs, tf.float32)).numpy()[:, 0].astype(np.float64)


def _train(state, inputs, targets, learning_rate, momentum, batch_size, epochs):
    """Train for some epochs; returns how often the step was traced."""
    rows = {part: tf.constant(values, tf.float32) for part, values in inputs.items()}  # (n_rows, n_columns)
    truth = {
        part: tf.constant(values[:, None], tf.float32) for part, values in targets.items()
    }  # (n_rows, 1)

    def loss(x, y):
        return tf.reduce_mean(tf.square(run_layers(state.layers, x) - y))

    @tf.function
    def run_epoch(order):
        for first in tf.range(0, tf.size(order), batch_size):
            batch = order[first : first + batch_size]  # the last may be smaller
            with tf.GradientTape() as tape:
                batch_loss = loss(tf.gather(rows["train"], batch), tf.gather(truth["train"], batch))
            slopes = tape.gradient(batch_loss, state.weights)
            for weight, velocity, slope in zip(state.weights, state.velocities, slopes):
                velocity.assign(momentum * velocity + slope)
                weight.assign_sub(learning_rate * velocity)
        return [loss(rows[part], truth[part]) for part in rows]

    n_rows = len(inputs["train"])
    with traced_by_autograph():  # once, before training
        graph = run_epoch.get_concrete_function(tf.TensorSpec([n_rows], tf.int32))

    def note(losses):
        values, epoch = [float(value) for value in losses], int(state.epoch)
        _check_loss(values[0], epoch)
        state.history.append((epoch, values[0], values[1] if len(values) > 1 else np.nan))

    if not state.history:
        note(loss(rows[part], truth[part]) for part in rows)
    for _ in range(epochs):
        # the order depends on seed and epoch alone, so a restored training draws what it would have drawn
        order = np.random.default_rng([state.seed, int(state.epoch)]).permutation(n_rows)
        losses = graph(tf.constant(order, tf.int32))
        state.epoch.assign_add(1)
        note(losses)
    return run_epoch.experimental_get_tracing_count()


def _check_loss(loss, epoch):
    if not loss < np.inf:
        raise InputError(
            "Descent must not run away.",
            f"The loss was {loss:g} after epoch {epoch}.",
            "Use a smaller `learning_rate`, or less `momentum`.",
        )
