"""Graphs of nodes differentiate as the chain rule, TensorFlow and finite differences do."""

import math

import pytest

import bineural as bn

EXPRESSIONS = [
    "x * y + y * x * y",
    "exp(x) / (1 + x ^ 2) - log(y)",
    "x ^ y + sqrt(x * y)",
    "tanh(x - y) * sigmoid(x * y) + relu(x) - relu(-y)",
    "-(x / y) ^ 3 + 2 ^ x",
]


@pytest.mark.parametrize("x", [-2.0, 0.0, 1.0, 3.5])
def test_the_sigmoid_of_its_parts(x):
    graph = bn.fundamentals.build_graph("1 / (1 + exp(-x))", {"x": x})
    s = 1 / (1 + math.exp(-x))
    assert graph.value == pytest.approx(s, rel=1e-14)
    assert graph.gradients["x"] == pytest.approx(s * (1 - s), rel=1e-12)
    assert bn.fundamentals.activate(x) == pytest.approx(s)  # and not the sigmoid of -x


def test_the_first_graph_of_the_course():
    assert bn.fundamentals.build_graph("x * y + y * x * y", {"x": 32, "y": 45}).value == 66240


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_gradients_are_tensorflow_s(expression):
    import tensorflow as tf

    x, y = tf.constant(1.3, "float64"), tf.constant(0.7, "float64")
    names = {
        n: getattr(tf.math, n, None) or getattr(tf.nn, n) for n in ("exp", "log", "sqrt", "tanh", "sigmoid")
    }
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        value = eval(expression.replace("^", "**"), {"x": x, "y": y, "relu": tf.nn.relu, **names})
    slopes = tape.gradient(value, [x, y])
    graph = bn.fundamentals.build_graph(expression, {"x": 1.3, "y": 0.7})
    assert graph.value == pytest.approx(float(value), rel=1e-12)
    assert list(graph.gradients.values()) == pytest.approx([float(s) for s in slopes], rel=1e-12)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_gradients_are_the_limits_of_differences(expression):
    h, at = 1e-6, {"x": 1.3, "y": 0.7}
    for name, slope in bn.fundamentals.build_graph(expression, at).gradients.items():
        up, down = (bn.fundamentals.build_graph(expression, at | {name: at[name] + d}).value for d in (h, -h))
        assert slope == pytest.approx((up - down) / (2 * h), abs=1e-8)


def test_backward_can_be_called_again_and_numbers_join_nodes():
    x = bn.fundamentals.Node(2.0, "x")
    y = 1 / (3 - x) + 2 * x + (1 + x) - 4
    y.backward()
    y.backward()
    assert x.gradient == pytest.approx(1 + 2 + 1)
    assert "gradient 4" in repr(x)


def test_a_variable_that_is_not_used_has_no_slope_and_nodes_are_numbered_in_order():
    graph = bn.fundamentals.build_graph("x * x", {"x": 3, "z": 1})
    assert graph.gradients == {"x": 6.0, "z": 0.0}
    assert graph.nodes["node"].tolist() == [1, 2] and len(graph.edges) == 2


def test_the_graph_is_drawn(tmp_path):
    bn.fundamentals.build_graph("1 / (1 + exp(-x))", {"x": 1}).plot(tmp_path / "graph.png")
    assert (tmp_path / "graph.png").stat().st_size > 1000


@pytest.mark.parametrize(
    "expression, message",
    [
        ("x +", "must be arithmetic"),
        ("x + z", "`values` must hold a number for 'z'"),
        ("__import__('os')", "must hold only"),
        ("x.real", "must hold only"),
        ("log(0 * x)", "must have a value"),
        ("1 / (x - x)", "must have a value"),
        ("(-x) ^ 0.5", "must have a value"),
    ],
)
def test_what_is_no_arithmetic_is_refused(expression, message):
    with pytest.raises(bn.InputError, match=message):
        bn.fundamentals.build_graph(expression, {"x": 1.0})
