"""Pictures of codes and of rows made up: what is drawn is what the models say."""

import numpy as np
import pytest
from scipy.special import ndtri

import bineural as bn
from bineural.errors import InputError
from bineural.figures.codes import codes_data
from bineural.figures.history import history_data
from bineural.figures.samples import samples_data

pytestmark = pytest.mark.filterwarnings("ignore::bineural.errors.CollapsedWarning")  # after a few epochs

RNG = np.random.default_rng(3)
IMAGES = RNG.uniform(size=(40, 5, 4))
TABLE = RNG.normal(size=(60, 3)) * [1, 2, 3] + 5


@pytest.fixture(scope="module")
def coder():
    return bn.fit_autoencoder(TABLE, 2, units=(6,), epochs=3, seed=1)


@pytest.fixture(scope="module")
def of_images():
    how = {"variational": True, "likelihood": "bernoulli", "units": (6,), "epochs": 2, "seed": 1}
    return bn.fit_autoencoder(IMAGES, 2, **how)


@pytest.fixture(scope="module")
def gan():
    return bn.fit_gan(TABLE[:, :2], n_noise=2, units=(6,), epochs=3, seed=1)


def picture(table, label):
    rows = table[table["label"] == label]
    return rows.pivot(index="row", columns="column", values="value").to_numpy()


@pytest.mark.long
def test_pairs_are_rows_and_what_is_made_of_them(coder, of_images):
    table = codes_data(of_images, IMAGES, most=3)
    np.testing.assert_allclose(picture(table, "row 2"), IMAGES[1], atol=1e-6)
    np.testing.assert_allclose(
        picture(table, "row 2 again"), of_images.reconstruct(IMAGES[1:2])[0], atol=1e-6
    )
    table = codes_data(coder, TABLE, most=2)
    scaled = (coder.reconstruct(TABLE[:2]) - TABLE.mean(axis=0)) / TABLE.std(axis=0, ddof=1)
    again = table[table["line"] == "made again"]["value"].to_numpy().reshape(2, 3)
    np.testing.assert_allclose(again, scaled, atol=1e-6)


def test_a_map_is_of_the_codes_with_their_labels(coder):
    labels = np.where(TABLE[:, 0] > 5, "high", "low")
    table = codes_data(coder, TABLE, "map", labels=labels)
    np.testing.assert_allclose(table[["code_x", "code_y"]], coder.transform(TABLE))
    assert table["label"].tolist() == labels.tolist()
    axes = bn.plot_codes(coder, TABLE, "map", labels=labels).axes[0]
    assert {text.get_text() for text in axes.texts} == {"high", "low"}
    assert sum(len(points.get_offsets()) for points in axes.collections) == 60


def test_of_many_codes_those_that_vary_most_are_drawn():
    coder = bn.fit_autoencoder(TABLE, 3, units=(4,), epochs=2, seed=2)
    codes = coder.transform(TABLE)
    first, second = sorted(np.argsort(codes.var(axis=0))[1:])
    table = codes_data(coder, TABLE, "map")
    np.testing.assert_allclose(table["code_x"], codes[:, first])
    assert table.attrs["y"] == f"Code {second + 1}"


def test_a_grid_is_decoded_at_even_quantiles(of_images):
    table = codes_data(of_images, kind="decoded", most=3)
    wall, sides = picture(table, "decoded"), ndtri([1 / 6, 1 / 2, 5 / 6])
    assert wall.shape == (3 * 5 + 2, 3 * 4 + 2)  # a pixel between them
    above_left = of_images.inverse_transform([[sides[0], sides[2]]])[0]
    np.testing.assert_allclose(wall[:5, :4], above_left, atol=1e-6)
    below_right = of_images.inverse_transform([[sides[2], sides[0]]])[0]
    np.testing.assert_allclose(wall[-5:, -4:], below_right, atol=1e-6)


def test_an_interpolation_begins_and_ends_with_the_rows(of_images):
    table = codes_data(of_images, IMAGES[:2], "interpolation", most=5)
    for label, image in (("0%", 0), ("100%", 1)):
        expected = of_images.reconstruct(IMAGES[image : image + 1])[0]
        np.testing.assert_allclose(picture(table, label), expected, atol=1e-6)
    between = of_images.inverse_transform(of_images.transform(IMAGES[:2]).mean(axis=0, keepdims=True))[0]
    np.testing.assert_allclose(picture(table, "50%"), between, atol=1e-6)


def test_samples_of_images_are_those_generated(of_images):
    table = samples_data(of_images, IMAGES, most=4, seed=7)
    np.testing.assert_allclose(
        picture(table, "made")[:5, :4], bn.generate(of_images, 4, seed=7)[0], atol=1e-6
    )
    real = picture(table, "real")[:5, :4]
    assert any(np.allclose(real, image) for image in IMAGES)


def test_points_and_the_surface_are_in_the_units_of_the_rows(gan):
    table = samples_data(gan, TABLE[:, :2], most=50, seed=7)
    made = table[table["part"] == "made"][["x", "y"]]
    np.testing.assert_allclose(made, bn.generate(gan, 50, seed=7))
    np.testing.assert_allclose(table[table["part"] == "real"][["x", "y"]], TABLE[:, :2], rtol=1e-5)
    surface = table[table["part"] == "surface"]
    np.testing.assert_allclose(surface["value"], gan.predict_real(surface[["x", "y"]].to_numpy()), rtol=1e-6)


def test_a_distribution_is_drawn_for_each_generator():
    x = TABLE[:, :1]
    fits = {str(e): bn.fit_gan(x, n_noise=2, units=(4,), epochs=e, seed=1) for e in (1, 3)}
    table = samples_data(fits, x, most=300, seed=2)
    assert list(table["label"].unique()) == ["1", "3"]
    made = bn.generate(fits["3"], 300, seed=2)[:, 0]
    bars = table[(table["label"] == "3") & (table["part"] == "made")]
    counts = [np.sum(np.abs(made - middle) <= table.attrs["width"] / 2) for middle in bars["x"]]
    real = table[(table["label"] == "3") & (table["part"] == "real")]["y"]
    np.testing.assert_allclose(bars["y"] / bars["y"].sum(), np.divide(counts, 300), atol=1e-6)
    assert max(bars["y"].max(), real.max()) == pytest.approx(1)
    said = table[(table["label"] == "3") & (table["part"] == "discriminator")]
    np.testing.assert_allclose(said["y"], fits["3"].predict_real(said[["x"]].to_numpy()), rtol=1e-6)
    assert len(bn.plot_samples(fits, x).axes) == 2


def test_both_parts_of_a_variational_loss_are_drawn(of_images):
    table = history_data(of_images)
    parts = {part: rows["loss"].to_numpy() for part, rows in table.groupby("part")}
    np.testing.assert_allclose(parts["reconstruction"] + parts["KL"], parts["training"], rtol=1e-5)


@pytest.mark.parametrize("kind", ["reconstructions", "map", "decoded", "interpolation"])
def test_every_kind_is_written(coder, of_images, kind, tmp_path):
    for name, model, x in (("table", coder, TABLE), ("images", of_images, IMAGES)):
        path = tmp_path / f"{name}.png"
        bn.plot_codes(model, x, kind, most=2, path=path)
        assert path.stat().st_size > 1000


def test_what_cannot_be_drawn_is_said(coder, gan):
    with pytest.raises(InputError, match="`x` must be given"):
        bn.plot_codes(coder, kind="decoded")
    with pytest.raises(InputError, match="must be fitted by"):
        bn.plot_codes(gan, TABLE)
    with pytest.raises(InputError, match="one for each of 60 rows"):
        bn.plot_codes(coder, TABLE, "map", labels=[1, 2])
    with pytest.raises(InputError, match="`model` must generate rows"):
        bn.plot_samples(coder)
    with pytest.raises(InputError, match="several of the same rows"):
        bn.plot_samples({"a": gan, "b": bn.fit_gan(TABLE, units=(4,), epochs=1, seed=1)})
