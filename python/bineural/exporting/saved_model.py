"""A fitted model as a TensorFlow SavedModel: a folder that takes raw columns, or arrays, and predicts."""

import json
import re
from pathlib import Path

from bineural.exporting.tensors import TableFunction, read_numbers, read_texts


def write_saved_model(function, folder, about):
    """Write a function of `tensors.as_function` to a folder.

    Parameters
    ----------
    function : TableFunction or ArrayFunction
    folder : str or path-like
    about : dict
        Written beside it, as `bineural.json`, with the name of each column's argument.

    Returns
    -------
    dict of str to str
        Column to the name of its argument.
    """
    from bineural._tensorflow import tf

    module = tf.Module()
    if isinstance(function, TableFunction):
        arguments, call = _of_table(function)
    else:
        arguments, call = {"rows": "rows"}, _of_array(function)
    module.predict = call
    module.nets = list(getattr(function.nets, "members", []))
    tf.saved_model.save(module, str(folder), signatures={"serving_default": call})
    about = {**about, "arguments": arguments}
    with (Path(folder) / "bineural.json").open("w") as file:
        json.dump(about, file, indent=1)
    return arguments


def _of_array(function):
    from bineural._tensorflow import tf

    spec = tf.TensorSpec((None, *function.row_shape), tf.float32, name="rows")

    @tf.function(input_signature=[spec], autograph=False)
    def predict(rows):
        return {"predictions": function(rows)}

    return predict


def _of_table(function):
    from bineural._tensorflow import tf

    arguments = argument_names(function.kinds)
    signature = [
        tf.TensorSpec([None], tf.string if kind == "category" else tf.float64, name=arguments[name])
        for name, kind in function.kinds.items()
    ]

    @tf.function(input_signature=signature, autograph=False)
    def predict(*given):
        columns = {
            name: read_texts(tensor, function.labels[name]) if kind == "category" else read_numbers(tensor)
            for (name, kind), tensor in zip(function.kinds.items(), given)
        }
        return {"predictions": function(columns)}

    return arguments, predict


def argument_names(columns):
    """Return a name that TensorFlow takes for each column: letters, digits and _; no two alike."""
    names = {}
    for column in columns:
        name = re.sub(r"\W", "_", str(column), flags=re.ASCII)
        name = name if re.match(r"[A-Za-z]", name) else f"column_{name}"
        while name in names.values():
            name += "_"
        names[column] = name
    return names


def run_saved_model(folder, function, arguments, rows):
    """Return what the SavedModel of a folder predicts of rows: float64 (n_rows, n_outputs)."""
    from bineural._tensorflow import tf

    call = tf.saved_model.load(str(folder)).signatures["serving_default"]
    if not isinstance(function, TableFunction):
        return call(rows=tf.constant(rows, tf.float32))["predictions"].numpy()
    given = {}
    for name, kind in function.kinds.items():
        column = rows[name]
        if kind == "category":
            values = tf.constant(["" if m else str(v) for v, m in zip(column, column.isna())], tf.string)
        else:
            values = tf.constant(column.astype("float64").to_numpy(), tf.float64)
        given[arguments[name]] = values
    return call(**given)["predictions"].numpy()
