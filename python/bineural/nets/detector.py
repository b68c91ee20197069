"""Nets that find objects in images: boxes in, boxes with scores out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from bineural._typing import ArrayLike, DataFrame, RowsLike
from bineural.checks import checked, share
from bineural.detection.boxes import Boxes, make_frame
from bineural.detection.coding import N_CODED, code_boxes, decode_boxes, image_sizes
from bineural.detection.problems import code_outcome, no_boxes
from bineural.detection.suppression import kept_boxes
from bineural.errors import InputError
from bineural.inputs.learnt_outcome import Outcome
from bineural.nets import fitting
from bineural.nets.estimators import NetEstimator, learnt
from bineural.nets.fitted import predict_rows
from bineural.nets.objectives.objective import find_objective, named_objective
from bineural.nets.options import FOR_NUMBERS
from bineural.nets.saved import NET, NET_BOXES, state_of
from bineural.options import takes, with_paragraphs

_DEFAULTS = {
    "architecture": (
        None,
        'A name in the zoo, a Keras model or a builder, as in `NetClassifier`. None is "locator" for images '
        'with one object each, and "single_shot" for others.',
    ),
    "objective": (
        None,
        '"location" (each image has one object) or "boxes" (any number of them); None is what the boxes are.',
    ),
}
FOR_BOXES = tuple(
    replace(option, default=_DEFAULTS[option.name][0], help=_DEFAULTS[option.name][1])
    if option.name in _DEFAULTS
    else option
    for option in FOR_NUMBERS
)
LEAST = 0.1  # score of a box that is predicted
_ARCHITECTURES = {"location": "locator", "boxes": "single_shot"}


class NetDetector(NetEstimator):
    """Net that finds objects in images: where each is, and of which label.

    Parameters
    ----------
    formula : None
        Images have none.
    {options}

    Attributes
    ----------
    labels_ : ndarray, shape (n_labels,)
        Labels of the objects, sorted.
    history_, n_epochs_, best_epoch_, weights_, keras_model_, seed_, n_validation_rows_, interrupted_
        See `NetClassifier`.

    Notes
    -----
    Where each image has one object, the net learns its four edges by squared error and its label
    ("location"). Otherwise a grid is laid over the image ("boxes"), and the cell that holds the centre of an
    object says where its edges are; of two objects with their centres in one cell only one is learnt.
    Changes of training images that move pixels (`augmentation`) are refused: the boxes would stay behind.

    Examples
    --------
    >>> import bineural as bn
    >>> images, boxes = bn.make_scenes(40, size=24, seed=1)
    >>> net = NetDetector(epochs=2, seed=1).fit(images, boxes)
    >>> net.predict(images[:2]).columns.tolist()
    ['image', 'x1', 'y1', 'x2', 'y2', 'label', 'score']
    """

    __doc__ = with_paragraphs(__doc__, FOR_BOXES)
    OPTIONS = FOR_BOXES
    SCHEMA = {**NET, **NET_BOXES}
    KEPT = (*NetEstimator.KEPT, "_labels")
    outcome_kind = "boxes"

    @takes(FOR_BOXES, others=True, shown=False)
    def __init__(self, formula: None = None, **options: Any) -> None:
        self.formula = formula
        self._keep(options)

    measured_as_ = learnt(lambda net: "boxes", "Task of its measures.")
    labels_ = learnt(lambda net: net.outcome.object_labels, "Labels of the objects, sorted.")

    def fit(self, X: RowsLike, y: DataFrame, sample_weight: ArrayLike | None = None) -> Self:
        """Fit the net.

        Parameters
        ----------
        X : array_like, shape (n, height, width) or (n, height, width, n_channels)
            Images.
        y : data frame
            Boxes: `image` (position, from 0), x1, y1, x2, y2 in pixels, and label where there are several. An
            image without objects has no row.
        sample_weight : array_like of float64, shape (n,), optional
            Weights of images.

        Returns
        -------
        self

        Raises
        ------
        InputError
            If images, boxes or options cannot be used; the message says which.
        """
        return self._fit(X, y, sample_weight)

    def _fit(self, X, y, sample_weight=None, offset=None, exclude=(), outcome=None, formula=None):
        if offset is not None or self.formula is not None or exclude:
            raise InputError(
                "A net of boxes must be given images alone.", "Found a formula or an offset.", "Drop it."
            )
        return self.fit_coded(X, *code_outcome(X, y), sample_weight)

    def fit_coded(self, X, coded, labels, sample_weight=None):
        """Fit to coded boxes, see `detection.coding.code_boxes`; those of labels (n_labels,), sorted."""
        settled = self.settled_for(coded, labels)
        return self.fit_by(lambda: fitting.fit(settled, X, coded, sample_weight))

    def predict_coded(self, X, labels, most):
        """Predict boxes coded by labels (n_labels,), at most so many of an image."""
        return code_boxes(self.find_boxes(X), image_sizes(X), labels, most)

    def settled_for(self, coded, labels):
        """Return an unfitted net with the objective and the architecture that coded boxes ask for.

        It learns coded boxes of these labels (n_labels,), sorted.
        """
        coded = np.asarray(coded)
        counts = np.sum(coded.reshape(len(coded), -1, N_CODED)[..., 0] >= 0, axis=1)
        objective = self.objective or ("location" if (counts == 1).all() else "boxes")
        find_objective(objective, "boxes")
        if objective == "location" and (counts != 1).any():
            image = int(np.flatnonzero(counts != 1)[0])
            raise InputError(
                "Each image must have one object for objective='location'.",
                f"Image {image}, counted from 0, has {counts[image]}.",
                "Leave `objective` out, or use 'boxes'.",
            )
        architecture = self.architecture
        if architecture is None:
            architecture = _ARCHITECTURES.get(objective, "single_shot")
        settled = self.unfitted().set_params(objective=objective, architecture=architecture)
        settled._labels = labels
        return settled

    def own_options(self):
        """Return the options of the architecture's own and objective; where None, those of any boxes."""
        if self.architecture is not None and self.objective is not None:
            return super().own_options()
        from bineural.zoo.architecture import as_architecture

        record = as_architecture(self.architecture or "single_shot")
        return [*record.options, *named_objective(self.objective or "boxes").options]

    def objective_for(self, options, n_labels, shape):
        """Return the objective; a grid has a cell for so many pixels as the architecture says."""
        if options.get("grid", 0) is None:
            cell = options.get("cell", 8)
            options = {**options, "grid": (-(-shape[0] // cell), -(-shape[1] // cell))}
        return super().objective_for(options, n_labels, shape)

    def learn_outcome(self, y, levels=None):
        """Return the `Outcome` of coded boxes, and the boxes coded by those labels that are among them."""
        coded = y.reshape(len(y), -1, N_CODED).copy()
        there = coded[..., 0] >= 0
        if not there.any():
            raise no_boxes(len(y))
        present = np.unique(coded[there][:, 0]).astype(int)
        coded[there, 0] = np.searchsorted(present, coded[there, 0])
        return Outcome(object_labels=self._labels[present]), coded.reshape(y.shape)

    @checked(least=share(), iou=share())
    def predict(self, X: RowsLike, *, least: float = LEAST, iou: float = 0.5) -> DataFrame:
        """Predict the boxes of objects.

        Parameters
        ----------
        X : array_like, shape (n, height, width) or (n, height, width, n_channels)
            Images of the size of training.
        least : float in [0, 1]
            Least score of a box. To draw boxes 0.5 shows the sure ones; a low one is fair to
            `mean_average_precision`. A net of one object an image gives its box whatever the score.
        iou : float in [0, 1]
            Intersection over union from which on a box is left out beside one of its label with a higher
            score; see `suppress_boxes`.

        Returns
        -------
        pandas.DataFrame
            image (from 0), x1, y1, x2, y2 in pixels, label and score: the probability that there is an object
            of that label. Image after image, from the highest score down.
        """
        return make_frame(self.find_boxes(X, least, iou))

    def find_boxes(self, X, least=LEAST, iou=0.5):
        """Return what `predict` does, as `Boxes`."""
        check_is_fitted(self)
        sizes = image_sizes(X)
        values = self._answer(X, lambda rows: predict_rows(self.fitted_, rows))
        single = self.fitted_.objective.name == "location"
        boxes = (self._one_box if single else self._grid_boxes)(values, sizes, least)
        kept = np.lexsort([-boxes.scores, boxes.images])
        if not single:
            kept = kept[kept_boxes(boxes, iou)[kept]]
        parts = boxes.edges, boxes.images, boxes.labels, boxes.scores
        return Boxes(*(part[kept] for part in parts))

    def _one_box(self, values, sizes, least):
        positions, scores = _most_probable(values[:, 4:])
        return decode_boxes(np.arange(len(values)), values[:, :4], self.labels_[positions], scores, sizes)

    def _grid_boxes(self, values, sizes, least):
        n_cells = int(np.prod(self.fitted_.objective.settings["grid"]))
        cells = values.reshape(len(values), n_cells, -1)
        positions, probability = _most_probable(cells[..., 5:])
        scores = cells[..., 0] * probability
        images, places = np.nonzero(scores >= least)
        chosen = (images, places)
        return decode_boxes(
            images, cells[chosen][:, 1:5], self.labels_[positions[chosen]], scores[chosen], sizes
        )

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        named = {"architecture": self.fitted_.architecture.name} if self.architecture is None else {}
        return {**state_of(self), **named, "objective": self.fitted_.objective.name}

    def __getstate__(self):
        """Name the architecture and the objective that were chosen."""
        state = super().__getstate__()
        if "fitted_" in vars(self):
            state["objective"] = self.fitted_.objective.name
            if self.architecture is None:
                state["architecture"] = self.fitted_.architecture.name
        return state


def _most_probable(probability):
    """Return positions and probabilities of the most probable labels, 0 and 1 where there is one label."""
    if not probability.shape[-1]:
        return np.zeros(probability.shape[:-1], int), np.ones(probability.shape[:-1])
    return probability.argmax(axis=-1), probability.max(axis=-1)
