"""A fitted model in a form that needs no bineural: ONNX, a SavedModel, SQL, a Python file or an R file."""

from __future__ import annotations

import math
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from bineural._typing import PathLike
from bineural.bundles.registry import is_model
from bineural.checks import checked, choice, list_of, text
from bineural.checks import path as path_of
from bineural.errors import InputError, SavingError
from bineural.exporting.checking import compare
from bineural.exporting.extras import need
from bineural.files import check_writable, write_atomically
from bineural.not_models import called, instead

if TYPE_CHECKING:
    from bineural.glm.estimators import GLMClassifier, GLMRegressor
    from bineural.nets.estimators import NetClassifier, NetRegressor

FORMATS = ("onnx", "saved_model", "sql", "python", "r")


@checked(
    path=path_of(),
    format=choice(*FORMATS),
    table=text("Name the table, for example 'patients'."),
    keep=list_of(text("Name a column.")).or_none(),
)
def export_model(
    model: GLMClassifier | GLMRegressor | NetClassifier | NetRegressor,
    path: PathLike,
    *,
    format: Literal["onnx", "saved_model", "sql", "python", "r"] = "onnx",
    table: str = "new_data",
    keep: Sequence[str] | None = None,
) -> Path:
    """Write a fitted model in a form that predicts without bineural: raw columns in, probabilities or means
    out.

    The whole preparation goes with it: terms of the formula, levels, means and SDs, missing values. Before it
    is handed over, what was written predicts random rows and is compared with the model.

    Parameters
    ----------
    model : GLMClassifier, GLMRegressor, NetClassifier or NetRegressor
        A fitted model of a table; for "onnx" and "saved_model" also a net of images or other arrays.
    path : str or path-like
        The file, or the folder of a "saved_model", to write. What is there is replaced; a folder only if it
        is a SavedModel itself.
    format : {"onnx", "saved_model", "sql", "python", "r"}
        "onnx" and "saved_model" take any net, ensembles too. "sql" is one query for SQLite, DuckDB or
        PostgreSQL; "python" and "r" are files with a function (`predict`, `predict_rows`) that need nothing
        but the language. These three are for GLMs and small dense nets. "onnx" needs the extra `onnx`.
    table : str
        Name of the table that the query reads (format="sql").
    keep : list of str, optional
        Columns of it that stand beside the predictions (format="sql"), such as an id.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Raises
    ------
    InputError
        If the model reads what the format can't, has a layer or a function that it can't express, or a
        package is missing; the message says which.
    SavingError
        If it is no fitted model, the file can't be written, or what was written predicts otherwise.

    Notes
    -----
    Predictions are called `.pred_<class>`, in the order of the levels, or `.pred`. A row gets none (NULL,
    None, NA, NaN) where the model would refuse it or leave it out: a missing value without
    `missing="impute"`, a level never seen with `unseen="error"`, a number outside of what the formula takes.

    ONNX: each raw column is an input of shape (n_rows, 1), float64, or text ("" is missing); an array is the
    input `rows`, float32. The output `predictions` is float64 (n_rows, n_outputs). SavedModel: the same of
    shape (n_rows,), names of columns with _ for what TensorFlow does not take (`bineural.json` lists them).

    "sql" and "python" are run for the comparison, "r" through the Python file of the same steps. Nets
    compute in float32 and what is written in float64, so that predictions differ by about 1e-7.

    Examples
    --------
    >>> import sqlite3, tempfile, bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Start", kyphosis, event="present")
    >>> with tempfile.TemporaryDirectory() as folder, sqlite3.connect(":memory:") as database:
    ...     query = bn.export_model(glm, f"{folder}/glm.sql", format="sql", table="patients").read_text()
    ...     _ = kyphosis[:2].to_sql("patients", database, index=False)
    ...     print([round(row[1], 3) for row in database.execute(query)])
    [0.428, 0.167]
    """
    _check_fitted(model)
    if format != "saved_model":
        check_writable(path, error=SavingError)
    if format in ("onnx", "saved_model"):
        return _export_function(model, path, format)
    from bineural.exporting.models import write_program

    program = write_program(model)
    content = WRITERS[format](program, Path(path), table, keep or ())
    _check_text(model, program, content, format, table)
    return write_atomically(path, content.encode(), error=SavingError)


def _check_fitted(model):
    if not is_model(type(model)):
        raise SavingError(
            "`model` must be a fitted model of bineural.",
            f"It is {called(model)}.",
            instead(model, "Give what fit_glm() or fit_net() returned."),
        )
    if not any(name.endswith("_") and not name.startswith("_") for name in vars(model)):
        raise SavingError(
            "`model` must be fitted.", f"This {type(model).__name__} is not.", "Call fit() first."
        )
    if not hasattr(model, "predict") or not (hasattr(model, "fitted_") or hasattr(model, "fit_")):
        raise InputError(
            "A model that is exported must be a GLM or a net of an outcome.",
            f"It is a {type(model).__name__}.",
            "Use save_model(), which writes every model.",
        )


# ---- text ----


def _write_sql(program, path, table, keep):
    from bineural.exporting.write_sql import write_sql

    return write_sql(program, table, keep)


def _write_python(program, path, table, keep):
    from bineural.exporting.write_python import write_python

    return write_python(program, path.name)


def _write_r(program, path, table, keep):
    from bineural.exporting.write_r import write_r

    return write_r(program)


WRITERS = {"sql": _write_sql, "python": _write_python, "r": _write_r}


def _check_text(model, program, content, format, table):
    """Run a query in SQLite, or a Python file, on random rows; an R file is checked by the Python one."""
    from bineural.exporting.random_rows import random_table

    rows = random_table(model, program.columns)
    if format == "sql":
        written = run_sqlite(_write_sql(program, None, table, ()), rows, table)
    else:
        source = content if format == "python" else _write_python(program, Path("scorer.py"), table, ())
        written = run_python(source, rows)
    compare(model, rows, written, format)


def run_python(source, rows):
    """Return what a Python file predicts of rows: float64 (n_rows, n_outputs)."""
    names = {"__name__": "scorer"}
    exec(compile(source, "scorer.py", "exec"), names)  # we have just written it
    predicted = names["predict"](rows.astype(object).to_dict("records"))
    return np.array([[np.nan if v is None else v for v in row.values()] for row in predicted])


def run_sqlite(query, rows, table):
    """Return what a query predicts of rows in a table of SQLite: float64 (n_rows, n_outputs)."""
    with sqlite3.connect(":memory:") as database:
        try:
            database.execute("SELECT exp(0)")
        except sqlite3.OperationalError:  # built without mathematics, which most databases have
            for name in ("exp", "sqrt", "sin", "cos", "atan", "floor"):
                database.create_function(name, 1, getattr(math, name), deterministic=True)
            database.create_function("ln", 1, math.log, deterministic=True)
            database.create_function("power", 2, pow, deterministic=True)
        rows.astype(object).where(rows.notna(), None).to_sql(table, database, index=False)
        predicted = database.execute(query).fetchall()
    database.close()
    return np.array([[np.nan if v is None else v for v in row] for row in predicted])


# ---- TensorFlow and ONNX ----


def _export_function(model, path, format):
    from bineural import __version__
    from bineural.exporting.random_rows import random_arrays, random_table
    from bineural.exporting.tensors import TableFunction, as_function

    if format == "onnx":
        need("onnx")
    function = as_function(model)
    is_table = isinstance(function, TableFunction)
    about = {"bineural": __version__, "outputs": function.names}
    about["columns"] = function.kinds if is_table else {"rows": list(function.row_shape)}
    rows = random_table(model, function.kinds) if is_table else random_arrays(function.input)
    if format == "onnx":
        from bineural.exporting.onnx_file import run_onnx, write_onnx

        content = write_onnx(function, about).SerializeToString()
        compare(model, rows, run_onnx(content, function, rows), format)
        return write_atomically(path, content, error=SavingError)
    return _write_folder(model, function, about, rows, Path(path).expanduser())


def _write_folder(model, function, about, rows, path):
    from bineural.exporting.saved_model import run_saved_model, write_saved_model

    if path.exists() and not (path / "saved_model.pb").exists():
        raise SavingError(
            "`path` must be free, or the folder of a SavedModel.",
            f"{str(path)!r} is {'another folder' if path.is_dir() else 'a file'}.",
            "Choose another name.",
        )
    check_writable(path / "x" if path.exists() else path, error=SavingError)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as draft:
        inner = Path(draft) / "model"
        arguments = write_saved_model(function, inner, about)
        compare(model, rows, run_saved_model(inner, function, arguments, rows), "saved_model")
        if path.exists():
            shutil.rmtree(path)
        inner.rename(path)
    return path
