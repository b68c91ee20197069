"""Detectors of objects in a comparison: rows are images, the boxes of one image a row of numbers."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from bineural.comparing.coded_boxes import predicts_boxes
from bineural.comparing.entrant_kinds import outcomes
from bineural.comparing.entrant_kinds.kind import EntrantKind, register_entrant_kind
from bineural.comparing.own_entrants import Net
from bineural.comparing.short_names import make_named
from bineural.detection.boxes import is_boxes
from bineural.detection.coding import N_CODED, coded_columns
from bineural.detection.problems import code_outcome
from bineural.errors import InputError
from bineural.nets.objectives.objective import named_objective
from bineural.nets.values import Net as NetValue
from bineural.tables.frames import is_frame

_LEAST_ROOM = 10  # boxes of an image that are kept, or twice as many as one has


def have_boxes(rows, models):
    """Say whether the outcome is boxes."""
    return rows.outcome is not None and is_boxes(rows.outcome) and not is_frame(rows.data)


def code_boxes(rows, models):
    """Return the rows of a comparison, the boxes of an image as one row of numbers."""
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


def enter(name, model, basis, missing):
    """Return the entrant of a net of boxes, of a function or what it wraps, or say what it must be."""
    model = make_named(model, basis, missing) if isinstance(model, str) else model
    model = model.detector() if isinstance(model, NetValue) else model
    if predicts_boxes(model):
        return Net(name, model)
    if isinstance(model, BaseEstimator):
        raise InputError(
            "Every model must be a net of boxes.",
            f"{name} is a {type(model).__name__}.",
            "Pass make_net(), fit_net(images, boxes) or 'net'; a ridge on pixels is beside them by itself.",
        )
    return outcomes.enter(name, model, basis, missing)


register_entrant_kind(
    EntrantKind(
        "boxes", ("boxes",), have_boxes, code_boxes, outcomes.null_of, outcomes.baseline_of, enter=enter
    )
)
