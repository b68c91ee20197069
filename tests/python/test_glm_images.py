"""GLMs of images: their pixels under a ridge, or what a function makes of them; beside nets."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits

import bineural as bn
from bineural.errors import InputError, SavingError
from bineural.inputs.images import ImageInput, pool_squares
from bineural.irls import fit_chosen_ridge

BUNCH = load_digits(n_class=3)
IMAGES, DIGITS = BUNCH.images[:150, 1:7, 1:7, None].astype(np.uint8), BUNCH.target[:150].astype(str)
EVENT = np.where(DIGITS == "1", "one", "other")


def ink(x):
    """Return the mean of the upper and of the lower half of each image."""
    x = np.asarray(x, float)
    return pd.DataFrame({"top": x[:, :3].mean(axis=(1, 2, 3)), "bottom": x[:, 3:].mean(axis=(1, 2, 3))})


def test_the_columns_are_the_pixels_and_the_strength_is_chosen_in_the_training_rows():
    glm = bn.fit_glm(IMAGES[:90], DIGITS[:90])
    codes = np.searchsorted(["0", "1", "2"], DIGITS[:90])
    by_hand = fit_chosen_ridge(IMAGES[:90].reshape(90, -1).astype(float), codes, "multinomial")
    np.testing.assert_allclose(glm.fit_.coef, by_hand.coef)
    assert glm.penalty_ == "ridge" and glm.strength_ == by_hand.strength and glm.failure_ is None
    assert glm.names_[:3] == ["(Intercept)", "pixel_0_0_0", "pixel_0_1_0"]
    assert (glm.predict(IMAGES[90:]) == DIGITS[90:]).mean() > 0.9
    auto = bn.fit_glm(IMAGES[:90], DIGITS[:90], penalty="auto")  # as a comparison asks; it warns of nothing
    np.testing.assert_array_equal(auto.fit_.coef, glm.fit_.coef)


def test_larger_images_are_means_of_squares_and_other_penalties_are_as_asked():
    large = np.kron(IMAGES[..., 0], np.ones((7, 7)))[:, ::7].repeat(7, axis=1)[..., None]
    large = large.reshape(150, 42, 42, 1)
    glm = bn.fit_glm(large[:60], EVENT[:60], event="one", penalty="ridge", strength=0.1)
    assert glm.strength_ == 0.1 and len(glm.names_) == 1 + 14 * 14
    flat = bn.fit_glm(
        pool_squares(large[:60]).reshape(60, -1), EVENT[:60], event="one", penalty="ridge", strength=0.1
    )
    np.testing.assert_allclose(
        glm.predict_event(large), flat.predict_event(pool_squares(large).reshape(150, -1))
    )


def test_grey_arrays_of_three_axes_and_numbers_as_outcome_do_too():
    y = IMAGES[:, 2:4, 2:4].mean(axis=(1, 2, 3))
    glm = bn.fit_glm(IMAGES[:100, ..., 0], y[:100])
    assert np.corrcoef(glm.predict(IMAGES[100:, ..., 0]), y[100:])[0, 1] > 0.99
    assert glm.names_[1] == "x_0_0"


def test_it_is_saved_with_what_it_learnt_of_images(tmp_path):
    glm = bn.fit_glm(IMAGES, EVENT, event="one")
    again = bn.load_model(bn.save_model(glm, tmp_path / "glm"))
    np.testing.assert_array_equal(again.predict_proba(IMAGES), glm.predict_proba(IMAGES))
    assert isinstance(again.input_, ImageInput)
    with pytest.raises(InputError, match="size of training, 6 x 6"):
        again.predict(IMAGES[:, :5])


def test_a_function_makes_the_columns(tmp_path):
    glm = bn.fit_glm(IMAGES, EVENT, event="one", features=ink)
    by_hand = bn.fit_glm(ink(IMAGES), EVENT, event="one")
    assert glm.names_ == ["(Intercept)", "top", "bottom"]
    np.testing.assert_array_equal(glm.fit_.coef, by_hand.fit_.coef)
    np.testing.assert_array_equal(glm.predict_event(IMAGES[:9]), by_hand.predict_event(ink(IMAGES[:9])))
    assert bn.evaluate_model(glm, IMAGES, EVENT).n_known == 150
    frame = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20) % 3})
    squares = bn.fit_glm(frame, frame["a"] ** 2, features=lambda x: pd.DataFrame({"square": x["a"] ** 2}))
    np.testing.assert_allclose(squares.predict(frame), frame["a"] ** 2, atol=1e-9)
    with pytest.raises(SavingError, match="features"):
        bn.save_model(glm, tmp_path / "glm")


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        (lambda x: x.mean(axis=(1, 2, 3)), r"(?s)must return a data frame.*shape \(150,\)"),
        (lambda x: ink(x)[:5], "(?s)a row for each row of x.*5 for 150"),
        ("pixels", "`features` must be 'auto', or a function"),
        (3, "`features` must be 'auto', or a function"),
    ],
)
def test_features_that_will_not_do_are_refused(features, sentence):
    with pytest.raises(InputError, match=sentence):
        bn.fit_glm(IMAGES, EVENT, event="one", features=features)


def test_a_formula_and_features_do_not_go_together():
    frame = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20.0) % 7})
    with pytest.raises(InputError, match="can't be used with a formula"):
        bn.fit_glm("y ~ x", frame, features=ink)


def test_glm_and_nets_of_images_are_compared_on_the_same_folds():
    def mean_ink(train, test):
        return np.full(len(test), (train[1] == "one").mean())

    models = {
        "pixels": "glm",
        "ink": bn.fit_glm(IMAGES, EVENT, event="one", features=ink),
        "mlp": bn.make_net(architecture="mlp", units=[4], epochs=15, ensemble=1, event="one"),
        "share": mean_ink,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        comparison = bn.compare_models(models, IMAGES, EVENT, folds=5, repeats=1, seed=1)
    auroc = comparison.table.set_index("model")["auroc"]
    assert auroc["pixels"] > auroc["ink"] > auroc["share"] == 0.5 and auroc["mlp"] > 0.9
    assert comparison.reference == "pixels" and len(comparison.verdicts) >= 3
