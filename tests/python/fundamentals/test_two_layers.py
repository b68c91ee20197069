"""One hidden layer learns the patterns of the lab, and none learns the closed ones."""

import numpy as np
import pytest

import bineural as bn


@pytest.mark.parametrize(
    "pattern, at_least",
    [
        ("diamond", 0.95),
        pytest.param("circle", 0.94, marks=pytest.mark.long),
        pytest.param("square", 0.94, marks=pytest.mark.long),
        ("corner", 0.98),
    ],
)
def test_four_hidden_units_learn_the_patterns(pattern, at_least):
    rows = bn.fundamentals.make_pattern(pattern, 500, seed=2)
    fit = bn.fundamentals.fit_two_layers(rows[["x1", "x2"]], rows["inside"], seed=2)
    last = fit.history.iloc[-1]
    assert last["accuracy"] >= at_least and last["loss"] < 0.2
    np.testing.assert_allclose(
        np.mean((fit.network(rows[["x1", "x2"]]) > 0.5) == rows["inside"]), last["accuracy"]
    )


def test_no_hidden_layer_learns_none_of_the_closed_patterns():
    rows = bn.fundamentals.make_pattern("diamond", 500, seed=2)
    logit = bn.fundamentals.fit_neuron(
        rows[["x1", "x2"]], rows["inside"], "sigmoid", learning_rate=0.5, steps=2000
    )
    assert np.mean((rows[["x1", "x2"]] @ logit.weights + logit.bias > 0) == rows["inside"]) < 0.65


def test_patterns_cover_their_area():
    shares = {
        p: bn.fundamentals.make_pattern(p, 20_000, seed=1)["inside"].mean()
        for p in ("circle", "diamond", "square", "corner")
    }
    expected = {"circle": np.pi * 0.75**2 / 4, "diamond": 0.5, "square": 0.25, "corner": 0.75}
    assert shares == pytest.approx(expected, abs=0.015)


def test_the_seed_decides_and_the_figure_is_drawn(tmp_path):
    rows = bn.fundamentals.make_pattern(n_rows=50, seed=1)
    fits = [
        bn.fundamentals.fit_two_layers(rows[["x1", "x2"]], rows["inside"], epochs=20, seed=s)
        for s in (1, 1, 2)
    ]
    assert fits[0].history.equals(fits[1].history) and not fits[0].history.equals(fits[2].history)
    fits[0].plot(tmp_path / "plane.png")
    bn.fundamentals.fit_two_layers(np.eye(3), [0, 1, 1], epochs=3, seed=1).plot(tmp_path / "loss.png")


def test_a_pattern_that_is_not_known_is_refused():
    with pytest.raises(bn.InputError, match="`pattern` must be one of"):
        bn.fundamentals.make_pattern("star")
