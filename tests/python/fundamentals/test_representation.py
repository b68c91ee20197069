"""What no line separates before, a line separates in the last hidden layer."""

import numpy as np
import pytest

import bineural as bn

PAIRS, XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def test_xor_is_warped_as_in_the_book():
    network = bn.fundamentals.build_network([[[1, 1], [1, 1]], [1, -2]], biases=[[0, -1], 0])
    warp = bn.fundamentals.warp_points(network, PAIRS, XOR)
    assert warp.table[["h1", "h2"]].to_numpy().tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert not warp.separable_before and warp.separable_after
    side = warp.table[["h1", "h2"]].to_numpy() @ warp.weights + warp.bias
    assert ((side > 0) == XOR).all()


def test_xor_is_warped_as_in_the_workshop():
    network = bn.fundamentals.build_network(
        [[[0.5, -0.5], [0.5, -0.5]], [0.5, 0.5]], [[0, 0.75], -0.75], "step"
    )
    warp = bn.fundamentals.warp_points(network, PAIRS, XOR)  # OR and NAND
    assert warp.table[["h1", "h2"]].to_numpy().tolist() == [[0, 1], [1, 1], [1, 1], [1, 0]]
    assert warp.separable_after


@pytest.mark.parametrize("units, seed", [((16, 2), 1), ((16, 16, 2), 2)])
def test_spirals_are_untangled_and_a_linear_probe_agrees(units, seed):
    from sklearn.linear_model import LogisticRegression

    spirals = bn.fundamentals.make_spirals(120)
    x, y = spirals[["x1", "x2"]], spirals["arm"]
    warp = bn.fundamentals.fit_warp(x, y, units=units, steps=700, seed=seed)
    assert not warp.separable_before and warp.separable_after
    hidden = warp.table[["h1", "h2"]]
    assert LogisticRegression().fit(hidden, y).score(hidden, y) == 1
    assert LogisticRegression().fit(x, y).score(x, y) < 0.8
    np.testing.assert_allclose(bn.fundamentals.run_network(warp.network, x, layers=True)[-2], hidden)


def test_a_linear_net_warps_nothing():
    warp = bn.fundamentals.fit_warp(PAIRS, XOR, units=3, activation="identity", steps=50, seed=1)
    assert not warp.separable_after
    assert np.isnan(warp.weights).all() and warp.margin == 0


def test_arms_are_turned_by_half_a_circle():
    spirals = bn.fundamentals.make_spirals(50, turns=2)
    arms = [spirals.loc[spirals["arm"] == a, ["x1", "x2"]].to_numpy() for a in (0, 1)]
    np.testing.assert_allclose(arms[0], -arms[1], atol=1e-12)
    np.testing.assert_allclose(np.hypot(*arms[0].T)[[0, -1]], [0.1, 1])
    angle = np.unwrap(np.arctan2(arms[0][:, 1], arms[0][:, 0]))
    assert angle[-1] - angle[0] == pytest.approx(4 * np.pi)
    noisy = bn.fundamentals.make_spirals(50, noise=0.1, seed=1)
    assert noisy.equals(bn.fundamentals.make_spirals(50, noise=0.1, seed=1))
    assert not noisy.equals(bn.fundamentals.make_spirals(50))


@pytest.mark.parametrize("units", [1, 2, (4, 3)])
def test_figures_are_drawn_whatever_the_width(tmp_path, units):
    bn.fundamentals.fit_warp(PAIRS, XOR, units=units, steps=20, seed=1).plot(tmp_path / "warp.png")


def test_what_cannot_be_warped_is_refused():
    with pytest.raises(bn.InputError, match="two inputs and a hidden layer"):
        bn.fundamentals.warp_points(bn.fundamentals.build_network([[1, 1]]), PAIRS, XOR)
    with pytest.raises(bn.InputError, match="two inputs and a hidden layer"):
        bn.fundamentals.warp_points(bn.fundamentals.build_network([[[1, 1]], [1, 1]]), PAIRS, XOR)
    with pytest.raises(bn.InputError, match="`x` must have two columns"):
        bn.fundamentals.fit_warp([[1, 2, 3], [2, 3, 4]], [0, 1])
    with pytest.raises(bn.InputError, match="`noise` must be a number of at least 0"):
        bn.fundamentals.make_spirals(noise=-1)
