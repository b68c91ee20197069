"""Bundles that bineural 0.1.0 wrote, before files were checked and hashed, load and predict the same."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

import bineural as bn
from bineural.nets.fitted import plan_of
from bineural.saving.models import FORMAT, describe_bundle
from kinds import ask, make_rows
from long_cases import long_but

REFERENCE = Path(__file__).parents[1] / "reference"
sys.path.insert(0, str(REFERENCE))
import bundles  # noqa: E402

FOLDER = REFERENCE / "bundles"
NAMES = sorted(path.stem for path in FOLDER.glob("*.bineural"))
PREDICTIONS = json.loads((FOLDER / "predictions.json").read_text())
COLUMNS = json.loads((FOLDER / "rows.json").read_text())
# of every kind of model, as R wrote them in November 2026 (tests/kinds.R): format 1 with a checksum
KINDS = FOLDER.with_name("bundles_of_kinds")
SAID = json.loads((KINDS / "predictions.json").read_text())
ROWS = make_rows()


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
    # other processors round sums of float32 (nets) and float64 (GLM) otherwise; bfloat16, which some of them
    # multiply in and others have to convert, has 8 bits: each of two layers may differ in the last of them
    close = {"rtol": 1e-10} if name.startswith("glm") else {"rtol": 2e-4, "atol": 1e-6}
    close = {"rtol": 2 * 2**-8} if name == "net_mixed" else close
    np.testing.assert_allclose(predict(rows_for(name)), kept, **close)
    assert str(model.summary()) and repr(model)


@pytest.mark.parametrize(
    "name", long_but(["glm_binomial", "net_mlp", "net_ensemble"], "glm_binomial", "net_mlp")
)
def test_an_old_bundle_saved_again_is_the_same_and_is_refitted(name, tmp_path):
    model = bn.load_model(FOLDER / f"{name}.bineural")
    again = bn.load_model(bn.save_model(model, tmp_path / "again.bineural"))
    rows = rows_for(name)
    np.testing.assert_array_equal(again.predict_proba(rows), model.predict_proba(rows))
    fresh = clone(again).fit(rows, rows["ill"])
    assert fresh.predict_proba(rows).shape == (len(rows), 2)


@pytest.mark.parametrize("architecture", long_but(["skip", "mlp"], "skip"))
def test_biases_of_older_nets_move_into_the_means_of_their_normalisation(architecture):
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(60, 3))
    y = rng.random(60) < 0.5
    options = {"architecture": architecture, "batch_normalization": True, "units": [5, 4], "ensemble": 2}
    net = bn.NetClassifier(**options, epochs=2, seed=1).fit(rows, y)
    wanted, names = net.predict_proba(rows), [v.path for v in plan_of(net.fitted_).model.weights]
    for member in net.fitted_.members:
        member.weights = with_biases(dict(zip(names, member.weights)), rng)
    assert len(net.weights_) == len(names) + 2
    net.check_state()
    np.testing.assert_allclose(net.predict_proba(rows), wanted, atol=1e-6)


def with_biases(weights, rng):
    """Return weights as version 0.1.0 kept them: a bias after each hidden kernel, and in the mean behind."""
    old = dict(weights)
    for name in weights:
        layer = name.removesuffix("/kernel")
        if layer in ("hidden_0", "hidden_1"):
            old[f"{layer}/bias"] = rng.normal(size=weights[name].shape[1]).astype(np.float32)
            old[f"{layer.replace('hidden', 'normalise')}/moving_mean"] += old[f"{layer}/bias"]
    order = [n for name in weights for n in (name, name.replace("kernel", "bias")) if n in old]
    return [old[name] for name in dict.fromkeys(order)]


@pytest.mark.parametrize("name", sorted(SAID["answers"]))
def test_a_bundle_of_every_kind_predicts_what_it_did(name):
    model = bn.load_model(KINDS / f"{name}.bineural")
    answer, kept = ask(model, ROWS[SAID["rows"][name]]), SAID["answers"][name]
    assert len(answer) == len(kept)
    for mine, theirs in zip(answer, kept):
        np.testing.assert_allclose(np.ravel(mine), np.array(theirs, float), rtol=2e-4, atol=1e-5)


def test_there_is_a_bundle_of_each_format():
    """A new format needs a folder of its own here, before the first release that writes it."""
    formats = {describe_bundle(path)["format"] for path in REFERENCE.rglob("*.bineural")}
    assert formats == set(range(1, FORMAT + 1))
