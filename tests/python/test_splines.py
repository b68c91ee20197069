"""poly(), ns(), bs() and scale() equal R's, on training rows and on new ones, and treat rows one by one."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import ColumnError, FormulaError
from bineural.formula.splines import (
    apply_bs,
    apply_ns,
    apply_poly,
    basis_functions,
    learn_bs,
    learn_ns,
    learn_poly,
    learn_scale,
)
from bineural.inputs.preparation import Preparation

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "formula.json").read_text())
AGE = bn.load_dataset("kyphosis")["Age"].to_numpy(dtype=float)


@pytest.mark.parametrize("formula", REFERENCE["new_rows"])
def test_new_rows_equal_rs_even_beyond_the_boundary(formula):
    made = (
        Preparation(formula).fit(bn.load_dataset("kyphosis")).transform(pd.DataFrame(REFERENCE["new"])).matrix
    )
    np.testing.assert_allclose(made, REFERENCE["new_rows"][formula], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    "code, learn, apply, options",
    [
        ("poly(x, 4)", learn_poly, apply_poly, {"degree": 4}),
        ("ns(x, 5)", learn_ns, apply_ns, {"df": 5}),
        ("ns(x, 5, intercept = TRUE)", learn_ns, apply_ns, {"df": 5, "intercept": True}),
        ("ns(x, knots = c(-1, 0, 0.7))", learn_ns, apply_ns, {"knots": [-1, 0, 0.7]}),
        ("ns(x, 3, Boundary.knots = c(-1, 1))", learn_ns, apply_ns, {"df": 3, "Boundary_knots": [-1, 1]}),
        ("bs(x, 7)", learn_bs, apply_bs, {"df": 7}),
        ("bs(x, 7, intercept = TRUE)", learn_bs, apply_bs, {"df": 7, "intercept": True}),
        ("bs(x, df = 5, degree = 1)", learn_bs, apply_bs, {"df": 5, "degree": 1}),
        ("bs(x, 6, degree = 5)", learn_bs, apply_bs, {"df": 6, "degree": 5}),
        ("bs(x, 5, Boundary.knots = c(-1, 1))", learn_bs, apply_bs, {"df": 5, "Boundary_knots": [-1, 1]}),
    ],
)
def test_bases_equal_rs_live(code, learn, apply, options):
    from rjudge import assign, numbers, r

    rng = np.random.default_rng(1978)
    x = np.round(rng.normal(size=150), 2)  # with ties
    new = np.concatenate([rng.normal(size=30) * 1.2, [x.min(), x.max(), x.min() - 1, x.max() + 1]])
    assign("x", x)
    assign("new", new)
    r("library(splines)")
    state = learn(x, **options)
    tight = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(apply(x, state), numbers(f"suppressWarnings(unclass({code}))"), **tight)
    predicted = numbers(f"suppressWarnings(predict({code}, new))")
    np.testing.assert_allclose(apply(new, state), predicted, rtol=1e-10, atol=1e-11)


def test_poly_keeps_rs_state():
    state = learn_poly(AGE, 2)
    np.testing.assert_allclose(state["alpha"], REFERENCE["poly"]["alpha"], rtol=1e-13)
    np.testing.assert_allclose(state["norm2"], REFERENCE["poly"]["norm2"], rtol=1e-13)


def test_natural_spline_knots_are_quantiles():
    np.testing.assert_allclose(learn_ns(AGE, df=3)["knots"], REFERENCE["ns_knots"])
    np.testing.assert_allclose(apply_ns(AGE, learn_ns(AGE, df=3))[0], REFERENCE["ns_row"], rtol=1e-12)


def test_poly_is_orthonormal():
    basis = apply_poly(AGE, learn_poly(AGE, 3))
    np.testing.assert_allclose(basis.T @ basis, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(basis.sum(axis=0), 0, atol=1e-10)


def test_b_splines_are_shares_of_one():
    basis = apply_bs(AGE, learn_bs(AGE, df=8, intercept=True))
    np.testing.assert_allclose(basis.sum(axis=1), 1, rtol=1e-14)
    assert basis.min() >= 0


def test_natural_splines_are_straight_beyond_the_boundary():
    state = learn_ns(AGE, df=4)
    far = apply_ns(np.array([300.0, 400.0, 500.0]), state)
    np.testing.assert_allclose(far[1] - far[0], far[2] - far[1], rtol=1e-10)


@pytest.mark.parametrize("derivative", [1, 2])
def test_derivatives_are_slopes(derivative):
    knots = np.array([0.0, 0, 0, 0, 1, 2.5, 4, 4, 4, 4])
    x, step = np.array([0.5, 1.7, 3.3]), 1e-5
    below, above = (basis_functions(knots, x + s, 3, derivative - 1) for s in (-step, step))
    wanted = (above - below) / (2 * step)
    np.testing.assert_allclose(basis_functions(knots, x, 3, derivative), wanted, atol=1e-6)


@pytest.mark.parametrize(
    "learn, apply", [(learn_ns, apply_ns), (learn_bs, apply_bs), (learn_poly, apply_poly)]
)
def test_rows_one_by_one_equal_rows_together(learn, apply):
    state = learn(AGE, 4)
    alone = np.vstack([apply(AGE[i : i + 1], state) for i in range(AGE.size)])
    np.testing.assert_array_equal(alone, apply(AGE, state))


def test_what_has_no_basis_is_refused():
    constant = np.full(5, 3.0)
    with pytest.raises(ColumnError, match="distinct values"):
        learn_poly(constant, 1)
    with pytest.raises(ColumnError, match="varies"):
        learn_ns(constant, 3)
    with pytest.raises(ColumnError, match="varies"):
        learn_scale(constant)
    with pytest.raises(FormulaError, match="at least 3"):
        learn_bs(AGE, df=2)
    with pytest.raises(FormulaError, match="two numbers"):
        learn_bs(AGE, Boundary_knots=[1, 2, 3])
