"""Descriptions of architectures: counts by hand and Keras' own, graphs drawn by hand."""

import random

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import keras
from bineural.errors import InputError

layers = keras.layers


def encoder():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, name="code"), layers.BatchNormalization(name="normal")],
        name="encoder",
    )


def siamese():
    """Two inputs, a nested model and a layer used twice each, two outputs."""
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    nested, shared = encoder(), layers.Dense(2, name="shared")
    joined = layers.Concatenate(name="joined")([nested(left), nested(right)])
    outputs = [layers.Dense(1, name="head")(joined), layers.Add(name="sum")([shared(left), shared(right)])]
    return keras.Model([left, right], outputs, name="siamese")


def frozen():
    model = keras.Sequential([keras.Input((2,)), layers.Embedding(5, 3), layers.LSTM(4), layers.Dense(2)])
    model.layers[0].trainable = False
    return model


def sizes():
    """A layer used on two shapes, and an operation that is no layer."""
    a, b, shared = (
        keras.Input((3, 2), name="a"),
        keras.Input((5, 2), name="b"),
        layers.Dense(4, name="shared"),
    )
    total = keras.ops.add(layers.GlobalMaxPooling1D()(shared(a)), layers.GlobalMaxPooling1D()(shared(b)))
    return keras.Model([a, b], total)


class Own(keras.Model):
    """A model whose layers are called in Python code."""

    def __init__(self):
        super().__init__(name="own_class")
        self.first, self.rest = layers.Dense(4, name="first"), [layers.Dense(2, name="last"), encoder()]

    def build(self, shape):
        self.first.build(shape)
        self.rest[0].build((None, 4))
        self.free = self.add_weight(shape=(5,), name="free")

    def call(self, x):
        return self.rest[0](self.first(x)) + self.free[0]


def size(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


def test_the_default_nets_have_the_parameters_counted_by_hand():
    assert bn.describe_architecture("mlp", 3).parameters == (3 * 16 + 16) + (16 * 8 + 8) + (8 + 1) == 209
    skip = bn.describe_architecture("skip", (3,))
    assert skip.parameters == skip.trainable == 209 - 1 + (3 + 1) == 212
    normal = bn.describe_architecture("mlp", 3, 2, units=5, batch_normalization=True)
    assert normal.parameters == 3 * 5 + 4 * 5 + (5 * 2 + 2)  # no bias before the normalisation
    assert normal.trainable == normal.parameters - 2 * 5  # the moving means and variances


def test_the_graph_of_the_skip_net():
    skip = bn.describe_architecture("skip", 3, units=4)
    at = skip.boxes["layer"].to_dict()
    arrows = {(at[a - 1], at[b - 1]) for a, b in skip.arrows.itertuples(index=False)}
    assert arrows == {
        ("matrix", "linear"),
        ("linear", "logits"),
        ("matrix", "hidden_0"),
        ("hidden_0", "activation_0"),
        ("activation_0", "hidden_logits"),
        ("hidden_logits", "logits"),
    }
    assert (skip.arrows["from_box"] < skip.arrows["to_box"]).all()


@pytest.mark.parametrize("make", [encoder, siamese, frozen, sizes])
def test_totals_are_those_of_keras(make):
    model = make()
    described = bn.describe_architecture(model, None)
    assert described.parameters == model.count_params() == described.table["parameters"].sum()
    assert described.trainable == size(model.trainable_weights) == described.table["trainable"].sum()
    assert described.notes == [] or make is frozen  # whose LSTM has one bias to each gate


def test_nested_and_shared_layers_are_counted_once_and_drawn_for_each_call():
    described = bn.describe_architecture(siamese(), [(4,), (4,)])
    rows = described.table.set_index("layer")
    assert rows["parameters"].to_dict() == {
        "left": 0,
        "right": 0,
        "encoder/code": 4 * 3 + 3,
        "encoder/normal": 4 * 3,
        "joined": 0,
        "head": 6 + 1,
        "shared": 4 * 2 + 2,
        "sum": 0,
    }
    assert (
        rows.loc["encoder/normal", "trainable"] == 2 * 3
        and rows.loc["joined", "output_shape"] == "(batch, 6)"
    )
    assert described.boxes["layer"].value_counts()[["encoder", "shared"]].tolist() == [2, 2]
    assert described.outputs == "(batch, 1), (batch, 2)"
    assert len(described.arrows) == 4 + 2 + 1 + 2


def test_a_layer_that_is_used_on_two_shapes_names_both():
    rows = bn.describe_architecture(sizes(), [(3, 2), (5, 2)]).table.set_index("layer")
    assert rows.loc["shared", "output_shape"] == "(batch, 3, 4) and (batch, 5, 4)"
    assert "Add" in set(rows["kind"])


@pytest.mark.parametrize("given", ["builder", "built model"])
def test_a_model_with_a_call_of_its_own_is_listed_and_says_what_can_not_be_told(given):
    model = Own()
    if given == "built model":
        model(np.zeros((1, 3), np.float32))
    described = bn.describe_architecture(model if model.built else lambda shape, n: model, 3)
    rows = described.table.set_index("layer")["parameters"].to_dict()
    assert rows["first"] == 3 * 4 + 4 and rows["last"] == 4 * 2 + 2 and rows["(own weights)"] == 5
    assert described.parameters == model.count_params() and described.trainable == size(
        model.trainable_weights
    )
    assert len(described.arrows) == 0 and "Own does with its layers can't be told" in str(described)
    assert (described.inputs, described.outputs) == ("(batch, 3)", "(batch, 2)")
    described.plot()


def test_describing_leaves_model_names_and_random_numbers_as_they_were():
    model, unbuilt = siamese(), keras.Sequential([layers.Dense(2)])
    calls = [len(layer._inbound_nodes) for layer in model.layers]
    weights, last = [np.array(w) for w in model.weights], int(layers.Dense(1).name.rsplit("_", 1)[1])
    state = random.getstate()
    for _ in range(2):
        bn.describe_architecture(model, None)
        assert bn.describe_architecture(unbuilt, 3).parameters == 3 * 2 + 2
        bn.describe_architecture(build_unnamed, 3)
    assert not unbuilt.built and random.getstate() == state
    assert [len(layer._inbound_nodes) for layer in model.layers] == calls
    for a, b in zip(weights, model.weights):
        np.testing.assert_array_equal(a, b)
    assert layers.Dense(1).name == f"dense_{last + 1}"


def build_unnamed(input_shape, n_outputs):
    return keras.Sequential([keras.Input(input_shape), layers.Dense(2), layers.Dense(n_outputs)])


def test_a_builder_is_described_alike_each_time():
    first, again = (bn.describe_architecture(build_unnamed, 3, 2) for _ in range(2))
    assert first.table.equals(again.table) and str(first) == str(again)
    assert first.table["layer"].tolist()[1:] == ["dense", "dense_1"] and first.name == "build_unnamed"


def test_inputs_by_name_and_lengths_that_vary():
    by_name = {"left": 4, "right": (4,)}
    assert bn.describe_architecture(siamese(), by_name).parameters == siamese().count_params()
    text = keras.Sequential([layers.Embedding(10, 4), layers.LSTM(3)])
    described = bn.describe_architecture(text, (None,))
    assert described.inputs == "(batch, any)" and described.parameters == 10 * 4 + 4 * (4 * 3 + 3 * 3 + 3)
    assert "(batch, any, 4)" in set(described.table["output_shape"])


@pytest.mark.parametrize(
    "shape", [0, -1, 2.5, "3", (3, 0), ((3,), "4"), True, (3, "4"), object(), 2**60, 10**300]
)
def test_a_shape_holds_positive_whole_numbers(shape):
    with pytest.raises(InputError, match="`input_shape` must hold"):
        bn.describe_architecture("mlp", shape)


@pytest.mark.parametrize(
    "given, shape, options, words",
    [
        ("mlpp", 3, {}, "Did you mean 'mlp'"),
        ("mlp", None, {}, "must be given"),
        ("mlp", (8, 8, 1), {}, "rows of shape"),
        ("mlp", 3, {"unit": 4}, "Did you mean `units`"),
        ("mlp", 3, {"units": "a"}, "can't be built"),
        ("mlp", 3, {"activation": "rellu"}, "name of a Keras activation"),
        ("mlp", 3, {"n_outputs": 0}, "`n_outputs` must be a whole number"),
        (build_unnamed, 3, {"units": 4}, "There are none"),
        (lambda shape, n: 3, 3, {}, "must return a Keras model"),
    ],
)
def test_what_can_not_be_described_is_refused_in_words(given, shape, options, words):
    with pytest.raises(InputError, match=words):
        bn.describe_architecture(given, shape, **options)


def test_a_model_must_take_the_shape():
    for shape in (4, [(4,), (5,)], {"left": 4}):
        with pytest.raises(InputError, match="'siamese' takes"):
            bn.describe_architecture(siamese(), shape)
    with pytest.raises(InputError, match="not built"):
        bn.describe_architecture(keras.Sequential([layers.Dense(1)]), None)
    with pytest.raises(InputError, match="can't be called on rows"):
        bn.describe_architecture(keras.Sequential([layers.Conv2D(2, 5)]), (3, 3, 1))
    with pytest.raises(InputError, match="that Keras can copy"):
        bn.describe_architecture(Lost(3), 3)


class Lost(keras.Model):
    """A model that does not say how it was made."""

    def __init__(self, width):
        super().__init__()
        self.dense = layers.Dense(width)

    def get_config(self):
        raise NotImplementedError

    def call(self, x):
        return self.dense(x)


def test_the_errors_of_a_user_s_builder_stay_its_own():
    def broken(input_shape, n_outputs):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        bn.describe_architecture(broken, 3)


def test_a_hundred_layers_are_described_and_drawn(tmp_path):
    def deep(input_shape, n_outputs):
        x = inputs = keras.Input(input_shape)
        for _ in range(50):
            x = layers.Add()([x, layers.Dense(3)(x)])
        return keras.Model(inputs, layers.Dense(n_outputs)(x))

    described = bn.describe_architecture(deep, 3)
    assert described.parameters == 50 * 12 + 4 and len(described.boxes) == 102
    figure = described.plot(tmp_path / "deep.png")
    drawn = [text.get_text() for text in figure.axes[0].texts]
    assert len(drawn) == 102 and drawn[1] == "dense: Dense\n(batch, 3), 12 parameters"
    assert (tmp_path / "deep.png").stat().st_size > 1000


def test_what_was_described_leaves_nothing_to_be_made():
    from keras.src.backend.common import global_state

    assert bn.describe_architecture("mlp", 10**15, units=(2,)).parameters == 2 * 10**15 + 2 + 3
    assert not global_state.get_global_attribute("uninitialized_variables")
