"""Boxes as the outcome of a comparison: its rows are images, the boxes of one a row of numbers."""

import numpy as np
import pandas as pd

from bineural.detection.boxes import is_boxes
from bineural.detection.coding import N_CODED, coded_columns
from bineural.detection.problems import code_outcome
from bineural.errors import InputError
from bineural.nets.objectives.objective import named_objective
from bineural.tables.frames import is_frame

_LEAST_ROOM = 10  # boxes of an image that are kept, or twice as many as one has


def with_coded_boxes(rows, models=()):
    """Return the rows of a comparison, the boxes of an image as one row of numbers; others as they are."""
    if rows.outcome is None or not is_boxes(rows.outcome) or is_frame(rows.data):
        return rows
    for name, value in (("event", rows.event), ("classes", rows.classes), ("formula", rows.formula)):
        if value is not None:
            raise InputError(
                f"`{name}` can't be used where the outcome is boxes.", f"Found {value!r}.", "Leave it out."
            )
    coded, labels = code_outcome(rows.data, rows.outcome, "outcome")
    room = max(_LEAST_ROOM, 2 * coded.shape[1] // N_CODED)
    whole = np.zeros((len(coded), room, N_CODED))
    whole[..., 0] = -1
    whole[:, : coded.shape[1] // N_CODED] = coded.reshape(len(coded), -1, N_CODED)
    whole = whole.reshape(len(coded), -1)
    frame = pd.DataFrame(whole, columns=coded_columns(whole.shape[1]))
    return rows._replace(outcome=frame, objective=named_objective("boxes"), object_labels=labels)


def ask_detector(net, X, basis):
    """Return the boxes that a fitted net predicts, coded as the truth of a comparison is."""
    return net.predict_coded(X, basis.problem.object_labels, basis.truth.shape[1] // N_CODED)


def predicts_boxes(model):
    """Say whether a model is a net of boxes."""
    return getattr(model, "outcome_kind", None) == "boxes"
