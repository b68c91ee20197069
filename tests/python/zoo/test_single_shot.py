"""Nets that find objects: their weights, their cells, and what they can't be."""

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.zoo import as_architecture

QUARTER = (9 * 4 + 16) + (9 * 4 * 8 + 32) + (9 * 8 * 16 + 64)  # three blocks of 4, 8, 16 filters, normalised
# name, input shape, options, outputs -> weights, layer by layer
FINDERS = [
    ("locator", (16, 24, 1), {"width": 0.25}, 4, QUARTER + (2 * 3 * 16 * 32 + 32) + (32 * 4 + 4)),
    ("single_shot", (16, 20, 1), {"width": 0.25}, 2 * 3 * 7, QUARTER + 2 * (9 * 16 * 16 + 64) + 16 * 7 + 7),
    ("single_shot", (8, 8, 2), {"width": 0.125, "cell": 2}, 80, (9 * 4 + 8) + 2 * (9 * 4 + 8) + 2 * 5 + 5),
]


@pytest.mark.parametrize("name, shape, options, n_outputs, n_weights", FINDERS)
def test_builders_keep_their_word(name, shape, options, n_outputs, n_weights):
    model = as_architecture(name).build(shape, n_outputs, **options)
    assert model.output_shape == (None, n_outputs) and not model.compiled
    assert model.count_params() == n_weights


def test_outputs_of_a_cell_come_from_the_pixels_around_it():
    model = as_architecture("single_shot").build((48, 48, 1), 36 * 5, width=0.25, cell=8)
    image = np.random.default_rng(1).normal(size=(1, 48, 48, 1)).astype("float32")
    moved = image.copy()
    moved[0, 44, 3] += 10  # in the cell of row 5 (the last), column 0
    changed = np.abs(np.asarray(model(moved) - model(image))).reshape(6, 6, 5).max(axis=2) > 1e-6
    assert changed[5, 0] and not changed[:2].any() and not changed[:, 4:].any()


def test_cells_must_share_the_outputs():
    with pytest.raises(InputError, match="Found 7 outputs and 4 cells of 8 pixels"):
        as_architecture("single_shot").build((16, 16, 1), 7)
    assert isinstance(as_architecture("locator").build((9, 9, 3), 14), keras.Model)
