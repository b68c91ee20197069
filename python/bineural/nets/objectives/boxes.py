"""Any number of objects in an image: a grid is laid over it, and the cell with an object's centre finds it.

Each cell says how probable an object is, where in the cell its centre lies, how large it is (as the logarithm
of its size over the mean size), and of which label it is. An image costs the sum over cells of the
cross-entropy of there being an object, and over cells with one of five times the squared errors of place and
size and the cross-entropy of its label. A net of zero weights says of every cell how often one has an object.

Reference: Redmon, Divvala, Girshick and Farhadi (2016). You only look once. CVPR, 779-788.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, softmax

from bineural.checks import Check, is_whole
from bineural.detection.coding import N_CODED
from bineural.errors import DroppedWarning
from bineural.messages import number_of, warn
from bineural.nets.objectives.linear.mean_box import mean_box
from bineural.nets.objectives.location import box_ridge
from bineural.nets.objectives.objective import Objective, register_objective
from bineural.options import Option

_PLACE_WEIGHT = 5.0  # as in the paper


class GridLoss(NamedTuple):
    """What images cost, of y and outputs of a grid of so many cells."""

    n_cells: int

    def __call__(self, inputs, y, outputs):
        """Return (batch,), of y (batch, n_cells * 6) and outputs (batch, n_cells * (5 + n_labels))."""
        from bineural._tensorflow import tf

        target = tf.reshape(y, (-1, self.n_cells, 6))
        output = tf.reshape(outputs, (-1, self.n_cells, outputs.shape[-1] // self.n_cells))
        holds = target[..., 0]
        cost = tf.nn.sigmoid_cross_entropy_with_logits(labels=holds, logits=output[..., 0])
        place = tf.math.squared_difference(target[..., 1:3], tf.sigmoid(output[..., 1:3]))
        size = tf.math.squared_difference(target[..., 3:5], output[..., 3:5])
        box = _PLACE_WEIGHT * tf.reduce_sum(place + size, axis=-1)
        if output.shape[-1] > 5:
            labels = tf.cast(target[..., 5], tf.int32)
            box += tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=output[..., 5:])
        return tf.reduce_sum(cost + holds * box, axis=-1)


def assign_cells(y, grid):
    """Assign each box to the cell of its centre.

    Parameters
    ----------
    y : ndarray of float64, shape (n_images, N_CODED * most)
        See `detection.coding.code_boxes`.
    grid : pair of int
        Cells down and across.

    Returns
    -------
    images, boxes, cells : ndarray of int, shape (n_boxes,)
        Where each box stands in `y`, and its cell.
    coded : ndarray of float64, shape (n_images, most, N_CODED)
    """
    coded = y.reshape(len(y), -1, N_CODED)
    images, boxes = np.nonzero(coded[..., 0] >= 0)
    edges = coded[images, boxes, 1:5]
    down = np.clip((edges[:, 1] + edges[:, 3]) / 2 * grid[0], 0, grid[0] - 1).astype(int)
    across = np.clip((edges[:, 0] + edges[:, 2]) / 2 * grid[1], 0, grid[1] - 1).astype(int)
    return images, boxes, down * grid[1] + across, coded


def count_hidden(y, grid):
    """Count the boxes whose cell has the centre of another, so that only one of them can be learnt."""
    images, _, cells, _ = assign_cells(y, grid)
    return len(cells) - len(set(zip(images.tolist(), cells.tolist())))


def _tell_hidden(y, grid):
    n_hidden = count_hidden(y, grid)
    if n_hidden:
        warn(
            DroppedWarning,
            f"{number_of(n_hidden, 'object')} can't be learnt: the centre of another is in the same cell of "
            f"the grid, {grid[0]} by {grid[1]}. Smaller cells part them: architecture='single_shot', cell=4.",
        )


def _settle(grid):
    if grid is None:  # until a net knows the size of its images
        return {}
    n_cells = grid[0] * grid[1]

    def count_outputs(n_labels):
        return n_cells * (5 + (n_labels if n_labels > 1 else 0))

    def learn(y, ending, own_unit, offset=None, weights=None):
        coded = y.reshape(len(y), -1, N_CODED)
        there = coded[..., 0] >= 0
        each = np.broadcast_to((np.ones(len(y)) if weights is None else weights)[:, None], there.shape)
        sizes = coded[there][:, 3:5] - coded[there][:, 1:3]
        share = float(each[there].sum() / each[:, 0].sum() / n_cells)
        return {"share": share, "mean_size": np.average(sizes, axis=0, weights=each[there]).tolist()}

    def targets(y, state):
        images, boxes, cells, coded = assign_cells(y, grid)
        labels, edges = coded[images, boxes, 0], coded[images, boxes, 1:5]
        corners = np.column_stack([cells % grid[1], cells // grid[1]])
        place = (edges[:, :2] + edges[:, 2:]) / 2 * grid[::-1] - corners
        size = np.log((edges[:, 2:] - edges[:, :2]) / state["mean_size"])
        target = np.zeros((len(y), n_cells, 6))
        target[images, cells] = np.column_stack([np.ones(len(cells)), place, size, labels])
        return target.reshape(len(y), -1)

    def start(state):
        outputs = np.zeros((n_cells, state["n_outputs"] // n_cells))
        outputs[:, 0] = logit(np.clip(state["share"], 1e-3, 1 - 1e-3))
        return outputs.ravel()

    def predict(output, ending, state):
        """Return probability, edges in shares and labels of cells: (n_images, n_cells * (5 + n_labels))."""
        output = output.reshape(len(output), n_cells, -1)
        corners = np.column_stack([np.arange(n_cells) % grid[1], np.arange(n_cells) // grid[1]])
        centre = (corners + expit(output[..., 1:3])) / grid[::-1]
        half = np.exp(np.clip(output[..., 3:5], -5, 5)) * state["mean_size"] / 2
        parts = [expit(output[..., :1]), centre - half, centre + half]
        parts += [softmax(output[..., 5:], axis=-1)] if output.shape[-1] > 5 else []
        return np.concatenate(parts, axis=-1).reshape(len(output), -1)

    return {
        "loss": GridLoss(n_cells),
        "check": lambda y: _tell_hidden(y, grid),
        "count_outputs": count_outputs,
        "allow_outputs": lambda n_labels: (count_outputs(n_labels),),
        "learn": learn,
        "targets": targets,
        "start": start,
        "predict": predict,
    }


def _read_grid(value):
    if value is None:
        return None
    cells = tuple(value)
    if len(cells) != 2 or not all(is_whole(n) and 1 <= n <= 512 for n in cells):
        raise ValueError
    return tuple(int(n) for n in cells)


register_objective(
    Objective(
        "boxes",
        "boxes",
        GridLoss(1),
        title="boxes of objects",
        several_outcomes=True,
        endings=("linear",),
        unit="nats of objects and labels, and squared errors of places and sizes, an image",
        rows_only=True,
        task="boxes",
        constant=mean_box,
        measure="map",
        baseline=box_ridge,
        options=(
            Option(
                "grid",
                None,
                Check(
                    "the cells down and across",
                    _read_grid,
                    "Leave it out: it follows from `cell`.",
                    none=True,
                ),
                "pair of int, optional",
                "Cells of the grid, down and across; by default the size of the images over `cell`.",
                shared=True,
                cli_help=None,
                type="Sequence[int] | None",
            ),
        ),
        settle=_settle,
    )
)
