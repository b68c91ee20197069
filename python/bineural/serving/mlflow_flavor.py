"""An MLflow flavour: a fitted model logged as its bundle, and loaded as itself or as a `pyfunc`.

from bineural.serving import mlflow_flavor
with mlflow.start_run():
    mlflow_flavor.log_model(net, name="net", input_example=rows)
mlflow.pyfunc.load_model("runs:/.../net").predict(rows)
"""

from pathlib import Path

import pandas as pd

from bineural.exporting.extras import need
from bineural.saving.models import describe_bundle, load_model, save_model
from bineural.versions import package_version

FLAVOR = "bineural"
_FILE = "model.bineural"


def save_mlflow_model(model, path, *, signature=None, input_example=None, metadata=None, mlflow_model=None):
    """Write a fitted model to a folder in MLflow's layout.

    Parameters
    ----------
    model : fitted bineural model
    path : str or path-like
        A folder that is not there yet.
    signature : mlflow.models.ModelSignature, optional
        Inferred from `input_example` where that is given.
    input_example : pandas.DataFrame, optional
        A few rows.
    metadata : dict, optional
        Kept with the model.
    mlflow_model : mlflow.models.Model, optional
        For MLflow itself, which gives one when it logs.

    Raises
    ------
    InputError
        If MLflow is not there.
    SavingError
        If the model can't be saved.
    """
    need("mlflow")
    import mlflow
    from mlflow.models import Model, infer_signature

    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    bundle = save_model(model, folder / _FILE)
    described = Model() if mlflow_model is None else mlflow_model
    if metadata is not None:
        described.metadata = metadata
    if signature is None and input_example is not None:
        signature = infer_signature(input_example, Flavored(model).predict(input_example))
    if signature is not None:
        described.signature = signature
    if input_example is not None:
        from mlflow.models.utils import _save_example

        _save_example(described, input_example, str(folder))
    requirements = [f"bineural=={package_version('bineural')}"]
    with (folder / "requirements.txt").open("w") as file:
        file.write("\n".join(requirements) + "\n")
    mlflow.pyfunc.add_to_model(
        described, loader_module=__name__, data=_FILE, code=None, python_env=None, conda_env=None
    )
    about = describe_bundle(bundle)
    described.add_flavor(
        FLAVOR, data=_FILE, kind=about["kind"], bineural_version=about["versions"]["bineural"]
    )
    described.save(str(folder / "MLmodel"))


def save_from_r(model, path, specification):
    """Write a fitted model where R's MLflow asks for it, and return what its `MLmodel` says.

    Parameters
    ----------
    model : fitted bineural model
    path : str or path-like
    specification : dict
        What R's MLflow knows of it: run_id, artifact_path, utc_time_created, and perhaps the signature, its
        inputs and outputs as JSON.

    Returns
    -------
    dict
    """
    need("mlflow")
    from mlflow.models import Model, ModelSignature

    described = Model(**{name: specification.get(name) for name in ("run_id", "artifact_path")})
    described.utc_time_created = specification.get("utc_time_created", described.utc_time_created)
    signature = specification.get("signature")
    signature = None if signature is None else ModelSignature.from_dict(signature)
    save_mlflow_model(model, path, mlflow_model=described, signature=signature)
    told = described.to_dict()
    return {name: told[name] for name in told if name in (*specification, "flavors", "model_uuid")}


def predict_from_r(model, data):
    """Return the table that a `pyfunc` of the model gives."""
    return Flavored(model).predict(data)


def log_model(model, name="model", **options):
    """Log a fitted model to the active run of MLflow.

    Parameters
    ----------
    model : fitted bineural model
    name : str
        Of the model within the run.
    **options
        `signature`, `input_example`, `metadata` as for `save_mlflow_model`; `registered_model_name` and the
        others as for `mlflow.models.Model.log`.

    Returns
    -------
    mlflow.models.model.ModelInfo
    """
    need("mlflow")
    from mlflow.models import Model

    return Model.log(artifact_path=None, name=name, flavor=_Flavor, model=model, **options)


class _Flavor:
    """What `Model.log` calls: a module of MLflow's own kind."""

    @staticmethod
    def save_model(path, mlflow_model, model, **options):
        known = {k: v for k, v in options.items() if k in ("signature", "input_example", "metadata")}
        save_mlflow_model(model, path, mlflow_model=mlflow_model, **known)


_Flavor.__name__ = __name__  # MLflow writes down whose it is


def load_mlflow_model(uri):
    """Return the fitted model of a URI or a folder of MLflow, as it was saved.

    Parameters
    ----------
    uri : str

    Returns
    -------
    fitted bineural model
    """
    need("mlflow")
    from mlflow.artifacts import download_artifacts

    uri = str(uri)
    folder = uri if Path(uri).is_dir() else download_artifacts(artifact_uri=uri)
    return load_model(Path(folder) / _FILE)


class Flavored:
    """A model as `mlflow.pyfunc` asks it: a data frame of probabilities and the class, or of numbers."""

    def __init__(self, model):
        self.model = model

    def predict(self, model_input, params=None):
        """Predict rows.

        Parameters
        ----------
        model_input : pandas.DataFrame or ndarray
        params : dict, optional
            Not used.

        Returns
        -------
        pandas.DataFrame
        """
        from bineural.serving.predicting import predict_table

        table, _ = predict_table(self.model, model_input)
        if isinstance(model_input, pd.DataFrame) and len(table) == len(model_input):
            table.index = model_input.index
        return table


def _load_pyfunc(data_path):
    """Load the model for `mlflow.pyfunc.load_model`."""
    path = Path(data_path)
    return Flavored(load_model(path / _FILE if path.is_dir() else path))
