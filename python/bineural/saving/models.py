"""A fitted model in one file, a bundle, that Python and R both read: JSON and arrays in a zip, no pickle.

`bundle.json` holds the format number, the kind of model, versions and the run record (date, seed, rows,
formula, event, classes) and the model as a tree of plain values; `arrays.npz` holds its numbers, bit for bit.
A SHA-256 of all of it tells whether anything has changed since. It protects from accidents; from a stranger's
file protects that sizes are checked before anything is made (`bundles/archive.py`), that nothing in it is
looked up but by lists of ours (`registry.py`, `keras_parts.py`), and that each part must fit its schema and
the others.
"""

from __future__ import annotations

import copy
import datetime
import io
import platform
import re
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import PathLike
from bineural.bundles.archive import TooLarge, Unreadable, content_hash, read_archive, write_archive
from bineural.bundles.decoding import Decoder, find_class
from bineural.bundles.encoding import Encoder
from bineural.bundles.registry import is_model
from bineural.bundles.schema import Mismatch, require, text
from bineural.checks import checked, writable
from bineural.checks import path as path_of
from bineural.errors import ForkedProcessError, InputError, SavingError
from bineural.files import write_atomically
from bineural.not_models import called, instead
from bineural.tables.growth import MAX_BYTES
from bineural.versions import package_version

if TYPE_CHECKING:
    from bineural.glm.estimators import GLMClassifier, GLMRegressor
    from bineural.nets.estimators import NetClassifier, NetRegressor

FORMAT = 1
_JSON = "bundle.json"
_PACKAGES = ("numpy", "pandas", "scikit-learn", "tensorflow", "keras")


@checked(path=writable(error=SavingError))
def save_model(model: GLMClassifier | GLMRegressor | NetClassifier | NetRegressor, path: PathLike) -> Path:
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
        Keras layer), naming the part; or if the file can't be written.

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
    return write_atomically(path, content, error=SavingError)


@checked(path=path_of(), max_bytes=MAX_BYTES)
def load_model(
    path: PathLike, max_bytes: int | None = None
) -> GLMClassifier | GLMRegressor | NetClassifier | NetRegressor:
    """Read a model that `save_model` wrote, in this language or the other.

    A bundle is data: nothing in it is run, and all of it is checked before it becomes a model. So a file from
    a stranger can do no more than predict badly.

    Parameters
    ----------
    path : str or path-like
        A bundle.
    max_bytes : int, optional
        Most bytes that the file may unpack to. None is 100 times its size, and at least 16 MiB; what
        `save_model` writes stays below.

    Returns
    -------
    GLMClassifier, GLMRegressor, NetClassifier or NetRegressor
        The fitted model; it predicts exactly what it did when it was saved.

    Raises
    ------
    SavingError
        If the file is missing, cut short, changed, not a bundle, of a newer format, larger than it may be, or
        names foreign code.

    Examples
    --------
    >>> import tempfile, bineural as bn
    >>> line = bn.fit_glm("petal_width ~ petal_length", bn.load_dataset("iris"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load_model(bn.save_model(line, f"{folder}/line.bineural")).coef().round(2).to_dict()
    {'(Intercept)': -0.36, 'petal_length': 0.42}
    """
    return model_from_bytes(_read_file(path), max_bytes, _name=f"The file {str(path)!r}")


@checked(path=path_of())
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
        outcome, event, classes, n_features, scaling).
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
    if not is_model(kind):
        raise SavingError(
            "`model` must be a fitted model of bineural.",
            f"It is {called(model)}.",
            instead(model, "Give what fit_glm() or fit_net() returned."),
        )
    if not any(name.endswith("_") and not name.startswith("_") for name in vars(model)):
        raise SavingError("`model` must be fitted.", f"This {kind.__name__} is not.", "Call fit() first.")
    model, encoder = _as_data(model), Encoder()
    content = {
        "file": "bineural bundle",
        "format": FORMAT,
        "kind": kind.__name__,
        "versions": _versions(),
        "record": _run_record(model),
        "model": encoder.encode(model, "model"),
    }
    _check_whole(model)
    content["sha256"] = content_hash(content, encoder.arrays)
    return write_archive(_JSON, content, encoder.arrays)


def _check_whole(model):
    """Run the checks of loading, so that what is saved can be loaded."""
    try:
        model.check_state()
    except (Mismatch, InputError) as error:
        raise SavingError(
            "A model to be saved must be as it was fitted.",
            f"Something has changed since: {_reason(error)}.",
            "Fit it again with these settings.",
        ) from error


def model_from_bytes(content, max_bytes=None, *, _name="The content"):
    """Return the model of a bundle given as bytes, as `model_to_bytes` made them.

    Parameters
    ----------
    content : bytes
    max_bytes : int, optional
        As for `load_model`.

    Returns
    -------
    fitted bineural model
    """
    described, arrays = _open_bundle(bytes(content), _name, max_bytes)
    tree = described["model"]
    if not isinstance(tree, dict) or not is_model(find_class(tree.get("class"))):
        raise SavingError("The file must hold a model.", f"{_name} holds none.", "Save the model again.")
    try:
        _check_hash(described, arrays)
        model = Decoder(arrays).decode(tree)
        require(type(model).__name__ == described["kind"], "the model is of another kind than it says")
        _rehearse(model)
    except (SavingError, ForkedProcessError):
        raise
    except Exception as error:  # a file that was changed by hand may raise anything
        raise SavingError(
            "A model file must be complete and unchanged since it was saved.",
            f"{_name} could not be put together: {_reason(error)}.",
            f"It was written by bineural {described['versions'].get('bineural')}; save the model again.",
        ) from error
    return model


def _check_hash(described, arrays):
    if "sha256" in described:  # files of version 0.1.0 have none
        rest = {key: value for key, value in described.items() if key != "sha256"}
        same = described["sha256"] == content_hash(rest, arrays)
        require(same, "what it holds differs from what was saved")


def _rehearse(model):
    """Let a model say what it says of itself; one that can't was not written by `save_model`."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        repr(model), model.summary(), model.glance()
        if hasattr(model, "coefficients"):
            model.coefficients(), model.coef()


def _reason(error):
    if isinstance(error, Mismatch):
        return str(error)
    if isinstance(error, InputError):
        return f"{error.must.rstrip('.')}: {error.found.rstrip('.')}"[:300]
    reason = re.sub(r"\x1b\[[0-9;]*m", "", str(error))  # Keras writes in bold
    return f"{type(error).__name__}: {' '.join(reason.split())[:300]}"


def _read_file(path):
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SavingError(
            "`path` must be a file that can be read.", f"{str(path)!r}: {error.strerror}.", "Check the name."
        ) from error


def _open_bundle(content, name, max_bytes=None, with_arrays=True):
    """Return (bundle.json as dict, arrays as dict), or say what the bytes are not."""
    try:
        described, arrays = read_archive(content, _JSON, max_bytes, with_arrays)
    except TooLarge as error:
        raise SavingError(
            "A model file must not unpack to much more than its own size.",
            f"{name} ({len(content):,} bytes) {error}.",
            f"If you know who made it: load_model(path, max_bytes={error.size}).",
        ) from error
    except Unreadable as error:
        raise _not_a_bundle(content, name, str(error)) from error
    if described.get("file") != "bineural bundle":
        raise _not_a_bundle(content, name, "is a zip of something else")
    version, versions = described.get("format"), described.get("versions")
    if type(version) is not int or not 1 <= version <= FORMAT:
        raise SavingError(
            f"A model file must be of format {FORMAT} or older to be read by this version of bineural.",
            f"{name} is of format {str(version)[:20]}, written by bineural "
            f"{str(versions.get('bineural'))[:20] if isinstance(versions, dict) else None}.",
            "Update bineural, or save the model again with this version.",
        )
    wanted = {"kind": text, "versions": _is_versions, "record": _is_record, "model": lambda value: True}
    wrong = [key for key, check in wanted.items() if key not in described or not check(described[key])]
    if wrong:
        raise _not_a_bundle(content, name, f"is a model file without {wrong[0]!r}")
    return described, arrays


def _is_versions(value):
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


def _is_record(value):
    plain = (str, int, float, list, type(None))
    return isinstance(value, dict) and all(isinstance(v, plain) for v in value.values())


def _not_a_bundle(content, name, reason):
    return SavingError(
        "`path` must be a file written by save_model().",
        f"{name} ({len(content):,} bytes) {_guess_what(content) or reason}.",
        "Save the model again; if the file was sent or copied, compare its size with the original.",
    )


def _guess_what(content):
    if not content:
        return "is empty"
    if content[:4] == b"PK\x03\x04":
        whole = zipfile.is_zipfile(io.BytesIO(content))
        return None if whole else "is cut short: the end of the zip is missing"
    kinds = {
        b"\x80": "is a pickle",
        b"\x89HDF": "is an HDF5 file",
        b"\x1f\x8b": "is gzip (an .rds file?)",
        b"PAR1": "is Parquet",
    }
    return next((kind for start, kind in kinds.items() if content.startswith(start)), "is no zip file")


def _as_data(model):
    """Return the model without what a file can't carry, and what a file must not decide.

    Callbacks and the path of a checkpoint are left out; in the place of a builder function stands its net.
    """
    if not hasattr(model, "architecture"):
        return model
    twin = copy.copy(model)
    twin.callbacks = twin.checkpoint = None
    if callable(model.architecture) and not hasattr(model.architecture, "get_weights"):
        twin.architecture = model.keras_model_
    return twin


def _versions():
    versions = {name: package_version(name) for name in ("bineural", *_PACKAGES)}
    return {"python": platform.python_version(), **{k: v for k, v in versions.items() if v}}


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
        "scaling": "scaling_",
    }
    return {"date": now, **{key: plain(getattr(model, name, None)) for key, name in attributes.items()}}
