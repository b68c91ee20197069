"""The tree that a beam search has looked at: what was kept, what was left out, and the best path."""

from __future__ import annotations

import math

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_text, write_figure
from bineural.messages import shown

_MOST = 400  # nodes that can be read


@checked(path=FIGURE_FILE)
def plot_search_tree(hypotheses: DataFrame, path: PathLike | None = None) -> Figure:
    """Draw the tree of a beam search.

    From left to right, a column for each step: tokens with the probability of all that stands before and with
    them. The best hypothesis is blue, others that were kept at a step are black, and what was looked at and
    left out is grey (of each hypothesis at most the eight most probable).

    Parameters
    ----------
    hypotheses : data frame
        What `decode_beams` returned.
    path : str or path, optional
        PNG or SVG file to write.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If no tree is with them.

    Examples
    --------
    >>> import bineural as bn
    >>> import numpy as np
    >>> found = bn.decode_beams(lambda tokens: np.log([0.5, 0.3, 0.2]), "start", 2, width=2, max_length=3)
    >>> len(bn.plot_search_tree(found).axes)
    1
    """
    table = search_tree_data(hypotheses)
    rows = int(table["y"].max()) + 1
    figure = new_figure(1.6 + 1.5 * (table["x"].max() + 1), max(2.4, 0.34 * rows + 0.8))
    axes = figure.subplots()
    for row in table[table["parent"] >= 0].itertuples():
        look = _look(row)
        axes.plot(
            [row.x_from, row.x], [row.y_from, row.y], color=look["color"], linewidth=look["width"], zorder=1
        )
    for row in table.itertuples():
        look = _look(row)
        axes.text(
            row.x,
            row.y,
            plain_text(row.label),
            color=look["color"],
            ha="center",
            va="center",
            fontsize=9,
            zorder=2,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )
    axes.set_xlim(-0.6, table["x"].max() + 0.6)
    axes.set_ylim(table["y"].max() + 0.7, -0.7)
    axes.set_xticks(range(int(table["x"].max()) + 1))
    axes.set_yticks([])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_xlabel("Step")
    axes.set_title("blue: the best; black: kept; grey: left out", fontsize=9, loc="left")
    return write_figure(figure, path)


def _look(row):
    if row.on_path:
        return {"color": COLOURS[0], "width": 2.4}
    return {"color": "black", "width": 1.4} if row.kept else {"color": "0.62", "width": 0.8}


def search_tree_data(hypotheses) -> DataFrame:
    """Make the table behind `plot_search_tree`.

    Returns
    -------
    pandas.DataFrame
        A row for each token: node, parent (-1 of the start), token, log_prob, kept, on_path, label, and the
        places x, y, x_from, y_from.
    """
    import pandas as pd

    tree = hypotheses if isinstance(hypotheses, dict) else getattr(hypotheses, "attrs", {}).get("tree")
    if not isinstance(tree, dict) or "on_path" not in tree:
        raise InputError(
            "`hypotheses` must be what decode_beams() returned, with the tree of its search.",
            f"Found {shown(hypotheses) if tree is None else shown(tree)}.",
            "Pass it as it is, without taking rows of it.",
        )
    table = pd.DataFrame(tree)
    if len(table) > _MOST:
        raise InputError(
            f"A tree can be drawn with at most {_MOST} tokens.",
            f"There are {len(table)}.",
            "Search with a smaller `width` or `max_length`.",
        )
    children, depth = {k: [] for k in table["node"]}, {0: 0}
    for node, parent in zip(table["node"], table["parent"]):
        if parent >= 0:
            children[parent].append(node)
            depth[node] = depth[parent] + 1
    height, leaves = {}, 0
    for node in _from_leaves(children):
        below = children[node]
        height[node] = sum(height[k] for k in below) / len(below) if below else leaves
        leaves += not below
    table["x"] = [depth[k] for k in table["node"]]
    table["y"] = [float(height[k]) for k in table["node"]]
    parents = table["parent"].clip(lower=0)
    table["x_from"], table["y_from"] = table["x"].to_numpy()[parents], table["y"].to_numpy()[parents]
    table["label"] = [
        token if parent < 0 else f"{token} {_share(math.exp(total))}"
        for token, parent, total in zip(table["token"], table["parent"], table["log_prob"])
    ]
    return table


def _from_leaves(children):
    """Return all nodes, each after its children, in the order in which leaves stand from top to bottom."""
    order, stack = [], [(0, False)]
    while stack:
        node, done = stack.pop()
        if done or not children[node]:
            order.append(node)
            continue
        stack.append((node, True))
        stack += [(child, False) for child in reversed(children[node])]
    return order


def _share(p):
    return f"{p:.3f}".lstrip("0") if p >= 0.0005 else f"{p:.0e}"
