"""A contest among replicas of a stack: after some epochs those of the sides that lose end.

So settings that are tried only to choose one of them do not run to the end, and what goes on has the numbers
of a stack without a contest. Loads no TensorFlow.
"""

from typing import NamedTuple

import numpy as np


class Side(NamedTuple):
    """Of which contest a replica is, and for which of its sides; a contest is decided among all of them.

    Attributes
    ----------
    contest, number : int
    n_sides, n_members : int
        Sides of the contest, and replicas for each.
    epoch : int
        After which it is decided.
    """

    contest: int
    number: int
    n_sides: int
    n_members: int
    epoch: int


def losers(sides, done, losses_of, pick):
    """Return the numbers of the replicas that end, now that so many epochs are done.

    A contest is left undecided where some of its replicas are in another stack.

    Parameters
    ----------
    sides : list of Side or None
        Of each replica; None where it has no part in a contest.
    done : int
    losses_of : callable
        Of the number of a replica, to the lowest loss that it watched.
    pick : callable
        Of the losses, ndarray (n_sides, n_members), to the number of the side that goes on.
    """
    contests = {}
    for i, side in enumerate(sides):
        if side is not None and side.epoch == done:
            contests.setdefault(side.contest, []).append(i)
    ended = []
    for members in contests.values():
        shape = sides[members[0]].n_sides, sides[members[0]].n_members
        if len(members) == shape[0] * shape[1]:
            by_side = np.reshape(sorted(members, key=lambda i: sides[i].number), shape)
            winner = pick(np.array([[losses_of(i) for i in part] for part in by_side]))
            ended += np.delete(by_side, winner, axis=0).ravel().tolist()
    return ended


def lowest(history, n_epochs=None):
    """Return the lowest loss watched in the first epochs of a history; infinite where there is none."""
    losses = np.asarray(history["validation_loss"][:n_epochs], float)
    losses = losses[np.isfinite(losses)]
    return float(losses.min()) if len(losses) else np.inf
