"""`bineural generate`: rows that a net makes up, like those of a table or like images."""

from bineural.checks import check_count
from bineural.cli.command import Command
from bineural.cli.row_nets import add_row_net, check_files, draw, fit_or_load, read_rows, write_table
from bineural.errors import InputError

_SEED = 1  # of made rows, where none is given


def _kinds():
    from bineural.representations.options import HIDDEN_OPTIONS, OPTIONS, SAMPLE_OPTIONS

    variational = tuple(option for option in OPTIONS if option.name != "variational")
    return {"vae": variational, "gan": SAMPLE_OPTIONS, "rbm": HIDDEN_OPTIONS}


def _add_arguments(parser):
    add_row_net(parser, _kinds(), "CSV file for the rows (default: they are printed; not of images)")
    parser.add_argument("-n", "--rows", type=int, default=10, help="rows to make (default: 10)")


def _run(arguments):
    import numpy as np
    import pandas as pd

    from bineural.figures.samples import plot_samples
    from bineural.representations.fitting import fit_autoencoder
    from bineural.representations.fitting_gans import fit_gan
    from bineural.representations.fitting_rbms import fit_rbm
    from bineural.representations.generating import generate

    check_count(arguments.rows, "--rows", hint="Try 10.")
    check_files(arguments)
    rows, _ = read_rows(arguments)
    fits = {
        "vae": lambda *x, **options: fit_autoencoder(*x, variational=True, **options),
        "gan": fit_gan,
        "rbm": fit_rbm,
    }
    seed = getattr(arguments, "seed", None)
    model = fit_or_load(arguments, _kinds(), fits, rows)
    made = generate(model, arguments.rows, seed=_SEED if seed is None else seed)
    if np.ndim(made) > 2:
        if arguments.out or not arguments.picture:
            raise InputError(
                "Images that are made must be drawn.",
                "Found --out." if arguments.out else "Found no --picture.",
                "Write --picture made.png.",
            )
    else:
        table = made if hasattr(made, "columns") else pd.DataFrame(made).rename(columns=lambda k: f"x{k + 1}")
        write_table(table, arguments)
    n = {"most": arguments.rows}
    draw(
        lambda path: plot_samples(model, rows, seed=_SEED if seed is None else seed, path=path, **n),
        arguments,
    )
    return 0


COMMAND = Command(
    "Make up rows like those of a table, or images, by a net that learns them", _add_arguments, _run, place=6
)
