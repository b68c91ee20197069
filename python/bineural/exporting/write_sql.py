"""A program as one SQL query, of the functions that SQLite, DuckDB and PostgreSQL share.

Steps that are used more than once are columns of common table expressions, each on the one before it; they
are materialised, so that no database writes them out again wherever they are used.
The first reads the raw columns.
"""

from collections import Counter

from bineural.exporting.writing import Writer, short

_LARGEST = "1.7976931348623157e308"


def quoted(name):
    """Write an identifier."""
    return '"' + str(name).replace('"', '""') + '"'


def text(value):
    """Write a text."""
    return "'" + str(value).replace("'", "''") + "'"


def write_sql(program, table="new_data", keep=()):
    """Write a program as a query.

    Parameters
    ----------
    program : Program
    table : str
        The table that is read.
    keep : sequence of str
        Columns of it that stand beside the predictions.

    Returns
    -------
    str
    """
    writer = SQLWriter(program)
    keep = list(dict.fromkeys(keep))
    levels = _levels(program, writer.names)
    needed_at = _last_needs(program, writer.names, levels)
    parts, before, alive = [], quoted(table), []
    for level in range(1, max(levels.values(), default=0) + 1):
        new = [step for step, at in levels.items() if at == level]
        alive = [step for step in alive if needed_at[step] >= level]
        carried = [*map(quoted, keep), *(writer.names[step] for step in alive)]
        made = [f"{writer.expression(step)} AS {writer.names[step]}" for step in new]
        name = f"bineural_{level}"
        lines = ",\n    ".join([*carried, *made])
        parts.append(f"{name} AS MATERIALIZED (\n  SELECT\n    {lines}\n  FROM {before}\n)")
        before, alive = name, [*alive, *new]
    valid = " AND ".join(writer.refer(step) for step in program.valid)
    outputs = [
        f"CASE WHEN {valid} THEN {writer.refer(step)} END AS {quoted(name)}"
        if valid
        else f"{writer.refer(step)} AS {quoted(name)}"
        for name, step in program.outputs.items()
    ]
    select = ",\n  ".join([*map(quoted, keep), *outputs])
    head = "WITH " + ",\n".join(parts) + "\n" if parts else ""
    return f"{head}SELECT\n  {select}\nFROM {before};\n"


def _inlined(program, names, step):
    """Return the named steps that the expression of a step refers to."""
    found, waiting = set(), list(program.steps[step].arguments)
    while waiting:
        argument = waiting.pop()
        if argument in names:
            found.add(argument)
        else:
            waiting += program.steps[argument].arguments
    return found


def _levels(program, names):
    levels = {}
    for step in names:
        levels[step] = 1 + max((levels[other] for other in _inlined(program, names, step)), default=0)
    return levels


def _last_needs(program, names, levels):
    last = dict.fromkeys(names, 0)
    for step in names:
        for other in _inlined(program, names, step):
            last[other] = max(last[other], levels[step])
    for step in (*program.outputs.values(), *program.valid):
        for other in {step} & set(names) or _inlined(program, names, step):
            last[other] = max(levels.values()) + 1
    return last


class SQLWriter(Writer):
    """Expressions in SQL."""

    def __init__(self, program):
        super().__init__(program)
        self.names = {step: f"bineural_{name}" for step, name in self.names.items()}

    def number(self, value):
        """Write a number that no database takes for a decimal one."""
        written = short(value)
        return written if "e" in written else f"{written}e0"

    def write_number(self, column):
        """Write a column's finite number, else 0."""
        cast = f"CAST({quoted(column)} AS DOUBLE PRECISION)"
        return f"CASE WHEN {self.write_present(column)} THEN {cast} ELSE 0.0e0 END"

    def write_present(self, column):
        """Write that a column holds a finite number; NaN sorts above all numbers where there is one."""
        cast = f"CAST({quoted(column)} AS DOUBLE PRECISION)"
        return f"({cast} IS NOT NULL AND {cast} BETWEEN -{_LARGEST} AND {_LARGEST})"

    def write_logical(self, column):
        """Write that a column holds TRUE."""
        return f"(CASE WHEN {quoted(column)} THEN 1 ELSE 0 END = 1)"

    def write_truth_present(self, column):
        """Write that a column holds a truth."""
        return f"({quoted(column)} IS NOT NULL)"

    write_there = write_truth_present

    def write_code(self, column, labels):
        """Write the place of a column's text among labels."""
        cases = " ".join(f"WHEN {text(label)} THEN {k}" for k, label in enumerate(labels))
        return f"CASE CAST({quoted(column)} AS TEXT) {cases} ELSE {len(labels)} END"

    def write_place(self, a, numbers):
        """Write the place of a number among numbers."""
        cases = " ".join(f"WHEN {self.number(value)} THEN {k}" for k, value in enumerate(numbers))
        return f"CASE {a} {cases} ELSE {len(numbers)} END"

    def write_lookup(self, a, table):
        """Write the number at a place; the most frequent one stands for the rest."""
        usual = Counter(table).most_common(1)[0][0]
        cases = " ".join(f"WHEN {k} THEN {self.number(v)}" for k, v in enumerate(table) if v != usual)
        return f"CASE {a} {cases} ELSE {self.number(usual)} END"

    def write_pieces(self, a, ends, coefficients, origins, from_left):
        """Write a polynomial for each piece."""
        sign, cases = "<=" if from_left else "<", []
        for k, (polynomial, origin) in enumerate(zip(coefficients, origins)):
            far = a if origin == 0 else f"({a} - {self.write_constant(origin)})"
            written = self.horner(far, polynomial)
            cases.append(
                f"WHEN {a} {sign} {self.number(ends[k])} THEN {written}"
                if k < len(ends)
                else f"ELSE {written}"
            )
        return f"CASE {' '.join(cases)} END"

    def write_where(self, truth, a, b):
        """Write a choice."""
        return f"CASE WHEN {truth} THEN {a} ELSE {b} END"

    def write_eq(self, a, b):
        """Write that two numbers are equal."""
        return f"({a} = {b})"

    def write_not(self, a):
        """Write a negation."""
        return f"(NOT {a})"

    def write_and(self, *truths):
        """Write that all hold."""
        return f"({' AND '.join(truths)})"

    def write_or(self, *truths):
        """Write that one holds."""
        return f"({' OR '.join(truths)})"

    def write_log(self, a):
        """Write the natural logarithm."""
        return f"ln({a})"

    def write_pow(self, a, b):
        """Write a power."""
        return f"power({a}, {b})"


for _name in ("exp", "sqrt", "sin", "cos", "atan", "floor"):
    setattr(SQLWriter, f"write_{_name}", lambda self, a, _name=_name: f"{_name}({a})")
