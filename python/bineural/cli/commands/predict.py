"""`bineural predict`: the rows of a table by a saved model."""

import re
import warnings
from pathlib import Path

from bineural.cli.arguments import add_data, read_rows, words
from bineural.cli.command import Command
from bineural.cli.images import as_model_takes, finds_boxes, read_images
from bineural.cli.output import write_data
from bineural.cli.sequences import add_sequences, read_sequences
from bineural.errors import BineuralWarning, ColumnError, InputError
from bineural.messages import listed, near_names, number_of, warn

_FORMULA = re.compile(r"[=@\t\r]|[-+](?![\d.,]+([eE][-+]?\d+)?\Z)")  # what a spreadsheet would work out


def _add_arguments(parser):
    parser.add_argument("model", help="file written by `bineural fit` or save_model()")
    add_data(parser, in_batches=True, images=["keep"], boxes=False)
    add_sequences(parser)
    parser.add_argument("--keep", type=words, help="columns of the data to put first, such as an id: id,name")
    parser.add_argument("--out", help="file to write, .csv or .parquet (default: CSV to the terminal)")


def _run(arguments):
    from bineural.files import check_writable, write_atomically
    from bineural.saving import models as saving

    if arguments.out:
        check_writable(arguments.out, "--out")
        _check_ending(Path(arguments.out))
    model = saving.load_model(arguments.model, arguments.max_bytes)
    sequences = read_sequences(arguments)
    images = None if sequences is not None else read_images(arguments, needs=None)
    if sequences is not None:
        table = predictions_table(model, sequences)
        table.insert(0, arguments.id, sequences.rows.index)
    elif images is None:
        table = predict_rows(model, read_rows(arguments), arguments.keep or [])
    else:
        table = predict_images(model, images, arguments.size)
    if not _is_parquet(Path(arguments.out or "")):
        _tell_formulas(table)
    if arguments.out is None:
        write_data(table.to_csv(index=False))
        return 0
    path = Path(arguments.out)
    content = table.to_parquet(index=False) if _is_parquet(path) else table.to_csv(index=False).encode()
    write_atomically(path, content, "--out")
    print(f"Wrote {path} ({number_of(len(table), 'row', ',')}).")
    return 0


def predict_images(model, images, size=None):
    """Predict images; `file` says of which file a row is, where they have files."""
    rows = as_model_takes(images)
    if not finds_boxes(model):
        table = predictions_table(model, rows)
        if images.files is not None:
            table.insert(0, "file", images.files)
        return table
    if size is not None:
        raise InputError(
            "Boxes are found in the pixels of the files, so that `--size` can't be given.",
            f"Found {size!r}.",
            "Leave it out: the net brings pictures to its own size.",
        )
    table = model.predict(rows)
    if images.files is not None:
        table.insert(0, "file", [images.files[k] for k in table.pop("image")])
    return table


def predict_rows(model, data, keep):
    """Predict rows, a table or Parquet files in batches; columns to keep stand before their predictions."""
    import pandas as pd

    from bineural.inputs.batchwise import ask_rows

    def predict(rows):
        return pd.concat([_take_columns(rows, keep), predictions_table(model, rows)], axis=1)

    return ask_rows(predict, data, join=lambda tables: pd.concat(tables, ignore_index=True))


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
        `.pred_<class>` for each class and `.pred_class`, or `.pred` for a regressor, of quantiles
        `.pred_<level>`; one row for each of
        `data`, missing where the model leaves a row out.
    """
    import pandas as pd

    from bineural.nets.net_fits import prediction_columns

    if not hasattr(model, "predict_proba"):
        return pd.DataFrame(prediction_columns(model, model.predict(data)))
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
    with warnings.catch_warnings():  # that were given with the probabilities
        warnings.simplefilter("ignore", BineuralWarning)
        return pd.DataFrame({**columns, ".pred_class": model.predict(data)})


def _take_columns(data, names):
    """Return the columns that go beside the predictions."""
    for name in names:
        if name not in data.columns:
            raise ColumnError(
                "`--keep` must name columns of the data.", f"Found {name!r}.", near_names(name, data.columns)
            )
        if name.startswith(".pred"):
            raise ColumnError(
                "`--keep` must name other columns than those of predictions.",
                f"Found {name!r}.",
                "Rename it in the file.",
            )
    return data[list(dict.fromkeys(names))]


def _tell_formulas(table):
    """Warn of text in a CSV file that a spreadsheet takes as a formula; it stays as it is, being data."""
    for name in table.columns:
        if table[name].dtype.kind in "biufM":
            continue
        texts = [str(value) for value in table[name].dropna().unique()]
        formulas = [text for text in texts if _FORMULA.match(text)]
        if formulas:
            warn(
                BineuralWarning,
                f"A spreadsheet takes text that begins with a sign such as = as a formula: "
                f"{listed(formulas, 3)} in column `{name}`. Import that column as text, or write .parquet.",
            )


def _check_ending(path):
    """Refuse a table of predictions whose name promises another kind of file."""
    if path.suffix.lower() != ".csv" and not _is_parquet(path):
        raise InputError(
            "`--out` must end in .csv or .parquet.", f"Found {str(path)!r}.", "Choose one of the two."
        )


def _is_parquet(path):
    return path.suffix.lower() in (".parquet", ".pq")


COMMAND = Command("Predict the rows of a table with a saved model", _add_arguments, _run, place=3)
