"""Early stopping by the workshop's rule: look every 10 epochs; if worse than last time, go back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bineural._typing import ArrayLike, Figure, PathLike
from bineural.checks import checked, whole
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.fundamentals.checking import check_array


@dataclass(eq=False, repr=False)
class EarlyStop:
    """The result of `stop_early`.

    Attributes
    ----------
    stopped : bool
        Whether a check was worse than the one before.
    last_epoch : int
        Where training ends, from 1.
    kept_epoch : int
        Whose model is kept.
    loss : float
        Of that model.
    checks : pandas.DataFrame
        Columns check, epoch, loss: what was looked at.
    losses : ndarray of float64, shape (n_epochs,)
        All of them.

    Examples
    --------
    >>> import bineural as bn
    >>> stop = bn.fundamentals.stop_early([0.5, 0.4, 0.45, 0.3], every=1)
    >>> stop.last_epoch, stop.kept_epoch
    (3, 2)
    """

    stopped: bool
    last_epoch: int
    kept_epoch: int
    loss: float
    checks: object
    losses: np.ndarray

    def __repr__(self):
        """Say where training ends and which model is kept."""
        how = "Stopped at" if self.stopped else "Never worse: trained until"
        return (
            f"{how} epoch {self.last_epoch}; kept the model of epoch {self.kept_epoch}, loss {self.loss:.6g}."
        )

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the losses, the checks and the model that is kept.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(6.0, 3.8)
        axes = figure.add_subplot()
        epochs = np.arange(1, self.losses.size + 1)
        axes.plot(epochs, self.losses, color="0.7", label="every epoch")
        axes.plot(self.checks["epoch"], self.checks["loss"], "o-", color=COLOURS[0], label="looked at")
        axes.plot(self.kept_epoch, self.loss, "s", color=COLOURS[1], markersize=9, label="kept", zorder=4)
        axes.set(xlabel="Epoch", ylabel="Validation loss")
        axes.legend(frameon=False)
        plain_axes(axes)
        return write_figure(figure, path)


@checked(losses=check_array, every=whole(1))
def stop_early(losses: ArrayLike, every: int = 10) -> EarlyStop:
    """Say where training stops: look at the loss now and then; if worse than last time, go back.

    Parameters
    ----------
    losses : array_like of float64, shape (n_epochs,)
        Validation loss after each epoch.
    every : int
        Epochs from one look to the next.

    Returns
    -------
    EarlyStop
        With stopped, last_epoch, kept_epoch, loss, checks, losses. Where no look was worse, the model of the
        last look is kept.

    Raises
    ------
    InputError
        If there are fewer epochs than `every`.

    Examples
    --------
    >>> epochs = np.arange(1, 101)
    >>> stop_early(0.3 + (epochs - 42) ** 2 / 1e4)  # least at epoch 42, looked at in 40 and 50
    Stopped at epoch 50; kept the model of epoch 40, loss 0.3004.
    """
    import pandas as pd

    losses = np.ravel(losses)
    if losses.size < every:
        raise InputError(
            "`losses` must hold at least `every` epochs.",
            f"It holds {losses.size}, and `every` is {every}.",
            "Train for longer, or look more often.",
        )
    epochs = np.arange(every, losses.size + 1, every)
    seen = losses[epochs - 1]
    worse = np.flatnonzero(seen[1:] > seen[:-1])  # the look before the first that is worse
    stopped = worse.size > 0
    kept = int(worse[0]) if stopped else seen.size - 1
    n_checks = kept + 1 + stopped
    checks = pd.DataFrame(
        {"check": np.arange(1, n_checks + 1), "epoch": epochs[:n_checks], "loss": seen[:n_checks]}
    )
    last = int(epochs[n_checks - 1]) if stopped else losses.size
    return EarlyStop(stopped, last, int(epochs[kept]), float(seen[kept]), checks, losses)
