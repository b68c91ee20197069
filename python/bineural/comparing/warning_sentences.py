"""What the fits of a comparison warn of: one sentence for each kind, with how many fits it is of.

Sentences that differ only in what they name ('x1', 'x2') or count (3 rows, 5 rows) are one kind: the names
are put together, and numbers become ranges.
"""

import re
from dataclasses import dataclass, field

_VALUE = r"(?:'[^']*'|\"[^\"]*\")"
_COUNTED = rf"{_VALUE}(?: \(\d+\))?"  # a name, with its rows where they are counted
_LIST = re.compile(rf"{_COUNTED}(?:, {_COUNTED})*(?: and (\d+) more)?")
_PARTS = re.compile(rf"({_VALUE})(?: \((\d+)\))?")
_NUMBER = re.compile(r"(?<![\w.'\"-])-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w'\"])")
_MARK = re.compile("[\0\1]")
_MOST = 6  # values named


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
    count: int = 0

    def add(self, names, more, numbers, count):
        """Take in one more sentence."""
        self.count += count
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
    messages : iterable of (category, text, count)
        `count` is the number of fits that the text is of.

    Returns
    -------
    list of Kind
        In the order of their first.
    """
    kinds = {}
    for category, text, count in messages:
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
        kinds[category, frame].add(names, more, numbers, count)
    return list(kinds.values())


def fit_sentences(name, kinds, n_fits):
    """Write what an entrant's fits warned of, as (category, sentence) pairs."""
    counted = [
        (one, f", in {min(one.count, n_fits)} of {n_fits} fits" if n_fits > 1 else "") for one in kinds
    ]
    return [(one.category, f"{name}{times}: {one.text()}") for one, times in counted]


def failed_sentence(entrant, n_fits):
    """Say how many fits of an entrant failed, why, in which resamples, and what to try; None if none did."""
    failures = entrant.failures
    if not failures:
        return None
    why = "; ".join(one.text() for one in merge((None, text, 1) for text in failures.values()))
    places = sorted({k + 1 for k, _ in failures})
    shown = ", ".join(map(str, places[:_MOST])) + f" and {len(places) - _MOST} more" * (len(places) > _MOST)
    some = n_fits > len(failures)
    where = f", in resample{'s' * (len(places) > 1)} {shown}" if some else ""
    advice = entrant.advice or entrant.remedy
    return f"{len(failures)} of {n_fits} fits of {entrant.name} failed ({why}){where}. {advice}".strip()


def _listed(values, more):
    """Write names; `more` is how many a sentence that named the most did not name."""
    counted = {name: f"{name} ({_range(rows)})" if rows else name for name, rows in values.items()}
    shown = list(counted.values())[:_MOST]
    left = len(values) - len(shown) + (more if len(values) <= _MOST else 0)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def _range(values):
    ordered = sorted(values, key=values.get)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}"
