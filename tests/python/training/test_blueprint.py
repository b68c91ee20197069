import random

import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.training import Blueprint

layers = keras.layers


def build():
    inputs = keras.Input((3,))
    x = layers.Dense(5, kernel_initializer="he_normal", bias_initializer="ones")(inputs)
    x = layers.Dropout(0.5)(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(1, kernel_initializer="orthogonal")(x))


def same(a, b):
    return all((np.asarray(u) == np.asarray(v)).all() for u, v in zip(a, b, strict=True))


def test_initial_values_depend_on_the_seed_alone():
    first = Blueprint.from_builder(build).initial_values(4)
    for _ in range(3):
        build()
    keras.utils.set_random_seed(99)
    random.seed(1)
    assert same(first, Blueprint.from_builder(build).initial_values(4))
    assert same(first, Blueprint.from_model(build()).initial_values(4))
    assert not same(first, Blueprint.from_builder(build).initial_values(5))


def test_each_initializer_keeps_its_law():
    model = keras.Sequential([keras.Input((400,)), layers.Dense(300, kernel_initializer="he_normal")])
    kernel, bias = Blueprint.from_model(model).initial_values(0)
    assert kernel.std() == pytest.approx(np.sqrt(2 / 400), rel=0.02) and not bias.any()
    other = Blueprint.from_model(model).initial_values(1)[0]
    assert abs(np.corrcoef(kernel.ravel(), other.ravel())[0, 1]) < 0.02


def test_random_states_of_layers_come_from_the_seed():
    plan = Blueprint.from_builder(build)
    at = [v.name for v in plan.model.variables].index("seed_generator_state")
    states = [plan.initial_values(seed)[at] for seed in (1, 1, 2)]
    assert (states[0] == states[1]).all() and (states[0] != states[2]).any()


def test_weights_of_a_model_start_afresh_but_frozen_and_adapted_ones_stay():
    normalise = layers.Normalization()
    normalise.adapt(np.arange(12.0).reshape(4, 3))
    frozen = layers.Dense(4, name="frozen")
    model = keras.Sequential([keras.Input((3,)), normalise, frozen, layers.Dense(1, name="head")])
    frozen.trainable = False
    head = model.get_layer("head").get_weights()[0]
    values = dict(zip([v.path for v in model.variables], Blueprint.from_model(model).initial_values(1)))
    path = {"/".join(v.path.split("/")[-2:]): v.path for v in model.variables}
    assert (values[path["frozen/kernel"]] == frozen.get_weights()[0]).all()
    assert np.allclose(values[path[f"{normalise.name}/mean"]], [4.5, 5.5, 6.5])
    assert not np.allclose(values[path["head/kernel"]], head)
    kept = Blueprint.from_model(model, keep_weights=True).initial_values(1)
    assert same(kept, [np.asarray(v) for v in model.variables])


@pytest.mark.parametrize("kind", [layers.Normalization, layers.IntegerLookup])
def test_a_layout_calculates_with_what_its_layers_have_learnt_by_adapting(kind):
    """Not only as variables: Keras' layers hold constants and tables beside them."""
    rows = np.arange(6).reshape(2, 3)

    def adapted_to(data):
        layer = kind()
        layer.adapt(data)
        inner = keras.Sequential([keras.Input((3,)), layer])
        return keras.Sequential([keras.Input((3,)), inner])

    models = [adapted_to(rows), adapted_to(rows), adapted_to(rows + 5)]
    plans = [Blueprint.from_model(model) for model in models]
    for plan, model in zip(plans, models):
        assert plan.model is not model and np.array_equal(plan.model(rows), model(rows))
    assert not np.array_equal(models[0](rows), models[2](rows))
    assert plans[0].key == plans[1].key != plans[2].key


class Own(keras.Model):
    """A subclassed model, which Keras can't build again."""

    def __init__(self, width):
        super().__init__()
        self.layer = layers.Dense(width)

    def call(self, x):
        return self.layer(x)


class OwnWithConfiguration(Own):
    """One that Keras can build again."""

    def get_config(self):
        return {"width": self.layer.units}


def test_subclassed_models_start_afresh_where_keras_can_build_them_again_and_keep_their_weights_where_not():
    kept, again = Own(2), OwnWithConfiguration(2)
    for model in (again, kept):
        model(np.zeros((1, 3)))
    assert same(Blueprint.from_model(kept).initial_values(1), kept.get_weights())
    first = Blueprint.from_model(again).initial_values(1)
    assert not same(first, again.get_weights()) and same(first, Blueprint.from_model(again).initial_values(1))


def branches(input_shape, n_outputs, activation="relu"):
    inputs = keras.Input(input_shape)
    part = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Softmax()])
    both = layers.Add()([layers.Dense(4)(inputs), layers.Dense(4)(inputs)])
    doubled = layers.Lambda(lambda x: 2 * x)(part(both))
    return keras.Model(inputs, layers.Dense(n_outputs, activation=activation)(doubled))


def test_plans_of_one_builder_share_their_key_and_those_of_another_do_not():
    plans = [Blueprint.from_builder(branches, (3,), 2) for _ in range(2)]
    assert plans[0].key == plans[1].key
    assert Blueprint.from_builder(branches, (3,), 2, activation="tanh").key != plans[0].key
    models = [branches((3,), 2), branches((3,), 2)]
    assert Blueprint.from_model(models[0]).key == Blueprint.from_model(models[1]).key


def test_names_that_keras_counts_are_not_part_of_a_key():
    """Of operations outside of layers, and of layers that others make."""

    def build_text():
        texts = keras.Input((4,), dtype="int32")
        words = layers.Embedding(5, 2, mask_zero=True)(texts)
        read = layers.Bidirectional(layers.LSTM(2))(words + 2 * layers.Dense(2)(words))
        return keras.Model(texts, layers.Dense(1)(read))

    first, second = (Blueprint.from_builder(build_text) for _ in range(2))
    assert first.key == second.key
    names = [[operation.name for operation in plan.model.operations] for plan in (first, second)]
    assert names[0] != names[1]


def test_a_model_with_a_lambda_starts_afresh(recwarn):
    plan = Blueprint.from_model(branches((3,), 2))
    assert not same(plan.initial_values(1), plan.initial_values(2)) and not recwarn.list


def mistaken(input_shape, n_outputs):
    raise KeyError("mine")


def test_builders_that_cannot_be_used_are_refused_in_words_and_their_own_errors_stay():
    with pytest.raises(InputError, match=r"(?s)function of \(input_shape, n_outputs\).*shape.*too many"):
        Blueprint.from_builder(lambda shape: None, (3,), 1)
    with pytest.raises(InputError, match="(?s)Keras model.*returned int"):
        Blueprint.from_builder(lambda shape, n: n, (3,), 1)
    with pytest.raises(KeyError, match="mine"):
        Blueprint.from_builder(mistaken, (3,), 1)


def test_what_is_no_built_model_is_refused():
    with pytest.raises(InputError, match="Keras model"):
        Blueprint.from_builder(lambda: 3)
    with pytest.raises(InputError, match="input shape"):
        Blueprint.from_model(keras.Sequential([layers.Dense(1)]))
