"""What the fits of an entrant warned of and why some failed, as sentences."""

from bineural.repeated_warnings import MOST_NAMED, merge


def fit_sentences(name, kinds, n_fits):
    """Write what an entrant's fits warned of, as (category, sentence) pairs."""
    counted = [
        (kind, f", in {min(kind.count, n_fits)} of {n_fits} fits" if n_fits > 1 else "") for kind in kinds
    ]
    return [(kind.category, f"{name}{times}: {kind.text()}") for kind, times in counted]


def failed_sentence(entrant, n_fits):
    """Say how many fits of an entrant failed, why, in which resamples, and what to try; None if none did."""
    failures = entrant.failures
    if not failures:
        return None
    why = "; ".join(kind.text() for kind in merge((None, text, 1) for text in failures.values()))
    places = sorted({k + 1 for k, _ in failures})
    shown = ", ".join(map(str, places[:MOST_NAMED])) + f" and {len(places) - MOST_NAMED} more" * (
        len(places) > MOST_NAMED
    )
    some = n_fits > len(failures)
    where = f", in resample{'s' * (len(places) > 1)} {shown}" if some else ""
    advice = entrant.advice or entrant.remedy
    return f"{len(failures)} of {n_fits} fits of {entrant.name} failed ({why}){where}. {advice}".strip()
