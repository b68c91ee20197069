"""Texts as tf-idf, the columns of their GLM: words and pairs of words, and runs of 3 to 5 characters.

Of the n training texts df(t) contain the term t, and a text contains it tf(t) times: its value is
tf(t) * idf(t), with idf(t) = ln((1 + n) / (1 + df(t))) + 1, and the values of a text, words and characters
each, are divided by the root of the sum of their squares. (scikit-learn's formula; R's tm and tidytext take
ln(n / df) and no root.) Characters run within words, a space on either side of each.
Shapes: n strings -> scipy.sparse (n, n_words + n_runs + n_columns) float64.
Reference: Salton and Buckley (1988). Term-weighting approaches in automatic text retrieval. Information
Processing and Management 24(5), 513-523.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from bineural.bundles.schema import array, list_of, require, text
from bineural.errors import InputError
from bineural.inputs.input import Prepared
from bineural.inputs.kinds import register_input
from bineural.inputs.text_rows import TextRows
from bineural.inputs.words import plain_text, split_words

_FEWEST_ROWS = 2  # that a term is in; one where no term is in two
_MOST = 100_000  # words and pairs, and runs of characters


@register_input
@dataclass(eq=False)
class TfidfInput(TextRows):
    """Texts as tf-idf, and the other terms of the formula as standardised columns.

    Attributes
    ----------
    column, table, missing, lowercase
        See `TextRows`.
    words, runs : list of str
        Words and pairs of words, and runs of characters, in alphabetical order.
    idf : ndarray of float64, shape (n_words + n_runs,)
    """

    words: list
    runs: list
    idf: np.ndarray

    kind = "tfidf"
    SCHEMA = {
        **TextRows.ROWS_SCHEMA,
        "words": list_of(text),
        "runs": list_of(text),
        "idf": array("f", finite=True),
    }

    @classmethod
    def learn(cls, X, *, weights=None, lowercase=True, **options):
        """Learn the terms and their idf, and the table beside the texts.

        Parameters
        ----------
        X : sequence of str, or data frame with `formula`
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing.
        lowercase : bool
        **options
            `formula`, `missing`, and those of `TableInput.learn`.

        Returns
        -------
        TfidfInput, Prepared
            `inputs` is a scipy.sparse.csr_matrix of float64.

        Raises
        ------
        InputError, ColumnError, FormulaError
            If the rows can't be used.
        """
        column, table, rows = cls.read_training(X, weights=weights, categories="contrast", **options)
        texts = [plain_text(value, lowercase) for value in rows.texts]
        if weights is not None and (weights > 0).any():
            texts = [texts[k] for k in np.flatnonzero(weights[rows.rows] > 0)]
        learnt = [_learn(how, texts) for how in _HOW.values()]
        if not any(len(terms) for terms, _ in learnt):
            raise InputError(
                "The training texts must hold words.",
                f"Found none in {len(texts)} texts.",
                "Check the column; signs alone are no words.",
            )
        (words, one), (runs, other) = learnt
        missing = options.get("missing", "error")
        made = cls(column, table, missing, bool(lowercase), words, runs, np.concatenate([one, other]))
        return made, made.prepare(rows)

    def apply(self, X):
        """Turn other rows into tf-idf, by the terms and the idf of training."""
        return self.prepare(self.read_again(X))

    def prepare(self, rows):
        """Turn rows that have been read into tf-idf."""
        texts = [plain_text(value, self.lowercase) for value in rows.texts]
        cut = len(self.words)
        parts = [
            _apply(_HOW["words"], texts, self.words, self.idf[:cut]),
            _apply(_HOW["runs"], texts, self.runs, self.idf[cut:]),
        ]
        if self.n_columns:
            parts.append(sparse.csr_matrix(np.asarray(rows.columns, np.float64)))
        return Prepared(sparse.hstack(parts, format="csr"), rows.rows, rows.offset)

    @property
    def names(self):
        """Names of the columns: word:good, word:not good, characters:goo, and those of other columns."""
        own = [f"word:{word}" for word in self.words] + [f"characters:{run}" for run in self.runs]
        return own + ([] if self.table is None else list(self.table.preparation.names_))

    @property
    def intercept(self):
        """Whether the formula has an intercept."""
        return self.table is None or self.table.preparation.intercept_

    @property
    def shape(self):
        """Shape of one row: (n_columns,)."""
        return (len(self.words) + len(self.runs) + self.n_columns,)

    def baseline_columns(self, X):
        """Return the columns as a frame, which has all zeros written out."""
        prepared = self.apply(X)
        return pd.DataFrame(prepared.inputs.toarray(), columns=self.names, index=prepared.rows)

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        self.check_rows()
        require(
            len(self.idf) == len(self.words) + len(self.runs) > 0, "there are more or fewer terms than idf"
        )
        for terms in (self.words, self.runs):
            require(len(set(terms)) == len(terms), "a term comes twice")


_HOW = {
    "words": {"tokenizer": split_words, "token_pattern": None, "ngram_range": (1, 2)},
    "runs": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}


def _learn(how, texts):
    """Return the terms of texts, and their idf."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    for fewest in (min(_FEWEST_ROWS, len(texts)), 1):
        made = TfidfVectorizer(lowercase=False, min_df=fewest, max_features=_MOST, **how)
        try:
            made.fit(texts)
        except ValueError:  # no term is in so many texts
            continue
        return [str(term) for term in made.get_feature_names_out()], made.idf_
    return [], np.zeros(0)


def _apply(how, texts, terms, idf):
    """Return the tf-idf of texts by known terms, sparse (n_texts, n_terms)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not terms:
        return sparse.csr_matrix((len(texts), 0))
    made = TfidfVectorizer(lowercase=False, vocabulary=terms, **how)
    made.idf_ = idf
    return made.transform(texts)
