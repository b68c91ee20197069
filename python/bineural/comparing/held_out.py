"""The held-out predictions of every model of a comparison: all its fits, run one model after the other."""

import time
from typing import NamedTuple

import numpy as np

from bineural.comparing.average_entrants import Average
from bineural.comparing.fits import Run
from bineural.comparing.rounding import NULL
from bineural.comparing.warning_sentences import FitWarnings, failed_sentence
from bineural.interrupts import Abandoned
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


class Predicted(NamedTuple):
    """What all models predict.

    held_out : dict of str to HeldOut; of the models that are finished, in the order of all.
    sentences : list of str; what their fits warned of.
    unfinished : list of str; models that Ctrl-C came before.
    """

    held_out: dict
    sentences: list
    unfinished: list


def predict_all(entrants, basis, fitting, kept=None):
    """Fit every model to the training rows of every resample and predict its test rows.

    Parameters
    ----------
    entrants : list of Entrant
    basis : Basis
    fitting : Fitting
    kept : KeptModels, optional
        Gives models that are finished already, and keeps each that becomes so.

    Returns
    -------
    Predicted

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C before a model is finished that knows a predictor, and on a second Ctrl-C.
    """
    work, held_out, unfinished, stop = _Work(entrants, basis, fitting, kept), {}, [], None
    try:
        for entrant in entrants:
            if stop is not None and not _can_be_averaged(entrant, held_out):
                unfinished.append(entrant.name)
                continue
            try:
                held_out[entrant.name] = work.predict(entrant, held_out)
            except Abandoned:
                raise
            except KeyboardInterrupt as interrupt:
                stop = interrupt
                unfinished.append(entrant.name)
    finally:
        work.run.close()
        sentences = work.warned.give()
    if stop is not None and set(held_out) <= {NULL}:
        raise stop
    return Predicted(held_out, sentences, unfinished)


class _Work:
    """The fits of a comparison: what all of them share."""

    def __init__(self, entrants, basis, fitting, kept):
        self.basis, self.seeds, self.kept = basis, fitting.seeds, kept
        self.by_name = {entrant.name: entrant for entrant in entrants}
        total = sum(map(self._count_fits, entrants))
        self.run, self.warned = Run(fitting.n_jobs, fitting.verbose, total, fitting.memory), FitWarnings()

    def predict(self, entrant, finished):
        """Return the `HeldOut` of a model: kept from before, the mean of others', or by its fits."""
        n_fits, begun, messages = self._count_fits(entrant), time.perf_counter(), []
        before = None if self.kept is None else self.kept.take(entrant)
        if before is not None:
            held_out, messages = before
            self.run.step(entrant.name, n_fits)
            self.warned.add(entrant.name, n_fits, messages)
            return held_out
        if is_mean(entrant):
            predictions = entrant.average({n: each.predictions for n, each in finished.items()}, self.by_name)
        else:
            with self.warned.of(entrant.name, n_fits) as messages:
                predictions = entrant.predict_out(self.basis, self.seeds, self.run)
        seconds, failed = time.perf_counter() - begun, failed_sentence(entrant, n_fits)
        held_out = HeldOut(predictions, entrant.logits, seconds, failed)
        if self.kept is not None:
            self.kept.keep(entrant, held_out, messages)
        return held_out

    def _count_fits(self, entrant):
        return len(self.basis.sets) * (self.seeds if entrant.random else 1)


def is_mean(entrant):
    """Say whether an entrant is the mean of others' predictions, and takes no fits of its own."""
    return isinstance(entrant, Average) and not entrant.members


def _can_be_averaged(entrant, held_out):
    return is_mean(entrant) and all(name in held_out for name in entrant.names)
