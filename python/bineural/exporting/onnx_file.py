"""A fitted model as an ONNX graph: the TensorFlow function converted, with texts looked up in front of it.

TensorFlow's texts have no place in ONNX' tensors of numbers, so a `LabelEncoder` reads each column of them.
"""

import json

import numpy as np

from bineural.errors import InputError
from bineural.exporting.extras import need
from bineural.exporting.tensors import TableFunction, read_codes, read_numbers

OPSET = 18
_LABELS = ("ai.onnx.ml", 3)


def write_onnx(function, about):
    """Convert a function of `tensors.as_function` to ONNX.

    Parameters
    ----------
    function : TableFunction or ArrayFunction
    about : dict
        Written into the file as JSON, under `bineural`.

    Returns
    -------
    onnx.ModelProto
        Inputs: each raw column (n_rows, 1), float64 or text ("" where missing; truths 0, 1 or NaN), or
        `rows`, an array. Output: `predictions`, float64 (n_rows, n_outputs).
    """
    need("onnx")
    if isinstance(function, TableFunction):
        model = _of_table(function)
    else:
        model = _of_array(function)
    prop = model.metadata_props.add()
    prop.key, prop.value = "bineural", json.dumps(about)
    return model


def _convert(function, signature):
    """Convert a function of tensors, what tf2onnx leaves aside mended."""
    import logging

    import tf2onnx

    from bineural._tensorflow import tf

    traced = tf.function(function, autograph=False)
    log = logging.getLogger("tf2onnx")
    level = log.level
    log.setLevel(logging.CRITICAL)  # it says of Erfc what is mended here
    try:
        model, _ = tf2onnx.convert.from_function(
            traced,
            input_signature=signature,
            opset=OPSET,
            custom_op_handlers={"SelectV2": (_write_where, [])},
        )
    finally:
        log.setLevel(level)
    _write_erfc(model.graph)
    _keep_captures(model.graph, traced.get_concrete_function(*signature))
    return model


def _write_where(context, node, name, arguments):
    """Write TensorFlow's choice as ONNX's; tf2onnx adds products, where NaN times 0 is NaN."""
    node.type = "Where"


def _keep_captures(graph, traced):
    """Make constants of tensors that layers hold (means of a Normalization), which come out as inputs."""
    from onnx import numpy_helper

    from bineural._tensorflow import tf

    held = {inner.name: outer for outer, inner in traced.graph.captures if inner.dtype != tf.resource}
    for given in [given for given in graph.input if given.name in held]:
        graph.input.remove(given)
        graph.initializer.append(numpy_helper.from_array(held[given.name].numpy(), given.name))


def _write_erfc(graph):
    """Write 1 - Erf for TensorFlow's Erfc, which ONNX has not; gelu is made of it."""
    from onnx import helper, numpy_helper

    nodes = []
    for node in graph.node:
        if node.op_type != "Erfc":
            nodes.append(node)
            continue
        inner = f"{node.output[0]}/erf"
        nodes.append(helper.make_node("Erf", [node.input[0]], [inner]))
        nodes.append(helper.make_node("Sub", ["bineural/one", inner], [node.output[0]]))
    if len(nodes) > len(graph.node):
        graph.initializer.append(numpy_helper.from_array(np.float32(1), "bineural/one"))
        del graph.node[:]
        graph.node.extend(nodes)


def _of_array(function):
    from bineural._tensorflow import tf

    signature = [tf.TensorSpec((None, *function.row_shape), tf.float32, name="rows")]
    return _named_output(_convert(lambda rows: tf.identity(function(rows), name="predictions"), signature))


def _of_table(function):
    from bineural._tensorflow import tf

    if "predictions" in function.kinds:
        raise InputError(
            "A column of a model that becomes ONNX can't be called 'predictions', as what it gives is.",
            "One is.",
            "Rename it and fit again, or use format='saved_model'.",
        )
    signature, parts = [], []
    for k, (name, kind) in enumerate(function.kinds.items()):
        names = [f"code_{k}", f"there_{k}"] if kind == "category" else [f"number_{k}"]
        dtype = tf.int64 if kind == "category" else tf.float64
        parts.append((name, kind, len(signature), len(signature) + len(names)))
        signature += [tf.TensorSpec((None, 1), dtype, name=n) for n in names]

    def call(*given):
        columns = {}
        for name, kind, start, stop in parts:
            flat = [tf.reshape(tensor, [-1]) for tensor in given[start:stop]]
            columns[name] = read_codes(*flat) if kind == "category" else read_numbers(*flat)
        return tf.identity(function(columns), name="predictions")

    model = _named_output(_convert(call, signature))
    for k, (name, kind) in enumerate(function.kinds.items()):
        if kind == "category":
            _read_text(model, f"code_{k}", f"there_{k}", f"text_{k}", function.labels[name])
    _rename_inputs(model, function.kinds)
    return model


def _read_text(model, code, there, text, labels):
    """Put two LabelEncoders before the inputs `code` and `there`, and one input of texts before them."""
    import onnx
    from onnx import helper

    graph = model.graph
    for name in (code, there):
        graph.input.remove(next(given for given in graph.input if given.name == name))
    graph.input.append(helper.make_tensor_value_info(text, onnx.TensorProto.STRING, ["n_rows", 1]))
    domain, version = _LABELS
    for output, keys, values, other in (
        (code, list(labels), list(range(len(labels))), len(labels)),
        (there, [""], [0], 1),
    ):
        node = helper.make_node(
            "LabelEncoder",
            [text],
            [output],
            domain=domain,
            keys_strings=keys,
            values_int64s=values,
            default_int64=other,
        )
        graph.node.insert(0, node)
    if domain not in [opset.domain for opset in model.opset_import]:
        model.opset_import.append(helper.make_opsetid(domain, version))


def _rename_inputs(model, kinds):
    """Call inputs by their columns, in the columns' order; any text is a name in ONNX."""
    graph = model.graph
    renamed = {
        (f"text_{k}" if kind == "category" else f"number_{k}"): name
        for k, (name, kind) in enumerate(kinds.items())
    }
    taken = {name for node in graph.node for name in (*node.input, *node.output)} - set(renamed)
    clash = [name for name in renamed.values() if name in taken]
    for node in graph.node:
        for group in (node.input, node.output):
            for k, name in enumerate(group):
                if name in renamed:
                    group[k] = renamed[name]
                elif name in clash:
                    group[k] = f"inner_{name}"
    for value in (*graph.initializer, *graph.value_info):
        if value.name in clash:
            value.name = f"inner_{value.name}"
    inputs = {given.name: given for given in graph.input}
    for given in list(graph.input):
        graph.input.remove(given)
    for old, new in renamed.items():
        if old in inputs:
            inputs[old].name = new
            graph.input.append(inputs[old])


def _named_output(model):
    """Call the one output `predictions`."""
    output = model.graph.output[0]
    old, output.name = output.name, "predictions"
    for node in model.graph.node:
        for k, name in enumerate(node.output):
            if name == old:
                node.output[k] = "predictions"
        for k, name in enumerate(node.input):
            if name == old:
                node.input[k] = "predictions"
    return model


def run_onnx(content, function, rows):
    """Return what onnxruntime predicts of rows.

    Parameters
    ----------
    content : bytes
    function : TableFunction or ArrayFunction
        Of which it was made.
    rows : pandas.DataFrame or ndarray

    Returns
    -------
    ndarray of float64, shape (n_rows, n_outputs)
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    feeds = table_feeds(function.kinds, rows) if isinstance(function, TableFunction) else {"rows": rows}
    asked = {given.name for given in session.get_inputs()}
    feeds = {name: value for name, value in feeds.items() if name in asked}
    return session.run(["predictions"], feeds)[0]


def table_feeds(kinds, rows):
    """Return the columns of a table as ONNX takes them: (n_rows, 1) float64, or text."""
    feeds = {}
    for name, kind in kinds.items():
        column = rows[name]
        if kind == "category":
            texts = ["" if missing else str(v) for v, missing in zip(column, column.isna())]
            feeds[name] = np.array(texts, dtype=object)[:, None]
        else:
            feeds[name] = column.astype("float64").to_numpy()[:, None]
    return feeds
