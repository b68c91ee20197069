"""What a report shows of objects in images: true and predicted boxes, and how well each label is found."""

import numpy as np

from bineural.comparing.rounding import NULL
from bineural.detection.boxes import Boxes, make_frame
from bineural.detection.coding import N_CODED, decode_boxes, read_coded
from bineural.detection.mean_precision import precision_of
from bineural.detection.overlap import overlaps
from bineural.inputs.images import choose_size
from bineural.markup import element, wrap
from bineural.reporting.image_sections import MOST_MODELS
from bineural.reporting.page import picture, section, table

_SCENES = 9
_SURE = 0.5  # score from which a box is drawn; where an image has none, its surest is
_MOST_LABELS = 20


def boxes_compared(comparison):
    """Return the section of a comparison of nets of boxes; nothing where the outcome is something else."""
    basis = comparison.basis
    labels = basis.problem.object_labels
    if labels is None:
        return ""
    models = [name for name in comparison.models if name != NULL][:MOST_MODELS]
    parts, X, rows = [], basis.problem.X, np.unique(basis.rows)
    predicted = {name: _first_held_out(comparison, name) for name in models}
    for name, coded in predicted.items():
        parts += [element("h3", name), scenes(X, rows, basis.truth, coded, labels, name)]
    answers = {name: coded[rows] for name, coded in predicted.items()}
    which = "of held-out images, in the first repeat"
    parts.append(found_of_labels(basis.truth[rows], answers, labels, which))
    return section("Objects in images", *parts)


def _first_held_out(comparison, name):
    """Return what a model predicts for each image that the first repeat tests: coded, (n_images, n_coded)."""
    basis, predictions = comparison.basis, comparison._predictions[name][0]
    coded = np.zeros(basis.truth.shape)
    coded.reshape(len(coded), -1, N_CODED)[..., 0] = -1
    for resample, place in reversed(list(zip(basis.sets, basis.parts()))):  # the first of them stays
        coded[resample.test] = predictions[place]
    return coded


def scenes(X, rows, truth, predicted, labels, name):
    """Show images with true and predicted boxes.

    Parameters
    ----------
    X : ndarray, shape (n, height, width[, n_channels]), or Pictures
    rows : ndarray of int
        Images of which some are shown, evenly spread.
    truth, predicted : ndarray of float64, shape (n, n_coded)
        See `detection.coding.code_boxes`.
    labels : ndarray, shape (n_labels,)
    name : str
        Of the model.
    """
    from bineural.figures.boxes import draw_boxes

    rows = np.asarray(rows)
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, _SCENES).astype(int))]
    images = X[rows]
    if getattr(images, "sizes", None) is not None:
        images = images.at_size(choose_size(images))
    images = np.asarray(images)
    true, given = (
        _placed(read_coded(coded[rows]), labels, images.shape[1:3]) for coded in (truth, predicted)
    )
    given = _sure(given)
    true, given, names = (
        make_frame(true).drop(columns="score"),
        make_frame(given),
        [f"image {k}" for k in rows],
    )
    figure = draw_boxes(images, true, given, most=_SCENES, names=names)
    alt = f"{len(rows)} images with {len(true)} true boxes and {len(given)} boxes that {name} predicts"
    caption = (
        f"Some of the images, counted from 0: true boxes, and those that {name} predicts with a score of "
        f"{_SURE:g} or more, or else its surest."
    )
    return wrap("div", picture(figure, alt, caption), class_="figures")


def _placed(boxes, labels, size):
    """Return coded boxes in the pixels of images of one size, with their labels."""
    sizes = np.tile(size, (int(boxes.images.max(initial=0)) + 1, 1))
    names = np.asarray(labels)[boxes.labels]
    return decode_boxes(boxes.images, boxes.edges, names, boxes.scores, sizes)


def _sure(boxes):
    """Return the boxes of a high score, and of an image without any the surest."""
    keep = boxes.scores >= _SURE
    for image in set(boxes.images.tolist()) - set(boxes.images[keep].tolist()):
        rows = np.flatnonzero(boxes.images == image)
        keep[rows[np.argmax(boxes.scores[rows])]] = True
    return Boxes(*(part[keep] for part in (boxes.edges, boxes.images, boxes.labels, boxes.scores)))


def found_of_labels(truth, answers, labels, which):
    """Return the table of labels: true boxes, and each model's average precision and mean overlap.

    Parameters
    ----------
    truth : ndarray of float64, shape (n, n_coded)
    answers : dict of str to ndarray of float64, shape (n, n_coded)
        Predicted boxes of each model.
    labels : ndarray, shape (n_labels,)
    which : str
        The images, for the caption.
    """
    true = read_coded(truth)
    whats = ("AP at 0.5", "mean IoU")
    columns = ["label", "boxes", *(f"{name}: {what}" for name in answers for what in whats)]
    given = {name: read_coded(coded) for name, coded in answers.items()}
    rows = []
    for k, label in list(enumerate(labels))[:_MOST_LABELS]:
        own = _of_label(true, k)
        cells = [str(label), f"{len(own):,}"]
        for boxes in given.values():
            cells += _qualities(own, _of_label(boxes, k))
        rows.append(cells)
    left_out = len(labels) - _MOST_LABELS
    more = f" {left_out} more labels are left out." if left_out > 0 else ""
    caption = (
        f"How well objects of each label are found, {which}: average precision at an intersection over union "
        f"of 0.5, and the mean of the largest overlap of each true box with a box of its label.{more}"
    )
    return table(columns, rows, caption)


def _of_label(boxes, k):
    keep = boxes.labels == k
    return Boxes(*(part[keep] for part in (boxes.edges, boxes.images, boxes.labels, boxes.scores)))


def _qualities(true, given):
    if not len(true):
        return ["–", "–"]
    best = np.zeros(len(true))
    for image in np.unique(given.images):
        own = np.flatnonzero(true.images == image)
        if len(own):
            best[own] = overlaps(true.edges[own], given.edges[given.images == image]).max(axis=1)
    precision = precision_of(true, given, np.array([0.5]), "all")
    return [f"{precision:.3f}", f"{best.mean():.3f}"]
