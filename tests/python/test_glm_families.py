"""Families beside the four usual ones, counted shares, and intervals of the profile: judged by R."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

import bineural as bn
from bineural.errors import ConvergenceWarning, InputError
from rjudge import assign, numbers, r

RNG = np.random.default_rng(31)
N = 150
TABLE = pd.DataFrame({"a": RNG.normal(size=N), "b": RNG.uniform(1, 3, N), "w": RNG.integers(1, 4, N) * 1.0})
MEAN = np.exp(0.4 + 0.5 * TABLE["a"] + 0.2 * TABLE["b"])
TABLE["count"] = RNG.negative_binomial(1.5, 1.5 / (1.5 + MEAN))
TABLE["time"] = RNG.wald(MEAN, 4.0)
TABLE["n"] = RNG.integers(1, 9, N)
TABLE["dead"] = RNG.binomial(TABLE["n"], 1 / (1 + np.exp(-TABLE["a"])))
TABLE["alive"] = TABLE["n"] - TABLE["dead"]
CASES = [
    # formula, our family and link, R's
    ("time ~ a + b", "inverse_gaussian", "log", "inverse.gaussian('log')"),
    ("time ~ b", "inverse_gaussian", None, "inverse.gaussian()"),
    ("count ~ a + b", "quasipoisson", None, "quasipoisson()"),
    ("count ~ a + b", "quasipoisson", "sqrt", "quasipoisson('sqrt')"),
    ("cbind(dead, alive) ~ a + b", None, None, "binomial()"),
    ("cbind(dead, alive) ~ .", "binomial", "probit", "binomial('probit')"),
    ("cbind(dead, n - dead) ~ a", "quasibinomial", None, "quasibinomial()"),
    ("count ~ a + b", "negative_binomial(1.7)", None, "MASS::negative.binomial(1.7)"),
]


@pytest.fixture(scope="module", autouse=True)
def _table():
    assign("families", TABLE)


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("formula, family, link, theirs", CASES)
def test_family_is_rs(formula, family, link, theirs, weights):
    ours = bn.fit_glm(formula, TABLE, family=family, link=link, weights=weights, converge="full")
    formula = formula.replace("~ .", "~ . - w" if weights else "~ .")
    given = ", weights = w" if weights else ""
    r(f"fit <- suppressWarnings(glm({formula}, {theirs}, families{given}, control = list(epsilon = 1e-14)))")
    known = ", dispersion = 1" if "negative" in theirs else ""  # MASS leaves the test of a given theta to a t
    r(f"table <- coef(summary(fit{known}))")
    np.testing.assert_allclose(ours.coef(), numbers("coef(fit)"), rtol=1e-6)
    np.testing.assert_allclose(ours.coefficients()["std_error"], numbers("table[, 2]"), rtol=1e-7)
    np.testing.assert_allclose(ours.coefficients()["p_value"], numbers("table[, 4]"), rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(ours.fit_.deviance, numbers("deviance(fit)")[0], rtol=1e-9)
    np.testing.assert_allclose(ours.fit_.null_deviance, numbers("fit$null.deviance")[0], rtol=1e-8)
    if weights is None or "cbind" not in formula:  # of shares R takes weights as repeats, and ours as trials
        np.testing.assert_allclose(ours.fit_.aic, numbers("fit$aic")[0], rtol=1e-9, equal_nan=True)


def test_estimated_theta_is_that_of_glm_nb():
    ours = bn.fit_glm("count ~ a + b", TABLE, family="negative_binomial", weights="w")
    r("fit <- MASS::glm.nb(count ~ a + b, families, weights = w)")
    theta = float(ours.fit_.family.partition("(")[2].rstrip(")"))
    np.testing.assert_allclose(
        [theta, ours.fit_.theta_error], numbers("c(fit$theta, fit$SE.theta)"), rtol=1e-5
    )
    np.testing.assert_allclose(
        ours.coefficients()["std_error"], numbers("coef(summary(fit))[, 2]"), rtol=1e-5
    )
    np.testing.assert_allclose(ours.fit_.aic, numbers("AIC(fit)")[0], rtol=1e-8)
    assert "Theta" in ours.summary() and ours.family_ == ours.fit_.family


def test_counts_without_overdispersion_have_no_theta():
    table = pd.DataFrame({"x": np.arange(40) / 10.0, "y": np.tile([3, 4], 20)})
    with pytest.warns(ConvergenceWarning, match="family='poisson'"):
        bn.fit_glm("y ~ x", table, family="negative_binomial")


def test_counted_shares_are_evaluated_as_shares_of_trials():
    glm = bn.fit_glm("cbind(dead, alive) ~ a", TABLE)
    share = TABLE["dead"] / TABLE["n"]
    expected = np.sqrt(np.average((share - glm.predict(TABLE)) ** 2, weights=TABLE["n"]))
    found = bn.evaluate_model(glm, TABLE).table.set_index("measure")["estimate"]
    assert found["rmse"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "formula, words",
    [
        ("cbind(dead, alive, n) ~ a", "It binds 3"),
        ("cbind(a, alive) ~ b", "smallest"),
    ],
)
def test_what_is_no_count_of_successes_is_refused(formula, words):
    with pytest.raises(InputError, match=words):
        bn.fit_glm(formula, TABLE)


def test_penalty_and_event_of_such_families_are_refused():
    with pytest.raises(InputError, match="penalised GLM"):
        bn.fit_glm("time ~ a", TABLE, family="inverse_gaussian", penalty="ridge", strength=0.1)
    with pytest.raises(InputError, match="no event"):
        bn.fit_glm("cbind(dead, alive) ~ a", TABLE, event="dead")


def test_firth_intervals_are_those_of_logistf():
    # logistf 1.26.1 (maxit 1000, tolerances 1e-10) on kyphosis
    low = [-4.67304144, -0.00169630858759, -0.0221241155632, -0.32357235540607]
    high = [0.78004756, 0.0225565441674, 0.8200879729311, -0.069667164523]
    kyphosis = bn.load_dataset("kyphosis")
    glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present", method="firth")
    found = glm.confint()
    np.testing.assert_allclose(found["low"][1:], low[1:], atol=1e-6)
    np.testing.assert_allclose(found["high"][1:], high[1:], atol=1e-6)
    p_values = [0.09709846415134, 0.06601642733411, 0.00187234426806]
    np.testing.assert_allclose(glm.drop1()["p_value"][1:], p_values, rtol=1e-6)


def test_multinomial_profile_loses_what_chi_squared_allows():
    rng = np.random.default_rng(2)
    x = rng.normal(size=90)
    table = pd.DataFrame(
        {"x": x, "y": np.array(["a", "b", "c"])[(x + rng.normal(size=90) > 0) * 1 + (np.arange(90) % 3 == 0)]}
    )
    glm = bn.fit_glm("y ~ x", table)
    bound = glm.confint(level=0.9)["high"][1]
    codes = table["y"].map({"a": 0, "b": 1, "c": 2}).to_numpy()

    def deviance(free):
        eta = np.column_stack([np.zeros(90), free[0] + bound * x, free[1] + free[2] * x])
        return -2 * np.sum(eta[np.arange(90), codes] - np.log(np.exp(eta).sum(axis=1)))

    lost = minimize(deviance, [0.0, 0.0, 0.0], method="BFGS", options={"gtol": 1e-8}).fun - glm.fit_.deviance
    assert lost == pytest.approx(1.6448536269514722**2, abs=1e-4)
