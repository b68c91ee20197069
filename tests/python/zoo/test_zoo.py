import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.training import predict_net, train_net, train_stack
from bineural.training.losses import row_loss
from bineural.zoo import architecture_names, as_architecture
from long_cases import long_but
from zoo.test_image_architectures import BUILT
from zoo.test_single_shot import FINDERS
from zoo.test_step_architectures import BUILT as OVER_STEPS

N = 60
# name, input shape, options, outputs -> weights counted by hand
SHAPES = [
    ("mlp", (3,), {}, 1, 3 * 16 + 16 + 16 * 8 + 8 + 8 + 1),
    ("mlp", (3,), {"units": ()}, 2, 3 * 2 + 2),
    ("mlp", (3,), {"units": (5,), "batch_normalization": True}, 3, 3 * 5 + 4 * 5 + 5 * 3 + 3),
    ("mlp", (2,), {"units": (4,), "level_counts": (3, 6)}, 1, 3 * 1 + 6 * 3 + 9 + (2 + 1 + 3) * 4 + 4 + 5),
    ("skip", (3,), {}, 1, 3 + 1 + 3 * 16 + 16 + 16 * 8 + 8 + 8),
    ("skip", (3,), {"units": (), "l2": 0.1}, 1, 3 + 1),
    (
        "skip",
        (2,),
        {"units": (4,), "level_counts": (3, 6)},
        2,
        2 * 2 + 2 + 9 * 2 + 9 + 21 + 9 + 6 * 4 + 4 + 4 * 2,
    ),
    (
        "skip",
        (1,),
        {"units": (4,), "level_counts": (4,), "dropout": 0.1},
        1,
        1 + 1 + 4 + 4 + 8 + 4 + 3 * 4 + 4 + 4,
    ),
]


def inputs_for(shape, options):
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(N, *shape)).astype("float32")
    counts = options.get("level_counts")
    if not counts:
        return matrix
    return [matrix, np.stack([rng.integers(1, k + 1, N) for k in counts], axis=1).astype("int32")]


def test_every_architecture_is_asked():
    ours = [
        name
        for name in architecture_names()
        if as_architecture(name).build.__module__.startswith("bineural.")
    ]
    others = [*FINDERS, *BUILT, *OVER_STEPS]
    of_rows = {name for name in ours if as_architecture(name).learns != "outcome"}  # representations/
    asked = {shape[0] for shape in SHAPES} | {row[0] for row in others} | {"batch_ensemble"} | of_rows
    assert asked == set(ours)


@pytest.mark.parametrize("name, shape, options, n_outputs, n_weights", SHAPES)
def test_builders_keep_their_word(name, shape, options, n_outputs, n_weights, tmp_path):
    model = as_architecture(name).build(shape, n_outputs, **options)
    x = inputs_for(shape, options)
    assert model.output_shape == (None, n_outputs) and not model.compiled
    assert model.count_params() == n_weights

    first = x[0][:, 0] if isinstance(x, list) else x[:, 0]
    y = (first > 0).astype(int)
    loss = "binary_crossentropy" if n_outputs == 1 else "categorical_crossentropy"
    losses = train_net(model, x, y, loss=loss, seed=1, epochs=12, learning_rate=0.03).history["loss"]
    assert losses[-1] < losses[0]

    before = model(x)
    model.save(tmp_path / "net.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "net.keras")(x), before)


@pytest.mark.parametrize("name", ["mlp", "skip"])
def test_penalties_are_on_every_kernel_and_on_no_bias(name):
    model = as_architecture(name).build((3,), 1, units=(4,), l1=0.1, l2=0.2)
    penalised = sum(
        0.2 * (w**2).sum() + (0 if v.path == "linear/kernel" else 0.1 * abs(w).sum())
        for v, w in ((v, np.asarray(v)) for v in model.trainable_variables)
        if v.name == "kernel"
    )
    assert float(sum(model.losses)) == pytest.approx(penalised, rel=1e-5)


def test_the_linear_part_of_the_skip_net_has_a_penalty_of_its_own():
    model = as_architecture("skip").build((3,), 1, units=(4,), l2=0.2, skip_l2=0.5)
    model.get_layer("linear").set_weights([np.array([[1.0], [2.0], [3.0]]), np.array([9.0])])
    hidden = sum((np.asarray(model.get_layer(n).kernel) ** 2).sum() for n in ("hidden_0", "hidden_logits"))
    assert float(sum(model.losses)) == pytest.approx(0.5 * 14 + 0.2 * hidden, rel=1e-5)


def test_a_shape_that_is_no_row_of_numbers_is_refused():
    with pytest.raises(InputError, match="rows of shape"):
        as_architecture("mlp").build((8, 8, 1), 2)
    with pytest.raises(InputError, match="at least one number"):
        as_architecture("skip").build((0,), 1, level_counts=(3,))


@pytest.mark.parametrize("batch_normalization", [False, True])
@pytest.mark.parametrize("name", ["mlp", "skip"])
def test_no_gradient_is_rounding_alone(name, batch_normalization):
    """The order of the rows in a batch changes rounding only: a gradient that it changes is none."""
    options = {"units": (6, 4), "activation": "tanh", "level_counts": (3,)}
    model = as_architecture(name).build((3,), 3, batch_normalization=batch_normalization, **options)
    x, y = inputs_for((3,), options), np.arange(N) % 3
    cost, gradients, gaps = row_loss("categorical_crossentropy"), 0, 0
    for seed in range(8):
        rows = np.random.default_rng(seed).permutation(N)[:32]
        pair = []
        for order in (rows, rows[::-1]):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(
                    cost(tf.constant(y[order]), model([x[0][order], x[1][order]], training=True))
                )
            slopes = tape.gradient(loss, model.trainable_variables)
            pair.append(np.concatenate([np.ravel(tf.convert_to_tensor(slope)) for slope in slopes]))
        gradients, gaps = gradients + pair[0] ** 2, gaps + (pair[0] - pair[1]) ** 2
    assert (np.sqrt(gaps) <= 1e-3 * np.sqrt(gradients)).all()
    assert (gradients > 0).mean() > 0.9


@pytest.mark.parametrize("name", long_but(["mlp", "skip"], "skip"))
def test_normalised_nets_of_a_stack_are_the_same_nets_alone_after_many_epochs(name):
    model = as_architecture(name).build((3,), 1, units=(6, 4), activation="tanh", batch_normalization=True)
    x = inputs_for((3,), {})
    y, options = (x[:, 0] > x[:, 1] ** 2).astype(float), {"loss": "binary_crossentropy", "epochs": 60}
    options |= {"learning_rate": 0.01, "batch_size": 20}
    for seed, replica in zip((1, 2), train_stack(model, x, y, seeds=(1, 2), **options)):
        alone = train_net(model, x, y, seed=seed, **options)
        np.testing.assert_allclose(
            predict_net(model, replica.weights, x), predict_net(model, alone.weights, x), atol=1e-4
        )
