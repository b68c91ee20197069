"""Our stream is R's, number for number."""

import json
from pathlib import Path

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.splitting.r_random import PCGRandom, RRandom
from rjudge import numbers, r

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "splits.json").read_text())
SEEDS = [0, 1, 123, 2019, -5, 2147483647, -2147483647]


def test_numbers_written_down_from_r_come_back():
    assert (RRandom(123).sample(81, 5) + 1).tolist() == REFERENCE["sample_81_5"] == [31, 79, 51, 14, 67]
    assert (RRandom(123).integers(81, 10) + 1).tolist() == REFERENCE["sample_81_replace"]
    assert (RRandom(-7).sample(70000, 5) + 1).tolist() == REFERENCE["sample_70000_5"]
    assert RRandom(2019).uniforms(5).tolist() == pytest.approx(REFERENCE["runif_5"], rel=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stream_stays_in_step_with_r_through_all_kinds_of_draws(seed):
    stream = RRandom(seed)
    r(f"set.seed({seed}L)")
    for n in [1, 2, 3, 5, 16, 17, 81, 1000, 32768, 32769, 65535, 65536, 65537]:  # each number of bits' edge
        assert np.array_equal(stream.sample(n) + 1, numbers(f"sample.int({n})")), n
        assert np.array_equal(stream.integers(n, 50) + 1, numbers(f"sample.int({n}, 50, TRUE)")), n
        assert np.array_equal(stream.sample(n, n // 3) + 1, numbers(f"sample.int({n}, {n // 3})")), n
        assert np.array_equal(stream.uniforms(3), numbers("runif(3)")), n


def test_above_ten_million_the_other_algorithm_of_r_is_used():
    stream = RRandom(3)
    r("set.seed(3)")
    assert np.array_equal(stream.sample(30_000_000, 20_000) + 1, numbers("sample.int(30000000L, 20000L)"))
    assert np.array_equal(stream.uniforms(3), numbers("runif(3)"))


@pytest.mark.parametrize("stream_class", [RRandom, PCGRandom])
def test_a_sample_is_a_set_and_nothing_draws_nothing(stream_class):
    stream = stream_class(1)
    assert sorted(stream.sample(1000)) == list(range(1000))
    assert len(set(stream.sample(1000, 300).tolist())) == 300
    assert len(stream.sample(5, 0)) == len(stream.integers(5, 0)) == len(stream.uniforms(0)) == 0
    assert stream.integers(3, 100).dtype == stream.sample(9).dtype == np.int64


@pytest.mark.parametrize("seed", [2**31, -(2**31), 1.5, "1", True, float("nan"), float("inf"), None])
def test_a_seed_that_r_would_not_take_is_refused(seed):
    with pytest.raises(InputError, match="`seed` must be a whole number from -2147483647 to 2147483647"):
        RRandom(seed)


def test_a_whole_number_of_any_type_is_a_seed():
    for seed in (2019, 2019.0, np.int32(2019), np.float64(2019)):
        assert np.array_equal(RRandom(seed).sample(9), RRandom(2019).sample(9))
