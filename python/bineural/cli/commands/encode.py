"""`bineural encode`: the codes of a table or of images, by an autoencoder or a Boltzmann machine."""

from bineural.cli.arguments import words
from bineural.cli.command import Command
from bineural.cli.row_nets import add_row_net, check_files, draw, fit_or_load, read_rows, write_table
from bineural.errors import ColumnError, InputError
from bineural.messages import near_names


def _kinds():
    from bineural.representations.options import HIDDEN_OPTIONS, OPTIONS

    return {"autoencoder": OPTIONS, "rbm": HIDDEN_OPTIONS}


def _add_arguments(parser):
    add_row_net(parser, _kinds(), "CSV file for the codes (default: they are printed)")
    parser.add_argument(
        "--keep", type=words, help="columns to put first and not to learn, such as an id: id,name"
    )


def _run(arguments):
    import pandas as pd

    from bineural.representations.fitting import fit_autoencoder
    from bineural.representations.fitting_rbms import fit_rbm

    check_files(arguments)
    rows, files = read_rows(arguments)
    if rows is None:
        raise InputError(
            "A table or `--images` must be given, whose codes are found.",
            "Found neither.",
            "Write for example data.csv, or --images folder/.",
        )
    kept = _set_aside(rows, arguments.keep or [])
    rows = rows if kept is None else rows.drop(columns=kept.columns)
    fits = {"autoencoder": fit_autoencoder, "rbm": fit_rbm}
    model = fit_or_load(arguments, _kinds(), fits, rows)
    if not hasattr(model, "transform"):
        raise InputError(
            "`--model` must be an autoencoder or a Boltzmann machine, which have codes.",
            f"Found a {type(model).__name__}.",
            "Fit one: bineural encode data.csv --save model.bineural.",
        )
    names = [f".{name}" for name in model.get_feature_names_out()]
    table = pd.DataFrame(model.transform(rows), columns=names)
    if hasattr(model, "reconstruction_errors"):
        table[".error"] = model.reconstruction_errors(rows)
    table[".score"] = model.score_samples(rows)
    if files is not None:
        table.insert(0, "file", files)
    if kept is not None:
        table = pd.concat([kept.reset_index(drop=True), table], axis=1)
    write_table(table, arguments)
    draw(lambda path: _draw(model, rows, path), arguments)
    return 0


def _set_aside(rows, names):
    """Return the columns that stand beside the codes and are not learnt; None without."""
    if not names:
        return None
    columns = list(map(str, getattr(rows, "columns", [])))
    for name in names:
        if name not in columns:
            raise ColumnError(
                "`--keep` must name columns of the table.", f"Found {name!r}.", near_names(name, columns)
            )
    return rows[list(dict.fromkeys(names))]


def _draw(model, rows, path):
    from bineural.figures.codes import plot_codes
    from bineural.figures.samples import plot_samples

    if hasattr(model, "reconstruction_errors"):
        return plot_codes(model, rows, path=path)
    return plot_samples(model, rows, path=path)


COMMAND = Command(
    "Find codes of the rows of a table or of images, by a net that squeezes them",
    _add_arguments,
    _run,
    place=6,
)
