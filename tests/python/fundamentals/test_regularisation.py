"""Ridge and lasso are scikit-learn's, and shrink as they must."""

import numpy as np
import pytest

import bineural as bn

rng = np.random.default_rng(1970)
X = rng.normal(size=(40, 5)) @ rng.normal(size=(5, 5)) + 3
Y = X @ [2.0, -1.0, 0.0, 0.5, 0.0] + rng.normal(size=40)
PENALTIES = [0.01, 1.0, 25.0, 400.0]


def test_ridge_is_scikit_learn_s():
    from sklearn.linear_model import Ridge

    path = bn.fundamentals.shrink_weights(X, Y, PENALTIES).path
    for _, row in path.iterrows():
        judge = Ridge(alpha=row["penalty"]).fit(X, Y)
        np.testing.assert_allclose(row[["w1", "w2", "w3", "w4", "w5"]], judge.coef_, rtol=1e-8)
        assert row["bias"] == pytest.approx(judge.intercept_)
        assert row["rss"] == pytest.approx(((Y - judge.predict(X)) ** 2).sum())


def test_lasso_is_scikit_learn_s():
    from sklearn.linear_model import Lasso

    path = bn.fundamentals.shrink_weights(X, Y, PENALTIES, "l1").path
    for _, row in path.iterrows():
        judge = Lasso(alpha=row["penalty"] / (2 * len(X)), tol=1e-12, max_iter=100_000).fit(X, Y)
        np.testing.assert_allclose(row[["w1", "w2", "w3", "w4", "w5"]], judge.coef_, atol=1e-5)
        assert row["bias"] == pytest.approx(judge.intercept_, abs=1e-4)


@pytest.mark.parametrize("kind", ["l1", "l2"])
def test_no_penalty_is_least_squares_and_more_shrinks_more(kind):
    path = bn.fundamentals.shrink_weights(X, Y, [0, *PENALTIES], kind).path
    known = np.linalg.lstsq(np.column_stack([np.ones(40), X]), Y, rcond=None)[0]
    np.testing.assert_allclose(path.iloc[0, 1:7], known)
    size = (path.filter(regex="^w").abs() ** (1 if kind == "l1" else 2)).sum(axis=1)
    assert (np.diff(size) < 0).all() and (np.diff(path["rss"]) > 0).all()


def test_columns_at_right_angles_are_thresholded_one_by_one():
    x = np.linalg.qr(rng.normal(size=(40, 4)) - rng.normal(size=4))[0]
    x -= x.mean(axis=0)
    x = np.linalg.qr(x)[0]
    free = x.T @ (Y - Y.mean())
    np.testing.assert_allclose(
        bn.fundamentals.shrink_weights(x, Y, [3.0], "l1").path.iloc[0, 2:6],
        bn.fundamentals.soft_threshold(free, 1.5),
        atol=1e-10,
    )
    np.testing.assert_allclose(
        bn.fundamentals.shrink_weights(x, Y, [3.0], "l2").path.iloc[0, 2:6], free / 4, atol=1e-10
    )


def test_the_greatest_default_penalty_leaves_nothing_of_l1_but_something_of_l2():
    last = bn.fundamentals.shrink_weights(X, Y, kind="l1").path.filter(regex="^w").iloc[[-2, -1]].to_numpy()
    assert np.count_nonzero(last[0]) > 0
    np.testing.assert_allclose(last[1], 0, atol=1e-12)
    assert np.all(bn.fundamentals.shrink_weights(X, Y).path.filter(regex="^w").iloc[-1] != 0)


def test_a_linear_neuron_with_l2_is_ridge():
    x = np.column_stack([X - X.mean(axis=0), np.ones(40)])
    target, w = Y - Y.mean(), np.zeros(5)
    for _ in range(20_000):
        w -= 0.001 * (2 * x[:, :5].T @ (x[:, :5] @ w - target) + 2 * 25.0 * w) / 5
    np.testing.assert_allclose(bn.fundamentals.shrink_weights(X, Y, [25.0]).path.iloc[0, 2:7], w, rtol=1e-6)


@pytest.mark.parametrize("kind", ["l1", "l2"])
def test_figures_are_drawn_and_others_refused(tmp_path, kind):
    bn.fundamentals.shrink_weights(X, Y, kind=kind).plot(tmp_path / "path.png")
    with pytest.raises(bn.InputError, match="at least 0"):
        bn.fundamentals.shrink_weights(X, Y, [-1], kind)
    with pytest.raises(bn.InputError, match="`kind` must be one of"):
        bn.fundamentals.shrink_weights(X, Y, kind="ridge")
    with pytest.raises(bn.InputError, match="must be a number of at least 0"):
        bn.fundamentals.soft_threshold(X, -1)
