"""Sequences as rows of numbers of symbols, characters or words, for a net that predicts them.

Shapes: a data frame with columns "target", and "source" where there is one, of strings -> int32 (n, length),
or the list of these and of (n, length of the sources), filled up on the right with 0. 1 is the end, which
stands after every sequence, 2 a symbol that training has not, and 3, 4, ... are the symbols, the most
frequent first.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bineural.bundles.schema import list_of, require, text, whole
from bineural.checks import choice
from bineural.errors import InputError
from bineural.inputs.input import Input, Prepared
from bineural.inputs.kinds import register_input
from bineural.messages import number_of
from bineural.options import Option

END, UNKNOWN, FIRST = 1, 2, 3  # numbers of the end, of an unknown symbol, and of the first known one
END_SIGN, UNKNOWN_SIGN = "<end>", "<unknown>"  # what stands for the first two where symbols are written
_GRID = 4  # lengths are multiples of it, so that the folds of a comparison seldom differ

UNIT = Option(
    "unit",
    "character",
    choice("character", "word", hint="Words are what white space parts."),
    '{"character", "word"}',
    "What is predicted one after the other: characters, or words, which white space parts; the words that "
    "stand in a single training sequence are one symbol, the unknown one.",
    in_r="text",
    shared=True,
    type='Literal["character", "word"]',
)


def split_symbols(value, unit):
    """Split a string into its symbols, a list of str."""
    return list(value) if unit == "character" else value.split()


def join_symbols(symbols, unit):
    """Join symbols into a string."""
    return ("" if unit == "character" else " ").join(symbols)


def learn_symbols(rows, unit, most=None):
    """Return the symbols of training sequences.

    Parameters
    ----------
    rows : list of list of str
    unit : {"character", "word"}
        Words must be in two sequences.
    most : int, optional
        As many at most.

    Returns
    -------
    list of str
        The one that is in the most sequences first; of equals the first by code point.
    """
    counts = Counter(symbol for row in rows for symbol in set(row))
    fewest = 1 if unit == "character" else 2
    known = [symbol for symbol, n in counts.items() if n >= fewest]
    return sorted(known, key=lambda symbol: (-counts[symbol], symbol))[:most]


@register_input
@dataclass(eq=False)
class SymbolInput(Input):
    """Sequences as numbers of symbols.

    Attributes
    ----------
    unit : {"character", "word"}
    symbols : list of str
        Those of targets with the numbers 3, 4, ...
    source_symbols : list of str or None
        Those of sources; None where there are none.
    longest : int
        Symbols of the longest target of training, its end included.
    max_length : int or None
        Symbols that are read of a sequence; those after them, and the end, are left out.
    """

    unit: str
    symbols: list
    source_symbols: list | None
    longest: int
    max_length: int | None = None

    kind = "symbols"
    shortens = True
    SCHEMA = {
        "unit": lambda value: value in ("character", "word"),
        "symbols": list_of(text),
        "source_symbols": lambda value: value is None or list_of(text)(value),
        "longest": whole(1, 2**31),
        "max_length": lambda value: value is None or whole(1, 2**31)(value),
    }

    @classmethod
    def claims(cls, X):
        """Say no: rows of texts are texts, where no sequence is predicted."""
        return False

    @classmethod
    def learn(cls, X, *, weights=None, unit="character", n_words=None, max_length=None, **options):
        """Learn the symbols.

        Parameters
        ----------
        X : data frame
            With columns "target" and, for pairs, "source".
        weights : ndarray of float64, shape (n_rows,), optional
            Rows of weight 0 teach nothing.
        unit : {"character", "word"}
        n_words, max_length : int, optional
            Most symbols, and most symbols of a sequence.
        **options
            Not used.

        Returns
        -------
        SymbolInput, Prepared
        """
        counting = X if weights is None or not (weights > 0).any() else X[weights > 0]
        targets = [split_symbols(value, unit) for value in counting["target"]]
        symbols, sources = learn_symbols(targets, unit, n_words), None
        if not symbols:
            raise InputError(
                "Some symbol must be in the training sequences; a word in two of them.",
                f"None is, in {number_of(len(targets), 'sequence')}.",
                "Check the column, or use unit='character'.",
            )
        if "source" in X:
            sources = learn_symbols([split_symbols(v, unit) for v in counting["source"]], unit, n_words)
        longest = max(len(_cut(row, max_length)) for row in targets)
        learnt = cls(unit, symbols, sources, longest, max_length)
        return learnt, learnt.apply(X)

    def apply(self, X):
        """Turn other rows into numbers, as the training rows were."""
        inputs = self.numbers_of(X["target"])
        if self.source_symbols is not None:
            inputs = [inputs, self.numbers_of(X["source"], source=True)]
        return Prepared(inputs, np.arange(len(X)))

    def numbers_of(self, texts, source=False):
        """Return int32 (n, length): the numbers of each text's symbols and its end, filled up with 0."""
        places = {
            symbol: k for k, symbol in enumerate(self.source_symbols if source else self.symbols, FIRST)
        }
        rows = [_cut(split_symbols(value, self.unit), self.max_length) for value in texts]
        rows = [[END if symbol is None else places.get(symbol, UNKNOWN) for symbol in row] for row in rows]
        return fill_rows(rows)

    def text_of(self, numbers):
        """Return the text of numbers of target symbols, up to the end."""
        numbers = [int(k) for k in numbers]
        numbers = numbers[: numbers.index(END)] if END in numbers else numbers
        return join_symbols([self.signs[k - 1] for k in numbers], self.unit)

    @property
    def signs(self):
        """What is written for each number from 1, list of str."""
        return [END_SIGN, UNKNOWN_SIGN, *self.symbols]

    @property
    def shape(self):
        """Shape of one row: (None,), symbols."""
        return (None,)

    @property
    def builder_options(self):
        """How many symbols there are, the end and the unknown one with them."""
        sources = (
            {} if self.source_symbols is None else {"source_symbols": FIRST - 1 + len(self.source_symbols)}
        )
        return {"symbols": FIRST - 1 + len(self.symbols), **sources}

    def baseline_columns(self, X):
        """Return how often each symbol is in the sources, or in the targets where there are none."""
        name = "target" if self.source_symbols is None else "source"
        symbols = self.symbols if self.source_symbols is None else self.source_symbols
        counts = [Counter(split_symbols(value, self.unit)) for value in X[name]]
        columns = [[float(each[symbol]) for symbol in symbols] for each in counts]
        return pd.DataFrame(columns, columns=symbols, dtype=np.float64)

    def check_state(self):
        """Check what holds between the attributes of an input from a file."""
        for symbols in (self.symbols, self.source_symbols):
            if symbols is not None:
                require(len(set(symbols)) == len(symbols), "a symbol is there twice")
        require(len(self.symbols) > 0, "there are no symbols")


def fill_rows(rows):
    """Return int32 (n, length) of lists of numbers, filled up on the right with 0 to a multiple of 4."""
    length = max(map(len, rows), default=1)
    filled = np.zeros((len(rows), -(-max(length, 1) // _GRID) * _GRID), np.int32)
    for row, numbers in zip(filled, rows):
        row[: len(numbers)] = numbers
    return filled


def _cut(symbols, most):
    """Return symbols and None, the end; no more of them than `most`."""
    return [*symbols, None][:most]
