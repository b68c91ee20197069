"""R's random numbers in NumPy: Mersenne Twister with R's seeding and, for indices, rejection sampling.

A seed gives the rows that `set.seed(seed); sample(...)` gives in R >= 3.6 (`RNGkind` "Mersenne-Twister",
"Rejection"). NumPy's own twister makes the 32-bit words; what differs is how a seed becomes a state and how
words become indices. All indices here count from 0.
References: Matsumoto and Nishimura (1998), ACM TOMACS 8(1), 3-30; R's `?RNGkind` and `?sample`.
"""

from array import array
from dataclasses import replace

import numpy as np

from bineural import checks

R_INTEGER_MAX = 2**31 - 1  # R keeps -2**31 for NA
R_SEED = checks.seed(-R_INTEGER_MAX, R_INTEGER_MAX)  # what `set.seed()` takes
HASH_SAMPLING_ABOVE = 10_000_000  # above, R's sample.int draws anew instead of shuffling, if size <= n / 2


class RRandom:
    """A stream of R's random numbers.

    Parameters
    ----------
    seed : int
        What `set.seed()` takes in R: -2147483647 to 2147483647.

    Raises
    ------
    InputError
        If `seed` is no whole number in that range.

    Examples
    --------
    >>> RRandom(123).sample(81, 5) + 1
    array([31, 79, 51, 14, 67])
    """

    def __init__(self, seed):
        state = check_seed(seed) & 0xFFFFFFFF
        words = []
        for _ in range(50 + 625):
            state = (69069 * state + 1) & 0xFFFFFFFF
            words.append(state)
        self._twister = np.random.MT19937()
        key = np.array(words[51:], dtype=np.uint32)  # R overwrites the first of its 625 words by the position
        self._twister.state = {"bit_generator": "MT19937", "state": {"key": key, "pos": 624}}
        self._words = np.empty(0, dtype=np.int64)  # drawn already, not used yet

    def uniforms(self, size):
        """Draw what `runif(size)` gives: float64, shape (size,), inside (0, 1)."""
        words = self._peek(size).astype(np.float64)
        self._use(size)
        return np.clip(words * 2.0**-32, 0.5 * 2.328306437080797e-10, 1 - 0.5 * 2.328306437080797e-10)

    def integers(self, n, size):
        """Draw with replacement, as `sample.int(n, size, replace = TRUE) - 1`: int64, shape (size,)."""
        drawn, missing = [], size
        while missing:
            candidates, words_each = self._candidates(n, missing)
            places = np.flatnonzero(candidates < n)[:missing]
            last = places[-1] + 1 if len(places) == missing else len(candidates)
            self._use(last * words_each)
            drawn.append(candidates[places])
            missing -= len(places)
        return np.concatenate(drawn) if drawn else np.empty(0, dtype=np.int64)

    def sample(self, n, size=None):
        """Draw without replacement, as `sample.int(n, size) - 1`: int64, shape (size,), in drawing order."""
        size = n if size is None else size
        if n > HASH_SAMPLING_ABOVE and size <= n / 2:
            return self._sample_by_hash(n, size)
        pool, left = array("i", range(n)), n
        chosen = array("i")
        choose = chosen.append
        while len(chosen) < size:
            fewer_bits = (1 << (left - 1).bit_length()) >> 1  # from here on an index takes one bit less
            stop = max(fewer_bits, n - size)
            candidates, words_each = self._candidates(left, left - stop)
            used = 0
            for index in candidates.tolist():
                used += 1
                if index < left:
                    left -= 1
                    choose(pool[index])
                    pool[index] = pool[left]  # the last one takes the drawn one's place
                    if left == stop:
                        break
            self._use(used * words_each)
        return np.array(chosen, dtype=np.int64)

    def _sample_by_hash(self, n, size):
        """Draw with replacement until `size` different indices have come."""
        drawn = self.integers(n, size)
        while True:
            first_seen = np.sort(np.unique(drawn, return_index=True)[1])
            drawn = drawn[first_seen]
            if len(drawn) == size:
                return drawn
            drawn = np.concatenate([drawn, self.integers(n, size - len(drawn))])

    def _candidates(self, n, wanted):
        """Look ahead at indices of as many bits as n - 1 has (some too large) and at the words each takes.

        R takes the upper 16 bits of each word, one word for up to 15 bits, two for up to 31.
        """
        bits = (n - 1).bit_length()
        words_each = bits // 16 + 1
        count = min(wanted + wanted // 2 + 8, 1 << 17)
        halves = (self._peek(count * words_each) >> 16).reshape(count, words_each)
        candidates = halves[:, 0]
        for k in range(1, words_each):
            candidates = (candidates << 16) | halves[:, k]
        return candidates & ((1 << bits) - 1), words_each

    def _peek(self, count):
        if len(self._words) < count:
            fresh = self._twister.random_raw(max(count - len(self._words), 1024)).astype(np.int64)
            self._words = np.concatenate([self._words, fresh])
        return self._words[:count]

    def _use(self, count):
        self._words = self._words[count:]


class PCGRandom:
    """NumPy's own PCG64 stream with the face of `RRandom`, for who needs no agreement with R."""

    def __init__(self, seed):
        self._generator = np.random.Generator(np.random.PCG64(check_seed(seed) & 0xFFFFFFFF))

    def uniforms(self, size):
        """Draw float64 in [0, 1), shape (size,)."""
        return self._generator.random(size)

    def integers(self, n, size):
        """Draw from 0 to n - 1 with replacement: int64, shape (size,)."""
        return self._generator.integers(n, size=size)

    def sample(self, n, size=None):
        """Draw from 0 to n - 1 without replacement: int64, shape (size,), in the order drawn."""
        return self._generator.permutation(n)[:size].astype(np.int64)


STREAMS = {"R": RRandom, "pcg64": PCGRandom}


def check_seed(seed):
    """Return `seed` as an int that R's `set.seed()` takes too, or say what is wrong with it."""
    return replace(R_SEED, none=False)(seed, "seed")
