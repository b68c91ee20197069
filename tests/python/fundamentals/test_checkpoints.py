"""A restored network predicts the same bits, and goes on as if it had not been stopped."""

import contextlib

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import tf
from bineural.errors import CheckpointWarning, InputError


@pytest.fixture(scope="module")
def houses():
    table = bn.load_dataset("sacramento")
    return table[["beds", "baths", "sqft", "latitude", "longitude"]], table["price"]


def parts(fit):
    return [*fit.weights, *fit.biases]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(parts(one), parts(other), strict=True))


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_restored_training_goes_on_bit_for_bit(houses, tmp_path, momentum):
    options = {"units": [8, 4], "momentum": momentum, "learning_rate": 0.002}
    whole = bn.fundamentals.fit_layers(*houses, epochs=5, seed=7, **options)
    first = bn.fundamentals.fit_layers(*houses, epochs=2, seed=7, save_to=tmp_path / "two", **options)
    more = bn.fundamentals.fit_layers(
        *houses, epochs=3, restore_from=tmp_path / "two", save_to=tmp_path / "five", **options
    )
    assert same(more, whole) and not same(first, whole)
    assert more.epoch == 5 and more.seed == 7
    assert more.history.equals(whole.history)
    assert np.array_equal(more.predict(houses[0]), whole.predict(houses[0]))
    assert same(bn.fundamentals.restore_layers(tmp_path / "five"), whole)


def test_a_network_is_returned_where_its_checkpoint_can_not_be_written(houses, tmp_path, monkeypatch):
    from bineural.fundamentals import layers

    options, folder, train = {"units": 4, "epochs": 1, "seed": 7}, tmp_path / "folder", layers._train
    whole = bn.fundamentals.fit_layers(*houses, **options)
    folder.mkdir()

    def train_and_lose_the_folder(*arguments):
        n_traces = train(*arguments)
        folder.rmdir()
        folder.write_bytes(b"")  # TensorFlow would make it again
        return n_traces

    monkeypatch.setattr(layers, "_train", train_and_lose_the_folder)
    with pytest.warns(CheckpointWarning, match="can't be written"):
        fit = bn.fundamentals.fit_layers(*houses, **options, save_to=folder / "houses")
    assert same(fit, whole)
    (tmp_path / "small.index").mkdir()
    with pytest.raises(InputError, match="`save_to` must be a file"):
        bn.fundamentals.fit_layers(*houses, **options, save_to=tmp_path / "small")


def test_without_the_velocities_it_would_not(houses, tmp_path):
    options = {"units": 4, "momentum": 0.9, "learning_rate": 0.002}
    whole = bn.fundamentals.fit_layers(*houses, epochs=2, seed=7, **options)
    bn.fundamentals.fit_layers(*houses, epochs=1, seed=7, save_to=tmp_path / "one", **options)
    from bineural.fundamentals.layer_state import restore_state

    state = restore_state(tmp_path / "one")
    assert all(np.abs(v).max() > 0 for v in state.velocities)
    for velocity in state.velocities:
        velocity.assign(tf.zeros_like(velocity))
    state.save(tmp_path / "still")
    assert not same(
        bn.fundamentals.fit_layers(*houses, epochs=1, restore_from=tmp_path / "still", **options), whole
    )


def test_a_restored_network_predicts_the_same_bits_and_keeps_its_own_scaling(houses, tmp_path):
    fit = bn.fundamentals.fit_layers(
        *houses, units=8, activation="tanh", epochs=1, save_to=tmp_path / "houses", seed=1
    )
    restored = bn.fundamentals.restore_layers(str(tmp_path / "houses"))
    assert np.array_equal(restored.predict(houses[0]), fit.predict(houses[0]))
    assert restored.activations == ["tanh", "identity"] and restored.measures is None
    assert restored.history.equals(fit.history)
    other = bn.fundamentals.fit_layers(
        houses[0] * 2, houses[1] * 2, epochs=1, restore_from=tmp_path / "houses"
    )
    assert (
        np.array_equal(other.scaling.means, fit.scaling.means) and other.scaling.spread == fit.scaling.spread
    )
    restored.plot(tmp_path / "restored.png")


def test_what_a_checkpoint_holds_is_listed_as_tensorflow_lists_it(houses, tmp_path):
    fit = bn.fundamentals.fit_layers(*houses, units=[3], epochs=1, save_to=tmp_path / "small", seed=1)
    table = bn.fundamentals.list_checkpoint(tmp_path / "small").set_index("variable")
    assert table.loc["layers/0/weights"].tolist() == ["(5, 3)", "float32"]
    known = {
        n.removesuffix("/.ATTRIBUTES/VARIABLE_VALUE"): s
        for n, s in tf.train.list_variables(str(tmp_path / "small"))
    }
    known.pop("_CHECKPOINTABLE_OBJECT_GRAPH")
    assert table["shape"].to_dict() == {name: str(tuple(shape)) for name, shape in known.items()}
    stored = tf.train.load_variable(str(tmp_path / "small"), "layers/1/weights/.ATTRIBUTES/VARIABLE_VALUE")
    assert np.array_equal(stored, fit.weights[1])


def test_a_checkpoint_that_is_none_is_refused(houses, tmp_path):
    for use in (
        bn.fundamentals.restore_layers,
        bn.fundamentals.list_checkpoint,
        lambda path: bn.fundamentals.fit_layers(*houses, restore_from=path),
    ):
        with pytest.raises(bn.InputError, match=r"must be named by the path.*\n.*no file"):
            use(tmp_path / "none")
    tf.train.Checkpoint(v=tf.Variable(1.0)).write(str(tmp_path / "foreign"))
    assert bn.fundamentals.list_checkpoint(tmp_path / "foreign")["variable"].tolist() == ["v"]
    with pytest.raises(bn.InputError, match="must hold what `fit_layers` saved"):
        bn.fundamentals.restore_layers(tmp_path / "foreign")
    (tmp_path / "torn.index").write_bytes(b"torn")
    with pytest.raises(bn.InputError, match="must be whole"):
        bn.fundamentals.list_checkpoint(tmp_path / "torn")


def test_a_mutated_checkpoint_is_refused_or_works(houses, tmp_path):
    path = tmp_path / "houses"
    bn.fundamentals.fit_layers(*houses, units=3, epochs=1, save_to=path, seed=1)
    files = {file: file.read_bytes() for file in tmp_path.glob("houses.*")}
    random = np.random.default_rng(1)
    for _ in range(60):
        for file, content in files.items():
            changed = bytearray(content)
            if random.random() < 0.7:
                for place in random.integers(len(content), size=random.integers(1, 4)):
                    changed[place] ^= 1 << int(random.integers(8))
            elif random.random() < 0.5:
                del changed[random.integers(len(content)) :]
            file.write_bytes(changed)
        with contextlib.suppress(bn.InputError):
            bn.fundamentals.list_checkpoint(path)
        with contextlib.suppress(bn.InputError):
            restored = bn.fundamentals.restore_layers(path)
            repr(restored), restored.predict(houses[0])
