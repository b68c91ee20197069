"""Bundles that bineural 0.1.0 wrote, before files were checked and hashed, load and predict the same."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import bineural as bn

REFERENCE = Path(__file__).parents[1] / "reference"
sys.path.insert(0, str(REFERENCE))
import bundles  # noqa: E402

FOLDER = REFERENCE / "bundles"
NAMES = sorted(path.stem for path in FOLDER.glob("*.bineural"))
PREDICTIONS = json.loads((FOLDER / "predictions.json").read_text())
COLUMNS = json.loads((FOLDER / "rows.json").read_text())


def rows_for(name):
    """Return the rows that a bundle was fitted to."""
    if name in ("net_images", "net_sequences"):
        images = bundles.make_images()[0]
        return images if name == "net_images" else images[..., 0]
    table = bundles.as_table(COLUMNS)
    return table[["dose", "age", "cost"]].to_numpy() if name == "glm_array" else table


def test_every_bundle_has_its_predictions():
    assert NAMES and sorted(PREDICTIONS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_old_bundle_predicts_what_it_did(name):
    model = bn.load_model(FOLDER / f"{name}.bineural")
    predict = getattr(model, "predict_proba", model.predict)
    kept = np.array(PREDICTIONS[name], dtype=float)
    # other processors round sums of float32 (nets) and float64 (GLM) otherwise
    close = {"rtol": 1e-10} if name.startswith("glm") else {"rtol": 2e-4, "atol": 1e-6}
    np.testing.assert_allclose(predict(rows_for(name)), kept, **close)
    assert str(model.summary()) and repr(model)
