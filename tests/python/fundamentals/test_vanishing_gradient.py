"""Sigmoids pass on at most a quarter of the gradient, ReLUs all of it."""

import numpy as np

import bineural as bn


def test_ten_layers_of_sigmoids_starve_the_first_and_relus_do_not():
    table = bn.fundamentals.gradient_by_layer(seed=1).table.set_index(["activation", "layer"])["gradient"]
    assert table["sigmoid"][1] / table["sigmoid"][10] < 1e-3
    assert 0.05 < table["relu"][1] / table["relu"][10] < 20


def test_a_chain_of_unit_weights_loses_three_quarters_at_every_sigmoid():
    for depth in (2, 5, 10):
        chain = bn.fundamentals.build_network([[[1.0]]] * depth, activation="sigmoid")
        found = bn.fundamentals.backpropagate(chain, [[0.3]], [0.0])
        biases = np.abs(np.concatenate(found.biases))
        assert (biases[:-1] <= biases[1:] / 4).all()
        assert biases[0] <= biases[-1] * 0.25 ** (depth - 1)


def test_networks_differ_only_in_their_activation(tmp_path):
    both, one = (
        bn.fundamentals.gradient_by_layer(("tanh", "relu"), seed=1),
        bn.fundamentals.gradient_by_layer("relu", seed=1),
    )
    table = both.table[both.table["activation"] == "relu"].reset_index(drop=True)
    assert table.equals(one.table)
    both.plot(tmp_path / "gradients.png")
    assert "first of 10 layers" in repr(one)
