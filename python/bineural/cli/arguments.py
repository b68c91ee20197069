"""Arguments that several commands have, and how their text is read."""

MISSING = ["error", "drop", "impute"]


def add_data(parser):
    """Add the table that a command reads; see `read_data`."""
    table = "CSV, TSV or Parquet file, or the name of a data set such as kyphosis"
    parser.add_argument("data", help=table)
    parser.add_argument("--max-bytes", type=int, help="most bytes that a packed file may become")


def read_data(arguments):
    """Return the table of `add_data` as a pandas.DataFrame."""
    from bineural.data import datasets

    return datasets.load_dataset(arguments.data, arguments.max_bytes)


def add_outcome(parser):
    """Add how the outcome is read: the event, and numbers that are classes."""
    event = "class whose probability is meant (two-class outcomes must name it)"
    parser.add_argument("--event", help=event)
    parser.add_argument("--classes", type=words, help="take a numeric outcome as these classes: 0,1,2")


def words(text):
    """Read a list of words: "glm,net"."""
    return [word.strip() for word in text.split(",")]
