"""The held-out predictions of every model of a comparison: all its fits, run one model after the other."""

import time
from typing import NamedTuple

import numpy as np

from bineural.comparing.entrants import Average
from bineural.comparing.fits import Run
from bineural.comparing.warning_sentences import FitWarnings, failed_sentence
from bineural.measures.ordering import ordered_by_fit


class Fitting(NamedTuple):
    """How models are fitted, as the user says it; see `compare_models`."""

    seeds: int = 1
    n_jobs: int | None = None
    verbose: int | None = None
    memory: int = 10**9


class HeldOut(NamedTuple):
    """What a model predicts for the test rows of all resamples, one after the other.

    predictions : ndarray of float64, shape (draws, n_out) or (draws, n_out, n_classes)
    logits : ndarray of float64 of the same shape, or None
    seconds : float; what its fits took.
    failed : str or None; what is said of a model whose fits failed.
    """

    predictions: np.ndarray
    logits: np.ndarray | None
    seconds: float
    failed: str | None

    @property
    def order(self):
        """Numbers in the order of the predictions, without ties by rounding."""
        return ordered_by_fit(self.predictions, self.logits)


def predict_all(entrants, basis, fitting):
    """Fit every model to the training rows of every resample and predict its test rows.

    Parameters
    ----------
    entrants : list of Entrant
    basis : Basis
    fitting : Fitting

    Returns
    -------
    held_out : dict of str to HeldOut
    sentences : list of str
        What fits warned of.
    """
    counts = {entrant.name: _count_fits(entrant, basis, fitting.seeds) for entrant in entrants}
    run = Run(fitting.n_jobs, fitting.verbose, sum(counts.values()), fitting.memory)
    held_out, warned, by_name = {}, FitWarnings(), {entrant.name: entrant for entrant in entrants}
    try:
        for name, entrant in by_name.items():
            start = time.perf_counter()
            if isinstance(entrant, Average) and not entrant.members:
                of_others = {other: each.predictions for other, each in held_out.items()}
                predictions = entrant.average(of_others, by_name)
            else:
                with warned.of(name, counts[name]):
                    predictions = entrant.predict_out(basis, fitting.seeds, run)
            seconds, failed = time.perf_counter() - start, failed_sentence(entrant, counts[name])
            held_out[name] = HeldOut(predictions, entrant.logits, seconds, failed)
    finally:
        run.close()
        sentences = warned.give()
    return held_out, sentences


def _count_fits(entrant, basis, seeds):
    return len(basis.sets) * (seeds if entrant.random else 1)
