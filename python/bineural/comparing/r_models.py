"""Models of R's in a comparison: fitted by R to the same rows, in this process, through rpy2."""

import numpy as np

from bineural.comparing.function_entrants import ByRows
from bineural.errors import InputError
from bineural.tables.frames import is_frame

_DEFAULT_PREDICT = 'function(model, test) stats::predict(model, test, type = "response")'


class RModel:
    """A model that R fits; made by `r_model`."""

    def __init__(self, fit, predict, packages):
        self.fit, self.predict, self.packages = fit, predict or _DEFAULT_PREDICT, list(packages or ())

    def __repr__(self):
        """Show how R fits it."""
        return f"<R model: {' '.join(self.fit.split())}>"

    def as_entrant(self, name):
        """Return the entrant of a comparison."""
        return _ByR(name, self)


class _ByR(ByRows):
    """R's fit and predict on rows of one R data frame, made once."""

    def __init__(self, name, spec):
        super().__init__(name, None, " ".join(spec.fit.split()), [spec.predict, spec.packages])
        self.spec, self._ready = spec, None

    def _fit_predict(self, basis, train, test, seed):
        from bineural.comparing.answers import settle_answer

        if self._ready is None:
            self._ready = _prepare(self.spec, basis)
        return settle_answer(self._ready(train, test, seed), basis, len(test))


def _prepare(spec, basis):
    """Return a function (train_ids, test_ids, seed) -> ndarray that asks R."""
    robjects = _rpy2()
    from rpy2.rinterface_lib.embedded import RRuntimeError

    frame, outcome = _r_frame(basis, robjects)
    try:
        for package in spec.packages:
            robjects.r(f"suppressPackageStartupMessages(library({package}, character.only = FALSE))")
        run = robjects.r(_RUN)
        fit, predict = robjects.r(f"({spec.fit})"), robjects.r(f"({spec.predict})")
    except RRuntimeError as error:
        raise _r_error(error) from error

    def ask(train, test, seed):
        rows = [robjects.IntVector((np.asarray(ids) + 1).tolist()) for ids in (train, test)]
        try:
            answer = run(frame, outcome, *rows, fit, predict, int(seed))
        except RRuntimeError as error:
            raise _r_error(error) from error
        values = np.array(answer, dtype=np.float64)
        return values.reshape(len(test), -1, order="F") if values.size != len(test) else values

    return ask


# The random stream is put back as it was (none where none had begun); test columns lack the outcome.
_RUN = """
function(data, outcome, train, test, fit, predict, seed) {
  before <- globalenv()[[".Random.seed"]]
  kinds <- as.list(RNGkind())
  on.exit(if (is.null(before)) {
    do.call(RNGkind, kinds)
    rm(".Random.seed", envir = globalenv())
  } else {
    assign(".Random.seed", before, envir = globalenv())
  })
  set.seed(seed, "default", "default", "default")
  model <- fit(data[train, , drop = FALSE])
  found <- predict(model, data[test, setdiff(names(data), outcome), drop = FALSE])
  if (is.data.frame(found)) found <- as.matrix(found)
  if (!is.numeric(found)) stop("predict must return numbers, and returned ", class(found)[1])
  found
}
"""


def _r_error(error):
    return InputError(
        "R must be able to fit the model and to predict.",
        f"R says: {' '.join(str(error).split())}.",
        "Try the functions in R; `predict` returns probabilities, `packages` are loaded first.",
    )


def _rpy2():
    try:
        import rpy2.robjects as robjects
    except Exception as error:  # rpy2 without R says so in its own ways
        raise InputError(
            "Models of R's need R and the Python package rpy2.",
            f"{type(error).__name__}: {error}.",
            "Install both, or run the comparison from R.",
        ) from error
    return robjects


def _r_frame(basis, robjects):
    """Return the rows as an R data frame, text as factors, and the outcome's columns."""
    import pandas as pd
    from rpy2.robjects import pandas2ri

    X = basis.problem.X
    if not is_frame(X):
        raise InputError(
            "Models of R's must be compared on a data frame.",
            f"The rows are {type(X).__name__}.",
            "Pass a table with names.",
        )
    frame = pd.DataFrame({str(name): X[name].reset_index(drop=True) for name in X.columns})
    columns = basis.outcome_columns
    for name in frame.columns:
        if frame[name].dtype.kind not in "iufb" and not isinstance(frame[name].dtype, pd.CategoricalDtype):
            frame[name] = frame[name].astype("category")
    with (robjects.default_converter + pandas2ri.converter).context():
        made = robjects.conversion.get_conversion().py2rpy(frame)
    return made, robjects.StrVector(columns)
