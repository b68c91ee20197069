"""Every kind of model of the zoo, fitted and saved in R, is used in Python; saved there, used in R again."""

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
from bineural.bundles.registry import MODELS
from bineural.zoo.architecture import registered_architectures
from kinds import ask, make_rows

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]


def run_r(folder, mode):
    """Run tests/kinds.R and return what it wrote."""
    libraries = os.pathsep.join([str(ROOT / ".Rlib"), os.environ.get("R_LIBS", "")])
    environment = {**os.environ, "RETICULATE_PYTHON": sys.executable, "R_LIBS": libraries}
    environment.pop("R_HOME", None)  # rpy2 sets it for its own R
    command = [shutil.which("Rscript"), "--vanilla", *map(str, (ROOT / "tests/kinds.R", ROOT, folder, mode))]
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads((folder / f"{mode}.json").read_text())


@pytest.fixture(scope="module")
def travelled(tmp_path_factory):
    """Fit and save in R; load, ask and save in Python; load and ask in R."""
    folder = tmp_path_factory.mktemp("kinds")
    first, rows, answers, kinds = run_r(folder, "fit"), make_rows(), {}, {}
    for name, about in first["rows"].items():
        model = bn.load_model(folder / f"{name}.bineural")
        kinds[name] = model
        answers[name] = ask(model, rows[about])
        bn.save_model(model, folder / f"{name}.bineural.again")
    return first["answers"], answers, run_r(folder, "load")["answers"], kinds


def test_python_says_what_r_said_and_r_again(travelled):
    first, python, last, _ = travelled
    for name, columns in first.items():
        assert last[name] == columns, name
        assert len(python[name]) == len(columns), name
        for mine, theirs in zip(python[name], columns):
            np.testing.assert_allclose(
                np.ravel(mine), np.array(theirs, float), rtol=1e-6, atol=1e-6, err_msg=name
            )


def test_there_is_one_of_every_kind(travelled):
    *_, kinds = travelled
    architectures = {
        getattr(model.fitted_.architecture, "name", None) or model.architecture
        for model in kinds.values()
        if hasattr(model, "fitted_")
    }
    missing = {record.name for record in registered_architectures()} - architectures - set(kinds)
    assert not missing
    assert {type(model).__name__ for model in kinds.values()} == {name.partition(":")[2] for name in MODELS}
