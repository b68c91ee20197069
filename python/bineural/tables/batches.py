"""Rows in batches: Parquet files, pyarrow data sets, and anything that can be iterated again and again.

A source is cut into pieces (row groups of Parquet; one piece for everything else), and a piece is read as
batches of rows, each a pandas frame. Nothing but the batch at hand is kept.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bineural.checks import calling
from bineural.errors import ColumnError, DroppedWarning, InputError
from bineural.messages import near_names, shown, warn
from bineural.tables.arrow import column_to_pandas
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import count_rows

_BATCH_ROWS = 2**14  # of a pyarrow data set
_AGAIN = (
    "Pass a function without arguments that returns a fresh iterator, a list, or a path to Parquet files."
)


def is_stream(data):
    """Say whether data come in batches: a Parquet path, a pyarrow data set, a function, or an iterable."""
    if data is None or is_arrow_dataset(data) or isinstance(data, (Path, Source)):
        return data is not None
    if isinstance(data, str):
        return _is_parquet_path(data)
    if isinstance(data, (list, tuple)):
        return bool(data) and all(_is_batch(part) for part in data)
    if is_frame(data) or isinstance(data, (Mapping, type)) or hasattr(data, "__array__"):
        return False
    return callable(data) or (hasattr(data, "__iter__") and not hasattr(data, "shape"))


def open_source(data, again=True):
    """Return what reads data in batches, see `BatchSource` and `ArrowSource`.

    Parameters
    ----------
    data : path, pyarrow.dataset.Dataset, callable, iterable or Source
    again : bool
        Whether they must be there for another pass, as for a fit; predictions need one.

    Raises
    ------
    InputError
        If the data can be read only once, or there are no Parquet files at a path.
    """
    if isinstance(data, Source):
        return data
    if isinstance(data, (str, Path)):
        data = _parquet_dataset(Path(data).expanduser())
    if is_arrow_dataset(data):
        return ArrowSource(data)
    if again and hasattr(data, "__next__"):
        raise InputError(
            "Batches must be there to be read again: first for levels and means, then in each epoch.",
            f"A {type(data).__name__} gives its rows once.",
            _AGAIN,
        )
    endless = hasattr(data, "cardinality") and int(data.cardinality()) == -1
    if endless:
        raise InputError(
            "Batches must come to an end.", "The data set repeats for ever.", "Leave out repeat()."
        )
    return BatchSource(data)


def refuse_batches(data):
    """Refuse rows in batches, where all are needed at once."""
    if is_stream(data):
        raise InputError(
            "Rows must be in memory here: only fit_glm, fit_net, compare_models, predictions and "
            "evaluate_model take batches.",
            f"Found {shown(data)}.",
            "Read them whole, for example by load_dataset(path) or pandas.concat(batches).",
        )


def is_arrow_dataset(data):
    """Say whether data are a pyarrow.dataset.Dataset."""
    return type(data).__module__.startswith("pyarrow") and hasattr(data, "count_rows")


def _is_parquet_path(text):
    return text.lower().endswith((".parquet", ".pq")) or (
        "~" not in text[1:] and os.path.isdir(os.path.expanduser(text))
    )


def _is_batch(part):
    """Say whether an entry of a list is a table by itself (a dict of numbers is one row of a table)."""
    if isinstance(part, Mapping):
        return bool(part) and all(np.ndim(column) > 0 for column in part.values())
    return is_frame(part)


def _parquet_dataset(path):
    import pyarrow
    from pyarrow import dataset

    folder = os.path.isdir(path)  # False for a name that is too long, too
    files = sorted(path.rglob("*.parquet")) if folder else [path] * os.path.isfile(path)
    if not files:
        beside = [file.name for file in path.parent.glob("*.parquet")]
        raise InputError(
            "A path that is given as data must be a Parquet file, or a folder of them.",
            f"There is {'no .parquet file in' if folder else 'no'} {str(path)!r}.",
            near_names(path.name, sorted(beside)) if beside else "load_dataset(path) reads a CSV file whole.",
        )
    try:
        return dataset.dataset(str(path), format="parquet", partitioning="hive" if folder else None)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(
            "Parquet files must be readable and have the same columns.",
            f"{path.name}: {' '.join(str(error).split())[:300]}",
            "Look at the file in question."
            if folder or _is_parquet_path(str(path))
            else "load_dataset(path) reads files of other kinds whole.",
        ) from error


class Source:
    """Rows in batches, in pieces that can be read by themselves."""

    n_pieces = 1

    def read_all(self, columns=None):
        """Yield the batches of all pieces, in their order."""
        for piece in range(self.n_pieces):
            yield from self.read(piece, columns)


class ListSource(Source):
    """Batches from a list of tables, each of which is a piece."""

    def __init__(self, tables):
        self.tables = list(tables)
        self.n_pieces = len(self.tables)

    def names(self):
        """Return the names of the columns, from the first table with rows."""
        return BatchSource(self.tables).names()

    def read(self, piece, columns=None):
        """Yield one table as a frame, unless it has no rows."""
        return BatchSource(self.tables[piece : piece + 1]).read(0, columns)


class SomePieces(Source):
    """Some pieces of a source, in their order, perhaps changed.

    Parameters
    ----------
    source : Source
    pieces : sequence of int
    change : callable, optional
        Takes a frame; returns rows of it.
    """

    def __init__(self, source, pieces, change=None):
        self.source, self.pieces, self.change = source, list(pieces), change
        self.n_pieces = len(self.pieces)

    def names(self):
        """Return the names of the columns."""
        return self.source.names()

    def read(self, piece, columns=None):
        """Yield the batches of one of the pieces."""
        for frame in self.source.read(self.pieces[piece], columns):
            frame = frame if self.change is None else self.change(frame)
            if len(frame):
                yield frame


class HeldSource(Source):
    """A source whose rows stay in memory for the next pass where they are few.

    Parameters
    ----------
    source : Source
    most_bytes : int
        Once its frames take more than that, none are held any more.
    """

    def __init__(self, source, most_bytes):
        self.source, self.n_pieces = source, source.n_pieces
        self.left, self.columns, self.held = most_bytes, None, {}

    def names(self):
        """Return the names of the columns."""
        return self.source.names()

    def read(self, piece, columns=None):
        """Yield the batches of one piece, from memory where they are held."""
        if piece in self.held and columns == self.columns:
            yield from self.held[piece]
            return
        frames = []
        for frame in self.source.read(piece, columns):
            if self.left >= 0:
                self.left -= int(frame.memory_usage().sum())
                frames.append(frame)
            yield frame
        if self.left < 0:
            self.held = {}
        elif not self.held or columns == self.columns:
            self.held[piece], self.columns = frames, columns


class BatchSource(Source):
    """Batches from a function that returns an iterator, or from an iterable."""

    def __init__(self, data):
        self.data = data

    def names(self):
        """Return the names of the columns, from the first batch."""
        for frame in self.read(0):
            return list(frame.columns)
        raise InputError(
            "The training data must have rows.", "Found no batch.", "Check what makes the batches."
        )

    def read(self, piece, columns=None):
        """Yield the batches as frames; empty ones are left out."""
        batches = self.data
        if callable(batches):
            with calling("data", "no arguments"):
                batches = batches()
        is_one_table = is_frame(batches) and not isinstance(batches, (list, tuple))
        if is_one_table or not hasattr(batches, "__iter__"):
            raise InputError(
                "A function that is given as data must return an iterator of tables.",
                f"It returned a {type(batches).__name__}.",
                "Let it yield data frames, or return a list of them.",
            )
        for batch in batches:
            frame = _as_batch(batch)
            if frame is not None:
                yield frame


class ArrowSource(Source):
    """Batches from a pyarrow data set, whose row groups (or files) are its pieces."""

    def __init__(self, dataset):
        self.dataset = dataset
        self._names = _data_columns(dataset.schema.names)
        try:
            self.fragments = [part for whole in dataset.get_fragments() for part in _row_groups(whole)]
        except ValueError:  # a filtered data set has no files to show
            self.fragments = None

    def names(self):
        """Return the names of the columns."""
        return self._names

    @property
    def n_pieces(self):
        """Number of pieces that can be read by themselves."""
        return 1 if self.fragments is None else len(self.fragments)

    def read(self, piece, columns=None):
        """Yield the batches of one piece as frames with the wanted columns; with all if one is not there."""
        by_name = columns is not None and set(columns) <= set(self._names)
        names = [name for name in self._names if name in columns] if by_name else self._names
        limits = {"batch_size": _BATCH_ROWS, "batch_readahead": 1, "fragment_readahead": 1}
        if self.fragments is None:
            batches = self.dataset.to_batches(columns=names, **limits)
        else:
            batches = self.fragments[piece].to_batches(
                schema=self.dataset.schema, columns=names, use_threads=False, **limits
            )
        for batch in batches:
            if batch.num_rows:
                yield _arrow_frame(batch)


def _row_groups(fragment):
    return fragment.split_by_row_group() if hasattr(fragment, "split_by_row_group") else [fragment]


def _data_columns(names):
    """Leave out the index that pandas writes into a Parquet file."""
    index = [name for name in names if name.startswith("__index_level_")]
    if index:
        warn(DroppedWarning, f"The column {index[0]} holds row names; it is left out.")
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ColumnError("Column names must be unique.", f"Found more than once: {doubled}.", "Rename them.")
    return [name for name in names if name not in index]


def _arrow_frame(batch):
    import pandas as pd

    columns = {name: column_to_pandas(batch.column(i)) for i, name in enumerate(batch.schema.names)}
    return pd.DataFrame({name: getattr(column, "array", column) for name, column in columns.items()})


def _as_batch(batch):
    """View one batch as a frame with a row index of its own; None where it has no rows."""
    if isinstance(batch, Mapping):
        batch = {name: _plain_column(column) for name, column in batch.items()}
    if not is_frame(batch):
        raise InputError(
            "Each batch must be a table with named columns.",
            f"Found a {type(batch).__name__}.",
            "Give data frames, pyarrow tables, or dicts of arrays that hold the outcome too.",
        )
    return None if count_rows(batch) == 0 else as_frame(batch)


def _plain_column(column):
    """Take a tensor as an array; bytes, as TensorFlow writes text, as text."""
    if not hasattr(column, "numpy") or hasattr(column, "iloc"):
        return column
    values = np.asarray(column)
    if values.dtype.kind == "O" and len(values) and isinstance(values.flat[0], bytes):
        return np.array([value.decode() for value in values], dtype=object)
    return values
