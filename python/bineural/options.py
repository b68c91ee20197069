"""Options: name, default, check and help stand once, and every door that takes them is made from there.

A table of `Option`s gives functions their signature and the paragraphs of their help, command lines their
arguments, and R its arguments, conversions and `@param`s (`tools/build_options.py` writes those).
"""

import functools
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from bineural._typing import Function
from bineural.checks import Check
from bineural.errors import InputError
from bineural.messages import near_names

PLACE = "{options}"  # where a docstring has the paragraphs of the options


@dataclass(frozen=True)
class Option:
    """One option.

    Attributes
    ----------
    name : str
    default : object
    check : Check
        Reads a value, and refuses what will not do.
    kind : str
        As help writes it: "float in [0, 1)".
    help : str
        Sentences for the docstring.
    in_r : str
        How R sends it: "number", "count", "counts", "text", "flag", "text_or_flag", "path", "verbose",
        "as_is" or "any"; see `nets/options_in_r.py`.
    r_help : str
        Sentences for R's page; those of `help`, with R's values, where empty.
    shared : bool
        Whether all nets that are fitted in one call have the same value, so that it can't be tuned.
    range : {"", "number", "whole"}
        Whether a grid may give it a range to draw from, and of which numbers.
    cli_help : str or None
        What the command line says of it; the first sentence of `help` where empty. None: it can't be typed,
        and no command has it.
    type : str
        As signatures write it, for editors: "float | None".
    """

    name: str
    default: object
    check: Check
    kind: str
    help: str
    in_r: str = "any"
    r_help: str = ""
    shared: bool = False
    range: str = ""
    cli_help: str | None = ""
    type: str = "Any"


def takes(options, *, others=False, shown=True) -> Callable[[Function], Function]:
    """Give a function the options as keyword arguments, in its signature and its docstring.

    The function is written with `**options` and gets those that were given, as they were given; the docstring
    holds ``{options}`` on a line of its own where their paragraphs belong.

    Parameters
    ----------
    options : sequence of Option
    others : bool
        Whether it takes further keyword arguments: options of an architecture's own.
    shown : bool
        Whether the signature says that it does; scikit-learn reads the names of parameters from there.

    Returns
    -------
    callable
        A decorator.
    """

    def decorate(function):
        parameters = list(inspect.signature(function).parameters.values())
        rest = [p for p in parameters if p.kind is p.VAR_KEYWORD]
        parameters = [p for p in parameters if p.kind is not p.VAR_KEYWORD]
        parameters += [
            inspect.Parameter(
                option.name, inspect.Parameter.KEYWORD_ONLY, default=option.default, annotation=option.type
            )
            for option in options
        ]
        names = {p.name for p in parameters}

        @functools.wraps(function)
        def door(*args, **kwargs):
            if not others:
                refuse_unknown(f"`{function.__name__}`", kwargs, names)
            return function(*args, **kwargs)

        parameters += rest if others and shown else []
        returned = inspect.signature(function).return_annotation
        door.__signature__ = inspect.Signature(parameters, return_annotation=returned)
        door.__doc__ = with_paragraphs(function.__doc__, options)
        door.options = tuple(options)
        return door

    return decorate


def refuse_unknown(owner, given, known, whose=lambda name: ""):
    """Refuse arguments that a function, or a net, does not have: `whose` says of what they are."""
    for name in given:
        if name not in known:
            raise InputError(
                f"{owner} must be given options that it has.",
                f"Found `{name}`.",
                whose(name) or near_names(name, known, mark="`"),
            )


def with_paragraphs(doc, options):
    """Return a docstring with the options' paragraphs in place of `{options}`."""
    if not doc or PLACE not in doc:
        return doc
    line = next(line for line in doc.splitlines() if PLACE in line)
    indent = line[: len(line) - len(line.lstrip())]
    return doc.replace(line, textwrap.indent(paragraphs(options), indent), 1)


def paragraphs(options):
    """Return the options as numpydoc writes parameters."""
    lines = []
    for option in options:
        lines.append(f"{option.name} : {option.kind}")
        lines += textwrap.wrap(option.help, 100, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)
