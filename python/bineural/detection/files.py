"""Boxes that name the files of their pictures: read from a table, and put to the pictures."""

from pathlib import Path, PurePosixPath

import numpy as np

from bineural.detection.boxes import EDGES, as_table, read_boxes
from bineural.errors import ColumnError, InputError
from bineural.messages import listed, near_names, number_of, shown

_COLUMNS = ("file", "image")  # that may name the file of a box's picture


def boxes_of_files(boxes, files, sizes, size=None, load=None):
    """Return boxes by the position of their picture, in the pixels that the pictures were brought to.

    Parameters
    ----------
    boxes : data frame, str or path
        A row for each object: `file` (or `image`) names its picture, x1, y1, x2, y2 are in the pixels of the
        file as it stands upright, and further columns stay as they are. Or the file of such a table.
    files : sequence of str
        The pictures' files, as they stand in their folder.
    sizes : ndarray of int, shape (n_pictures, 2)
        Height and width of each in its file.
    size : tuple (height, width), optional
        What they were resized to; None leaves them.
    load : callable
        Reads the file of a table.

    Returns
    -------
    pandas.DataFrame
        image (from 0), x1, y1, x2, y2, and the further columns.

    Raises
    ------
    InputError
        If a box is of no picture, or is no box; it says which.
    """
    frame = _read_table(boxes, load).reset_index(drop=True)
    read = read_boxes(frame, "boxes", true=True)
    column = next((name for name in _COLUMNS if name in frame.columns), None)
    if column is None:
        raise ColumnError(
            "`boxes` must name the file of each box's picture in a column `file`.",
            f"Its columns are {listed(list(map(str, frame.columns)), 9)}.",
            "Rename the column that holds the names, as they stand in the folder.",
        )
    positions = _positions(frame[column].tolist(), list(files))
    edges = read.edges
    if size is not None:
        edges = edges * (np.array(size) / sizes[positions])[:, [1, 0, 1, 0]]
    others = [name for name in frame.columns if name not in (column, "image", *EDGES)]
    placed = frame[others].assign(image=positions, **dict(zip(EDGES, edges.T)))
    return placed[["image", *EDGES, *others]]


def _read_table(boxes, load):
    from bineural.tables.frames import is_frame

    if is_frame(boxes):
        return as_table(boxes)
    if not isinstance(boxes, (str, Path)):
        raise InputError(
            "`boxes` must be a data frame of boxes, or its file.",
            f"Found {type(boxes).__name__}.",
            "Write for example boxes='boxes.csv', with columns file, x1, y1, x2, y2 and label.",
        )
    return load(boxes)


def _positions(names, files):
    """Return which file each name means: the whole name as it stands in the folder, or its last part."""
    whole = {file: k for k, file in enumerate(map(_plain, files))}
    last = {}
    for file, k in whole.items():
        last.setdefault(PurePosixPath(file).name, []).append(k)
    positions = []
    for row, name in enumerate(names, 1):
        plain = _plain(name) if isinstance(name, str) else None
        held = [whole[plain]] if plain in whole else last.get(PurePosixPath(plain or "").name, [])
        if len(held) != 1:
            raise _no_file(name, row, held, files)
        positions.append(held[0])
    return np.array(positions, dtype=np.int64)


def _plain(name):
    return name.replace("\\", "/").removeprefix("./")


def _no_file(name, row, held, files):
    if held:
        found = f"Box {row} names {shown(name)}, which {len(held)} of them are called."
        hint = f"Write {files[held[0]]!r}, for example."
        return InputError("Every box must name one picture.", found, hint)
    return InputError(
        "Every box must name a picture that was loaded.",
        f"Box {row} names {shown(name)}; there {'is' if len(files) == 1 else 'are'} "
        f"{number_of(len(files), 'picture')}.",
        near_names(name, list(files)) if isinstance(name, str) else f"Write for example {files[0]!r}.",
    )
