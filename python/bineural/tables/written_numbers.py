"""Text that is meant as a number: which it is, and which option of `load_dataset` would have read it."""

import re

_SIGNS = "$\u20ac\u00a3\u00a5"
_NUMBER = re.compile(
    rf"\s*[<>~(]?\s*[-+\u2212]?\s*[{_SIGNS}]?\s*"
    r"(?=[.,]?\d)(?:\d{1,3}(?:[,.'\u2019 \u00a0]\d{3})+|\d+)?(?:[.,]\d*)?(?:[eE][-+]?\d+)?"
    rf"\s*[%\u2030{_SIGNS}]?\s*\)?\s*\Z"
)
_MISSING = {"?", "??", "-", "--", "---", "\u2013", ".", "..", "*", "na", "n/a", "#n/a", "n.a.", "nan", "null"}
_MISSING |= {"missing", "unknown", "#value!", "#div/0!", "#ref!", "#num!", "#name?", "#null!"}
_PARTED = re.compile(r"\s*[-+]?[1-9]\d{0,2}(?:([,.'\u2019 \u00a0])\d{3})(?:\1\d{3})*(?:([.,])\d+)?\s*\Z")
_COMMA = re.compile(r"\s*[-+]?\d*,\d+(?:[eE][-+]?\d+)?\s*\Z")


def reads_as_number(label):
    """Say whether a text is a number, perhaps with a sign, a unit, or separators of thousands."""
    return len(label) < 50 and _NUMBER.match(label) is not None


def reads_as_missing(label):
    """Say whether a text is one that often stands for a missing value."""
    return label.strip().lower() in _MISSING


def reading_options(labels):
    """Write the options of `load_dataset` that would have read these texts as numbers.

    Parameters
    ----------
    labels : sequence of str
        Different values of a column.

    Returns
    -------
    str
        ``"decimal=',', missing_values='?'"``; empty where no option would have.
    """
    options, parted = {}, [match for match in map(_PARTED.match, labels) if match]
    has_points = any(match[2] == "," or match[0].count(".") > 1 for match in parted)
    if has_points or any(_COMMA.match(label) and not _PARTED.match(label) for label in labels):
        options["decimal"] = ","
    thousands = {match[1] for match in parted} - {options.get("decimal", ".")}
    if len(thousands) == 1:
        options["thousands"] = thousands.pop()
    missing = [label for label in labels if reads_as_missing(label)]
    if missing:
        options["missing_values"] = missing[0] if len(missing) == 1 else sorted(missing)
    return ", ".join(f"{name}={value!r}" for name, value in options.items())
