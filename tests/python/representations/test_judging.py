"""Made rows are judged by what can be known of them: copies, classes that lack, rows that are all alike."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import bineural as bn
from bineural.errors import InputError
from bineural.representations.judging import nearest_distances

RNG = np.random.default_rng(4)
KINDS = np.repeat(["a", "b"], 60)
X = np.where(KINDS == "a", -3, 3)[:, None] + RNG.normal(size=(120, 2))
ORDER = RNG.permutation(120)
TRAIN, REAL = ORDER[:80], ORDER[80:]


class Made:
    """A generator that makes known rows."""

    generates_ = True

    def __init__(self, rows):
        self.rows = rows

    def prepared_values(self, X):
        return np.asarray(X, float)

    def draw_values(self, n, rng):
        return self.rows[rng.integers(0, len(self.rows), n)]


def judged(rows):
    return bn.judge_samples(Made(rows), X[REAL], X[TRAIN], KINDS[REAL])


def test_distances_are_those_of_the_nearest_row():
    np.testing.assert_allclose(nearest_distances(X[:7], X[7:]), cdist(X[:7], X[7:]).min(axis=1))


@pytest.mark.long
def test_copies_of_training_rows_are_no_distance_away():
    copies, fresh = (
        judged(X[TRAIN]),
        judged(np.where(RNG.random((500, 1)) < 0.5, -3, 3) + RNG.normal(size=(500, 2))),
    )
    assert copies.nearness == 0 and copies.copied == 1
    assert 0.5 < fresh.nearness < 2 and fresh.copied < 0.25
    assert abs(fresh.told_apart.auroc - 0.5) < 0.25 and fresh.coverage > 0.8


def test_classes_that_lack_are_missed_and_rows_alike_have_no_spread():
    one = judged(RNG.normal(-3, 1, (200, 2)))
    share = one.classes.set_index("label")
    assert share.loc["a", "made"] == 1 and one.coverage == pytest.approx(share.loc["a", "real"])
    assert judged(np.full((5, 2), 3.0)).spread == 0
    assert "coverage" in str(one) and "b: 0.0% of made rows" in str(one)


@pytest.mark.long
def test_real_models_are_judged_on_tables_and_images():
    table = bn.load_dataset("iris")
    vae = bn.fit_autoencoder(table[::2], 2, variational=True, units=(4,), epochs=2, seed=1)
    found = bn.judge_samples(vae, table[1::2], table[::2], table["species"][1::2])
    assert list(found.classes["label"]) == sorted(table["species"].unique())
    images = RNG.uniform(size=(60, 4, 4))
    rbm = bn.fit_rbm(images[:40], 4, epochs=1, seed=1)
    found = bn.judge_samples(rbm, images[40:], images[:40])
    assert found.classes is None and np.isnan(found.coverage) and found.told_apart.n_real == 10


def test_what_can_not_be_is_said():
    coder = bn.fit_autoencoder(X, 1, units=(), epochs=1, seed=1)
    with pytest.raises(InputError, match="must generate rows"):
        bn.judge_samples(coder, X[REAL], X[TRAIN])
    with pytest.raises(InputError, match="each of the 40 real rows"):
        bn.judge_samples(Made(X), X[REAL], X[TRAIN], ["a"])
    with pytest.raises(InputError, match="20 or more"):
        bn.judge_samples(Made(X), X[:5], X[TRAIN])
