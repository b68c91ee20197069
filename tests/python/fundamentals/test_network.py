"""The forward pass in matrices is scikit-learn's and Keras's."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

import bineural as bn

# the matrices of the lab: three inputs, two hidden layers of four, three classes
WEIGHTS = [
    [[2, -1, 1, 4], [-1, 2, -3, 1], [3, -2, -1, 5]],
    [[3, 1, -2, 1], [-2, 4, 1, -4], [-1, -3, 2, -5], [3, 1, 1, 1]],
    [[-1, 3, -2], [1, -1, -3], [3, -2, 2], [1, 2, 1]],
]


def test_the_lab_s_forward_pass_is_keras_s():
    import keras

    network = bn.fundamentals.build_network(WEIGHTS, activation="sigmoid", output="softmax")
    layers = [keras.layers.Dense(n, use_bias=False, activation="sigmoid") for n in (4, 4)]
    judge = keras.Sequential(
        [keras.Input((3,)), *layers, keras.layers.Dense(3, use_bias=False, activation="softmax")]
    )
    judge.set_weights([np.array(w, float) for w in WEIGHTS])
    x = np.array([[0.5, 0.8, 0.2], [0.1, 0.9, 0.6]])
    np.testing.assert_allclose(
        bn.fundamentals.run_network(network, x), judge.predict(x, verbose=0), rtol=1e-5
    )
    np.testing.assert_allclose(
        bn.fundamentals.run_network(network, x[0])[0], bn.fundamentals.run_network(network, x)[0]
    )


def test_the_lab_s_forward_pass_written_out():
    first, second, third = (np.array(w, float) for w in WEIGHTS)
    one = 1 / (1 + np.exp(-np.array([0.5, 0.8, 0.2]) @ first))
    two = 1 / (1 + np.exp(-one @ second))
    powers = np.exp(two @ third)
    layers = bn.fundamentals.run_network(
        bn.fundamentals.build_network(WEIGHTS, None, "sigmoid", "softmax"), [0.5, 0.8, 0.2], layers=True
    )
    for layer, expected in zip(layers, (one, two, powers / powers.sum())):
        np.testing.assert_allclose(layer[0], expected, rtol=1e-12)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_forward_pass_of_scikit_learn_s_mlp():
    iris = bn.load_dataset("iris")
    x, y = iris.iloc[:, :4].to_numpy(), iris.iloc[:, 4].astype(str)
    mlp = MLPClassifier((5, 2), activation="logistic", max_iter=50, random_state=1).fit(x, y)
    network = bn.fundamentals.build_network(mlp.coefs_, mlp.intercepts_, "sigmoid", "softmax")
    np.testing.assert_allclose(network(x), mlp.predict_proba(x), rtol=1e-10)
    assert "with 46 weights" in repr(network)


def test_rows_of_a_softmax_sum_to_1_also_for_large_inputs():
    network = bn.fundamentals.build_network([np.eye(3)], output="softmax")
    found = network([[1000, 0, -1000], [1, 2, 3]])
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(network([[1, 2, 3]]), network([[101, 102, 103]]))


def test_gates_as_sigmoid_neurons():
    pairs = [[0, 0], [0, 1], [1, 0], [1, 1]]
    gates = {"OR": (20, 20, -10), "AND": (11, 10, -20), "NOR": (-20, -20, 10), "NAND": (-11, -10, 20)}
    for gate, (first, second, bias) in gates.items():
        answers = bn.fundamentals.build_network([[first, second]], [bias], output="sigmoid")(pairs)
        np.testing.assert_array_equal(answers > 0.5, bn.fundamentals.apply_gate(gate, *np.transpose(pairs)))
    assert answers[3] == pytest.approx(1 - 0.731, abs=5e-4)


def test_layers_that_do_not_fit_are_refused():
    with pytest.raises(bn.InputError, match="Layer 2 must have 2 rows"):
        bn.fundamentals.build_network([np.ones((3, 2)), np.ones((3, 1))])
    with pytest.raises(bn.InputError, match="one entry for each layer"):
        bn.fundamentals.build_network([np.ones((3, 2))], [0, 0])
    with pytest.raises(bn.InputError, match="`x` must have 2 columns"):
        bn.fundamentals.build_network([[1, 2]])([[1, 2, 3]])
    with pytest.raises(bn.InputError, match="must be a network that `build_network` made"):
        bn.fundamentals.run_network(3, [1])
