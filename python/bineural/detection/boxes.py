"""Boxes as they arrive: a data frame with a row for each object, read and checked once."""

from dataclasses import dataclass

import numpy as np

from bineural.errors import ColumnError, InputError, OutcomeError
from bineural.messages import listed

EDGES = ("x1", "y1", "x2", "y2")
_HINT = "Boxes have the columns x1, y1, x2 and y2, in pixels from the top left corner."


@dataclass(eq=False)
class Boxes:
    """Boxes as arrays, a row for each.

    Attributes
    ----------
    edges : ndarray of float64, shape (n_boxes, 4)
        x1, y1, x2, y2.
    images, labels : ndarray, shape (n_boxes,)
        Which image each is in, and what it is of; 0 for all where there is no such column.
    scores : ndarray of float64, shape (n_boxes,), or None
    """

    edges: np.ndarray
    images: np.ndarray
    labels: np.ndarray
    scores: np.ndarray | None = None

    def __len__(self):
        """Count the boxes."""
        return len(self.edges)


def is_boxes(data):
    """Say whether data are a table of boxes, complete or not: whether it has at least three of the edges."""
    from bineural.tables.frames import is_frame

    return is_frame(data) and len(set(EDGES) & set(as_table(data).columns)) > 2


def refuse_boxes(outcome):
    """Refuse an outcome that is boxes, where none can be."""
    if is_boxes(outcome):
        raise OutcomeError(
            "Boxes can be the outcome of nets of images only, and of their comparison.",
            "Found a table of boxes.",
            "Fit a net to them by fit_net(images, boxes), or give an outcome with one value for each row.",
        )


def read_boxes(boxes, name, needs=(), true=False):
    """Read boxes.

    Parameters
    ----------
    boxes : data frame
        With x1, y1, x2, y2, and as far as it has them image, label and score. It may have no rows.
    name : str
        Of the argument, for errors.
    needs : sequence of str
        Further columns that must be there.
    true : bool
        Whether they are the boxes of objects, which have an area.

    Returns
    -------
    Boxes

    Raises
    ------
    ColumnError
        If a column is missing, or holds what is no number.
    InputError
        If an edge is missing or infinite, or a box ends before it begins.
    """
    from bineural.tables.frames import is_frame

    if not is_frame(boxes):
        raise InputError(f"`{name}` must be a data frame of boxes.", f"Found {type(boxes).__name__}.", _HINT)
    frame = as_table(boxes)
    columns = [*EDGES, *needs]
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        held = listed(list(map(str, frame.columns)), 9) or "none"
        what = f"It lacks {listed(missing, len(missing))}; its columns are {held}."
        raise ColumnError(f"`{name}` must have the columns {listed(columns, 9)}.", what, _HINT)
    edges = np.column_stack([_numbers(frame, column, name) for column in EDGES])
    check_edges(edges, name)
    if true:
        _refuse_flat(edges, name)
    scores = _numbers(frame, "score", name) if "score" in frame.columns else None
    return Boxes(edges, _names(frame, "image", name), _names(frame, "label", name), scores)


def read_edges(boxes, name):
    """Return the edges of boxes: a data frame, or an array (n_boxes, 4), or of one box (4,).

    Returns
    -------
    ndarray of float64, shape (n_boxes, 4)
    """
    from bineural.tables.frames import is_frame

    if is_frame(boxes):
        return read_boxes(boxes, name).edges
    try:
        edges = np.asarray(boxes, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"`{name}` must hold numbers.", f"Found {type(boxes).__name__}.", _HINT) from None
    edges = edges[None] if edges.shape == (4,) else edges
    if edges.ndim != 2 or edges.shape[1] != 4:
        raise InputError(
            f"`{name}` must be a data frame of boxes, or an array of four columns.",
            f"Found shape {edges.shape}.",
            "The columns of an array are x1, y1, x2, y2.",
        )
    check_edges(edges, name)
    return edges


def check_edges(edges, name):
    """Refuse edges that are missing or infinite, and boxes that end before they begin."""
    bad = np.argwhere(~np.isfinite(edges))
    if len(bad):
        row, column = bad[0]
        raise InputError(
            f"Edges in `{name}` must be finite.",
            f"{EDGES[column]} of box {row + 1} is {edges[row, column]:g} ({len(bad)} such values).",
            "Leave such boxes out; an image without objects has no row.",
        )
    for low, high in (("x1", "x2"), ("y1", "y2")):
        starts, ends = edges[:, EDGES.index(low)], edges[:, EDGES.index(high)]
        wrong = np.flatnonzero(ends < starts)
        if len(wrong):
            row = wrong[0]
            raise InputError(
                f"A box must not end before it begins: {high} must be at least {low}.",
                f"Box {row + 1} of `{name}` has {low} = {starts[row]:g} and {high} = {ends[row]:g} "
                f"({len(wrong)} such boxes).",
                "Edges are x1, y1, x2, y2; from x, y, width and height take x2 = x1 + width.",
            )


def _refuse_flat(edges, name):
    flat = np.flatnonzero((edges[:, 2:] == edges[:, :2]).any(axis=1))
    if len(flat):
        shown = ", ".join(f"{column} = {edge:g}" for column, edge in zip(EDGES, edges[flat[0]]))
        raise InputError(
            "The box of an object must have an area.",
            f"Box {flat[0] + 1} of `{name}` has {shown} ({len(flat)} such boxes).",
            "The box of one pixel is 1 wide: x2 = x1 + 1.",
        )


def make_frame(boxes):
    """Return boxes as a data frame: image, x1, y1, x2, y2, label, and score where there are scores."""
    columns = {"image": boxes.images, **dict(zip(EDGES, boxes.edges.T)), "label": boxes.labels}
    import pandas as pd

    return pd.DataFrame(columns if boxes.scores is None else {**columns, "score": boxes.scores})


def as_table(data):
    """Return a table of any library as a pandas frame, which may have no rows."""
    import pandas as pd

    from bineural.tables.frames import as_frame

    if isinstance(data, pd.DataFrame):
        return data
    return data.to_pandas() if hasattr(data, "to_pandas") else as_frame(data)


def _numbers(frame, column, name):
    from bineural.tables.frames import numeric_values

    values = numeric_values(frame[column], column) if len(frame) else np.empty(0)
    if column == "score" and not np.isfinite(values).all():
        row = np.flatnonzero(~np.isfinite(values))[0]
        raise InputError(
            f"Scores in `{name}` must be finite.",
            f"That of box {row + 1} is {values[row]:g}.",
            "Give each predicted box a number, larger for one that is more likely.",
        )
    return values


def _names(frame, column, name):
    if column not in frame.columns:
        return np.zeros(len(frame), dtype=np.int64)
    values = frame[column]
    if values.isna().any():
        row = int(np.flatnonzero(values.isna())[0])
        raise InputError(
            f"Each box in `{name}` must have its {column}.",
            f"That of box {row + 1} is missing.",
            "Fill it in; an image without objects has no row.",
        )
    values = values.to_numpy()
    return values.astype(str) if values.dtype.kind == "O" and all(map(_is_text, values)) else values


def _is_text(value):
    return isinstance(value, str)
