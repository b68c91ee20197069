"""Boxes of images as numbers in a comparison: what a net of boxes answers."""

from bineural.detection.coding import N_CODED


def ask_detector(net, X, basis):
    """Return the boxes that a fitted net predicts, coded as the truth of a comparison is."""
    return net.predict_coded(X, basis.problem.object_labels, basis.truth.shape[1] // N_CODED)


def predicts_boxes(model):
    """Say whether a model is a net of boxes."""
    return getattr(model, "outcome_kind", None) == "boxes"
