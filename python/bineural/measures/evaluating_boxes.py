"""Evaluate a net of boxes: how well the boxes that it predicts fit the true ones."""

import numpy as np

from bineural.detection.boxes import read_boxes
from bineural.detection.coding import code_boxes, image_sizes
from bineural.errors import InputError, OutcomeError
from bineural.measures.evaluation import Evaluation
from bineural.measures.reuse import count_models_scored
from bineural.messages import number_of


def evaluate_boxes(model, images, truth, event, level, weights):
    """Evaluate a fitted `NetDetector` on images and their true boxes; see `evaluate_model`."""
    if truth is None:
        raise OutcomeError(
            "`y` must be given: a data frame of boxes.",
            "No boxes were given.",
            "Pass evaluate_model(net, x, boxes).",
        )
    for name, value in (("event", event), ("weights", weights)):
        if value is not None:
            raise InputError(
                f"`{name}` can't be used where the outcome is boxes.", "Found one.", "Leave it out."
            )
    from bineural.measures.evaluate import measure_rows

    sizes, true = image_sizes(images), read_boxes(truth, "y", ["image"], true=True)
    predicted = model.find_boxes(images)
    labels = np.unique(np.concatenate([model.labels_, true.labels]))
    y_true, score = code_boxes(true, sizes, labels), code_boxes(predicted, sizes, labels)
    return Evaluation(
        task="boxes",
        n=len(sizes),
        n_events=None,
        event=None,
        classes=None,
        n_class_rows=None,
        outcome=number_of(len(true), "object"),
        **measure_rows("boxes", y_true, score, score),
        threshold=None,
        level=level,
        n_missing_outcome=0,
        n_missing_prediction=0,
        rows=np.arange(len(sizes)),
        y_true=y_true,
        score=score,
        n_scored=count_models_scored(images, y_true, score),
    )
