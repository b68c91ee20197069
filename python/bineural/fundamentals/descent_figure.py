"""The figure of a training: the loss in training and test rows, over the floor that least squares reaches."""

from bineural.checks import checked
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure


@checked(path=FIGURE_FILE)
def draw_losses(history, floor, path):
    """Draw the losses of `history` by epoch, and `floor` as dashed lines.

    Parameters
    ----------
    history : pandas.DataFrame
        Columns epoch, train and perhaps test.
    floor : dict of str to float, or None
        Loss of least squares in the same rows.
    path : str or path or None

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = new_figure(6.4, 4.2)
    axes = figure.add_subplot()
    for colour, part in zip(COLOURS, [column for column in history if column != "epoch"]):
        axes.plot(history["epoch"], history[part], color=colour, label=part)
        if floor:
            label = f"least squares, {part}"
            axes.axhline(floor[part], color=colour, linestyle="--", linewidth=1, label=label)
    axes.set(xlabel="Epoch", ylabel="Loss (scaled target)", yscale="log")
    axes.legend(frameon=False)
    plain_axes(axes)
    return write_figure(figure, path)
