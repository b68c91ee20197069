"""The figure of an architecture: a box for each call of a layer, and arrows from what it takes.

`architecture_data` gives what is drawn as plain tables, so that R draws the same with ggplot2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked
from bineural.drawn import add_figure
from bineural.figures.canvas import FIGURE_FILE, new_figure, plain_text, write_figure
from bineural.figures.graph_layout import lay_out

if TYPE_CHECKING:
    from bineural.zoo.description import ArchitectureDescription

HEIGHT = 0.42  # of a box of two lines, in inches
_LETTER, _MOST_LETTERS = 0.068, 38  # inches, for letters of 8 points
_LARGEST = 200.0  # inches
FILLS = {"input": "#EEEEEE", "learnt": "#D6E8F5", "fixed": "#FFFFFF"}


def architecture_data(described: ArchitectureDescription) -> DataFrame:
    """Return what is drawn.

    Parameters
    ----------
    described : ArchitectureDescription

    Returns
    -------
    dict
        `boxes`: a data frame with a row for each box: `label` (two lines), `part` ("input", "learnt" where it
        has parameters, else "fixed"), `x`, `y` (centre) and `width`, `height`; `arrows`: a row for each point
        of an arrow's line: `arrow` (from 1), `x`, `y`; `title`; and `width`, `height` of all. In inches.
    """
    import pandas as pd

    boxes = described.boxes
    labels = [_label(*row) for row in boxes.itertuples(index=False)]
    longest = max((len(line) for label in labels for line in label.split("\n")), default=1)
    width = 0.2 + _LETTER * longest
    arrows = [(start - 1, end - 1) for start, end in described.arrows.itertuples(index=False)]
    layout = lay_out(len(boxes), arrows, width, HEIGHT)
    parts = np.where(boxes["parameters"] > 0, "learnt", "fixed").astype(object)
    parts[(boxes["kind"] == "InputLayer").to_numpy()] = "input"
    points = [(i, *point) for i, path in enumerate(layout.paths, 1) for point in path]
    return {
        "boxes": pd.DataFrame(
            {"label": labels, "part": parts, "x": layout.x, "y": layout.y, "width": width, "height": HEIGHT}
        ),
        "arrows": pd.DataFrame(points, columns=["arrow", "x", "y"]).astype({"arrow": "int64"}),
        "title": f"{described.name}: {described.totals}",
        "width": float(layout.width),
        "height": float(layout.height),
    }


def _label(layer, kind, output_shape, parameters):
    """Write "hidden_0: Dense" and "(batch, 16), 64 parameters" below."""
    name = (
        layer if len(layer) + len(kind) <= _MOST_LETTERS else f"{layer[: _MOST_LETTERS - len(kind) - 3]}..."
    )
    numbers = [output_shape, f"{parameters:,} parameters" if parameters else ""]
    return f"{name}: {kind}\n{', '.join(part for part in numbers if part)}"


@checked(path=FIGURE_FILE)
def plot_architecture(described: ArchitectureDescription, path: PathLike | None = None) -> Figure:
    """Draw a box for each call of a layer, with arrows from what it takes.

    Parameters
    ----------
    described : ArchitectureDescription
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.
    """
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path

    drawn = architecture_data(described)
    scale = min(1.0, _LARGEST / max(drawn["width"], drawn["height"]))
    figure = new_figure(max(3.0, scale * drawn["width"] + 0.3), scale * drawn["height"] + 0.5)
    axes = figure.add_subplot()
    for box in drawn["boxes"].itertuples(index=False):
        corner = box.x - box.width / 2, box.y - box.height / 2
        look = {
            "boxstyle": "round,pad=0,rounding_size=0.06",
            "facecolor": FILLS[box.part],
            "edgecolor": "0.35",
        }
        axes.add_patch(FancyBboxPatch(corner, box.width, box.height, linewidth=0.8, **look))
        axes.text(box.x, box.y, plain_text(box.label), ha="center", va="center", fontsize=8 * scale)
    for _, points in drawn["arrows"].groupby("arrow"):
        line = Path(points[["x", "y"]].to_numpy())
        axes.add_patch(
            FancyArrowPatch(path=line, arrowstyle="-|>", mutation_scale=8, color="0.25", linewidth=1)
        )
    axes.set(xlim=(-0.05, drawn["width"] + 0.05), ylim=(0, drawn["height"]), aspect="equal")
    axes.set_axis_off()
    axes.set_title(plain_text(drawn["title"]), fontsize=9)
    return write_figure(figure, path)


add_figure("ArchitectureDescription", plot_architecture, architecture_data)
