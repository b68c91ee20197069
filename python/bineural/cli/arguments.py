"""Arguments that several commands have, and how their text is read."""

import os
from pathlib import Path

from bineural.cli.images import add_images
from bineural.cli.options import add_options, flag_of, read_options
from bineural.data.written import OPTIONS
from bineural.errors import ColumnError, InputError
from bineural.messages import near_names

MISSING = ["error", "drop", "impute"]


def add_data(parser, exclude=False, in_batches=False, images=None, boxes=True):
    """Add the table that a command reads; see `read_data`, or `read_rows` of rows in batches.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    exclude : bool
        Whether columns can be left out.
    in_batches : bool or "folder"
        Whether Parquet files are read batch by batch, and a folder of them can be given; or a folder alone.
    images : sequence of str, or None
        Arguments of the command that only a table goes with, where images can stand in its place; None where
        they can't.
    boxes : bool
        Whether boxes of objects can be given with images.
    """
    table = (
        "file (.csv, .tsv, .txt, .json, .parquet, .feather; text also packed), or a data set: kyphosis, ..."
    )
    if in_batches:
        also = "a folder of .parquet" if in_batches == "folder" else ".parquet, also a folder of them,"
        table += f"; {also} is read in batches"
    parser.add_argument("data", help=table, nargs=None if images is None else "?")
    if images is not None:
        add_images(parser, ["exclude"] * exclude + list(images), boxes)
    if exclude:
        parser.add_argument("--exclude", type=words, help="columns that . leaves out: id,name")
    group = parser.add_argument_group("how the file is written")
    add_options(group, OPTIONS)
    group.add_argument("--max-bytes", type=int, help="most bytes that a packed file may become")


def read_data(arguments):
    """Return the table of `add_data` as a pandas.DataFrame, without the columns to exclude."""
    from bineural.data import datasets

    data = datasets.load_dataset(arguments.data, arguments.max_bytes, **read_options(arguments, OPTIONS))
    excluded = getattr(arguments, "exclude", None) or []
    for name in excluded:
        if name not in data.columns:
            raise ColumnError(
                "`--exclude` must name columns of the data.",
                f"Found {name!r}.",
                near_names(name, data.columns),
            )
    return data.drop(columns=excluded)


def read_rows(arguments):
    """Return what a model is asked about: the path of Parquet files, to be read in batches, or a table."""
    from bineural.data.datasets import list_datasets
    from bineural.tables.batches import is_stream

    path = arguments.data
    is_there = os.path.isfile(path) or (os.path.isdir(path) and path not in set(list_datasets()["name"]))
    read_whole = read_options(arguments, OPTIONS) or arguments.max_bytes or not is_stream(path)
    return path if is_there and not read_whole else read_data(arguments)


def read_folder(arguments):
    """Return a folder of Parquet files to be read in batches, as its path; or a table, see `read_data`.

    Raises
    ------
    InputError
        If columns of a folder are to be left out, or its files are to be read in another way.
    """
    from bineural.data.datasets import list_datasets

    path = arguments.data
    if path is None or not os.path.isdir(path) or path in set(list_datasets()["name"]):
        return read_data(arguments)
    given = ["--exclude"] * bool(getattr(arguments, "exclude", None))
    given += [flag_of(option) for option in OPTIONS if option.name in vars(arguments)]
    if given or arguments.max_bytes:
        raise InputError(
            "A folder of Parquet files is read in batches, as its files are.",
            f"Found {', '.join(given or ['--max-bytes'])}.",
            "Leave columns out in the formula: 'y ~ . - id'.",
        )
    return Path(path)


def add_outcome(parser):
    """Add how the outcome is read: the event, and numbers that are classes."""
    event = "class whose probability is meant (two-class outcomes must name it)"
    parser.add_argument("--event", help=event)
    parser.add_argument("--classes", type=words, help="take a numeric outcome as these classes: 0,1,2")


def words(text):
    """Read a list of words: "glm,net"."""
    return [word.strip() for word in text.split(",")]
