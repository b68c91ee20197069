"""The graph of an expression: small steps, computed forwards and differentiated backwards."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bineural._typing import Figure, PathLike
from bineural.checks import checked, mapping, number, text
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, write_figure
from bineural.fundamentals.node import FUNCTIONS, Node, as_node
from bineural.messages import listed, near_names

_NUMBER = number()

OPERATIONS = {
    ast.Add: Node.__add__,
    ast.Sub: Node.__sub__,
    ast.Mult: Node.__mul__,
    ast.Div: Node.__truediv__,
    ast.Pow: Node.__pow__,
}


@dataclass(eq=False, repr=False)
class ComputationGraph:
    """The graph that `build_graph` made, after one pass forward and one back.

    Attributes
    ----------
    expression : str
    value : float
    gradients : dict of str to float
        Slope of the value in each variable.
    nodes : pandas.DataFrame
        Columns node (number, from 1, in the order of computing), operation, value, gradient; across and up,
        where it is drawn.
    edges : pandas.DataFrame
        Columns start and end (numbers of nodes) and slope.

    Examples
    --------
    >>> import bineural as bn
    >>> graph = bn.fundamentals.build_graph("1 / (1 + exp(-x))", {"x": 0.0})
    >>> graph.nodes["operation"].tolist()
    ['1', '1', 'x', 'neg', 'exp', '+', '/']
    """

    expression: str
    value: float
    gradients: dict
    nodes: object
    edges: object

    def __repr__(self):
        """Show each node with its value and gradient."""
        table = self.nodes[["node", "operation", "value", "gradient"]]
        return f"{self.expression} = {self.value:.6g}\n" + table.to_string(
            index=False, float_format=lambda value: f"{value:.6g}"
        )

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the graph from left to right, values above and gradients below.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        nodes = self.nodes.set_index("node")
        figure = new_figure(1.5 + 1.3 * nodes["across"].max(), 1.6 + 1.1 * np.ptp(nodes["up"]))
        axes = figure.add_subplot()
        boxes = {}
        for node in nodes.itertuples():
            pad = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
            place = {"ha": "center", "textcoords": "offset points", "bbox": pad}
            shape = "circle,pad=0.4" if len(node.operation) < 4 else "round,pad=0.4,rounding_size=0.8"
            box = {"boxstyle": shape, "facecolor": "white", "edgecolor": "0.4"}
            drawn = axes.text(node.across, node.up, node.operation, ha="center", va="center", bbox=box)
            boxes[node.Index] = drawn.get_bbox_patch()
            at = (node.across, node.up)
            axes.annotate(written(node.value), at, (0, 18), color=COLOURS[0], **place)
            axes.annotate(written(node.gradient), at, (0, -27), color=COLOURS[1], **place)
        for start, end in self.edges[["start", "end"]].itertuples(index=False):
            ends = nodes.loc[[start, end], ["across", "up"]].to_numpy()
            arrow = {"arrowstyle": "->", "color": "0.6", "patchA": boxes[start], "patchB": boxes[end]}
            axes.annotate("", ends[1], ends[0], arrowprops=arrow | {"shrinkA": 1, "shrinkB": 1})
        axes.set(xlim=(-0.5, nodes["across"].max() + 0.5), title=self.expression)
        axes.set(ylim=(nodes["up"].min() - 0.6, nodes["up"].max() + 0.6))
        axes.set_axis_off()
        return write_figure(figure, path)


@checked(expression=text(hint='Write e.g. "x * y + 1".'), values=mapping("Write {'x': 2.0}."))
def build_graph(expression: str, values: Mapping[str, float]) -> ComputationGraph:
    """Build the graph of an expression, compute it forwards and differentiate it backwards.

    Parameters
    ----------
    expression : str
        Numbers and variables joined by + - * / ^ and the functions exp, log, sqrt, tanh, sigmoid and relu.
    values : dict of str to float
        Of each variable.

    Returns
    -------
    ComputationGraph
        With value, gradients, nodes, edges.

    Raises
    ------
    InputError
        If the expression holds something else, a variable has no value, or a step cannot be computed.

    Examples
    --------
    >>> build_graph("1 / (1 + exp(-x))", {"x": 1.0})
    1 / (1 + exp(-x)) = 0.731059
     node operation    value  gradient
        1         1        1  0.731059
        2         1        1 -0.534447
        3         x        1  0.196612
        4       neg       -1 -0.196612
        5       exp 0.367879 -0.534447
        6         +  1.36788 -0.534447
        7         / 0.731059         1
    """
    expression = str(expression).strip().removeprefix("~").strip()
    try:
        tree = ast.parse(expression.replace("^", "**"), mode="eval")
    except SyntaxError:
        raise InputError(
            "`expression` must be arithmetic of variables.",
            f"Found {expression!r}.",
            'Write e.g. "x * y + 1".',
        ) from None
    leaves = {str(name): Node(_NUMBER(value, f"values[{name!r}]"), name) for name, value in values.items()}
    try:
        last = _read(tree.body, leaves)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            "Every step of `expression` must have a value.", f"{error}.", "Use other values of the variables."
        ) from None
    last.backward()
    nodes = last.order()
    table, edges = _tables(nodes)
    gradients = {name: leaf.gradient for name, leaf in leaves.items()}
    return ComputationGraph(expression, last.value, gradients, table, edges)


def written(value):
    """Write a value for a figure."""
    return f"{value:.3g}" if abs(value) < 1e3 else f"{value:.6g}"


def _read(part, leaves):
    """Turn a part of the parsed expression into its node."""
    match part:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return as_node(value)
        case ast.Name(id=name):
            if name not in leaves:
                raise InputError(
                    f"`values` must hold a number for {name!r}.",
                    f"It holds {listed(leaves) or 'nothing'}.",
                    near_names(name, list(leaves)),
                )
            return leaves[name]
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in OPERATIONS:
            first = _read(left, leaves)
            return OPERATIONS[type(operation)](first, _read(right, leaves))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_read(operand, leaves)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return _read(argument, leaves).apply(name)
    raise InputError(
        f"`expression` must hold only + - * / ^ and {listed(FUNCTIONS, most=10)}.",
        f"Found {ast.unparse(part)!r}.",
        "Write it with these.",
    )


def _tables(nodes):
    """Number the nodes and lay them out: across by the longest way from the left, up evenly."""
    import pandas as pd

    number = {id(node): i + 1 for i, node in enumerate(nodes)}
    across = {}
    for node in nodes:
        across[id(node)] = max((across[id(before)] + 1 for before, _ in node.inputs), default=0)
    for node in reversed(nodes):  # leaves move next to the first step that uses them
        for before, _ in node.inputs:
            if not before.inputs:
                users = [across[id(n)] for n in nodes if any(b is before for b, _ in n.inputs)]
                across[id(before)] = min(users) - 1
    columns = {}
    for node in nodes:
        columns.setdefault(across[id(node)], []).append(node)
    up = {}
    for column in columns.values():
        for i, node in enumerate(column):
            up[id(node)] = (len(column) - 1) / 2 - i
    table = pd.DataFrame(
        {
            "node": [number[id(node)] for node in nodes],
            "operation": [node.operation for node in nodes],
            "value": [node.value for node in nodes],
            "gradient": [node.gradient for node in nodes],
            "across": [across[id(node)] for node in nodes],
            "up": [up[id(node)] for node in nodes],
        }
    )
    ends = [(number[id(b)], number[id(node)], float(slope)) for node in nodes for b, slope in node.inputs]
    edges = pd.DataFrame(ends, columns=["start", "end", "slope"])
    return table, edges
