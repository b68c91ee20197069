"""Options of a table (`bineural.options.Option`) as arguments of a command.

What is typed is read as the first of these that the option's own check lets pass: none, yes or no, weights by
name (yes=3,no=1), a number, numbers (16,8), a word, words, values by name (shift=2,flip=both). So a new
option needs nothing here.
"""

import argparse
import re
from functools import partial

_TYPED = {"None": "none", "True": "yes", "False": "no"}
_SAYS_NOTHING = ("anything", "text")


def add_options(parser, options):
    """Add an argument for each option: `--units 16,8`; `--x` and `--no-x` for what is true or false.

    Parameters
    ----------
    parser : argparse.ArgumentParser or its group
    options : sequence of Option
        Those that can't be typed are left out.
    """
    for option in options:
        if option.cli_help is None:
            continue
        how = {"type": partial(read_typed, option)}
        if option.in_r == "flag":
            how = {"action": argparse.BooleanOptionalAction}
        parser.add_argument(flag_of(option), default=argparse.SUPPRESS, help=_help(option), **how)


def read_options(arguments, options):
    """Return the options that were given, by name.

    Parameters
    ----------
    arguments : argparse.Namespace
    options : sequence of Option

    Returns
    -------
    dict
    """
    given = vars(arguments)
    return {option.name: given[option.name] for option in options if option.name in given}


def flag_of(option):
    """Return the argument of an option: `--batch-size`."""
    return "--" + option.name.replace("_", "-")


def read_typed(option, text):
    """Return the value of an option that was typed; argparse.ArgumentTypeError where it will not do."""
    for value in (_words_only if option.in_r == "texts" else _readings)(text):
        try:
            return option.check(value, option.name)
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(f"must be {_words(option)}; found {text!r}")


def _readings(text):
    """Give what a text may mean, the most special first."""
    known = {"none": None, "yes": True, "true": True, "no": False, "false": False}
    if text.lower() in known:
        yield known[text.lower()]
    parts = [part.strip() for part in text.split(",") if part.strip()]
    pairs = [part.rpartition("=") for part in parts]
    numbers = [_number(part) for part in parts]
    if parts and all(name and _number(value) is not None for name, _, value in pairs):
        yield {name.strip(): float(value) for name, _, value in pairs}
    if None not in numbers:
        yield from numbers if len(numbers) == 1 else ()
        yield tuple(numbers)
    yield text
    yield parts
    if parts and all(name for name, _, _ in pairs):
        numbers = [_number(value) for *_, value in pairs]
        yield {
            name.strip(): value if number is None else number
            for (name, _, value), number in zip(pairs, numbers)
        }


def _words_only(text):
    """Give a list of words: ?,- are two that stand for missing values."""
    yield [part.strip() for part in text.split(",")]


def _number(text):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None


def _help(option):
    """Write an option's line for commands; else its first sentence, what it must be, and its default."""
    if option.cli_help:
        return option.cli_help.replace("%", "%%")
    sentence = re.split(r"(?<=[^.]\.)\s", option.help)[0].removesuffix(".")
    sentence = option.help if option.help.endswith("...") else sentence
    sentence = re.sub(r"\bNone\b", "none", sentence.replace("`", ""))
    sentence = sentence[:1].lower() + sentence[1:]
    notes = [] if option.in_r == "flag" or option.check.words in _SAYS_NOTHING else [_words(option)]
    notes += [] if option.default is None else [f"default: {_written(option.default)}"]
    return (sentence + (f" ({'; '.join(notes)})" if notes else "")).replace("%", "%%")


def _words(option):
    """Write what an option must be, as it is typed."""
    words = option.check.words + (", or none" if option.check.none else "")
    return re.sub(r"\b(None|True|False)\b|'", lambda match: _TYPED.get(match[0], ""), words)


def _written(value):
    """Write a value as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, tuple) else f"{value}"
