"""Run what export_model wrote, in the language it was written for, on rows of a data frame."""

import importlib.util
import sqlite3
import tempfile

import numpy as np
import pandas as pd

import rjudge


def plain(rows):
    """Return rows as databases and CSV files know them: categories as text, missing values as None."""
    rows = rows.astype(object)
    return rows.where(rows.notna(), None)


def run_python(path, rows):
    spec = importlib.util.spec_from_file_location("scorer", path)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return as_array(pd.DataFrame(scorer.predict(plain(rows).to_dict("records"))))


def run_sqlite(path, rows, table="new_data"):
    with sqlite3.connect(":memory:") as database:
        plain(rows).to_sql(table, database, index=False)
        return as_array(pd.read_sql(path.read_text(), database))


def run_duckdb(path, rows, table="new_data"):
    import duckdb

    with duckdb.connect() as database:
        database.register(table, plain(rows).infer_objects())
        return as_array(database.sql(path.read_text()).df())


def run_r(path, rows):
    rjudge.r(f"source({str(path)!r})")
    with tempfile.TemporaryDirectory() as folder:
        plain(rows).to_csv(f"{folder}/rows.csv", index=False)
        rjudge.r(f"rows <- read.csv('{folder}/rows.csv', check.names = FALSE, na.strings = '')")
    return rjudge.numbers("as.matrix(predict_rows(rows))")


def as_array(table):
    return table.to_numpy(dtype=np.float64, na_value=np.nan)


RUNNERS = {"python": [run_python], "sql": [run_sqlite, run_duckdb], "r": [run_r]}
