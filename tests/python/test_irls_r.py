"""The IRLS core against R itself, live, on made-up rows with factors, interactions, weights and offsets."""

import numpy as np
import pytest

from bineural.irls import fit_irls, solve
from rjudge import assign, numbers, r

ROWS = """
options(warn = -1)
set.seed(404)
n <- 150
d <- data.frame(a = rnorm(n), b = runif(n, 1, 9), f = factor(sample(letters[1:4], n, TRUE)),
                g = factor(sample(c("u", "v"), n, TRUE)), w = sample(0:3, n, TRUE), v = runif(n, .1, 2))
d$size <- sample(1:40, n, TRUE)
d$o <- d$b / 20
line <- .2 + .5 * d$a - .1 * d$b + .3 * (d$f == "c")
d$event <- rbinom(n, 1, plogis(line))
d$share <- rbinom(n, d$size, plogis(line)) / d$size
d$count <- rpois(n, exp(line + 1))
d$positive <- rgamma(n, 3, 1) * exp(line / 4)
d$real <- line + rnorm(n)
d$twice <- 2 * d$a - d$b
d$never <- factor("x", levels = c("x", "y"))
big <- d[rep(1:n, 200), ]
"""

MODELS = [
    "glm(event ~ a * f + b, binomial, d)",
    "glm(event ~ a + g:f, binomial('probit'), d, weights = w)",
    "glm(event ~ a + b, binomial('cauchit'), d, offset = o)",
    "glm(event ~ f / a, binomial('cloglog'), d, weights = v)",
    "glm(event ~ f - 1, binomial, d, offset = o, weights = w)",
    "glm(share ~ poly(a, 3) + g * f, binomial, d, weights = size)",
    "glm(share ~ a + b, binomial('cauchit'), d, weights = size)",
    "glm(share ~ a + twice + b + f, binomial, d, weights = size)",
    "glm(count ~ a * b + f, poisson, d, offset = log(b))",
    "glm(count ~ a + f, poisson, d, weights = w)",
    "glm(count ~ g, poisson('identity'), d, weights = v)",
    "glm(count ~ f, poisson('sqrt'), d)",
    "glm(positive ~ a + f, Gamma, d, weights = v)",
    "glm(positive ~ a * g, Gamma('log'), d, offset = o)",
    "glm(positive ~ f, Gamma('identity'), d, weights = w)",
    "glm(real ~ a * f + b, gaussian, d, weights = v, offset = o)",
    "glm(real ~ a + twice + b - 1, gaussian, d)",
    "glm(positive ~ a, gaussian('log'), d)",
    "glm(positive ~ f, gaussian('inverse'), d)",
    "glm(real ~ I(b + 1e5) + a, gaussian, d)",
    "glm(event ~ b + I(b^2) + I(b^3) + I(b^4) + I(b^5), binomial, d)",
    "glm(event ~ a + b + f, binomial, big, weights = v)",
    "glm(share ~ a + b + twice + f, binomial, big, weights = size)",
    "glm(event ~ a + I(1e5 * b + 1e-3 * a), binomial, big)",
    "glm(count ~ a * f, poisson, big, offset = o)",
    "glm(positive ~ a + f, Gamma('log'), big)",
]


@pytest.fixture(scope="module", autouse=True)
def made_up_rows():
    """Give R the rows when this module runs: other modules share its session and its names."""
    r(ROWS)


@pytest.mark.parametrize("model", MODELS)
def test_every_number_of_a_summary_is_that_of_r(model):
    r(f"m <- {model}; x <- model.matrix(m); one <- attr(terms(m), 'intercept') == 1")
    intercept = bool(r("one")[0])
    fit = fit_irls(
        numbers("if (one) x[, -1, drop = FALSE] else x"),
        numbers("m$y"),
        intercept=intercept,
        family=str(r("tolower(m$family$family)")[0]),
        link=str(r("m$family$link")[0]),
        weights=numbers("m$prior.weights") if "weights" in model else None,
        offset=numbers("m$offset") if "offset" in model else None,
    )
    table, kept = numbers("coef(summary(m))"), ~fit.aliased
    assert fit.aliased.tolist() == np.isnan(numbers("coef(m)")).tolist()
    np.testing.assert_allclose(fit.coef[kept], table[:, 0], rtol=1e-10)
    np.testing.assert_allclose(fit.std_error[kept], table[:, 1], rtol=1e-10)
    np.testing.assert_allclose(fit.statistic[kept], table[:, 2], rtol=1e-10)
    np.testing.assert_allclose(
        fit.p_value[kept], table[:, 3], rtol=1e-10 * (1 + np.square(table[:, 2]).max()), atol=1e-300
    )
    np.testing.assert_allclose(
        fit.fitted, numbers("fitted(m)"), rtol=1e-10, atol=1e-10 * np.abs(fit.fitted).max()
    )
    covariance = numbers("vcov(m, complete = FALSE)")
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    np.testing.assert_allclose(fit.vcov[np.ix_(kept, kept)] / scale, covariance / scale, rtol=0, atol=1e-10)
    found = [fit.deviance, fit.null_deviance, fit.aic, fit.bic, fit.log_lik, fit.dispersion]
    of_r = numbers("c(deviance(m), m$null.deviance, AIC(m), BIC(m), logLik(m), summary(m)$dispersion)")
    np.testing.assert_allclose(found, of_r, rtol=1e-10)
    counts = [fit.rank, fit.df_residual, fit.df_null, fit.iterations, fit.converged, fit.boundary]
    np.testing.assert_array_equal(
        counts, numbers("c(m$rank, m$df.residual, m$df.null, m$iter, m$converged, m$boundary)")
    )


def test_separated_rows_stop_where_r_stops():
    r("m <- glm(c(0, 0, 0, 1, 1, 1) ~ c(1:6), binomial)")
    fit = fit_irls(np.arange(1.0, 7)[:, None], [0, 0, 0, 1, 1, 1])
    assert (fit.iterations, fit.converged) == (25, True)
    np.testing.assert_allclose(fit.coef, numbers("coef(m)"), rtol=1e-7)
    np.testing.assert_allclose(fit.std_error, numbers("coef(summary(m))[, 2]"), rtol=1e-6)


@pytest.mark.parametrize(
    ("seed", "link", "chance"),
    [
        (18, "identity", ".1 + .8 * x"),
        (38, "identity", ".1 + .8 * x"),
        (26, "log", "pmin(1, exp(-.05 - 1.2 * x))"),
    ],
)
def test_steps_out_of_bounds_are_halved_as_in_r(seed, link, chance):
    r(f"set.seed({seed}); x <- runif(40); y <- rbinom(40, 1, {chance}); m <- glm(y ~ x, binomial('{link}'))")
    fit = fit_irls(numbers("x")[:, None], numbers("y"), link=link)
    assert fit.boundary
    assert [fit.iterations, fit.converged, True] == numbers("c(m$iter, m$converged, m$boundary)").tolist()
    np.testing.assert_allclose(fit.coef, numbers("coef(m)"), rtol=1e-10)


# ---- many columns that earlier ones already say ------------------------------------------------------------


def integer_combinations(rng, n):
    return (rng.integers(-2, 3, (n, 6)) @ rng.integers(-1, 2, (6, 14))).astype(float)


def cells_that_are_empty(rng, n):
    f, g = np.eye(4)[rng.integers(0, 4, n)][:, 1:], np.eye(4)[rng.integers(0, 4, n)][:, 1:]
    f[:, 1] *= g[:, 2] == 0  # the two never meet
    return np.column_stack([f, g, (f[:, :, None] * g[:, None, :]).reshape(n, -1), rng.normal(size=n)])


def nearly_aliased(rng, n):
    x = rng.normal(size=(n, 4))
    away = rng.normal(size=(n, 3)) * [1e-6, 1e-12, 1e-13]
    return np.column_stack([x, x[:, :3] - x[:, [3]] + away, rng.normal(size=n)])


def more_columns_than_rows(rng, n):
    return rng.normal(size=(n, n + 30))


@pytest.mark.parametrize("family", ["binomial", "poisson", "gaussian"])
@pytest.mark.parametrize(
    "make", [integer_combinations, cells_that_are_empty, nearly_aliased, more_columns_than_rows]
)
def test_the_columns_left_out_are_those_that_r_leaves_out(make, family):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(40, 90))
        x = make(rng, n)
        x = x[:, rng.permutation(x.shape[1])]
        y = {"binomial": rng.random(n) < 0.5, "poisson": rng.poisson(3, n), "gaussian": rng.normal(size=n)}
        assign("x", x)
        assign("y", y[family].astype(float))
        r(f"m <- structure(glm.fit(cbind(1, x), y, family = {family}()), class = 'glm')")
        fit = fit_irls(x, y[family], family=family)
        assert fit.aliased.tolist() == np.isnan(numbers("coef(m)")).tolist()
        assert [fit.rank, fit.df_residual] == numbers("c(m$rank, m$df.residual)").tolist()
        assert fit.deviance == pytest.approx(float(numbers("m$deviance")[0]), rel=1e-9, abs=1e-7)
        if fit.df_residual > 0:
            # a column that is 1e-6 from being aliased, or a cell of one class, costs R and us digits
            digits = 1e-11 if make is integer_combinations else 1e-7
            estimate, error = numbers("summary(m)$coefficients[, 1:2]").T
            assert (np.abs(fit.coef[~fit.aliased] - estimate) / error).max() < digits
            np.testing.assert_allclose(fit.std_error[~fit.aliased], error, rtol=digits)


def test_three_hundred_levels_in_two_hundred_rows_are_one_factorisation_a_step(monkeypatch):
    made = []
    exact = solve.triangle_from_rows
    monkeypatch.setattr(solve, "triangle_from_rows", lambda block: made.append(block.shape) or exact(block))
    rng = np.random.default_rng(1)
    x = np.eye(300)[rng.integers(0, 300, 200)]
    fit = fit_irls(x, rng.random(200) < 0.4)
    assert fit.aliased.sum() > 100
    assert len(made) <= 2 * (fit.iterations + 1)
