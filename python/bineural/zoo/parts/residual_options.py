"""Options of nets with residual blocks."""

from bineural.checks import flag
from bineural.options import Option

RESIDUAL = Option(
    "residual", True, flag(), "bool", "False: the plain net of that depth, without shortcuts.", in_r="flag"
)
IDENTITY_START = Option(
    "identity_start", False, flag(), "bool", "Begin with blocks that are their shortcuts.", in_r="flag"
)
