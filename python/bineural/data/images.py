"""`load_images`: pictures with their labels, of a folder with sub-folders, of files, or of a set by name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from bineural._typing import DataFrame, PathLike
from bineural.checks import Check, checked, choice, is_whole
from bineural.data.image_sets import IMAGE_SETS
from bineural.data.picture_files import is_picture_path
from bineural.data.pictures import Pictures, sizes_text
from bineural.errors import DroppedWarning, InputError
from bineural.messages import counted_values, listed, near_names, number_of, shown, warn

if TYPE_CHECKING:
    import pandas as pd

_MOST_PIXELS = 2**14  # a side


@dataclass(eq=False, repr=False)
class LabelledImages:
    """Images with what is known of them; what `load_images` returns.

    Attributes
    ----------
    images : ndarray of uint8, shape (n_rows, height, width, n_channels), or Pictures
        Channels: 1 of grey images, 3 (red, green, blue) of colours. `Pictures` where they have several sizes.
    labels : pandas.Series of category, or None
        The class of each: its sub-folder.
    files : list of str, or None
        The file of each, as it stands in the folder.
    part : ndarray of str, or None
        "train" or "test", where a set comes so divided.
    boxes : pandas.DataFrame, or None
        Boxes of their objects: image (position from 0), x1, y1, x2, y2 in the pixels of `images`, and what
        else the table of boxes had.
    """

    images: np.ndarray | Pictures
    labels: pd.Series | None = None
    files: list | None = None
    part: np.ndarray | None = None
    boxes: pd.DataFrame | None = None

    def __len__(self):
        """Count the images."""
        return len(self.images)

    def __repr__(self):
        """Say how many there are, of what size and of which classes."""
        n, height, width, n_channels = self.images.shape
        several = height is None or width is None
        size = sizes_text(self.images) if several else f"{height} x {width}"
        colour = {1: "grey", 3: "in colour"}.get(n_channels, f"{n_channels} channels")
        text = f"{number_of(n, 'image', ',')} of {size} pixels (height x width), {colour}"
        if self.labels is not None:
            text += f"; {self.labels.name}: {counted_values(self.labels.value_counts(sort=False).to_dict())}"
        if self.boxes is not None:
            n_empty = n - self.boxes["image"].nunique()
            text += f"; {len(self.boxes):,} box{'es' * (len(self.boxes) != 1)}"
            text += f", {number_of(n_empty, 'image')} without any" * (n_empty > 0)
        if self.part is not None:
            text += f"; {np.sum(self.part == 'train'):,} to train, {np.sum(self.part == 'test'):,} to test"
        return f"<{text}>"


def _size(value):
    if is_whole(value):
        value = (value, value)
    height, width = value
    if not all(is_whole(n) and 1 <= n <= _MOST_PIXELS for n in (height, width)):
        raise ValueError
    return int(height), int(width)


def _source(value):
    if isinstance(value, (str, Path)) and str(value) and "\0" not in str(value):
        return value
    if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__len__") or len(value) == 0:
        raise ValueError
    return list(value)


@checked(
    path=Check(
        "a folder, a list of files, or the name of a set of images",
        _source,
        f"Sets are {listed(list(IMAGE_SETS), 9)}.",
    ),
    size=Check(
        "a number of pixels, or height and width", _size, "Pass for example 32, or (24, 32)."
    ).or_none(),
    colour=choice(None, "grey", "rgb"),
)
def load_images(
    path: PathLike | Sequence[PathLike],
    size: int | tuple[int, int] | None = None,
    colour: Literal["grey", "rgb"] | None = None,
    boxes: DataFrame | PathLike | None = None,
) -> LabelledImages:
    """Load images with their labels, or with the boxes of their objects.

    Parameters
    ----------
    path : str or path-like, or sequence of them
        A folder with a sub-folder for each class; a folder of pictures, without labels; a list or column of
        files; or a set by name: "digits" (1,797 of 8 x 8 pixels, from 0 to 16), "fashion_mnist_part" (2,000
        of 28 x 28), "fashion_mnist" and "mnist" (70,000 of 28 x 28, where Debian's package or Keras' cache
        has them on this machine). Nothing is downloaded.
    size : int or tuple (height, width), optional
        Pixels to which every image is resized, without keeping its proportions. None leaves them.
    colour : {"grey", "rgb"}, optional
        Make all grey, or all colours. None is as they are in the files, all alike.
    boxes : data frame, str or path, optional
        Boxes of the objects in the pictures of a folder or list, or the file of that table (.csv, ...): a row
        for each object with `file`, the picture's name as it stands in the folder, x1, y1, x2, y2 in the
        pixels of the file as it stands upright, and `label` where there are several. Pictures without objects
        have no row.

    Returns
    -------
    LabelledImages
        With `images` (uint8, (n_rows, height, width, n_channels); a list of pictures where sizes differ),
        `labels`, `files`, `part` and `boxes`, those in the pixels of `images`. Sub-folders and files come in
        the order of their names.

    Raises
    ------
    InputError
        If there is no such folder or set, or a picture can't be read, is grey among colours, or has more
        pixels than Pillow takes for safe; it names the picture. If a box is of no picture.

    Warns
    -----
    DroppedWarning
        Of files that are no pictures by their ending, and of sub-folders without pictures.

    Examples
    --------
    >>> import bineural as bn
    >>> digits = bn.load_images("digits")
    >>> digits.images.shape, digits.labels[:3].tolist()
    ((1797, 8, 8, 1), ['0', '1', '2'])
    """
    if isinstance(path, str) and path in IMAGE_SETS:
        if boxes is not None:
            raise InputError(
                "`boxes` can be given with a folder or a list of files only.",
                f"Found the set {path!r}.",
                "Make images with boxes by make_scenes(), or leave `boxes` out.",
            )
        return _load_set(IMAGE_SETS[path], size, colour)
    if isinstance(path, list):
        files = [str(file) for file in path]
        images, boxes = _read(path, files, size, colour, boxes)
        return LabelledImages(images, files=files, boxes=boxes)
    folder = Path(path).expanduser()
    if not os.path.isdir(folder):  # False for a name that is too long, too
        raise _no_folder(path, folder)
    files, labels = _list_folder(folder)
    names = [file.relative_to(folder).as_posix() for file in files]
    images, boxes = _read(files, names, size, colour, boxes)
    labels = None if labels is None else _as_labels(labels, "label")
    return LabelledImages(images, labels, names, boxes=boxes)


def _load_set(image_set, size, colour):
    import pandas as pd

    loaded = image_set.load()
    images = loaded.images[..., None]
    if size is not None and size != images.shape[1:3]:
        images = Pictures.of_arrays(list(images)).at_size(size)
    if colour == "rgb":
        images = np.repeat(images, 3, axis=3)
    labels = pd.Categorical.from_codes(loaded.codes, categories=image_set.classes)
    return LabelledImages(images, pd.Series(labels, name=image_set.outcome), None, loaded.part)


def _read(files, names, size, colour, boxes):
    """Return pictures of files, and their boxes or None.

    Pictures are an array at one size; as they are where sizes differ and none is asked.
    """
    pictures = Pictures.of_files(files, colour, names)
    if boxes is not None:
        from bineural.data.datasets import load_dataset
        from bineural.detection.files import boxes_of_files

        boxes = boxes_of_files(boxes, names, pictures.sizes, size, load_dataset)
    if size is None and not pictures.one_size:
        return pictures, boxes
    return pictures.at_size(pictures.shape[1:3] if size is None else size), boxes


def _list_folder(folder):
    """Return the pictures of a folder, and the label of each, None where it has no sub-folders."""
    inside = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    folders = [p for p in inside if p.is_dir()]
    loose, others = _part_files(p for p in inside if p.is_file())
    if not folders:
        _say_left_out(others, [], folder)
        if not loose:
            raise InputError(
                "A folder of images must hold pictures, or sub-folders of them.",
                f"There is none in {str(folder)!r}.",
                "Check the folder; pictures are known by endings such as .png and .jpg.",
            )
        return loose, None
    if loose:
        raise InputError(
            "Pictures must lie in sub-folders, one for each class, or all in one folder without any.",
            f"Found {loose[0].name!r}{f' and {len(loose) - 1} more' * (len(loose) > 1)} beside sub-folders.",
            "Move them into the sub-folder of their class.",
        )
    files, labels, empty = [], [], []
    for sub in folders:
        hidden = lambda p: any(part.startswith(".") for part in p.relative_to(folder).parts)  # noqa: E731
        held, more = _part_files(p for p in sorted(sub.rglob("*")) if p.is_file() and not hidden(p))
        others += more
        files += held
        labels += [sub.name] * len(held)
        empty += [sub.name] * (not held)
    _say_left_out(others, empty, folder)
    if not files:
        raise InputError(
            "Sub-folders must hold pictures.",
            f"Found none in {listed(empty)}.",
            "Pictures are known by endings such as .png and .jpg.",
        )
    return files, labels


def _part_files(paths):
    """Part files into pictures, by their endings, and others."""
    pictures, others = [], []
    for path in paths:
        (pictures if is_picture_path(path.name) else others).append(path)
    return pictures, others


def _say_left_out(files, folders, folder):
    names = [file.relative_to(folder).as_posix() for file in files]
    if names:
        n_files = number_of(len(names), "file")
        warn(DroppedWarning, f"Left out {n_files} without a picture's ending: {listed(names, 3)}.")
    if folders:
        n_folders = number_of(len(folders), "sub-folder")
        warn(DroppedWarning, f"Left out {n_folders} without pictures: {listed(folders, 3)}.")


def _as_labels(labels, name):
    import pandas as pd

    return pd.Series(pd.Categorical(labels, categories=sorted(set(labels))), name=name)


def _no_folder(path, folder):
    near = near_names(path, list(IMAGE_SETS)) if isinstance(path, str) else ""
    if os.path.isfile(folder):
        near = "Put a single file into a list: load_images([path])."
    return InputError(
        "`path` must be a folder, a list of files, or the name of a set of images.",
        f"There is no folder {shown(str(path))}.",
        near or f"Check where it lies; sets are {listed(list(IMAGE_SETS), 9)}.",
    )
