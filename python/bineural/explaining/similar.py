"""Rows like others, by what a net has learnt to see: reverse image search, with a net's own features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, RowsLike
from bineural.checks import checked, whole
from bineural.errors import InputError

if TYPE_CHECKING:
    from bineural.nets.estimators import NetClassifier, NetRegressor


@checked(n=whole(1))
def find_similar(net: NetClassifier | NetRegressor, data: RowsLike, query: RowsLike, n: int = 5) -> DataFrame:
    """Find the rows of `data` that are most like others to a net, by the outputs of its last hidden layer.

    Parameters
    ----------
    net : NetClassifier or NetRegressor
        Fitted, with a hidden layer.
    data : data frame or array_like
        Rows that are looked through: images for example.
    query : data frame or array_like
        Rows that others are to be like.
    n : int
        How many to find for each, at most those that there are.

    Returns
    -------
    pandas.DataFrame
        `query` and `row` (positions, from 0), `rank` (from 1) and `similarity`: cosine of the angle between
        the features, 1 where they point the same way. A row that is itself among `data` finds itself first.

    Raises
    ------
    InputError
        If the net has no hidden layer, or the rows can't be used.

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> net = bn.fit_net("species ~ .", iris, epochs=20, ensemble=1, seed=1)
    >>> bn.find_similar(net, iris, iris[100:101], n=1)["row"].tolist()
    [100]
    """
    import pandas as pd
    from sklearn.metrics.pairwise import cosine_similarity

    if not hasattr(net, "predict_features"):
        raise InputError(
            "`net` must be a fitted net.",
            f"Found {type(net).__name__}.",
            "Fit one with fit_net; its last hidden layer gives the features.",
        )
    features, wanted = (_present(net.predict_features(rows)) for rows in (data, query))
    similarity = cosine_similarity(wanted, features)
    n = min(n, len(features))
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :n]
    columns = {
        "query": np.repeat(np.arange(len(wanted)), n),
        "rank": np.tile(np.arange(1, n + 1), len(wanted)),
        "row": nearest.ravel(),
        "similarity": np.take_along_axis(similarity, nearest, axis=1).ravel(),
    }
    return pd.DataFrame(columns)


def _present(features):
    lacking = np.isnan(features).any(axis=1)
    if lacking.any():
        raise InputError(
            "Rows must be complete to be compared.",
            f"{lacking.sum()} of {len(features)} were left out for missing values.",
            "Leave those rows out.",
        )
    return features
