"""The Python half of `R/convert.R`: frames and values between R and the core, and the call itself.

Columns are taken apart and put together by `_rcolumns.py`.
"""

import contextlib
import dataclasses
import datetime
import importlib
import io
import json
import os
import sys
import threading
import traceback
import types
import warnings

import numpy as np

from bineural._rcolumns import column_from_r, column_to_r
from bineural.errors import BineuralWarning, InputError, InterruptedWarning


def find(name):
    """Return what a dotted name means in the core; R has the names of `fundamentals` beside the others."""
    import bineural

    first, *rest = name.split(".")
    value = getattr(bineural.fundamentals if first in bineural.fundamentals.__all__ else bineural, first)
    for part in rest:
        if isinstance(value, types.ModuleType) and not hasattr(value, part):
            importlib.import_module(f"{value.__name__}.{part}")  # a file that nothing has needed so far
        value = getattr(value, part)
    return value


def frame_from_r(names, columns, n_rows):
    """Make a DataFrame of typed R columns; names may repeat (the core says so in its own words)."""
    import pandas as pd

    arrays = [column_from_r(column) for column in columns]
    frame = pd.DataFrame(dict(enumerate(arrays)), index=pd.RangeIndex(int(n_rows)))
    frame.columns = pd.Index(list(names), dtype="str")
    return frame


def matrix_from_r(values, names):
    """Make a DataFrame of a numeric R matrix with column names; it shares R's memory, read-only."""
    import pandas as pd

    return pd.DataFrame(np.asarray(values), columns=pd.Index(list(names), dtype="str"), copy=False)


def sparse_from_r(values, rows, starts, shape, names):
    """Make a sparse matrix of R's, column by column; with names of columns a DataFrame, zeros written out.

    Parameters
    ----------
    values, rows : ndarray, shape (n_values,)
        Numbers and their rows from 0, those of a column together.
    starts : ndarray of int, shape (n_columns + 1,)
        Where each column begins among them.
    shape : tuple of int
    names : list of str or None
    """
    import pandas as pd
    from scipy.sparse import csc_array

    from bineural.tables.frames import as_dense

    matrix = csc_array((np.array(values, float), np.array(rows), np.array(starts)), shape=tuple(shape))
    if names is None:
        return matrix
    return pd.DataFrame(as_dense(matrix), columns=pd.Index(list(names), dtype="str"), copy=False)


def features_from_r(function):
    """Make the function of x that `fit_glm(features=)` takes of one that gets x as R has it.

    Parameters
    ----------
    function : callable
        Of R; takes an array, a list of arrays or a frame, and returns a frame.
    """

    def features(x):
        if hasattr(x, "columns"):
            return function(x)
        whole = not hasattr(x, "content_hashes") or getattr(x, "one_size", False)
        return function(np.asarray(x) if whole else list(x))  # sequences are always a list

    return features


def sequences_from_r(arrays, features):
    """Make sequences of R's matrices and the names of their columns."""
    from bineural.data.sequences import Sequences

    sequences = Sequences.of_arrays(list(arrays))
    return Sequences(sequences.values, sequences.lengths, list(features))


def sequences_to_r(sequences):
    """Take sequences apart: matrices, names of features and ids, and what is known of each."""
    rows, outcome = sequences.rows, sequences.outcome
    return {
        "sequences": [np.asarray(steps, np.float64) for steps in sequences],
        "features": sequences.features,
        "ids": None if rows is None else [str(id) for id in rows.index],
        "outcome": None if outcome is None else outcome.reset_index(drop=True),
        "rows": None if rows is None else rows.reset_index(),
        "text": repr(sequences),
    }


def batches_from_r(start):
    """Make a function that returns an iterator of frames.

    Parameters
    ----------
    start : callable
        Of R, called at the start of a pass; returns a callable that gives a frame, or None at the end.
    """

    def batches():
        advance = start()
        while (frame := advance()) is not None:
            yield frame

    return batches


def batches_to_r(data):
    """Return a function that gives the next batch of a source as a frame, and None at the end."""
    from bineural.tables.batches import open_source

    batches = open_source(data, again=False).read_all()
    return lambda: next(batches, None)


def arrow_files_from_r(files, format):
    """Open the files of a data set of R's arrow package."""
    from pyarrow import dataset

    return dataset.dataset(list(files), format=format, partitioning="hive")


def vector_from_r(column):
    """Make an ndarray of one R vector, or a Series where only pandas holds its missing values or labels."""
    import pandas as pd

    array = column_from_r(column)
    return array if isinstance(array, np.ndarray) else pd.Series(array)


def integer_from_r(digits):
    """Make an int of its digits; for whole numbers beyond R's integers."""
    return int(digits)


def frame_to_r(frame):
    """Take a DataFrame apart: names, typed columns and number of rows; a plain row index is left behind."""
    names = [str(name) for name in frame.columns]
    columns = [column_to_r(frame.iloc[:, i], name) for i, name in enumerate(names)]
    return {"names": names, "columns": columns, "n_rows": len(frame)}


def plain(value):
    """Say what a value is and give its parts, for `from_python()` in R.

    Returns
    -------
    dict
        `is` ("none", "vector", "matrix", "frame", "list", "dict", "bytes" or "object") and the parts.
    """
    if value is None:
        return {"is": "none"}
    if isinstance(value, (np.generic, np.ndarray)) and np.ndim(value) == 0:
        value = value.item()
    if isinstance(value, (bool, int, float, str, os.PathLike, datetime.date)):
        return {
            "is": "vector",
            "column": column_to_r([os.fspath(value) if isinstance(value, os.PathLike) else value]),
        }
    if isinstance(value, (bytes, bytearray)):
        return {"is": "bytes", "values": bytearray(value)}
    if isinstance(value, np.ndarray):
        return _array_to_r(value)
    if isinstance(value, (list, tuple)) and not hasattr(value, "_asdict"):
        return _sequence_to_r(value)
    if hasattr(value, "content_hashes"):  # pictures of several sizes
        return {"is": "list", "values": [plain(pixels) for pixels in value]}
    if hasattr(value, "_asdict"):
        value = value._asdict()
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {
            "is": "dict",
            "names": [str(key) for key in value],
            "values": [plain(v) for v in value.values()],
        }
    return _pandas_to_r(value)


def _array_to_r(array):
    if array.ndim == 1:
        return {"is": "vector", "column": column_to_r(array)}
    dtype = np.bool_ if array.dtype == np.bool_ else np.float64
    return {"is": "matrix", "values": np.ascontiguousarray(array, dtype=dtype)}


def _sequence_to_r(values):
    kinds = {type(v.item() if isinstance(v, np.generic) else v) for v in values} - {type(None)}
    if kinds and (kinds <= {bool} or kinds <= {int, float} or kinds <= {str}):
        import pandas as pd

        return {"is": "vector", "column": column_to_r(pd.Series(list(values), dtype=object))}
    return {"is": "list", "values": [plain(v) for v in values]}


def _pandas_to_r(value):
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return {"is": "frame", **frame_to_r(value)}
    if isinstance(value, (pd.Series, pd.Index, pd.api.extensions.ExtensionArray)):
        return {"is": "vector", "column": column_to_r(pd.Series(value))}
    return {"is": "object", "value": value}


class Console(io.TextIOBase):
    """A text stream whose lines go to R, where they are messages.

    Other threads than the one that called keep the stream they had: R has one thread.
    """

    def __init__(self, emit, before, terminal):
        self.emit, self.before, self.terminal = emit, before, terminal
        self.owner, self.kept = threading.get_ident(), ""

    def isatty(self):
        """Say whether someone watches."""
        return self.terminal

    def write(self, text):
        """Pass whole lines on and keep the rest."""
        if threading.get_ident() != self.owner:
            return self.before.write(text)
        self.kept += text
        if "\n" in text or "\r" in text:
            self.flush()
        return len(text)

    def flush(self):
        """Pass on what is kept."""
        if self.kept and threading.get_ident() == self.owner:
            text, self.kept = self.kept, ""
            self.emit(text)


def call(function, arguments, keywords, emit=None, terminal=False):
    """Call `function` for R: collect its warnings and send what it prints to `emit`.

    Parameters
    ----------
    function : callable
    arguments : list
    keywords : dict
    emit : callable, optional
        Takes a piece of printed text.
    terminal : bool
        Whether a person watches, so that progress bars make sense.

    Returns
    -------
    dict
        `value`; `error`, None or what `error_parts` gives; `warnings`, a list of dicts with `classes` (most
        special first) and `text`.
    """
    streams = contextlib.ExitStack()
    with warnings.catch_warnings(record=True) as caught, streams:
        warnings.simplefilter("always", BineuralWarning)
        if emit is not None:
            out, err = Console(emit, sys.stdout, terminal), Console(emit, sys.stderr, terminal)
            streams.callback(err.flush)
            streams.callback(out.flush)
            streams.enter_context(contextlib.redirect_stdout(out))
            streams.enter_context(contextlib.redirect_stderr(err))
        value, error = None, None
        try:
            value = function(*arguments, **keywords)
        except Exception as raised:  # in parts, as reticulate stumbles over exceptions of many words
            error = error_parts(raised)
    return {"value": value, "error": error, "warnings": [_warning_to_r(entry) for entry in caught]}


def hear_warning(text, interrupted=False):
    """Give a warning of R's as one of Python's, to be gathered with the others."""
    warnings.warn(str(text), InterruptedWarning if interrupted else BineuralWarning, stacklevel=2)


def _warning_to_r(entry):
    classes = [c.__name__ for c in type(entry.message).__mro__ if issubclass(c, Warning)]
    return {
        "classes": classes,
        "text": str(entry.message),
        "ours": isinstance(entry.message, BineuralWarning),
    }


def error_parts(error):
    """Take an exception apart: class names (most special first), the three sentences, the traceback."""
    ours = isinstance(error, InputError)
    parents = [c for c in type(error).__mro__ if issubclass(c, Exception) and c is not Exception]
    return {
        "ours": ours,
        "classes": [c.__name__ for c in parents],
        "must": error.must if ours else "",
        "found": error.found if ours else f"{type(error).__name__}: {error}",
        "hint": error.hint if ours else "",
        "module": getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None,
        "traceback": "".join(traceback.format_exception(error)),
    }


# Records that R keeps as lists (so that saveRDS can hold them) and the core needs again


def evaluation_from_r(**fields):
    """Make what `roc_data` reads of an Evaluation from R's list."""
    if fields["n_class_rows"] is not None:
        fields["n_class_rows"] = dict(zip(fields["classes"], fields["n_class_rows"], strict=True))
    return types.SimpleNamespace(**fields)


def figure_record_from_r(**fields):
    """Make what the figures read of a record from R's list of tables and vectors of one."""
    return types.SimpleNamespace(
        **{name: value if hasattr(value, "columns") else value[0] for name, value in fields.items()}
    )


def record_parts(record):
    """Take a Split or Folds apart, without its data: settings, ids from 0, text, and a hash if data lack."""
    from bineural.splitting.resamples import Split

    words = ("n_rows", "seed", "rng", "prop", "strata", "groups", "time", "pool", "read_as")
    parts = {word: getattr(record, word) for word in words}
    if isinstance(record, Split):
        parts |= {"train_ids": record.train_ids, "test_ids": record.test_ids}
    else:
        parts |= {"folds": record.folds, "repeats": record.repeats}
        parts["resamples"] = [{"train_ids": a, "test_ids": b} for a, b in record.resamples]
    known = record.fingerprint if record.data is None else None
    return parts | {"text": repr(record), "fingerprint": None if known is None else json.dumps(known)}


def record_from_r(data, fields):
    """Make a Split or Folds of R's list."""
    from bineural.splitting.resamples import Folds, Split

    fields = dict(fields)
    fingerprint = fields.pop("fingerprint")
    fields["_fingerprint"] = None if fingerprint is None else json.loads(fingerprint)
    if "resamples" in fields:
        fields.pop("prop")
        fields["resamples"] = tuple(tuple(pair) for pair in fields["resamples"])
    return (Folds if "resamples" in fields else Split)(data=data, **fields)


def check_given(task, names):
    """Refuse arguments of R's `compare_models()` that mean nothing in a task."""
    from bineural.comparing.tasks import find_task

    find_task(task).check_given([names] if isinstance(names, str) else list(names))


def predictions_from_r(values, classes, outcome):
    """Wrap what a model of R's has predicted; see `_rfits.predictions_of`."""
    from bineural._rfits import predictions_of

    return predictions_of(values, classes, outcome)
