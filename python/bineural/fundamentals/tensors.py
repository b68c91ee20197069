"""A function of tensors, traced to a graph: what a session used to run, in today's TensorFlow.

A constant is a number that is written into the graph; a variable keeps its value between calls; what was a
placeholder is an argument of the function. A call whose arguments have new shapes or types, or another
constant, traces a new graph; any other call runs one that is there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bineural._tensorflow import tf
from bineural._typing import ArrayLike, Figure, PathLike
from bineural.checks import checked, either, function, list_of, text
from bineural.errors import InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_text, write_figure
from bineural.fundamentals.graph_tables import traced_tables
from bineural.fundamentals.tensor_expression import read_expression
from bineural.messages import listed, near_names


@dataclass(eq=False, repr=False)
class TracedGraph:
    """The result of `trace_graph`.

    Attributes
    ----------
    expression : str
    value : ndarray, float, int or bool
        Of the last call.
    values : list
        Of each call.
    n_traces : int
        Graphs that were made.
    calls : pandas.DataFrame
        Columns call (from 1), inputs (type and shape of each), traced (whether the call made a new graph),
        shape (of its value).
    operations : pandas.DataFrame
        Of the last call's graph, a row each, in the order of computing: operation (its name), type, inputs
        (names), shape (None is free), dtype; label, kind, across and up, for the figure.
    edges : pandas.DataFrame
        Columns start and end: rows of `operations`, from 1.

    Examples
    --------
    >>> import bineural as bn
    >>> graph = bn.fundamentals.trace_graph("x * y + y * x * y", {"x": 32, "y": 45})
    >>> graph.value, graph.operations["type"].tolist()
    (66240, ['Placeholder', 'Placeholder', 'Mul', 'Mul', 'Mul', 'AddV2', 'Identity'])
    """

    expression: str
    value: object
    values: list
    n_traces: int
    calls: object
    operations: object
    edges: object

    def __repr__(self):
        """Show the calls and the graph of the last one."""
        table = self.operations[["operation", "type", "inputs", "shape", "dtype"]]
        graphs = f"{self.n_traces} graph{'s' if self.n_traces != 1 else ''}"
        calls = f"{len(self.calls)} call{'s' if len(self.calls) != 1 else ''}"
        lines = [f"{self.expression}: {graphs} for {calls}"]
        if len(self.calls) > 1:
            lines += [self.calls.to_string(index=False), "The last call's graph:"]
        lines.append(table.to_string(index=False))
        return "\n".join([*lines, f"value: {np.array2string(np.asarray(self.value), precision=6)}"])

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the last call's graph from left to right, with the shape that leaves each operation.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        at = self.operations[["across", "up"]].to_numpy()
        figure = new_figure(1.6 + 1.5 * at[:, 0].max(), 1.6 + 1.0 * np.ptp(at[:, 1]))
        axes = figure.add_subplot()
        colours = {
            "operation": "0.4",
            "placeholder": COLOURS[0],
            "variable": COLOURS[2],
            "constant": COLOURS[1],
        }
        boxes = []
        for row in self.operations.itertuples():
            place, colour = (row.across, row.up), colours[row.kind]
            box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": colour}
            text = axes.text(*place, plain_text(row.label), ha="center", va="center", color=colour, bbox=box)
            boxes.append(text.get_bbox_patch())
            small = {"ha": "center", "fontsize": 8, "textcoords": "offset points"}
            axes.annotate(row.shape, place, (0, -24), **small)
        for start, end in self.edges.itertuples(index=False):
            ends = {"patchA": boxes[start - 1], "patchB": boxes[end - 1], "shrinkA": 2, "shrinkB": 2}
            arrow = {"arrowstyle": "->", "color": "0.6", **ends}
            axes.annotate("", at[end - 1], at[start - 1], arrowprops=arrow)
        axes.set(xlim=(-0.5, at[:, 0].max() + 0.5), ylim=(at[:, 1].min() - 0.6, at[:, 1].max() + 0.6))
        axes.set_title(plain_text(self.expression))
        axes.set_axis_off()
        return write_figure(figure, path)


_NAMES = list_of(text("Name values, or leave it out.", words="the name of a value")).or_none()


@checked(
    expression=either(text('Write e.g. "x * y + 1".'), function()),
    variables=_NAMES,
    constants=_NAMES,
    free=_NAMES,
)
def trace_graph(
    expression: str | Callable[..., Any],
    values: Mapping[str, ArrayLike] | Sequence[Mapping[str, ArrayLike]],
    variables: Sequence[str] | None = None,
    constants: Sequence[str] | None = None,
    free: Sequence[str] | None = None,
) -> TracedGraph:
    """Trace an expression of tensors to a graph, and run it on one set of values or on several in turn.

    Parameters
    ----------
    expression : str or callable
        Numbers and names joined by + - * / ^, and TensorFlow's functions add, subtract, multiply, divide,
        pow, maximum, minimum, matmul, transpose, abs, exp, log, sqrt, square, tanh, sigmoid, relu, reduce_sum
        and reduce_mean. Or a function of tensors, called with the names as keywords.
    values : dict of str to array_like, or a list of dicts
        The value of each name; of a list, one dict for each call. Whole numbers become int32, others float32,
        truth values bool.
    variables : list of str, optional
        Names kept in a `tf.Variable`: a later dict may leave them out, and a new value is assigned.
    constants : list of str, optional
        Names whose values are plain numbers, written into the graph; a later dict may leave them out.
    free : list of str, optional
        Names whose first dimension is left free (None in the shape), for any number of rows.

    Returns
    -------
    TracedGraph
        With value, values, n_traces, calls, operations, edges.

    Raises
    ------
    InputError
        If a name has no value, the expression holds something else, or shapes or types do not fit.

    Examples
    --------
    >>> graph = trace_graph("w * x", [{"x": 2.0, "w": 3.0}, {"x": 2.0, "w": 4.0}], variables=["w"])
    >>> graph.values, graph.calls["traced"].tolist()
    ([6.0, 8.0], [True, False])
    >>> rows = [{"x": np.ones((n, 10)), "w": np.ones((10, 1))} for n in (4, 7)]
    >>> trace_graph("matmul(x, w)", rows).n_traces, trace_graph("matmul(x, w)", rows, free=["x"]).n_traces
    (2, 1)
    """
    import pandas as pd

    feeds = _check_feeds(values)
    text, compute = read_expression(expression)
    variables, constants, free = (
        _check_names(names, feeds[0], argument)
        for names, argument in ((variables, "variables"), (constants, "constants"), (free, "free"))
    )
    kept = {name: tf.Variable(_as_tensor(feeds[0][name], name), name=name) for name in variables}
    fixed = {}
    traced = tf.function(lambda **named: compute(named | kept), autograph=False)
    results, calls = [], []
    for number, feed in enumerate(feeds, 1):
        with _in_words(text):
            for name in variables.intersection(feed):
                kept[name].assign(_as_tensor(feed[name], name))
            fixed |= {name: _as_number(feed[name], name) for name in constants.intersection(feed)}
            tensors = {
                name: _as_tensor(feed[name], name) for name in feed if name not in variables | constants
            }
            specs = {
                n: tf.TensorSpec(([None] if n in free else t.shape[:1]) + t.shape[1:], t.dtype)
                for n, t in tensors.items()
            }
            before = traced.experimental_get_tracing_count()
            graph = traced.get_concrete_function(**specs, **fixed).graph
            result = traced(**tensors, **fixed)
        new = traced.experimental_get_tracing_count() > before
        given = [_described(name, tensors.get(name, kept.get(name, fixed.get(name)))) for name in feed]
        results.append(_plain(result))
        calls.append((number, ", ".join(given), new, str(tuple(result.shape))))
    operations, edges = traced_tables(graph, kept)
    return TracedGraph(
        expression=text,
        value=results[-1],
        values=results,
        n_traces=traced.experimental_get_tracing_count(),
        calls=pd.DataFrame(calls, columns=["call", "inputs", "traced", "shape"]),
        operations=operations,
        edges=edges,
    )


def _check_feeds(values):
    """Return a list of dicts: one for each call."""
    feeds = [values] if isinstance(values, dict) else values
    if not isinstance(feeds, (list, tuple)) or not feeds or not all(isinstance(feed, dict) for feed in feeds):
        raise InputError(
            "`values` must hold a value for each name, or several such sets, one for each call.",
            f"Found {values!r:.60}.",
            "Give e.g. x = 32 and y = 45 by name.",
        )
    return [{str(name): value for name, value in feed.items()} for feed in feeds]


def _check_names(names, feed, argument):
    """Return names of values as a set."""
    names = set(names or ())
    for name in sorted(names - set(feed)):
        raise InputError(
            f"`{argument}` must be names that the first `values` hold.",
            f"{name!r} is not among {listed(feed)}.",
            near_names(name, list(feed)),
        )
    return names


def _as_tensor(value, name):
    """Make a tensor as TensorFlow makes it of plain numbers: int32, float32 or bool."""
    array = np.asarray(value)
    kinds = {"b": np.bool_, "i": np.int32, "u": np.int32, "f": np.float32}
    if array.dtype.kind not in kinds:
        raise InputError(
            f"The value of {name!r} must hold numbers, or truth values.",
            f"It is {type(value).__name__} of {array.dtype}.",
            "Leave other columns out.",
        )
    return tf.constant(array.astype(kinds[array.dtype.kind]))


def _as_number(value, name):
    """Return a number of Python's."""
    if np.ndim(value) or np.asarray(value).dtype.kind not in "iuf":
        raise InputError(
            f"The constant {name!r} must be one number.",
            f"Found {value!r}.",
            "Give arrays as values or variables.",
        )
    return np.asarray(value).item()


@contextlib.contextmanager
def _in_words(text):
    """Turn an error of TensorFlow into an `InputError` of three sentences."""
    try:
        yield
    except InputError:
        raise
    except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
        found = " ".join(str(error).split("\n\n")[-1].split())
        raise InputError(
            f"Every operation of {text!r} must fit the shapes and types of its inputs.",
            f"TensorFlow says: {found[:300].rstrip('.')}.",
            "matmul needs as many columns as rows of the second; whole numbers do not mix with others.",
        ) from None


def _described(name, value):
    """Write what a call was given for a name."""
    if isinstance(value, (int, float)):
        return f"{name} = {value:g}"
    return f"{name} {value.dtype.name} {tuple(value.shape)}"


def _plain(tensor):
    """Return an array, or a number of Python's."""
    array = tensor.numpy()
    return array.item() if array.ndim == 0 else array
