"""`--option width=2`: options of an architecture's own, read and checked as its record has them."""

import argparse

from bineural.cli.options import read_typed
from bineural.errors import InputError
from bineural.messages import listed, near_names

_HELP = "option of an architecture's own, such as width=2; may be given several times"


def add_own_options(parser):
    """Add `--option NAME=VALUE` to a command."""
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help=_HELP)


def read_own_options(arguments, architectures):
    """Return the options that were given, for each architecture those that it has.

    Parameters
    ----------
    arguments : argparse.Namespace
    architectures : sequence of str
        Those that the command names.

    Returns
    -------
    dict of str to dict
        By architecture.

    Raises
    ------
    InputError
        If no architecture is named, none has such an option, or a value will not do.
    """
    from bineural.zoo.architecture import as_architecture

    if not arguments.option:
        return {}
    if not architectures:
        raise InputError(
            "`--option` must come with the name of an architecture, which has such options.",
            f"Found --option {arguments.option[0]}.",
            "Name one, such as cnn, lstm or resnet.",
        )
    records = [as_architecture(name) for name in architectures]
    own = {record.name: {} for record in records}
    for text in arguments.option:
        name, equals, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise InputError(
                "`--option` must be a name and a value.", f"Found {text!r}.", "Write --option width=2."
            )
        known = {r.name: o for r in records for o in r.options if o.name == name}
        if not known:
            names = sorted({option.name for record in records for option in record.options})
            raise InputError(
                f"`--option` must name an option that {listed(list(own))} has of its own.",
                f"Found {name!r}.",
                near_names(name, names) if names else "Leave it out: there are none.",
            )
        for architecture, option in known.items():
            own[architecture][name] = _read(option, value)
    return {architecture: options for architecture, options in own.items() if options}


def _read(option, text):
    try:
        return read_typed(option, text.strip())
    except argparse.ArgumentTypeError as error:
        words, _, found = str(error).partition("; found ")
        raise InputError(
            f"`--option {option.name}` {words}.", f"Found {found}.", f"The default is {option.default}."
        ) from None
