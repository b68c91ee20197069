"""A JSON tree and its arrays back to the value that `encoding.py` wrote: plain values and known classes.

Nothing in a file is run. A mark is looked up in a table, a class in `registry.py`, a Keras object in the list
of `keras_parts.py`; each value is checked before it is made, and each object by the schema of its class.
"""

import base64
import datetime
import re

import numpy as np

from bineural.bundles.archive import DEPTH
from bineural.bundles.encoding import TAG
from bineural.bundles.objects import build_object
from bineural.bundles.registry import find_class
from bineural.bundles.schema import require
from bineural.errors import SavingError

__all__ = ["Decoder", "find_class"]

_DTYPE = re.compile(r"[<>|=]?(?:[biufcUSmM]\d{0,4}|[mM]8\[\d{0,4}[A-Za-z]{1,2}\])|object|O|\|O\d?")
_TIME_ZONE = r"(?!dateutil)[A-Za-z0-9_+\-:/]{1,40}"  # dateutil would read a file of that name
_PANDAS_DTYPE = re.compile(
    r"U?[Ii]nt(?:8|16|32|64)|[Ff]loat(?:16|32|64)|bool|boolean|object|str|string"
    r"|string\[(?:python|pyarrow|pyarrow_numpy)\]|(?:u?int\d\d?|float|double|bool|string|large_string)\[pyarrow\]"
    rf"|(?:datetime64|timedelta64)\[(?:s|ms|us|ns)(?:, {_TIME_ZONE})?\]|period\[[A-Za-z0-9\-]{{1,12}}\]"
)


class Decoder:
    """Turn a JSON tree and its arrays back into the value that was encoded.

    Parameters
    ----------
    arrays : dict of str to ndarray
    """

    def __init__(self, arrays):
        self.arrays, self._depth = arrays, 0

    def decode(self, tree):
        """Return the value of one JSON tree.

        Raises
        ------
        SavingError
            If the tree names a class that is not bineural's own, or a tag that this version does not know.
        Mismatch
            If a part can't be what it says.
        """
        if type(tree) not in (list, dict):
            return tree
        self._depth += 1
        require(self._depth <= DEPTH, f"it is nested more than {DEPTH} levels deep")
        try:
            return self._decode_nested(tree)
        finally:
            self._depth -= 1

    def _decode_nested(self, tree):
        if type(tree) is list:
            return [self.decode(t) for t in tree]
        if TAG not in tree:
            return {k: self.decode(v) for k, v in tree.items()}
        mark = tree[TAG]
        read = _READERS.get(mark) if isinstance(mark, str) else None
        if read is None:
            raise SavingError(
                "A model file must hold only values that this version of bineural knows.",
                f"It holds one marked {str(mark)[:40]!r}.",
                "Read it with the version that wrote it, or a newer one.",
            )
        return read(self, tree)

    # ---- plain values ----

    def _float(self, tree):
        require(tree["value"] in ("nan", "inf", "-inf"), "a number is none")
        return float(tree["value"])

    def _items(self, tree, length=None):
        items = tree["items"]
        require(type(items) is list and length in (None, len(items)), "a list has another length")
        return [self.decode(item) for item in items]

    def _tuple(self, tree):
        return tuple(self._items(tree))

    def _set(self, tree):
        return set(self._items(tree))

    def _frozenset(self, tree):
        return frozenset(self._items(tree))

    def _slice(self, tree):
        return slice(*self._whole_or_none(tree))

    def _range(self, tree):
        return range(*self._whole_or_none(tree))

    def _whole_or_none(self, tree):
        items = self._items(tree, 3)
        require(all(i is None or type(i) is int and abs(i) < 2**63 for i in items), "a slice is none")
        return items

    def _pairs(self, tree):
        pairs = tree["items"]
        require(type(pairs) is list and all(type(p) is list and len(p) == 2 for p in pairs), "a dict is none")
        return {self.decode(k): self.decode(v) for k, v in pairs}

    def _bytes(self, tree):
        return base64.b64decode(_text(tree["value"]), validate=True)

    def _complex(self, tree):
        items = self._items(tree, 2)
        require(all(type(i) in (int, float) for i in items), "a complex number is none")
        return complex(*items)

    # ---- arrays ----

    def _stored(self, name):
        require(isinstance(name, str) and name in self.arrays, f"an array {str(name)[:40]!r} is missing")
        return self.arrays[name]

    def _scalar(self, tree):
        stored = self._stored(tree["array"])
        require(stored.ndim == 0, "a single value has axes")
        return stored[()]

    def _array(self, tree):
        return self._stored(tree["array"])

    def _dtype(self, tree):
        require(_DTYPE.fullmatch(_text(tree["value"])), f"{tree['value'][:40]!r} is no type")
        return np.dtype(tree["value"])

    def _objects(self, tree):
        shape, items = tree["shape"], tree["items"]
        require(
            type(shape) is list
            and len(shape) <= 32
            and all(type(d) is int and 0 <= d <= max(1, len(items)) for d in shape)
            and type(items) is list
            and int(np.prod(shape, dtype=object)) == len(items),
            "an array has another number of items than it says",
        )
        array = np.empty(len(items), dtype=object)
        for i, item in enumerate(items):  # an item that is a list stays one
            array[i] = self.decode(item)
        return array.reshape(shape)

    # ---- moments ----

    def _datetime(self, tree):
        return datetime.datetime.fromisoformat(_text(tree["value"]))

    def _date(self, tree):
        return datetime.date.fromisoformat(_text(tree["value"]))

    def _time(self, tree):
        return datetime.time.fromisoformat(_text(tree["value"]))

    def _timedelta(self, tree):
        items = self._items(tree, 3)
        require(all(type(i) is int for i in items), "a span of time is none")
        return datetime.timedelta(*items)

    # ---- pandas ----

    def _missing(self, tree):
        import pandas

        require(tree["value"] in ("NA", "NaT"), f"{str(tree['value'])[:40]!r} is no missing value")
        return pandas.NA if tree["value"] == "NA" else pandas.NaT

    def _timestamp(self, tree):
        import pandas

        require(tree["unit"] in ("s", "ms", "us", "ns"), "a moment has no unit")
        require(len(_text(tree["value"])) < 60 and tree["value"][:4].isdigit(), "a moment is none")
        return pandas.Timestamp(tree["value"]).as_unit(tree["unit"])

    def _categories(self, tree):
        import pandas

        require(type(tree["ordered"]) is bool, "categories are neither ordered nor not")
        return pandas.CategoricalDtype(self.decode(tree["items"]), ordered=tree["ordered"])

    def _pandas_dtype(self, tree):
        import pandas

        require(_PANDAS_DTYPE.fullmatch(_text(tree["value"])), f"{tree['value'][:40]!r} is no type")
        return pandas.api.types.pandas_dtype(tree["value"])

    def _column(self, tree):
        import pandas

        values, dtype = self.decode(tree["items"]), self.decode(tree["dtype"])
        require(isinstance(values, np.ndarray) and values.ndim == 1, "a column holds no values")
        require(isinstance(dtype, (np.dtype, pandas.api.extensions.ExtensionDtype)), "a column has no type")
        if tree["kind"] == "Categorical":
            return pandas.Categorical.from_codes(values, dtype=dtype)
        require(tree["kind"] in ("Index", "Series"), "a column is of no kind")
        if isinstance(dtype, pandas.CategoricalDtype):
            values, dtype = pandas.Categorical.from_codes(values, dtype=dtype), None
        name = self.decode(tree["name"])
        if tree["kind"] == "Index":
            return pandas.Index(values, dtype=dtype, name=name)
        return pandas.Series(values, dtype=dtype, name=name, index=self.decode(tree["index"]))

    def _frame(self, tree):
        import pandas

        columns = tree["columns"]
        require(type(columns) is list and all(type(c) is list and len(c) == 2 for c in columns), "no table")
        columns = [(self.decode(c), self.decode(v)) for c, v in columns]
        require(all(isinstance(v, pandas.Series) for _, v in columns), "a table has a column that is none")
        return pandas.DataFrame(dict(columns), index=self.decode(tree["index"]))

    # ---- objects ----

    def _keras(self, tree):
        from bineural.bundles.keras_parts import build_keras

        names = tree.get("weights")
        weights = None
        if names is not None:
            require(type(names) is list, "a Keras model has no weights")
            weights = [self._stored(name) for name in names]
        return build_keras(self.decode(tree["config"]), weights)

    def _object(self, tree):
        return build_object(find_class(tree["class"]), self.decode(tree["state"]))


def _text(value):
    require(isinstance(value, str), "a text is none")
    return value


_READERS = {
    "float": Decoder._float,
    "tuple": Decoder._tuple,
    "set": Decoder._set,
    "frozenset": Decoder._frozenset,
    "slice": Decoder._slice,
    "range": Decoder._range,
    "pairs": Decoder._pairs,
    "bytes": Decoder._bytes,
    "complex": Decoder._complex,
    "scalar": Decoder._scalar,
    "array": Decoder._array,
    "dtype": Decoder._dtype,
    "objects": Decoder._objects,
    "datetime": Decoder._datetime,
    "date": Decoder._date,
    "time": Decoder._time,
    "timedelta": Decoder._timedelta,
    "missing": Decoder._missing,
    "timestamp": Decoder._timestamp,
    "categories": Decoder._categories,
    "pandas_dtype": Decoder._pandas_dtype,
    "column": Decoder._column,
    "frame": Decoder._frame,
    "keras": Decoder._keras,
    "object": Decoder._object,
}
