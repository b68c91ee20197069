"""Words and figures that comparisons and their pictures share; nothing heavy is loaded for them."""

import math

NULL = "null"  # name of the model that knows no predictor


def decimals(width, value=math.inf):
    """Return the decimals that show two digits of an interval's width; one at least of a value below 10."""
    if math.isnan(width) or width <= 0:
        return 3
    places = int(min(6, max(0, 2 - math.floor(math.log10(width)) - 1 + (width < 1))))
    return max(places, int(abs(value) < 10))


def one_digit(value):
    """Write a positive number by its first digit, without an exponent: "30", "0.002"."""
    rounded = float(f"{value:.1g}")
    return f"{rounded:,.{max(0, -math.floor(math.log10(rounded)))}f}" if rounded > 0 else "0"


def limits(low, high):
    """Write an interval for a table of estimates: two places, or whole numbers from 100 on."""
    return " to ".join(f"{limit:,.{2 if abs(limit) < 100 else 0}f}" for limit in (low, high))
