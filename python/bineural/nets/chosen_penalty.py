"""Choose the default penalty: members are trained with several, and the rows that they watch decide.

Where the members of an ensemble watch every row between them, the losses of the rows they watch say what each
penalty is worth on rows that it was not trained on; the test rows of a comparison have no part in it. The
usual penalty stays unless another is better by more than a standard error. All are trained at once, as more
replicas of the same stack; where epochs have enough steps it is decided after some of them, and the members
of the other penalties end.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from bineural.training.contest import Side, lowest

MOST_ROWS = 5_000  # with more, the penalty matters less and trainings take longer
DECIDED_AFTER = 10  # epochs of at least so many steps; with shorter ones at the end


def precisions_of(options, record, n_rows, n_members):
    """Return the prior precisions to choose among, a tuple; empty where none is to be chosen.

    Parameters
    ----------
    options : dict
    record : zoo.Architecture
    n_rows : int
        Rows trained on.
    n_members : int
    """
    given = options["l2"] is not None or options["l1"] or options["checkpoint"] or options["callbacks"]
    covered = n_members > 1 and n_members * (options["validation"] or 0) >= 1
    return record.precisions if covered and not given and n_rows <= MOST_ROWS else ()


def try_each(job):
    """Return a job with a replica for each member and precision, precision by precision."""
    if not job.precisions:
        return job
    n_members, prior = len(job.seeds), job.fitted.architecture.prior_precision
    factors = np.repeat([precision / prior for precision in job.precisions], n_members)
    scaled = "l2_scale" if "l2_scale" in job.rates else "penalty_scale"
    rates = {name: [value] * len(factors) for name, value in job.rates.items()}
    rates[scaled] = [value * float(factor) for value, factor in zip(rates[scaled], factors)]
    times = len(job.precisions)
    return replace(job, seeds=job.seeds * times, partings=job.partings * times, rates=rates)


def contest_of(jobs):
    """Return how `train_stack` ends the members of penalties that are not chosen, as options; {} for none.

    Parameters
    ----------
    jobs : list of Job
        From `try_each`, of one architecture; in the order of their replicas.
    """
    sides = []
    for i, job in enumerate(jobs):
        n_sides, epoch = len(job.precisions), _decided_after(job)
        if n_sides and epoch is not None:
            n = len(job.seeds) // n_sides
            sides += [Side(i, k, n_sides, n, epoch) for k in range(n_sides) for _ in range(n)]
        else:
            sides += [None] * len(job.seeds)
    if not any(sides):
        return {}
    usual = next(_usual(job) for job in jobs if job.precisions)
    return {"contest": partial(pick, usual=usual), "sides": sides}


def _decided_after(job):
    """Return after how many epochs the penalty is chosen; None where it is at the end."""
    n_steps = -(-len(job.partings[0].train) // job.engine["batch_size"])
    return DECIDED_AFTER if n_steps >= DECIDED_AFTER else None


def choose(job, trained):
    """Return the members of the best precision, having noted its penalty in the fitted net.

    Parameters
    ----------
    job : Job
        From `try_each`.
    trained : list of Trained
        One for each replica, None for those that had not begun.
    """
    if not job.precisions:
        return [member for member in trained if member is not None]
    n = len(trained) // len(job.precisions)
    groups = [trained[k * n : (k + 1) * n] for k in range(len(job.precisions))]
    epoch = _decided_after(job)
    losses = np.array([[_watched_loss(member, epoch) for member in group] for group in groups])
    fitted, prior = job.fitted, job.fitted.architecture.prior_precision
    best = pick(losses, _usual(job)) if np.isfinite(losses).all(axis=1).any() else _begun_most(groups)
    unit = fitted.l2 / prior
    fitted.penalties = np.column_stack([np.multiply(job.precisions, unit), losses.mean(axis=1)])
    fitted.l2 = unit * job.precisions[best]
    fitted.layout = {**fitted.layout, "l2": fitted.l2}
    return [member for member in groups[best] if member is not None]


def pick(losses, usual):
    """Return the row of losses whose precision is chosen.

    Parameters
    ----------
    losses : ndarray, shape (n_precisions, n_members)
        Not finite where a member has none: its precision is chosen only where no other can be.
    usual : int
    """
    if np.isfinite(losses).all():
        return clearly_best(losses, usual)
    means = losses.mean(axis=1)
    return int(np.argmin(means)) if np.isfinite(means).any() else usual


def clearly_best(losses, usual):
    """Return the row of the smallest mean if it is a standard error below that of `usual`, else `usual`.

    Parameters
    ----------
    losses : ndarray, shape (n_precisions, n_members)
        On rows watched. Each member watches rows of its own, so that the standard error is that of the
        differences between two precisions, member by member.
    usual : int
    """
    best = int(np.argmin(losses.mean(axis=1)))
    gains = losses[usual] - losses[best]
    return best if gains.mean() > gains.std(ddof=1) / np.sqrt(len(gains)) else usual


def _usual(job):
    return job.precisions.index(job.fitted.architecture.prior_precision)


def _watched_loss(member, n_epochs):
    return np.inf if member is None else lowest(member.history, n_epochs)


def _begun_most(groups):
    return int(np.argmax([sum(m is not None and m.epochs_run > 0 for m in group) for group in groups]))
