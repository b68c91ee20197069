"""One seed, many independent streams by name: weights, batches, validation rows, dropout share no draws.

A stream depends on (seed, name, index) alone, through `numpy.random.SeedSequence`; asking for one more stream
changes no other, and nothing depends on what was drawn elsewhere in the process.
"""

import zlib

import numpy as np

from bineural.errors import InputError


def check_seed(seed):
    """Return `seed` as an int, or a fresh one below 2**31 (R's integers) when it is None.

    Parameters
    ----------
    seed : int or None
        Not negative.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If it is no whole number, or negative.
    """
    if seed is None:
        return int(np.random.SeedSequence().generate_state(1)[0] >> 1)
    whole = not isinstance(seed, (bool, np.bool_)) and isinstance(seed, (int, np.integer, float, np.floating))
    if not whole or seed != seed or seed in (float("inf"), float("-inf")) or int(seed) != seed or seed < 0:
        raise InputError(
            "`seed` must be a whole number that is not negative, or None for a fresh one.",
            f"Found {seed!r}.",
            "Pass for example seed=2019.",
        )
    return int(seed)


def sequence(seed, name, *index):
    """Return the `numpy.random.SeedSequence` of one named stream (`index`: non-negative ints)."""
    return np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()), *index))


def stream(seed, name, *index):
    """Return a `numpy.random.Generator` for one named stream."""
    return np.random.Generator(np.random.PCG64(sequence(seed, name, *index)))


def stream_seed(seed, name, *index):
    """Return an int below 2**31 for a library that wants a seed of its own."""
    return int(sequence(seed, name, *index).generate_state(1)[0] >> 1)
