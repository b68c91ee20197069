"""Rows like others, by what a net has learnt to see: reverse image search, with a net's own features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, RowsLike
from bineural.checks import checked, whole
from bineural.errors import InputError

if TYPE_CHECKING:
    from bineural.nets.estimators import NetClassifier, NetRegressor
    from bineural.representations.autoencoder import Autoencoder
    from bineural.representations.rbm import RBM


@checked(n=whole(1))
def find_similar(
    net: NetClassifier | NetRegressor | Autoencoder | RBM, data: RowsLike, query: RowsLike, n: int = 5
) -> DataFrame:
    """Find the rows of `data` that are most like others to a net, by its last hidden layer or its codes.

    Parameters
    ----------
    net : NetClassifier, NetRegressor, Autoencoder or RBM
        Fitted. What a net has learnt to see are the outputs of its last hidden layer, of an autoencoder its
        codes, of a Boltzmann machine the probabilities of its hidden units.
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
        the outputs of the hidden layer, 1 where they point the same way; of codes and hidden units
        1 / (1 + d), d being their Euclidean distance. A row that is itself among `data` finds itself first.

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
    from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances

    of_rows = getattr(net, "outcome_kind", None) == "rows" and hasattr(net, "transform")
    if not (of_rows or hasattr(net, "predict_features")):
        raise InputError(
            "`net` must be a fitted net.",
            f"Found {type(net).__name__}.",
            "Fit one with fit_net, whose last hidden layer gives the features, or with fit_autoencoder.",
        )
    ask = net.transform if of_rows else net.predict_features
    features, wanted = (_present(ask(rows)) for rows in (data, query))
    if of_rows:
        similarity = 1 / (1 + euclidean_distances(wanted, features))
    else:
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
