"""Running the fits of a comparison, one after the other or by joblib, with progress and gathered warnings."""

import sys
import warnings

from bineural.comparing.workers import fit_in_workers
from bineural.nets.progress import make_bar, someone_watches


class Run:
    """How fits are run.

    Parameters
    ----------
    n_jobs : int or None
        For joblib; None is one after the other, or what `joblib.parallel_config` says.
    verbose : None, 0 or 1
        None shows a bar where somebody watches.
    total : int
        Fits there will be, for the bar.
    memory : int
        Bytes that nets trained at the same time may take.
    """

    def __init__(self, n_jobs, verbose, total, memory):
        self.n_jobs, self.verbose, self.memory = n_jobs, verbose, memory
        self._watched = verbose != 0 and someone_watches()
        self._bar = (
            make_bar(total=total, unit="fit", delay=1.0, leave=False, file=sys.stderr)
            if self._watched
            else None
        )

    def each(self, entrant, basis, jobs):
        """Return `entrant.fit_predict(basis, *job)` for each job, in order."""
        if self.n_jobs is None or not entrant.parallel:
            answers = []
            for job in jobs:
                answers.append(entrant.fit_predict(basis, *job))
                self.step(entrant.name)
            return answers
        answers = []
        for answer, warned in fit_in_workers(self.n_jobs, entrant, basis, jobs):
            answers.append(answer)
            for category, message in warned:
                warnings.warn(message, category, stacklevel=2)
            self.step(entrant.name)
        return answers

    def step(self, name, n_fits=1):
        """Move the bar by some fits."""
        if self._bar is not None:
            self._bar.set_postfix_str(name, refresh=False)
            self._bar.update(n_fits)

    def close(self):
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
