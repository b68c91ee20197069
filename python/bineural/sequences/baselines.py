"""What a translation must beat: the source copied, or the target that is most frequent."""

from collections import Counter

import numpy as np

from bineural.inputs.symbols import SymbolInput
from bineural.sequences.edits import edit_distances, exact_matches
from bineural.sequences.ngrams import NGram, as_rows
from bineural.sequences.texts import read_texts


class Copy:
    """Says the source itself."""

    def fit(self, target, source):
        """Learn nothing; return it."""
        return self

    def predict(self, source):
        """Return the sources, list of str."""
        return read_texts(source, "source")

    def __repr__(self):
        """Say what it is."""
        return "the source, copied"


class MostFrequent:
    """Says what the most training targets were, whatever the source.

    Attributes
    ----------
    target_ : str
        Of equally frequent ones the first by code point.
    """

    def fit(self, target, source=None):
        """Count the targets; return it."""
        counts = Counter(read_texts(target, "target"))
        self.target_ = min(counts, key=lambda text: (-counts[text], text))
        return self

    def predict(self, source):
        """Return the same for each source, list of str."""
        return [self.target_] * len(source)

    def __repr__(self):
        """Say what it is."""
        return "the most frequent target"


def ngram_of(rows, unit, n_words=None, max_length=None, order=None):
    """Fit an n-gram to the targets of rows, with the symbols that a net of them knows."""
    learnt, prepared = SymbolInput.learn(rows[["target"]], unit=unit, n_words=n_words, max_length=max_length)
    return NGram(learnt, as_rows(prepared.inputs), order)


def errors_beside(model, trained, watched):
    """Fit the baseline of a model to rows, and measure both on others.

    Returns
    -------
    NGram, Copy or MostFrequent; dict of str to float
        See `SequenceModel`.
    """
    if not model.has_source_:
        ngram = ngram_of(trained, model.unit, model.n_words, model.max_length)
        return ngram, {"net": _bits(model, watched), "baseline": _bits(ngram, watched)}
    fitted = [kind().fit(trained["target"], trained["source"]) for kind in (Copy, MostFrequent)]
    shares = [_missed(each, trained) for each in fitted]
    best = fitted[shares.index(min(shares))]
    return best, {"net": _missed(model, watched)[0], "baseline": _missed(best, watched)[0]}


def _bits(model, rows):
    n_symbols = sum(len(row) for row in as_rows(model.input_.apply(rows[["target"]]).inputs))
    return float(-np.sum(model.log_prob(rows["target"].tolist())) / np.log(2) / n_symbols)


def _missed(model, rows):
    """Return the share of targets that are not met exactly, and the mean edit distance."""
    said, target = model.predict(rows["source"].tolist()), rows["target"].tolist()
    return 1 - float(np.mean(exact_matches(said, target))), float(np.mean(edit_distances(said, target)))
