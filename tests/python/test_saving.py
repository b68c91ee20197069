"""A saved model is the same model: equal to the bit, readable without TensorFlow, and never half a file."""

import errno
import io
import json
import os
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import SavingError, UnseenLevelWarning
from bineural.saving import models as saving
from long_cases import long_but

RNG = np.random.default_rng(2019)
N_ROWS = 120
TABLE = pd.DataFrame(
    {
        "dose": RNG.gamma(2, 3, N_ROWS),
        "age": RNG.integers(20, 80, N_ROWS),
        "centre": RNG.choice(["Bern", "Genève", "Zürich"], N_ROWS),
        "grade": pd.Categorical(
            RNG.choice(["low", "mid", "high"], N_ROWS), ["low", "mid", "high"], ordered=True
        ),
        "smoker": RNG.random(N_ROWS) < 0.4,
        "visit": pd.Timestamp("2019-05-29") + pd.to_timedelta(RNG.integers(0, 400, N_ROWS), "D"),
    }
)
TABLE["ill"] = np.where(RNG.random(N_ROWS) < 1 / (1 + np.exp(2 - 0.3 * TABLE["dose"])), "yes", "no")
TABLE["stage"] = RNG.choice([1, 2, 3], N_ROWS)
TABLE["count"] = RNG.poisson(2, N_ROWS)
TABLE["cost"] = RNG.gamma(2, 10, N_ROWS)
HOLES = TABLE.assign(dose=TABLE["dose"].where(TABLE.index % 7 > 0))

GLMS = {
    "binomial": {"formula": "ill ~ dose + age + centre", "event": "yes"},
    "splines": {"formula": "ill ~ ns(dose, df = 3) + poly(age, 2) + smoker * centre", "event": "no"},
    "ordered": {"formula": "ill ~ grade + log(dose + 1) + I(age^2)", "event": "yes"},
    "firth": {"formula": "ill ~ dose + smoker", "event": "yes", "method": "firth"},
    "probit": {"formula": "ill ~ dose", "event": "yes", "link": "probit"},
    "ridge": {"formula": "ill ~ dose + age + centre", "event": "yes", "penalty": "ridge", "strength": 0.1},
    "impute": {"formula": "ill ~ dose + centre", "event": "yes", "missing": "impute", "data": HOLES},
    "multinomial": {"formula": "stage ~ dose + centre", "classes": [1, 2, 3]},
    "gaussian": {"formula": "log(cost) ~ dose + centre"},
    "poisson": {"formula": "count ~ dose + offset(log(age))", "family": "poisson"},
    "gamma": {"formula": "cost ~ centre", "family": "gamma", "link": "log"},
}


def answers(model, data):
    """Everything a fitted model says about rows, as one dict of arrays."""
    said = {"predict": model.predict(data)}
    for name in ("predict_proba", "predict_link"):
        if hasattr(model, name):
            said[name] = getattr(model, name)(data)
    return said


def assert_same_model(model, again, data):
    assert type(again) is type(model)
    before, after = answers(model, data), answers(again, data)
    for name, values in before.items():
        values, others = np.asarray(values), np.asarray(after[name])
        assert values.dtype == others.dtype
        assert (
            values.tolist() == others.tolist()
            if values.dtype.kind in "OUT"
            else values.tobytes() == others.tobytes()
        )
    assert again.get_params().keys() == model.get_params().keys()


def fit(data=TABLE, formula=None, **options):
    return bn.fit_glm(formula, data, **options)


@pytest.mark.parametrize("kind", GLMS)
def test_glm_predicts_the_same_bits_after_loading(kind, tmp_path):
    model = fit(**GLMS[kind])
    path = bn.save_model(model, tmp_path / "model.bineural")
    again = bn.load_model(path)
    assert_same_model(model, again, GLMS[kind].get("data", TABLE))
    assert str(again.summary()) == str(model.summary())
    assert_same_model(model, pickle.loads(pickle.dumps(again)), GLMS[kind].get("data", TABLE))


def test_a_glm_of_arrays_comes_back(tmp_path):
    x, y = RNG.normal(size=(50, 3)), RNG.integers(0, 2, 50)
    model = bn.GLMClassifier().fit(x, y)
    again = bn.load_model(bn.save_model(model, tmp_path / "m"))
    assert_same_model(model, again, x)
    assert again.classes_.dtype == model.classes_.dtype


def test_loaded_model_keeps_the_place_for_unseen_levels():
    model = fit(**GLMS["binomial"])
    again = saving.model_from_bytes(saving.model_to_bytes(model))
    new = TABLE.head(3).assign(centre=["Bern", "Basel", "Basel"])
    with pytest.warns(UnseenLevelWarning, match="Basel"):
        after = again.predict_proba(new)
    with pytest.warns(UnseenLevelWarning, match="Basel"):
        assert model.predict_proba(new).tobytes() == after.tobytes()


def test_a_saved_model_holds_no_training_rows():
    small, large = (
        saving.model_to_bytes(fit(pd.concat([TABLE] * k), "ill ~ dose", event="yes")) for k in (1, 50)
    )
    assert len(large) < len(small) + 50 * N_ROWS  # under a byte for each further row and column


def test_a_bundle_describes_itself(tmp_path):
    path = bn.save_model(fit(**GLMS["binomial"]), tmp_path / "m.bineural")
    said = saving.describe_bundle(path)
    assert said["kind"] == "GLMClassifier" and said["format"] == 1
    assert said["versions"]["bineural"] == bn.__version__
    record = said["record"]
    assert record["formula"] == "ill ~ dose + age + centre"
    assert (record["outcome"], record["event"], record["classes"]) == ("ill", "yes", ["no", "yes"])
    assert record["n_rows"] == N_ROWS
    assert record["date"].startswith("20")


def test_describing_and_loading_a_glm_needs_no_tensorflow(tmp_path):
    path = bn.save_model(fit(**GLMS["binomial"]), tmp_path / "m.bineural")
    code = (
        "import sys; from bineural.saving import models as saving; saving.describe_bundle(sys.argv[1]);"
        "assert 'pandas' not in sys.modules;"
        "saving.load_model(sys.argv[1]); assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, path], check=True)


def test_nothing_in_a_bundle_is_a_pickle(tmp_path):
    path = bn.save_model(fit(**GLMS["ordered"]), tmp_path / "m.bineural")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["bundle.json", "arrays.npz"]
        with np.load(io.BytesIO(archive.read("arrays.npz")), allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind != "O" for name in arrays.files)


def test_every_cut_of_a_bundle_is_refused(tmp_path):
    content = saving.model_to_bytes(fit(**GLMS["binomial"]))
    for size in {0, 1, 10, len(content) // 2, len(content) - 1}:
        path = tmp_path / "cut.bineural"
        path.write_bytes(content[:size])
        with pytest.raises(SavingError, match="must be a file written by save_model") as caught:
            bn.load_model(path)
        assert f"{size:,} bytes" in caught.value.found


def test_a_flipped_byte_is_noticed():
    content = bytearray(saving.model_to_bytes(fit(**GLMS["binomial"])))
    for position in np.linspace(100, len(content) - 400, 12).astype(int):
        damaged = content.copy()
        damaged[position] ^= 0xFF
        with pytest.raises(SavingError):
            saving.model_from_bytes(damaged)


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no zip file"),
        (pickle.dumps([1]), "a pickle"),
        (b"\x89HDF\r\n", "HDF5"),
    ],
)
def test_other_files_are_named(content, said, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(SavingError, match=said):
        bn.load_model(path)


def test_another_zip_is_no_bundle(tmp_path):
    np.savez(tmp_path / "arrays.npz", a=np.ones(2))
    with pytest.raises(SavingError, match="zip of something else"):
        bn.load_model(tmp_path / "arrays.npz")


def rewritten(content, **changes):
    """A bundle with entries of its bundle.json replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        described = json.loads(old.read("bundle.json")) | changes
        new.writestr("bundle.json", json.dumps(described))
        new.writestr("arrays.npz", old.read("arrays.npz"))
    return out.getvalue()


def test_a_newer_format_is_refused():
    content = saving.model_to_bytes(fit(**GLMS["binomial"]))
    with pytest.raises(SavingError, match="format 2"):
        saving.model_from_bytes(rewritten(content, format=2))


@pytest.mark.parametrize("tree", [{"~": "object", "class": "os:system", "state": {}}, {"a": 1}, [], None])
def test_a_bundle_must_hold_a_model_of_ours(tree):
    content = saving.model_to_bytes(fit(**GLMS["binomial"]))
    with pytest.raises(SavingError):
        saving.model_from_bytes(rewritten(content, model=tree))


def test_only_fitted_models_of_ours_are_saved(tmp_path):
    from sklearn.linear_model import LogisticRegression

    with pytest.raises(SavingError, match="must be fitted"):
        bn.save_model(bn.GLMClassifier(), tmp_path / "m")
    with pytest.raises(SavingError, match="LogisticRegression"):
        bn.save_model(LogisticRegression().fit([[0], [1]], [0, 1]), tmp_path / "m")
    with pytest.raises(SavingError, match="is of type dict"):
        bn.save_model({}, tmp_path / "m")
    assert not list(tmp_path.iterdir())


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(SavingError, match="no-such-file"):
        bn.load_model(tmp_path / "no-such-file")
    with pytest.raises(SavingError, match="no-such-folder"):
        bn.save_model(fit(**GLMS["binomial"]), tmp_path / "no-such-folder" / "m")


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "m.bineural"
    path.write_bytes(b"the old one")

    def fail(*_):
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SavingError, match="no room left on the disk"):
        bn.save_model(fit(**GLMS["binomial"]), path)
    assert [p.name for p in tmp_path.iterdir()] == ["m.bineural"]
    assert path.read_bytes() == b"the old one"


def test_an_existing_file_is_replaced_and_readable_by_others(tmp_path):
    path = tmp_path / "m.bineural"
    path.write_bytes(b"the old one")
    bn.save_model(fit(**GLMS["binomial"]), str(path))
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    assert bn.load_model(str(path)).event_ == "yes"


# ---- nets ----


def small_net(data=TABLE, formula="ill ~ dose + age + centre", **options):
    settings = {"event": "yes", "units": (3, 2), "epochs": 2, "seed": 1, "verbose": 0}
    return bn.fit_net(formula, data, **{**settings, **options})


NETS = {
    "skip": {},
    "mlp": {"architecture": "mlp", "batch_normalization": True, "dropout": 0.2},
    "embed": {"categories": "embed", "class_weight": {"yes": 2, "no": 1}},
    "impute": {"data": HOLES, "missing": "impute"},
    "three classes": {"formula": "stage ~ dose + centre", "event": None, "classes": [1, 2, 3]},
    "regression": {"formula": "cost ~ dose + centre", "event": None},
}


@pytest.mark.parametrize("kind", long_but(NETS, "skip", "embed"))
def test_net_predicts_the_same_bits_after_loading(kind, tmp_path):
    model = small_net(**NETS[kind])
    path = bn.save_model(model, tmp_path / "net.bineural")
    again = bn.load_model(path)
    assert_same_model(model, again, NETS[kind].get("data", TABLE))
    assert again.history_ == model.history_ and again.seed_ == 1
    assert saving.describe_bundle(path)["record"]["seed"] == 1


def keras_net(n_columns=5, layer=None):
    from bineural._tensorflow import keras

    x = keras.Input((n_columns,))
    h = keras.layers.Dense(3, activation="tanh")(x)
    return keras.Model(x, keras.layers.Dense(1)(h if layer is None else layer(h)))


@pytest.mark.parametrize("how", ["model", "builder", "lambda"])
def test_nets_of_ones_own_come_back_with_keras_layers_alone(how, tmp_path):
    def build(input_shape, n_outputs):
        return keras_net(*input_shape)

    ways = {"model": keras_net(), "builder": build, "lambda": lambda shape, n: keras_net(*shape)}
    model = small_net(architecture=ways[how])
    again = bn.load_model(bn.save_model(model, tmp_path / "net.bineural"))
    assert np.array_equal(model.predict_proba(TABLE), again.predict_proba(TABLE))
    assert model.architecture is ways[how]  # saving changes nothing


def test_an_optimizer_object_comes_back(tmp_path):
    from bineural._tensorflow import keras

    model = small_net(optimizer=keras.optimizers.SGD(0.05, momentum=0.5))
    again = bn.load_model(bn.save_model(model, tmp_path / "net.bineural"))
    assert again.optimizer.get_config() == model.optimizer.get_config()


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")  # Keras', at fit
def test_layers_of_ones_own_are_refused_by_name(tmp_path):
    from bineural._tensorflow import keras

    def double(x):
        return 2 * x

    class Doubling(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    for layer, named in (
        (Doubling(), "Doubling"),
        (keras.layers.Lambda(lambda x: 2 * x, output_shape=(3,)), "lambda"),
        (keras.layers.Dense(3, activation=lambda x: 2 * x), "lambda"),
        (keras.layers.Activation(double), "function 'double'"),
    ):
        model = small_net(architecture=keras_net(layer=layer), epochs=1)
        with pytest.raises(SavingError, match=named):
            bn.save_model(model, tmp_path / "net.bineural")
    assert not list(tmp_path.iterdir())
