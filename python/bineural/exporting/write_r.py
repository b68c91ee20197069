"""A program as an R file that needs nothing but base R."""

from bineural.exporting.writing import Writer

_HEAD = """# Predictions of a fitted model, written by bineural {version}; needs nothing but base R.
#
# `predict_rows(data)` takes a data frame and returns one, with a row for each: {outputs}.
# A row with a missing value that the model has no rule for, or outside of what its formula can take, gets NA.

predict_rows <- function(data) {{
  n <- nrow(data)
  number <- function(x) {{
    x <- as.numeric(if (is.factor(x)) as.character(x) else x)
    ifelse(is.finite(x), x, NA_real_)
  }}
  pick <- function(truth, a, b) {{
    truth <- rep_len(truth, n)
    ifelse(truth, rep_len(a, n), rep_len(b, n))
  }}
  piece <- function(x, ends, coefficients, origins, from_left) {{
    k <- findInterval(x, ends, left.open = from_left) + 1L
    x <- x - origins[k]
    total <- rep_len(0, length(x))
    for (j in rev(seq_len(ncol(coefficients)))) total <- total * x + coefficients[k, j]
    total
  }}
"""


def write_r(program):
    """Write a program as an R file.

    Parameters
    ----------
    program : Program

    Returns
    -------
    str
    """
    from bineural import __version__

    writer = RWriter(program)
    names = ", ".join(ascii(name) for name in program.outputs)
    lines = [_HEAD.format(version=__version__, outputs=names)]
    kinds = {"numeric": "number({})", "logical": "as.logical({})", "category": "as.character({})"}
    for k, (name, kind) in enumerate(program.columns.items(), 1):
        lines.append(f"  c{k} <- " + kinds[kind].format(f"data[[{quoted(name)}]]"))
    body = [f"  {name} <- {writer.expression(step)}" for step, name in writer.names.items()]
    lines += [f"  {name} <- {value}" for name, value in writer.tables.items()] + body
    valid = " & ".join(writer.refer(step) for step in program.valid) or "TRUE"
    lines.append(f"  valid <- rep_len({valid}, n)")
    columns = [
        f"    ifelse(valid, rep_len({writer.refer(s)}, n), NA_real_)" for s in program.outputs.values()
    ]
    shown = ", ".join(quoted(name) for name in program.outputs)
    lines.append("  columns <- list(\n" + ",\n".join(columns) + "\n  )")
    lines.append(f"  names(columns) <- c({shown})")
    return "\n".join([*lines, "  as.data.frame(columns, optional = TRUE)", "}", ""])


def quoted(text):
    """Write a text in ASCII, so that no locale reads it otherwise."""
    return '"' + "".join(_escaped(character) for character in str(text)) + '"'


def _escaped(character):
    if character in '\\"':
        return f"\\{character}"
    code = ord(character)
    if 32 <= code < 127:
        return character
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class RWriter(Writer):
    """Expressions in R, of whole columns."""

    def __init__(self, program):
        super().__init__(program)
        self.columns = {name: f"c{k}" for k, name in enumerate(program.columns, 1)}
        self.tables, self._known = {}, {}

    def table(self, value, written):
        """Return the name of a constant table."""
        if value not in self._known:
            self._known[value] = f"t{len(self._known) + 1}"
            self.tables[self._known[value]] = written
        return self._known[value]

    def numbers(self, values):
        """Return the name of a vector of numbers."""
        return self.table(values, f"c({', '.join(self.number(value) for value in values)})")

    def write_number(self, column):
        """Write a column's numbers, 0 where there is none."""
        name = self.columns[column]
        return f"ifelse(is.na({name}), 0, {name})"

    def write_present(self, column):
        """Write where a column holds something."""
        return f"(!is.na({self.columns[column]}))"

    write_truth_present = write_there = write_present

    def write_logical(self, column):
        """Write where a column is true."""
        return f"({self.columns[column]} %in% TRUE)"

    def write_code(self, column, labels):
        """Write the places of texts among labels."""
        table = self.table(labels, f"c({', '.join(map(quoted, labels))})")
        return f"(match({self.columns[column]}, {table}, nomatch = {len(labels) + 1}L) - 1L)"

    def write_place(self, a, numbers):
        """Write the places of numbers among numbers."""
        return f"(match({a}, {self.numbers(numbers)}, nomatch = {len(numbers) + 1}L) - 1L)"

    def write_lookup(self, a, table):
        """Write the numbers at places."""
        return f"{self.numbers(table)}[{a} + 1L]"

    def write_pieces(self, a, ends, coefficients, origins, from_left):
        """Write a call of the polynomials of pieces."""
        flat = ", ".join(self.number(value) for row in coefficients for value in row)
        matrix = self.table(coefficients, f"matrix(c({flat}), nrow = {len(coefficients)}, byrow = TRUE)")
        side = "TRUE" if from_left else "FALSE"
        return f"piece({a}, {self.numbers(ends)}, {matrix}, {self.numbers(origins)}, {side})"

    def write_where(self, truth, a, b):
        """Write a choice."""
        return f"pick({truth}, {a}, {b})"

    def write_eq(self, a, b):
        """Write where two numbers are equal."""
        return f"({a} == {b})"

    def write_not(self, a):
        """Write a negation."""
        return f"(!{a})"

    def write_and(self, *truths):
        """Write where all hold."""
        return f"({' & '.join(truths)})"

    def write_or(self, *truths):
        """Write where one holds."""
        return f"({' | '.join(truths)})"

    def write_pow(self, a, b):
        """Write a power."""
        return f"({a}^{b})"


for _name in ("exp", "log", "sqrt", "sin", "cos", "atan", "floor"):
    setattr(RWriter, f"write_{_name}", lambda self, a, _name=_name: f"{_name}({a})")
