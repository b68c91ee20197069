"""The same seed and data give the same splits, coefficients and predictions from R and from Python."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bineural as bn
import rjudge  # noqa: F401  (skips or fails where R is missing)

ROOT = Path(__file__).parents[2]
FORMULA = "Kyphosis ~ Age + Number + Start"


@pytest.fixture(scope="module")
def split():
    kyphosis = bn.load_dataset("kyphosis")
    return bn.split_rows(kyphosis, strata="Kyphosis", prop=0.75, seed=2019)


@pytest.fixture(scope="module")
def net(split):
    return bn.fit_net(FORMULA, split.train, event="present", units=[8, 4], epochs=30, seed=2019)


@pytest.fixture(scope="module")
def from_r(net, tmp_path_factory):
    """Run tests/both_languages.R once, and read what it found."""
    folder = tmp_path_factory.mktemp("r")
    path, net_file, glm_file = folder / "numbers.json", folder / "net.bineural", folder / "glm.bineural"
    bn.save_model(net, net_file)
    libraries = os.pathsep.join([str(ROOT / ".Rlib"), os.environ.get("R_LIBS", "")])
    environment = {**os.environ, "RETICULATE_PYTHON": sys.executable, "R_LIBS": libraries}
    environment.pop("R_HOME", None)  # rpy2 sets it for its own R
    run = subprocess.run(
        [
            shutil.which("Rscript"),
            *map(str, (ROOT / "tests/both_languages.R", ROOT, path, net_file, glm_file)),
        ],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(path.read_text())
    as_they_are = ("test_rows", "fold_test_rows", "held_out_rows", "measures")
    numbers = {name: v if name in as_they_are else list(map(float, v)) for name, v in found.items()}
    return {**numbers, "glm": bn.load_model(glm_file)}


def test_the_same_split(from_r, split):
    assert from_r["test_rows"] == (np.asarray(split.test_ids) + 1).tolist()


def test_the_same_folds(from_r, split):
    folds = bn.make_folds(split.data, folds=5, repeats=2, strata="Kyphosis", seed=7)
    assert from_r["fold_test_rows"] == [(np.asarray(test) + 1).tolist() for _, test in folds]


def test_the_same_glm_to_the_last_bit(from_r, split):
    glm = bn.fit_glm(FORMULA, split.train, event="present")
    assert from_r["glm_coef"] == glm.coef().tolist()
    assert from_r["glm_probability"] == glm.predict_event(split.test).tolist()


def test_the_same_net(from_r, split, net):
    np.testing.assert_allclose(from_r["net_probability"], net.predict_event(split.test), rtol=0, atol=1e-6)
    assert from_r["net_probability"] == from_r["net_probability_again"]


@pytest.mark.long
def test_the_same_many_nets(from_r, split):
    folds = bn.make_folds(split.data, folds=5, repeats=2, strata="Kyphosis", seed=7)
    settings = [{"l2": 0.1}, {"l2": 0.01}]
    nets = bn.fit_nets(FORMULA, split.data, folds, settings, event="present", epochs=8, seed=5)
    assert from_r["held_out_rows"] == (nets.held_out["row"] + 1).tolist()
    held_out = nets.held_out[".pred_present"]
    np.testing.assert_allclose(from_r["held_out_probability"], held_out, rtol=0, atol=1e-6)
    np.testing.assert_allclose(from_r["nets_loss"], nets.table["validation_loss"], rtol=0, atol=1e-6)


def test_the_same_evaluation(from_r, split):
    glm = bn.fit_glm(FORMULA, split.train, event="present")
    evaluation = bn.evaluate_model(glm, split.test)
    assert from_r["measures"] == evaluation.table["measure"].tolist()
    assert from_r["estimates"] == evaluation.table["estimate"].tolist()


def test_a_model_saved_in_one_language_predicts_in_the_other(from_r, split, net):
    assert from_r["loaded_probability"] == net.predict_event(split.test).tolist()
    assert from_r["glm"].predict_event(split.test).tolist() == from_r["glm_probability"]
    assert from_r["glm"].event_ == "present"
