"""Expressions of tensors have the values that NumPy finds, and are traced when they must be and not again."""

import numpy as np
import pytest

import bineural as bn


def test_the_first_graph_of_the_course():
    graph = bn.fundamentals.trace_graph("x * y + y * x * y", {"x": 32, "y": 45})
    assert graph.value == 66240
    assert graph.operations["type"].tolist() == [*["Placeholder"] * 2, *["Mul"] * 3, "AddV2", "Identity"]
    assert bn.fundamentals.build_graph("x * y + y * x * y", {"x": 32, "y": 45}).value == graph.value


@pytest.mark.parametrize(
    "expression, values, truth",
    [
        ("x + 4", {"x": [1, 2, 3]}, [5, 6, 7]),
        ("x * 4", {"x": [1, 2, 3]}, [4, 8, 12]),
        ("multiply(x, y)", {"x": [1, 2, 3], "y": [4, 5, 6]}, [4, 10, 18]),
        ("add(x, y)", {"x": [1, 1], "y": [2, 2]}, [3, 3]),
        ("x + y", {"x": [1, 2], "y": [3, 4]}, [4, 6]),
        ("subtract(x, 1L)", {"x": [1, 2]}, [0, 1]),
        ("-x ^ 2 / 2", {"x": [1.0, 2.0]}, [-0.5, -2.0]),
        ("reduce_mean(square(x - y))", {"x": [1.0, 2.0], "y": [3.0, 5.0]}, 6.5),
        ("~ relu(matmul(x, transpose(x)) - 3)", {"x": [[1.0, 1.0], [2.0, 0.0]]}, [[0, 0], [0, 1]]),
        ("exp(log(x)) + sqrt(x) + abs(-x)", {"x": 4.0}, 10),
        ("maximum(x, 0) + minimum(x, 0) - x", {"x": [-3, 4]}, [0, 0]),
        ("tanh(x) - 2 * sigmoid(2 * x) + 1", {"x": 0.7}, 0),
    ],
)
def test_values_are_those_of_the_definitions(expression, values, truth):
    np.testing.assert_allclose(bn.fundamentals.trace_graph(expression, values).value, truth, atol=1e-6)


def rows_of(*counts):
    return [{"x": np.full((n, 10), 2.0), "w": np.ones((10, 1))} for n in counts]


def test_a_free_dimension_takes_any_number_of_rows_and_a_fixed_one_does_not():
    fixed, free = (
        bn.fundamentals.trace_graph("matmul(x, w)", rows_of(4, 4, 7), free=f) for f in (None, ["x"])
    )
    for graph in (fixed, free):
        assert [v.shape for v in graph.values] == [(4, 1), (4, 1), (7, 1)]
        assert all((v == 20).all() for v in graph.values)
    assert fixed.calls["traced"].tolist() == [True, False, True] and fixed.n_traces == 2
    assert free.calls["traced"].tolist() == [True, False, False] and free.n_traces == 1
    assert free.operations.set_index("operation").loc["x", "shape"] == "(None, 10)"
    assert free.operations["shape"].iloc[-1] == "(None, 1)"
    assert fixed.operations["shape"].iloc[-1] == "(7, 1)"


def test_a_new_type_and_a_new_constant_are_traced_and_a_new_value_is_not():
    calls = [{"x": 1.0}, {"x": 2.0}, {"x": 2}, {"x": 3.0}]
    assert bn.fundamentals.trace_graph("x * x", calls).calls["traced"].tolist() == [True, False, True, False]
    calls = [{"x": 1.0, "c": 5}, {"x": 2.0}, {"x": 2.0, "c": 6}, {"x": 1.0, "c": 5}]
    graph = bn.fundamentals.trace_graph("x * c", calls, constants=["c"])
    assert graph.values == [5, 10, 12, 5]
    assert graph.calls["traced"].tolist() == [True, False, True, False]
    assert "Const" in graph.operations["type"].tolist()


def test_a_variable_keeps_its_value_and_takes_a_new_one_without_a_new_graph():
    calls = [{"x": 2.0, "w": 3.0}, {"x": 10.0}, {"x": 10.0, "w": -1.0}]
    graph = bn.fundamentals.trace_graph("w * x", calls, variables="w")
    assert graph.values == [6, 30, -10]
    assert graph.n_traces == 1
    read = graph.operations.query("type == 'ReadVariableOp'").iloc[0]
    assert (read["inputs"], read["kind"], read["label"]) == ("w", "variable", "w")


def test_a_function_is_traced_as_its_expression_is():
    from bineural._tensorflow import tf

    python_runs = []

    def affine(x, w):
        python_runs.append(1)
        return tf.nn.relu(tf.matmul(x, w) - 3.0)

    graph = bn.fundamentals.trace_graph(affine, rows_of(4, 4, 7))
    written = bn.fundamentals.trace_graph("relu(matmul(x, w) - 3)", rows_of(4, 4, 7))
    assert graph.operations["type"].tolist() == written.operations["type"].tolist()
    assert len(python_runs) == graph.n_traces == 2  # Python ran to trace, and not for the call between
    np.testing.assert_array_equal(graph.value, written.value)


def test_edges_lead_from_inputs_to_operations():
    graph = bn.fundamentals.trace_graph(
        "matmul(x, w) + b", {"x": [[1.0]], "w": [[2.0]], "b": 3.0}, variables=["b"]
    )
    names = graph.operations["operation"]
    for start, end in graph.edges.itertuples(index=False):
        assert names[start - 1] in graph.operations["inputs"][end - 1].split(", ")
        assert graph.operations["across"][start - 1] < graph.operations["across"][end - 1]
    assert len(graph.edges) == 5


def test_graphs_are_drawn_and_printed(tmp_path):
    graph = bn.fundamentals.trace_graph("matmul(x, w) + 1", rows_of(4, 7), free=["x"], variables=["w"])
    graph.plot(tmp_path / "graph.png")
    assert (tmp_path / "graph.png").stat().st_size > 1000
    assert "1 graph for 2 calls" in repr(graph) and "(None, 10)" in repr(graph)


@pytest.mark.parametrize(
    "expression, values, message",
    [
        (
            "matmul(x, x)",
            {"x": np.ones((4, 10))},
            r"must fit the shapes.*\n.*must be equal, but are 10 and 4",
        ),
        (
            "x + y",
            {"x": 1, "y": 1.5},
            r"must fit the shapes and types.*\n.*float32 that does not match type int32",
        ),
        ("mul(x, x)", {"x": 1}, r"Found 'mul\(x, x\)'.*\n.*it is called 'multiply'"),
        ("sub(x, x)", {"x": 1}, "it is called 'subtract'"),
        ("matmull(x, x)", {"x": 1}, "Did you mean 'matmul'"),
        ("x +", {"x": 1}, "must be arithmetic"),
        ("x.shape", {"x": 1}, "must hold only"),
        ("x + z", {"x": 1}, "must hold a value for 'z'"),
        ("x", {"x": "a"}, "must hold numbers"),
        ("x", [], "must hold a value for each name"),
        ("x", [3], "must hold a value for each name"),
    ],
)
def test_what_does_not_fit_is_refused(expression, values, message):
    with pytest.raises(bn.InputError, match=message):
        bn.fundamentals.trace_graph(expression, values)


def test_names_and_later_values_must_fit():
    with pytest.raises(bn.InputError, match=r"`variables` must be names.*\n.*'v' is not among 'x'"):
        bn.fundamentals.trace_graph("x", {"x": 1}, variables=["v"])
    with pytest.raises(bn.InputError, match="constant 'c' must be one number"):
        bn.fundamentals.trace_graph("c * x", {"x": 1, "c": [1, 2]}, constants=["c"])
    with pytest.raises(bn.InputError, match="must fit the shapes"):
        bn.fundamentals.trace_graph(
            "w * x", [{"x": 1.0, "w": [1.0, 2.0]}, {"x": 1.0, "w": [1.0]}], variables=["w"]
        )
