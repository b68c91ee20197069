"""The MLflow flavour: a fitted model logged as its bundle, loaded as itself and as a pyfunc."""

import numpy as np
import pytest

import bineural as bn
from bineural.serving import mlflow_flavor

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of MLflow's own
    pytest.mark.long,  # importing MLflow takes seconds
]
KYPHOSIS = bn.load_dataset("kyphosis")
ROWS = KYPHOSIS[["Age", "Number", "Start"]]


@pytest.fixture(scope="module")
def net():
    formula = "Kyphosis ~ Age + Number + Start"
    return bn.fit_net(formula, KYPHOSIS, event="present", units=4, epochs=2, ensemble=2, seed=1)


def check(predicted, net):
    np.testing.assert_array_equal(predicted[[".pred_absent", ".pred_present"]], net.predict_proba(ROWS))
    assert predicted[".pred_class"].tolist() == net.predict(ROWS).tolist()


def test_a_folder_is_a_pyfunc_with_its_signature_and_the_model_itself(net, tmp_path):
    import mlflow
    from mlflow.models import Model

    mlflow_flavor.save_mlflow_model(net, tmp_path / "m", input_example=ROWS[:3], metadata={"by": "us"})
    check(mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(ROWS), net)
    np.testing.assert_array_equal(
        mlflow_flavor.load_mlflow_model(tmp_path / "m").predict_proba(ROWS), net.predict_proba(ROWS)
    )
    described = Model.load(str(tmp_path / "m"))
    assert described.signature.inputs.input_names() == list(ROWS.columns)
    assert described.flavors["bineural"]["kind"] == "NetClassifier" and described.metadata == {"by": "us"}
    assert not list((tmp_path / "m").rglob("*.pkl"))


def test_a_run_keeps_the_model(net, tmp_path, monkeypatch):
    import mlflow

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # a database needs more packages
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri((tmp_path / "runs").as_uri())
    with mlflow.start_run():
        logged = mlflow_flavor.log_model(net, name="net", input_example=ROWS[:3])
    check(mlflow.pyfunc.load_model(logged.model_uri).predict(ROWS), net)
    again = mlflow_flavor.load_mlflow_model(logged.model_uri)
    np.testing.assert_array_equal(again.predict_proba(ROWS), net.predict_proba(ROWS))


def test_numbers_keep_the_index_of_their_rows(tmp_path):
    import mlflow

    line = bn.fit_glm("Start ~ Age", KYPHOSIS)
    mlflow_flavor.save_mlflow_model(line, tmp_path / "m")
    predicted = mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(ROWS[5:8])
    assert predicted.index.tolist() == [5, 6, 7]
    np.testing.assert_array_equal(predicted[".pred"], line.predict(ROWS[5:8]))


def test_without_mlflow_the_extra_is_named(net, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(bn.InputError, match=r"bineural\[mlflow\]"):
        mlflow_flavor.save_mlflow_model(net, tmp_path / "m")
