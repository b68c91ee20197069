"""Words and figures that comparisons and their pictures share; nothing heavy is loaded for them."""

import math

NULL = "null"  # name of the model that knows no predictor


def decimals(width):
    """Return the decimals that show two digits of an interval's width."""
    if math.isnan(width) or width <= 0:
        return 3
    return int(min(6, max(0, 2 - math.floor(math.log10(width)) - 1 + (width < 1))))
