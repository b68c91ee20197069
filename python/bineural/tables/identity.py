"""A hash that tells values apart, models and functions too, the same in every process for the same values.

A function is its code, its defaults, and what it takes from around it; what is installed goes by its name. A
model is its options; a layer or a Keras model is its settings, whatever number Keras gave its name. What code
reads from files is not seen.
"""

import contextlib
import functools
import hashlib
import json
import re
import sys
import sysconfig
import types

import numpy as np

from bineural.tables.fingerprint import fingerprint_data
from bineural.tables.frames import is_frame

_PLAIN = (type(None), bool, int, float, complex, str, bytes, slice, range)
_SHOWS_ONLY = ("verbose", "n_jobs")  # options that change no result
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc, type)
_OWN = ("__init__", "__call__")  # of a class, beside its methods and values
_LIBRARIES = tuple(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def identity_hash(*values):
    """Return the hash of some values: 32 hexadecimal digits."""
    return _digest(_Writer().write(values))


def identity_text(value):
    """Write a value as text that is equal where values are."""
    return _Writer().write(value)


class _Writer:
    """Writes values as text; each object is written once, and one within itself by a word."""

    def __init__(self):
        self.texts = {}  # id to (object, its text, or None while it is being written)

    def write(self, value):
        """Return the text of a value."""
        if isinstance(value, _PLAIN):
            return repr(value)
        if id(value) in self.texts:
            text = self.texts[id(value)][1]
            return "<itself>" if text is None else text
        self.texts[id(value)] = value, None
        steps = self._numbers, self._several, self._function, self._rows, self._settings, self._attributes
        text = next(text for text in (write(value) for write in steps) if text is not None)
        text = text if len(text) <= 80 else _digest(text)
        self.texts[id(value)] = value, text
        return text

    def _numbers(self, value):
        if isinstance(value, np.random.RandomState):
            return f"random {self.write(value.get_state(legacy=False))}"
        if isinstance(value, np.random.Generator):
            return f"random {self.write(value.bit_generator.state)}"
        if not isinstance(value, (np.ndarray, np.generic)):
            return None
        if value.dtype.kind == "O":
            return f"{np.shape(value)} {self.write(np.ravel(value).tolist())}"
        return f"{value.dtype} {np.shape(value)} {_digest(np.ascontiguousarray(value).tobytes())}"

    def _rows(self, value):
        if is_frame(value):
            return f"rows {fingerprint_data(value)['hash']}"
        if hasattr(value, "dtype") and hasattr(value, "isna"):  # a column
            return f"column {fingerprint_data({'': value})['hash']}"
        return None

    def _several(self, value):
        if isinstance(value, (dict, types.MappingProxyType)):
            return f"dict {sorted((self.write(key), self.write(part)) for key, part in value.items())}"
        if isinstance(value, (set, frozenset)):
            return f"set {sorted(map(self.write, value))}"
        if isinstance(value, (list, tuple)):
            return f"{'list' if isinstance(value, list) else 'tuple'} {list(map(self.write, value))}"
        return None

    # ---- functions and classes ----

    def _function(self, value):
        if isinstance(value, types.ModuleType):
            return f"module {value.__name__}"
        if isinstance(value, functools.partial):
            return f"partial {self.write([value.func, value.args, value.keywords])}"
        if isinstance(value, types.MethodType):
            return f"method {self.write([value.__func__, value.__self__])}"
        if not isinstance(value, _FUNCTIONS):
            return None
        name = f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value)}"
        if _is_installed(getattr(value, "__module__", "builtins")):
            return name
        if isinstance(value, type):
            own = {n: part for n, part in vars(value).items() if callable(part) or isinstance(part, _PLAIN)}
            own = {
                n: part for n, part in own.items() if not n.startswith("__") or n in ("__init__", "__call__")
            }
            return f"{name} {self.write([own, list(value.__bases__)])}"
        code = value.__code__
        return f"{name} {self._code(code)} {self.write(_taken(value, code))}"

    def _code(self, code):
        """Write the instructions, the names and constants that they use, and functions within."""
        inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
        constants = [self.write(part) for part in code.co_consts if not isinstance(part, types.CodeType)]
        return f"{code.co_code.hex()} {code.co_names} {constants} {list(map(self._code, inner))}"

    # ---- models and other objects ----

    def _settings(self, value):
        """Write an estimator by its options, a part of Keras by its settings, a model by its layers too."""
        if hasattr(value, "get_params"):
            options = value.get_params(deep=False)
            options = {name: option for name, option in options.items() if name not in _SHOWS_ONLY}
            return f"{self.write(type(value))} {self.write(options)}"
        if not hasattr(value, "get_config"):
            return None
        try:
            settings = {
                **value.get_config(),
                **getattr(value, "_fn_kwargs", {}),
            }  # Huber's delta is only there
            text = json.dumps(settings, sort_keys=True, default=self.write)
        except (NotImplementedError, TypeError, ValueError):  # a model without a configuration
            text = ""
        if hasattr(value, "_flatten_layers"):
            text += str([self.write(type(layer)) for layer in value._flatten_layers()])
            text += str([(tuple(v.shape), str(v.dtype), bool(v.trainable)) for v in value.variables])
        return f"{self.write(type(value))} {_numbered(text)}"

    def _attributes(self, value):
        known = getattr(value, "__dict__", None)
        rest = self.write(known) if known else re.sub(r" at 0x[0-9a-f]+", "", repr(value))
        return f"{self.write(type(value))} {rest}"


def _is_installed(module):
    """Say whether a module is part of Python or of a package that was installed."""
    if module is None or module.split(".")[0] == "bineural":
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return module != "__main__" and (file is None or file.startswith(_LIBRARIES))


def _taken(function, code):
    """Return what a function takes from around it: defaults, and values of names that its code uses."""
    taken = [function.__defaults__, function.__kwdefaults__]
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # an empty one
            taken.append(cell.cell_contents)
    around = function.__globals__
    return [*taken, *(around[name] for name in _names(code) if name in around)]


def _names(code):
    inner = [_names(part) for part in code.co_consts if isinstance(part, types.CodeType)]
    return [*code.co_names, *(name for names in inner for name in names)]


def _numbered(text):
    """Put numbers in the place of the names that Keras gave to layers."""
    names = dict.fromkeys(re.findall(r'"name": "([^"]*)"', text))
    numbers = {name: f"#{i}" for i, name in enumerate(names)}
    return re.sub(r'"([^"]*)"', lambda match: f'"{numbers.get(match[1], match[1])}"', text)


def _digest(content):
    content = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()
