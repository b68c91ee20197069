"""Labels that a reader takes for one and a computer for several: "yes", "yes " and "YES"; "1" and 1.

Nothing is changed: labels stay as they are, and a warning names those that are nearly equal, with their rows.
"""

import unicodedata

import numpy as np

from bineural.errors import LabelWarning
from bineural.messages import warn
from bineural.tables.rows import label_text

MOST_LABELS = 1000  # a column with more is no column of labels
_SHOWN_COLUMNS, _SHOWN_LABELS = 3, 5
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def warn_of_near_labels(columns):
    """Give one warning of all columns that hold nearly equal labels.

    Parameters
    ----------
    columns : dict of str to pandas.Series
        Columns of numbers are passed over.
    """
    said = [text for name, values in columns.items() if (text := near_labels_text(name, values))]
    if not said:
        return
    more = (
        f"\n{len(said) - _SHOWN_COLUMNS} more columns hold such labels." if len(said) > _SHOWN_COLUMNS else ""
    )
    them = "\n".join(said[:_SHOWN_COLUMNS])
    warn(LabelWarning, f"{them}{more}\nThey count as different labels; make them one if they mean the same.")


def near_labels_text(name, values):
    """Say which labels of a column are nearly equal, with their rows; "" where none are."""
    if getattr(values.dtype, "kind", "O") in "iufbcmM":
        return ""
    try:
        counts = values.value_counts()
    except TypeError:  # lists and the like
        return ""
    counts = counts[counts > 0]
    if len(counts) > MOST_LABELS:
        return ""
    return _sentence(name, dict(zip(counts.index.tolist(), counts.tolist())))


def near_counts_text(name, labels, counts):
    """Say the same of labels whose rows have been counted."""
    return _sentence(name, dict(zip(np.asarray(labels, dtype=object).tolist(), np.asarray(counts).tolist())))


def _sentence(name, counts):
    groups = {}
    for label in counts:
        groups.setdefault(plain_label(label), []).append(label)
    near = [label for group in groups.values() if len(group) > 1 for label in group]
    if not near:
        return ""
    shown = ", ".join(f"{label!r} ({counts[label]})" for label in near[:_SHOWN_LABELS])
    more = f" and {len(near) - _SHOWN_LABELS} more" if len(near) > _SHOWN_LABELS else ""
    return f"Labels of {name} differ by case, white space or notation only: {shown}{more}."


def plain_label(label):
    """Return a label without case, white space, and the notation of characters and numbers."""
    if not isinstance(label, str):
        return label_text(label).casefold()
    text = unicodedata.normalize("NFKC", label).translate(_INVISIBLE)
    text = " ".join(unicodedata.normalize("NFKC", text.casefold()).split())
    try:
        return label_text(float(text)) if text[-1:].isdigit() or text[-1:] == "." else text
    except (ValueError, OverflowError):
        return text
