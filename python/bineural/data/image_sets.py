"""Images by name: what ships, what scikit-learn carries, and what is found on this machine."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bineural.data.idx_files import read_idx
from bineural.errors import InputError

DATA = Path(__file__).parent
_DEBIAN = Path("/usr/share/datasets")  # where Debian's packages of data sets put them
_ARTICLES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag"]
_ARTICLES += ["Ankle boot"]
_DIGITS = [str(digit) for digit in range(10)]
_IDX = [f"{part}-{what}-ubyte" for part in ("train", "t10k") for what in ("images-idx3", "labels-idx1")]


class LabelledSet(NamedTuple):
    """Images of a set: uint8 (n_rows, height, width), the class of each, and "train" or "test" or None."""

    images: np.ndarray
    codes: np.ndarray
    part: np.ndarray | None


@dataclass(frozen=True)
class ImageSet:
    """What is known of a set of images.

    Attributes
    ----------
    n_rows, side : int
    outcome : str
    classes : list of str
    source : str
    load : callable
        () -> LabelledSet; an InputError that says how to bring the set where it is not on this machine.
    ships : bool
        Whether every installation has it.
    """

    n_rows: int
    side: int
    outcome: str
    classes: list
    source: str
    load: object
    ships: bool = True

    @property
    def n_columns(self):
        """Columns of its table: the pixels and the outcome."""
        return self.side**2 + 1


def _load_digits():
    import sklearn.datasets

    bunch = sklearn.datasets.load_digits()
    return LabelledSet(bunch.images.astype(np.uint8), bunch.target, None)


def _load_part():
    with np.load(DATA / "fashion_mnist_part.npz", allow_pickle=False) as file:
        part = np.where(file["is_test"], "test", "train")
        return LabelledSet(file["images"], file["codes"], part)


def _keras_cache():
    """Return the folder where Keras keeps the data sets that it has fetched."""
    return Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets"


def _load_fashion():
    folders = [_DEBIAN / "fashion-mnist", _keras_cache() / "fashion-mnist"]
    files = next((found for folder in folders if (found := _idx_files(folder))), None)
    if files is None:
        raise _missing(
            "fashion_mnist",
            folders,
            "Run `apt install dataset-fashion-mnist` on Debian and Ubuntu, or "
            "`python -c 'import keras; keras.datasets.fashion_mnist.load_data()'`; 'fashion_mnist_part', "
            "2,000 of the images, is always there.",
        )
    images, codes, test_images, test_codes = (read_idx(file) for file in files)
    return _joined("fashion_mnist", images, codes, test_images, test_codes)


def _load_mnist():
    folders = [_DEBIAN / "mnist", _keras_cache() / "mnist"]
    packed = _keras_cache() / "mnist.npz"
    files = next((found for folder in folders if (found := _idx_files(folder))), None)
    if files is not None:
        return _joined("mnist", *(read_idx(file) for file in files))
    if not packed.is_file():
        raise _missing(
            "mnist",
            [packed, *folders],
            "Run `python -c 'import keras; keras.datasets.mnist.load_data()'`, or put the four IDX files "
            f"into {folders[1]}; 'digits', 1,797 smaller ones, is always there.",
        )
    try:
        with np.load(packed, allow_pickle=False) as file:
            return _joined("mnist", *(file[name] for name in ("x_train", "y_train", "x_test", "y_test")))
    except InputError:
        raise
    except Exception as error:  # whatever a damaged archive does to its reader
        raise InputError(
            "Keras' file of MNIST must hold x_train, y_train, x_test and y_test.",
            f"{packed}: {' '.join(str(error).split())[:200]}",
            "Remove it, and let Keras fetch it again: keras.datasets.mnist.load_data().",
        ) from error


def _joined(name, images, codes, test_images, test_codes):
    """Put training and test rows together, checked."""
    for pixels, labels in ((images, codes), (test_images, test_codes)):
        fits = pixels.ndim == 3 and pixels.shape[1:] == (28, 28) and labels.shape == pixels.shape[:1]
        if not fits or pixels.dtype != np.uint8 or labels.dtype.kind not in "iu" or labels.max(initial=0) > 9:
            raise InputError(
                f"The files of {name} must hold images of 28 x 28 bytes, and a class from 0 to 9 for each.",
                f"Found images of shape {pixels.shape} ({pixels.dtype}), labels of shape {labels.shape}.",
                "Fetch them again.",
            )
    part = np.repeat(["train", "test"], [len(codes), len(test_codes)])
    return LabelledSet(np.concatenate([images, test_images]), np.concatenate([codes, test_codes]), part)


def _idx_files(folder):
    """Return the four files of a folder, packed or not; None where one is missing."""
    files = [next((p for p in (folder / f"{n}.gz", folder / n) if p.is_file()), None) for n in _IDX]
    return None if None in files else files


def _missing(name, places, hint):
    return InputError(
        f"{name!r} must be on this machine: it is too large to ship.",
        f"It is not in {' or '.join(map(str, places))}.",
        hint,
    )


_FASHION = "Zalando Research; Xiao, Rasul and Vollgraf (2017), 28 x 28 pixels"
IMAGE_SETS = {
    "digits": ImageSet(
        1797,
        8,
        "digit",
        _DIGITS,
        "scikit-learn; optical recognition of handwritten digits (UCI), 8 x 8 pixels",
        _load_digits,
    ),
    "fashion_mnist_part": ImageSet(
        2000, 28, "article", _ARTICLES, f"2,000 of Fashion-MNIST, {_FASHION}", _load_part
    ),
    "fashion_mnist": ImageSet(
        70_000, 28, "article", _ARTICLES, f"Fashion-MNIST, {_FASHION}", _load_fashion, ships=False
    ),
    "mnist": ImageSet(
        70_000,
        28,
        "digit",
        _DIGITS,
        "MNIST; LeCun, Cortes and Burges, 28 x 28 pixels",
        _load_mnist,
        ships=False,
    ),
}
