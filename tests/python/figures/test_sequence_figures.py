"""Figures of sequences: the tree of a search adds up, and stands in its order."""

import numpy as np
import pytest

import bineural as bn
from bineural.figures.search_tree import search_tree_data


def step(tokens):
    return np.log(np.random.default_rng([len(tokens), *map(int, tokens)]).dirichlet(np.ones(3)))


@pytest.fixture(scope="module")
def found():
    return bn.decode_beams(step, 5, 0, width=3, max_length=4)


def test_a_node_stands_right_of_its_parent_and_amid_its_children(found):
    table = search_tree_data(found)
    grown = table[table["parent"] >= 0]
    assert (grown["x"] == grown["x_from"] + 1).all()
    for parent, children in grown.groupby("parent"):
        assert table["y"][parent] == pytest.approx(children["y"].mean())
    for _, column in table.groupby("x"):
        assert (np.diff(column.sort_values("parent", kind="stable")["y"]) > 0).any() or len(column) == 1
        assert column["y"].is_unique


def test_the_best_path_ends_where_the_best_hypothesis_does(found, tmp_path):
    table = search_tree_data(found)
    path = table[table["on_path"]]
    assert path["log_prob"].iloc[-1] == pytest.approx(found["log_prob"][0])
    figure = bn.plot_search_tree(found, path=tmp_path / "tree.svg")
    assert len(figure.axes[0].texts) == len(table) and (tmp_path / "tree.svg").stat().st_size > 1000


def test_without_a_tree_or_with_too_large_a_one_nothing_is_drawn(found):
    with pytest.raises(bn.InputError, match="decode_beams"):
        bn.plot_search_tree(found.drop(columns="rank").to_dict())
    wide = bn.decode_beams(lambda tokens: np.log(np.full(8, 0.125)), 9, 0, width=60, max_length=5)
    with pytest.raises(bn.InputError, match="at most 400"):
        bn.plot_search_tree(wide)
