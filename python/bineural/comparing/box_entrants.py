"""Nets of boxes in a comparison: its rows are images, its outcome coded boxes (`detection/coding.py`)."""

import numpy as np
import pandas as pd
from sklearn.base import clone

from bineural.comparing.answers import settle_answer
from bineural.comparing.entrants import Entrant
from bineural.comparing.own_entrants import call_text
from bineural.detection.boxes import is_boxes, read_boxes
from bineural.detection.coding import N_CODED, code_boxes, coded_columns, image_sizes
from bineural.errors import InputError
from bineural.nets.objectives.objective import named_objective
from bineural.tables.frames import is_frame
from bineural.tables.rows import take_rows

_LEAST_ROOM = 10  # boxes of an image that are kept, or twice as many as one has


def with_coded_boxes(rows):
    """Return the rows of a comparison, the boxes of an image as one row of numbers; others as they are."""
    if rows.outcome is None or not is_boxes(rows.outcome) or is_frame(rows.data):
        return rows
    for name, value in (("event", rows.event), ("classes", rows.classes), ("formula", rows.formula)):
        if value is not None:
            raise InputError(
                f"`{name}` can't be used where the outcome is boxes.", f"Found {value!r}.", "Leave it out."
            )
    sizes, boxes = image_sizes(rows.data), read_boxes(rows.outcome, "outcome", ["image"], true=True)
    if not len(boxes):
        raise InputError("There must be boxes.", "Found none.", "Give those of at least some images.")
    most = max(_LEAST_ROOM, 2 * int(np.unique(boxes.images, return_counts=True)[1].max()))
    coded = code_boxes(boxes, sizes, np.unique(boxes.labels), most)
    frame = pd.DataFrame(coded, columns=coded_columns(coded.shape[1]))
    return rows._replace(outcome=frame, objective=named_objective("boxes"))


def predicts_boxes(model):
    """Say whether a model is a net of boxes."""
    return getattr(model, "outcome_kind", None) == "boxes"


class Detector(Entrant):
    """A net of boxes, fitted to each resample by itself."""

    kind = "net"
    random = True

    def describe(self):
        """Say in a line what is fitted."""
        return call_text(self.model)

    def _fit_predict(self, basis, train, test, seed):
        labels = np.unique(basis.truth.reshape(len(basis.truth), -1, N_CODED)[..., 0])
        weights = None if basis.weights is None else basis.weights[train]
        net = clone(self.model).set_params(seed=seed)
        net.fit_coded(take_rows(basis.problem.X, train), basis.truth[train], labels[labels >= 0], weights)
        most = basis.truth.shape[1] // N_CODED
        coded = net.predict_coded(take_rows(basis.problem.X, test), most)
        return settle_answer(coded, basis, len(test))
