"""Every architecture for images: shapes, the papers' counts, sizes needed, learning, copies and stacks."""

import math

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.training import predict_net, train_net
from bineural.training.wide.model import lacks
from bineural.zoo import as_architecture

SMALL, LARGE = {"width": 0.1}, (224, 224, 3)

# name, options, shape, outputs -> (trained, all): facts.md section 3, zoo.md section E.1, or layer by layer
COUNTS = [
    ("lenet5", {}, (28, 28, 1), 10, 61_706, 61_706),
    ("lenet5", {"connections": "1998"}, (32, 32, 1), 10, 60_000, 60_000 + 84 * 10),
    ("alexnet", {}, (227, 227, 3), 1000, 60_965_224, 60_965_224),
    ("alexnet", {"grouped": False}, (227, 227, 3), 1000, 62_378_344, 62_378_344),
    ("vgg", {"depth": 11}, LARGE, 1000, 132_863_336, 132_863_336),
    ("vgg", {"depth": 13}, LARGE, 1000, 133_047_848, 133_047_848),
    ("vgg", {"depth": 16}, LARGE, 1000, 138_357_544, 138_357_544),
    ("vgg", {"depth": 19}, LARGE, 1000, 143_667_240, 143_667_240),
    ("vgg", {"depth": 11, "dense": False}, LARGE, 1, 9_220_480 + 513, 9_220_480 + 513),
    ("vgg", {"depth": 13, "dense": False}, LARGE, 1, 9_404_992 + 513, 9_404_992 + 513),
    ("vgg", {"depth": 16, "dense": False}, LARGE, 1, 14_714_688 + 513, 14_714_688 + 513),
    ("vgg", {"depth": 19, "dense": False}, LARGE, 1, 20_024_384 + 513, 20_024_384 + 513),
    ("googlenet", {}, LARGE, 1000, 6_998_552, 6_998_552),
    ("inception_v3", {}, (299, 299, 3), 1000, 23_817_352, 23_851_784),
    *(
        ("resnet_cifar", {"depth": depth}, (32, 32, 3), 10, trained, trained + moving)
        for depth, trained, moving in (
            (20, 269_722, 1_376),
            (32, 464_154, 2_272),
            (44, 658_586, 3_168),
            (56, 853_018, 4_064),
            (110, 1_727_962, 8_096),
        )
    ),
    *(
        ("resnet", {"depth": depth, "bias": bias}, LARGE, 1000, *counts)
        for depth, bias, *counts in (
            (18, False, 11_689_512, 11_699_112),
            (18, True, 11_694_312, 11_703_912),
            (34, False, 21_797_672, 21_814_696),
            (34, True, 21_806_184, 21_823_208),
            (50, False, 25_557_032, 25_610_152),
            (50, True, 25_583_592, 25_636_712),
            (101, False, 44_549_160, 44_654_504),
            (101, True, 44_601_832, 44_707_176),
            (152, False, 60_192_808, 60_344_232),
            (152, True, 60_268_520, 60_419_944),
        )
    ),
]
QUICK = {11, 18, 20}


@pytest.mark.parametrize(
    ("name", "options", "shape", "n_outputs", "trained", "everything"),
    [
        pytest.param(*row, marks=[pytest.mark.long] * (row[1].get("depth", 11) not in QUICK))
        if row[0] != "inception_v3"
        else pytest.param(*row, marks=pytest.mark.long)
        for row in COUNTS
    ],
    ids=lambda value: str(value).replace("'", "") if isinstance(value, (str, dict)) else "",
)
def test_counts_are_those_of_the_papers(name, options, shape, n_outputs, trained, everything):
    described = bn.describe_architecture(name, shape, n_outputs, **options)
    assert (described.trainable, described.parameters) == (trained, everything)
    assert described.outputs == f"(batch, {n_outputs})"


def test_layers_of_the_first_nets_have_the_weights_of_their_papers():
    def weights(name, shape, n_outputs, **options):
        table = bn.describe_architecture(name, shape, n_outputs, **options).table
        return table.loc[table["trainable"] > 0, "trainable"].tolist()

    assert weights("lenet5", (32, 32, 1), 10, connections="1998") == [156, 12, 1516, 32, 48120, 10164]
    each = [34944, 614656, 885120, 1327488, 884992, 37752832, 16781312, 4097000]
    assert weights("alexnet", (227, 227, 3), 1000, grouped=False) == each


def test_a_net_that_is_only_described_takes_no_memory():
    import tracemalloc

    bn.describe_architecture("vgg", LARGE, 1000, width=0.01)
    tracemalloc.start()
    bn.describe_architecture("vgg", LARGE, 1000, depth=19)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 * 2**20  # its weights would be 575 MB


# ---- small ones: built, trained, saved ----

QUICKLY = [  # name, options, smallest side
    ("cnn", {}, 1),
    ("lenet5", {"connections": "1998"}, 12),
]
LONG = [
    ("cnn", {"batch_normalization": True, "dropout": 0.1, "blocks": 2}, 1),
    ("lenet5", {}, 12),
    ("resnet_cifar", {"depth": 8}, 4),
    ("resnet_cifar", {"depth": 20, "residual": False}, 4),
    ("vgg", {"depth": 11}, 32),
    ("vgg", {"depth": 11, "dense": False, "batch_normalization": True}, 32),
    ("alexnet", {}, 67),
    ("alexnet", {"grouped": False}, 67),
    ("googlenet", {}, 32),
    ("inception_v3", {}, 75),
    ("resnet", {"depth": 18}, 32),
    ("resnet", {"depth": 50, "identity_start": True}, 32),
]
BUILT = [*QUICKLY, *LONG]


def build(name, options, side, n_outputs=3, width=SMALL):
    return as_architecture(name).build((side, side, 2), n_outputs, **options, **width)


@pytest.mark.parametrize(
    ("name", "options", "side"), [*QUICKLY, *(pytest.param(*row, marks=pytest.mark.long) for row in LONG)]
)
def test_builders_keep_their_word(name, options, side, tmp_path):
    side = max(side, 6)
    model = build(name, options, side)
    assert model.output_shape == (None, 3) and not model.compiled
    rng = np.random.default_rng(1)
    y = rng.integers(0, 3, 24)
    x = (rng.normal(size=(24, side, side, 2)) + y[:, None, None, None]).astype("float32")
    options = {"loss": "categorical_crossentropy", "epochs": 4, "batch_size": 8, "learning_rate": 0.01}
    trained = train_net(model, x, y, seed=1, **options)
    assert trained.history["loss"][-1] < trained.history["loss"][0]

    model.set_weights(trained.weights)
    model.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras")
    np.testing.assert_array_equal(
        predict_net(again, again.get_weights(), x[:4]), predict_net(model, trained.weights, x[:4])
    )


@pytest.mark.parametrize(
    ("name", "options", "side"),
    [pytest.param(*row, marks=pytest.mark.long) if row[0] == "inception_v3" else row for row in BUILT],
)
def test_every_layer_has_a_wide_form_for_stacks(name, options, side):
    described = as_architecture(name)
    with bn.zoo.describing._weightless():
        assert lacks(build(name, options, side)) == ""
    assert described.inputs == ("image",)


@pytest.mark.parametrize(("name", "options", "side"), BUILT)
def test_images_that_are_too_small_are_refused_with_the_size_needed(name, options, side):
    bn.describe_architecture(name, (side, side, 1), **options)
    if side > 1:
        with pytest.raises(
            InputError, match=rf"at least {side} x {side} pixels.\n?.*\n?.*{side - 1} x {side}"
        ):
            bn.describe_architecture(name, (side - 1, side, 1), **options)
    with pytest.raises(InputError, match="takes images"):
        bn.describe_architecture(name, 3, **options)


def test_connections_of_1998_are_those_of_the_table():
    from bineural.zoo.lenet import TABLE

    assert [len(seen) for seen in TABLE] == [3] * 6 + [4] * 9 + [6]
    model = build("lenet5", {"connections": "1998"}, 12, width={})
    layer, maps = model.get_layer("C3"), np.random.default_rng(2).normal(size=(2, 9, 9, 6)).astype("float32")
    kernel, bias = np.asarray(layer.kernel), np.arange(16.0)
    layer.bias.assign(bias)
    slowly, k = np.zeros((2, 5, 5, 16)) + bias, 0
    for map_, seen in enumerate(TABLE):
        for source in seen:
            filters = kernel[:, k].reshape(5, 5)
            for i in range(5):
                for j in range(5):
                    slowly[:, i, j, map_] += (maps[:, i : i + 5, j : j + 5, source] * filters).sum((1, 2))
            k += 1
    np.testing.assert_allclose(layer(maps), slowly, atol=1e-4)
    # 28 x 28, 14 x 14, 10 x 10, 5 x 5 and 1 x 1 places times what each sees, and the outputs
    connections = 784 * 6 * 26 + 196 * 6 * 5 + 100 * (60 * 25 + 16) + 25 * 16 * 5 + 48_120 + 10_164 + 840
    assert connections == 340_908


def test_codes_of_1998_rank_classes_as_their_distance_does():
    codes = np.asarray(build("lenet5", {"connections": "1998"}, 12, width={}).get_layer("logits").kernel)
    units = np.random.default_rng(3).normal(size=(5, 84))
    distance = -((units[:, None] - codes.T[None]) ** 2).sum(2) / 2
    gaps = units @ codes - distance
    np.testing.assert_allclose(gaps, gaps[:, :1] * np.ones(3), rtol=1e-6)
    assert set(np.unique(codes)) == {-1.0, 1.0}


def test_blocks_that_start_as_identities_pass_their_input_on():
    """With the last normalisation of each block at zero, the first convolution and shortcuts are left."""
    model = build("resnet_cifar", {"depth": 14, "identity_start": True}, 8)
    x = np.random.default_rng(4).normal(size=(2, 8, 8, 2)).astype("float32")
    first = keras.Model(model.input, model.get_layer("conv_active").output)(x)
    last = np.asarray(keras.Model(model.input, model.get_layer("stage_3_2_active").output)(x))
    kept = np.asarray(first)[:, ::4, ::4]
    np.testing.assert_array_equal(last[..., : kept.shape[-1]], kept)
    assert not last[..., kept.shape[-1] :].any()


def test_inception_with_fewer_maps_before_large_filters_has_fewer_weights():
    from bineural.zoo.parts.convolving import Convolving
    from bineural.zoo.parts.inception import inception

    def count(threes, fives, pooled):
        x = keras.Input((28, 28, 192))
        model = keras.Model(x, inception(Convolving(), x, 64, threes, fives, pooled, "3a"))
        return model.count_params(), model.output_shape

    assert count((96, 128), (16, 32), 32) == (163_696, (None, 28, 28, 64 + 128 + 32 + 32))
    assert count((None, 128), (None, 32), None) == (387_296, (None, 28, 28, 64 + 128 + 32 + 192))


def test_widths_are_scaled_together():
    table = bn.describe_architecture("vgg", (32, 32, 3), 7, width=0.25, dense=False).table
    shapes = [text.split(", ")[-1][:-1] for text in table.query("kind == 'Conv2D'")["output_shape"]]
    assert list(map(int, shapes)) == [16] * 2 + [32] * 2 + [64] * 3 + [128] * 6
    assert bn.describe_architecture("vgg", (32, 32, 3), 7, width=0.25).outputs == "(batch, 7)"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("vgg", {"depth": 12}, "`depth` must be one of 11, 13, 16, 19"),
        ("resnet_cifar", {"depth": 21}, "`depth` must be 6 n \\+ 2 layers"),
        ("cnn", {"width": 0}, "`width` must be a number above 0"),
        ("vgg16", {}, "Did you mean .vgg."),
    ],
)
def test_options_are_checked_by_declaration(name, options, words):
    with pytest.raises(InputError, match=words):
        bn.describe_architecture(name, (64, 64, 3), **options)


# ---- receptive fields ----


def seen_slowly(model, layer, side):
    """Return the height and width of the pixels whose change changes the middle place of a layer's output."""
    part = keras.Model(model.input, model.get_layer(layer).output)
    rng = np.random.default_rng(6)
    base = rng.normal(size=(1, side, side, 2)).astype("float32") + 1
    middle = part.output_shape[1] // 2, part.output_shape[2] // 2
    changed = np.tile(base[None, None], (6, 2, side, 1, 1, 1)).reshape(6, 2, side, side, side, 2)
    for i in range(side):  # of each line of pixels six changes, as a pooling may see no single one
        changed[:, 0, i, i] += rng.normal(size=(6, side, 2)) * 50
        changed[:, 1, i, :, i] += rng.normal(size=(6, side, 2)) * 50
    rows = np.concatenate([base, changed.reshape(-1, side, side, 2)])
    outputs = np.asarray(part(rows))[:, middle[0], middle[1]]
    differs = (outputs[1:] != outputs[:1]).any(1).reshape(6, 2, side).any(0)
    return tuple(int(line.sum()) for line in differs)


@pytest.mark.parametrize(
    ("name", "side", "options", "layers"),
    [
        ("cnn", 40, {}, ["block_0a", "block_0b", "pool_0", "block_1b", "pool_1"]),
        ("lenet5", 40, {"connections": "1998"}, ["C1", "S2", "C3", "S4_active"]),
        ("resnet_cifar", 60, {"depth": 8}, ["stage_1_1_sum", "stage_2_1_shortcut", "stage_2_1_active"]),
    ],
)
def test_receptive_fields_are_the_pixels_that_matter(name, side, options, layers):
    model = build(name, {**options, "activation": "tanh"}, side)
    rng = np.random.default_rng(4)  # a receptive field is that of weights that are not 0, whichever they are
    model.set_weights([np.asarray(w) if w.ndim < 4 else rng.normal(0, 0.2, w.shape) for w in model.weights])
    table = bn.describe_architecture(model, None).table.set_index("layer")["receptive_field"]
    for layer in layers:
        assert table[layer] == "{} x {}".format(*seen_slowly(model, layer, side)), layer
    assert table["logits"] == "image"


def test_receptive_fields_of_known_nets():
    seen = bn.describe_architecture("vgg", LARGE, 10).table.set_index("layer")["receptive_field"]
    assert [seen[f"conv_{i}_{k}"] for i, k in ((1, 1), (1, 2), (3, 3))] == ["3 x 3", "5 x 5", "40 x 40"]
    assert seen["pool_5"] == "212 x 212" and seen["flat"] == seen["logits"] == "image"
    assert not bn.describe_architecture("mlp", 3).table["receptive_field"].any()


def test_an_unknown_layer_has_no_receptive_field_and_none_behind_it_has():
    image = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(2, 3, dilation_rate=2, name="wide")(image)
    x = keras.layers.UpSampling2D(name="up")(x)
    model = keras.Model(image, keras.layers.Conv2D(1, 3, name="behind")(x))
    seen = bn.describe_architecture(model, None).table.set_index("layer")["receptive_field"]
    assert seen.loc[["wide", "up", "behind"]].tolist() == ["5 x 5", "", ""]


def test_printing_shows_what_layers_of_images_see():
    text = str(bn.describe_architecture("lenet5", (28, 28, 1), 10))
    assert "sees" in text.splitlines()[3] and "14 x 14" in text
    assert "sees" not in str(bn.describe_architecture("mlp", 3))
    assert math.isclose(61_706, 156 + 2_416 + 48_120 + 10_164 + 850)
