"""R as the judge of our numbers: `r` evaluates R code in this process through rpy2.

On a machine without R the tests that ask R are skipped with that reason; in CI a missing R is a failure.
"""

import os
import shutil
import warnings

import numpy as np
import pytest


def _start_r():
    if shutil.which("R") is None:
        if os.environ.get("CI"):
            raise RuntimeError("CI must have R: tools/setup_r.sh installs it.")
        pytest.skip("R is not installed, so it can't judge", allow_module_level=True)
    before = dict(os.environ)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import rpy2.rinterface_lib.callbacks as callbacks
        import rpy2.robjects as robjects
    os.environ.pop("LD_LIBRARY_PATH", None)  # set for this R, but other processes would load its libraries
    if "LD_LIBRARY_PATH" in before:
        os.environ["LD_LIBRARY_PATH"] = before["LD_LIBRARY_PATH"]

    callbacks.consolewrite_warnerror = lambda text: None
    return robjects


_robjects = _start_r()
r = _robjects.r


def numbers(code):
    """Evaluate R code and return its value as a float64 array (matrices keep their shape)."""
    value = r(code)
    array = np.array(value, dtype=float)  # a copy: R may move its own memory
    return array


def strings(code):
    """Evaluate R code and return its value as a list of str."""
    return [str(s) for s in r(code)]


def assign(name, values):
    """Give R a vector, a matrix or a pandas data frame under `name`."""
    if hasattr(values, "columns"):
        columns = {str(c): _r_vector(values[c]) for c in values.columns}
        frame = _robjects.DataFrame({})
        _robjects.globalenv[name] = frame
        r(f"{name} <- as.data.frame(matrix(nrow = {len(values)}, ncol = 0))")
        for column, vector in columns.items():
            _robjects.globalenv["..column"] = vector
            r(f"{name}[[{column!r}]] <- ..column")
        return
    array = np.asarray(values)
    if array.ndim == 2:
        _robjects.globalenv["..flat"] = _robjects.FloatVector(array.ravel(order="F").astype(float))
        r(f"{name} <- matrix(..flat, nrow = {array.shape[0]})")
    else:
        _robjects.globalenv[name] = _r_vector(values)


def _r_vector(values):
    if hasattr(values, "cat"):
        labels = [str(v) for v in values.cat.categories]
        codes = [_robjects.NA_Integer if c < 0 else int(c) + 1 for c in values.cat.codes]
        return _robjects.r("function(x, l) factor(l[x], levels = l)")(
            _robjects.IntVector(codes), _robjects.StrVector(labels)
        )
    array = np.asarray(values)
    if array.dtype.kind == "b":
        return _robjects.BoolVector(array.tolist())
    if array.dtype.kind in "iu":
        return _robjects.IntVector(array.tolist())
    if array.dtype.kind == "f":
        return _robjects.FloatVector(array.tolist())
    return _robjects.StrVector([str(v) for v in array])
