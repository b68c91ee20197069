"""`FILL_IN`, the blank of an exercise: a value that code can go on with until it is filled in."""

from bineural.errors import InputError

_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "divmod", "pow", "matmul", "and", "or", "xor")
_OTHERS = ("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "round", "trunc", "floor", "ceil")
_OTHERS += ("getitem", "call", "copy", "deepcopy", "array_ufunc", "array_function")
_NEVER_BLANK = (int, float, str, bool, type(None))
_SHORT = 1000  # lists beyond this length are data, and no blanks are looked for in them


class Blank:
    """What stands where a learner's answer will be: whatever is computed from it is blank too.

    So a script, or "Run all" in a notebook, goes on past a blank, and `check_exercise` says what is to be
    filled in. Where a number or a decision is needed, no guess is made: that is an error with the blank's
    name. R's `FILL_IN` is a missing value, which does the same there.

    Raises
    ------
    InputError
        If it is turned into a number or a truth value, is iterated over, or is given to a function of
        bineural.

    Examples
    --------
    >>> import bineural as bn
    >>> 2 * bn.FILL_IN + 1
    FILL_IN
    >>> bn.check_exercise("or-gate", weights=[bn.FILL_IN, bn.FILL_IN], bias=0)
    Fill in `weights` (two numbers, one for each input).
    """

    def _is_needed(self, *_):
        raise InputError(
            "A blank must be filled in before something can hang on its value.",
            "Found FILL_IN.",
            "Put your own answer where FILL_IN stands.",
        )

    __float__ = __int__ = __index__ = __complex__ = __bool__ = _is_needed
    __iter__ = __contains__ = None  # no endless loop over its parts, each of which is blank

    def __setitem__(self, key, value):
        """Take a part of the blank as filled in, and stay blank as a whole."""

    def __array__(self, dtype=None, copy=None):
        """Be one value in an array of objects, and nothing in an array of numbers."""
        import numpy as np

        if dtype is not None and np.dtype(dtype) != object:
            self._is_needed()
        array = np.empty((), dtype=object)
        array[()] = self
        return array

    def __getattr__(self, name):
        """Have a method for each of NumPy's functions, which arrays of objects call; and nothing else."""
        import numpy as np

        if not name.startswith("_") and isinstance(getattr(np, name, None), np.ufunc):
            return self
        raise AttributeError(f"FILL_IN has no `{name}`: it is a blank, still to be filled in.", name=name)

    def __repr__(self):
        """Write the name."""
        return "FILL_IN"

    def __format__(self, spec):
        """Write the name, whatever number of decimals is asked for."""
        return "FILL_IN"

    def __reduce__(self):
        """Be the same blank in every process."""
        return "FILL_IN"


def _stay_blank(self, *_, **__):
    return self


for _name in (*_BINARY, *(f"r{name}" for name in _BINARY), *_OTHERS):
    setattr(Blank, f"__{_name}__", _stay_blank)
Blank.__name__ = Blank.__qualname__ = "FILL_IN"  # as errors write the type of what they found

FILL_IN = Blank()


def holds_blank(value, depth=3):
    """Say whether `FILL_IN` is the value, or stands in a list, a dict or an array."""
    kind = type(value)
    if kind in _NEVER_BLANK:
        return False
    if kind is Blank:
        return True
    if isinstance(value, dict):
        value = list(value.values())
    elif getattr(getattr(value, "dtype", None), "kind", "") == "O" and hasattr(value, "tolist"):
        value = value.tolist() if value.size <= _SHORT else []
    if not depth or not isinstance(value, (list, tuple)) or len(value) > _SHORT:
        return False
    return any(holds_blank(part, depth - 1) for part in value)
