"""A JSON tree and its arrays back to the value that `encoding.py` wrote.

Nothing in a file is run: a class is looked up only inside bineural and only when it is one that is saved, and
Keras rebuilds only its own layers.
"""

import base64
import datetime
import importlib

import numpy as np

from bineural.bundles.encoding import TAG, object_face, refuse_foreign_config
from bineural.errors import SavingError


class Decoder:
    """Turn a JSON tree and its arrays back into the value that was encoded."""

    def __init__(self, arrays):
        self.arrays = arrays

    def decode(self, tree):
        """Return the value of one JSON tree.

        Raises
        ------
        SavingError
            If the tree names a class that is not bineural's own, or a tag that this version does not know.
        """
        if isinstance(tree, list):
            return [self.decode(t) for t in tree]
        if not isinstance(tree, dict):
            return tree
        if TAG not in tree:
            return {k: self.decode(v) for k, v in tree.items()}
        read = getattr(self, f"_read_{tree[TAG]}", None)
        if read is None:
            raise SavingError(
                "A bundle must hold only values that this version of bineural knows.",
                f"It holds one marked {tree[TAG]!r}.",
                "Read it with the version that wrote it, or a newer one.",
            )
        return read(tree)

    def _read_float(self, tree):
        return float(tree["value"])

    def _read_tuple(self, tree):
        return tuple(self.decode(tree["items"]))

    def _read_set(self, tree):
        return set(self.decode(tree["items"]))

    def _read_frozenset(self, tree):
        return frozenset(self.decode(tree["items"]))

    def _read_slice(self, tree):
        return slice(*self.decode(tree["items"]))

    def _read_range(self, tree):
        return range(*self.decode(tree["items"]))

    def _read_pairs(self, tree):
        return {self.decode(k): self.decode(v) for k, v in tree["items"]}

    def _read_bytes(self, tree):
        return base64.b64decode(tree["value"])

    def _read_complex(self, tree):
        return complex(*tree["items"])

    def _read_scalar(self, tree):
        return self.arrays[tree["array"]][()]

    def _read_array(self, tree):
        return self.arrays[tree["array"]]

    def _read_dtype(self, tree):
        return np.dtype(tree["value"])

    def _read_objects(self, tree):
        array = np.empty(int(np.prod(tree["shape"])), dtype=object)
        array[:] = self.decode(tree["items"])
        return array.reshape(tree["shape"])

    def _read_datetime(self, tree):
        return datetime.datetime.fromisoformat(tree["value"])

    def _read_date(self, tree):
        return datetime.date.fromisoformat(tree["value"])

    def _read_time(self, tree):
        return datetime.time.fromisoformat(tree["value"])

    def _read_timedelta(self, tree):
        return datetime.timedelta(*tree["items"])

    def _read_missing(self, tree):
        import pandas

        return getattr(pandas, tree["value"])

    def _read_timestamp(self, tree):
        import pandas

        return pandas.Timestamp(tree["value"]).as_unit(tree["unit"])

    def _read_categories(self, tree):
        import pandas

        return pandas.CategoricalDtype(self.decode(tree["items"]), ordered=tree["ordered"])

    def _read_pandas_dtype(self, tree):
        import pandas

        return pandas.api.types.pandas_dtype(tree["value"])

    def _read_column(self, tree):
        import pandas

        values, dtype = self.decode(tree["items"]), self.decode(tree["dtype"])
        if tree["kind"] == "Categorical":
            return pandas.Categorical.from_codes(values, dtype=dtype)
        if isinstance(dtype, pandas.CategoricalDtype):
            values, dtype = pandas.Categorical.from_codes(values, dtype=dtype), None
        name = self.decode(tree["name"])
        if tree["kind"] == "Index":
            return pandas.Index(values, dtype=dtype, name=name)
        return pandas.Series(values, dtype=dtype, name=name, index=self.decode(tree["index"]))

    def _read_frame(self, tree):
        import pandas

        columns = {self.decode(c): self.decode(v) for c, v in tree["columns"]}
        return pandas.DataFrame(columns, index=self.decode(tree["index"]))

    def _read_keras(self, tree):
        from bineural._tensorflow import keras
        from bineural.training.seeds import keep_random

        config = self.decode(tree["config"])
        refuse_foreign_config(config, "the bundle")
        with keep_random():
            value = keras.saving.deserialize_keras_object(config, safe_mode=True)
        if "weights" in tree:
            value.set_weights([self.arrays[name] for name in tree["weights"]])
        return value

    def _read_object(self, tree):
        cls = find_class(tree["class"])
        face, state = object_face(cls), self.decode(tree["state"])
        if face == "state":
            return cls.from_state(state)
        value = cls.__new__(cls)
        if face == "estimator" and hasattr(value, "__setstate__"):
            value.__setstate__(state)
        else:
            for name, item in state.items():
                object.__setattr__(value, name, item)
        return value


def find_class(name):
    """Return the bineural class that `"bineural.module:Class"` names; no other name is looked up."""
    module_name, _, qualname = str(name).partition(":")
    parts = module_name.split(".")
    cls = None
    if parts[0] == "bineural" and len(parts) > 1 and all(p.isidentifier() for p in [*parts, qualname]):
        try:
            cls = getattr(importlib.import_module(module_name), qualname, None)
        except ModuleNotFoundError:
            cls = None
    if not isinstance(cls, type) or cls.__module__ != module_name or object_face(cls) is None:
        raise SavingError(
            "A bundle may name only the model classes of bineural itself.",
            f"It names {name!r}.",
            "Don't use this file unless you know who made it.",
        )
    return cls
