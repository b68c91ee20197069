"""Descent by basic operations takes the steps of its definition and comes down to least squares."""

import numpy as np
import pytest

import bineural as bn
from rjudge import numbers, r


@pytest.fixture(scope="module")
def boston():
    r("data(BostonHousing, package = 'mlbench')")
    x = numbers("model.matrix(medv ~ . - 1, transform(BostonHousing, chas = as.integer(chas == '1')))")
    return x, numbers("BostonHousing$medv")


def test_descent_reaches_the_least_squares_of_the_boston_houses(boston):
    fit = bn.fundamentals.fit_tensors(*boston, learning_rate=0.15, epochs=3000)
    ended = fit.measures.set_index(["model", "rows"]).loc[("descent", "train")]
    assert ended["mse"] == pytest.approx(21.89483, abs=1e-5)
    assert ended["r_squared"] == pytest.approx(0.7406427, abs=1e-6)
    assert fit.least_squares["train"] == pytest.approx(21.89483 / 50**2, rel=1e-6)  # the dearest is 50
    known = numbers("coef(lm(medv ~ ., transform(BostonHousing, chas = as.integer(chas == '1'))))")
    np.testing.assert_allclose(fit.coefficients["least_squares"], known, rtol=1e-8)
    np.testing.assert_allclose(fit.coefficients["descent"], known, rtol=1e-6)
    assert fit.n_traces == 1


def slowly(x, y, test_x, test_y, rate, epochs):
    """Return losses and weights by the definition, one step after the other."""
    mean, sd, top = x.mean(axis=0), x.std(axis=0), y.max()
    a, b = ([np.append(1, (row - mean) / sd) for row in rows] for rows in (x, test_x))
    w, losses = np.ones(x.shape[1] + 1), []
    for epoch in range(epochs + 1):
        errors = [row @ w - t / top for row, t in zip(a, y)]
        losses.append(
            [np.mean(np.square(errors)), np.mean([(row @ w - t / top) ** 2 for row, t in zip(b, test_y)])]
        )
        if epoch < epochs:
            w = w - rate * 2 * np.mean([e * row for e, row in zip(errors, a)], axis=0)
    return np.array(losses), w


def test_steps_and_losses_are_those_of_the_definition(boston):
    x, y = boston
    parts = x[:400, [5, 12]], y[:400], x[400:, [5, 12]], y[400:]
    fit = bn.fundamentals.fit_tensors(*parts, epochs=20)
    losses, weights = slowly(*parts, 0.005, 20)
    np.testing.assert_allclose(fit.history[["train", "test"]], losses, rtol=1e-10)
    np.testing.assert_allclose(fit.weights, weights, rtol=1e-10)
    assert fit.history["epoch"].tolist() == list(range(21))


def test_nothing_is_learnt_from_test_rows(boston):
    x, y = boston
    fit, other = (
        bn.fundamentals.fit_tensors(x[:400], y[:400], x[400:] * k, y[400:] * k, epochs=5) for k in (1, 7)
    )
    assert np.array_equal(fit.weights, other.weights)
    assert fit.coefficients.equals(other.coefficients)
    assert fit.history["train"].equals(other.history["train"])
    assert not fit.history["test"].equals(other.history["test"])


def test_predictions_are_those_of_the_coefficients_and_the_scale_of_the_target_is_a_choice(boston):
    x, y = boston
    fits = [
        bn.fundamentals.fit_tensors(x, y, target_scale=t, learning_rate=0.15, epochs=3000)
        for t in ("max", "sd")
    ]
    for fit in fits:
        coefficients = fit.coefficients["descent"].to_numpy()
        np.testing.assert_allclose(fit.predict(x[:9]), coefficients[0] + x[:9] @ coefficients[1:], rtol=1e-10)
    np.testing.assert_allclose(fits[0].predict(x), fits[1].predict(x), rtol=1e-5)


def test_columns_of_frames_are_found_by_name():
    houses = bn.load_dataset("sacramento")
    x = houses[["beds", "sqft"]]
    fit = bn.fundamentals.fit_tensors(x, houses["price"], epochs=3)
    assert fit.coefficients["term"].tolist() == ["(Intercept)", "beds", "sqft"]
    assert np.array_equal(fit.predict(houses[["sqft", "price", "beds"]]), fit.predict(x))
    with pytest.raises(bn.InputError, match=r"columns of the training rows.*\n.*lacks 'sqft'"):
        fit.predict(houses[["beds"]])


def test_long_histories_are_thinned_and_end_at_the_last_epoch():
    fit = bn.fundamentals.fit_tensors([[1], [2], [4]], [1, 2, 3], epochs=2501)
    assert fit.history["epoch"].iloc[[0, 1, -1]].tolist() == [0, 3, 2501]
    every = bn.fundamentals.fit_tensors([[1], [2], [4]], [1, 2, 3], epochs=900)
    both = fit.history.merge(every.history, on="epoch")
    assert len(both) == 301 and both["train_x"].equals(both["train_y"])


def test_figures_are_drawn_and_others_refused(tmp_path):
    fit = bn.fundamentals.fit_tensors([[1], [2], [4]], [1, 2, 3], [[3]], [3], epochs=10)
    fit.plot(tmp_path / "losses.png")
    assert (tmp_path / "losses.png").stat().st_size > 1000
    assert "10 epochs" in repr(fit)
    for arguments, message in [
        (([[1], [1]], [1, 2]), r"must vary.*\n.*'x1' is constant"),
        (([[1], [2]], [-1, -2]), "its maximum be above 0"),
        (([[1], [2]], [1, 2, 3]), "`y` must hold 2 values"),
        (([[1], [2]], [1, 2], [[3]]), "must be given together"),
        (([[1], [2]], [1, 2], [[3, 4]], [3]), "`test_x` must have 1 columns"),
        (([["a"], ["b"]], [1, 2]), "`x` must hold numbers"),
    ]:
        with pytest.raises(bn.InputError, match=message):
            bn.fundamentals.fit_tensors(*arguments)
    with pytest.raises(bn.InputError, match="must not run away"):
        bn.fundamentals.fit_tensors([[1], [2], [4]], [1, 2, 3], learning_rate=5)
