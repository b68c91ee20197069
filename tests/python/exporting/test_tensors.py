"""ONNX files and SavedModels predict what the model does: preparation inside, any net, ensembles, images."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import SavingError
from bineural.exporting.onnx_file import table_feeds

FOLDER = Path(__file__).parents[2] / "reference"
sys.path.insert(0, str(FOLDER))
import bundles  # noqa: E402

TABLE = bundles.as_table(json.loads((FOLDER / "bundles/rows.json").read_text()))
ALL = sorted(path.stem for path in (FOLDER / "bundles").glob("*.bineural"))
SHORT = ["glm_impute", "glm_terms", "net_embedding"]


def run_onnx(path, feeds):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["predictions"], feeds)[0], session


def run_saved_model(path, rows):
    """Ask a SavedModel in a process that knows TensorFlow alone."""
    code = """
import json, sys
import numpy as np, tensorflow as tf
folder, kind = sys.argv[1:3]
given = json.load(open(folder + "/rows.json"))
call = tf.saved_model.load(folder + "/model").signatures["serving_default"]
dtype = {"category": tf.string, "array": tf.float32}
feeds = {k: tf.constant(v, dtype.get(kind, tf.float64)) for k, (kind, v) in given.items()}
assert "bineural" not in sys.modules
np.save(folder + "/answer.npy", call(**feeds)["predictions"].numpy())
"""
    folder = path.parent
    (folder / "rows.json").write_text(json.dumps(rows))
    run = subprocess.run([sys.executable, "-c", code, str(folder), ""], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    return np.load(folder / "answer.npy")


def rows_for(name):
    if name in ("net_images", "net_sequences"):
        images = bundles.make_images()[0]
        return images if name == "net_images" else images[..., 0]
    if name == "glm_array":
        return TABLE[["dose", "age", "cost"]].to_numpy()
    return TABLE


def predictions(model, rows):
    if not hasattr(model, "classes_"):
        return np.asarray(model.predict(rows), float).reshape(len(rows), -1)
    classes = model.classes_.tolist()
    return model.predict_proba(rows)[:, [classes.index(level) for level in model.levels_]]


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in SHORT else pytest.mark.long) for n in ALL])
def test_an_onnx_file_predicts_the_same(name, tmp_path):
    model, rows = bn.load_model(FOLDER / f"bundles/{name}.bineural"), rows_for(name)
    path = bn.export_model(model, tmp_path / "model.onnx")
    kinds = getattr(getattr(getattr(model, "fitted_", None), "input", model), "kind", "table")
    if kinds != "table":
        feeds = {"rows": rows.astype(np.float32)}
    else:
        about = described(path)
        named = pd.DataFrame(rows, columns=list(about["columns"])) if isinstance(rows, np.ndarray) else rows
        feeds = table_feeds(about["columns"], named)
    answer, session = run_onnx(path, feeds)
    wanted = predictions(model, rows)
    assert answer.dtype == np.float64 and [given.name for given in session.get_inputs()] == list(feeds)
    coarse = name == "net_mixed"  # computes in bfloat16
    size = np.abs(wanted).max()
    np.testing.assert_allclose(answer, wanted, rtol=0, atol=size * (0.02 if coarse else 2e-6))


def described(path):
    import onnx

    return json.loads({p.key: p.value for p in onnx.load(path).metadata_props}["bineural"])


def test_an_onnx_file_says_what_it_takes_and_gives(tmp_path):
    path = bn.export_model(bn.load_model(FOLDER / "bundles/glm_impute.bineural"), tmp_path / "m.onnx")
    assert described(path) == {
        "bineural": bn.__version__,
        "outputs": [".pred_no", ".pred_yes"],
        "columns": {"gaps": "numeric", "centre": "category"},
    }


def test_gaps_unseen_levels_and_refused_rows_in_onnx(tmp_path):
    model = bn.load_model(FOLDER / "bundles/glm_impute.bineural")
    rows = pd.DataFrame({"gaps": [1.0, np.nan, 2.0, 3.0], "centre": ["Bern", "Zürich", "Chur", None]})
    path = bn.export_model(model, tmp_path / "m.onnx")
    answer, _ = run_onnx(path, table_feeds({"gaps": "numeric", "centre": "category"}, rows))
    with pytest.warns(bn.BineuralWarning):
        np.testing.assert_allclose(answer, predictions(model, rows), atol=1e-12)
    strict = bn.fit_glm("ill ~ log(dose)", TABLE, event="yes")
    path = bn.export_model(strict, tmp_path / "n.onnx")
    answer, _ = run_onnx(path, {"dose": np.array([[1.0], [-1.0], [np.nan], [np.inf]])})
    assert np.isfinite(answer[0]).all() and np.isnan(answer[1:]).all()


@pytest.mark.long
@pytest.mark.parametrize("name", ["net_ensemble", "net_images"])
def test_a_saved_model_needs_tensorflow_alone(name, tmp_path):
    model, rows = bn.load_model(FOLDER / f"bundles/{name}.bineural"), rows_for(name)
    path = bn.export_model(model, tmp_path / "model", format="saved_model")
    about = json.loads((path / "bineural.json").read_text())
    if name == "net_images":
        given = {"rows": ("array", rows.tolist())}
    else:
        given = {about["arguments"][c]: (kind, rows[c].tolist()) for c, kind in about["columns"].items()}
    np.testing.assert_allclose(run_saved_model(path, given), predictions(model, rows), atol=1e-6)


def test_columns_of_any_name_have_an_argument():
    from bineural.exporting.saved_model import argument_names

    names = argument_names(["Sepal.Length", "Sepal Length", "Ä", "1", "a"])
    assert list(names.values()) == ["Sepal_Length", "Sepal_Length_", "column__", "column_1", "a"]


@pytest.mark.long
@pytest.mark.parametrize("architecture", ["cnn", "lenet5", "resnet_cifar", "googlenet", "vgg"])
def test_nets_of_images_in_onnx(architecture, tmp_path):
    """With augmentation, whose layers are no part of the file."""
    random = np.random.default_rng(3)
    images, labels = random.integers(0, 256, (12, 32, 32, 3)).astype(np.uint8), np.arange(12) % 3
    options = {"width": 0.1} if architecture != "resnet_cifar" else {"width": 0.25, "depth": 20}
    net = bn.fit_net(
        images,
        labels,
        classes=[0, 1, 2],
        architecture=architecture,
        augmentation={"flip": "horizontal", "shift": 2},
        epochs=1,
        ensemble=2,
        seed=1,
        **options,
    )
    path = bn.export_model(net, tmp_path / "net.onnx")
    import onnx

    kinds = {node.op_type for node in onnx.load(path).graph.node}
    assert not {kind for kind in kinds if "Random" in kind or "Cudnn" in kind}
    answer, _ = run_onnx(path, {"rows": images.astype(np.float32)})
    np.testing.assert_allclose(answer, net.predict_proba(images), atol=1e-5)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::bineural.BineuralWarning")
@pytest.mark.parametrize("numbers", ["piecewise", "periodic"])
@pytest.mark.parametrize("architecture", ["skip", "mlp", "batch_ensemble"])
@pytest.mark.parametrize("scaling", ["robust", "quantile"])
def test_nets_of_tables_in_both(architecture, numbers, scaling, tmp_path):
    options = {"architecture": architecture, "numbers": numbers, "scaling": scaling, "categories": "embed"}
    net = bn.fit_net("ill ~ dose + age + centre", TABLE, event="yes", epochs=2, ensemble=2, seed=1, **options)
    for form, name in (("onnx", "m.onnx"), ("saved_model", "m")):
        assert bn.export_model(net, tmp_path / name, format=form).exists()  # compared before it is there


def test_what_has_no_such_form_is_said(tmp_path):
    texts = ["good wine", "bad wine", "good soup", "bad soup"] * 5
    glm = bn.fit_glm(texts, [1, 0, 1, 0] * 5, event=1)
    for form in ("onnx", "saved_model", "sql"):
        with pytest.raises(bn.InputError, match="must"):
            bn.export_model(glm, tmp_path / "x", format=form)
    coder = bn.fit_autoencoder(TABLE[["dose", "age"]], 1, units=2, epochs=1, seed=1)
    with pytest.raises(bn.InputError, match="a GLM or a net of an outcome"):
        bn.export_model(coder, tmp_path / "x")
    glm = bn.load_model(FOLDER / "bundles/glm_gamma.bineural")
    (tmp_path / "mine").mkdir()
    with pytest.raises(SavingError, match="must be free"):
        bn.export_model(glm, tmp_path / "mine", format="saved_model")


def test_a_package_that_is_missing_is_named_with_its_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    glm = bn.load_model(FOLDER / "bundles/glm_gamma.bineural")
    with pytest.raises(bn.InputError, match=r"pip install \"bineural\[onnx\]\""):
        bn.export_model(glm, tmp_path / "x.onnx")
