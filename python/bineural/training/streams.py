"""Many streams of one name at once: the draws of `seeds.stream(seed, name, index)` at a third of the price.

NumPy's `SeedSequence` is a hash of its words; here the hash runs over many indices together, and one
generator is set to each stream's state in turn.
"""

import zlib

import numpy as np

_MASK, _PCG = 2**128 - 1, 0x2360ED051FC65DA44385DF649FCCF645
_INIT_A, _MULT_A, _INIT_B, _MULT_B = 0x43B0D7E5, 0x931E8875, 0x8B51F9DD, 0x58F38DED
_MIX_L, _MIX_R = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
_SHIFT = np.uint32(16)


def each_stream(seed, name, indices):
    """Yield a `numpy.random.Generator` for each index; one is spent before the next is asked for.

    Parameters
    ----------
    seed : int
    name : str
    indices : sequence of int, each below 2**32
    """
    bits = np.random.PCG64(0)
    generator = np.random.Generator(bits)
    for words in _state_words(seed, name, indices):
        begin, sequence = (words[0] << 64) | words[1], (words[2] << 64) | words[3]
        increment = ((sequence << 1) | 1) & _MASK
        state = ((increment + begin) * _PCG + increment) & _MASK
        inner = {"state": state, "inc": increment}
        bits.state = {"bit_generator": "PCG64", "state": inner, "has_uint32": 0, "uinteger": 0}
        yield generator


def _state_words(seed, name, indices):
    """Return `SeedSequence.generate_state(4, uint64)` of each stream as lists of int."""
    indices = np.asarray(indices, dtype=np.uint32)
    words = [(seed >> shift) & 0xFFFFFFFF for shift in range(0, max(seed.bit_length(), 1), 32)]
    words += [0] * (4 - len(words))
    fixed = [np.full(len(indices), w, np.uint32) for w in (*words, zlib.crc32(name.encode()))]
    hashed = _Hash(_INIT_A, _MULT_A)
    pool = [hashed(w) for w in fixed[:4]]
    for source in range(4):
        for target in range(4):
            if source != target:
                pool[target] = _mix(pool[target], hashed(pool[source]))
    for word in (*fixed[4:], indices):
        pool = [_mix(p, hashed(word)) for p in pool]
    hashed = _Hash(_INIT_B, _MULT_B)
    low_high = [hashed(pool[i % 4]).astype(np.uint64) for i in range(8)]
    halves = [low_high[2 * i] | (low_high[2 * i + 1] << np.uint64(32)) for i in range(4)]
    return np.stack(halves, axis=1).tolist()


class _Hash:
    """SeedSequence's hash, whose constant moves on with every call."""

    def __init__(self, start, factor):
        self.constant, self.factor = start, factor

    def __call__(self, value):
        value = value ^ np.uint32(self.constant)
        self.constant = self.constant * self.factor & 0xFFFFFFFF
        value = value * np.uint32(self.constant)
        return value ^ (value >> _SHIFT)


def _mix(x, y):
    mixed = x * _MIX_L - y * _MIX_R
    return mixed ^ (mixed >> _SHIFT)
