"""`bineural predict`: the rows of a table by a saved model."""

import sys
from pathlib import Path

from bineural.cli.arguments import add_data, read_data
from bineural.cli.command import Command
from bineural.errors import InputError


def _add_arguments(parser):
    parser.add_argument("model", help="file written by `bineural fit` or save_model()")
    add_data(parser)
    parser.add_argument("--out", help="file to write, .csv or .parquet (default: CSV to the terminal)")


def _run(arguments):
    from bineural.files import check_writable, write_atomically
    from bineural.saving import models as saving

    if arguments.out:
        check_writable(arguments.out, "--out")
        _check_ending(Path(arguments.out))
    model = saving.load_model(arguments.model, arguments.max_bytes)
    table = predictions_table(model, read_data(arguments))
    if arguments.out is None:
        table.to_csv(sys.stdout, index=False)
        return 0
    path = Path(arguments.out)
    content = table.to_parquet(index=False) if _is_parquet(path) else table.to_csv(index=False).encode()
    write_atomically(path, content, "--out")
    print(f"Wrote {path} ({len(table):,} rows).")
    return 0


def predictions_table(model, data):
    """Predict every row of a table.

    Parameters
    ----------
    model : fitted bineural model
    data : data frame
        Rows with the columns of the training data.

    Returns
    -------
    pandas.DataFrame
        `.pred_<class>` for each class and `.pred_class`, or `.pred` for a regressor; one row for each of
        `data`, missing where the model leaves a row out.
    """
    import pandas as pd

    if not hasattr(model, "predict_proba"):
        return pd.DataFrame({".pred": model.predict(data)})
    probability = model.predict_proba(data)
    classes = list(model.classes_)
    levels = list(getattr(model, "levels_", classes))
    columns = {f".pred_{level}": probability[:, classes.index(level)] for level in levels}
    if ".pred_class" in columns:
        raise InputError(
            "Predicted class and probabilities can stand in one table only where no class is called 'class'.",
            "`.pred_class` would be both the predicted class and the probability of 'class'.",
            "Give the class another name and fit again.",
        )
    return pd.DataFrame({**columns, ".pred_class": model.predict(data)})


def _check_ending(path):
    """Refuse a table of predictions whose name promises another kind of file."""
    if path.suffix.lower() != ".csv" and not _is_parquet(path):
        raise InputError(
            "`--out` must end in .csv or .parquet.", f"Found {str(path)!r}.", "Choose one of the two."
        )


def _is_parquet(path):
    return path.suffix.lower() in (".parquet", ".pq")


COMMAND = Command("Predict the rows of a table with a saved model", _add_arguments, _run, place=3)
