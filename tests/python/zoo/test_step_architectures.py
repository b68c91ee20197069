"""Every architecture over steps: counts, masks, options, learning, copies, stacks."""

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.inputs.filling import FILL, fill_steps
from bineural.training import Blueprint, predict_net, train_net, train_stack
from bineural.training.forward import predict_nets
from bineural.zoo import as_architecture
from training.wide.judging import judge_model

RECURRENT = ["rnn", "lstm", "gru"]
LENGTHS, LONGEST, N_WORDS = (1, 4, 9), 12, 20

# name, options; the quick ones have each family, the long ones every option
QUICKLY = [
    ("gru", {"units": (4,)}),
    ("cnn_1d", {"units": (4,), "filters": (5,), "kernel_size": 4}),
    ("bag", {"units": (4,)}),
    ("transformer", {"units": (4,), "embedding": 6, "heads": 2}),
]
LONG = [
    ("rnn", {"units": (4, 3)}),
    ("lstm", {"units": (4,), "bidirectional": True}),
    ("gru", {"units": (4, 3), "bidirectional": True}),
    ("lstm", {"units": (4, 3), "truncate_gradient": 3}),
    ("gru", {"units": (3,), "truncate_gradient": 2, "bidirectional": True}),
    ("cnn_1d", {"units": (), "filters": (5, 4), "kernel_size": 3}),
    ("transformer", {"units": (4, 5), "embedding": 6, "heads": 3}),
]
BUILT = [*QUICKLY, ("rnn", {}), ("lstm", {})]
SHORT = [("sequence", "gru"), ("sequence", "cnn_1d"), ("text", "bag")]
EACH = [*QUICKLY, *(pytest.param(*row, marks=pytest.mark.long) for row in LONG)]


def build(name, options, kind="sequence", n_outputs=2, **more):
    if kind == "text":
        more["vocabulary"] = N_WORDS
    shape = (None,) if kind == "text" else (None, 3)
    return as_architecture(name).build(shape, n_outputs, **options, **more)


def some_rows(kind, lengths=LENGTHS, seed=1):
    """Return rows of these lengths: sequences of three features, or texts as numbers of words."""
    rng = np.random.default_rng(seed)
    if kind == "text":
        return [rng.integers(1, N_WORDS, n).astype("int32") for n in lengths]
    return [rng.normal(size=(n, 3)).astype("float32") for n in lengths]


def padded(rows, length=LONGEST):
    return np.concatenate([fill_steps(row[None], length) for row in rows])


def other_weights(model, seed=2):
    """Return weights that are nowhere 0, so that what stands at a step left out would be seen."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=w.shape).astype("float32") * 0.5 for w in model.get_weights()]


# ---- counts ----


def counted(name, shape=(None, 3), **options):
    table = bn.describe_architecture(name, shape, **options).table
    return dict(table.loc[table["parameters"] > 0, ["layer", "parameters"]].to_numpy())


@pytest.mark.parametrize(
    ("name", "count", "otherwise"), [("rnn", 77, 84), ("lstm", 308, 336), ("gru", 252, 231)]
)
def test_recurrent_layers_have_the_counts_of_both_conventions(name, count, otherwise):
    described = bn.describe_architecture(name, (None, 3), units=7)
    assert described.table.set_index("layer").loc[f"{name}_0", "parameters"] == count
    assert described.parameters == described.trainable == count + 8
    (note,) = described.notes
    assert f"{otherwise} in {name}_0" in note and note in str(described)
    assert described.inputs == "(batch, any, 3)" and described.outputs == "(batch, 1)"
    both = bn.describe_architecture(name, (None, 3), units=7, bidirectional=True, truncate_gradient=5)
    assert both.parameters == 2 * count + 15 and f"{2 * otherwise} in both_ways_0" in both.notes[0]


def test_layers_have_the_weights_counted_by_hand():
    texts = {"shape": (None,), "vocabulary": 20, "embedding": 8}
    assert counted("lstm", **texts, units=(5, 4)) == {
        "words": 160,
        "lstm_0": 4 * 5 * (8 + 5 + 1),
        "lstm_1": 4 * 4 * (5 + 4 + 1),
        "logits": 5,
    }
    assert counted("cnn_1d", **texts) == {
        "words": 160,
        "convolution_0": 5 * 8 * 64 + 64,
        "dense_0": 64 * 32 + 32,
        "logits": 33,
    }
    assert counted("bag", **texts) == {"words": 160, "dense_0": 8 * 16 + 16, "logits": 17}
    assert counted("transformer", embedding=8, heads=2, units=6) == {
        "embedding": 4 * 8,
        "block_0_normalised": 16,
        "block_0_attention": 4 * 8 * 8,
        "block_0_normalised_again": 16,
        "block_0_dense": 8 * 6 + 6,
        "block_0_back": 6 * 8 + 8,
        "normalised": 16,
        "logits": 9,
    }


def test_a_description_shows_layers_and_not_what_makes_their_masks():
    table = bn.describe_architecture("transformer", (None, 3)).table
    assert not {"NotEqual", "Any", "LogicalOr"} & set(table["kind"])


# ---- masks ----


@pytest.mark.parametrize("kind", ["sequence", pytest.param("text", marks=pytest.mark.long)])
@pytest.mark.parametrize(("name", "options"), EACH)
def test_a_row_that_is_filled_up_gives_what_it_gives_alone(name, options, kind):
    model, rows = build(name, options, kind), some_rows(kind)
    model.set_weights(other_weights(model))
    alone = np.concatenate([model(row[None]) for row in rows])
    np.testing.assert_allclose(model(padded(rows)), alone, atol=1e-6)
    assert np.ptp(alone) > 0.01


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [
        pytest.param(
            kind, name, options, marks=[pytest.mark.long] * (i >= len(QUICKLY) or (kind, name) not in SHORT)
        )
        for kind in ("sequence", "text")
        for i, (name, options) in enumerate([*QUICKLY, *LONG])
    ],
)
def test_a_stack_gives_values_and_gradients_of_each_net_alone(kind, name, options):
    rows = [padded(some_rows(kind, (1, 4, 9, 12), seed)) for seed in range(3)]
    judge_model(build(name, options, kind), tf.constant(np.stack(rows)), training=True)


@pytest.mark.parametrize(
    ("name", "options"), [("bag", {"units": (4,)}), pytest.param(*LONG[0], marks=pytest.mark.long)]
)
def test_nets_that_predict_together_for_rows_of_several_lengths_do_as_each_row_alone(name, options):
    model = build(name, options)
    plan = Blueprint.from_model(model)
    weights = [other_weights(model, seed) for seed in (1, 2, 3)]
    inputs = [padded(some_rows("sequence", lengths), max(lengths)) for lengths in (LENGTHS, (3, 2), (6,))]
    for own, x, outputs in zip(weights, inputs, predict_nets([plan] * 3, weights, inputs)):
        np.testing.assert_allclose(outputs, predict_net(plan, own, x), atol=1e-6)


@pytest.mark.parametrize(("name", "options"), QUICKLY)
def test_a_text_without_a_word_has_an_answer(name, options):
    model = build(name, options, "text")
    model.set_weights(other_weights(model))
    assert np.isfinite(model(np.zeros((2, 3), "int32"))).all()


def test_a_feature_may_be_anything_but_all_features_of_a_step_the_filling():
    model, (row,) = build("gru", {"units": (4,)}), some_rows("sequence", (5,))
    row[2, 1] = FILL
    assert (np.asarray(model(row[None])) != np.asarray(model(np.delete(row, 2, 0)[None]))).any()


# ---- learning ----


def task(kind, n=24, seed=1):
    rng = np.random.default_rng(seed)
    lengths, y = rng.integers(2, LONGEST, n), rng.integers(0, 2, n)
    rows = some_rows(kind, lengths)
    for row, label in zip(rows, y):
        row += label if kind == "sequence" else 0
        if kind == "text" and label:
            row[-1] = 1
    return padded(rows), y


FIT = {"loss": "categorical_crossentropy", "epochs": 4, "batch_size": 8}
FIT |= {"optimizer": "sgd", "learning_rate": 0.2}  # Adam makes large steps of gradients as small as rounding


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [
        pytest.param(kind, *row, marks=[pytest.mark.long] * ((kind, row[0]) != ("text", "bag")))
        for kind in ("sequence", "text")
        for row in BUILT
    ],
)
def test_nets_learn_alike_alone_and_in_a_stack_and_are_saved(kind, name, options, tmp_path):
    """Dropout too; one net of the stack has the rows filled up further, as folds may have them."""
    model, (x, y) = build(name, options, kind, dropout=0.2), task(kind)
    alone = train_net(model, x, y, seed=2, **FIT)
    assert alone.history["loss"][-1] < alone.history["loss"][0]
    further = fill_steps(x, LONGEST + 3)
    together = train_stack(
        model, np.stack([further] * 3), y, seeds=[1, 2, 3], own=["inputs"], xla=False, **FIT
    )
    assert together[1].how == "stack"
    for a, b in zip(together[1].weights, alone.weights, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-5)
    model.set_weights(alone.weights)
    model.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras")
    np.testing.assert_array_equal(again(x[:4]), model(x[:4]))


@pytest.mark.parametrize(("name", "options"), EACH)
def test_weights_begin_from_the_seed_alone(name, options):
    plan = Blueprint.from_model(build(name, options))
    first, again, other = (plan.initial_values(seed) for seed in (5, 5, 6))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any((a != b).any() for a, b in zip(first, other))


def test_penalties_are_on_kernels_recurrent_kernels_and_embeddings():
    for name in RECURRENT:
        model = build(name, {"units": (3,), "bidirectional": True}, "text", l2=0.2)
        drawn = [w for w in model.trainable_variables if "bias" not in w.name]
        expected = sum(0.2 * (np.asarray(w) ** 2).sum() for w in drawn)
        assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5) and len(drawn) == 6


# ---- what is refused ----


def test_rows_of_another_shape_and_options_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="takes sequences, .*texts and their vocabulary"):
        as_architecture("gru").build((3,), 1)
    with pytest.raises(InputError, match="rows of shape"):
        as_architecture("bag").build((None, 3), 1, vocabulary=9)
    with pytest.raises(InputError, match="needs a layer at least"):
        as_architecture("lstm").build((None, 3), 1, units=())
    with pytest.raises(InputError, match="multiple of `heads`"):
        as_architecture("transformer").build((None, 3), 1, heads=5)
    with pytest.raises(InputError, match="`truncate_gradient` must be a whole number of at least 1"):
        as_architecture("rnn").own_options({"truncate_gradient": 0})
