"""Mutated files are refused in words, or the model, split or training in them works: nothing else is raised.

`BINEURAL_FUZZ` is the number of mutations of all kinds of files together, 500 when it is not set (the long
run of CI takes 20,000); `BINEURAL_FUZZ_SEED` begins elsewhere. The k-th mutation of a file has a seed of its
own, and a failure says which it is. What once failed stands in `test_hostile_bundles.py` as a mutation of its
own.
"""

import contextlib
import os
import time
import warnings

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import InputError
from bineural.saving import models as saving
from bineural.splitting.manifests import to_manifest
from long_cases import long_but
from mutations import mutate_archive, mutate_manifest
from test_old_bundles import FOLDER, NAMES, rows_for

TOTAL = int(os.environ.get("BINEURAL_FUZZ", 500))
SEED = int(os.environ.get("BINEURAL_FUZZ_SEED", 1))
SECONDS = 20  # of the processor for one file (the first traces graphs); more, and it is a bomb
GLMS = [name for name in NAMES if name.startswith("glm")]
NETS = [name for name in NAMES if name.startswith("net")]


def share(part, n_files):
    """Return how many mutations each of some files gets, of this part of all."""
    return max(2, round(TOTAL * part / n_files))


def use_model(model, rows):
    """Ask a model everything that it can be asked about good rows."""
    asked = [repr, str, lambda m: m.summary(), lambda m: m.glance(), lambda m: m.predict(rows)]
    asked += [lambda m: m.predict(rows[:1]), lambda m: m.get_params()]
    for name in ("predict_proba", "predict_link", "predict_spread", "predict_event", "decision_function"):
        if hasattr(model, name):
            asked.append(lambda m, name=name: getattr(m, name)(rows))
    if hasattr(model, "coef"):
        asked += [lambda m: m.coef(), lambda m: m.coefficients(), lambda m: m.confint(method="wald")]
        asked += [lambda m: m.vcov(), lambda m: (m.coef_, m.intercept_)]
        asked += [
            lambda m: m.predict_link(rows, std_error=True),
            lambda m: m.confint(),
            lambda m: m.residuals(),
        ]
    asked += [saving.model_to_bytes]
    for ask in asked:
        with contextlib.suppress(InputError):
            ask(model)


def try_bundle(content, rows, path):
    """Load a bundle and use it; return whether it loaded."""
    path.write_bytes(content)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.suppress(InputError):
            saving.describe_bundle(path)
        try:
            model = bn.load_model(path)
        except InputError:
            return False
        use_model(model, rows)
    return True


def fuzz(n, mutate, attempt, name):
    """Make `n` mutations and try each; return how many were taken."""
    taken = 0
    for k in range(n):
        random = np.random.default_rng([SEED, sum(name.encode()), k])
        content, said = mutate(random)
        begun = time.process_time()
        try:
            taken += bool(attempt(content))
        except Exception as error:
            pytest.fail(f"{name}, mutation {k} ({said}): {type(error).__name__}: {error}")
        seconds = time.process_time() - begun
        assert seconds < SECONDS, f"{name}, mutation {k} ({said}) took {seconds:.0f} seconds"
    return taken


@pytest.mark.parametrize("name", GLMS + NETS)
def test_a_mutated_bundle_is_refused_or_works(name, tmp_path):
    content, rows = (FOLDER / f"{name}.bineural").read_bytes(), rows_for(name)
    if sum(name.encode()) % 2:  # old files have no hash, new ones have
        content = saving.model_to_bytes(saving.model_from_bytes(content))
    n = share(0.6, len(GLMS)) if name in GLMS else share(0.15, len(NETS))
    path = tmp_path / "mutated.bineural"
    fuzz(n, lambda r: mutate_archive(content, r), lambda c: try_bundle(c, rows, path), name)


def make_manifests():
    """Make a split and folds of a table of 40 rows."""
    table = pd.DataFrame({"x": np.arange(40.0), "y": ["a", "b"] * 20, "g": np.arange(40) // 4})
    return table, {
        "split": bn.split_rows(table, strata="y", seed=1),
        "folds": bn.make_folds(table, 4, 2, seed=1),
        "groups": bn.make_folds(table, 4, groups="g", seed=1),
    }


@pytest.mark.parametrize("name", ["split", "folds", "groups"])
def test_a_mutated_manifest_is_refused_or_works(name, tmp_path):
    table, records = make_manifests()
    text, path = to_manifest(records[name]).encode(), tmp_path / "mutated.json"

    def attempt(content):
        path.write_bytes(content)
        for data in (None, table):
            try:
                loaded = bn.load_split(path, data)
            except InputError:
                continue
            repr(loaded), to_manifest(loaded)
            if hasattr(loaded, "folds"):
                len(loaded), loaded.table(), loaded[0], sum(len(a) + len(b) for a, b in loaded)
            if data is not None:
                (loaded[0] if hasattr(loaded, "folds") else loaded).train.sum(numeric_only=True)
        return True

    fuzz(share(0.2, 3), lambda r: mutate_manifest(text, r), attempt, name)


def train(path, ensemble):
    """Fit a net for a moment, from a checkpoint where there is one."""
    x = np.linspace(-1, 1, 24)[:, None]
    options = {"epochs": 4, "seed": 1, "units": (2,), "verbose": 0, "patience": None, "batch_size": 12}
    net = bn.NetRegressor(checkpoint=path, ensemble=ensemble, **options).fit(x, x[:, 0] ** 2)
    return net.predict(x)


@pytest.mark.parametrize("ensemble", long_but([1, 2], 2))
def test_a_mutated_checkpoint_is_refused_or_works(ensemble, tmp_path):
    path, rest = tmp_path / "net.checkpoint", "epochs of the same training"
    whole = train(path, ensemble)
    content = path.read_bytes()

    def attempt(changed):
        path.write_bytes(changed)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                assert train(path, ensemble).shape == whole.shape, rest
            except InputError:
                return False
        return True

    name = f"checkpoint of {ensemble}"
    fuzz(share(0.05, 2), lambda r: mutate_archive(content, r), attempt, name)
