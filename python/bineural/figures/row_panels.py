"""Rows as panels: images as pictures, other rows as lines over their values, which both languages draw."""

import numpy as np
import pandas as pd

from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, new_figure, plain_axes, plain_text, write_figure
from bineural.figures.pictures import panels_across, picture_rows
from bineural.not_models import called
from bineural.tables.rows import count_rows, take_rows

_COLUMNS = 40  # values of a row that a line has room for beside their names


def first_rows(rows, n):
    """Return the first n rows, or all where there are fewer."""
    taken = list(rows) if isinstance(rows, range) else rows  # which the net will refuse
    return take_rows(taken, np.arange(min(n, count_rows(taken))))


def makes_images(model):
    """Say whether the rows of a fitted net are images."""
    taken = model.fitted_.input
    return getattr(taken, "inner", taken).kind == "image"


def value_names(model):
    """Return the names of the values of a row: columns, or their numbers from 1."""
    restored = model.restored(np.zeros((1, int(np.prod(model.fitted_.input_shape)))))
    if hasattr(restored, "columns"):
        return [str(name) for name in restored.columns]
    return [str(k + 1) for k in range(np.asarray(restored).size)]


def image_panels(model, panels, limits=None):
    """Make the table of pictures of scaled values: `panels` is a list of (label, values).

    All of them have the same black and white, from the least to the largest value.
    """
    pictures = list(_pictures(model, np.stack([values for _, values in panels])))
    limits = limits or (min(np.min(p) for p in pictures), max(np.max(p) for p in pictures))
    parts = [picture_rows(label, picture, limits=limits) for (label, _), picture in zip(panels, pictures)]
    return pd.concat(parts, ignore_index=True)


def _pictures(model, values):
    """Return images of scaled values; of other than one or three channels their mean."""
    pictures = np.asarray(model.restored(values), np.float64)
    return pictures.mean(axis=-1) if pictures.ndim == 4 and pictures.shape[-1] != 3 else pictures


def tiled(model, values, n_across):
    """Return one picture of many rows side by side, from the left above: (height, width[, 3])."""
    pictures = _pictures(model, values)
    n, height, width, *channels = pictures.shape
    n_down = -(-n // n_across)
    grey = (pictures.min() + pictures.max()) / 2  # of a pixel between them
    wall = np.full((n_down * (height + 1) - 1, n_across * (width + 1) - 1, *channels), grey)
    for k, picture in enumerate(pictures):
        top, left = k // n_across * (height + 1), k % n_across * (width + 1)
        wall[top : top + height, left : left + width] = picture
    return wall


def line_panels(model, panels):
    """Make the table of lines over the scaled values of rows.

    Parameters
    ----------
    model : fitted net of rows
    panels : list of (label, dict of str to ndarray (n_values,))
        The lines of each panel by name.

    Returns
    -------
    pandas.DataFrame
        label (of the panel), line, position (from 1), name (of the value), value (in SDs where scaled).
    """
    names = value_names(model)
    parts = [
        pd.DataFrame(
            {
                "label": label,
                "line": line,
                "position": np.arange(1, len(values) + 1),
                "name": names,
                "value": values,
            }
        )
        for label, lines in panels
        for line, values in lines.items()
    ]
    return pd.concat(parts, ignore_index=True)


def draw_lines(table, path):
    """Draw the panels of `line_panels`."""
    labels = list(table["label"].unique())
    n_across = table.attrs.get("n_across") or panels_across(len(labels))
    n_down = -(-len(labels) // n_across)
    names = table.drop_duplicates("position").sort_values("position")
    figure = new_figure(max(1.7 * n_across, 5.2), 1.5 * n_down + 1.3)
    grid = figure.subplots(n_down, n_across, squeeze=False, sharex=True, sharey=True)
    lines = list(table["line"].unique())
    for axes, label in zip(grid.flat, labels):
        for k, line in enumerate(lines):
            rows = table[(table["label"] == label) & (table["line"] == line)]
            look = {"color": COLOURS[k], "linestyle": "-" if k == 0 else "--", "linewidth": 1.2}
            axes.plot(rows["position"], rows["value"], marker="o", markersize=2.5, **look, label=line)
        axes.set_title(plain_text(label), fontsize=9)
        plain_axes(axes)
        if len(names) <= _COLUMNS and not names["name"].str.isdecimal().all():
            axes.set_xticks(names["position"], map(plain_text, names["name"]), rotation=90, fontsize=7)
    for axes in list(grid.flat)[len(labels) :]:
        axes.set_visible(False)
    figure.supylabel(table.attrs["y"], fontsize=9)
    if table.attrs.get("title"):
        figure.suptitle(plain_text(table.attrs["title"]), fontsize=11)
    if len(lines) > 1:
        handles = grid.flat[0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    return write_figure(figure, path)


def check_rows_net(model, *wanted):
    """Refuse what is no fitted net of rows, or none of these classes."""
    if "fitted_" in getattr(model, "__dict__", {}) and type(model).__name__ in wanted:
        return
    makers = {"Autoencoder": "fit_autoencoder", "GAN": "fit_gan", "RBM": "fit_rbm"}
    raise InputError(
        f"`model` must be fitted by {' or '.join(f'{makers[name]}()' for name in wanted)}.",
        f"Found {called(model)}.",
        f"Fit one: {makers[wanted[0]]}(x).",
    )
