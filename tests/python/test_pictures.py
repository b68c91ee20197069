"""Looking inside: mistakes, similar rows, filters, feature maps, occlusion, gradients, and boxes drawn."""

import keras
import numpy as np
import pytest
from scipy.signal import correlate2d
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

import bineural as bn
from bineural.errors import InputError
from bineural.figures.boxes import outlines_data, pictures_data
from bineural.figures.features import features_data
from bineural.figures.pictures import as_pixels, picture_rows

DIGITS = load_digits()
X, Y = DIGITS.images[:300, ..., None].astype("float32"), DIGITS.target[:300].astype(str)


def build(input_shape, n_outputs):
    image = keras.Input(input_shape)
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="edges")(image)
    x = keras.layers.Conv2D(5, 3, activation="relu", name="parts")(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(12, activation="relu")(x)
    return keras.Model(image, keras.layers.Dense(n_outputs)(x), name="small")


@pytest.fixture(scope="module")
def net():
    return bn.fit_net(X, Y, architecture=build, epochs=3, ensemble=1, seed=1)


def panel(table, label):
    """Return the values of a panel as a matrix."""
    part = table[table["label"] == label]
    return part.pivot(index="row", columns="column", values="value").to_numpy()


def test_errors_are_the_rows_predicted_wrong_the_surest_first(net):
    errors = bn.list_errors(net, X, Y)
    probability, guesses = net.predict_proba(X), net.predict(X)
    assert sorted(errors["row"]) == np.flatnonzero(guesses != Y).tolist() and len(errors) > 5
    assert errors["probability"].is_monotonic_decreasing
    first = errors.iloc[0]
    assert (first["truth"], first["predicted"]) == (Y[first["row"]], guesses[first["row"]])
    classes = net.classes_.tolist()
    assert first["probability_of_truth"] == probability[first["row"], classes.index(first["truth"])]
    assert bn.list_errors(net, X, Y, most=2).equals(errors[:2])


def test_errors_are_listed_of_any_classifier_and_refused_of_numbers(net):
    flat = X.reshape(300, -1)
    model = LogisticRegression(max_iter=5000).fit(flat[:150], Y[:150])
    errors = bn.list_errors(model, flat, Y)
    assert sorted(errors["row"]) == np.flatnonzero(model.predict(flat) != Y).tolist()
    assert bn.list_errors(model, flat[:150], Y[:150]).empty
    numbers = bn.fit_glm(flat[:, 20:22], flat[:, 27])
    with pytest.raises(InputError, match="must be a classifier"):
        bn.list_errors(numbers, flat[:, 20:22], flat[:, 27])


def test_similar_rows_have_the_largest_cosine_of_features(net):
    found = bn.find_similar(net, X[:100], X[50:52], n=4)
    features = net.predict_features(X[:100])
    length = features / np.linalg.norm(features, axis=1, keepdims=True)
    cosines = length[50:52] @ length.T
    for q in (0, 1):
        part = found[found["query"] == q]
        assert part["similarity"].to_numpy() == pytest.approx(np.sort(cosines[q])[::-1][:4])
        assert part["row"].iloc[0] == 50 + q and part["rank"].tolist() == [1, 2, 3, 4]
    assert len(bn.find_similar(net, X[:3], X[:1], n=9)) == 3
    with pytest.raises(InputError, match="must be a fitted net"):
        bn.find_similar(LogisticRegression(), X, X)


def test_maps_are_filters_correlated_with_the_standardised_image(net):
    maps = features_data(net, X[7], "maps", layer="edges")
    kernel, bias = net.keras_model_.get_layer("edges").get_weights()
    scaled = (X[7, ..., 0] - net.channel_centers_) / net.channel_scales_
    for k in range(4):
        expected = np.maximum(correlate2d(scaled, kernel[:, :, 0, k], mode="same") + bias[k], 0)
        assert panel(maps, str(k + 1)) == pytest.approx(expected, abs=1e-4)
    assert panel(maps, "image") == pytest.approx(X[7, ..., 0])
    filters = features_data(net, kind="filters", layer=2, most=3)
    second = net.keras_model_.get_layer("parts").get_weights()[0]
    assert filters["label"].unique().tolist() == ["1", "2", "3"]
    assert panel(filters, "2") == pytest.approx(second[..., 1].mean(axis=2))


def by_layer(input_shape, n_outputs):
    """Build a net whose activations and normalisations are layers of their own, one path of it a residual."""
    layers, image = keras.layers, keras.Input(input_shape)
    x = layers.Activation("relu")(layers.Conv2D(4, 3, padding="same", name="plain")(image))
    y = layers.Conv2D(4, 3, padding="same", use_bias=False, name="normed")(x)
    y = layers.LeakyReLU(name="leaky")(layers.BatchNormalization(name="norm")(y))
    z = layers.BatchNormalization(name="last")(layers.Conv2D(4, 3, padding="same", name="residual")(y))
    return keras.Model(
        image, layers.Dense(n_outputs)(layers.Flatten()(layers.Add()([x, z]))), name="by_layer"
    )


@pytest.mark.long
def test_maps_are_behind_an_activation_that_is_a_layer_of_its_own():
    net = bn.fit_net(X[:40], Y[:40], architecture=by_layer, epochs=1, ensemble=1, seed=1)
    model, scaled = net.keras_model_, (X[7:8] - net.channel_centers_) / net.channel_scales_
    for layer, shown in (("plain", "activation"), ("normed", "leaky"), ("residual", "last")):
        (name,) = [each.name for each in model.layers if each.name.startswith(shown)]
        expected = keras.Model(model.inputs, model.get_layer(name).output)([scaled], training=False)
        maps = features_data(net, X[7], "maps", layer=layer)
        for k in range(4):
            assert panel(maps, str(k + 1)) == pytest.approx(np.asarray(expected)[0, ..., k], abs=1e-4)
    first = features_data(net, X[7], "maps", layer="plain")
    assert min(panel(first, str(k + 1)).min() for k in range(4)) == 0


def test_occlusion_is_what_covering_takes_from_the_probability(net):
    table = features_data(net, X[7, ..., 0], "occlusion")
    predicted = net.predict(X[7:8])[0]
    position = net.classes_.tolist().index(predicted)
    fall = np.zeros((7, 7))
    for y in range(7):
        for x in range(7):
            covered = X[7:8].copy()
            covered[0, y : y + 2, x : x + 2] = net.channel_centers_
            fall[y, x] = (net.predict_proba(X[7:8]) - net.predict_proba(covered))[0, position]
    found = panel(table, f"occlusion: {predicted}")
    assert found[0, 0] == pytest.approx(fall[0, 0], abs=1e-6)
    assert found[3, 4] == pytest.approx(fall[2:4, 3:5].mean(), abs=1e-6)
    assert found[7, 2] == pytest.approx(fall[6, 1:3].mean(), abs=1e-6)


def test_gradient_is_the_finite_difference_of_the_logit(net):
    table = features_data(net, X[7], "gradient", label="3")
    scaled = ((X[7:8] - net.channel_centers_) / net.channel_scales_).astype(np.float32)
    found = panel(table, "gradient: 3")
    for y, x in ((2, 3), (5, 4)):
        moved = np.concatenate([scaled, scaled])
        moved[0, y, x], moved[1, y, x] = scaled[0, y, x] + 0.01, scaled[0, y, x] - 0.01
        logits = np.asarray(net.keras_model_(moved))[:, 3]
        assert found[y, x] == pytest.approx(abs(logits[0] - logits[1]) / 0.02, rel=0.05, abs=1e-3)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"kind": "maps"}, "must be given an image"),
        ({"x": X[:2]}, r"Found shape \(2, 8, 8, 1\)"),
        ({"x": X[0], "layer": 3}, "a number from 1 to 2"),
        ({"x": X[0], "layer": "edge"}, "'edges', 'parts'"),
        ({"x": X[0], "kind": "gradient", "label": "ten"}, "`label` must be one"),
    ],
)
def test_what_can_not_be_drawn_is_refused(net, arguments, words):
    with pytest.raises(InputError, match=words):
        bn.plot_features(net, **arguments)


def test_nets_of_tables_have_no_filters():
    table = bn.fit_net(X.reshape(300, -1)[:, 20:22], Y, epochs=1, ensemble=1, seed=1)
    with pytest.raises(InputError, match="must be a fitted net of images"):
        bn.plot_features(table, kind="filters")


def test_figures_are_written(net, tmp_path):
    for kind in ("filters", "maps", "occlusion", "gradient"):
        figure = bn.plot_features(net, X[0], kind, path=tmp_path / f"{kind}.png")
        assert (tmp_path / f"{kind}.png").stat().st_size > 1000 and len(figure.axes) >= 2


def test_pictures_keep_their_colours():
    photo = bn.load_photograph("flower")[200:206, 300:307]
    assert np.array_equal(as_pixels(picture_rows("a", photo, limits=(0, 255))), photo)
    signed = picture_rows("b", [[-2, 0, 1]], signed=True)
    assert signed["colour"].tolist() == ["#0000ff", "#ffffff", "#ff8080"]


def test_boxes_are_drawn_on_their_images():
    images, boxes = bn.make_scenes(5, objects=(1, 2), size=24, seed=2)
    predicted = boxes.assign(score=0.876)
    outlines = outlines_data(images, boxes, predicted, most=3)
    shown = boxes[boxes["image"] < 3]
    true = outlines[outlines["kind"] == "true"]
    assert true[["x1", "y1", "x2", "y2"]].to_numpy().tolist() == shown.iloc[:, 1:5].to_numpy().tolist()
    assert true["text"].tolist() == shown["label"].tolist()
    assert outlines["text"].iloc[-1] == f"{shown['label'].iloc[-1]} 0.88"
    assert pictures_data(images, most=3, first=1)["label"].unique().tolist() == [
        "image 1",
        "image 2",
        "image 3",
    ]
    figure = bn.plot_boxes(images, boxes, predicted, most=3)
    drawn = [patch for axes in figure.axes for patch in axes.patches]
    assert len(drawn) == 2 * len(shown) and drawn[0].get_xy() == tuple(shown.iloc[0][["x1", "y1"]])
    assert len(bn.plot_boxes(images, predicted=predicted[:0]).axes) == 6
    with pytest.raises(InputError, match="positions of images, from 0 to 2"):
        bn.plot_boxes(images[:3], boxes)


def test_codes_find_the_rows_that_are_nearest():
    coder = bn.fit_autoencoder(X[:60], 3, units=(4,), epochs=1, seed=1)
    found = bn.find_similar(coder, X[:60], X[20:22], n=3)
    codes = coder.transform(X[:60])
    for query, row in ((0, 20), (1, 21)):
        distance = np.linalg.norm(codes - codes[row], axis=1)
        mine = found[found["query"] == query]
        assert mine["row"].tolist() == np.argsort(distance, kind="stable")[:3].tolist()
        np.testing.assert_allclose(mine["similarity"], 1 / (1 + np.sort(distance)[:3]), atol=1e-6)
