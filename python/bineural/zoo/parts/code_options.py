"""The options of codes, which all autoencoders have."""

from bineural.checks import flag, number, whole
from bineural.options import Option

N_CODES = Option(
    "n_codes",
    2,
    whole(1, 10**6, hint="Pass 2 for a plane that can be drawn."),
    "int",
    "Numbers that a row is squeezed into.",
    in_r="count",
    range="whole",
)
VARIATIONAL = Option(
    "variational",
    False,
    flag(),
    "bool",
    "Whether codes are drawn about their means in training, and pay for their distance from a standard "
    "normal distribution; rows can then be generated.",
    in_r="flag",
)
NOISE = Option(
    "noise",
    0.0,
    number(0, 1, hint="Use for example 0.3."),
    "float",
    "SD of normal numbers that are added to the scaled input in training (denoising); the target stays "
    "clean.",
    in_r="number",
    range="number",
)
CODE_OPTIONS = N_CODES, VARIATIONAL, NOISE
