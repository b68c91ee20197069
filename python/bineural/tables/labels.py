"""Labels as people see them: how they are shown with their rows, and which of them look alike.

A reader takes "yes", "yes " and "YES" for one label, a computer for three; so it is with "1" and 1. Nothing
is changed: labels stay as they are, and a warning names those that look alike, with their rows.
"""

import unicodedata

from bineural.errors import LabelWarning
from bineural.messages import counted_values, warn
from bineural.repeated_warnings import merge
from bineural.tables.rows import label_text

MOST_LABELS = 10_000  # a column with more is no column of labels
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def shown_label(label):
    """Write a label for a heading; between marks where its white space would not be seen."""
    text = label_text(label)
    return text if text and text == " ".join(text.split()) else repr(text)


def counted_labels(rows, but=None, most=6):
    """Write labels with their rows, {label: rows}, for a heading: "absent 64"; all but one, if named."""
    parts = [f"{shown_label(label)} {count}" for label, count in rows.items() if but is None or label != but]
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return ", ".join(parts[:most]) + more


def warn_of_near_labels(columns):
    """Give one warning of all columns that hold labels which look alike.

    Parameters
    ----------
    columns : dict of str to pandas.Series, or to dict of label to rows
        Columns of numbers are passed over.
    """
    texts = [near_text(name, _count_labels(values)) for name, values in columns.items()]
    sentences = [kind.text() for kind in merge((None, text, 1) for text in texts if text)]
    if sentences:
        last = "They count as different labels; make them one if they mean the same."
        warn(LabelWarning, "\n".join([*sentences, last]))


def _count_labels(values):
    """Return {label: rows}; nothing of numbers, and of columns with too many labels."""
    if isinstance(values, dict):
        return values
    if getattr(values.dtype, "kind", "O") in "iufbcmM":
        return {}
    try:
        counts = values.value_counts()
        counts = counts[counts > 0]
        few = len(counts) <= MOST_LABELS
        return dict(zip(counts.index.tolist(), counts.tolist())) if few else {}
    except TypeError:  # lists and the like can't be counted
        return {}


def near_text(name, counts):
    """Say which labels look alike, with their rows; "" where none do."""
    alike = {}
    for label in counts:
        alike.setdefault(plain_label(label), []).append(label)
    near = [label for labels in alike.values() if len(labels) > 1 for label in labels]
    if not near:
        return ""
    shown = counted_values({label: counts[label] for label in near})
    name = str(name) if "`" in str(name) else f"`{name}`"
    return f"Labels of {name} differ by case, white space or notation only: {shown}."


def plain_label(label):
    """Return a label without case, white space, and the notation of characters and numbers."""
    if not isinstance(label, str):
        return label_text(label).casefold()
    text = unicodedata.normalize("NFKC", label).translate(_INVISIBLE).casefold()
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    try:
        return label_text(float(text)) if text[-1:].isdigit() or text[-1:] == "." else text
    except (ValueError, OverflowError):
        return text
