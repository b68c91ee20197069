"""Texts as rows of numbers of words, for a net: vocabulary and length are learnt from the training rows.

Shapes: n strings -> int32 (n, length), filled up on the right with 0; 1 is a word that the vocabulary lacks,
2, 3, ... are its words, the most frequent first. A text without any word is read as one unknown word. With
other terms in the formula a float32 matrix (n, n_columns) stands beside it.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bineural.bundles.schema import list_of, require, text, whole
from bineural.errors import InputError
from bineural.inputs.input import Prepared
from bineural.inputs.kinds import register_input
from bineural.inputs.text_rows import TextRows, holds_texts
from bineural.inputs.words import split_words

UNKNOWN, FIRST = 1, 2  # numbers of an unknown word, and of the first of the vocabulary
_FEWEST_ROWS = 2  # that a word of the vocabulary is in
_SHARE = 0.95  # of the training texts have no more words than the length that is learnt
_GRID = 8  # lengths are multiples of it, so that the folds of a comparison seldom differ


@register_input
@dataclass(eq=False)
class TextInput(TextRows):
    """Texts as numbers of words.

    Attributes
    ----------
    column, table, missing, lowercase
        See `TextRows`.
    vocabulary : list of str
        Words with the numbers 2, 3, ...: those in two training texts or more, the most frequent first (by the
        number of texts they are in; of equals the first by code point).
    length : int
        Words that are read of a text: 95 % of the training texts have no more, rounded up to a multiple of 8.
    cut : {"end", "start"}
        Which end is cut off where a text has more.
    """

    vocabulary: list
    length: int
    cut: str = "end"

    kind = "text"
    parts = ""
    baseline_kind = "tfidf"
    shortens = True
    SCHEMA = {
        **TextRows.ROWS_SCHEMA,
        "vocabulary": list_of(text),
        "length": whole(1, 2**31),
        "cut": lambda value: value in ("end", "start"),
    }

    @classmethod
    def claims(cls, X):
        """Say whether `X` is a list, array or column of strings that are no paths of pictures."""
        return holds_texts(X)

    @classmethod
    def learn(cls, X, *, weights=None, n_words=10_000, lowercase=True, max_length=None, cut="end", **options):
        """Learn vocabulary and length, and the table beside the texts.

        Parameters
        ----------
        X : sequence of str, or data frame with `formula`
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing.
        n_words : int
            Most words of the vocabulary.
        lowercase : bool
        max_length : int, optional
            Most words that are read of a text; None: learnt.
        cut : {"end", "start"}
        **options
            `formula`, `missing`, and those of `TableInput.learn`.

        Returns
        -------
        TextInput, Prepared
            `inputs` is int32 (n_kept, length), or the list of it and the columns beside the texts.

        Raises
        ------
        InputError, ColumnError, FormulaError
            If the rows can't be used, or no word is in two of them.
        """
        column, table, rows = cls.read_training(X, weights=weights, **options)
        words = [split_words(value, lowercase) for value in rows.texts]
        counting = words
        if weights is not None and (weights > 0).any():
            counting = [words[k] for k in np.flatnonzero(weights[rows.rows] > 0)]
        vocabulary = choose_vocabulary(counting, n_words)
        if not vocabulary:
            raise InputError(
                f"Some word must be in at least {_FEWEST_ROWS} of the training texts.",
                f"None is, in {len(counting)} texts of {sum(map(len, counting))} words.",
                "Check the column, or gather more texts.",
            )
        lengths = [len(each) for each in counting]
        length = choose_length(lengths) if max_length is None else max(1, min(max_length, max(lengths)))
        missing = options.get("missing", "error")
        learnt = cls(column, table, missing, bool(lowercase), vocabulary, int(length), cut)
        return learnt, learnt.prepare(words, rows)

    def apply(self, X):
        """Turn other rows into numbers of words, as the training rows were."""
        rows = self.read_again(X)
        return self.prepare([split_words(value, self.lowercase) for value in rows.texts], rows)

    def prepare(self, words, rows):
        """Turn texts that are split into words into what a net takes."""
        numbers = np.zeros((len(words), self.length), np.int32)
        for row, each in zip(numbers, words):
            read = each[: self.length] if self.cut == "end" else each[-self.length :]
            row[: max(1, len(read))] = [self.numbers.get(word, UNKNOWN) for word in read] or UNKNOWN
        inputs = numbers if self.table is None else [numbers, rows.columns]
        return Prepared(inputs, rows.rows, rows.offset)

    @property
    def numbers(self):
        """The number of each word of the vocabulary, dict of str to int."""
        if "_numbers" not in vars(self):
            self._numbers = {word: k for k, word in enumerate(self.vocabulary, FIRST)}
        return self._numbers

    def __getstate__(self):
        """Leave out what is made of the vocabulary."""
        return {name: value for name, value in vars(self).items() if name != "_numbers"}

    def baseline_columns(self, X):
        """Return how often each word of the vocabulary is in a text, and the columns beside the texts.

        A GLM of texts has tf-idf instead (`TfidfInput`), whose words are learnt with it.
        """
        rows = self.read_again(X)
        counts = np.zeros((len(rows.texts), len(self.vocabulary)))
        for row, value in zip(counts, rows.texts):
            for word, n in Counter(split_words(value, self.lowercase)).items():
                if word in self.numbers:
                    row[self.numbers[word] - FIRST] = n
        columns = pd.DataFrame(counts, columns=self.vocabulary, index=rows.rows)
        if self.table is None:
            return columns
        beside = pd.DataFrame(rows.columns, columns=self.table.preparation.names_, index=rows.rows)
        return pd.concat([columns, beside.astype(np.float64)], axis=1)

    @property
    def shape(self):
        """Shape of one row: (None,), words."""
        return (None,)

    @property
    def n_ids(self):
        """How many numbers of words there are, rounded up so that folds of a comparison share a layout."""
        return rounded_up(FIRST + len(self.vocabulary))

    @property
    def builder_options(self):
        """How many numbers words have, and how many columns stand beside the texts."""
        beside = {} if self.table is None else {"n_columns": self.table.shape[0]}
        return {"vocabulary": self.n_ids, **beside}

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        self.check_rows()
        require(
            len(set(self.vocabulary)) == len(self.vocabulary) > 0, "the vocabulary has a word twice, or none"
        )


def choose_vocabulary(words, most, fewest=_FEWEST_ROWS):
    """Choose the words that are in the most texts.

    Parameters
    ----------
    words : list of list of str
    most : int
        As many at most.
    fewest : int
        Texts that a word must be in.

    Returns
    -------
    list of str
        The most frequent first; of equals the first by code point.
    """
    counts = Counter(word for each in words for word in set(each))
    known = [word for word, n in counts.items() if n >= fewest]
    return sorted(known, key=lambda word: (-counts[word], word))[:most]


def choose_length(lengths):
    """Choose the length that 95 % of the texts keep within: a multiple of 8, and at most the longest."""
    length = int(np.quantile(lengths, _SHARE, method="higher"))
    return max(1, -(-length // _GRID) * _GRID)


def rounded_up(n):
    """Round up to a power of two, or to three quarters of one."""
    power = 1 << max(2, (n - 1).bit_length())
    return power if n > 3 * power // 4 else 3 * power // 4
