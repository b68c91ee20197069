"""Images with the boxes of their objects: true ones in green, predicted ones in orange with their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Figure, PathLike
from bineural.checks import checked, whole
from bineural.data.pictures import Pictures, as_pictures
from bineural.detection.boxes import EDGES, read_boxes
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, plain_text
from bineural.figures.pictures import draw_pictures, picture_rows
from bineural.inputs.arrays import as_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_MOST = whole(1, 100)
_LOOKS = {"true": (COLOURS[2], "-"), "predicted": (COLOURS[4], "--")}


@checked(most=_MOST, path=FIGURE_FILE)
def plot_boxes(
    images: ArrayLike,
    truth: DataFrame | None = None,
    predicted: DataFrame | None = None,
    *,
    most: int = 9,
    path: PathLike | None = None,
) -> Figure:
    """Draw images with the boxes of their objects.

    Parameters
    ----------
    images : array_like, shape (n, height, width) or (n, height, width, n_channels); or a list of pictures
        Grey, or with three channels in colour.
    truth, predicted : data frame, optional
        Boxes, see `bineural.detection`: true ones are drawn in green, predicted ones in orange with dashes,
        their label and score beside them. `image` is the position among `images`, from 0.
    most : int
        Images that are drawn, from the first on.
    path : str or path, optional
        PNG or SVG file to write.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the images are no such array, or a box is in an image that there is not.

    Examples
    --------
    >>> import bineural as bn
    >>> images, boxes = bn.make_scenes(4, objects=(0, 3), size=40, seed=1)
    >>> len(bn.plot_boxes(images, boxes).axes)
    4
    """
    return draw_boxes(images, truth, predicted, most=most, path=path)


def draw_boxes(
    images: ArrayLike,
    truth: DataFrame | None,
    predicted: DataFrame | None,
    *,
    most: int,
    path: PathLike | None = None,
    names: Sequence[str] | None = None,
) -> Figure:
    """Draw what `plot_boxes` does, the images with names of their own."""
    outlines = outlines_data(images, truth, predicted, most=most, names=names)

    def mark(axes: Axes, label: str) -> None:
        from matplotlib.patches import Rectangle

        for box in outlines[outlines["label"] == label].itertuples():
            colour, line = _LOOKS[box.kind]
            place = (box.x1, box.y1), box.x2 - box.x1, box.y2 - box.y1
            axes.add_patch(Rectangle(*place, fill=False, edgecolor=colour, linestyle=line, linewidth=1.6))
            below = box.kind == "true"
            axes.annotate(
                plain_text(box.text),
                (box.x1, box.y2 if below else box.y1),
                xytext=(0, -1 if below else 1),
                textcoords="offset points",
                va="top" if below else "bottom",
                color=colour,
                fontsize=7,
            )

    return draw_pictures(pictures_data(images, most=most, names=names), path, mark)


@checked(most=_MOST)
def pictures_data(images, *, most=9, first=0, names=None) -> DataFrame:
    """Make the table of the images that `plot_boxes` draws; `first` is the number of the first image."""
    import pandas as pd

    shown = _read_images(images, most)[1]
    limits = _limits(shown)
    table = pd.concat(
        [
            picture_rows(
                _name(i, first, names), image if image.shape[-1] in (1, 3) else image.mean(-1), limits=limits
            )
            for i, image in enumerate(shown)
        ],
        ignore_index=True,
    )
    table.attrs = {"caption": "green: true boxes; orange, with dashes: predicted ones"}
    return table


@checked(most=_MOST)
def outlines_data(images, truth=None, predicted=None, *, most=9, first=0, names=None) -> DataFrame:
    """Make the table of the boxes that `plot_boxes` draws.

    Returns
    -------
    pandas.DataFrame
        label (of the panel), kind ("true" or "predicted"), text, colour, x1, y1, x2, y2.
    """
    import pandas as pd

    n = _read_images(images, most)[0]
    columns = ["label", "kind", "text", "colour", *EDGES]
    tables = [pd.DataFrame({name: pd.Series(dtype=float if name in EDGES else str) for name in columns})]
    for boxes, name, kind in ((truth, "truth", "true"), (predicted, "predicted", "predicted")):
        if boxes is None:
            continue
        read = read_boxes(boxes, name, ["image"])
        _check_positions(read.images, n, name, first)
        shown = np.flatnonzero(read.images < most)
        labelled = "label" in boxes
        texts = [
            " ".join(
                ([str(read.labels[i])] if labelled else [])
                + ([] if read.scores is None else [f"{read.scores[i]:.2f}"])
            )
            for i in shown
        ]
        table = {
            "label": [_name(i, first, names) for i in read.images[shown].astype(int)],
            "kind": kind,
            "text": texts,
        }
        table |= {"colour": _LOOKS[kind][0], **dict(zip(EDGES, read.edges[shown].T))}
        tables.append(pd.DataFrame(table))
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def _name(i, first, names):
    return f"image {i + first}" if names is None else names[i]


def _read_images(images, most):
    """Count the images, and return the first of them as a list of arrays (height, width, n_channels)."""
    images = as_pictures(images, grey_lists=True)
    if isinstance(images, Pictures):
        return len(images), [images[k] for k in range(min(most, len(images)))]
    images = as_numbers(images)
    if images.ndim not in (3, 4):
        raise InputError(
            "`images` must be an array (n, height, width) or (n, height, width, n_channels).",
            f"Found shape {images.shape}.",
            "One image is an array of shape (1, height, width).",
        )
    return len(images), list(images[:most, ..., None] if images.ndim == 3 else images[:most])


def _limits(images):
    """Return what is black and what is white in all of the images."""
    from bineural.inputs.images import read_unit

    pixels = np.concatenate([image.ravel() for image in images])[None]
    return {"share": (0, 1), "byte": (0, 255), None: (pixels.min(), pixels.max())}[read_unit(pixels)]


def _check_positions(positions, n, name, first):
    numbers = positions.dtype.kind in "iuf"
    if not numbers or (positions < 0).any() or (positions >= n).any() or (positions % 1 != 0).any():
        bad = (
            positions if not numbers else positions[(positions < 0) | (positions >= n) | (positions % 1 != 0)]
        )
        raise InputError(
            f"`image` in `{name}` must be positions of images, from {first} to {n - 1 + first}.",
            f"Found {bad[0] + first if numbers else bad[0]!r}.",
            "Keep the boxes of the images that are drawn, and number them anew.",
        )
