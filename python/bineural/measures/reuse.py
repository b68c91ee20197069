"""Rows used twice: test rows that the model was fitted to, and test rows that have scored many models.

Both flatter: the first a model, the second the best of the models. What is remembered lives as long as the
process and holds hashes only. Of rows in batches, which may be gone, nothing is told.
"""

import hashlib

import numpy as np

from bineural.tables.rows import count_rows

MOST_ROWS = 200_000  # of more rows nothing is remembered or compared, so that evaluating stays quick
MANY_MODELS = 5
_scored = {}  # hash of test rows and outcome: hashes of the scores they gave


class FittedRows:
    """The rows that a model was fitted to, to find copies of them among others.

    Parameters
    ----------
    model : estimator
        Fitted by `fit_glm` or `fit_net` to rows in memory, in this process; of others nothing is known.
    """

    def __init__(self, model):
        fitted = getattr(model, "_fitted_rows", None)
        self.rows = None if fitted is None or count_rows(fitted[0]) > MOST_ROWS else fitted
        made = callable(getattr(model, "features", None))  # columns that the data do not have
        self.columns = None if made else getattr(getattr(model, "preparation_", None), "columns_", None)
        self.hashes, self.n_left = None, MOST_ROWS

    def find(self, data, y):
        """Say of which rows an exact copy, outcome included, is among them.

        Parameters
        ----------
        data : data frame or array_like, shape (n_rows, n_features)
            All rows, or the next batch of them.
        y : array_like, shape (n_rows,)

        Returns
        -------
        ndarray of bool, shape (n_rows,), or None
            None where it can't be told.
        """
        self.n_left -= count_rows(data)
        if self.rows is None or self.n_left < 0:
            return None
        try:
            if self.hashes is None:
                self.hashes = _hash_rows(*self.rows, self.columns)
            return np.isin(_hash_rows(data, y, self.columns), self.hashes)
        except (TypeError, ValueError, KeyError):  # columns of another kind: surely other rows
            return None


def count_known(known, kept):
    """Count the kept rows, by position, among those that `FittedRows` found."""
    return 0 if known is None else int(np.count_nonzero(known[kept]))


def count_models_scored(data, y_true, score):
    """Note a score of these rows; return how many different ones they have given in this process."""
    from bineural.tables.batches import is_stream

    if is_stream(data) or len(y_true) > MOST_ROWS:
        return 1
    digest = hashlib.blake2b(digest_size=16)
    try:
        digest.update(_hash_rows(data, np.arange(count_rows(data)), None).tobytes())
    except (TypeError, ValueError):
        return 1
    digest.update(np.ascontiguousarray(y_true).tobytes())
    scores = _scored.setdefault(digest.hexdigest(), set())
    scores.add(hashlib.blake2b(np.ascontiguousarray(score).tobytes(), digest_size=8).hexdigest())
    return len(scores)


def _hash_rows(data, y, columns):
    """Hash each row and its outcome: uint64, shape (n_rows,)."""
    import pandas as pd

    from bineural.tables.frames import as_frame, is_frame

    if is_frame(data):
        frame = as_frame(data)
        frame = frame[[c for c in (columns or frame.columns) if c in frame.columns]].reset_index(drop=True)
    elif hasattr(data, "content_hashes"):  # pictures
        frame = pd.DataFrame({"picture": data.content_hashes()})
    else:
        array = np.asarray(data)
        frame = pd.DataFrame(array.reshape(len(array), -1))
    frame = frame.apply(lambda c: c if c.dtype.kind in "iufb" else c.astype(str))
    numbers = [c for c in frame.columns if frame[c].dtype.kind in "iub"]
    frame[numbers] = frame[numbers].astype(np.float64)  # 3 and 3.0 are one value
    outcome = np.asarray(y)
    if outcome.ndim == 2:
        outcome = np.array([",".join(map(str, row)) for row in outcome.astype(np.float64).tolist()])
    outcome = outcome.astype(np.float64 if outcome.dtype.kind in "iub" else outcome.dtype).astype(str)
    parts = [pd.util.hash_pandas_object(part, index=False).to_numpy() for part in (frame, pd.Series(outcome))]
    return parts[0] * np.uint64(3) + parts[1]
