"""Sequences in a table: a row for each step, and a column that says which sequence it is of."""

from bineural.errors import InputError

_ROWS_ALONE = (
    "weights",
    "offset",
    "strata",
    "groups",
    "keep",
)  # columns of rows, of which sequences have none


def add_sequences(parser, time=True):
    """Add `--id`, beside the table of `add_data`; and `--time`, unless the command has that already.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    time : bool
    """
    group = parser.add_argument_group("sequences, in a table with a row for each step")
    group.add_argument("--id", help="column that says which sequence a row is of")
    if time:
        group.add_argument("--time", help="column that says when a step was; rows are brought into its order")


def read_sequences(arguments, outcome=None, formula=None):
    """Return the sequences of a table as `Sequences`; None where no `--id` was given.

    Parameters
    ----------
    arguments : argparse.Namespace
        Of a command with `add_data` and `add_sequences`.
    outcome : str, optional
        The column that is predicted.
    formula : str, optional
        It names the outcome, and the columns that are read at each step: "ill ~ ." or "ill ~ pulse + weight".

    Raises
    ------
    InputError
        If what goes with single rows only was given, or the table holds no sequences.
    """
    if arguments.id is None:
        if arguments.time is not None and "folds" not in vars(arguments):
            raise InputError(
                "`--time` must come with `--id`, which says what a row is of.",
                f"Found --time {arguments.time} alone.",
                "Name the column of the sequences by --id, or leave --time out.",
            )
        return None
    stray = [f"--{name}" for name in _ROWS_ALONE if getattr(arguments, name, None) is not None]
    stray += ["--images"] * (getattr(arguments, "images", None) is not None)
    if stray:
        raise InputError(
            "`--id` is of a table with a row for each step, and what it reads are whole sequences.",
            f"Found {', '.join(stray)} beside it.",
            "Leave that out.",
        )
    from bineural.cli.arguments import read_data
    from bineural.inputs.long_tables import as_sequences

    features = None
    if formula is not None:
        outcome, features = _read_formula(formula)
    return as_sequences(read_data(arguments), arguments.id, arguments.time, outcome, features)


def _read_formula(formula):
    """Return outcome and features of a formula of plain columns; None for all of them."""
    outcome, tilde, terms = formula.partition("~")
    names = [name.strip().strip("`") for name in terms.split("+")]
    if not tilde or not outcome.strip() or not all(names):
        raise InputError(
            "The formula of sequences must name the outcome, and the columns that are read at each step.",
            f"Found {formula!r}.",
            "Write for example 'ill ~ .' or 'ill ~ pulse + weight'.",
        )
    return outcome.strip().strip("`"), None if names == ["."] else names
