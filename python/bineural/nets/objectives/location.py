"""One object in each image: its box, and its label where there are several labels.

An image costs the mean squared error of the four edges, each less its mean and over its SD in the images
trained on, and the cross-entropy of the label. A net of zero weights predicts the mean box.
"""

import numpy as np
from scipy.special import softmax

from bineural.nets.objectives.linear.mean_box import mean_box
from bineural.nets.objectives.objective import Objective, register_objective

_LEAST_SD = 1e-3  # of edges that hardly differ, in shares of the image


def location_loss(inputs, y, outputs):
    """Return what images cost, of y (batch, 5), label and edges, and outputs (batch, 4 + n_labels)."""
    from bineural._tensorflow import tf

    edges = tf.reduce_mean(tf.math.squared_difference(y[:, 1:], outputs[:, :4]), axis=1)
    if outputs.shape[-1] == 4:
        return edges
    labels = tf.cast(y[:, 0], tf.int32)
    return edges + tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=outputs[:, 4:])


def _learn(y, ending, own_unit, offset=None, weights=None):
    edges = y[:, 1:5]
    means = np.average(edges, axis=0, weights=weights)
    sds = np.sqrt(np.average((edges - means) ** 2, axis=0, weights=weights))
    return {"edge_means": means.tolist(), "edge_sds": np.maximum(sds, _LEAST_SD).tolist()}


def _targets(y, state):
    return np.column_stack([y[:, 0], (y[:, 1:5] - state["edge_means"]) / state["edge_sds"]])


def _predict(output, ending, state):
    """Return edges in shares of the image and probabilities of labels: (n_images, 4 + n_labels)."""
    edges = output[:, :4] * state["edge_sds"] + np.asarray(state["edge_means"])
    labels = output[:, 4:]
    return np.hstack([edges, softmax(labels, axis=1) if labels.shape[1] else labels])


def box_ridge(missing):
    """Return the baseline of nets of boxes: its name, and the estimator."""
    from bineural.nets.objectives.linear.box_ridge import BoxRidge

    return "ridge on pixels", BoxRidge()


def count_location(n_labels):
    """Return the number of outputs: four edges, and a logit for each label where there are several."""
    return 4 + (n_labels if n_labels > 1 else 0)


register_objective(
    Objective(
        "location",
        "boxes",
        location_loss,
        title="the box of one object",
        several_outcomes=True,
        endings=("linear",),
        unit="mean squared error of standardised edges, and nats of the label",
        rows_only=True,
        count_outputs=count_location,
        allow_outputs=lambda n_labels: (count_location(n_labels),),
        learn=_learn,
        targets=_targets,
        predict=_predict,
        task="boxes",
        constant=mean_box,
        measure="map",
        baseline=box_ridge,
    )
)
