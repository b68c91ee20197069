"""Changes of training images, each against its definition written slowly or SciPy; where they are made."""

import numpy as np
import pytest
from scipy import ndimage, stats

import bineural as bn
from bineural._tensorflow import keras, tf
from bineural.training.augmenting.layers import ChangeImages, MixRows
from bineural.training.augmenting.mixing import Mixing
from bineural.training.augmenting.registry import Change, find_changes, register_change
from bineural.training.augmenting.warping import compose, warp
from training.wide.judging import judge

RNG = np.random.default_rng(1)
IMAGES = RNG.normal(size=(6, 7, 5, 2)).astype("float32")


def moved(name, strength, numbers, images=IMAGES):
    change = find_changes()[name]
    numbers = tf.constant(numbers, tf.float32)
    turn, move = change.place(numbers, strength, *images.shape[1:3])
    return warp(tf.constant(images), turn, move, change.whole).numpy()


def drawn(strengths, images, seed=3):
    layer = ChangeImages(strengths)
    layer.seed_generator.state.assign([seed, 0])
    return layer(images, training=True).numpy()


# ---- pixels that are moved ----


def test_a_shift_takes_pixels_from_so_many_places_before_and_the_border_beyond():
    numbers = [[0.0, 0.99], [0.5, 0.5], [0.99, 0.1], [0.3, 0.7], [0.9, 0.3], [0.1, 0.9]]
    steps = np.floor(np.array(numbers) * 5).astype(int) - 2
    assert set(steps.ravel()) == {-2, -1, 0, 1, 2}
    slowly = np.empty_like(IMAGES)
    for image, (down, across) in enumerate(steps):
        padded = np.pad(IMAGES[image], [(2, 2), (2, 2), (0, 0)], mode="edge")
        slowly[image] = np.roll(padded, (-down, -across), (0, 1))[2:9, 2:7]
    np.testing.assert_array_equal(moved("shift", 2, numbers), slowly)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 100])
def test_every_number_of_pixels_is_as_likely(n):
    steps = find_changes()["shift"].place(tf.constant([[0.0, 1 - 2.0**-23]]), n, 200, 200)[1]
    assert steps.numpy().tolist() == [[-n, n]]
    numbers = tf.constant((np.arange(40_000)[:, None] + 0.5) / 40_000 * [1, 1], tf.float32)
    counts = np.unique(find_changes()["shift"].place(numbers, n, 200, 200)[1][:, 0], return_counts=True)[1]
    assert len(counts) == 2 * n + 1 and np.ptp(counts) <= 2


@pytest.mark.parametrize(("which", "axes"), [("horizontal", [2]), ("vertical", [1]), ("both", [1, 2])])
def test_half_of_the_images_are_flipped(which, axes):
    images = np.tile(IMAGES[:1], (2000, 1, 1, 1))
    seen = drawn({"flip": which}, images)
    for axis in (1, 2):
        flipped = (seen[:, :, :, 0] != images[:, :, :, 0]).any((1, 2))
        share = np.mean([np.allclose(image, np.flip(IMAGES[0], axis - 1)) for image in seen])
        expected = 0.25 if which == "both" else 0.5 * (axis in axes)
        assert share == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(2000))
    assert flipped.mean() == pytest.approx(0.75 if which == "both" else 0.5, abs=4 * 0.5 / np.sqrt(2000))


def test_a_turn_by_right_angles_is_that_of_numpy():
    square = RNG.normal(size=(2, 6, 6, 1)).astype("float32")
    np.testing.assert_allclose(moved("rotate", 90, [[1.0], [0.0]], square)[0], np.rot90(square[0]), atol=1e-5)
    np.testing.assert_allclose(
        moved("rotate", 90, [[1.0], [0.0]], square)[1], np.rot90(square[1], -1), atol=1e-5
    )


def by_scipy(turn, move):
    middle = np.array([3.0, 2.0])
    slowly = np.empty_like(IMAGES)
    for image in range(len(IMAGES)):
        for channel in range(2):
            offset = middle - turn[image] @ middle + move[image]
            slowly[image, ..., channel] = ndimage.affine_transform(
                IMAGES[image, ..., channel].astype(float), turn[image], offset, order=1, mode="nearest"
            )
    return slowly


@pytest.mark.parametrize(("name", "strength", "n"), [("rotate", 40, 1), ("zoom", 0.5, 1), ("crop", 2, 2)])
def test_pixels_between_pixels_are_those_of_scipy(name, strength, n):
    numbers = RNG.uniform(size=(6, n))
    turn, move = find_changes()[name].place(tf.constant(numbers, tf.float32), strength, 7, 5)
    np.testing.assert_allclose(
        moved(name, strength, numbers), by_scipy(turn.numpy(), move.numpy()), atol=1e-4
    )


def test_a_crop_is_a_window_that_is_enlarged():
    """Places of pixels are their middles: 5 rows of 7 stand at 0, 1 ... 4 plus what is cut off above."""
    turn, move = (a.numpy()[0] for a in find_changes()["crop"].place(tf.constant([[0.99, 0.0]]), 2, 7, 5))
    rows = turn[0, 0] * (np.arange(7) - 3) + move[0] + 3
    np.testing.assert_allclose((rows + 0.5 - 2) * 7 / 5, np.arange(7) + 0.5, atol=1e-5)
    columns = turn[1, 1] * (np.arange(5) - 2) + move[1] + 2
    np.testing.assert_allclose((columns + 0.5) * 5 / 3, np.arange(5) + 0.5, atol=1e-5)


def test_moves_put_together_are_moves_one_after_the_other():
    changes = find_changes()
    first = changes["shift"].place(tf.constant(RNG.uniform(size=(6, 2)), tf.float32), 1, 7, 5)
    then = changes["flip"].place(tf.constant(RNG.uniform(size=(6, 2)), tf.float32), "both", 7, 5)
    both = warp(tf.constant(IMAGES), *compose(then, first), True)
    np.testing.assert_array_equal(both, warp(warp(tf.constant(IMAGES), *then, True), *first, True))


# ---- numbers that are changed ----


def test_noise_has_its_sd_and_a_square_is_cut_out():
    images = np.ones((400, 6, 6, 1), "float32")
    noise = drawn({"noise": 0.3}, images) - 1
    assert (
        noise.std() == pytest.approx(0.3, rel=0.02)
        and stats.kstest(noise.ravel() / 0.3, "norm").pvalue > 0.01
    )

    numbers = np.stack([np.repeat(np.arange(6), 6), np.tile(np.arange(6), 6)], 1)
    cut = find_changes()["cutout"].paint(
        tf.ones((36, 6, 6, 1)), tf.constant((numbers + 0.5) / 6, tf.float32), 3
    )
    slowly = np.ones((36, 6, 6, 1))
    for image, (down, across) in enumerate(numbers):
        slowly[image, max(0, down - 1) : down + 2, max(0, across - 1) : across + 2] = 0
    np.testing.assert_array_equal(cut, slowly)


def test_a_net_that_standardises_by_itself_says_the_unit_of_what_is_painted():
    from bineural.training import Blueprint
    from bineural.training.augmenting.model import augmented

    layer = ChangeImages({"cutout": 20}, centers=[5.0, -1.0], scales=[2.0, 3.0])
    np.testing.assert_allclose(layer(IMAGES, training=True), np.zeros_like(IMAGES) + [5, -1], atol=1e-6)
    standardise = keras.layers.Normalization(mean=[5.0, -1.0], variance=[4.0, 9.0])
    model = keras.Sequential(
        [keras.Input((7, 5, 2)), standardise, keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    plan = augmented(Blueprint.from_model(model), {"noise": 0.1}, (7, 5, 2))
    own = plan.model.get_layer("change_images")
    assert (own.centers, own.scales) == ([5, -1], [2, 3])


def test_shares_of_mixtures_are_of_a_beta_distribution():
    layer, numbers = MixRows(0.2), np.linspace(0, 1, 20_001)[:-1]
    shares = layer.shares(tf.constant(numbers, tf.float32)).numpy()
    assert shares.min() >= 0 and shares.max() <= 1
    for limit in (1e-6, 0.01, 0.2, 0.5, 0.9, 0.999):
        assert np.mean(shares <= limit) == pytest.approx(stats.beta(0.2, 0.2).cdf(limit), abs=1e-3)
    assert shares.mean() == pytest.approx(0.5, abs=1e-3)  # so the mean of mixed labels is that of the labels


def mixing_model():
    inputs = keras.Input((3,))
    return keras.Model(inputs, keras.layers.Dense(2)(MixRows(0.7)(inputs)))


def test_rows_are_mixed_with_the_next_one_and_outcomes_by_the_same_shares():
    mixing, x, y = Mixing.of_model(mixing_model()), RNG.normal(size=(8, 3)).astype("float32"), np.arange(8)
    weights, fixed = RNG.uniform(size=8).astype("float32"), [tf.constant([5, 0], tf.uint32)]
    after, mixed, parts = mixing(fixed, tf.constant(x), tf.constant(y), tf.constant(weights), 6)
    (own, own_weight), (other, other_weight) = [[np.asarray(a) for a in part] for part in parts]
    share = own_weight / weights
    assert own.tolist() == y.tolist() and other[:6].tolist() == [1, 2, 3, 4, 5, 0]  # the rest fills up
    filled = np.arange(8) < 6
    np.testing.assert_allclose(other_weight, filled * (1 - share) * weights[other], rtol=1e-5, atol=1e-7)
    for row in range(6):
        slowly = share[row] * x[row] + (1 - share[row]) * x[(row + 1) % 6]
        np.testing.assert_allclose(mixed[row], slowly, atol=1e-5)
    assert after[0].numpy().tolist() == [5, 1]

    several = mixing(
        [tf.stack([fixed[0]] * 2)], *(tf.stack([a, a]) for a in (x, y, weights)), tf.constant([6, 6])
    )
    np.testing.assert_allclose(several[1], np.stack([mixed, mixed]), atol=1e-6)
    np.testing.assert_allclose(several[2][1][1][1], other_weight, atol=1e-6)


# ---- layers in stacks, and nets ----

ALL = {"crop": 1, "cutout": 2, "flip": "both", "noise": 0.2, "rotate": 20, "shift": 1, "zoom": 0.2}


@pytest.mark.parametrize("strengths", [ALL, {"shift": 1}], ids=["all", "shift"])
def test_the_layer_changes_the_images_of_each_replica_as_alone(strengths):
    judge(ChangeImages(strengths), (7, 6, 2), training=True)


def test_images_stay_as_they_are_where_nothing_is_trained():
    for training in (False, None):
        np.testing.assert_array_equal(ChangeImages(ALL)(IMAGES, training=training), IMAGES)
    with pytest.raises(AssertionError):
        np.testing.assert_array_equal(drawn(ALL, IMAGES), IMAGES)


def test_its_configuration_makes_the_same_layer():
    layer = ChangeImages.from_config(ChangeImages(ALL).get_config())
    assert layer.strengths == ALL
    assert MixRows.from_config(MixRows(0.3).get_config()).strength == 0.3


@pytest.fixture(scope="module")
def digits():
    y = np.arange(60) % 2
    return (RNG.normal(size=(60, 6, 6, 1)) + y[:, None, None, None]).astype("float32"), y


def tiny(input_shape, n_outputs):
    inputs = keras.Input(input_shape)
    x = keras.layers.Dense(3, activation="tanh")(keras.layers.Flatten()(inputs))
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(keras.layers.Dropout(0.2)(x)))


def quick(**options):
    augmentation = {"shift": 1, "noise": 0.1, "mixup": 0.4}
    return {"architecture": tiny, "epochs": 3, "augmentation": augmentation, "event": 1, **options}


@pytest.mark.long
def test_nets_of_a_stack_are_the_same_nets_alone_also_of_folds_of_other_sizes(digits):
    x, y = digits
    folds = [(np.arange(40), np.arange(40, 60)), (np.arange(17, 60), np.arange(17))]
    nets = bn.fit_nets(bn.make_net(**quick(batch_size=10)), digits, folds=folds, seeds=[1]).nets
    assert all("stack" in net.how_ and not net.why_alone_ for net in nets)
    for net, (train, _) in zip(nets, folds):
        alone = bn.fit_net(x[train], y[train], **quick(seed=1, batch_size=10))
        np.testing.assert_allclose(net.predict_event(x), alone.predict_event(x), atol=1e-5)
        assert net.history_["loss"] == pytest.approx(alone.history_["loss"], rel=1e-4)


@pytest.mark.long
@pytest.mark.parametrize("way", ["XLA", "vectorised"])
def test_other_ways_of_a_stack_change_and_mix_alike(digits, way):
    from bineural.training import Blueprint, predict_net, train_net, train_stack
    from bineural.training.augmenting.model import augmented

    inputs = keras.Input((6, 6, 1))
    x = keras.layers.Conv2D(2, 3, activation="relu")(inputs)
    x = keras.layers.Lambda(lambda a: a * 2)(x) if way == "vectorised" else x
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Flatten()(x)))
    plan = augmented(Blueprint.from_model(model), {**ALL, "mixup": 0.4}, (6, 6, 1))
    options = {"loss": "binary_crossentropy", "epochs": 3, "batch_size": 16}
    rows = [np.arange(40), np.arange(7, 60 if way == "XLA" else 47)]
    stack = train_stack(plan, *digits, seeds=[1, 2], rows=rows, xla=way == "XLA", **options)
    for seed, own, replica in zip((1, 2), rows, stack):
        assert way in replica.how
        alone = train_net(plan, digits[0][own], digits[1][own], seed=seed, **options)
        both = (predict_net(model, net.weights, digits[0]) for net in (replica, alone))
        np.testing.assert_allclose(*both, atol=1e-4)


@pytest.mark.long
def test_the_seed_decides_and_what_is_kept_knows_nothing_of_it(digits, tmp_path):
    x, y = digits
    net = bn.fit_net(x, y, **quick(seed=1))
    again = bn.fit_net(x, y, **quick(seed=1))
    np.testing.assert_array_equal(net.predict_event(x), again.predict_event(x))
    plain = bn.fit_net(x, y, **quick(seed=1, augmentation=None))
    assert (net.predict_event(x) != plain.predict_event(x)).all()

    model = net.keras_model_
    kinds = {type(layer).__name__ for layer in model._flatten_layers()}
    assert not kinds & {"ChangeImages", "MixRows"} and len(model.weights) == len(plain.weights_) == 4
    watched = net.history_["validation_loss"][net.best_epoch_ - 1]
    assert watched == pytest.approx(watched_loss(net, x, y), rel=1e-4)  # of images as they are


def watched_loss(net, x, y):
    """Return the log loss of the rows that the net watched, from what it predicts."""
    from bineural.nets.watched_rows import hold_out

    rows = hold_out(np.arange(len(y)), 0.2, net.seed_, y)[0].watch
    p = net.predict_event(x[rows])
    return -np.mean(np.where(y[rows] == 1, np.log(p), np.log(1 - p)))


@pytest.mark.long
def test_initial_weights_are_those_without(digits):
    net, plain = (
        bn.fit_net(*digits, **quick(seed=1, epochs=1, validation=None, learning_rate=1e-30, augmentation=a))
        for a in ({"shift": 1}, None)
    )
    for own, other in zip(net.weights_, plain.weights_):
        np.testing.assert_allclose(own, other, atol=1e-20)


@pytest.mark.long
def test_it_is_kept_in_files_and_copies(digits, tmp_path):
    net = bn.fit_net(*digits, **quick(seed=1, architecture="cnn", epochs=1, width=0.1))
    bn.save_model(net, tmp_path / "net.bineural")
    again = bn.load_model(tmp_path / "net.bineural")
    assert again.augmentation == net.augmentation == {"shift": 1, "noise": 0.1, "mixup": 0.4}
    np.testing.assert_array_equal(again.predict_event(digits[0]), net.predict_event(digits[0]))


@pytest.mark.long
def test_keras_own_loop_changes_images_too(digits):
    options = quick(seed=1, augmentation={"shift": 1, "flip": "both"})
    net = bn.fit_net(*digits, **options)
    by_keras = bn.fit_net(*digits, **options, callbacks=keras.callbacks.Callback())
    assert by_keras.how_ == "Keras"
    np.testing.assert_allclose(by_keras.predict_event(digits[0]), net.predict_event(digits[0]), atol=1e-5)


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"augmentation": {"shft": 2}}, "(?s)Found the name 'shft'.*Did you mean 'shift'"),
        ({"augmentation": 2}, "(?s)must be a dict of changes.*'crop', 'cutout', 'flip', 'mixup'"),
        ({"augmentation": {"shift": 1.5}}, r"`augmentation\['shift'\]` must be a whole number"),
        ({"augmentation": {"mixup": 0}}, r"`augmentation\['mixup'\]` must be a number above 0"),
        ({"augmentation": {"shift": 6}}, "(?s)at least 7 x 7 pixels for 'shift' of 6.*6 x 6"),
        ({"callbacks": keras.callbacks.Callback()}, "can't mix rows in Keras' own loop"),
        (
            {
                "architecture": lambda *_: OwnStep(
                    [keras.Input((6, 6, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
                )
            },
            "`train_step` of its own",
        ),
    ],
)
def test_what_can_not_be_changed_is_refused_in_words(digits, options, words):
    with pytest.raises(bn.InputError, match=words):
        bn.fit_net(*digits, **quick(**options))


def test_tables_are_refused(digits):
    with pytest.raises(bn.InputError, match="(?s)with images only.*kind 'table'"):
        bn.fit_net(digits[0].reshape(60, -1), digits[1], **quick(architecture="mlp"))


def test_a_change_of_ones_own_is_one_record(digits):
    from bineural.checks import number

    register_change(Change("dim", number(0, 1), "share", paint=lambda images, _, strength: images * strength))
    np.testing.assert_allclose(drawn({"dim": 0.5}, IMAGES), IMAGES / 2)
    with pytest.raises(bn.InputError, match="'dim' already"):
        register_change(Change("dim", number(0, 1), ""))


def test_nothing_is_changed_by_an_empty_dict_or_none_in_it(digits):
    nets = [
        bn.fit_net(*digits, **quick(seed=1, epochs=1, augmentation=a)) for a in (None, {}, {"shift": None})
    ]
    for net in nets[1:]:
        np.testing.assert_array_equal(net.predict_event(digits[0]), nets[0].predict_event(digits[0]))


@pytest.mark.long
def test_it_can_be_typed_and_tuned(digits):
    import argparse

    from bineural.cli.options import add_options
    from bineural.nets.options import BY_NAME

    parser = argparse.ArgumentParser()
    add_options(parser, [BY_NAME["augmentation"], BY_NAME["class_weight"], BY_NAME["architecture"]])
    typed = parser.parse_args(["--augmentation", "shift=2,flip=both", "--class-weight", "a=1,b=2.5"])
    assert typed.augmentation == {"flip": "both", "shift": 2} and typed.class_weight == {"a": 1, "b": 2.5}
    grid = {"augmentation": [None, {"shift": 1}]}
    net = bn.make_net(**quick(epochs=1, augmentation=None, architecture="cnn", width=0.1))
    tuned = bn.tune_net(net, digits, grid, folds=2, seed=1)
    assert len(tuned.table) == 2 and tuned.model.augmentation == tuned.chosen["augmentation"]
