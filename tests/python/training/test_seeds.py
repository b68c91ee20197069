import numpy as np
import pytest

from bineural.errors import InputError
from bineural.training.seeds import check_seed, draw_orders, most_epochs_at_once, stream, stream_seed


def test_streams_of_a_seed_differ_by_name_and_index_and_repeat():
    draws = {
        (seed, name, i): stream(seed, name, i).random(4).tobytes()
        for seed in (0, 1)
        for name in ("weights", "batches", "validation", "dropout")
        for i in (0, 1)
    }
    assert len(set(draws.values())) == len(draws)
    assert all(stream(*key).random(4).tobytes() == draw for key, draw in draws.items())


def test_streams_are_those_of_every_machine():
    # numpy keeps SeedSequence and PCG64 stable across versions (NEP 19)
    assert [stream_seed(2019, "weights", i) for i in range(3)] == [1103730400, 1498307882, 2044310955]


def test_global_seeds_play_no_part():
    first = stream(3, "batches").random(2)
    np.random.seed(5)  # noqa: NPY002
    assert (stream(3, "batches").random(2) == first).all()


@pytest.mark.parametrize("seed", [-1, 1.5, "a", True, float("nan"), float("inf"), [1]])
def test_a_seed_that_is_no_whole_number_is_refused(seed):
    with pytest.raises(InputError, match="whole number"):
        check_seed(seed)


def test_seeds_as_r_sends_them_are_whole_numbers():
    assert check_seed(2019.0) == 2019 and type(check_seed(np.int64(7))) is int
    assert 0 <= check_seed(None) < 2**31 and check_seed(None) != check_seed(None)


def test_each_epoch_is_a_permutation_whatever_the_pieces():
    whole = draw_orders(7, 23, 0, 6)
    pieces = np.concatenate([draw_orders(7, 23, 0, 1), draw_orders(7, 23, 1, 2), draw_orders(7, 23, 3, 3)])
    assert (whole == pieces).all() and whole.dtype == np.int32
    assert (np.sort(whole, axis=1) == np.arange(23)).all()
    assert len({row.tobytes() for row in whole}) == 6


def test_orders_of_a_million_rows_are_not_drawn_all_at_once():
    assert most_epochs_at_once(81) > 10_000
    assert most_epochs_at_once(10**6) * 10**6 * 4 <= 2**26
    assert most_epochs_at_once(10**9) == 1


def test_every_row_is_as_likely_in_every_place():
    orders = draw_orders(1, 7, 0, 7000)
    for place in range(7):
        counts = np.bincount(orders[:, place], minlength=7)
        assert ((counts - 1000) ** 2 / 1000).sum() < 22.5  # chi-squared on 6 degrees of freedom, p = 0.001
