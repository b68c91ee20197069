"""Fits in other processes, by joblib: a fit whose process dies is named, and no process outlives this one."""

import os
import pickle
import re
import sys
import threading
import time
import warnings
from concurrent.futures.process import BrokenProcessPool

from bineural.errors import BineuralWarning, InputError
from bineural.messages import sentence, warn

_LOOK = 0.5  # seconds between two looks at whether the parent lives


def fit_in_workers(n_jobs, entrant, basis, jobs):
    """Yield (answer, warnings as (category, message) pairs) of each fit, in the order of `jobs`.

    Where a process dies nobody knows which of the fits under way it was by: those next in line are then done
    again, one at a time. A process that dies of one fit alone is an error; else all goes on.

    Parameters
    ----------
    n_jobs : int
    entrant : Entrant
    basis : Basis
    jobs : list of (int, int)
        Resample and draw of each fit.

    Raises
    ------
    InputError
        If a process dies; it says which model in which fold.
    """
    from joblib import delayed, effective_n_jobs

    left = list(jobs)
    while left:
        calls = (delayed(_heard)(os.getpid(), entrant, basis, *job) for job in left)
        n_done = 0
        try:
            for answer in _workers(n_jobs)(calls):
                yield answer
                n_done += 1
            return
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            if "pickle" not in str(error):
                raise
            raise InputError(
                "A model that is fitted in other processes must be one that these can be given.",
                f"{entrant.name} can't: {sentence(error)}",
                "Use joblib's backend 'loky', leave out n_jobs, or define it at the top of a file.",
            ) from error
        except BrokenProcessPool:
            end = n_done + 2 * effective_n_jobs(n_jobs)  # as many fits as joblib hands out ahead
        yield from _one_at_a_time(entrant, basis, left[n_done:end])
        warn(BineuralWarning, "A worker process died, and fits were done again, one at a time.")
        left = left[end:]


def _workers(n_jobs):
    """Return joblib's workers, which answer one by one where their backend can, or else all at the end."""
    from joblib import Parallel
    from joblib.parallel import get_active_backend

    # A process started from within R would start R.
    prefer = "threads" if "rpycall" in sys.modules or "rpytools" in sys.modules else None
    backend, _ = get_active_backend(prefer=prefer)
    answering = "generator" if getattr(backend, "supports_return_generator", False) else "list"
    return Parallel(n_jobs=n_jobs, prefer=prefer, return_as=answering)


def _one_at_a_time(entrant, basis, jobs):
    """Yield what fits answer, each alone in a process other than this one."""
    from joblib import delayed

    for k, draw in jobs:
        try:
            yield from _workers(2)(
                [delayed(_heard)(os.getpid(), entrant, basis, k, draw)]
            )  # one of them idle
        except BrokenProcessPool as died:
            place = f"{entrant.name}, resample {k + 1}{f', draw {draw + 1}' * (draw > 0)}"
            raise InputError(
                f"{place}: a worker process must live until its fit is done.",
                f"It died of this fit, alone too{_exit_codes(died)}.",
                "See whether memory is used up, or the model's code ends the process; n_jobs=None fits here.",
            ) from died


def _exit_codes(died):
    """Return how a process ended, as loky says it: " (SIGKILL(-9))"."""
    codes = re.search(r"exit codes of the workers are \{(.*?)\}", str(died))
    return f" ({codes[1]})" if codes else ""


def _heard(parent, entrant, basis, k, draw):
    """Return the predictions of one fit and the warnings it gave, which another process can't show."""
    _end_with(parent)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = entrant.fit_predict(basis, k, draw)
    return answer, [(entry.category, str(entry.message)) for entry in caught]


def _end_with(parent):
    """Let this process end once its parent has, however that ended; a thread of the parent stays."""
    watched = any(thread.name == _watch.__name__ for thread in threading.enumerate())
    if watched or os.getpid() == parent or os.getppid() != parent:
        return
    threading.Thread(target=_watch, args=[parent], name=_watch.__name__, daemon=True).start()


def _watch(parent):
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)
