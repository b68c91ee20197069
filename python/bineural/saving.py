"""A fitted model in one file, a bundle, that Python and R both read: JSON and arrays in a zip, no pickle.

`bundle.json` holds the format number, the kind of model, versions and the run record (date, seed, rows,
formula, event, classes) and the model as a tree of plain values; `arrays.npz` holds its numbers, bit for bit.
"""

import copy
import datetime
import io
import json
import platform
import zipfile
from pathlib import Path

import numpy as np

from bineural.bundles.decoding import Decoder, find_class
from bineural.bundles.encoding import Encoder, object_face
from bineural.environment import package_version
from bineural.errors import ForkedProcessError, SavingError
from bineural.files import write_atomically

FORMAT = 1
_PACKAGES = ("numpy", "pandas", "scikit-learn", "tensorflow", "keras")


def save_model(model, path):
    """Write a fitted model to one file, with its preparation, classes, event, versions and run record.

    The file appears whole or not at all. Loading it gives the same predictions, bit for bit, in Python and R.
    In the place of a builder function stands the Keras model that it built.

    Parameters
    ----------
    model : GLMClassifier, GLMRegressor, NetClassifier or NetRegressor
        A fitted model.
    path : str or path-like
        Where to write; the usual ending is `.bineural`. An existing file is replaced.

    Returns
    -------
    pathlib.Path
        Where it was written.

    Raises
    ------
    SavingError
        If the model is not fitted, is not bineural's, or holds what a file can't carry (a function, a custom
        Keras layer), naming the part; or if the folder does not exist.

    Examples
    --------
    >>> import tempfile, bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Start", kyphosis, event="present")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = bn.save_model(glm, f"{folder}/glm.bineural")
    ...     bn.load_model(path).predict(kyphosis[:2]).tolist()
    ['absent', 'absent']
    """
    content = model_to_bytes(model)
    path = Path(path)
    if not path.parent.is_dir():
        raise SavingError(
            "`path` must be in a folder that exists.",
            f"There is no folder {str(path.parent)!r}.",
            "Make it first.",
        )
    write_atomically(path, content)
    return path


def load_model(path):
    """Read a model that `save_model` wrote, in this language or the other.

    Parameters
    ----------
    path : str or path-like
        A bundle.

    Returns
    -------
    GLMClassifier, GLMRegressor, NetClassifier or NetRegressor
        The fitted model; it predicts exactly what it did when it was saved.

    Raises
    ------
    SavingError
        If the file is missing, cut short, not a bundle, of a newer format, or names foreign code.

    Examples
    --------
    >>> import tempfile, bineural as bn
    >>> line = bn.fit_glm("petal_width ~ petal_length", bn.load_dataset("iris"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load_model(bn.save_model(line, f"{folder}/line.bineural")).coef().round(2).to_dict()
    {'(Intercept)': -0.36, 'petal_length': 0.42}
    """
    return model_from_bytes(_read_file(path), _name=f"The file {str(path)!r}")


def describe_bundle(path):
    """Read what a bundle says about itself, without building the model (no TensorFlow needed).

    Parameters
    ----------
    path : str or path-like
        A bundle.

    Returns
    -------
    dict
        `format`, `kind` (class name), `versions` (package to version), `record` (date, seed, n_rows, formula,
        outcome, event, classes, n_features, scaled).
    """
    content, _ = _open_bundle(_read_file(path), f"The file {str(path)!r}", with_arrays=False)
    return {key: content[key] for key in ("format", "kind", "versions", "record")}


def model_to_bytes(model):
    """Return the bundle of a fitted model as bytes; `save_model` writes these to a file.

    Parameters
    ----------
    model : fitted bineural model

    Returns
    -------
    bytes
    """
    kind = type(model)
    if object_face(kind) != "estimator":
        raise SavingError(
            "`model` must be a fitted model of bineural.",
            f"It is of type {kind.__module__}.{kind.__qualname__}.",
            "Give what fit_glm() or fit_net() returned.",
        )
    if not any(name.endswith("_") and not name.startswith("_") for name in vars(model)):
        raise SavingError("`model` must be fitted.", f"This {kind.__name__} is not.", "Call fit() first.")
    encoder = Encoder()
    content = {
        "file": "bineural bundle",
        "format": FORMAT,
        "kind": kind.__name__,
        "versions": _versions(),
        "record": _run_record(model),
        "model": encoder.encode(_without_functions(model), "model"),
    }
    arrays = io.BytesIO()
    np.savez(arrays, allow_pickle=False, **encoder.arrays)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", json.dumps(content, indent=1, allow_nan=False))
        archive.writestr("arrays.npz", arrays.getvalue())
    return out.getvalue()


def model_from_bytes(content, *, _name="The content"):
    """Return the model of a bundle given as bytes, as `model_to_bytes` made them.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    fitted bineural model
    """
    described, arrays = _open_bundle(bytes(content), _name)
    tree = described["model"]
    if not isinstance(tree, dict) or object_face(find_class(tree.get("class"))) != "estimator":
        raise SavingError("A bundle must hold a model.", f"{_name} holds none.", "Save the model again.")
    try:
        return Decoder(arrays).decode(tree)
    except (SavingError, ForkedProcessError):
        raise
    except Exception as error:
        raise SavingError(
            "A bundle must be complete and unchanged since it was saved.",
            f"{_name} could not be put together: {type(error).__name__}: {error}.",
            f"It was written by bineural {described['versions'].get('bineural')}; save the model again.",
        ) from error


def _read_file(path):
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SavingError(
            "`path` must be a file that can be read.", f"{str(path)!r}: {error.strerror}.", "Check the name."
        ) from error


def _open_bundle(content, name, with_arrays=True):
    """Return (bundle.json as dict, arrays as dict), or say what the bytes are not."""
    not_a_bundle = SavingError(
        "`path` must be a bundle written by save_model().",
        f"{name} ({len(content):,} bytes) is {_guess_what(content)}.",
        "Save the model again; if the file was sent or copied, compare its size with the original.",
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            described = json.loads(archive.read("bundle.json"))
            packed = archive.read("arrays.npz") if with_arrays else None
    except Exception as error:  # a damaged zip can raise almost anything
        raise not_a_bundle from error
    if not isinstance(described, dict) or described.get("file") != "bineural bundle":
        raise not_a_bundle
    if not isinstance(described.get("format"), int) or not 1 <= described["format"] <= FORMAT:
        raise SavingError(
            f"A bundle must be of format {FORMAT} or older to be read by this version of bineural.",
            f"{name} is of format {described.get('format')!r}, written by bineural "
            f"{described.get('versions', {}).get('bineural')}.",
            "Update bineural, or save the model again with this version.",
        )
    arrays = {}
    if with_arrays:
        try:
            with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
                arrays = {key: stored[key] for key in stored.files}
        except Exception as error:
            raise not_a_bundle from error
    return described, arrays


def _guess_what(content):
    if not content:
        return "empty"
    if content[:4] == b"PK\x03\x04":
        whole = zipfile.is_zipfile(io.BytesIO(content))
        return "a zip of something else, or damaged" if whole else "cut short: the end of the zip is missing"
    kinds = {
        b"\x80": "a pickle",
        b"\x89HDF": "an HDF5 file",
        b"\x1f\x8b": "gzip (an .rds file?)",
        b"PAR1": "Parquet",
    }
    return next((said for start, said in kinds.items() if content.startswith(start)), "no zip file")


def _without_functions(model):
    """Return the model without callbacks, and with the net that a builder function built in its place."""
    architecture = getattr(model, "architecture", None)
    builder = callable(architecture) and not hasattr(architecture, "get_weights")
    if not builder and getattr(model, "callbacks", None) is None:
        return model
    twin = copy.copy(model)
    twin.callbacks = None
    twin.architecture = model.keras_model_ if builder else architecture
    return twin


def _versions():
    found = {name: package_version(name) for name in ("bineural", *_PACKAGES)}
    return {"python": platform.python_version(), **{k: v for k, v in found.items() if v}}


def _run_record(model):
    def plain(value):
        value = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
        return value if value is None or isinstance(value, (bool, int, float, str, list)) else str(value)

    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    attributes = {
        "seed": "seed",
        "n_rows": "n_rows_",
        "n_features": "n_features_in_",
        "formula": "formula_",
        "outcome": "outcome_",
        "event": "event_",
        "classes": "classes_",
        "scaled": "scaled_",
    }
    return {"date": now, **{key: plain(getattr(model, name, None)) for key, name in attributes.items()}}
