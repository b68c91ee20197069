"""The IRLS core against numbers that R's glm() made (tests/reference/glm.R), and its rules for input."""

import json
from pathlib import Path

import numpy as np
import pytest

from bineural.errors import InputError
from bineural.irls import fit_irls, get_family, predict_link, profile_interval, se_link, wald_interval
from bineural.irls.moments import Reflections
from bineural.irls.rows import Design

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "glm.json").read_text())
CASES = REFERENCE["cases"]


def rows_of(case):
    """Matrix, outcome and options of a stored case."""
    as_vector = lambda values: None if values is None else np.array(values, dtype=float)  # noqa: E731
    x = np.array(case["x"], dtype=float).T
    options = {name: as_vector(case[name]) for name in ("weights", "offset")}
    return x, np.array(case["y"], dtype=float), options | {"intercept": case["intercept"]}


def fit_case(case, **more):
    x, y, options = rows_of(case)
    return fit_irls(x, y, family=case["family"], link=case["link"], **options, **more)


def numbers(values):
    return np.array(values, dtype=float)


@pytest.mark.parametrize("name", CASES)
def test_a_fit_has_the_digits_of_r(name):
    case = CASES[name]
    fit = fit_case(case)
    kept = ~fit.aliased
    assert fit.aliased.tolist() == case["aliased"]
    np.testing.assert_allclose(fit.coef, numbers(case["coef"]), rtol=1e-11)
    np.testing.assert_allclose(fit.std_error[kept], case["std_error"], rtol=1e-11)
    np.testing.assert_allclose(fit.statistic[kept], case["statistic"], rtol=1e-11)
    np.testing.assert_allclose(fit.p_value[kept], case["p_value"], rtol=1e-10)
    np.testing.assert_allclose(fit.fitted, case["fitted"], rtol=1e-11)
    for measure in ("deviance", "null_deviance", "aic", "bic", "log_lik", "dispersion"):
        assert getattr(fit, measure) == pytest.approx(case[measure], rel=1e-11), measure
    for count in ("rank", "df_residual", "df_null", "iterations", "converged"):
        assert getattr(fit, count) == case[count], count


@pytest.mark.parametrize("name", CASES)
def test_predictions_and_their_errors_are_those_of_r(name):
    case = CASES[name]
    fit = fit_case(case)
    x, _, options = rows_of(case)
    link = predict_link(fit.coef, x, options["offset"], intercept=options["intercept"])
    np.testing.assert_allclose(link, fit.linear_predictor, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        se_link(fit.vcov, x, intercept=options["intercept"]), case["se_fit"], rtol=1e-10
    )


@pytest.mark.parametrize("name", CASES)
def test_full_convergence_finds_the_maximum(name):
    case = CASES[name]
    # for other links the steps shrink the error by a factor, so R's last digits are not the maximum's
    canonical = case["link"] == get_family(case["family"]).link.name
    np.testing.assert_allclose(
        fit_case(case, converge="full").coef, numbers(case["coef_full"]), rtol=1e-9 if canonical else 1e-6
    )


@pytest.mark.parametrize("name", [name for name in CASES if "profile" in CASES[name]])
def test_profile_intervals_are_those_of_confint(name):
    case = CASES[name]
    x, y, options = rows_of(case)
    fit = fit_case(case)
    bounds = profile_interval(x, y, fit, **options)
    np.testing.assert_allclose(bounds, numbers(case["profile"]), rtol=1e-9)
    exact = profile_interval(x, y, fit, method="exact", **options)
    np.testing.assert_allclose(
        exact[~fit.aliased], bounds[~fit.aliased], atol=3e-3 * np.nanmax(fit.std_error)
    )
    some = profile_interval(x, y, fit, which=[2], **options)
    np.testing.assert_array_equal(some, bounds[[2]])


def test_exact_profile_bounds_lose_the_deviance_of_the_quantile():
    case = CASES["main"]
    x, y, _ = rows_of(case)
    fit = fit_irls(x, y, converge="full")
    low, high = profile_interval(x, y, fit, level=0.9, which=[3], method="exact")[0]
    for bound in (low, high):
        held = fit_irls(x[:, :2], y, offset=bound * x[:, 2], converge="full")
        assert held.deviance - fit.deviance == pytest.approx(2.705543454095404, rel=1e-7)


def test_the_published_digits_of_the_workshop_model():
    fit = fit_case(CASES["main"])
    assert fit.deviance == pytest.approx(61.379927276453, abs=1e-12)
    assert fit.std_error == pytest.approx(
        [1.4495745261457080, 0.0064462560108458, 0.2248608186071876, 0.0676988628680842], rel=1e-12
    )
    full = fit_case(CASES["main"], converge="full")
    assert full.std_error == pytest.approx(
        [1.44962193947496, 0.00644650144775947, 0.22486984045724587, 0.06770047738960025], rel=1e-8
    )


def test_wald_intervals_are_symmetric_with_normal_quantiles():
    fit = fit_case(CASES["main"])
    bounds = wald_interval(fit, 0.95)
    np.testing.assert_allclose(bounds.mean(axis=1), fit.coef, rtol=1e-12)
    np.testing.assert_allclose(bounds[:, 1] - fit.coef, 1.959963984540054 * fit.std_error, rtol=1e-13)


def test_memory_order_type_and_slicing_do_not_change_a_fit():
    x, y, _ = rows_of(CASES["main"])
    plain = fit_irls(x, y)
    others = [
        np.asfortranarray(x),
        x.astype(np.int32),
        x.astype(np.float32),
        x.tolist(),
        x[::-1][::-1],
        Slices(x),
    ]
    for other in others:
        np.testing.assert_allclose(fit_irls(other, y).coef, plain.coef, rtol=1e-12)


class Slices:
    """Rows that can only be sliced, as from a file."""

    def __init__(self, x):
        self._x, self.shape = x, x.shape

    def __getitem__(self, place):
        assert isinstance(place, slice)
        return self._x[place]


@pytest.fixture(scope="module")
def large():
    rng = np.random.default_rng(19)
    x = rng.normal(size=(30_000, 8))
    return x, (rng.random(30_000) < 1 / (1 + np.exp(-(x @ rng.normal(size=8) * 0.4 - 0.5)))).astype(float)


def test_blocks_threads_and_reading_order_do_not_change_a_large_fit(large, monkeypatch):
    x, y = large
    fit = fit_irls(x, y)
    monkeypatch.setattr("bineural.irls.threads.count_threads", lambda: 1)
    np.testing.assert_array_equal(fit_irls(x, y).coef, fit.coef)
    np.testing.assert_allclose(fit_irls(Slices(x), y).coef, fit.coef, rtol=1e-13)
    np.testing.assert_allclose(fit_irls(np.asfortranarray(x), y).coef, fit.coef, rtol=1e-11)


def test_a_large_fit_solves_the_score_equations(large):
    x, y = large
    fit = fit_irls(x, y, converge="full")
    score = np.column_stack([np.ones(len(y)), x]).T @ (y - fit.fitted)
    assert np.abs(score).max() < 1e-9
    weight = fit.fitted * (1 - fit.fitted)
    full = np.column_stack([np.ones(len(y)), x])
    np.testing.assert_allclose(
        fit.vcov, np.linalg.inv(full.T @ (full * weight[:, None])), rtol=1e-9, atol=1e-15
    )


def test_aliased_columns_are_found_in_large_and_wide_tables(large):
    x, y = large
    fit = fit_irls(np.column_stack([x, x[:, 0] - x[:, 1], x[:, 2] * 1e6]), y)
    assert fit.aliased.tolist() == [False] * 9 + [True, True]
    np.testing.assert_allclose(fit.coef[:9], fit_irls(x, y).coef, rtol=1e-10)
    wide = fit_irls(np.eye(4, 9), [1.0, 2.0, 3.0, 5.0], family="gaussian")
    assert wide.rank == 4 and wide.aliased.sum() == 6
    assert np.isnan(wide.dispersion) and np.isnan(wide.std_error).all()


def test_rows_of_weight_zero_count_nowhere_but_in_bic():
    x, y, _ = rows_of(CASES["main"])
    weights = np.ones(81)
    weights[[4, 30]] = 0
    fit, left_out = fit_irls(x, y, weights=weights), fit_irls(x[weights > 0], y[weights > 0])
    np.testing.assert_allclose(fit.coef, left_out.coef, rtol=1e-12)
    assert (fit.df_residual, fit.df_null) == (left_out.df_residual, left_out.df_null)
    assert fit.bic - left_out.bic == pytest.approx(4 * np.log(81 / 79))


def test_a_model_of_the_offset_alone():
    fit = fit_irls(np.empty((3, 0)), [1, 2, 4], family="poisson", intercept=False, offset=[0, 1, 1])
    assert fit.coef.size == 0 and fit.rank == 0 and fit.df_residual == 3
    np.testing.assert_allclose(fit.fitted, np.exp([0, 1, 1]))
    assert fit.deviance == pytest.approx(fit.null_deviance)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": [[1.0], [np.nan], [2.0], [3.0]]}, r"finite values only.\n.*1, in column\(s\) \[0\]"),
        ({"x": [1.0, 2.0, 3.0, 4.0]}, "two dimensions"),
        ({"x": [["a"], ["b"], ["c"], ["d"]]}, "must hold numbers"),
        ({"y": [0, 1, 2, 1]}, "between 0 and 1"),
        ({"y": [0, 1, np.inf, 1]}, "`y` must hold finite"),
        ({"y": [0, 1, 1]}, "one value for each row"),
        ({"y": [0, 1, -1, 1], "family": "poisson"}, "0 or more"),
        ({"y": [0, 1, 1, 1], "family": "gamma"}, "greater than 0"),
        ({"weights": [0, 0, 0, 0]}, "not all 0"),
        ({"weights": [1, 1, -1, 1]}, "must be 0 or more"),
        ({"offset": [0, 0, 0, np.nan]}, "`offset` must hold finite"),
        ({"family": "normal"}, "name of a family"),
        ({"link": "logistic"}, "name of a link"),
        ({"link": "sqrt"}, "can't take the sqrt link"),
        ({"converge": "never"}, "`converge` must be"),
        ({"x": np.empty((0, 1)), "y": []}, "must have rows"),
    ],
)
def test_bad_input_is_refused_in_words(change, words):
    good = {"x": [[1.0], [4.0], [2.0], [3.0]], "y": [0, 1, 1, 0]}
    with pytest.raises(InputError, match=words):
        fit_irls(**(good | change))


def test_a_large_table_with_a_hole_names_its_column(large):
    x, y = large
    x = x.copy()
    x[20_000, 5] = np.nan
    with pytest.raises(InputError, match=r"1, in column\(s\) \[5\]"):
        fit_irls(x, y)


def test_new_data_must_have_the_columns_of_the_fit():
    with pytest.raises(InputError, match="columns of the fit"):
        predict_link(np.ones(3), np.ones((2, 3)))


def test_a_saturated_model_has_no_standard_errors():
    fit = fit_irls([[1.0], [2.0]], [3.0, 7.0], family="gaussian")
    np.testing.assert_allclose(fit.coef, [-1, 4])
    assert fit.df_residual == 0 and np.isnan(fit.p_value).all()
    assert np.isnan(se_link(fit.vcov, [[1.0], [2.0]])).all()


def test_fits_in_threads_leave_the_matrix_library_as_it_was(large):
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_info

    x, y = large
    before = [library["num_threads"] for library in threadpool_info()]
    with ThreadPoolExecutor(3) as pool:
        fits = list(pool.map(lambda _: fit_irls(x, y).deviance, range(6)))
    assert len(set(fits)) == 1
    assert [library["num_threads"] for library in threadpool_info()] == before


def test_stretches_for_threads_have_as_many_rows_as_columns():
    for n_rows, n_columns in [(400, 1024), (5000, 300), (100_000, 3), (1000, 400)]:
        stretches = Design(np.zeros((n_rows, n_columns))).lanes()
        sizes = [stop - start for start, stop in stretches]
        assert sum(sizes) == n_rows
        assert len(sizes) == 1 or min(sizes[:-1]) > n_columns


@pytest.mark.parametrize(
    "n_rows", [90, 400, 700]
)  # fewer rows than columns, several blocks, several stretches
def test_the_triangle_of_wide_rows_is_that_of_all_of_them_at_once(n_rows):
    rng = np.random.default_rng(4)
    x, root, residual = rng.normal(size=(n_rows, 300)), rng.random(n_rows), rng.normal(size=n_rows)
    moments = Reflections(Design(x))
    for start in range(0, n_rows, 250):
        part = slice(start, start + 250)
        moments.add(x[part], root[part], residual[part])
    triangle = moments.value()
    rows = np.column_stack([root, x * root[:, None], residual])
    assert triangle.shape == (302, 302)
    np.testing.assert_allclose(triangle.T @ triangle, rows.T @ rows, atol=1e-10 * n_rows)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("n_columns", [2, 5, 15, 40])
def test_equal_rows_have_the_same_bits_wherever_they_stand(n_columns, order):
    """Or rounding would break ties, and an AUROC would depend on the order of rows."""
    rng = np.random.default_rng(n_columns)
    row = rng.normal(size=n_columns)
    x = np.asarray(np.tile(row, (83, 1)), order=order)
    coef = rng.normal(size=(3, n_columns + 1))
    several = predict_link(coef, x)
    assert (several == several[:, :1]).all()
    for own, links in zip(coef, several):
        assert (predict_link(own, x) == links).all()
        assert predict_link(own, row[None])[0] == links[0]
        assert links[0] == pytest.approx(own[0] + sum(own[1:] * row), rel=1e-12)
