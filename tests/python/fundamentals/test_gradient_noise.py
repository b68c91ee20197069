"""Batch gradients are unbiased, and their variance is that of one row over the batch size."""

import numpy as np
import pytest

import bineural as bn


def rows(n=500):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, 2))
    return x, (x[:, 0] + rng.normal(size=n) > 0).astype(int)


def test_the_variance_falls_as_one_over_the_size():
    noise = bn.fundamentals.measure_gradient_noise(*rows(), weights=[0.5, -0.5], draws=4000, seed=1).table
    assert noise["ratio"].between(0.95, 1.05).all()
    assert (noise["distance"] < 4 * np.sqrt(noise["variance"] / 4000)).all()


def test_the_variance_of_single_rows_is_what_its_definition_says():
    x, y = rows(40)
    error = 1 / (1 + np.exp(-(x @ [0.5, -0.5] + 0.2))) - y
    gradients = error[:, None] * np.column_stack([np.ones(40), x])
    noise = bn.fundamentals.measure_gradient_noise(
        x, y, weights=[0.5, -0.5], bias=0.2, batch_sizes=4, draws=10, seed=1
    )
    assert noise.table["expected"].tolist() == pytest.approx([gradients.var(axis=0).sum() / 4])


def test_the_seed_decides_and_the_figure_is_drawn(tmp_path):
    first, again, other = (
        bn.fundamentals.measure_gradient_noise(*rows(), draws=20, seed=s) for s in (1, 1, 2)
    )
    assert first.table.equals(again.table) and not first.table.equals(other.table)
    first.plot(tmp_path / "noise.png")
    assert "ratio" in repr(first)
