"""Autoencoders of sequences: steps that a sequence does not have cost nothing and teach nothing."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

import bineural as bn
from bineural.errors import InputError

RNG = np.random.default_rng(6)
LENGTHS = RNG.integers(3, 8, 40)
WAVES = [
    np.column_stack([np.sin(np.arange(n) + phase), 2 * np.cos(np.arange(n) + phase)])
    for n, phase in zip(LENGTHS, RNG.uniform(0, 6, 40))
]
LONGEST = max(LENGTHS)


@pytest.fixture(scope="module")
def coder():
    return bn.fit_autoencoder(WAVES, 2, units=(8,), epochs=3, seed=1)


def test_rows_come_back_in_their_lengths_and_units(coder):
    again = coder.reconstruct(WAVES)
    assert [row.shape for row in again] == [row.shape for row in WAVES]
    assert coder.transform(WAVES).shape == (40, 2)
    steps = np.concatenate(WAVES)
    scale = steps.std(axis=0, ddof=1)
    errors = [np.mean(((a - b) / scale) ** 2) for a, b in zip(again, WAVES)]
    np.testing.assert_allclose(coder.reconstruction_errors(WAVES), errors, rtol=1e-4)
    np.testing.assert_allclose(coder.score_samples(WAVES), np.negative(errors), rtol=1e-4)
    assert coder.inverse_transform(coder.transform(WAVES[:3])).shape == (3, LONGEST, 2)


def test_the_loss_is_that_of_the_steps_that_there_are():
    coder = bn.fit_autoencoder(WAVES, 2, units=(8,), epochs=1, learning_rate=1e-12, validation=0.5, seed=1)
    assert coder.history_["validation_loss"][0] == pytest.approx(coder.errors_["net"], rel=1e-4)


def test_a_sequence_is_coded_alike_however_far_it_is_filled_up(coder):
    short = int(np.argmin(LENGTHS))
    alone = coder.transform([WAVES[short]])
    np.testing.assert_allclose(coder.transform(WAVES)[short], alone[0], atol=1e-5)


def test_pca_stands_beside_with_means_where_there_is_no_step(coder):
    steps = np.concatenate(WAVES)
    scaled = [(w - steps.mean(axis=0)) / steps.std(axis=0, ddof=1) for w in WAVES]
    whole = np.array([np.pad(row, [(0, LONGEST - len(row)), (0, 0)]).ravel() for row in scaled])
    fitted = bn.fit_autoencoder(WAVES, 2, units=(8,), epochs=1, validation=None, seed=1)
    pca = PCA(2).fit(whole)
    gap = (whole - pca.inverse_transform(pca.transform(whole))) ** 2
    errors = [row[: 2 * n].mean() for row, n in zip(gap, LENGTHS)]
    assert fitted.errors_["pca"] == pytest.approx(np.mean(errors), rel=1e-4)


@pytest.mark.long
def test_arrays_of_one_length_are_sequences_where_that_is_asked_for(tmp_path):
    x = np.stack([w[:3] for w in WAVES])
    options = {"architecture": "recurrent", "variational": True, "units": (4,), "epochs": 2, "seed": 1}
    vae = bn.fit_autoencoder(x, 2, **options)
    assert vae.reconstruct(x).shape == x.shape and bn.generate(vae, 5, seed=1).shape == (5, 3, 2)
    assert np.isfinite(vae.score_samples(x)).all()
    again = bn.load_model(bn.save_model(vae, tmp_path / "vae"))
    np.testing.assert_array_equal(again.transform(x), vae.transform(x))


def test_a_saved_net_of_lists_gives_the_same_codes(coder, tmp_path):
    again = bn.load_model(bn.save_model(coder, tmp_path / "coder"))
    np.testing.assert_array_equal(again.transform(WAVES), coder.transform(WAVES))
    figure = bn.plot_codes(again, WAVES, most=3)
    assert sum(axes.has_data() for axes in figure.axes) == 3


def test_what_can_not_be_is_said(coder):
    with pytest.raises(InputError, match="numbers"):
        bn.fit_autoencoder(["good tea", "bad tea"] * 10, 2, epochs=1)
    with pytest.raises(InputError, match="2 features"):
        coder.transform([np.zeros((3, 3))])
    short = bn.Autoencoder(units=(4,), epochs=1, max_length=3)
    with pytest.raises(InputError, match="the same sequences"):
        bn.compare_models({"coder": bn.Autoencoder(), "short": short}, WAVES, folds=2, repeats=1)
    with pytest.raises(InputError, match="Generators of sequences"):
        bn.compare_models({"coder": bn.Autoencoder(), "gan": bn.GAN()}, WAVES, folds=2, repeats=1)


PARTS = (np.arange(10, 31), np.arange(10)), (np.arange(20), np.arange(20, 31))


@pytest.fixture(scope="module")
def comparison():
    """One whose folds differ in their longest training sequence: only the sixth has all the steps."""
    waves = [wave[: LONGEST - 1] for wave in WAVES[:31]]
    waves[5] = max(WAVES, key=len)
    net = bn.Autoencoder(n_codes=2, units=(4,), epochs=2)
    return waves, bn.compare_models({"net": net}, waves, folds=list(PARTS), seed=1)


@pytest.mark.long
def test_the_null_model_is_the_mean_step_and_pca_has_means_where_there_is_no_step(comparison):
    waves, compared = comparison
    steps, gaps = np.concatenate(waves), np.full((31, LONGEST, 2), np.nan)
    for row, wave in zip(gaps, waves):
        row[: len(wave)] = (wave - steps.mean(axis=0)) / steps.std(axis=0, ddof=1)
    errors = {"null": [], "pca": []}
    for train, test in PARTS:
        means = np.nansum(gaps[train], axis=0) / np.maximum(np.isfinite(gaps[train]).sum(axis=0), 1)
        whole = np.nan_to_num(gaps).reshape(31, -1)
        fitted = PCA(2).fit(whole[train])
        again = fitted.inverse_transform(fitted.transform(whole[test])).reshape(gaps[test].shape)
        for name, made in (("null", means), ("pca", again)):
            errors[name].append(np.mean(np.nanmean((gaps[test] - made) ** 2, axis=(1, 2))))
    scores = compared.scores.set_index("model")["mse"]
    for name, each in errors.items():
        np.testing.assert_allclose(scores[name], each, rtol=1e-4)


@pytest.mark.long
def test_a_net_is_measured_in_the_units_of_all_sequences_by_the_steps_that_there_are(comparison):
    waves, compared = comparison
    seed, (train, _) = compared.basis.seed_of("net", 1, 0), PARTS[1]
    net = bn.fit_autoencoder(
        [waves[k] for k in train], 2, max_length=LONGEST, units=(4,), epochs=2, seed=seed
    )
    scale = np.concatenate(waves).std(axis=0, ddof=1)
    errors = [np.mean(((a - b) / scale) ** 2) for a, b in zip(net.reconstruct(waves[20:]), waves[20:])]
    found = compared.scores.query("model == 'net'")["mse"].to_numpy()[1]
    assert found == pytest.approx(np.mean(errors), rel=1e-4)
    truth = compared.predictions.filter(like="truth_")
    assert truth.shape[1] == 2 * LONGEST and truth.abs().max().max() < 10
    assert truth.notna().sum().sum() == 3 * 2 * sum(map(len, waves[:10] + waves[20:]))
