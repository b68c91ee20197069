"""Records of the core as bytes that `saveRDS()` in R keeps with the record's R object, and back.

Models have bundles for this. Averages, nets that are not fitted, searches and comparisons hold rows,
functions and other people's models, so they are pickled, and read by a list: classes of bineural and of
scikit-learn, the measures, and what tables and arrays are made of. Nothing else is looked up, so that reading
runs no foreign code. What can't be kept or is not on the list (a function of R's, another package's model)
comes back as `Lost`, which says so when it is used.
"""

import io
import pickle
import re
import types

from bineural.errors import InputError

MOST_BYTES = 2**28  # of a record; a larger one lives as long as the session

_BUILDERS = {
    "builtins": {"slice", "set", "frozenset", "complex", "range", "bytearray", "int", "float", "bool", "str"},
    "collections": {"Counter", "OrderedDict", "defaultdict", "deque"},
    "copyreg": {"_reconstructor"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "functools": {"partial"},
    "numpy": {"dtype", "ndarray", "nan"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
    "pandas": {"Categorical", "CategoricalDtype", "DataFrame", "Index", "Interval", "NaT", "RangeIndex"}
    | {"Series", "StringDtype", "Timestamp", "Timedelta", "Period"}
    | {"CategoricalIndex", "DatetimeIndex", "MultiIndex"}
    | {"DatetimeTZDtype", "PeriodDtype", "BooleanDtype", "Float64Dtype", "Int64Dtype"},
    "pandas._libs.arrays": {"__pyx_unpickle_NDArrayBacked"},
    "pandas._libs.internals": {"_unpickle_block"},
    "pandas._libs.missing": {"NA", "_get_na", "NAType"},
    "pandas._libs.tslibs.nattype": {"_nat_unpickle"},
    "pandas._libs.tslibs.timestamps": {"_unpickle_timestamp"},
    "pandas.arrays": {"ArrowStringArray", "BooleanArray", "DatetimeArray", "FloatingArray", "IntegerArray"}
    | {"PeriodArray", "StringArray", "TimedeltaArray"},
    "pandas.core.arrays.boolean": {"BooleanArray", "BooleanDtype"},
    "pandas.core.arrays.integer": {"IntegerArray", "Int64Dtype"},
    "pandas.core.arrays.floating": {"FloatingArray", "Float64Dtype"},
    "pandas.core.indexes.base": {"_new_Index"},
    "pandas.core.indexes.datetimes": {"_new_DatetimeIndex"},
    "pandas.core.internals.managers": {"BlockManager", "SingleBlockManager"},
    "pyarrow.lib": {"_restore_array", "py_buffer", "type_for_alias"},
    "zoneinfo": {"ZoneInfo"},
}
_HELPERS = re.compile(r"^bineural\._|\.externals\b|_testing\b|\.tests\b")  # no part of any record


def to_bytes(record):
    """Return a record as bytes; None where it is too large to be kept.

    Parameters
    ----------
    record : object
        A record of the core, e.g. a `Comparison`.

    Returns
    -------
    bytes or None
    """
    stream = _Bounded()
    try:
        _Pickler(stream, protocol=5).dump(record)
    except Exception:  # whatever a stranger's object raises when it is asked for its parts
        return None
    return stream.getvalue()


def from_bytes(content):
    """Return the record of `to_bytes`.

    Raises
    ------
    InputError
        If the bytes are no record.
    """
    try:
        return _Unpickler(io.BytesIO(bytes(content))).load()
    except Exception as error:
        raise InputError(
            "An object that was saved must be whole, and of this version of bineural.",
            f"Its Python part can't be read ({type(error).__name__}).",
            "Make it again.",
        ) from error


class LostError(InputError, AttributeError):
    """Something was used that a file could not keep; who only asks whether it has an attribute hears no."""


class Lost:
    """Stands for what a file could not keep; it refuses to be used."""

    what = "an object"

    def __init__(self, *args, **kwargs):
        if args and isinstance(args[0], str):
            self.what = args[0]

    def __setstate__(self, state):
        """Forget the state."""

    def __call__(self, *args, **kwargs):
        """Refuse to be called."""
        self._refuse()

    def __getattr__(self, name):
        """Have nothing."""
        if name.startswith("_"):
            raise AttributeError(name)
        self._refuse()

    def __repr__(self):
        """Name what was lost."""
        return f"<{self.what}, not kept in the file>"

    def _refuse(self):
        raise LostError(
            "What a saved object needs must be something that a file can carry.",
            f"It needs {self.what}, which `saveRDS()` doesn't keep.",
            "Make the object again in this session.",
        )


class _Bounded(io.BytesIO):
    def write(self, content):
        if self.tell() + len(content) > MOST_BYTES:
            raise OverflowError
        return super().write(content)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value):
        """Keep functions that have an address; the others are named."""
        callables = (types.FunctionType, types.BuiltinFunctionType, type)
        if isinstance(value, callables) and not _has_address(value):
            return Lost, (f"the function `{getattr(value, '__name__', 'function')}`",)
        if type(value).__name__ == "PyCapsule":
            return Lost, ("an object of R",)
        return NotImplemented


def _has_address(value):
    import importlib

    try:
        place = importlib.import_module(value.__module__)
        for name in value.__qualname__.split("."):
            place = getattr(place, name)
    except (AttributeError, ImportError, TypeError, ValueError):
        return False
    return place is value and value.__module__ != "__main__"


class _Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        """Look up what is on the list; the rest becomes `Lost`."""
        if name in _BUILDERS.get(module, ()):
            return super().find_class(module, name)
        if module.startswith(("bineural.", "sklearn.")) and not _HELPERS.search(module):
            value = super().find_class(module, name)
            is_kept = isinstance(value, type) or module.startswith("bineural.measures.")
            if is_kept and _is_defined_as(value, module, name):
                return value
        return type("Lost", (Lost,), {"what": f"`{name}` of {module.partition('.')[0]}"})


def _is_defined_as(value, module, name):
    """Say whether an object is the module's own, and none that it has imported, such as subprocess.Popen."""
    return getattr(value, "__module__", None) == module and getattr(value, "__qualname__", None) == name
