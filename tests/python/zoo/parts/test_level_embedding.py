import numpy as np
import pytest

from bineural._tensorflow import keras
from bineural.errors import InputError
from bineural.training import train_net
from bineural.zoo.parts.level_embedding import LevelEmbedding
from bineural.zoo.parts.table_inputs import embedding_width

COUNTS = [5, 3, 12]


def make(**options):
    layer = LevelEmbedding(3, 2, frequencies=COUNTS, **options)
    layer(np.array([0, 1]))
    return layer


def test_a_level_never_seen_is_the_weighted_mean_of_the_levels():
    layer = make()
    rows = np.asarray(layer.embeddings)
    out = np.asarray(layer(np.array([0, 1, 2, 3, 3])))
    np.testing.assert_allclose(out[0], np.average(rows, axis=0, weights=COUNTS), atol=1e-6)
    np.testing.assert_array_equal(out[1:], rows[[0, 1, 2, 2]])


def test_it_stays_so_while_the_levels_are_learnt():
    inputs = keras.Input((), dtype="int32")
    model = keras.Model(inputs, LevelEmbedding(3, 1, frequencies=COUNTS)(inputs))
    codes = np.repeat([1, 2, 3], COUNTS)
    y = np.array([0.0, 10.0, -4.0, 2.0])[codes]
    trained = train_net(model, codes, y, loss="mean_squared_error", seed=1, epochs=200, learning_rate=0.3)
    rows, shares = trained.weights
    np.testing.assert_allclose(rows[:, 0], [10, -4, 2], atol=0.01)
    model.set_weights(trained.weights)
    assert float(model(np.array([0]))[0, 0]) == pytest.approx(y.mean(), abs=0.01)
    np.testing.assert_allclose(shares, np.array(COUNTS) / 20)  # not trained


def test_its_configuration_makes_the_same_layer():
    layer = make(embeddings_regularizer=keras.regularizers.L2(0.1))
    again = LevelEmbedding.from_config(layer.get_config())
    again.build()
    again.set_weights(layer.get_weights())
    codes = np.arange(4)
    np.testing.assert_array_equal(again(codes), layer(codes))
    assert float(again.losses[0]) == pytest.approx(0.1 * (np.asarray(layer.embeddings) ** 2).sum(), rel=1e-5)
    assert layer.compute_output_shape((None, 7)) == (None, 7, 2)


@pytest.mark.parametrize("frequencies", [[1, 2], [0, 0, 0], [1, -1, 2]])
def test_frequencies_that_cannot_be_are_refused(frequencies):
    with pytest.raises(InputError, match="one non-negative number for each level"):
        LevelEmbedding(3, 2, frequencies=frequencies)


def test_embeddings_are_narrower_than_one_hot_columns():
    assert [embedding_width(n) for n in (1, 2, 3, 7, 1000)] == [1, 1, 1, 3, 16]
