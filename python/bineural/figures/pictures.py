"""Pictures as tables, a row for each pixel with its colour, which both languages draw as they are."""

import numpy as np
import pandas as pd

from bineural.figures.canvas import new_figure, plain_text, write_figure


def picture_rows(label, values, signed=False, limits=None):
    """Make the table of a picture.

    Parameters
    ----------
    label : str
        Of its panel.
    values : ndarray, shape (height, width), or (height, width, 3) of red, green and blue
    signed : bool
        Colour from blue through white, at 0, to red, rather than from black to white.
    limits : tuple of float, optional
        What is black and what is white, the same of every channel; by default the smallest and largest value.

    Returns
    -------
    pandas.DataFrame
        label, row, column (from 1), value (of colour pictures the mean of the channels), colour ("#rrggbb").
    """
    values = np.asarray(values, dtype=np.float64)
    values = values[..., 0] if values.ndim == 3 and values.shape[2] == 1 else values
    row, column = np.indices(values.shape[:2]) + 1
    if signed:
        largest = np.abs(values).max() or 1.0
        shares = values / largest
        fade = 1 - np.abs(shares)
        red, blue = np.where(shares > 0, 1.0, fade), np.where(shares < 0, 1.0, fade)
        channels = np.stack([red, fade, blue], axis=-1)
    else:
        low, high = limits or (values.min(), values.max())
        shares = np.clip((values - low) / ((high - low) or 1.0), 0, 1)
        channels = shares if shares.ndim == 3 else np.repeat(shares[..., None], 3, axis=-1)
    parts = np.round(channels.reshape(-1, 3) * 255).astype(np.int64)
    codes = (parts[:, 0] << 16) | (parts[:, 1] << 8) | parts[:, 2]
    columns = {
        "label": label,
        "row": row.ravel(),
        "column": column.ravel(),
        "value": (values.mean(axis=2) if values.ndim == 3 else values).ravel(),
        "colour": [f"#{code:06x}" for code in codes],
    }
    return pd.DataFrame(columns)


def as_pixels(table):
    """Return the picture of a table as ndarray of uint8 (height, width, 3)."""
    pixels = np.zeros((table["row"].max(), table["column"].max(), 3), np.uint8)
    codes = np.array([int(colour[1:], 16) for colour in table["colour"]])
    channels = np.stack([codes >> 16, (codes >> 8) & 255, codes & 255], axis=1)
    pixels[table["row"] - 1, table["column"] - 1] = channels
    return pixels


def draw_pictures(table, path, mark=None):
    """Draw pictures side by side, each with its label above.

    Parameters
    ----------
    table : pandas.DataFrame
        See `picture_rows`; `attrs["title"]`, `attrs["caption"]` and perhaps `attrs["n_across"]`, how many
        stand side by side, and `attrs["size"]` of each in inches.
    path : Path or None
    mark : callable, optional
        (axes, label) -> None: draws what is laid over a picture.
    """
    labels = list(table["label"].unique())
    n_across = table.attrs.get("n_across") or panels_across(len(labels))
    n_down = -(-len(labels) // n_across)
    side = table.attrs.get("size", 1.6)  # inches
    figure = new_figure(max(side * n_across, 4.2), (side + 0.15) * n_down + 0.7)
    for axes, label in zip(figure.subplots(n_down, n_across, squeeze=False).flat, labels):
        pixels = as_pixels(table[table["label"] == label])
        axes.imshow(pixels, extent=(0, pixels.shape[1], pixels.shape[0], 0), interpolation="nearest")
        axes.set_title(plain_text(label), fontsize=9)
        if mark is not None:
            mark(axes, label)
    for axes in figure.axes:
        axes.set(xticks=[], yticks=[])
        axes.set_visible(axes.has_data())
    if table.attrs.get("title"):
        figure.suptitle(plain_text(table.attrs["title"]), fontsize=11)
    if table.attrs.get("caption"):
        figure.supxlabel(plain_text(table.attrs["caption"]), fontsize=8)
    return write_figure(figure, path)


def panels_across(n):
    """Return how many of n pictures stand side by side."""
    return int(np.ceil(np.sqrt(n)))
