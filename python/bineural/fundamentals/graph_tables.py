"""The operations of a traced graph as a table, laid out for a figure, and the edges between them."""

from bineural._tensorflow import tf


def traced_tables(graph, variables):
    """Make the tables of a graph.

    Parameters
    ----------
    graph : FuncGraph
    variables : dict of str to tf.Variable
        Those that the graph may read.

    Returns
    -------
    operations, edges : pandas.DataFrame
    """
    import pandas as pd

    handles = {id(variable.handle): name for name, variable in variables.items()}
    read = {
        inside.op.name: handles[id(outside)] for outside, inside in graph.captures if id(outside) in handles
    }
    kept = [op for op in graph.get_operations() if op.outputs and op.name not in read]
    number = {op.name: i + 1 for i, op in enumerate(kept)}
    edges = [
        (number[tensor.op.name], number[op.name])
        for op in kept
        for tensor in op.inputs
        if tensor.op.name in number
    ]
    rows = []
    for op in kept:
        kind, label = _kind(op, read)
        inputs = ", ".join(read.get(tensor.op.name, tensor.op.name) for tensor in op.inputs)
        shape = op.outputs[0].shape
        shape = str(tuple(shape)) if shape.rank is not None else "unknown"
        rows.append((op.name, op.type, inputs, shape, op.outputs[0].dtype.name, label, kind))
    columns = ["operation", "type", "inputs", "shape", "dtype", "label", "kind"]
    across, up = _lay_out(len(kept), edges)
    table = pd.DataFrame(rows, columns=columns).assign(across=across, up=up)
    return table, pd.DataFrame(edges, columns=["start", "end"], dtype=int)


def _kind(op, read):
    """Say what an operation is, and how the figure names it."""
    if op.type == "Placeholder":
        return "placeholder", op.name
    if op.type == "ReadVariableOp":
        return "variable", read.get(op.inputs[0].op.name, op.name)
    if op.type == "Const":
        value = tf.get_static_value(op.outputs[0])
        return "constant", f"{value:.4g}" if value.ndim == 0 and value.dtype.kind in "fiu" else "constant"
    return "operation", op.type


def _lay_out(n, edges):
    """Place across by the longest way from the left, leaves next to their first user, and up evenly."""
    across = [0] * n
    for start, end in edges:  # in the order of computing
        across[end - 1] = max(across[end - 1], across[start - 1] + 1)
    entered = {end for _, end in edges}
    for i in range(1, n + 1):
        users = [across[end - 1] for start, end in edges if start == i]
        if i not in entered and users:
            across[i - 1] = min(users) - 1
    columns = {}
    for i, column in enumerate(across):
        columns.setdefault(column, []).append(i)
    up = [0.0] * n
    for column in columns.values():
        for place, i in enumerate(column):
            up[i] = (len(column) - 1) / 2 - place
    return across, up
