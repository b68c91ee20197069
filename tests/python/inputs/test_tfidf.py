"""tf-idf is what its formula says, and its terms come from the training rows alone."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from bineural.errors import InputError
from bineural.inputs.tfidf import TfidfInput

TEXTS = ["good tea, good cup", "bad tea", "good coffee is good", "odd", ""]


def slowly(texts, count):
    """Compute tf-idf by the definition, of terms in two texts: {term: idf} and rows {term: value}."""
    counts = [Counter(count(text)) for text in texts]
    df = Counter(term for each in counts for term in each)
    idf = {t: math.log((1 + len(texts)) / (1 + n)) + 1 for t, n in df.items() if n >= 2}
    rows = []
    for each in counts:
        row = {t: n * idf[t] for t, n in each.items() if t in idf}
        root = math.sqrt(sum(value**2 for value in row.values()))
        rows.append({t: value / root for t, value in row.items()} if root else {})
    return idf, rows


def pairs(text):
    words = text.replace(",", "").split()
    return words + [f"{a} {b}" for a, b in zip(words, words[1:])]


def runs(text):
    padded = [f" {word} " for word in text.split()]
    every = []
    for word in padded:
        for n in (3, 4, 5):
            if len(word) <= n:  # a short word is one run, whole, and once
                every.append(word)
                break
            every += [word[k : k + n] for k in range(len(word) - n + 1)]
    return every


def test_values_are_those_of_the_definition():
    learnt, prepared = TfidfInput.learn(TEXTS)
    assert sparse.issparse(prepared.inputs) and prepared.inputs.dtype == np.float64
    cut = len(learnt.words)
    for count, terms, idf, columns in (
        (pairs, learnt.words, learnt.idf[:cut], prepared.inputs[:, :cut]),
        (runs, learnt.runs, learnt.idf[cut:], prepared.inputs[:, cut:]),
    ):
        by_term, rows = slowly(TEXTS, count)
        assert terms == sorted(by_term)
        assert np.allclose(idf, [by_term[t] for t in terms], rtol=1e-14)
        expected = [[row.get(t, 0.0) for t in terms] for row in rows]
        assert np.allclose(columns.toarray(), expected, rtol=1e-12)


def test_other_rows_change_nothing():
    learnt, prepared = TfidfInput.learn(TEXTS)
    again = learnt.apply(["never seen zebra zebra", *TEXTS]).inputs
    assert np.array_equal(again[1:].toarray(), prepared.inputs.toarray())
    assert learnt.apply(["qqq"]).inputs.nnz == 0


def test_rows_of_weight_0_teach_nothing():
    learnt, _ = TfidfInput.learn([*TEXTS, "zebra", "zebra"], weights=np.array([1.0] * 5 + [0.0] * 2))
    assert learnt.words == TfidfInput.learn(TEXTS)[0].words


def test_columns_stand_beside_texts():
    frame = pd.DataFrame({"t": TEXTS, "x": [1.0, 2.0, 3.0, 4.0, 5.0], "g": list("ababa")})
    learnt, prepared = TfidfInput.learn(frame, formula="text(t) + x + g")
    assert learnt.names[-2:] == ["x", "gb"]
    assert learnt.shape == (prepared.inputs.shape[1],) == (len(learnt.names),)
    assert np.allclose(prepared.inputs[:, -2].toarray()[:, 0], (frame["x"] - 3) / frame["x"].std(), atol=1e-6)
    frame_of = learnt.baseline_columns(frame)
    assert frame_of.shape == prepared.inputs.shape and frame_of.columns.tolist() == learnt.names


def test_few_texts_keep_terms_of_one():
    assert "word:unique" in TfidfInput.learn(["unique", "words"])[0].names
    with pytest.raises(InputError, match="must hold words"):
        TfidfInput.learn(["", " "])
