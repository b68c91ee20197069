"""Words like a word, by the numbers that a net of texts has learnt to embed it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame
from bineural.checks import checked, text, whole
from bineural.errors import InputError
from bineural.messages import near_names, shown

if TYPE_CHECKING:
    from bineural.nets.estimators import NetClassifier, NetRegressor


@checked(word=text(hint="Write for example nearest_words(net, 'good')."), n=whole(1))
def nearest_words(net: NetClassifier | NetRegressor, word: str, n: int = 10) -> DataFrame:
    """Find the words that are most like another to a net of texts, by the cosine of their embeddings.

    Parameters
    ----------
    net : NetClassifier or NetRegressor
        Fitted to texts, with an embedding of words.
    word : str
        One of its vocabulary.
    n : int
        How many to find, at most the other words that there are.

    Returns
    -------
    pandas.DataFrame
        `rank` (from 1), `word`, and `similarity`: cosine of the angle between the embeddings, 1 where they
        point the same way. Embeddings of the members of an ensemble stand side by side.

    Raises
    ------
    InputError
        If the net is not of texts, or has not learnt that word.

    Notes
    -----
    The embeddings are learnt for the outcome alone: words are near that speak for the same outcome, whether
    or not they mean the same. Words that are rare have hardly moved from where chance put them.

    Examples
    --------
    >>> import bineural as bn
    >>> foods = bn.load_dataset("fine_foods")
    >>> net = bn.fit_net("score ~ text(review)", foods, event="great", epochs=3, seed=1)
    >>> bn.nearest_words(net, "delicious", n=3).columns.tolist()
    ['rank', 'word', 'similarity']
    """
    import pandas as pd
    from sklearn.metrics.pairwise import cosine_similarity

    learnt, embeddings = _embeddings_of(net)
    number = learnt.numbers.get(_as_read(word, learnt))
    if number is None:
        raise InputError(
            "`word` must be in the vocabulary that the net has learnt.",
            f"Found {shown(word)}; it has {len(learnt.vocabulary)} words.",
            near_names(word, learnt.vocabulary),
        )
    place = learnt.vocabulary.index(_as_read(word, learnt))
    similarity = cosine_similarity(embeddings[place : place + 1], embeddings)[0]
    order = np.argsort(-similarity, kind="stable")
    order = order[order != place][:n]
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "word": [learnt.vocabulary[k] for k in order],
            "similarity": similarity[order].astype(np.float64),
        }
    )


def _as_read(word, learnt):
    from bineural.inputs.words import plain_text

    return plain_text(word.strip(), learnt.lowercase)


def _embeddings_of(net):
    """Return the input of a net of texts, and the embedding of each word of its vocabulary."""
    from bineural.inputs.texts import FIRST
    from bineural.nets.fitted import keras_model_of

    fitted = getattr(net, "fitted_", None)
    if getattr(getattr(fitted, "input", None), "kind", None) != "text":
        raise InputError(
            "`net` must be a net that was fitted to texts.",
            f"Found {type(net).__name__}" + (f" of {fitted.input.kind} rows." if fitted is not None else "."),
            "Fit one with fit_net('rating ~ text(review)', data).",
        )
    paths = [variable.path for variable in keras_model_of(fitted).weights]
    place = next((k for k, path in enumerate(paths) if path.endswith("words/embeddings")), None)
    if place is None:
        raise InputError(
            "`net` must embed words in a layer called 'words'.",
            f"{fitted.architecture.name!r} has none.",
            "Use an architecture of list_architectures('text').",
        )
    rows = slice(FIRST, FIRST + len(fitted.input.vocabulary))
    every = [np.asarray(member.weights[place])[rows] for member in fitted.members]
    return fitted.input, np.concatenate(every, axis=1)
