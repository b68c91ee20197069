"""Why deep sigmoid networks learnt so slowly: gradients shrink from layer to layer on their way back.

The slope of a sigmoid is at most 1/4, so each layer passes on a fraction; a ReLU passes on all or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bineural._typing import Figure, PathLike, Seed
from bineural.checks import checked, choice, list_of, seed, whole
from bineural.figures.canvas import FIGURE_FILE, curve_look, new_figure, plain_axes, write_figure
from bineural.fundamentals.activation import ACTIVATIONS
from bineural.fundamentals.backpropagation import backpropagate
from bineural.fundamentals.network import build_network


@dataclass(eq=False, repr=False)
class LayerGradients:
    """The result of `gradient_by_layer`.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns activation, layer (from 1, next to the inputs), gradient (norm of the loss's slope in the
        layer's weights).

    Examples
    --------
    >>> import bineural as bn
    >>> table = bn.fundamentals.gradient_by_layer(("sigmoid", "relu"), seed=1).table
    >>> first = table[table["layer"] == 1].set_index("activation")["gradient"]
    >>> bool(first["sigmoid"] < 0.001 * first["relu"])
    True
    """

    table: object

    def __repr__(self):
        """Say how much smaller the first layer's gradient is than the last's."""
        lines = []
        for name, rows in self.table.groupby("activation", sort=False):
            ratio = rows["gradient"].iloc[0] / rows["gradient"].iloc[-1]
            lines.append(
                f"{name}: the first of {len(rows)} layers has {ratio:.3g} times the last one's gradient"
            )
        return "\n".join(lines)

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the gradient of each layer.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(5.5, 4.0)
        axes = figure.add_subplot()
        for i, (name, rows) in enumerate(self.table.groupby("activation", sort=False)):
            axes.plot(rows["layer"], rows["gradient"], marker="o", label=name, **curve_look(i))
        axes.set(xlabel="Layer, from the inputs", ylabel="Norm of its gradient", yscale="log")
        axes.legend(frameon=False)
        plain_axes(axes)
        return write_figure(figure, path)


@checked(
    activation=list_of(choice(*ACTIVATIONS)), depth=whole(2), units=whole(1), n_rows=whole(1), seed=seed()
)
def gradient_by_layer(
    activation: str | Sequence[str] = ("sigmoid", "relu"),
    depth: int = 10,
    units: int = 32,
    n_rows: int = 64,
    seed: Seed = None,
) -> LayerGradients:
    """Measure the gradient of every layer of untrained networks that differ only in their activation.

    Inputs are normal, outcomes the flips of a coin; weights are normal with variance `2 / inputs` [1]_,
    biases 0.

    Parameters
    ----------
    activation : str or sequence of str
        Names from `list_activations`.
    depth : int
        Layers with weights, at least 2; the last has one unit.
    units : int
        Of every layer but the last.
    n_rows : int
        Rows of the batch.
    seed : int, optional
        Of inputs, outcomes and weights.

    Returns
    -------
    LayerGradients
        With table.

    Raises
    ------
    InputError
        If there is no such activation.

    References
    ----------
    .. [1] He, Zhang, Ren and Sun (2015). *ICCV*, 1026-1034.

    Examples
    --------
    >>> gradient_by_layer("relu", depth=3, seed=1).table["layer"].tolist()
    [1, 2, 3]
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n_rows, units))
    y = rng.integers(0, 2, len(x))
    widths = [units] * depth + [1]
    weights = [rng.normal(scale=np.sqrt(2 / n), size=(n, after)) for n, after in zip(widths, widths[1:])]
    parts = []
    for name in activation:
        slopes = backpropagate(build_network(weights, activation=name, output="sigmoid"), x, y)
        norms = [np.linalg.norm(slope) for slope in slopes.weights]
        part = pd.DataFrame({"activation": name, "layer": range(1, depth + 1), "gradient": norms})
        parts.append(part)
    return LayerGradients(pd.concat(parts, ignore_index=True))
