"""Operations outside of layers in wide models, and which of them keep rows apart."""

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.training.layouts import Layout
from bineural.training.operations import KNOWN
from bineural.training.wide.model import lacks
from training.wide.judging import SERIES, judge_model, make_inputs

ops = keras.ops
BY_NUMBER = (
    "absolute arctan ceil cos cosh elu erf exp expm1 floor gelu hard_sigmoid hard_silu leaky_relu "
    "log_sigmoid negative ones_like relu relu6 round selu sigmoid sign silu sin sinh softplus softsign "
    "square stop_gradient tan tanh zeros_like"
)
OF_POSITIVE = "log log10 log1p log2 reciprocal rsqrt sqrt"
OF_TWO = "add divide divide_no_nan logaddexp maximum minimum mod multiply power subtract true_divide"
TRUE_OF_TWO = "equal greater greater_equal less less_equal not_equal logical_and logical_or logical_xor"
TRUE_OF_ONE = "isfinite isnan logical_not"
ALONG = (
    "amax amin cumprod cumsum flip glu log_softmax logsumexp max mean median min normalize prod softmax sort "
    "std sum var"
)


def every_operation(x, y):
    """Return what each operation that is known gives of x and y."""

    def each(names, *inputs, **options):
        outputs = [getattr(ops, name)(*inputs, **options) for name in names.split()]
        return [ops.cast(a, "float32") if a.dtype != "float32" else a for a in outputs]

    size, whole, wholes = ops.absolute(x) + 0.5, ops.cast(x * 3, "int32"), ops.cast(y * 3, "int32")
    turned = ops.transpose(y, (0, 2, 1))
    return [
        *each(BY_NUMBER, x),
        *each(OF_POSITIVE, size),
        *each(OF_TWO, size, ops.absolute(y) + 1.0),
        *each(TRUE_OF_TWO, whole, wholes),
        *each(TRUE_OF_ONE, x),
        *each(ALONG, x[..., :2], axis=-1),
        *each("all any", whole > 0, axis=1),
        *each("argmax argmin argsort", x, axis=2),
        *each("concatenate stack", [x, y], axis=1),
        *each("expand_dims", x, axis=-1),
        *each("squeeze", x[:, :1], axis=1),
        *[ops.matmul(x, turned), ops.clip(x, -0.5, 0.5), ops.where(x > 0, x, y), ops.convert_to_tensor(x)],
        *[2.0 * x - 1.0, x[:, ::2]],
    ]


@pytest.mark.long
def test_an_operation_is_that_of_each_replica():
    inputs = keras.Input(SERIES), keras.Input(SERIES)
    hidden = [keras.layers.Dense(3, "tanh")(x) for x in inputs]
    model = keras.Model(inputs, every_operation(*hidden))
    assert {type(o) for o in model.operations if not isinstance(o, keras.layers.Layer)} == set(KNOWN)
    assert Layout(model).rows_apart
    judge_model(model, make_inputs([SERIES, SERIES], np.random.default_rng(9)), True)


@pytest.mark.parametrize(
    "meet",
    [
        lambda x: x - ops.mean(x, axis=0),
        lambda x: x - ops.mean(x, axis=-3),
        lambda x: x / ops.sum(x),
        lambda x: x[::-1, :],
        lambda x: ops.matmul(x[:, 0], x[0]),
        lambda x: ops.flip(x),
        lambda x: ops.reshape(x, (-1, 2)),
        lambda x: x + x[:, 0],
    ],
)
def test_an_operation_in_which_rows_may_meet_has_no_wide_form(meet):
    x = keras.Input((3, 3))
    model = keras.Model(x, meet(x))
    assert lacks(model) and not Layout(model).rows_apart


def test_an_array_of_an_operation_s_own_has_no_wide_form():
    x = keras.Input((3, 3))
    model = keras.Model(x, x + np.ones(3, "float32"))
    assert lacks(model).startswith("Add") and Layout(model).rows_apart
