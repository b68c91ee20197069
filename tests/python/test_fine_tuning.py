"""Nets tuned to another outcome: what is frozen stays to the bit, stages, files, weights from elsewhere."""

import pickle

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import keras
from bineural.nets import applications
from bineural.nets.applications import ApplicationSource, affine_preparation
from long_cases import long_but

N = 36
RNG = np.random.default_rng(1)


def images(n_classes):
    y = np.arange(N) % n_classes
    x = RNG.normal(size=(N, 6, 6, 1)) + y[:, None, None, None]
    return (40 + 20 * x).astype("float32"), y


def small(input_shape, n_outputs):
    x = inputs = keras.Input(input_shape)
    for name in ("a", "b"):
        x = keras.layers.Conv2D(2, 3, use_bias=False, name=f"block_0{name}")(x)
        x = keras.layers.BatchNormalization(name=f"block_0{name}_normalised")(x)
    x = keras.layers.Flatten(name="flat")(keras.layers.Activation("relu")(x))
    x = keras.layers.Dense(3, activation="tanh", name="dense_0")(x)
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(x))


@pytest.fixture(scope="module")
def first():
    options = {"architecture": small, "learning_rate": 0.002, "scaling": "standard"}
    return bn.fit_net(*images(3), classes=[0, 1, 2], epochs=2, seed=1, **options)


@pytest.fixture(scope="module")
def second():
    return images(2)


def values(net):
    """Return the weights of a net by layer and name."""
    return {v.path: np.asarray(v) for v in net.keras_model_.variables}


def changed(net, other):
    """Return the layers of `net` whose weights are not those of `other`, in the order of the net."""
    before, after = values(other), values(net)
    differs = [path for path in after if not np.array_equal(after[path], before.get(path))]
    return list(dict.fromkeys(path.split("/")[0] for path in differs if path.split("/")[0] != "standardise"))


@pytest.mark.long
def test_frozen_weights_and_averages_stay_to_the_bit(first, second):
    tuned = bn.fine_tune(first, *second, event=1, epochs=3, seed=2)
    assert changed(tuned, first) == ["dense_0", "new_logits"]
    before, after = values(first), values(tuned)
    moving = [path for path in before if "moving" in path]
    assert moving and all(np.array_equal(before[path], after[path]) for path in moving)
    np.testing.assert_array_equal(tuned.predict(second[0]).shape, (N,))
    assert tuned.learning_rate == 0.002 and tuned.epochs == 3 and tuned.batch_size == first.batch_size

    some = bn.fine_tune(first, *second, event=1, epochs=2, seed=2, freeze=2)
    named = bn.fine_tune(
        first, *second, event=1, epochs=2, seed=2, freeze=["block_0a", "block_0a_normalised"]
    )
    assert changed(some, first)[0] == changed(named, first)[0] == "block_0b"
    np.testing.assert_array_equal(some.predict_event(second[0]), named.predict_event(second[0]))


@pytest.mark.long
def test_grey_images_need_no_axis_of_channels_for_a_net_of_images():
    x, y = images(3)
    flat, options = x[..., 0], {"event": 1, "epochs": 2, "seed": 2}
    net = bn.fit_net(
        flat, y, architecture="cnn", blocks=1, width=0.2, classes=[0, 1, 2], epochs=1, seed=1, ensemble=1
    )
    tuned = bn.fine_tune(net, flat, y % 2, **options)
    np.testing.assert_array_equal(
        tuned.predict_event(list(flat)), bn.fine_tune(net, x, y % 2, **options).predict_event(x)
    )
    for source, unfreeze in ((net, 1), (net.keras_model_, None)):
        later = bn.fine_tune(source, flat, y % 2, unfreeze=unfreeze, **options)
        assert later.fitted_.input.kind == "image" and later.n_epochs_ == 2


def test_rows_are_standardised_as_those_of_the_first_net(first, second):
    tuned = bn.fine_tune(first, *second, event=1, epochs=1, seed=2)
    model, x = first.keras_model_, second[0]
    scaled = (x - first.channel_centers_) / first.channel_scales_
    before = keras.Model(model.input, model.get_layer("flat").output)(scaled.astype("float32"))
    own = tuned.keras_model_
    np.testing.assert_allclose(keras.Model(own.input, own.get_layer("flat").output)(x), before, atol=1e-4)


@pytest.mark.parametrize(
    "freeze", long_but(["features", 2, ["block_0a", "block_0a_normalised", "dense_0"]], "features")
)
def test_what_frozen_layers_make_is_computed_once_and_changes_no_number(first, second, freeze, monkeypatch):
    from bineural.nets import frozen_part

    widths, options = [], {"event": 1, "epochs": 3, "seed": 2, "freeze": freeze}
    predict = frozen_part.predict_net
    monkeypatch.setattr(
        frozen_part, "predict_net", lambda *a, **k: widths.append(predict(*a, **k)) or widths[-1]
    )
    once = bn.fine_tune(first, *second, **options)
    assert [len(features) for features in widths] == [N]
    monkeypatch.setattr(frozen_part, "leave_frozen", lambda job: job)
    each = bn.fine_tune(first, *second, **options)
    assert len(widths) == 1
    np.testing.assert_allclose(once.history_["loss"], each.history_["loss"], rtol=1e-5)
    for own, other in zip(once.keras_model_.get_weights(), each.keras_model_.get_weights(), strict=True):
        np.testing.assert_allclose(own, other, atol=1e-5)
    if freeze == "features":  # to the bit, whichever way
        assert set(changed(once, first)) == set(changed(each, first)) == {"dense_0", "new_logits"}


def noisy(input_shape, n_outputs):
    x = inputs = keras.Input(input_shape)
    x = keras.layers.Conv2D(2, 3, name="first", activation="relu")(x)
    x = keras.layers.Dropout(0.5)(keras.layers.Flatten()(x))
    x = keras.layers.Dense(3, activation="tanh", name="dense_0")(x)
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(x))


@pytest.mark.parametrize(
    ("given", "n_features"),
    [
        ({"freeze": ["first", "dense_0"]}, 32),  # up to the dropout, whose masks stay those of the whole net
        ({"freeze": 0}, None),
        ({"augmentation": {"flip": "both"}}, None),
    ],
)
def test_features_are_computed_once_up_to_what_changes_in_each_step(second, given, n_features, monkeypatch):
    from bineural.nets import frozen_part

    net = bn.fit_net(*images(3), architecture=noisy, classes=[0, 1, 2], epochs=1, seed=1)
    made, predict = [], frozen_part.predict_net
    monkeypatch.setattr(frozen_part, "predict_net", lambda *a, **k: made.append(predict(*a, **k)) or made[-1])
    options = {"event": 1, "epochs": 2, "seed": 2, **given}
    once = bn.fine_tune(net, *second, **options)
    assert [features[0].size for features in made] == ([] if n_features is None else [n_features])
    if n_features is not None:
        monkeypatch.setattr(frozen_part, "leave_frozen", lambda job: job)
        each = bn.fine_tune(net, *second, **options)
        np.testing.assert_allclose(once.history_["loss"], each.history_["loss"], rtol=1e-5)


def test_the_new_last_layer_starts_from_the_seed_and_the_rest_does_not(first, second):
    def start(seed):
        return values(bn.fine_tune(first, *second, event=1, epochs=1, seed=seed, learning_rate=1e-30))

    one, again, other = start(1), start(1), start(2)
    assert one["new_logits/kernel"].tolist() == again["new_logits/kernel"].tolist()
    assert one["new_logits/kernel"].tolist() != other["new_logits/kernel"].tolist()
    np.testing.assert_allclose(one["dense_0/kernel"], values(first)["dense_0/kernel"], atol=1e-20)


def test_grey_images_without_channels_and_lists_of_pictures_are_tuned_alike(first, second):
    x, y = second
    tuned = [bn.fine_tune(first, rows, y, event=1, epochs=1, seed=2) for rows in (x, x[..., 0], list(x))]
    for other in tuned[1:]:
        np.testing.assert_array_equal(other.predict_event(x), tuned[0].predict_event(x))


@pytest.mark.long
def test_layers_are_unfrozen_stage_by_stage(first, second):
    options = {"event": 1, "seed": 2, "epochs": 5, "validation": None}
    staged = bn.fine_tune(first, *second, unfreeze={2: ["block_0a"], 4: 0}, **options)
    assert staged.n_epochs_ == len(staged.history_["loss"]) == 5 and staged.best_epoch_ == 5
    assert changed(staged, first)[0] == "block_0a" and staged.learning_rate == pytest.approx(0.0002)
    alone = bn.fine_tune(first, *second, **{**options, "epochs": 2})
    assert staged.history_["loss"][:2] == alone.history_["loss"]
    # a stage begins where the one before has ended: at a rate of nothing it stays there
    still = bn.fine_tune(first, *second, unfreeze=2, learning_rate=1e-30, **{**options, "epochs": 3})
    start = bn.fine_tune(first, *second, learning_rate=1e-30, **{**options, "epochs": 1})
    for path, value in values(start).items():
        if "moving" not in path:
            np.testing.assert_allclose(values(still)[path], value, atol=1e-20)


@pytest.mark.long
def test_a_tuned_net_is_kept_in_files_and_copies(first, second, tmp_path):
    tuned = bn.fine_tune(first, *second, event=1, epochs=1, seed=2)
    bn.save_model(tuned, tmp_path / "net.bineural")
    for again in (bn.load_model(tmp_path / "net.bineural"), pickle.loads(pickle.dumps(tuned))):
        np.testing.assert_array_equal(again.predict_event(second[0]), tuned.predict_event(second[0]))
    once_more = bn.fine_tune(tuned, *images(3), classes=[0, 1, 2], epochs=1, seed=3)
    assert once_more.predict_proba(second[0]).shape == (N, 3)


def test_without_rows_it_is_an_entrant_whose_folds_are_tuned_together(first, second):
    entrant = bn.fine_tune(first, event=1, epochs=2)
    fits = bn.fit_nets(entrant, second, folds=[(np.arange(24), np.arange(24, 36))] * 2, seeds=[1])
    alone = bn.fine_tune(first, second[0][:24], second[1][:24], event=1, epochs=2, seed=1)
    for net in fits.nets:
        np.testing.assert_allclose(net.predict_event(second[0]), alone.predict_event(second[0]), atol=1e-5)
        assert changed(net, first) == ["dense_0", "new_logits"]


def test_a_keras_model_of_ones_own_is_tuned_as_it_is(second):
    model = keras.Sequential(
        [keras.Input((6, 6, 1)), keras.layers.Flatten(), keras.layers.Dense(4), keras.layers.Dense(3)]
    )
    before = [np.asarray(w) for w in model.get_weights()]
    tuned = bn.fine_tune(model, second[0] / 100, second[1], event=1, epochs=2, seed=1)
    for own, other in zip(tuned.keras_model_.get_weights()[:2], before):
        np.testing.assert_array_equal(own, other)
    np.testing.assert_array_equal(model.get_weights()[2], before[2])  # the model itself is left as it is


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"freeze": 99}, "`freeze` must be at most 5"),
        ({"freeze": ["block_0z"]}, "(?s)Found 'block_0z'.*Did you mean 'block_0b' or 'block_0a'"),
        ({"freeze": -1}, "`freeze` must be a whole number"),
        ({"unfreeze": 0}, "`unfreeze` must be"),
        ({"unfreeze": 9, "epochs": 5}, "epochs before the last, 5"),
        ({"unfreeze": 1, "ensemble": 2, "epochs": 5}, "not by an ensemble"),
        ({"start": "weights.h5"}, "`start` can be given with the name"),
        ({"scaling": "standard"}, "`scaling` can't be given"),
        ({"x": RNG.normal(size=(N, 5, 6, 1))}, "size of training, 6 x 6 pixels"),
        ({"net": "ResNet5"}, "(?s)name of a net of keras.applications.*Did you mean 'ResNet50'"),
        ({"net": 3}, "(?s)must be a fitted net.*Found int"),
    ],
)
def test_what_can_not_be_tuned_is_refused_in_words(first, second, change, words):
    given = {"net": first, "x": second[0], "y": second[1], "event": 1, "epochs": 1, "seed": 1, **change}
    with pytest.raises(bn.InputError, match=words):
        bn.fine_tune(**given)


def test_a_net_of_tables_and_a_schedule_without_rows_are_refused(first):
    table = bn.fit_net(RNG.normal(size=(20, 2)), np.arange(20) % 2, event=1, epochs=1, ensemble=1, seed=1)
    with pytest.raises(bn.InputError, match="(?s)net of images.*kind 'table'"):
        bn.fine_tune(table, event=1)
    with pytest.raises(bn.InputError, match="can't be given without rows"):
        bn.fine_tune(first, event=1, unfreeze=3)


# ---- nets of keras.applications ----


@pytest.mark.parametrize("family", ["resnet50", "mobilenet_v2", "densenet", "efficientnet"])
def test_the_preparation_of_each_family_is_what_keras_says(family):
    prepare = getattr(keras.applications, family).preprocess_input
    colour = RNG.uniform(0, 255, (2, 3, 3, 3)).astype("float32")
    kernel, bias = affine_preparation(prepare, 3, 1.0)
    np.testing.assert_allclose(colour @ kernel + bias, prepare(colour.copy()), rtol=1e-4, atol=1e-3)
    grey = colour[..., :1]
    kernel, bias = affine_preparation(prepare, 1, 255.0)
    same = prepare(np.repeat(grey, 3, -1))
    np.testing.assert_allclose(grey / 255 @ kernel + bias, same, rtol=1e-4, atol=1e-3)


class Small:
    """Stands for a net of keras.applications; `weights` as there."""

    __module__ = "keras.src.applications.resnet"

    def __new__(cls, weights="imagenet", include_top=True, pooling=None, input_shape=None):
        if weights == "imagenet":
            raise Exception("URL fetch failure on https://storage.invalid/weights.h5")
        inputs = keras.Input(input_shape)
        return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(4, 3)(inputs)))


def test_weights_come_from_a_file_and_their_lack_is_said(second, tmp_path, monkeypatch):
    monkeypatch.setattr(keras.applications, "Small", Small, raising=False)
    monkeypatch.setattr(applications, "application_names", lambda: ["Small"])
    with pytest.raises(
        bn.InputError, match="(?s)must be in Keras' cache, or be downloaded.*URL fetch failure"
    ):
        bn.fine_tune("Small", *second, event=1, epochs=1)
    model, path = Small(None, False, "avg", (6, 6, 3)), tmp_path / "small.weights.h5"
    model.set_weights([w / 1000 for w in model.get_weights()])
    model.save_weights(path)
    options = {"event": 1, "epochs": 1, "seed": 1, "start": str(path)}
    tuned = bn.fine_tune("Small", second[0] / 255, second[1], learning_rate=1e-4, **options)
    kept = [w for w in tuned.keras_model_.get_weights() if w.shape == (3, 3, 3, 4)]
    np.testing.assert_array_equal(kept[0], model.get_weights()[0])
    (tmp_path / "other.weights.h5").write_text("nothing")
    with pytest.raises(bn.InputError, match="(?s)`start` must be a file of weights of Small"):
        bn.fine_tune("Small", *second, event=1, epochs=1, start=str(tmp_path / "other.weights.h5"))


def test_pixels_of_0_to_1_are_brought_to_255():
    from bineural.nets.fine_tuning import _unit_of

    assert _unit_of(RNG.uniform(size=(2, 3, 3, 1))) == 255
    assert _unit_of(RNG.integers(0, 256, (2, 3, 3, 1))) == _unit_of(None) == 1
    assert ApplicationSource("MobileNetV2").start == "imagenet"
