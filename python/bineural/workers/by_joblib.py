"""Jobs by joblib's own processes and threads: the same call again where a process died."""

import os
import pickle
import re
import sys
from concurrent.futures.process import BrokenProcessPool

from bineural.errors import BineuralWarning, InputError
from bineural.messages import sentence, warn
from bineural.workers.calls import call


def each(n_jobs, function, shared, jobs, names, prefer=None):
    """Yield what is heard of each job, in order.

    Where a process dies nobody knows which of the jobs under way it was by: those next in line are then done
    again, one at a time. A process that dies of one job alone is an error; else all goes on.

    Parameters
    ----------
    n_jobs : int
    function : callable (*values, job)
    shared : Shared or Here
    jobs : list
    names : list of str
        What an error calls each job.
    prefer : {"threads"}, optional
        Where no backend is chosen.

    Raises
    ------
    InputError
        If a process dies; it says of which job.
    """
    from joblib import delayed, effective_n_jobs

    left = list(zip(jobs, names))
    while left:
        n_done, n_kept = 0, len(left) - effective_n_jobs(n_jobs)
        try:
            calls = (
                delayed(call)(os.getpid(), function, shared, job, n < n_kept)
                for n, (job, _) in enumerate(left)
            )
            for heard in _workers(n_jobs, prefer)(calls):
                yield heard
                n_done += 1
            return
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            if "pickle" not in str(error):
                raise
            raise InputError(
                "What workers are given and what they answer must be such that it can be pickled.",
                f"{left[0][1]}: {sentence(error)}",
                "Leave out n_jobs.",
            ) from error
        except BrokenProcessPool:
            end = n_done + 2 * effective_n_jobs(n_jobs)  # as many jobs as joblib hands out ahead
        yield from _one_at_a_time(function, shared, left[n_done:end], prefer)
        warn(BineuralWarning, "A worker process died, and fits were done again, one at a time.")
        left = left[end:]


def preferred():
    """Return what models that are no nets prefer where no backend is chosen: threads within R."""
    return "threads" if "rpycall" in sys.modules or "rpytools" in sys.modules else None


def _workers(n_jobs, prefer):
    """Return joblib's workers, which answer one by one where their backend can, or else all at the end."""
    from joblib import Parallel
    from joblib.parallel import get_active_backend

    backend, _ = get_active_backend(prefer=prefer)
    answering = "generator" if getattr(backend, "supports_return_generator", False) else "list"
    return Parallel(n_jobs=n_jobs, prefer=prefer, return_as=answering)


def _one_at_a_time(function, shared, jobs, prefer):
    """Yield what is heard of jobs, each alone in a process other than this one."""
    from joblib import delayed

    for job, name in jobs:
        try:
            alone = [delayed(call)(os.getpid(), function, shared, job, False)]
            yield from _workers(2, prefer)(alone)  # one of them idle
        except BrokenProcessPool as died:
            raise died_of(name, _exit_codes(died)) from died


def died_of(name, how=""):
    """Return the error of a job of which a worker died twice."""
    return InputError(
        f"{name}: a worker process must live until its fit is done.",
        f"It died of this fit, alone too{how}.",
        "See whether memory is used up, or the model's code ends the process; n_jobs=None fits here.",
    )


def _exit_codes(died):
    """Return how a process ended, as loky says it: " (SIGKILL(-9))"."""
    codes = re.search(r"exit codes of the workers are \{(.*?)\}", str(died))
    return f" ({codes[1]})" if codes else ""
