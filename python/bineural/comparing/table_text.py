"""Tables of comparisons as text."""

import math


def number_text(value):
    """Write an estimate for a table: three places, or four digits; "-" where there is none."""
    if value is None or math.isnan(value):
        return "-"
    size = abs(value)
    return f"{value:.3f}" if size < 100 else f"{value:.4g}"


def aligned(columns):
    """Return lines of a table of texts, {heading: cells}, numbers to the right."""
    lines = [""] * (1 + len(next(iter(columns.values()))))
    for k, (name, cells) in enumerate(columns.items()):
        width = max(len(name), *map(len, cells))
        pad = str.ljust if k == 0 or "interval" in name else str.rjust
        cells = [name, *cells]
        lines = [f"{line}{'  ' * (k > 0)}{pad(cell, width)}" for line, cell in zip(lines, cells)]
    return [line.rstrip() for line in lines]
