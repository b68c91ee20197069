"""What is asked of a net of boxes before it is measured: true boxes and those it predicts, coded."""

import numpy as np

from bineural.errors import InputError, OutcomeError


def ask_boxes(model, images, truth, **others):
    """Return true and predicted boxes of images, coded as `detection.coding.code_boxes` does.

    Parameters
    ----------
    model : NetDetector
        Fitted.
    images : array_like
    truth : data frame
    **others
        Arguments that a net of boxes can't take; all None.

    Returns
    -------
    y_true, score : ndarray of float64, shape (n_images, n_coded)
    n_true : int
        True boxes.
    labels : list
        Those that boxes are coded by.
    """
    if truth is None:
        raise OutcomeError(
            "`y` must be given: a data frame of boxes.",
            "No boxes were given.",
            "Pass evaluate_model(net, images, boxes).",
        )
    for name, value in others.items():
        if value is not None:
            raise InputError(
                f"`{name}` can't be used where the outcome is boxes.", "Found one.", "Leave it out."
            )
    from bineural.detection.boxes import read_boxes
    from bineural.detection.coding import code_boxes, image_sizes

    sizes, true = image_sizes(images), read_boxes(truth, "y", ["image"], true=True)
    labels = np.unique(np.concatenate([model.labels_, true.labels]))
    predicted = model.find_boxes(images)
    coded = code_boxes(true, sizes, labels), code_boxes(predicted, sizes, labels)
    return *coded, len(true), labels.tolist()
