"""What the fits of models warned of and why some failed, as sentences."""

from bineural.messages import first_of
from bineural.repeated_warnings import MOST_NAMED, counts_range, give, merge, messages_of, recorded_warnings


class FitWarnings:
    """What the fits of several models warn of: one sentence for each kind, with its models and fits."""

    def __init__(self):
        self.heard = {}  # number of fits to messages, see `merge`

    def of(self, name, n_fits):
        """Keep what the fits of a model warn of, after errors too; yields the list of its messages."""
        return recorded_warnings(lambda entries: self.add(name, n_fits, messages_of(entries)))

    def add(self, name, n_fits, messages):
        """Take in messages of a model, as (category, text, number of fits); return them."""
        self.heard.setdefault(n_fits, []).extend((*message, name) for message in messages)
        return messages

    def give(self):
        """Give the warnings; return their sentences."""
        return give(self.sentences())

    def sentences(self):
        """Return (category, sentence) pairs."""
        for n_fits, messages in self.heard.items():
            for kind in merge(messages):
                models = first_of(list(kind.counts), MOST_NAMED)
                times = counts_range(min(count, n_fits) for count in kind.counts.values())
                where = f"{models}, in {times} of {n_fits} fits" if n_fits > 1 else models
                yield kind.category, f"{where}: {kind.text()}"


def failed_sentence(entrant, n_fits):
    """Say how many fits of an entrant failed, why, in which resamples, and what to try; None if none did."""
    failures = entrant.failures
    if not failures:
        return None
    why = "; ".join(kind.text() for kind in merge((None, text, 1) for text in failures.values()))
    places = sorted({k + 1 for k, _ in failures})
    shown = first_of([str(place) for place in places], MOST_NAMED)
    some = n_fits > len(failures)
    where = f", in resample{'s' * (len(places) > 1)} {shown}" if some else ""
    advice = entrant.advice or entrant.remedy
    return f"{len(failures)} of {n_fits} fits of {entrant.name} failed ({why}){where}. {advice}".strip()
