"""A file from a stranger runs nothing, makes nothing large, and is refused in three sentences.

Each attack is a file of `attacks.py`; a child process of bound memory loads all of a group
(`hostile_child.py`), and no file of the marker's name may appear.
"""

import functools
import io
import json
import pickle
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import attacks
import bineural as bn
from bineural.bundles import registry
from bineural.bundles.objects import has_schema
from bineural.errors import InputError, SavingError
from bineural.saving import models as saving
from bineural.splitting.manifests import to_manifest
from mutations import pack, unpack
from test_fuzz_files import try_bundle
from test_old_bundles import FOLDER, NAMES, rows_for

CHILD = Path(__file__).with_name("hostile_child.py")
MOST = 600  # MiB that work on one file may take


class Touch:
    """What a pickle does when it is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        """Make the marker."""
        return Path.touch, (Path(self.path),)


def run_child(files, folder, how):
    """Write attacks to a folder and have a child load each; return {name: [outcome, text, seconds, MiB]}."""
    folder.mkdir()
    marker, names = folder.parent / "marker", {}
    (folder.parent / "marker.pkl").write_bytes(pickle.dumps(Touch(marker)))
    for k, (name, content) in enumerate(files.items()):
        ending = "json" if name.startswith("manifest") else "bineural"
        path = folder / f"{k:03}.{ending}"
        path.write_bytes(with_marker(content, str(marker)))
        names[path.name] = name
    child = subprocess.run(
        [sys.executable, str(CHILD), str(folder), how], capture_output=True, text=True, timeout=600
    )
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    assert lines and lines[-1][0] == "modules", child.stderr[-2000:]
    assert not marker.exists()
    if how != "keras":
        assert lines[-1][1] is False  # TensorFlow is not loaded for these
    return {names[line[0]]: line[1:] for line in lines[:-1]}


def with_marker(content, marker):
    """Put the marker's path where an attack has MARKER."""
    if b"MARKER" not in json_of(content):
        return content
    name, tree, arrays = unpack(content)
    return pack(name, json.loads(json.dumps(tree).replace("MARKER", marker)), arrays)


def assert_refused(results):
    """All are refused, within memory."""
    wrong = {name: line for name, line in results.items() if line[0] != "refused" or line[3] > MOST}
    assert not wrong, json.dumps(wrong, indent=1)
    assert results


@functools.cache
def glm_attacks():
    """Return the attacks by bundles of GLMs, for which no TensorFlow is needed, and those by nets."""
    files = {**attacks.bombs(), **attacks.states(), **attacks.callables()}
    nets = [name for name, content in files.items() if b"NetClassifier" in json_of(content)]
    return {name: content for name, content in files.items() if name not in nets}, {
        name: files[name] for name in nets
    }


def json_of(content):
    """Return the JSON of a bundle as far as it can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.open("bundle.json").read(10_000_000)
    except Exception:
        return b""


def test_a_hostile_bundle_of_a_glm_is_refused(tmp_path):
    assert_refused(run_child(glm_attacks()[0], tmp_path / "files", "glm"))


def test_a_hostile_bundle_of_a_net_is_refused(tmp_path):
    assert_refused(run_child({**glm_attacks()[1], **attacks.keras_attacks()}, tmp_path / "files", "keras"))


def manifest_attacks():
    """Return manifests that cost much, or lack what they must have."""
    table = {"x": list(range(8))}
    split = json.loads(to_manifest(bn.split_rows(table, seed=1)))
    folds = json.loads(to_manifest(bn.make_folds(table, 4, seed=1)))

    def text(entries):
        return json.dumps(entries).encode()

    deep = b"[" * 10**6 + b"]" * 10**6

    found = {
        "manifest of many rows": text({**split, "n_rows": 10**11}),
        "manifest of rows beyond numbers": text({**split, "n_rows": 10**30}),
        "manifest of folds of many rows": text({**folds, "n_rows": 10**11, "train_ids": [None] * 4}),
        "manifest nested too deeply": b'{"file": "bineural split", "a": ' + deep + b"}",
        "manifest of nested marks": text(split).replace(b"null", b'{"a":' * 900 + b"1" + b"}" * 900),
        "manifest of many digits": text({**split, "seed": "digits"}).replace(b'"digits"', b"9" * 10**5),
        "manifest of infinity": text(split).replace(b'"n_rows": 8', b'"n_rows": 1e999'),
        "manifest of a row more than its data": text({**folds, "n_rows": 9, "train_ids": [None] * 4}),
        "manifest of a list": b"[]",
        "manifest of nothing": b"",
        "manifest of another kind": text({**split, "file": ["bineural split"]}),
        "manifest of many repeats": text({**folds, "repeats": 10**12}),
    }
    for key in ("n_rows", "train_ids", "test_ids", "fingerprint", "format"):
        found[f"manifest without {key}"] = text({k: v for k, v in split.items() if k != key})
    for key, value in {"fingerprint": {"hash": 1}, "seed": [1], "prop": "x", "strata": 3, "rng": {}}.items():
        found[f"manifest with another {key}"] = text({**split, key: value})
    return found


def test_a_hostile_manifest_is_refused(tmp_path):
    assert_refused(run_child(manifest_attacks(), tmp_path / "files", "glm"))


def test_the_command_line_refuses_a_hostile_bundle_in_words(tmp_path):
    (tmp_path / "rows.csv").write_text("dose,age,centre\n1,2,Bern\n")
    path = tmp_path / "hostile.bineural"
    path.write_bytes(attacks.callables()["a pandas function as architecture"])
    run = subprocess.run(
        [sys.executable, "-m", "bineural", "predict", str(path), str(tmp_path / "rows.csv")],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode != 0 and "Traceback" not in run.stderr + run.stdout
    assert len(run.stderr.strip().splitlines()) >= 3


# ---- what once was taken, and then raised or changed in silence ----


def test_every_class_that_bundles_may_hold_has_a_schema():
    for name in (*registry.MODELS, *registry.PARTS):
        assert has_schema(registry.find_class(name)), name


def test_a_class_without_a_line_in_the_registry_is_not_saved():
    glm = bn.load_model(FOLDER / "glm_binomial.bineural")
    glm.preparation_.of_mine = object()  # the preparation's state does not hold it
    glm.note_ = bn.average_models(["a", "b"])
    with pytest.raises(SavingError, match="note_"):
        saving.model_to_bytes(glm)


def test_an_attribute_that_the_schema_lacks_is_not_saved():
    glm = bn.load_model(FOLDER / "glm_binomial.bineural")
    glm.note_ = "mine"
    with pytest.raises(SavingError, match="note_"):
        saving.model_to_bytes(glm)


def test_a_model_that_was_changed_after_the_fit_is_not_saved():
    glm = bn.load_model(FOLDER / "glm_ridge.bineural")
    with pytest.raises(SavingError, match="as it was fitted"):
        saving.model_to_bytes(glm.set_params(penalty=None))


@pytest.mark.parametrize("name", ["glm_binomial", "glm_terms", "net_mlp"])
def test_any_change_of_what_was_saved_is_noticed(name):
    _, tree, arrays = unpack(saving.model_to_bytes(bn.load_model(FOLDER / f"{name}.bineural")))
    assert re.fullmatch("[0-9a-f]{64}", tree["sha256"])
    for key in sorted(arrays)[:5]:
        other = (
            {**arrays, key: np.roll(arrays[key], 1) + np.array(1, arrays[key].dtype)}
            if (arrays[key].dtype.kind in "fi")
            else None
        )
        if other is not None:
            with pytest.raises(SavingError, match="differs from what was saved"):
                saving.model_from_bytes(pack("bundle.json", tree, other, hashed=False))
    tree["record"]["seed"] = 7
    with pytest.raises(SavingError, match="differs from what was saved"):
        saving.model_from_bytes(pack("bundle.json", tree, arrays, hashed=False))


def test_what_shrinks_much_is_stored_as_it_is_and_loads_again():
    rows = {"y": np.repeat([0.0, 1.0, 2.0], 500_000)}
    content = saving.model_to_bytes(bn.fit_glm("y ~ 1", rows))
    assert saving.model_from_bytes(content).n_rows_ == 1_500_000


def test_more_may_be_unpacked_on_request(tmp_path, monkeypatch):
    from bineural.bundles import archive

    path = tmp_path / "model.bineural"
    path.write_bytes((FOLDER / "glm_binomial.bineural").read_bytes())
    monkeypatch.setattr(archive, "FLOOR", 1)
    monkeypatch.setattr(archive, "RATIO", 1)
    with pytest.raises(SavingError, match="max_bytes=") as caught:
        bn.load_model(path)
    most = int(re.search(r"max_bytes=(\d+)", caught.value.hint)[1])
    assert bn.load_model(path, max_bytes=most).event_ == "yes"
    with pytest.raises(SavingError):
        bn.load_model(path, max_bytes=most - 1)


_STRIDES = ("architecture", "config", "config", "layers", 3, "config", "strides", "items", 0)


def without(*path):
    """Return a change that takes a part out of a state."""

    def change(state, arrays):
        *rest, last = path
        for key in rest:
            state = state[key]
        del state[last]

    return change


def put(value, *path):
    """Return a change that puts a value into a state."""

    def change(state, arrays):
        *rest, last = path
        for key in rest:
            state = state[key]
        state[last] = value

    return change


def as_type(dtype, *path):
    """Return a change of an array's type."""

    def change(state, arrays):
        for key in path:
            state = state[key]
        arrays[state["array"]] = arrays[state["array"]].astype(dtype)

    return change


PREPARATION = ("preparation_", "state")
ONCE = {  # each loaded and then raised something of its own, or would have predicted otherwise
    "no offset told": ("glm_firth", without("has_offset_")),
    "weights of another type": ("net_embedding", as_type("f8", "weights_", 0)),
    "members of another type": ("net_embedding", as_type("f8", "members_", 1, 0)),
    "no penalty of a ridge fit": ("glm_ridge", without("penalty")),
    "another link": ("glm_binomial", put("cauchit", "fit_", "state", "link")),
    "an unknown link": ("glm_binomial", put("no", "fit_", "state", "link")),
    "levels of another order of types": ("glm_multinomial", put(["1", "2", "3"], "levels_")),
    "an event that is no class": ("glm_binomial", put("maybe", "event_")),
    "another name of a coefficient": ("glm_binomial", put("x", "names_", 1)),
    "a level twice": (
        "glm_binomial", put(["Bern"] * 3, *PREPARATION, "design", "columns", "centre", "levels"),
    ),
    "no knots": ("glm_terms", without(*PREPARATION, "design", "calls", "ns(dose, df = 3)")),
    "another degree": ("glm_terms", put(3, *PREPARATION, "design", "calls", "poly(age, 2)", "degree")),
    "another formula": ("glm_binomial", put("dose + age", *PREPARATION, "options", "formula")),
    "a fill for no column": ("glm_binomial", put(1.0, *PREPARATION, "design", "columns", "dose", "fill")),
    "no history": ("net_mlp", put({}, "history_")),
    "a best epoch beyond the last": ("net_mlp", put(9, "best_epoch_")),
    "another output": ("net_mlp", put("softmax", "output_")),
    "an unknown activation": ("net_mlp", put("no", "activation")),
    "a device that is none": ("net_mlp", put("tpu:99999999", "device")),
    "other units": ("net_mlp", put([3], "units")),
    "a stride of part of a pixel": ("net_images", put([0.5, 2], *_STRIDES)),
}  # fmt: skip


@pytest.mark.parametrize("name", ONCE)
def test_what_was_once_taken_is_refused(name):
    source, change = ONCE[name]
    content = attacks.changed(source, change)
    with pytest.raises(SavingError) as caught:
        saving.model_from_bytes(content)
    assert caught.value.must and caught.value.found and caught.value.hint


def not_a_number(place):
    """Return a change of one covariance."""

    def change(state, arrays):
        name = state["fit_"]["state"]["vcov"]["array"]
        arrays[name] = arrays[name].copy()
        arrays[name][place] = np.nan if place[0] != place[1] else -1.0

    return change


@pytest.mark.parametrize("place", [(0, 1), (1, 1)])
def test_covariances_that_are_none_give_no_standard_error(place, tmp_path):
    rows = rows_for("glm_firth")
    content = attacks.changed("glm_firth", not_a_number(place))
    assert try_bundle(content, rows, tmp_path / "model.bineural")
    _, error = saving.model_from_bytes(content).predict_link(rows, std_error=True)
    assert np.isnan(error).all()


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("glm")])
def test_a_whole_bundle_answers_every_question(name, tmp_path):
    content = (FOLDER / f"{name}.bineural").read_bytes()
    assert try_bundle(content, rows_for(name), tmp_path / "model.bineural")


def test_a_checkpoint_of_a_stranger_is_refused(tmp_path):
    path = tmp_path / "net.checkpoint"
    for content in attacks.bombs().values():
        path.write_bytes(content)
        with pytest.raises(InputError, match="whole checkpoint"):
            bn.NetRegressor(checkpoint=path, seed=1, epochs=1).fit([[0.0], [1.0]] * 5, [0.0, 1.0] * 5)
