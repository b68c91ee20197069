"""Running the fits of a comparison, one after the other or by joblib, with progress and gathered warnings."""

import sys

from bineural.nets.progress import make_bar, someone_watches
from bineural.workers import count_workers, in_workers


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
        if not entrant.parallel or count_workers(self.n_jobs) == 1:
            each = (entrant.fit_predict(basis, *job) for job in jobs)
        else:
            names = [name_of_fit(entrant.name, *job) for job in jobs]
            each = in_workers(self.n_jobs, _fit, (entrant, basis), jobs, names, entrant.name)
        answers = []
        for answer in each:
            answers.append(answer)
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


def name_of_fit(name, k, draw):
    """Name a model's fit as errors do: "glm, resample 3"; the draw where it is not the first."""
    return f"{name}, resample {k + 1}{f', draw {draw + 1}' * (draw > 0)}"


def _fit(entrant, basis, job):
    """Fit a model in a worker."""
    return entrant.fit_predict(basis, *job)
