"""Deviance tables, leverage, influence, intervals of the mean and simulated outcomes: judged by R."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import InputError
from rjudge import assign, numbers, r

RNG = np.random.default_rng(8)
N = 120
TABLE = pd.DataFrame(
    {"a": RNG.normal(size=N), "f": np.array(["u", "v", "w"])[np.arange(N) % 3], "w": 1.0 + np.arange(N) % 2}
)
TABLE["y"] = np.where(RNG.random(N) < 1 / (1 + np.exp(-TABLE["a"])), "ill", "well")
TABLE["z"] = TABLE["a"] + RNG.normal(size=N)
TABLE["count"] = RNG.poisson(np.exp(0.3 * TABLE["a"] + 1))
CASES = [
    (
        "y ~ a * f",
        {"event": "ill"},
        "glm(factor(y, c('well', 'ill')) ~ a * f, binomial, rows, control = exact)",
    ),
    ("count ~ a + f", {"family": "poisson"}, "glm(count ~ a + f, poisson, rows, control = exact)"),
    ("z ~ f * a", {"weights": "w"}, "glm(z ~ f * a, data = rows, weights = w, control = exact)"),
    ("count ~ f + a", {"family": "quasipoisson"}, "glm(count ~ f + a, quasipoisson, rows, control = exact)"),
]


@pytest.fixture(scope="module", params=CASES, ids=[case[0] for case in CASES])
def both(request):
    formula, options, theirs = request.param
    assign("rows", TABLE)
    r(f"exact <- list(epsilon = 1e-14, maxit = 50); fit <- {theirs}")
    return bn.fit_glm(formula, TABLE, converge="full", **options)


def test_leverage_and_cooks_distance_are_rs(both):
    np.testing.assert_allclose(both.hat_values(), numbers("hatvalues(fit)"), rtol=1e-7)
    np.testing.assert_allclose(both.cooks_distance(), numbers("cooks.distance(fit)"), rtol=1e-6)
    assert both.hat_values().sum() == pytest.approx(both.fit_.rank)


@pytest.mark.parametrize("test, theirs", [("chisq", "Chisq"), ("f", "F")])
def test_anova_and_drop1_are_rs(both, test, theirs):
    r(f"table <- suppressWarnings(anova(fit, test = '{theirs}'))")
    found = both.anova(test=test)
    np.testing.assert_allclose(found["deviance"][1:], numbers("table$Deviance[-1]"), rtol=1e-7)
    np.testing.assert_allclose(found["p_value"][1:], numbers("table[-1, ncol(table)]"), rtol=1e-6, atol=1e-12)
    r(f"table <- suppressWarnings(drop1(fit, test = '{theirs}'))")
    found = both.drop1(test=test)
    assert found["term"].tolist() == list(r("rownames(table)"))
    np.testing.assert_allclose(found["deviance"], numbers("table$Deviance"), rtol=1e-8)
    np.testing.assert_allclose(found["p_value"][1:], numbers("table[-1, ncol(table)]"), rtol=1e-6, atol=1e-12)
    if "aic" in found:
        np.testing.assert_allclose(found["aic"], numbers("table$AIC"), rtol=1e-9)


def test_error_of_the_mean_is_rs(both):
    r("p <- predict(fit, rows, type = 'response', se.fit = TRUE)")
    found = both.predict_mean(TABLE)
    np.testing.assert_allclose(found["mean"], numbers("p$fit"), rtol=1e-8)
    np.testing.assert_allclose(found["std_error"], numbers("p$se.fit"), rtol=1e-6)
    assert (found["low"] < found["mean"]).all() and (found["mean"] < found["high"]).all()


@pytest.mark.parametrize("interval", ["confidence", "prediction"])
def test_gaussian_intervals_are_those_of_lm(interval):
    assign("rows", TABLE)
    r(f"p <- predict(lm(z ~ a + f, rows), rows, interval = '{interval}', level = 0.9)")
    found = bn.fit_glm("z ~ a + f", TABLE).predict_mean(TABLE, level=0.9, interval=interval)
    np.testing.assert_allclose(
        found[["mean", "low", "high"]], np.reshape(numbers("p"), (-1, 3), order="F"), rtol=1e-8
    )


def test_nested_models_are_compared_as_in_r():
    assign("rows", TABLE)
    r("table <- anova(glm(count ~ 1, poisson, rows), glm(count ~ a, poisson, rows), test = 'Chisq')")
    small, large = (bn.fit_glm(f"count ~ {x}", TABLE, family="poisson") for x in ("1", "a"))
    found = small.anova(large)
    np.testing.assert_allclose(found["p_value"][1], numbers("table[2, 5]")[0], rtol=1e-7)
    with pytest.raises(InputError, match="same rows"):
        small.anova(bn.fit_glm("count ~ a", TABLE[:50], family="poisson"))
    with pytest.raises(InputError, match="must be of GLMs"):
        small.anova("a")


@pytest.mark.parametrize(
    "formula, options, spread",
    [
        ("count ~ a", {"family": "poisson"}, lambda m, fit: np.sqrt(m)),
        ("z ~ a", {}, lambda m, fit: np.sqrt(fit.dispersion) + 0 * m),
        ("count ~ a", {"family": "negative_binomial(2)"}, lambda m, fit: np.sqrt(m + m * m / 2)),
        ("exp(z) ~ a", {"family": "gamma", "link": "log"}, lambda m, fit: m * np.sqrt(fit.dispersion)),
        (
            "exp(z) ~ 1",
            {"family": "inverse_gaussian", "link": "log"},
            lambda m, fit: np.sqrt(fit.dispersion * m**3),
        ),
    ],
)
def test_simulated_outcomes_have_mean_and_spread_of_the_model(formula, options, spread):
    glm = bn.fit_glm(formula, TABLE, **options)
    drawn, mean = glm.simulate(400, seed=1).to_numpy(), glm.predict(TABLE)
    error = spread(mean, glm.fit_)
    assert abs(np.mean((drawn - mean[:, None]) / error[:, None])) < 4 / np.sqrt(drawn.size)
    assert np.sqrt(np.mean(((drawn - mean[:, None]) / error[:, None]) ** 2)) == pytest.approx(1, abs=0.06)
    assert glm.simulate(2, seed=3).equals(glm.simulate(2, seed=3))


def test_simulated_classes_come_as_often_as_their_probability():
    glm = bn.fit_glm("f ~ a", TABLE)
    drawn = glm.simulate(500, seed=1)
    share = np.stack([(drawn == label).mean(axis=1) for label in glm.classes_], axis=1)
    assert np.abs(share - glm.predict_proba(TABLE)).max() < 0.12
    assert np.abs((share - glm.predict_proba(TABLE)).mean(axis=0)).max() < 0.01


def test_a_model_without_rows_or_likelihood_says_so(tmp_path):
    glm = bn.fit_glm("count ~ a", TABLE, family="quasipoisson")
    with pytest.raises(InputError, match="likelihood"):
        glm.simulate()
    loaded = bn.load_model(bn.save_model(glm, tmp_path / "glm.bineural"))
    for ask in (loaded.hat_values, loaded.anova, loaded.drop1, loaded.design_matrix):
        with pytest.raises(InputError, match="need the training rows"):
            ask()
    assert loaded.fit_.family == "quasipoisson"


@pytest.mark.long
def test_residuals_of_a_net_are_outcomes_less_predictions():
    net = bn.fit_net("y ~ a", TABLE, event="ill", epochs=2, ensemble=1, seed=1)
    np.testing.assert_allclose(net.residuals(), (TABLE["y"] == "ill") - net.predict_event(TABLE))
