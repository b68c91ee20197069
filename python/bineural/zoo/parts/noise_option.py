"""The option of what rows are made of, which all generators have."""

from bineural.checks import whole
from bineural.options import Option

N_NOISE = Option(
    "n_noise",
    16,
    whole(1, 10**6, hint="Pass 16, or 1 for a curve."),
    "int",
    "Normal numbers that a row is made of.",
    in_r="count",
    range="whole",
)
