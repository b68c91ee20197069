"""The skip net's promise: with a strong penalty on its hidden part it is the (ridge) GLM."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bineural.training import predict_net, train_net
from bineural.zoo import as_architecture

N = 120


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(N, 3))
    return x, (x @ [1.0, -0.5, 0.2] - 0.4 + rng.logistic(size=N) > 0).astype(float)


def full_batch(model, x, y):
    options = {"batch_size": N, "epochs": 1500, "learning_rate": 0.03, "optimizer": "adam"}
    return train_net(model, x, y, loss="binary_crossentropy", seed=1, **options)


@pytest.mark.parametrize("name", ["mlp", "skip"])
def test_without_hidden_units_it_is_maximum_likelihood(name, data):
    x, y = data
    trained = full_batch(as_architecture(name).build((3,), 1, units=()), x, y)
    glm = LogisticRegression(C=np.inf, tol=1e-10).fit(x, y)
    np.testing.assert_allclose(trained.weights[0][:, 0], glm.coef_[0], atol=2e-4)
    np.testing.assert_allclose(trained.weights[1], glm.intercept_, atol=2e-4)


def test_with_a_strong_penalty_on_the_hidden_part_it_is_ridge(data):
    x, y = data
    skip_l2 = 0.02
    model = as_architecture("skip").build((3,), 1, units=(6,), activation="tanh", l2=10.0, skip_l2=skip_l2)
    logits = predict_net(model, full_batch(model, x, y).weights, x)[:, 0]
    ridge = LogisticRegression(C=1 / (2 * N * skip_l2), tol=1e-10).fit(x, y)
    np.testing.assert_allclose(logits, ridge.decision_function(x), atol=5e-3)
