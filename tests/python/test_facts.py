"""The workshop's published figures, reproduced (facts.md, section 0, checks 1 and 2)."""

import numpy as np
import pytest

import bineural as bn

FORMULA = "Kyphosis ~ Age + Number + Start"
KYPHOSIS = bn.load_dataset("kyphosis")
SPLIT = bn.load_split("sdss2019", KYPHOSIS)


def test_the_frozen_split_has_61_and_20_rows():
    assert len(SPLIT.train) == 61
    assert SPLIT.test["Kyphosis"].value_counts().to_dict() == {"absent": 16, "present": 4}


def test_the_published_auroc_is_46_of_64_pairs():
    glm = bn.fit_glm(FORMULA, SPLIT.train, event="present")
    expected = [-0.48134802535, 0.01140158879, 0.22561595316, -0.29828146429]
    np.testing.assert_allclose(glm.coef(), expected, rtol=1e-9)
    assert glm.fit_.deviance == pytest.approx(41.0128, abs=5e-5)
    evaluation = bn.evaluate_model(glm, SPLIT.test)
    assert evaluation.measures["auroc"] == 46 / 64
    assert (evaluation.n, evaluation.n_events) == (20, 4)


def test_the_auroc_of_the_full_fit_and_leaving_one_out():
    glm = bn.fit_glm(FORMULA, KYPHOSIS, event="present")
    y = (KYPHOSIS["Kyphosis"] == "present").to_numpy(int)
    assert bn.auroc(y, glm.predict_event(KYPHOSIS)) == 0.859375
    left_out = [
        bn.fit_glm(FORMULA, KYPHOSIS.drop(index=i), event="present").predict_event(KYPHOSIS.iloc[[i]])[0]
        for i in range(81)
    ]
    assert bn.auroc(y, left_out) == pytest.approx(0.8161765, abs=1e-7)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_two_unit_softmax_net_on_scaled_columns_is_the_glm(seed):
    import keras

    net = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    settings = {"optimizer": "adam", "learning_rate": 0.01, "batch_size": 32, "epochs": 300}
    fitted = bn.fit_net(
        FORMULA, SPLIT.train, event="present", architecture=net, validation=None, seed=seed, **settings
    )
    assert bn.evaluate_model(fitted, SPLIT.test).measures["auroc"] == 0.71875
