"""Numbers read piece by piece or by waves: the layers, the nets, and the knots of the training rows."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural._tensorflow import tf
from bineural.inputs.knots import N_PIECES, column_knots
from bineural.training import predict_net, train_net
from bineural.zoo import as_architecture
from bineural.zoo.parts.number_embedding import Pieces, Waves


def shares_below(knots, x):
    """Return the share of each piece below each number, by the definition."""
    shares = np.zeros((*x.shape, knots.shape[1] - 1))
    for row, column in np.ndindex(x.shape):
        for piece, (begin, end) in enumerate(zip(knots[column], knots[column, 1:])):
            if end > begin:
                shares[row, column, piece] = min(max((x[row, column] - begin) / (end - begin), 0), 1)
    return shares


def test_pieces_are_shares_and_an_empty_piece_is_0():
    x = np.array([[-5, 0.3], [0.1, 1], [0.5, 0], [7, 2]], np.float32)
    knots = np.array([[0, 0.2, 0.6, 0.6], [0, 1, 1, 1]], np.float32)
    layer = Pieces(3)
    layer.build((None, 2))
    layer.set_weights([knots])
    np.testing.assert_allclose(layer(x), shares_below(knots, x), atol=1e-6)


def test_waves_are_cosines_of_frequency_and_phase():
    layer, x = Waves(4, 0.5), np.array([[0.2, -3], [1, 2]], np.float32)
    waves = np.asarray(layer(x))
    frequency, phase = layer.get_weights()
    np.testing.assert_allclose(waves, np.cos(2 * np.pi * frequency * x[..., None] + phase), atol=1e-5)
    again = Waves.from_config(layer.get_config())
    assert (again.n_waves, again.scale) == (4, 0.5)


def expected_knots(column):
    """Return quantiles, one piece for 64 rows, and the last of them again up to the number of knots."""
    n_pieces = np.clip(len(column) // 64, 2, N_PIECES)
    ends = np.quantile(column, np.linspace(0, 1, n_pieces + 1))
    return np.append(ends, [ends[-1]] * (N_PIECES - n_pieces))


def test_knots_are_quantiles_or_all_values_where_there_are_few():
    rng = np.random.default_rng(1)
    matrix = np.column_stack(
        [rng.normal(size=900), rng.integers(0, 2, 900), rng.poisson(2, 900), np.ones(900)]
    )
    weights = (np.arange(900) < 800).astype(float)
    many, two, counts, constant = column_knots(matrix, weights)
    np.testing.assert_allclose(many, expected_knots(matrix[:800, 0]), rtol=1e-6)
    assert two.tolist() == [0] + [1] * N_PIECES
    seen = np.unique(matrix[:800, 2])
    assert counts.tolist() == [*seen, *[seen[-1]] * (N_PIECES + 1 - len(seen))]
    assert set(constant) == {1}


def test_linear_part_and_curves_alone_are_least_squares_on_the_pieces():
    rng = np.random.default_rng(2)
    x = rng.uniform(-2, 2, (300, 1)).astype(np.float32)
    y = np.abs(x[:, 0]) + np.sin(4 * x[:, 0]) + rng.normal(0, 0.1, 300)
    knots = column_knots(x)[:, :5]  # four pieces of 300 rows
    model = as_architecture("skip").build((1,), 1, units=(), numbers="piecewise")
    pieces = model.get_layer("pieces")
    full = np.repeat(knots[:, -1:], N_PIECES + 1, axis=1)
    full[:, : knots.shape[1]] = knots
    pieces.set_weights([full])
    options = {"batch_size": 300, "epochs": 3000, "learning_rate": 0.03, "optimizer": "adam"}
    trained = train_net(model, x, y, loss="mean_squared_error", seed=1, keep_weights=True, **options)
    hats = np.column_stack([np.ones(300), shares_below(knots, x)[:, 0]])  # x is a sum of these
    expected = hats @ np.linalg.lstsq(hats, y, rcond=None)[0]
    np.testing.assert_allclose(predict_net(model, trained.weights, x)[:, 0], expected, atol=2e-3)


def test_the_curves_start_at_zero():
    model = as_architecture("skip").build((3,), 2, units=(), numbers="piecewise")
    assert not np.any(model(np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)))


@pytest.fixture(scope="module")
def waves():
    rng = np.random.default_rng(3)
    x = rng.uniform(-3, 3, 240)
    kinds = rng.choice(["u", "v"], 240)
    y = np.sin(1.5 * x) + (kinds == "u") + rng.normal(0, 0.2, 240)
    return pd.DataFrame({"y": y, "x": x, "kind": kinds})


@pytest.mark.parametrize("numbers", ["piecewise", "periodic"])
@pytest.mark.parametrize(
    ("architecture", "categories"), [("skip", "embed"), pytest.param("mlp", "onehot", marks=pytest.mark.long)]
)
def test_a_net_that_reads_numbers_so_is_fitted_and_saved(numbers, architecture, categories, waves, tmp_path):
    options = {"architecture": architecture, "categories": categories, "units": (6,), "ensemble": 2}
    net = bn.fit_net("y ~ x + kind", waves, numbers=numbers, epochs=3, seed=1, verbose=0, **options)
    assert net.how_.startswith("stack") and "vectorised" not in net.how_
    if numbers == "piecewise":
        knots = knots_of(net)
        assert knots.shape == (1, N_PIECES + 1)  # levels have none
        z = (waves.x - waves.x.mean()) / waves.x.std()
        np.testing.assert_allclose(knots[0], expected_knots(z), atol=1e-5)
    bn.save_model(net, tmp_path / "net.zip")
    again = bn.load_model(tmp_path / "net.zip")
    assert again.numbers == numbers and f"{numbers} numbers" in again.summary()
    np.testing.assert_array_equal(again.predict(waves), net.predict(waves))


def test_a_net_of_a_stack_has_the_knots_of_its_own_fold(waves):
    net = bn.make_net("y ~ x", numbers="piecewise", units=(4,), epochs=2, ensemble=1)
    folds = bn.make_folds(waves, folds=3, seed=1)
    fits = bn.fit_nets(net, waves, folds=folds, seed=1, verbose=0)
    for fit, (train, _) in zip(fits.nets, folds):
        x = waves.x.iloc[train]
        ends = expected_knots((x - x.mean()) / x.std())
        np.testing.assert_allclose(knots_of(fit)[0], ends, atol=1e-5)


def knots_of(net):
    """Return the knots among the weights of a net's first member."""
    return net.keras_model_.get_layer("pieces").get_weights()[0]


def test_a_bent_line_is_found_that_the_plain_skip_net_without_hidden_layers_misses(waves):
    def error(numbers):
        options = {"units": (), "epochs": 150, "seed": 1, "verbose": 0, "ensemble": 1, "learning_rate": 0.03}
        net = bn.fit_net("y ~ x", waves, numbers=numbers, **options)
        return np.mean((net.predict(waves) - waves.y) ** 2)

    assert error("piecewise") < 0.5 * error("plain")


def test_rows_in_batches_have_no_quantiles(waves):
    with pytest.raises(bn.InputError, match="numbers='piecewise'"):
        bn.fit_net("y ~ x", lambda: iter([waves]), numbers="piecewise", epochs=1, verbose=0)


@pytest.mark.parametrize("layer", [Pieces(5), Waves(3)])
def test_replicas_equal_the_layer_alone(layer):
    from bineural.training.wide.call import Call

    rng = np.random.default_rng(4)
    x = rng.normal(size=(2, 7, 3)).astype(np.float32)
    layer.build((None, 3))
    weights = [np.sort(rng.normal(size=(2, *w.shape)).astype(np.float32), -1) for w in layer.get_weights()]
    wide = layer.call_replicas(Call(layer.variables, [tf.constant(w) for w in weights], True), x)
    for replica in range(2):
        layer.set_weights([w[replica] for w in weights])
        np.testing.assert_allclose(wide[replica], layer(x[replica]), atol=1e-6)
