"""Nets of rows at the command line: their rows, kinds and options, and the pictures drawn of them."""

from bineural.cli.arguments import add_data, read_data
from bineural.cli.images import read_images
from bineural.cli.options import add_options, read_options
from bineural.errors import InputError

FILE = "file for the fitted model, for example model.bineural"


def add_row_net(parser, kinds, out):
    """Add the arguments of a command that fits a net of rows, or takes a saved one.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    kinds : dict of str to tuple of Option
        Kinds of net by name, and their options.
    out : str
        Help of `--out`.
    """
    add_data(parser, exclude=True, images=["formula"], boxes=False)
    add = parser.add_argument
    add("--kind", choices=list(kinds), help=f"kind of net (default: {next(iter(kinds))})")
    add("--formula", help="columns that are learnt: '~ age + dose' (default: all)")
    add("--model", metavar="FILE", help="a saved model, in place of one that is fitted")
    add("--save", metavar="FILE", help=FILE)
    add("--out", metavar="FILE", help=out)
    add("--picture", metavar="FILE", help="picture to draw, .png or .svg")
    options = {option.name: option for each in kinds.values() for option in each}
    add_options(parser.add_argument_group("options of the net"), list(options.values()))


def read_rows(arguments):
    """Return (rows, names of their files or None); (None, None) where no rows are given."""
    if arguments.data is None and arguments.images is None:
        return None, None
    images = read_images(arguments, needs=None)
    if images is not None:
        return images.images, images.files
    return read_data(arguments), None


def fit_or_load(arguments, kinds, fits, rows):
    """Return the saved model, or one of the kind that is asked for, fitted to rows.

    Parameters
    ----------
    arguments : argparse.Namespace
    kinds : dict of str to tuple of Option
    fits : dict of str to callable
        (rows, data, **options) -> fitted model, by kind.
    rows : rows or None
    """
    from bineural.saving.models import load_model, save_model

    every = {option.name: option for each in kinds.values() for option in each}
    given = read_options(arguments, list(every.values()))
    if arguments.model is not None:
        stray = [name for name in ("kind", "formula", "save") if getattr(arguments, name) is not None]
        stray = [f"--{name.replace('_', '-')}" for name in (*stray, *given)]
        if stray:
            raise InputError(
                "`--model` must come without what a net is fitted by.",
                f"Found {', '.join(stray)}.",
                "Leave that out, or fit one without --model.",
            )
        return load_model(arguments.model, arguments.max_bytes)
    if rows is None:
        raise InputError(
            "A table or `--images` must be given, or a saved model by `--model`.",
            "Found neither.",
            "Write for example data.csv, or --images folder/.",
        )
    kind = arguments.kind or next(iter(kinds))
    known = {option.name for option in kinds[kind]}
    stray = [f"--{name.replace('_', '-')}" for name in given if name not in known]
    if stray:
        raise InputError(
            f"`--kind {kind}` must come with its own options only.",
            f"Found {', '.join(stray)}, of another kind.",
            "Leave that out, or name the other kind.",
        )
    formula = (rows,) if arguments.formula is None else (arguments.formula,)
    data = {} if arguments.formula is None else {"data": rows}
    model = fits[kind](*formula, **data, **given)
    print(model.summary())
    if arguments.save:
        path = save_model(model, arguments.save)
        print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    return model


def check_files(arguments):
    """Refuse files that can't be written, before anything is fitted."""
    from bineural.files import check_writable

    for name in ("out", "save", "picture"):
        if getattr(arguments, name):
            check_writable(getattr(arguments, name), f"--{name}")


def write_table(table, arguments):
    """Write a table to `--out`, or print it."""
    from bineural.cli.output import write_data
    from bineural.files import write_atomically

    if arguments.out is None:
        write_data(table.to_csv(index=False))
        return
    path = write_atomically(arguments.out, table.to_csv(index=False).encode())
    print(f"Wrote {path} ({len(table):,} rows).")


def draw(plot, arguments):
    """Draw what `plot(path=)` draws, where a picture is asked for."""
    if arguments.picture:
        plot(path=arguments.picture)
        print(f"Wrote {arguments.picture}.")
