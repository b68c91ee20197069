"""Generators in a comparison: judged by a two-sample classifier, beside a normal distribution."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

import bineural as bn
from bineural.comparing.entrant_kinds.learnt_rows import Normal
from bineural.comparing.row_likelihoods import KEY, of_generator
from bineural.comparing.row_values import Values
from bineural.errors import InputError
from bineural.measures.sample_measures import forest_scores, told_apart

RNG = np.random.default_rng(0)
X = np.concatenate([RNG.normal(-3, 0.3, (60, 2)), RNG.normal(3, 0.3, (60, 2))])


@pytest.fixture(scope="module")
def comparison():
    models = {
        "gan": bn.GAN(n_noise=2, units=(8,), epochs=2),
        "vae": bn.Autoencoder(n_codes=1, variational=True, units=(8,), epochs=2),
    }
    return bn.compare_models(models, X, folds=3, repeats=1, seed=1)


@pytest.mark.long
def test_training_rows_drawn_anew_are_the_null_model_and_a_normal_distribution_the_baseline(comparison):
    table = comparison.table.set_index("model")
    assert list(table.index) == ["normal", "gan", "vae", "null"]
    assert abs(table.loc["null", "two_sample"] - 0.5) < 0.25 < table.loc["normal", "two_sample"] - 0.5
    assert table["two_sample"].between(0, 1).all()


def test_the_normal_distribution_has_mean_and_covariance_of_the_training_rows(comparison):
    many = np.zeros(20000, int)
    made = Normal("normal")._fit_predict(comparison.basis, np.arange(120), many, 1).prediction
    values = comparison.basis.truth
    np.testing.assert_allclose(made.mean(axis=0), values.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(np.cov(made.T), np.cov(values.T), atol=0.03)


def test_the_area_is_that_of_mann_and_whitney():
    made = np.random.default_rng(2).normal(size=(80, 2))
    y = np.repeat([0, 1], [120, 80])
    share, rows = forest_scores(np.vstack([X, made]), y, 1)
    pairs = mannwhitneyu(share[y[rows] == 1], share[y[rows] == 0]).statistic
    assert told_apart(X, made) == pytest.approx(pairs / (40 * 60))


def test_what_makes_no_rows_up_can_not_be_compared_with_generators():
    models = {"gan": bn.GAN(epochs=1), "codes": bn.Autoencoder(epochs=1)}
    with pytest.raises(InputError, match="variational"):
        bn.compare_models(models, X, folds=3, repeats=1)


@pytest.mark.long
def test_a_machine_is_compared_as_a_generator():
    bits = (RNG.random((80, 4)) < [0.2, 0.8, 0.5, 0.5]).astype(float)
    comparison = bn.compare_models({"rbm": bn.RBM(n_hidden=2, epochs=1)}, bits, folds=2, repeats=1, seed=1)
    assert list(comparison.table["model"]) == ["normal", "rbm", "null"]
    assert comparison.table["two_sample"].between(0, 1).all()


def test_likelihoods_of_held_out_rows_are_told_in_the_same_units(comparison):
    """A bound of scaled values is one of the values; the normal distribution's is SciPy's density."""
    from scipy.stats import multivariate_normal

    told = {entrant.name: entrant.told.get(KEY) for entrant in comparison.entrants}
    values, sets = comparison.basis.truth, comparison.basis.sets
    for k, fold in enumerate(sets):
        train = values[fold.train]
        normal = multivariate_normal(train.mean(axis=0), np.cov(train.T)).logpdf(values[fold.test])
        assert told["normal"][k] == pytest.approx(normal.mean())
    assert told["gan"] is None and len(told["vae"]) == len(sets)
    vae = bn.fit_autoencoder(X[:80] * [1, 100], 1, variational=True, units=(8,), epochs=2, seed=1)
    both = Values(X * [1, 100])
    slopes = X[:80].std(axis=0, ddof=1) / X.std(axis=0, ddof=1)
    found = of_generator(vae, X[80:] * [1, 100], both)[KEY]
    assert found == pytest.approx(
        vae.score_samples(X[80:] * [1, 100]).mean() - np.log(slopes).sum(), rel=1e-4
    )
    assert "Held-out log likelihood, nats a row" in str(comparison) and "(lower bound)" in str(comparison)
