"""Autoencoders: against PCA and probabilistic PCA, their definitions, and what scikit-learn expects."""

import math

import numpy as np
import pytest
from scipy.special import expit
from sklearn.datasets import load_digits, load_wine
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import bineural as bn
from bineural.errors import InputError

DIGITS = load_digits()
IMAGES = DIGITS.images[:300]
WINE = load_wine().data


@pytest.fixture(scope="module")
def linear():
    return bn.fit_autoencoder(
        WINE, 2, units=(), validation=None, epochs=400, patience=None, learning_rate=0.003, seed=1
    )


@pytest.fixture(scope="module")
def variational():
    return bn.fit_autoencoder(IMAGES, 3, variational=True, units=(16,), epochs=8, seed=1)


def standardised(X):
    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)


def test_a_linear_one_has_the_error_of_pca(linear):
    """Baldi and Hornik (1989): the best linear autoencoder spans PCA's plane."""
    Z = standardised(WINE)
    pca = PCA(2).fit(Z)
    best = np.mean((Z - pca.inverse_transform(pca.transform(Z))) ** 2)
    assert best <= np.mean(linear.reconstruction_errors(WINE)) <= best * 1.01
    assert linear.errors_["pca"] == pytest.approx(best, rel=1e-6)


def test_its_codes_span_the_plane_of_pca(linear):
    codes = linear.transform(WINE)
    components = PCA(2).fit_transform(standardised(WINE))
    design = np.column_stack([np.ones(len(codes)), codes])
    fitted = design @ np.linalg.lstsq(design, components, rcond=None)[0]
    assert 1 - np.sum((components - fitted) ** 2) / np.sum(components**2) > 0.99


@pytest.mark.long
@pytest.mark.parametrize("n_codes, exact", [(1, -3.748468584682504), (2, 0.005701768338872386)])
def test_a_linear_variational_one_reaches_the_likelihood_of_probabilistic_pca(n_codes, exact):
    """Lucas and others (2019): nats a row of digits over 16, all 1,797 rows."""
    X = DIGITS.data / 16
    assert PCA(n_codes).fit(X).score(X) == pytest.approx(exact, rel=1e-9)
    options = {"units": (), "scaling": False, "validation": None, "epochs": 300, "batch_size": 64}
    coder = bn.fit_autoencoder(X, n_codes, variational=True, learning_rate=0.002, seed=1, **options)
    bound = coder.score_samples(X, draws=50).mean()
    assert exact - 0.1 < bound < exact + 0.01


def test_rows_are_made_again_of_codes_in_their_own_units(linear):
    again = linear.inverse_transform(linear.transform(WINE))
    np.testing.assert_allclose(again, linear.reconstruct(WINE), rtol=1e-4)
    errors = np.mean(((again - WINE) / WINE.std(axis=0, ddof=1)) ** 2, axis=1)
    np.testing.assert_allclose(linear.reconstruction_errors(WINE), errors, rtol=1e-3)
    np.testing.assert_allclose(linear.score_samples(WINE), -errors, rtol=1e-3)


@pytest.mark.long
def test_images_come_back_as_images():
    coder = bn.fit_autoencoder(
        IMAGES, 4, architecture="convolutional", width=0.25, epochs=2, noise=0.1, seed=1
    )
    assert coder.reconstruct(IMAGES[:3]).shape == (3, 8, 8)
    odd = np.random.default_rng(1).normal(size=(20, 7, 10, 3))
    coder = bn.fit_autoencoder(odd, 2, architecture="convolutional", width=0.25, epochs=1, seed=1)
    assert coder.reconstruct(odd[:3]).shape == (3, 7, 10, 3)


def test_a_table_comes_back_with_its_constant_columns_and_levels():
    frame = bn.load_dataset("kyphosis").assign(same=3.0)
    with pytest.warns(UserWarning, match="constant"):
        coder = bn.fit_autoencoder(frame, 2, units=(4,), epochs=2, seed=1)
    again = coder.reconstruct(frame)
    assert list(again) == ["Kyphosisabsent", "Kyphosispresent", "Age", "Number", "Start", "same"]
    np.testing.assert_allclose(again["same"], 3.0)


def test_the_parts_of_a_variational_loss_add_up_to_it_and_are_what_they_say(variational):
    history = variational.history_
    for name in ("", "validation_"):
        parts = np.add(history[f"{name}reconstruction"], history[f"{name}kl"])
        np.testing.assert_allclose(history[f"{name}loss"], parts, rtol=1e-5)


def test_the_bound_is_the_definition_written_slowly(variational):
    """Kingma and Welling (2014), with codes drawn by the same generator."""
    X, n_codes = IMAGES[:5], 3
    model = variational.keras_model_
    learnt = variational.fitted_.input
    values = learnt.apply(X[..., None]).inputs
    outputs = np.asarray(model(values), float)
    values = np.asarray(values, float).reshape(5, -1)
    mean, log_variance, noise = outputs[:, 64:67], outputs[:, 67:70], outputs[:, 70]
    rng, draws, bound = np.random.default_rng(7), 4, np.zeros(5)
    for _ in range(draws):
        z = mean + np.exp(log_variance / 2) * rng.standard_normal((5, n_codes))
        decoded = variational.inverse_transform(z).reshape(5, -1)
        decoded = (decoded - learnt.centers) / learnt.scales
        for i in range(5):
            for a, b in zip(values[i], decoded[i]):
                bound[i] += (
                    -0.5 * (math.log(2 * math.pi) + noise[i] + (a - b) ** 2 / math.exp(noise[i])) / draws
                )
    for i in range(5):
        for m, v in zip(mean[i], log_variance[i]):
            bound[i] -= 0.5 * (m * m + math.exp(v) - v - 1)
    np.testing.assert_allclose(variational.score_samples(X, draws=draws, seed=7), bound, rtol=1e-4)


def test_rows_are_generated_from_normal_codes(variational):
    made = bn.generate(variational, 4, seed=3)
    codes = np.random.default_rng(3).standard_normal((4, 3))
    np.testing.assert_array_equal(made, variational.inverse_transform(codes))
    assert not np.array_equal(made, bn.generate(variational, 4, seed=4))


def test_what_generates_nothing_is_refused(linear):
    with pytest.raises(InputError, match="variational"):
        bn.generate(linear, 3)


@pytest.mark.long
def test_bernoulli_rows_are_shares():
    X = (IMAGES * 15.9).astype(np.uint8)
    coder = bn.fit_autoencoder(X, 2, likelihood="bernoulli", units=(8,), epochs=2, seed=1)
    same = bn.fit_autoencoder(X / np.float32(255), 2, likelihood="bernoulli", units=(8,), epochs=2, seed=1)
    np.testing.assert_allclose(coder.transform(X), same.transform(X / np.float32(255)), atol=1e-6)
    logits = np.asarray(coder.keras_model_(X.reshape(300, -1) / np.float32(255)), float)[:, :64]
    shares, p = X.reshape(300, -1) / 255, expit(logits)
    costs = -(shares * np.log(p) + (1 - shares) * np.log(1 - p)).sum(axis=1)
    np.testing.assert_allclose(coder.score_samples(X), -costs, rtol=1e-4)
    assert coder.reconstruct(X).min() >= 0 and coder.reconstruct(X).max() <= 1
    with pytest.raises(InputError, match="0 to 1"):
        bn.fit_autoencoder(IMAGES, 2, likelihood="bernoulli")


@pytest.mark.parametrize("name", ["linear", "variational"])
def test_saved_and_loaded_it_is_the_same(name, request, tmp_path):
    coder = request.getfixturevalue(name)
    X = WINE if name == "linear" else IMAGES
    bn.save_model(coder, tmp_path / "coder.bundle")
    loaded = bn.load_model(tmp_path / "coder.bundle")
    np.testing.assert_array_equal(loaded.transform(X), coder.transform(X))
    np.testing.assert_array_equal(
        loaded.baseline_.transform(WINE) if name == "linear" else 0,
        coder.baseline_.transform(WINE) if name == "linear" else 0,
    )
    assert loaded.errors_ == coder.errors_ and str(loaded.summary()) == str(coder.summary())


def test_it_is_a_step_of_a_pipeline():
    y = load_wine().target
    pipe = make_pipeline(bn.Autoencoder(n_codes=3, units=(8,), epochs=20, seed=1), LogisticRegression())
    assert pipe.fit(WINE, y).score(WINE, y) > 0.8
    names = pipe[0].get_feature_names_out()
    assert list(names) == ["code_1", "code_2", "code_3"]


def test_autoencoders_are_compared_beside_pca():
    coders = {"net": bn.Autoencoder(n_codes=2, units=(8,), epochs=5)}
    comparison = bn.compare_models(coders, WINE, folds=3, repeats=1, seed=1)
    assert comparison.table["model"].tolist() == ["pca", "net", "null"]
    Z, errors = standardised(WINE), []
    for fold in comparison.basis.sets:
        pca = PCA(2).fit(Z[fold.train])
        test = Z[fold.test]
        errors.append(np.mean((test - pca.inverse_transform(pca.transform(test))) ** 2))
    shown = comparison.scores.query("model == 'pca'")
    np.testing.assert_allclose(shown["mse"], errors, rtol=1e-4)


def test_nets_of_an_outcome_are_no_autoencoders():
    with pytest.raises(InputError, match="learns an outcome"):
        bn.fit_autoencoder(WINE, 2, architecture="mlp")
    with pytest.raises(InputError, match="learns the rows"):
        bn.fit_net(WINE, load_wine().target, architecture="dense_autoencoder", classes=[0, 1, 2])
    with pytest.raises(InputError, match="same number of codes"):
        bn.compare_models({"a": bn.Autoencoder(n_codes=2), "b": bn.Autoencoder(n_codes=3)}, WINE)
    with pytest.raises(InputError, match="autoencoder"):
        bn.compare_models({"a": bn.Autoencoder(n_codes=2), "b": "glm"}, WINE)


def test_without_rows_nothing_is_fitted_and_folds_train_it():
    coder = bn.fit_autoencoder(n_codes=2, units=(8,), epochs=5)
    assert repr(coder) == "Autoencoder(epochs=5, units=(8,))" and not hasattr(coder, "fitted_")
    with pytest.raises(InputError, match="`data` must come with `x`"):
        bn.fit_autoencoder(data=WINE)
    with pytest.raises(InputError, match="`epochs` must be a whole number"):
        bn.fit_gan(epochs=-1)
    assert bn.fit_gan(n_noise=3).n_noise == 3 and bn.fit_rbm(n_hidden=3).n_hidden == 3


def test_the_errors_stand_in_a_table_and_in_a_row():
    coder = bn.fit_autoencoder(WINE, 2, units=(8,), epochs=2, seed=1)
    assert coder.tidy().to_dict("list") == {"model": ["net", "pca"], "mse": list(coder.errors_.values())}
    row = coder.glance()
    assert (row["n_codes"], row["mse"], row["pca_mse"]) == (2, *coder.errors_.values())
    assert row["n_rows"] == len(WINE)
