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
    with pytest.raises(InputError, match="sequences can't be compared"):
        bn.compare_models({"coder": bn.Autoencoder(units=(4,), epochs=1)}, WAVES, folds=2, repeats=1)
