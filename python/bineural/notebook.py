"""How records and texts show themselves in notebooks: what they print, as HTML with true tables.

A record says which of the printed lines are its table. In the others empty lines part paragraphs, "- " begins
an item of a list, and "! " a warning.
"""

import re

from bineural.markup import bullets, element, wrap
from bineural.printable import printable

_WARNING = "border-left: .3em solid #c04f00; padding-left: .6em"
_NUMBER = re.compile(r"-?[\d,]*\.?\d+(e[-+]?\d+)?%?\Z|NaN\Z|-?\Z")  # or a gap
_CELL = "text-align: {}; padding: .15em .6em; white-space: nowrap"


class Shown:
    """A record that notebooks show as HTML; the console prints it as text."""

    def _repr_html_(self):
        """Return what is printed as HTML; everything in it is escaped."""
        return as_html(str(self), [printable(line) for line in self._table_lines()])

    def _table_lines(self):
        """List the printed lines that are a table."""
        return []


_REPR_HTML = Shown._repr_html_


def show_html(shown):
    """Let records show as HTML, as they do at first, or as they print: beside what R prints, in the course.

    Parameters
    ----------
    shown : bool
    """
    if shown:
        Shown._repr_html_ = _REPR_HTML
    elif hasattr(Shown, "_repr_html_"):
        del Shown._repr_html_


class Printed(str):
    """Text that shows itself as it prints, so that no "\\n" is seen where a cell ends with it."""

    def __repr__(self):
        """Return the text itself."""
        return str(self)

    def __reduce__(self):
        """Pickle as text, which needs nothing of ours to be read."""
        return str, (str(self),)


def as_html(text, table_lines=()):
    """Return printed text as HTML.

    Parameters
    ----------
    text : str
    table_lines : list of str, optional
        Lines within the text that are a table. Two blanks or more part its columns, or one that stands to the
        right of numbers.

    Returns
    -------
    str
    """
    written = "\n".join(table_lines) or "\0"
    before, table, after = text.partition(written)  # text that holds no table is all before it
    parts = [*_paragraphs(before), *([_table(_cells(table_lines))] if table else []), *_paragraphs(after)]
    return wrap("div", "\n".join(parts))


def _cells(lines):
    """Return the cells of each line of a table."""
    width = max(map(len, lines))
    padded = [f"{line:<{width}} " for line in lines]
    begins = [0, *_begins(padded), width]
    return [[line[a:b].strip() for a, b in zip(begins, begins[1:])] for line in padded]


def _begins(lines):
    """List where columns begin: after two blanks that all lines share, or after one where all have ended."""
    shared = [all(line[k] == " " for line in lines) for k in range(len(lines[0]))]
    ended = [all(line[k - 1] != " " for line in lines) for k in range(len(shared))]
    blanks = [k for k in range(1, len(shared) - 1) if shared[k] and not shared[k + 1]]
    return [k + 1 for k in blanks if shared[k - 1] or ended[k]]


def _table(cells):
    head, *body = cells
    is_numbers = [k > 0 and all(map(_NUMBER.match, column)) for k, column in enumerate(zip(*body))]
    aligns = ["right" if numbers else "left" for numbers in is_numbers]
    if any(_NUMBER.match(cell) for cell, numbers in zip(head, is_numbers) if cell and numbers):
        head, body = None, cells  # it has no heading

    def row(line, tag):
        return wrap("tr", "".join(element(tag, c, style=_CELL.format(a)) for c, a in zip(line, aligns)))

    rows = wrap("tbody", "\n".join(row(line, "td") for line in body))
    return wrap("table", (wrap("thead", row(head, "th")) if head else "") + rows)


def _paragraphs(text):
    """Return the elements of text that holds no table."""
    parts, items = [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("- "):
            items.append(line[2:])
            continue
        parts, items = [*parts, bullets(items)], []
        if line.startswith("! "):
            parts.append(element("p", line[2:], style=_WARNING))
        elif line:
            parts.append(element("div", line, style="white-space: pre-wrap"))
    return parts
