"""The loss of each epoch of a fitted net, the best epoch marked."""

from __future__ import annotations

import numpy as np

from bineural._typing import DataFrame, Figure, Model, PathLike
from bineural.checks import checked
from bineural.drawn import add_figure
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, legend_below, new_figure, plain_axes, write_figure
from bineural.not_models import called, instead

_WATCHED = ("loss", "training", np.nan), ("validation_loss", "validation", np.nan)
_PARTS = ("reconstruction", "reconstruction", np.nan), ("kl", "KL", np.nan)  # of a variational autoencoder
_COMPETING = ("discriminator", "discriminator", 2 * np.log(2)), ("generator", "generator", np.log(2))


@checked(path=FIGURE_FILE)
def plot_history(model: Model, path: PathLike | None = None) -> Figure:
    """Draw the training and validation loss of each epoch and mark the best epoch.

    Of a variational autoencoder it draws the two parts of the training loss as well, reconstruction and
    Kullback-Leibler divergence. Of a GAN it draws the losses of discriminator and generator, and as dotted
    lines 2 ln 2 and ln 2, where they end if made rows can't be told from real ones.

    Parameters
    ----------
    model : fitted net
        With `history_` (dict of lists, "loss" and perhaps "validation_loss") and perhaps `best_epoch_`.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Raises
    ------
    InputError
        If the model has no training history, or the path cannot be written.

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> net = bn.fit_net("petal_width ~ petal_length", iris, epochs=20, seed=1)
    >>> figure = bn.plot_history(net)  # figure.savefig("history.png")
    """
    table = history_data(model)
    figure = new_figure(6.0, 4.0)
    axes = figure.add_subplot()
    curves = table.groupby("part", sort=False)
    for (part, rows), colour, line in zip(curves, COLOURS, ("-", "--", "-.", ":")):
        marker = "o" if len(rows) == 1 else None  # a single epoch is a point
        axes.plot(rows["epoch"], rows["loss"], color=colour, linestyle=line, marker=marker, label=part)
        if rows["optimum"].notna().all():
            axes.axhline(rows["optimum"].iloc[0], color=colour, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    best, title = table[table["best"]], None
    if len(best):
        epoch, loss = best.iloc[-1][["epoch", "loss"]]  # validation where there is one
        axes.axvline(epoch, color="0.6", linewidth=1, linestyle=(0, (1, 2)), zorder=1)
        axes.plot([epoch], [loss], "o", color="black", markersize=6, zorder=4)
        title = f"Best epoch {epoch} (dot): loss {loss:.4g}"
    axes.set(xlabel="Epoch", ylabel="Loss")
    if table["epoch"].max() > 1:
        axes.xaxis.get_major_locator().set_params(integer=True)
    else:
        axes.set_xticks([1])
    plain_axes(axes)
    legend_below(figure, title, ncols=2)
    return write_figure(figure, path)


def history_data(model: Model) -> DataFrame:
    """Make the table behind `plot_history`.

    Parameters
    ----------
    model : fitted net

    Returns
    -------
    pandas.DataFrame
        Columns epoch (int64, from 1), part ("training" or "validation", of a variational autoencoder also
        "reconstruction" and "KL", of a GAN "discriminator" or "generator"), loss (float64), best (bool),
        optimum (float64: the loss of equally good nets of a GAN, else NaN).
    """
    import pandas as pd

    history = getattr(model, "history_", None) or {}
    if not len(history.get("loss", [])):
        raise InputError(
            "`model` must be a fitted net with a training history.",
            f"It is {called(model)}, and has none.",
            instead(model, "Fit a net with fit_net; a GLM has no epochs."),
        )
    best = getattr(model, "best_epoch_", None)
    parts, competing = [], "generator" in history
    best = None if competing else best
    for key, part, optimum in _COMPETING if competing else (*_WATCHED, *_PARTS):
        loss = np.asarray(history.get(key, []), dtype=np.float64)
        epoch = np.arange(1, loss.size + 1)
        columns = {
            "epoch": epoch,
            "part": part,
            "loss": loss,
            "best": (epoch == best) & key.endswith("loss"),
            "optimum": optimum,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


add_figure("NetClassifier", plot_history, history_data)
add_figure("NetRegressor", plot_history, history_data)
add_figure("NetDetector", plot_history, history_data)
add_figure("Autoencoder", plot_history, history_data)
add_figure("GAN", plot_history, history_data)
add_figure("RBM", plot_history, history_data)
add_figure("SequenceModel", plot_history, history_data)
