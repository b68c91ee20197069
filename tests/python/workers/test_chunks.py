"""Chunks of nets: every net in one, nets of one graph together, no chunk larger than a worker's share."""

import itertools

import pytest

from bineural.nets.chunks import cut_chunks, name_of_chunk


@pytest.mark.parametrize("n_workers", [2, 3, 7])
@pytest.mark.parametrize("n_nets", [2, 10, 100])
def test_nets_of_one_graph_are_parted_evenly(n_nets, n_workers):
    parts = cut_chunks([{"l2": i / 10, "learning_rate": 0.1} for i in range(n_nets)], n_workers)
    assert list(itertools.chain(*parts)) == list(range(n_nets))
    assert len(parts) == min(n_nets, n_workers)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_layouts_are_compiled_by_as_few_workers_as_can_be():
    settings = [{"units": units, "l2": l2} for units in ((4,), (8,), (16,)) for l2 in range(10)]
    assert cut_chunks(settings, 2) == [list(range(k, k + 10)) for k in (0, 10, 20)]
    uneven = [{"units": (4,)}] * 8 + [{"units": (8,)}] * 2
    assert sorted(map(len, cut_chunks(uneven, 2))) == [2, 4, 4]  # 8 are more than a worker's share


def test_settings_of_any_kind_are_grouped():
    settings = [{"units": [4], "optimizer": None}, {"units": [4], "optimizer": None}, {}, {}]
    assert cut_chunks(settings, 2) == [[0, 1], [2, 3]]


def test_a_chunk_is_named_by_its_nets():
    assert name_of_chunk("net", [3], 9) == "net, net 4 of 9"
    assert name_of_chunk("net", [3, 4, 5], 9) == "net, nets 4 to 6 of 9"
