"""Text columns that are hardly categories: numbers stored as text, and names or numbers of rows.

One "?" or "12.3%" among numbers makes a whole column text, and each of its values a level with a coefficient
of its own. Nothing is converted here, as a sign may mean anything; it is said, once for all columns of which
the same is to be said, before the fit.
"""

import numpy as np

from bineural.errors import ColumnWarning
from bineural.formula.guard import split_formula
from bineural.formula.layout import bare_name
from bineural.formula.syntax import quote_name, shorten
from bineural.formula.terms import read_terms
from bineural.formula.texts import text_columns
from bineural.messages import counted_values, warn
from bineural.repeated_warnings import warn_together
from bineural.tables.frames import as_frame, column_kind, is_frame, maybe_text
from bineural.tables.written_numbers import reading_options, reads_as_missing, reads_as_number

_FEWEST_LEVELS = 5  # fewer numbers than that may well be codes
_MANY_LEVELS = 20  # more are told however many rows there are
_SPACES = 4  # in a value on average, of texts; names of rows have fewer


def tell_doubtful(data, terms=None, exclude=()):
    """Warn about the text columns of a table that will hardly be meant as categories.

    Parameters
    ----------
    data : table or array_like
        Arrays without names are left alone.
    terms : str, optional
        Right side of a formula: only the columns that stand bare in it count, as `factor(x)` is a category
        on purpose. None takes all.
    exclude : sequence of str
        Columns that `.` leaves out.
    """
    if not is_frame(data):
        return
    frame = as_frame(data)
    names = [name for name in maybe_text(frame) if name not in {*exclude, *text_columns([terms])}]
    names = [name for name in names if column_kind(frame[name]) in ("text", "category")]
    if names and terms is not None:
        others = [name for name in frame.columns if name not in exclude]
        read = read_terms(split_formula(terms)[1], others)
        bare = {bare_name(read.variables[i][1]) for term in read.terms for i in term}
        names = [name for name in names if name in bare]
    counts = {name: frame[name].value_counts() for name in names}
    tell_doubtful_levels(
        {name: ([str(label) for label in n.index], n.to_numpy()) for name, n in counts.items()}
    )


def tell_doubtful_outcome(name, values):
    """Warn about an outcome of text that holds numbers: each value becomes a class."""
    if column_kind(values) in ("text", "category"):
        counts = values.value_counts()
        counts = counts[counts > 0]
        labels = [str(label) for label in counts.index]
        sentence = _number_sentence(name, labels, counts.to_numpy(), "taken as a class", "leave it so")
        if sentence:
            warn(ColumnWarning, sentence)


def tell_doubtful_levels(columns):
    """Warn about columns by their values.

    Parameters
    ----------
    columns : dict of str to (list of str, array_like of float64)
        The values of each column, and the rows of each value.
    """
    sentences = []
    for name, (labels, counts) in columns.items():
        counts = np.asarray(counts)
        labels, counts = [label for label, n in zip(labels, counts) if n > 0], counts[counts > 0]
        factor = "write factor(column) in the formula"
        sentence = _number_sentence(name, labels, counts, "taken as a category", factor)
        sentences.append(sentence or _name_sentence(name, labels, counts, factor))
    warn_together(ColumnWarning, [sentence for sentence in sentences if sentence])


def _number_sentence(name, labels, counts, taken, otherwise):
    """Say that most values are numbers, or None: enough of them must differ, as codes are few.

    Few are enough where an option of reading would make numbers of them all: "?" or "1,5" beside numbers.
    """
    is_number = np.array([reads_as_number(label) for label in labels], dtype=bool)
    n_rows, n_levels, n_numbers = int(counts.sum()), int(is_number.sum()), int(counts[is_number].sum())
    enough = n_levels >= _FEWEST_LEVELS and n_levels > min(_MANY_LEVELS, n_rows / 4)
    options = reading_options(labels)
    is_missing = np.array([reads_as_missing(label) for label in labels], dtype=bool)
    all_would_be = options and n_levels > 1 and (is_number | is_missing).all()
    if not all_would_be and (not enough or 2 * n_numbers <= n_rows):
        return None
    how = f", as load_dataset(path, {options}) reads it" if options else " first"
    odd = [(label, int(n)) for label, n in zip(labels, counts) if not _is_plain(label)]
    odd.sort(key=lambda pair: reads_as_number(pair[0]))  # what is no number at all comes first
    shown = counted_values({shorten(label, 40): n for label, n in odd}, most=4)
    which = f"Not plain numbers are (rows): {shown}." if odd else "All are plain numbers."
    return (
        f"Values of `{shorten(name, 40)}` are text, but {n_numbers / n_rows:.0%} of {n_rows} read as "
        f"numbers. {which} Each of {len(labels)} different values is {taken}: turn them into numbers{how}, "
        f"or {otherwise} if labels are meant."
    )


def _name_sentence(name, labels, counts, factor):
    """Say that there are nearly as many values as rows, or None."""
    n_rows, n_levels = int(counts.sum()), len(labels)
    if n_levels <= max(_MANY_LEVELS, n_rows / 2):
        return None
    texts = sum(label.count(" ") for label in labels) >= _SPACES * n_levels
    if texts:
        return (
            f"There are {n_levels} different texts in {n_rows} rows of `{shorten(name, 40)}`. Each of them "
            f"is taken as a category, and its words are not read. Write text({quote_name(name)}) in the "
            "formula, or leave them out."
        )
    return (
        f"There are {n_levels} different values in {n_rows} rows of `{shorten(name, 40)}`, as names of rows "
        f"have. Each of them is taken as a category. Leave them out, join rare values, or {factor} if they "
        f"are meant."
    )


def _is_plain(label):
    try:
        float(label)
    except ValueError:
        return False
    return label == label.strip()
