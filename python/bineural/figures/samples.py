"""Rows that generators make, beside real ones: pictures in a grid, or distributions of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike, RowsLike
from bineural.checks import checked, seed, whole
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, plain_text, write_figure
from bineural.figures.pictures import draw_pictures, panels_across, picture_rows
from bineural.figures.row_panels import check_rows_net, makes_images, tiled
from bineural.not_models import called

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bineural.representations.autoencoder import Autoencoder
    from bineural.representations.gan import GAN
    from bineural.representations.rbm import RBM

_BINS, _POINTS = 40, 60  # bars of a distribution; points along a side of the discriminator's surface
_MOST_DRAWN = 2000  # real rows
_LOOKS = {"most": whole(1, 2000).or_none(), "seed": seed()}


@checked(**_LOOKS, path=FIGURE_FILE)
def plot_samples(
    model: GAN | Autoencoder | RBM | Mapping[str, GAN | Autoencoder | RBM],
    x: RowsLike | None = None,
    *,
    most: int | None = None,
    seed: int | None = 1,
    path: PathLike | None = None,
) -> Figure:
    """Draw rows that a generator makes, beside real ones.

    Images are drawn in a grid. Rows of one number are drawn as distributions, rows of two as points, both
    with what the discriminator of a GAN says of each place; rows of more numbers as points in the plane of
    the first two principal components of `x` (or of the rows made).

    Parameters
    ----------
    model : GAN, RBM, variational Autoencoder, or dict of str to these
        Fitted; several of the same rows, such as one after 1, 10 and 100 epochs, are drawn in a panel each.
    x : data frame or array_like, optional
        Real rows; of more than 2,000, and of images, some are drawn at random.
    most : int, optional
        Rows that are made; None is 25 images, else 1,000.
    seed : int, optional
        Of the rows made, and of the real rows drawn.
    path : str or path, optional
        PNG or SVG file to write.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If a model generates nothing, or several are of rows of different shapes.

    Examples
    --------
    >>> import bineural as bn
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(4, 0.5, (200, 1))
    >>> gan = bn.fit_gan(x, n_noise=4, epochs=40, seed=1)
    >>> figure = bn.plot_samples(gan, x)  # figure.savefig("samples.png")
    """
    table = samples_data(model, x, most=most, seed=seed)
    draw = {"pictures": draw_pictures, "distributions": _draw_distributions, "points": _draw_points}
    return draw[table.attrs["look"]](table, path)


@checked(**_LOOKS)
def samples_data(model, x=None, *, most=None, seed=1) -> DataFrame:
    """Make the table behind `plot_samples`.

    Returns
    -------
    pandas.DataFrame
        label (of the panel), and of images row, column, value, colour; of one number part ("real", "made",
        "discriminator"), x, y; of more part ("surface", "real", "made"), x, y, value (of the surface: the
        probability that a row there is real). `attrs`: "look" ("pictures", "distributions" or "points"),
        "title", "caption", "x", "y".
    """
    import pandas as pd

    models = _read_models(model)
    first = next(iter(models.values()))
    rng = np.random.default_rng(seed)
    real = None if x is None else first.prepared_values(x)
    if real is not None:
        real = real[np.isfinite(real).all(axis=1)]
    images = makes_images(first)
    n_made = most or (25 if images else 1000)
    n_real = n_made if images else _MOST_DRAWN
    if real is not None and len(real) > n_real:
        real = real[np.sort(rng.choice(len(real), n_real, replace=False))]
    made = {name: each.draw_values(n_made, np.random.default_rng(seed)) for name, each in models.items()}
    if images:
        return _walls(first, real, made)
    if real is not None and real.shape[1] == 1 or first.fitted_.input_shape == (1,):
        return _distributions(models, real, made)
    return _points(models, real, made, pd)


def _read_models(model):
    """Return generators by name, which make rows of one shape."""
    models = dict(model) if isinstance(model, dict) else {"": model}
    for each in models.values():
        check_rows_net(each, "GAN", "RBM", "Autoencoder")
        if not each.generates_:
            raise InputError(
                "`model` must generate rows: a variational autoencoder, a GAN or a Boltzmann machine.",
                f"Found {called(each)}, which does not.",
                "Fit one with fit_autoencoder(x, variational=True), fit_gan(x) or fit_rbm(x).",
            )
    shapes = {tuple(each.fitted_.input_shape) for each in models.values()}
    if len(shapes) != 1:
        raise InputError(
            "`model` must be one generator or several of the same rows.",
            f"Found {len(models)}, of rows of {len(shapes)} shapes.",
            "Draw them apart.",
        )
    return models


def _walls(model, real, made):
    """Return the table of one picture for each generator, all its rows side by side, after real ones."""
    import pandas as pd

    parts = ({} if real is None else {"real": real}) | {name or "made": rows for name, rows in made.items()}
    pictures = {name: tiled(model, rows, panels_across(len(rows))) for name, rows in parts.items()}
    limits = min(p.min() for p in pictures.values()), max(p.max() for p in pictures.values())
    table = pd.concat(
        [picture_rows(name, picture, limits=limits) for name, picture in pictures.items()], ignore_index=True
    )
    table.attrs = {"look": "pictures", "n_across": min(len(pictures), 4), "size": 2.6}
    return table


def _restored(model, values):
    """Return scaled values in the units of the rows: float64, (n, n_values), and their names."""
    restored = model.restored(values)
    if hasattr(restored, "columns"):
        return restored.to_numpy(np.float64), [str(name) for name in restored.columns]
    restored = np.asarray(restored, np.float64).reshape(len(values), -1)
    names = [f"Value {k + 1}" for k in range(restored.shape[1])]
    return restored, names if restored.shape[1] > 1 else ["Value"]


def _distributions(models, real, made):
    """Return the table of distributions of one number, and what discriminators say."""
    import pandas as pd

    first = next(iter(models.values()))
    values = {name: _restored(first, rows)[0][:, 0] for name, rows in made.items()}
    true = None if real is None else _restored(first, real)[0][:, 0]
    both = np.concatenate([*values.values(), *([] if true is None else [true])])
    edges = np.linspace(both.min(), both.max() or 1.0, _BINS + 1)
    middle, parts = (edges[1:] + edges[:-1]) / 2, []
    columns = {"x": middle}
    for name, model in models.items():
        heights = {"made": np.histogram(values[name], edges, density=True)[0]}
        if true is not None:
            heights = {"real": np.histogram(true, edges, density=True)[0]} | heights
        highest = max(height.max() for height in heights.values())
        for part, height in heights.items():
            parts.append(pd.DataFrame({"label": name, "part": part, **columns, "y": height / highest}))
        share = _said(model, middle[:, None])
        if share is not None:
            parts.append(pd.DataFrame({"label": name, "part": "discriminator", **columns, "y": share}))
    table = pd.concat(parts, ignore_index=True)
    table.attrs = {
        "look": "distributions",
        "x": _restored(first, np.zeros((1, 1)))[1][0],
        "y": "Density over its highest",
        "caption": "discriminator: probability that a row there is real"
        if "discriminator" in set(table["part"])
        else None,
        "width": float(edges[1] - edges[0]),
    }
    return table


def _said(model, places):
    """Return the probability of a discriminator that places, in the units of rows, are real; None without."""
    import pandas as pd

    if not hasattr(model, "predict_real"):
        return None
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        return model.predict_real(places)
    if len(names) != places.shape[1]:  # of a category, which has no places between its levels
        return None
    return model.predict_real(pd.DataFrame(places, columns=list(names)))


def _points(models, real, made, pd):
    """Return the table of rows as points in a plane, and the surfaces of discriminators."""
    first = next(iter(models.values()))
    n_values = next(iter(made.values())).shape[1]
    if n_values == 2:
        project = lambda rows: _restored(first, rows)[0]  # noqa: E731
        names = _restored(first, np.zeros((1, 2)))[1]
    else:
        from bineural.representations.principal import fit_pca

        pca = fit_pca(np.vstack(list(made.values())) if real is None else real, 2)
        project, names = pca.transform, ["First component", "Second component"]
    points = {name: project(rows) for name, rows in made.items()}
    true = None if real is None else project(real)
    both = np.vstack([*points.values(), *([] if true is None else [true])])
    (left, low), (right, high) = both.min(axis=0), both.max(axis=0)
    across, up = np.meshgrid(np.linspace(left, right, _POINTS), np.linspace(low, high, _POINTS))
    places, parts = np.column_stack([across.ravel(), up.ravel()]), []
    for name, model in models.items():
        share = _said(model, places) if n_values == 2 else None
        if share is not None:
            parts.append(_part(pd, name, "surface", places, share))
        if true is not None:
            parts.append(_part(pd, name, "real", true))
        parts.append(_part(pd, name, "made", points[name]))
    table = pd.concat(parts, ignore_index=True)
    table.attrs = {
        "look": "points",
        "x": names[0],
        "y": names[1],
        "caption": "shade: probability of the discriminator that a row there is real"
        if "surface" in set(table["part"])
        else None,
    }
    return table


def _part(pd, label, part, places, value=np.nan):
    return pd.DataFrame({"label": label, "part": part, "x": places[:, 0], "y": places[:, 1], "value": value})


def _panels(table, size):
    """Yield (axes, rows, figure) of each panel."""
    labels = list(table["label"].unique())
    n_across = min(len(labels), 4)
    n_down = -(-len(labels) // n_across)
    figure = new_figure(max(size * n_across, 4.6), size * 0.9 * n_down + 0.8)
    grid = figure.subplots(n_down, n_across, squeeze=False, sharex=True, sharey=True)
    for axes, label in zip(grid.flat, labels):
        if label:
            axes.set_title(plain_text(label), fontsize=10)
        plain_axes(axes)
    for axes in list(grid.flat)[len(labels) :]:
        axes.set_visible(False)
    for row in grid:
        row[0].set_ylabel(plain_text(table.attrs["y"]))
    for axes in list(grid.flat)[max(0, len(labels) - n_across) : len(labels)]:
        axes.set_xlabel(plain_text(table.attrs["x"]))
    return figure, [(axes, table[table["label"] == label]) for axes, label in zip(grid.flat, labels)]


def _end(figure, axes, table, path):
    handles, names = axes.get_legend_handles_labels()
    look = {"frameon": False, "fontsize": 9, "title": table.attrs["caption"], "title_fontsize": 8}
    figure.legend(handles, names, loc="outside lower center", ncols=3, **look)
    return write_figure(figure, path)


def _draw_distributions(table, path):
    figure, panels = _panels(table, 4.0)
    for axes, rows in panels:
        for part, colour in (("real", "0.6"), ("made", COLOURS[0])):
            bars = rows[rows["part"] == part]
            if len(bars):
                axes.bar(bars["x"], bars["y"], table.attrs["width"], color=colour, alpha=0.55, label=part)
        line = rows[rows["part"] == "discriminator"]
        if len(line):
            axes.axhline(0.5, color="0.5", linewidth=1, linestyle=(0, (1, 2)))
            axes.plot(line["x"], line["y"], color=COLOURS[1], label="discriminator")
        axes.set_ylim(0, 1.02)
    return _end(figure, panels[0][0], table, path)


def _draw_points(table, path):
    figure, panels = _panels(table, 3.6)
    shade = None
    for axes, rows in panels:
        surface = rows[rows["part"] == "surface"]
        if len(surface):
            values = surface.pivot(index="y", columns="x", values="value")
            shade = axes.pcolormesh(
                values.columns,
                values.index,
                values,
                cmap="Oranges",
                vmin=0,
                vmax=1,
                alpha=0.5,
                shading="nearest",
            )
        for part, colour in (("real", "0.35"), ("made", COLOURS[0])):
            points = rows[rows["part"] == part]
            if len(points):
                axes.scatter(points["x"], points["y"], s=6, color=colour, alpha=0.5, linewidths=0, label=part)
    if shade is not None:
        figure.colorbar(shade, ax=[axes for axes, _ in panels], shrink=0.7, label="P(real)")
    return _end(figure, panels[0][0], table, path)
