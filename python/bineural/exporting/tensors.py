"""A fitted model as one TensorFlow function of raw columns (or arrays): for SavedModels and ONNX.

Preparation and meaning are the steps of a `Program`, computed in float64; the net between them is its Keras
model, of any layers. Truths are float64 columns in, 0 or 1; texts are read outside, as codes.
"""

import numpy as np

from bineural.exporting.models import (
    base_steps,
    in_order,
    meaning_of,
    members_of,
    output_names,
    refuse_outside_offset,
    write_program,
)
from bineural.exporting.preparing import refuse_kind, write_preparation
from bineural.exporting.program import Program

ARRAYS = ("image", "array")  # kinds of rows that are arrays of numbers, one shape for all


class Steps:
    """Compute the steps of a program on tensors (n_rows,).

    Parameters
    ----------
    program : Program
    columns : dict of str to dict
        Column to its tensors, as `read_numbers`, `read_texts` and `read_codes` return.
    given : list of tensor
        What "given" steps are, in order.
    """

    def __init__(self, program, columns=None, given=()):
        from bineural._tensorflow import tf

        self.tf, self.program, self.columns, self.given = tf, program, columns or {}, given
        self.known = {}

    def __call__(self, step):
        """Return the tensor of a step, float64 or bool (n_rows,); that of a constant has no axis."""
        waiting = [step]
        while waiting:
            now = waiting[-1]
            operation = self.program.steps[now]
            missing = [a for a in operation.arguments if a not in self.known]
            if now in self.known or not missing:
                waiting.pop()
                if now not in self.known:
                    arguments = [self.known[a] for a in operation.arguments]
                    self.known[now] = getattr(self, f"_{operation.name}")(*operation.constants, *arguments)
            else:
                waiting += missing
        return self.known[step]

    def valid(self):
        """Return where rows have a prediction."""
        truth = self.tf.constant(True)
        for step in self.program.valid:
            truth = self.tf.logical_and(truth, self(step))
        return truth

    def _constant(self, value):
        return self.tf.constant(value, self.tf.float64)

    def _given(self, place):
        return self.given[place]

    def _number(self, column):
        return self.columns[column]["number"]

    def _present(self, column):
        return self.columns[column]["there"]

    _truth_present = _there = _present

    def _logical(self, column):
        return self.columns[column]["number"] > 0.5

    def _code(self, column, labels):
        return self.columns[column]["code"]

    def _place(self, numbers, a):
        return place_among(self.tf, a, np.array(numbers), self.tf.float64)

    def _affine(self, constant, weights, *arguments):
        total = self.tf.constant(constant, self.tf.float64)
        if len(arguments) < 4:
            for weight, argument in zip(weights, arguments):
                total += self.tf.constant(weight, self.tf.float64) * argument
            return total
        table = self.tf.stack(arguments, axis=1)
        return self.tf.linalg.matmul(table, np.array(weights)[:, None])[:, 0] + total

    def _mul(self, a, b):
        return a * b

    def _div(self, a, b):
        return a / b

    def _pow(self, a, b):
        return self.tf.pow(a, b)

    def _lt(self, a, b):
        return a < b

    def _le(self, a, b):
        return a <= b

    def _eq(self, a, b):
        return self.tf.equal(a, b)

    def _and(self, a, b):
        return self.tf.logical_and(a, b)

    def _or(self, a, b):
        return self.tf.logical_or(a, b)

    def _not(self, a):
        return self.tf.logical_not(a)

    def _where(self, truth, a, b):
        return self.tf.where(truth, a, b)

    def _lookup(self, table, code):
        return self.tf.gather(np.array(table), self.tf.cast(code, self.tf.int32))

    def _pieces(self, ends, coefficients, origins, from_left, a):
        tf = self.tf
        over = a[:, None] > np.array(ends) if from_left else a[:, None] >= np.array(ends)
        piece = tf.reduce_sum(tf.cast(over, tf.int32), axis=1)
        far = a - tf.gather(np.array(origins), piece)
        total = 0.0
        for column in np.array(coefficients).T[::-1]:
            total = tf.gather(column, piece) + far * total
        return total


for _name in ("exp", "sqrt", "sin", "cos", "atan", "floor", "log"):

    def _apply(self, a, _name=_name):
        return getattr(self.tf.math, _name)(a)

    setattr(Steps, f"_{_name}", _apply)


def place_among(tf, values, known, dtype):
    """Return the places of values among known ones, or their number: of `dtype`, (n_rows,)."""
    n = len(known)
    places = tf.where(tf.equal(values[:, None], known), tf.range(n, dtype=tf.int32), n)
    return tf.cast(tf.reduce_min(places, axis=1), dtype)


def read_numbers(values):
    """Return a column of numbers (n_rows,) as tensors: its finite numbers else 0, and where they are."""
    from bineural._tensorflow import tf

    values = tf.cast(values, tf.float64)
    there = tf.math.abs(values) < tf.constant(np.inf, tf.float64)  # not <=, which ONNX has as "not >"
    return {"number": tf.where(there, values, tf.zeros_like(values)), "there": there}


def read_texts(values, labels):
    """Return a column of texts (n_rows,), "" where missing, as tensors."""
    from bineural._tensorflow import tf

    return {"code": place_among(tf, values, list(labels), tf.float64), "there": tf.not_equal(values, "")}


def read_codes(code, there):
    """Return a column of texts whose places have been looked up already, int64 (n_rows,), as tensors."""
    from bineural._tensorflow import tf

    return {"code": tf.cast(code, tf.float64), "there": tf.cast(there, tf.bool)}


class TableFunction:
    """A model of a table as a function of columns -> (n_rows, n_outputs) float64, NaN without a prediction.

    Attributes
    ----------
    kinds : dict of str to str
        Column to "numeric", "logical" or "category".
    labels : dict of str to tuple
        Levels of the columns that are categories.
    """

    def __init__(self, model):
        self.names = output_names(model)
        self.nets, self.head = [], None
        if hasattr(model, "fitted_"):
            self._read_net(model)
        else:
            self.program = write_program(model)
        self.kinds = self.program.columns
        self.labels = {
            name: next(
                s.constants[1] for s in self.program.steps if s.name == "code" and s.constants[0] == name
            )
            for name, kind in self.kinds.items()
            if kind == "category"
        }

    def _read_net(self, model):
        fitted = model.fitted_
        refuse_outside_offset(model)
        if fitted.input.kind != "table":
            raise refuse_kind(fitted.input.kind)
        self.program = Program()
        self.matrix, self.codes, self.offset = write_preparation(self.program, fitted.input.preparation)
        self.nets = Nets(model, self.offset is not None)

    def __call__(self, columns):
        """Return the predictions of columns, a dict of what `read_numbers` and the others return."""
        from bineural._tensorflow import tf

        steps = Steps(self.program, columns)
        n_rows = tf.shape(next(iter(columns.values()))["there"])[0]

        def whole(tensor):  # constants have no axis
            return tf.broadcast_to(tensor, [n_rows])

        if self.nets:
            zero = [tf.zeros([n_rows], tf.float64)]
            matrix = tf.stack([whole(steps(s)) for s in self.matrix] or zero, axis=1)
            inputs = tf.cast(matrix, tf.float32)
            if self.codes:
                inputs = [inputs, tf.cast(tf.stack([whole(steps(s)) for s in self.codes], axis=1), tf.int32)]
            offset = None if self.offset is None else whole(steps(self.offset))
            values = self.nets(inputs, offset)
        else:
            values = [steps(s) for s in self.program.outputs.values()]
        table = tf.stack([whole(value) for value in values], axis=1)
        return tf.where(whole(steps.valid())[:, None], table, tf.constant(np.nan, tf.float64))


class ArrayFunction:
    """A net of images or other arrays as a function of an array -> (n_rows, n_outputs) float64."""

    def __init__(self, model):
        fitted = model.fitted_
        refuse_outside_offset(model)
        if fitted.input.kind not in ARRAYS:
            raise refuse_kind(fitted.input.kind)
        self.names, self.input, self.nets = output_names(model), fitted.input, Nets(model, False)
        self.row_shape = tuple(int(n) for n in fitted.input.row_shape)

    def __call__(self, rows):
        """Return the predictions of rows (n_rows, ...)."""
        from bineural._tensorflow import tf

        if self.input.centers is not None:
            rows = (tf.cast(rows, tf.float64) - self.input.centers) / self.input.scales
        return tf.stack(self.nets(tf.cast(rows, tf.float32), None), axis=1)


class Nets:
    """The members of a net between prepared rows and what is predicted of them."""

    def __init__(self, model, has_offset):
        fitted = model.fitted_
        self.members = members_of(fitted)
        self.head = Program()
        outputs = [self.head.add("given", constants=(k,)) for k in range(fitted.n_outputs)]
        offset = self.head.add("given", constants=(fitted.n_outputs,)) if has_offset else None
        base = base_steps(self.head, fitted, offset)
        if base:
            outputs = [self.head.plus(output, b) for output, b in zip(outputs, base)]
        self.values = in_order(model, meaning_of(self.head, fitted, outputs))

    def __call__(self, inputs, offset):
        """Return what is predicted of prepared rows: a list of float64 (n_rows,), the mean over members."""
        from bineural._tensorflow import tf

        meanings = []
        for net in self.members:
            outputs = tf.cast(net(inputs, training=False), tf.float64)
            heads = tf.unstack(outputs, axis=1) if len(outputs.shape) == 3 else [outputs]
            for head in heads:
                given = [head[:, k] for k in range(head.shape[1])]
                steps = Steps(self.head, given=given if offset is None else [*given, offset])
                meanings.append([steps(step) for step in self.values])
        return [tf.add_n(list(parts)) / len(parts) for parts in zip(*meanings)]


def as_function(model):
    """Return a model as a TableFunction or an ArrayFunction."""
    kind = getattr(getattr(model, "fitted_", None), "input", None)
    return ArrayFunction(model) if getattr(kind, "kind", "table") in ARRAYS else TableFunction(model)
