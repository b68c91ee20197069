"""Prepared rows that are too many for memory, in a temporary file that is read by stretches.

A row is its predictors, then the outcome, then weight and offset where there are any: float64, one row after
the other. Few rows stay in memory.
"""

import os
import shutil
import tempfile
import weakref

import numpy as np

from ..errors import InputError

_IN_MEMORY = 2**21  # numbers that are held rather than written, 16 MiB


class RowFile:
    """A table of float64 that is written once, row after row, and then read by stretches, by threads too.

    Parameters
    ----------
    n_columns : int
    n_rows : int
        Rows that are expected, for a look at the space that is left.

    Attributes
    ----------
    shape : tuple of int
        Rows written so far, and columns.

    Raises
    ------
    InputError
        If the disk has not the space.
    """

    def __init__(self, n_columns, n_rows):
        self.n_columns, self.n_rows, self._parts, self._file = n_columns, 0, [], None
        if n_rows * n_columns > _IN_MEMORY:
            _check_space(8 * n_rows * n_columns)
            self._file = tempfile.TemporaryFile(prefix="bineural-rows-")  # noqa: SIM115 (lives as long as this)
            weakref.finalize(self, self._file.close)

    @property
    def shape(self):
        """(n_rows, n_columns)."""
        return self.n_rows, self.n_columns

    @property
    def in_memory(self):
        """Whether the rows are few and held."""
        return self._file is None

    def add(self, *columns):
        """Write rows: arrays of shape (n_rows, n_some) or (n_rows,), side by side."""
        rows = np.empty((len(columns[0]), self.n_columns))
        end = 0
        for part in columns:
            begin, end = end, end + (1 if part.ndim == 1 else part.shape[1])
            rows[:, begin:end] = part[:, None] if part.ndim == 1 else part
        self.n_rows += len(rows)
        if self._file is None:
            self._parts.append(rows)
        else:
            self._file.write(memoryview(rows).cast("B") if rows.size else b"")

    def finish(self):
        """Note that all rows are there."""
        if self._file is None:
            self._whole = np.concatenate(self._parts) if self._parts else np.empty((0, self.n_columns))
            self._parts = []
        else:
            self._file.flush()

    def read(self, start, stop):
        """Give rows from `start` up to `stop`: ndarray of float64, shape (stop - start, n_columns)."""
        stop = min(stop, self.n_rows)
        if self._file is None:
            return self._whole[start:stop]
        rows = np.empty((max(0, stop - start), self.n_columns))
        view, at = memoryview(rows).cast("B") if rows.size else memoryview(b""), 8 * start * self.n_columns
        while len(view):
            n_bytes = os.preadv(self._file.fileno(), [view], at)
            if n_bytes == 0:
                raise OSError("the temporary file of a fit was cut short")
            view, at = view[n_bytes:], at + n_bytes
        return rows

    def close(self):
        """Take the file away; it goes with the process in any case."""
        if self._file is not None:
            self._file.close()


class Columns:
    """The first columns of a `RowFile`, as a table that gives rows when sliced.

    Parameters
    ----------
    file : RowFile
    n_columns : int
    """

    reads_in_threads = True  # which a `Design` asks for

    def __init__(self, file, n_columns):
        self.file, self.n_columns = file, n_columns

    @property
    def shape(self):
        """(n_rows, n_columns)."""
        return self.file.n_rows, self.n_columns

    def __getitem__(self, rows):
        """Give the rows of a slice with whole ends."""
        start, stop, _ = rows.indices(self.file.n_rows)
        return self.file.read(start, stop)[:, : self.n_columns]


def _check_space(n_bytes):
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if n_bytes > free:
        raise InputError(
            "There must be space for the prepared rows, which a GLM of rows in batches writes to a temporary "
            "file.",
            f"They take {n_bytes / 1e9:,.1f} GB, and {folder} has {free / 1e9:,.1f} GB.",
            "Name another folder in the environment variable TMPDIR, or fit to a sample of the rows.",
        )
