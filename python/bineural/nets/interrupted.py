"""What Ctrl-C leaves of a fit: a net with the weights of its best epoch so far."""

from bineural.errors import InterruptedWarning
from bineural.messages import warn


def keep_what_was_reached(net, stop):
    """Keep the nets that had begun when training was interrupted.

    Parameters
    ----------
    net : NetClassifier or NetRegressor
    stop : TrainingInterrupted
    """
    trained = stop.trained if isinstance(stop.trained, list) else [stop.trained]
    begun = [one for one in trained if one is not None and one.epochs_run]
    if begun:
        net._keep_trained(begun, interrupted=True)


def fit_or_part(problem, net):
    """Fit `net` to a problem; after Ctrl-C return what was reached, with a warning."""
    try:
        return problem.fit(net)
    except KeyboardInterrupt:
        if not getattr(net, "interrupted_", False):
            raise
    warn(InterruptedWarning, "\n".join(_sentences(net)))
    return problem.noted(net)


def _sentences(net):
    if net.ensemble_ == 1:
        epochs = f"{net.n_epochs_} of at most {int(net.epochs)} epochs"
        kept = f"The net has the weights of epoch {net.best_epoch_}."
    else:
        most, n = max(len(h["loss"]) for h in net.histories_ or [net.history_]), len(net._members())
        epochs = f"{most} of at most {int(net.epochs)} epochs"
        kept = f"{n} of {net.ensemble_} members had begun; their mean predicts."
    hint = "Give checkpoint='net.checkpoint', and the same call goes on after an interruption."
    if net.checkpoint is not None:
        hint = f"The same call goes on from {str(net.checkpoint)!r}."
        hint += "" if net.seed is not None else f" Its seed is {net.seed_}."
    return f"Training was interrupted after {epochs}.", kept, hint
