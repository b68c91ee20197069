"""Warnings of many fits, or of many columns, put together: one sentence for each kind.

Sentences that differ only in what they name ('x1', 'x2', `column`, `column`: 'level') or count (3 rows,
5 rows) are one kind: the names are put together, the first of them are shown and the others counted, and
numbers become ranges. So a sentence that may come for many columns is written such that it can name several.
"""

import contextlib
import re
import warnings
from dataclasses import dataclass, field

from bineural.messages import warn

_QUOTED = r"(?:'[^']*'|\"[^\"]*\")"
_VALUE = rf"(?:`[^`]*`: {_QUOTED}|`[^`]*`|{_QUOTED})"  # a level of a column, a column, a label or term
_COUNTED = rf"{_VALUE}(?: \(\d+\))?"  # a name, with its rows where they are counted
_LIST = re.compile(rf"{_COUNTED}(?:, {_COUNTED})*(?: and (\d+) more)?")
_PARTS = re.compile(rf"({_VALUE})(?: \((\d+)\))?")
_NUMBER = re.compile(r"(?<![\w.'\"-])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w'\"])")
_MARK = re.compile("[\0\1]")
MOST_NAMED = 6  # values of one sentence
_OF_PROGRAMS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)  # say nothing of a fit


@dataclass
class Kind:
    """Sentences of one kind: the text between what differs, and what stood there."""

    category: type
    pieces: list
    names: list = field(
        default_factory=list
    )  # for each list of values: all of them, in order, and their counts
    more: list = field(default_factory=list)  # the most that a sentence left unnamed
    numbers: list = field(default_factory=list)  # for each number: (as text, value) pairs
    counts: dict = field(default_factory=dict)  # owner (a model, a net, None) to how often it was given

    @property
    def count(self):
        """How often it was given, by all together."""
        return sum(self.counts.values())

    def add(self, names, more, numbers, count, owner):
        """Take in one more sentence."""
        self.counts[owner] = self.counts.get(owner, 0) + count
        if not self.names and not self.numbers:
            self.names, self.numbers = [{} for _ in names], [{} for _ in numbers]
            self.more = [0] * len(names)
        for k, values in enumerate(names):
            for name, rows in values:
                self.names[k].setdefault(name, {}).update({rows: int(rows)} if rows else {})
            self.more[k] = max(self.more[k], more[k])
        for known, text in zip(self.numbers, numbers):
            known[text] = float(text.replace(",", ""))

    def text(self):
        """Write the sentence."""
        names, numbers = iter(zip(self.names, self.more)), iter(self.numbers)
        fill = {"\0": lambda: _listed(*next(names)), "\1": lambda: _range(next(numbers))}
        return "".join(fill.get(piece, lambda piece=piece: piece)() for piece in self.pieces)


def merge(messages):
    """Put warnings of one kind together.

    Parameters
    ----------
    messages : iterable of (category, text, count) or (category, text, count, owner)
        `count` is the number of fits that the text is of, `owner` whose fits they are.

    Returns
    -------
    list of Kind
        In the order of their first.
    """
    kinds = {}
    for category, text, count, *owner in messages:
        names, more, numbers = [], [], []

        def keep_list(match, names=names, more=more):
            names.append(_PARTS.findall(match.group()))
            more.append(int(match.group(1) or 0))
            return "\0"

        def keep_number(match, numbers=numbers):
            numbers.append(match.group())
            return "\1"

        frame = _NUMBER.sub(keep_number, _LIST.sub(keep_list, _MARK.sub(" ", text)))
        if (category, frame) not in kinds:
            kinds[category, frame] = Kind(category, re.split("([\0\1])", frame))
        kinds[category, frame].add(names, more, numbers, count, *(owner or [None]))
    return list(kinds.values())


def warn_together(category, sentences):
    """Give sentences as warnings, one for each kind."""
    give((category, kind.text()) for kind in merge((category, sentence, 1) for sentence in sentences))


def merged_warnings(of="fits"):
    """Give the warnings of many fits, or other things, once for each kind, with how many gave it."""

    def counted(entries):
        for kind in kinds_of(entries):
            yield kind.category, f"In {kind.count} {of}: {kind.text()}" if kind.count > 1 else kind.text()

    return kept_warnings(counted)


def heard_warnings():
    """Let warnings through; yields the list that gets their sentences."""
    return kept_warnings(lambda entries: [(entry.category, str(entry.message)) for entry in entries])


@contextlib.contextmanager
def heard_messages():
    """Let warnings through; yields the list that gets them as (category, text)."""
    with recorded_warnings(lambda entries: [(e.category, str(e.message)) for e in entries]) as messages:
        yield messages
    for category, text in messages:
        warn(category, text)


def kinds_of(entries):
    """Put recorded warnings of one kind together; see `merge`."""
    return merge(messages_of(entries))


def messages_of(entries):
    """Return recorded warnings as (category, text, number of fits)."""
    return [
        (entry.category, str(entry.message).split("\nSo for")[0], getattr(entry.message, "n_fits", 1))
        for entry in entries
    ]


def kept_warnings(read):
    """Give the (category, sentence) pairs that `read` makes of warnings, after errors too; yields a list."""
    return recorded_warnings(lambda entries: give(read(entries)))


@contextlib.contextmanager
def recorded_warnings(read):
    """Hold warnings back; yields a list that gets what `read` returns of them, after errors too."""
    results, caught = [], []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield results
    finally:
        results += read(caught)


def give(entries):
    """Give (category, sentence) pairs as warnings; return the sentences that are of fits."""
    sentences = []
    for category, sentence in entries:
        warn(category, sentence)
        if not issubclass(category, _OF_PROGRAMS):
            sentences.append(sentence)
    return sentences


def _listed(values, more):
    """Write names; `more` is how many a sentence that named the most did not name."""
    counted = {name: f"{name} ({_range(rows)})" if rows else name for name, rows in values.items()}
    shown = list(counted.values())[:MOST_NAMED]
    left = len(values) - len(shown) + (more if len(values) <= MOST_NAMED else 0)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def counts_range(counts):
    """Write whole numbers as one: "9", or "9 to 10"."""
    return _range({str(count): count for count in counts})


def _range(values):
    ordered = sorted(values, key=values.get)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}"
