"""Values as a JSON tree beside a dict of arrays, without pickle (`decoding.py` reads them back).

Plain values stay as they are; everything else becomes `{"~": tag, ...}`. Arrays go to a flat dict that
`saving.py` stores as npz. Of objects, only those of the classes in `registry.py` and Keras' own layers,
models, losses and optimizers (`keras_parts.py`) are written or read: a file can name no other code.
"""

import base64
import datetime
import sys
import warnings

import numpy as np

from bineural.bundles.objects import state_of
from bineural.bundles.registry import class_name
from bineural.bundles.schema import Mismatch, check_attributes
from bineural.errors import SavingError

TAG = "~"


class Encoder:
    """Turn one value into a JSON tree; arrays are collected in `arrays`."""

    def __init__(self):
        self.arrays = {}

    def encode(self, value, where="model"):
        """Return the JSON tree of `value`; `where` is the path that an error names.

        Raises
        ------
        SavingError
            If a part of the value has no place in a bundle (functions, open files, foreign objects).
        """
        if value is None or type(value) in (bool, int, str):
            return value
        if type(value) is float:
            return value if np.isfinite(value) else {TAG: "float", "value": repr(value)}
        for encode in (self._container, self._array, self._moment, self._frame, self._keras, self._object):
            tree = encode(value, where)
            if tree is not None:
                return tree
        raise _cannot_save(value, where)

    def _container(self, value, where):
        if type(value) is list:
            return self._items(value, where)
        if type(value) is tuple:
            return {TAG: "tuple", "items": self._items(value, where)}
        if type(value) in (set, frozenset):
            ordered = sorted(value, key=repr)  # the same set gives the same file
            return {TAG: type(value).__name__, "items": self._items(ordered, where)}
        if isinstance(value, dict) and type(value).__name__ in ("dict", "OrderedDict", "defaultdict"):
            if all(type(k) is str for k in value) and TAG not in value:
                return {k: self.encode(v, f"{where}.{k}") for k, v in value.items()}
            pairs = [
                [self.encode(k, f"{where} key"), self.encode(v, f"{where}.{k}")] for k, v in value.items()
            ]
            return {TAG: "pairs", "items": pairs}
        if type(value) in (slice, range):
            parts = self._items([value.start, value.stop, value.step], where)
            return {TAG: type(value).__name__, "items": parts}
        if type(value) in (bytes, bytearray):
            return {TAG: "bytes", "value": base64.b64encode(value).decode()}
        if type(value) is complex:
            return {TAG: "complex", "items": [value.real, value.imag]}
        return None

    def _items(self, values, where):
        return [self.encode(v, f"{where}[{i}]") for i, v in enumerate(values)]

    def _array(self, value, where):
        if isinstance(value, np.generic):
            return {TAG: "scalar", "array": self._store(np.asarray(value))}
        if type(value) is np.dtype:
            return {TAG: "dtype", "value": value.str}
        if not isinstance(value, np.ndarray) or value.dtype.names is not None:
            return None
        if value.dtype.kind == "O":
            return {
                TAG: "objects",
                "shape": list(value.shape),
                "items": self._items(value.ravel().tolist(), where),
            }
        return {TAG: "array", "array": self._store(value)}

    def _store(self, array):
        if array.dtype.kind == "T":  # numpy's variable-width text has no npy form
            array = array.astype(str)
        name = f"a{len(self.arrays)}"
        self.arrays[name] = array
        return name

    def _moment(self, value, where):
        if type(value) in (datetime.datetime, datetime.date, datetime.time):
            return {TAG: type(value).__name__, "value": value.isoformat()}
        if type(value) is datetime.timedelta:
            return {TAG: "timedelta", "items": [value.days, value.seconds, value.microseconds]}
        return None

    def _frame(self, value, where):
        pandas = sys.modules.get("pandas")
        if pandas is None:
            return None
        if value is pandas.NA or value is pandas.NaT:
            return {TAG: "missing", "value": "NA" if value is pandas.NA else "NaT"}
        if isinstance(value, pandas.Timestamp):
            return {TAG: "timestamp", "value": value.isoformat(), "unit": value.unit}
        if isinstance(value, pandas.CategoricalDtype):
            return {
                TAG: "categories",
                "items": self.encode(value.categories, where),
                "ordered": bool(value.ordered),
            }
        if isinstance(value, (np.dtype, pandas.api.extensions.ExtensionDtype)):
            return {TAG: "pandas_dtype", "value": str(value)}
        if isinstance(value, pandas.MultiIndex):
            raise _cannot_save(value, where)
        if isinstance(value, (pandas.Index, pandas.Series, pandas.Categorical)):
            kind = next(
                k for k in ("Index", "Series", "Categorical") if isinstance(value, getattr(pandas, k))
            )
            tree = {TAG: "column", "kind": kind, "dtype": self.encode(value.dtype, where)}
            tree["items"] = self.encode(_column_values(value), where)
            if kind != "Categorical":
                tree["name"] = self.encode(value.name, f"{where} name")
            if kind == "Series":
                tree["index"] = self.encode(value.index, f"{where} index")
            return tree
        if isinstance(value, pandas.DataFrame):
            columns = [[self.encode(c, where), self.encode(value[c], f"{where}.{c}")] for c in value.columns]
            return {TAG: "frame", "columns": columns, "index": self.encode(value.index, f"{where} index")}
        return None

    def _keras(self, value, where):
        keras = sys.modules.get("keras")
        if keras is None or not type(value).__module__.startswith("keras"):
            return None
        from bineural.bundles.keras_parts import refuse_foreign

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about lambdas, which are refused below
                tree = {TAG: "keras", "config": keras.saving.serialize_keras_object(value)}
        except (TypeError, ValueError, NotImplementedError) as error:
            raise _cannot_save(value, where) from error
        _complete_loss(tree["config"], value)
        refuse_foreign(tree["config"], where)
        tree["config"] = self.encode(tree["config"], where)
        if isinstance(value, keras.Model):
            tree["weights"] = [self._store(np.asarray(w)) for w in value.get_weights()]
        return tree

    def _object(self, value, where):
        name = class_name(type(value))
        if name is None:
            return None
        state = state_of(value)
        tree = {TAG: "object", "class": name, "state": self.encode(state, where)}
        try:
            check_attributes(state, type(value).SCHEMA, where)
        except Mismatch as error:
            raise SavingError(
                "A model to be saved must have the attributes of its class, and no others.",
                f"{error}.",
                "Take out what you put into it, or fit again.",
            ) from error
        return tree


def _complete_loss(config, model):
    """Write the settings of a compiled model's loss that Keras' own leaves out (Huber's delta)."""
    loss = getattr(model, "loss", None)
    written = (config.get("compile_config") or {}).get("loss")
    if isinstance(written, dict) and isinstance(written.get("config"), dict):
        written["config"].update(getattr(loss, "_fn_kwargs", {}))


def _column_values(column):
    """Values of a pandas column as a numpy array: codes of a categorical, objects for text and missing."""
    import pandas

    if isinstance(column.dtype, pandas.CategoricalDtype):
        return np.asarray(column.codes if hasattr(column, "codes") else column.cat.codes)
    if isinstance(column.dtype, np.dtype):
        return np.asarray(column)
    return np.asarray(column, dtype=object)


def _cannot_save(value, where):
    name = getattr(value, "__qualname__", None) or type(value).__qualname__
    return SavingError(
        "A model to be saved must be made of plain values, arrays and bineural's or Keras' own objects.",
        f"`{where}` is {name!r}, of type {type(value).__module__}.{type(value).__qualname__}.",
        "Give a name or a Keras model instead of a function or an object of your own, and fit again.",
    )
