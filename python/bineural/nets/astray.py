"""Nets that are far worse than none: a finite loss that is far above that of telling no rows apart.

Where every class gets the same chance, a row costs the logarithm of their number, and where the mean is
always predicted, the variance of the outcome, which is 1 once it is standardised. Row and class weights
change neither. A net is astray where the rows trained on cost it more than ten times that (of two classes
the true one then has a chance of less than 2^-10 on average), and those watched more than twice. Nets that
are hardly trained yet stay below 5 times it, and nets at their defaults below 1.6 times, pure noise and
single epochs included (six data sets, 8 seeds); at a rate of 1000 the median is 60 to 1e18 times in training.
"""

import numpy as np

from bineural.errors import ConvergenceWarning
from bineural.messages import warn
from bineural.nets.fitted import diverged_loss
from bineural.repeated_warnings import merge

_IN_TRAINING, _IN_WATCHING = 10, 2  # times the loss of telling no rows apart


def say_astray(nets):
    """Warn of fitted nets of which a member was led astray, once for all of them.

    Parameters
    ----------
    nets : list of FittedNet
        Those whose loss is not finite are left to others, as they are refused.
    """
    sentences = [_sentence(fitted) for fitted in nets if diverged_loss(fitted) is None]
    for kind in merge((ConvergenceWarning, sentence, 1) for sentence in sentences if sentence):
        more = f"\nSo for {kind.count} of {len(nets)} nets." if len(nets) > 1 else ""
        message = kind.category(kind.text() + more)
        message.n_fits = kind.count  # a comparison counts them
        warn(kind.category, message)


def _sentence(fitted):
    losses = astray_losses(fitted)
    if not losses or fitted.interrupted:
        return None
    members = len(fitted.members)
    many = f", in {len(losses)} of {members} members" if members > 1 else ""
    unit, ignorant = fitted.objective.unit, ignorant_loss(fitted)
    return (
        f"The net is far worse than none: its loss is {losses[0]:.3g}{many}, and that of a net that tells no "
        f"rows apart {ignorant:.3g} ({unit}). Lower learning_rate, clip gradients (Adam(clipnorm=1.0)), "
        "scale the columns, or train longer."
    )


def astray_losses(fitted):
    """Return the loss of each member that was led astray: of rows trained on and watched the smaller."""
    ignorant = ignorant_loss(fitted)
    if ignorant is None:
        return []
    bounds = _IN_TRAINING * ignorant, _IN_WATCHING * ignorant
    losses = [_kept_losses(member) for member in fitted.members]
    return [float(np.min(kept)) for kept in losses if not any(x <= most for x, most in zip(kept, bounds))]


def ignorant_loss(fitted):
    """Return the loss of a net that gives all rows the same output; None where it isn't known."""
    own = fitted.loss.startswith("own ")
    return None if own else fitted.objective.ignorant_loss(fitted.state)


def _kept_losses(member):
    """Return the losses of the epoch that was kept: of rows trained on, and of those watched if any are."""
    epoch = max(member.best_epoch, 1) - 1
    names = ("loss", "validation_loss")
    return [member.history[name][epoch] for name in names if len(member.history.get(name) or ()) > epoch]
