"""Splits and folds as JSON manifests that Python and R both read: row ids, seed, settings, fingerprint.

Row ids count from 0. `train_ids` is null where it is all other rows in ascending order. One line per entry,
so that two manifests can be compared by eye; no date, so that the same split gives the same file.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import PathLike
from bineural.checks import checked, writable
from bineural.errors import InputError, SavingError
from bineural.files import write_atomically
from bineural.messages import shown
from bineural.versions import package_version

if TYPE_CHECKING:
    from bineural.splitting.resamples import Folds, Split

FORMAT = 1
SPLIT, FOLDS = "bineural split", "bineural folds"  # what a manifest says it is
SETTINGS = ("seed", "rng", "prop", "strata", "groups", "time", "pool", "read_as")


@checked(path=writable(error=SavingError))
def save_split(split: Split | Folds, path: PathLike) -> Path:
    """Write a split or folds as a JSON manifest: row ids (from 0), seed, settings, fingerprint; not the data.

    Parameters
    ----------
    split : Split or Folds
    path : str or path-like
        Where to write; the usual ending is `.json`. An existing file is replaced, whole or not at all.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Raises
    ------
    InputError
        If `split` is no Split or Folds.
    SavingError
        If the folder does not exist or can't be written to.

    Examples
    --------
    >>> import tempfile, bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = bn.save_split(bn.split_rows(iris, strata="species", seed=1), f"{folder}/split.json")
    ...     bn.load_split(path, iris).train_ids[:3].tolist()
    [0, 2, 3]
    """
    if getattr(type(split), "manifest_kind", None) not in (SPLIT, FOLDS):
        raise InputError(
            "`split` must be made by split_rows() or make_folds().",
            f"Found {shown(split)}.",
            "Write save_split(split_rows(data), 'split.json').",
        )
    return write_atomically(path, to_manifest(split).encode(), error=SavingError)


def to_manifest(split):
    """Write a Split or Folds as JSON text."""
    is_split = split.manifest_kind == SPLIT
    settings = {word: getattr(split, word) for word in SETTINGS}
    entries = {
        "file": split.manifest_kind,
        "format": FORMAT,
        "row_ids": "from 0",
        "n_rows": split.n_rows,
        **settings,
    }
    if is_split:
        entries |= {"train_ids": split.train_ids.tolist(), "test_ids": split.test_ids.tolist()}
    else:
        entries |= {
            "folds": split.folds,
            "repeats": split.repeats,
            "train_ids": [None if ids is None else ids.tolist() for ids, _ in split.resamples],
            "test_ids": [ids.tolist() for _, ids in split.resamples],
        }
    versions = {
        "bineural": package_version("bineural"),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    entries |= {"fingerprint": split.fingerprint, "versions": versions}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
