"""A program as a Python file that needs nothing but Python."""

from bineural.exporting.writing import Writer

_HEAD = '''"""Predictions of a fitted model, written by bineural {version}; needs nothing but Python.

`predict(rows)` takes a list of dicts, one for each row, and returns a list of dicts: {outputs}.
A row with a missing value (None, NaN) that the model has no rule for, or outside of what its formula can
take, gets None. `python {file} < rows.csv` reads a CSV file and writes one.

Columns: {columns}.
"""

import csv
import math
import sys
from bisect import bisect_left, bisect_right

COLUMNS = {column_kinds}
OUTPUTS = {output_names}


def _number(value):
    """Return a finite number, or None."""
    try:
        value = float(value)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def _text(value):
    """Return the text of a category, or None."""
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def _truth(value):
    """Return True, False, or None."""
    if isinstance(value, str):
        return {{"TRUE": True, "True": True, "true": True, "1": True}}.get(
            value, False if value in ("FALSE", "False", "false", "0") else None
        )
    return None if value is None or value != value else bool(value)


def _piece(x, k, coefficients, origins):
    """Return the polynomial of piece k."""
    total, x = 0.0, x - origins[k]
    for coefficient in reversed(coefficients[k]):
        total = total * x + coefficient
    return total


READ = {{"numeric": _number, "logical": _truth, "category": _text}}


def predict(rows):
    """Predict rows.

    Parameters
    ----------
    rows : list of dict
        Column name to value; other columns are ignored.

    Returns
    -------
    list of dict
    """
    return [_predict_row({{name: READ[kind](row[name]) for name, kind in COLUMNS.items()}}) for row in rows]


'''
_TAIL = """

def _main():
    rows = [
        {name: None if value in ("", "NA") else value for name, value in row.items()}
        for row in csv.DictReader(sys.stdin)
    ]
    writer = csv.DictWriter(sys.stdout, OUTPUTS, lineterminator="\\n")
    writer.writeheader()
    writer.writerows(predict(rows))


if __name__ == "__main__":
    _main()
"""


def write_python(program, file="scorer.py"):
    """Write a program as a Python file.

    Parameters
    ----------
    program : Program
    file : str
        Its name, for the words at its head.

    Returns
    -------
    str
    """
    from bineural import __version__

    writer = PythonWriter(program)
    body = [f"    {name} = {writer.expression(step)}" for step, name in writer.names.items()]
    valid = " and ".join(writer.refer(step) for step in program.valid) or "True"
    outputs = ", ".join(f"{name!r}: {writer.refer(step)}" for name, step in program.outputs.items())
    head = _HEAD.format(
        version=__version__,
        outputs=", ".join(in_docstring(name) for name in program.outputs),
        file=in_docstring(file)[1:-1],
        columns=", ".join(f"{in_docstring(name)} ({kind})" for name, kind in program.columns.items()),
        column_kinds=repr(program.columns),
        output_names=repr(list(program.outputs)),
    )
    nothing = "dict.fromkeys(OUTPUTS)"
    constants = "".join(f"{name} = {value}\n" for name, value in writer.tables.items())
    return "\n".join(
        [
            head + (constants + "\n\n" if constants else "") + "def _predict_row(row):",
            *body,
            f"    return {{{outputs}}} if {valid} else {nothing}",
            _TAIL,
        ]
    )


def in_docstring(name):
    """Write a name so that it can't end the docstring that it stands in."""
    return ascii(name).replace("\\", "\\\\").replace('"', '\\"')


class PythonWriter(Writer):
    """Expressions in Python."""

    def __init__(self, program):
        super().__init__(program)
        self.tables, self._known = {}, {}

    def table(self, value):
        """Return the name of a constant table."""
        if value not in self._known:
            self._known[value] = f"T{len(self._known) + 1}"
            self.tables[self._known[value]] = self.written(value)
        return self._known[value]

    def written(self, value):
        """Write a tuple of numbers, or of such tuples."""
        if isinstance(value, tuple):
            return f"({', '.join(self.written(part) for part in value)},)"
        return repr(value) if isinstance(value, str) else self.number(value)

    def write_number(self, column):
        """Write a column's finite number, else 0."""
        return f"(row[{column!r}] or 0.0)"

    def write_present(self, column):
        """Write that a column holds something."""
        return f"(row[{column!r}] is not None)"

    write_truth_present = write_there = write_present

    def write_logical(self, column):
        """Write that a column holds a truth that is true."""
        return f"(row[{column!r}] is True)"

    def write_code(self, column, labels):
        """Write the place of a column's text among labels."""
        places = "{" + ", ".join(f"{label!r}: {k}" for k, label in enumerate(labels)) + "}"
        if ("code", labels) not in self._known:
            name = self._known["code", labels] = f"T{len(self._known) + 1}"
            self.tables[name] = places
        return f"{self._known['code', labels]}.get(row[{column!r}], {len(labels)})"

    def write_place(self, a, numbers):
        """Write the place of a number among numbers."""
        table = self.table(numbers)
        return f"({table}.index({a}) if {a} in {table} else {len(numbers)})"

    def write_lookup(self, a, table):
        """Write the number at a place."""
        return f"{self.table(table)}[int({a})]"

    def write_pieces(self, a, ends, coefficients, origins, from_left):
        """Write a call of the polynomial of a number's piece."""
        place = f"{'bisect_left' if from_left else 'bisect_right'}({self.table(ends)}, {a})"
        return f"_piece({a}, {place}, {self.table(coefficients)}, {self.table(origins)})"

    def write_where(self, truth, a, b):
        """Write a choice."""
        return f"({a} if {truth} else {b})"

    def write_eq(self, a, b):
        """Write that two numbers are equal."""
        return f"({a} == {b})"

    def write_not(self, a):
        """Write a negation."""
        return f"(not {a})"

    def write_and(self, *truths):
        """Write that all hold."""
        return f"({' and '.join(truths)})"

    def write_or(self, *truths):
        """Write that one holds."""
        return f"({' or '.join(truths)})"

    def write_pow(self, a, b):
        """Write a power."""
        return f"{a} ** {b}"


for _name in ("exp", "log", "sqrt", "sin", "cos", "atan", "floor"):
    setattr(PythonWriter, f"write_{_name}", lambda self, a, _name=_name: f"math.{_name}({a})")
