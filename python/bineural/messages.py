"""How values are named in messages, and how warnings reach the caller's line."""

import contextlib
import os
import sys
import warnings

from bineural.errors import InputError
from bineural.printable import printable

_PACKAGE = os.path.dirname(__file__) + os.sep


def listed(values, most=6):
    """Write up to `most` values for a sentence: 'a', 'b' and 3 more."""
    values = [v.item() if hasattr(v, "item") else v for v in values]
    return first_of([repr(v) for v in values], most)


def counted(counts, most=6):
    """Write names with their rows, {name: rows}, for a sentence: `a` (3), `b` (1) and 2 more."""
    return first_of([f"`{name}` ({int(rows)})" for name, rows in counts.items()], most)


def counted_values(counts, most=6):
    """Write values with their rows, {value: rows}, for a sentence: 'a' (3), 'b' (1) and 2 more."""
    return first_of([f"{value!r} ({int(rows)})" for value, rows in counts.items()], most)


def counted_levels(columns, most=6):
    """Write levels with their rows, {column: {level: rows}}: of each column some, if there is room for it."""
    levels = [(rank, name) for name, counts in columns.items() for rank in range(len(counts))]
    place = {name: k for k, name in enumerate(columns)}
    ranked = sorted(
        levels, key=lambda level: (level[0], place[level[1]])
    )  # the first of each, the second ...
    order = sorted(ranked[:most], key=lambda level: place[level[1]]) + ranked[most:]
    items = {name: list(counts.items()) for name, counts in columns.items()}
    parts = [(name, *items[name][rank]) for rank, name in order]
    return first_of([f"`{name}`: {level!r} ({int(rows)})" for name, level, rows in parts], most)


def first_of(texts, most=6):
    """Join texts for a sentence, the first of them written out and the others counted."""
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more" if len(texts) > most else "")


def number_of(n, noun, form=""):
    """Write a count with its noun: 1 fold, 2 folds; 1,200 rows with `form=","`."""
    return f"{n:{form}} {noun}{'' if n == 1 else 's'}"


def number_are(n, noun, of=None):
    """Write a count with its noun as what a sentence is about: 1 value is, 2 values of 10 are."""
    return f"{number_of(n, noun)}{'' if of is None else f' of {of}'} {'is' if n == 1 else 'are'}"


def shown(value):
    """Write a value for a message: plain, on one line, and not longer than a sentence bears."""
    if callable(value) and hasattr(value, "__name__"):
        return f"{'the class' if isinstance(value, type) else 'the function'} {value.__name__}"
    if getattr(value, "shape", None):
        return f"{type(value).__name__} of shape {value.shape}"
    if hasattr(value, "item") and hasattr(value, "dtype"):
        value = value.item()  # 2.5 rather than np.float64(2.5)
    written = " ".join(repr(value).split())
    return written if len(written) <= 80 else f"{written[:77]}..."


def sentence(error, most=300):
    """Write what another library says of an error as a sentence on one line."""
    text = " ".join(str(error).split())[:most].rstrip(".:; ")
    return f"{text[:1].upper()}{text[1:]}."


def near_names(name, names, mark="'"):
    """Write the hint that proposes the names nearest to `name`, or lists them, each between marks."""
    from difflib import get_close_matches

    names = [str(n) for n in names]
    if not names:
        return "There are none."
    folded = {n.casefold(): n for n in names}  # other case is the commonest slip
    close = [folded[n] for n in get_close_matches(str(name).casefold(), folded, n=3, cutoff=0.6)]
    marked = [f"{mark}{n}{mark}" for n in close or names[:12]]
    if close:
        return f"Did you mean {' or '.join(marked)}?"
    return f"There are: {', '.join(marked)}{', ...' * (len(names) > 12)}." if names else ""


def warn(category, message):
    """Give a bineural warning at the first line outside the package."""
    frame, depth = sys._getframe(1), 2
    inside = (_PACKAGE, contextlib.__file__)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(inside):
        frame, depth = frame.f_back, depth + 1
    message = message if isinstance(message, Warning) else printable(message)
    warnings.warn(message, category, stacklevel=depth)


@contextlib.contextmanager
def naming(name):
    """Have an `InputError` say what it is about."""
    try:
        yield
    except InputError as error:
        if not name or name in error.found:
            raise
        raise type(error)(error.must, f"{error.found} This is {name}.", error.hint) from error
