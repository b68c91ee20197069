"""What an autoencoder makes of rows: reconstructions in pairs, a map of codes, rows made of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, Labels, PathLike, RowsLike
from bineural.checks import checked, choice, whole
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, plain_text, write_figure
from bineural.figures.pictures import as_pixels, draw_pictures, picture_rows
from bineural.figures.row_panels import (
    check_rows_net,
    draw_lines,
    first_rows,
    image_panels,
    line_panels,
    makes_images,
    tiled,
)
from bineural.tables.rows import count_rows

if TYPE_CHECKING:
    from bineural.representations.autoencoder import Autoencoder

KINDS = ("reconstructions", "map", "decoded", "interpolation")
_MOST_LABELS = 20
_MARKERS = "os^Dv"
_LOOKS = {"kind": choice(*KINDS), "most": whole(2, 40).or_none()}


@checked(**_LOOKS, path=FIGURE_FILE)
def plot_codes(
    model: Autoencoder,
    x: RowsLike | None = None,
    kind: str = "reconstructions",
    *,
    labels: Labels | None = None,
    most: int | None = None,
    path: PathLike | None = None,
) -> Figure:
    """Draw what an autoencoder makes of rows, or the rows that it makes of codes.

    Parameters
    ----------
    model : Autoencoder
        Fitted.
    x : data frame or array_like, optional
        Rows like those of training; rows decoded by a variational one need none.
    kind : {"reconstructions", "map", "decoded", "interpolation"}
        - "reconstructions": the first rows, and beside each what is made of its codes;
        - "map": rows by two codes (of more, those two that vary most), coloured by `labels`, each label
          written at the median of its rows;
        - "decoded": rows made of a grid of two codes: at even quantiles of the standard normal distribution
          of a variational one, else between the 5th and the 95th percentile of the codes of `x`; other codes
          are at their median;
        - "interpolation": rows made of even steps between the codes of the first and the second row of `x`.
    labels : array_like, shape (n_rows,), optional
        What each row is, at most 20 of them, for the map.
    most : int, optional
        Pairs, steps, or codes along a side of the grid; None is 8 (and 12 along a side of a grid of images, 4
        of others).
    path : str or path, optional
        PNG or SVG file to write.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the model is no autoencoder, `x` is needed and missing, or there are fewer than two codes for a map
        or a grid.

    See Also
    --------
    plot_samples : rows that a generator makes.
    plot_history : losses of the epochs.

    Examples
    --------
    >>> import bineural as bn
    >>> digits = bn.load_images("digits").images
    >>> coder = bn.fit_autoencoder(digits[:200], 2, units=(16,), epochs=3, seed=1)
    >>> len(bn.plot_codes(coder, digits, most=3).axes)  # three pairs
    6
    """
    table = codes_data(model, x, kind, labels=labels, most=most)
    if kind == "map":
        return _draw_map(table, path)
    if "colour" not in table:
        return draw_lines(table, path)
    return _draw_grid(table, path) if kind == "decoded" else draw_pictures(table, path)


@checked(**_LOOKS)
def codes_data(model, x=None, kind="reconstructions", *, labels=None, most=None) -> DataFrame:
    """Make the table behind `plot_codes`.

    Returns
    -------
    pandas.DataFrame
        Of a map code_x, code_y and label. Else label (of the panel), and of images row, column, value,
        colour, of other rows line, position, name, value. `attrs`: "title", "caption", "n_across", "x", "y".
    """
    check_rows_net(model, "Autoencoder")
    drawn_codes = kind == "decoded" and model.variational
    if x is None and not drawn_codes:
        raise InputError(
            f"`x` must be given for kind={kind!r}.", "It is None.", "Pass rows like those of training."
        )
    if labels is not None and kind != "map":
        raise InputError(
            "`labels` can be given for kind='map' only.", f"kind is {kind!r}.", "Leave them out."
        )
    if kind in ("map", "decoded") and model.n_codes < 2:
        raise InputError(
            f"kind={kind!r} must have two codes or more.", "The autoencoder has 1.", "Use n_codes=2."
        )
    if kind == "map":
        return _map(model, x, labels)
    make = {"reconstructions": _pairs, "decoded": _grid, "interpolation": _steps}[kind]
    return make(model, x, most)


def _complete(values):
    return values[np.isfinite(values).all(axis=1)]


def _pairs(model, x, most):
    before, after = model.values_again(first_rows(x, most or 8))
    kept = np.flatnonzero(np.isfinite(before).any(axis=1))
    caption = "above: rows; below: what is made of their codes"
    if makes_images(model):
        above = [(f"row {i + 1}", before[i]) for i in kept]
        below = [(f"row {i + 1} again", after[i]) for i in kept]
        table = image_panels(model, above + below)
        table.attrs = {"caption": caption, "n_across": len(kept)}
    else:
        table = line_panels(
            model, [(f"row {i + 1}", {"row": before[i], "made again": after[i]}) for i in kept]
        )
        table.attrs = {"y": "Scaled value"}
    table.attrs["title"] = f"Rows made again from {model.n_codes} codes"
    return table


def _steps(model, x, most):
    codes = model.transform(first_rows(x, 2))
    if len(_complete(codes)) < 2:
        raise InputError(
            "`x` must hold two complete rows for kind='interpolation'.",
            f"Found {count_rows(x)}, {len(_complete(codes))} of the first two of them complete.",
            "Pass two rows.",
        )
    shares = np.linspace(0, 1, most or 8)
    values = model.values_of_codes((1 - shares[:, None]) * codes[0] + shares[:, None] * codes[1])
    panels = [(f"{100 * share:.0f}%", value) for share, value in zip(shares, values)]
    if makes_images(model):
        table = image_panels(model, panels)
    else:
        table = line_panels(model, [(name, {"made": value}) for name, value in panels])
    table.attrs = {
        "title": "From the codes of one row to those of another",
        "n_across": len(panels),
        "y": "Scaled value",
    }
    return table


def _grid(model, x, most):
    """Decode codes on a grid: code x grows to the right, code y upwards."""
    from scipy.special import ndtri

    images = makes_images(model)
    n = most or (12 if images else 4)
    codes = None if x is None else _complete(model.transform(x))
    first, second = _widest(codes, model.n_codes)
    base = np.zeros(model.n_codes) if codes is None else np.median(codes, axis=0)
    if model.variational:
        sides = {k: ndtri((np.arange(n) + 0.5) / n) for k in (first, second)}
    else:
        sides = {k: np.linspace(*np.percentile(codes[:, k], (5, 95)), n) for k in (first, second)}
    grid = np.tile(base, (n * n, 1))
    grid[:, first] = np.tile(sides[first], n)
    grid[:, second] = np.repeat(sides[second][::-1], n)
    values = model.values_of_codes(grid)
    if images:
        table = picture_rows("decoded", tiled(model, values, n))
    else:
        names = [f"{row[first]:.2g}, {row[second]:.2g}" for row in grid]
        table = line_panels(model, [(name, {"made": value}) for name, value in zip(names, values)])
    table.attrs = {
        "title": "Rows made of codes",
        "caption": "; ".join(
            f"code {k + 1} from {sides[k][0]:.2g} to {sides[k][-1]:.2g} {way}"
            for k, way in ((first, "to the right"), (second, "upwards"))
        ),
        "n_across": None if images else n,
        "x": f"Code {first + 1}",
        "y": f"Code {second + 1}" if images else "Scaled value",
        "limits": [*(float(sides[first][i]) for i in (0, -1)), *(float(sides[second][i]) for i in (0, -1))],
    }
    return table


def _widest(codes, n_codes):
    """Return the positions of the two codes that vary most, in their order."""
    if codes is None or n_codes == 2:
        return 0, 1
    return tuple(sorted(np.argsort(-codes.var(axis=0), kind="stable")[:2].tolist()))


def _map(model, x, labels):
    import pandas as pd

    codes = model.transform(x)
    names = np.full(len(codes), "row", dtype=object) if labels is None else _read_labels(labels, len(codes))
    complete = np.isfinite(codes).all(axis=1)
    first, second = _widest(codes[complete], model.n_codes)
    table = pd.DataFrame(
        {"code_x": codes[complete, first], "code_y": codes[complete, second], "label": names[complete]}
    )
    table.attrs = {
        "x": f"Code {first + 1}",
        "y": f"Code {second + 1}",
        "title": "Codes of rows",
        "levels": _ordered(set(names)) if labels is not None else [],
    }
    return table


def _read_labels(labels, n_rows):
    """Return labels as text, in an array of objects."""
    names = [
        f"{label:g}" if isinstance(label, float) else str(label)
        for label in np.ravel(np.asarray(labels, dtype=object))
    ]
    names = np.asarray(names, dtype=object)
    if len(names) != n_rows or len(set(names)) > _MOST_LABELS:
        raise InputError(
            f"`labels` must have one for each of {n_rows} rows, and at most {_MOST_LABELS} different ones.",
            f"Found {len(names)}, {len(set(names))} of them different.",
            "Cut numbers into a few ranges, with pandas.cut for example.",
        )
    return names


def _ordered(names):
    """Return labels in order, numbers by their size."""
    try:
        return sorted(names, key=float)
    except ValueError:
        return sorted(names)


def _draw_map(table, path):
    figure = new_figure(5.6, 5.0)
    axes = figure.add_subplot()
    size = float(np.clip(4000 / len(table), 4, 25))
    for i, name in enumerate(table.attrs["levels"] or ["row"]):
        rows = table[table["label"] == name]
        look = {"color": COLOURS[i % len(COLOURS)], "marker": _MARKERS[i // len(COLOURS) % len(_MARKERS)]}
        points = rows["code_x"], rows["code_y"]
        axes.scatter(*points, s=size, alpha=0.6, linewidths=0, **look, label=plain_text(name))
        if table.attrs["levels"]:
            place = rows[["code_x", "code_y"]].median()
            box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": look["color"]}
            axes.annotate(plain_text(name), place, ha="center", va="center", fontsize=9, bbox=box)
    axes.set(xlabel=table.attrs["x"], ylabel=table.attrs["y"], title=table.attrs["title"])
    plain_axes(axes)
    return write_figure(figure, path)


def _draw_grid(table, path):
    figure = new_figure(5.2, 5.2)
    axes = figure.add_subplot()
    pixels, (left, right, low, high) = as_pixels(table), table.attrs["limits"]
    axes.imshow(pixels, interpolation="nearest")
    axes.set_xticks([0, pixels.shape[1] - 1], [f"{left:.2g}", f"{right:.2g}"])
    axes.set_yticks([0, pixels.shape[0] - 1], [f"{high:.2g}", f"{low:.2g}"])
    axes.set(xlabel=table.attrs["x"], ylabel=table.attrs["y"], title=table.attrs["title"])
    return write_figure(figure, path)
