"""Sequences: held in one matrix, cut, filled up, standardised as their definition says; what is refused."""

import pickle

import numpy as np
import pandas as pd
import pytest

from bineural.data.sequences import Sequences
from bineural.errors import InputError
from bineural.inputs.arrays import ArrayInput
from bineural.inputs.filling import FILL
from bineural.inputs.images import ImageInput
from bineural.inputs.kinds import choose_input
from bineural.inputs.sequence_lists import read_sequences
from bineural.inputs.sequences import SequenceInput
from bineural.inputs.summaries import summarise_sequences

LENGTHS = [3, 1, 7, 2]


@pytest.fixture
def arrays():
    rng = np.random.default_rng(16)
    return [rng.normal(3, 2, size=(length, 2)) for length in LENGTHS]


def test_some_sequences_are_those_of_a_list(arrays):
    held = Sequences.of_arrays(arrays)
    assert held.shape == (4, None, 2)
    for ids in ([2, 0, 2], slice(1, 3), np.array([True, False, False, True])):
        for taken, wanted in zip(held[ids], [arrays[i] for i in np.arange(4)[ids]], strict=True):
            np.testing.assert_array_equal(taken, wanted)
    np.testing.assert_array_equal(held[-1], arrays[-1])
    assert held[[0, 0]].shape == (2, 3, 2)
    assert [len(set(held[[a, b]].content_hashes())) for a, b in ((0, 1), (2, 2))] == [2, 1]
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(held)).values, held.values)


@pytest.mark.parametrize(("cut", "kept"), [("end", slice(None, 2)), ("start", slice(-2, None))])
def test_longer_sequences_are_cut_at_the_end_that_is_asked_for(arrays, cut, kept):
    shortened = Sequences.of_arrays(arrays).shortened(2, cut)
    for steps, whole in zip(shortened, arrays, strict=True):
        np.testing.assert_array_equal(steps, whole[kept])
    prepared = SequenceInput.learn(arrays, max_length=2, cut=cut, scaling=False)[1].inputs
    np.testing.assert_array_equal(prepared[2], arrays[2][kept].astype(np.float32))


def test_features_are_standardised_over_the_real_steps_of_training_rows_that_count(arrays):
    weights = np.array([1.0, 2.0, 0.0, 1.0])
    learnt, prepared = SequenceInput.learn(arrays, weights=weights)
    steps = np.concatenate([arrays[i] for i in (0, 1, 3)])
    np.testing.assert_allclose(learnt.centers, steps.mean(axis=0))
    np.testing.assert_allclose(learnt.scales, steps.std(axis=0, ddof=1))
    assert prepared.inputs.shape == (4, 7, 2)
    assert prepared.inputs.dtype == np.float32
    for row, steps in zip(prepared.inputs, arrays, strict=True):
        wanted = (steps - learnt.centers) / learnt.scales
        np.testing.assert_allclose(row[: len(steps)], wanted, rtol=1e-5, atol=1e-6)
        assert (row[len(steps) :] == FILL).all()


def test_rows_are_prepared_each_by_itself(arrays):
    learnt, together = SequenceInput.learn(arrays)
    for row, steps in zip(together.inputs, arrays, strict=True):
        np.testing.assert_array_equal(learnt.apply([steps]).inputs[0], row[: len(steps)])


def test_the_kind_of_rows_says_what_a_list_is(arrays):
    kind = lambda X, kinds=None: choose_input(X, kinds)  # noqa: E731
    assert kind(arrays) is SequenceInput
    assert kind([arrays[0]] * 3) is SequenceInput
    assert kind(pd.Series(arrays)) is SequenceInput
    assert kind([array.tolist() for array in arrays]) is SequenceInput
    assert kind([[1.0, 2.0], [3.0]]) is SequenceInput
    assert kind([np.ones((4, 3)), np.ones((4, 5))]) is ImageInput
    assert kind(np.ones((5, 4, 2))) is ArrayInput
    assert kind(np.ones((5, 4, 2)), ("sequence", "table")) is SequenceInput
    learnt, prepared = ImageInput.learn(read_sequences([np.eye(8)] * 3))  # a net of images was asked for
    assert prepared.inputs.shape == (3, 8, 8, 1)


def test_series_and_arrays_are_read_where_sequences_are_asked_for():
    series = np.arange(12.0).reshape(3, 4)
    for X in (series, series[..., None], list(series), series.tolist()):
        prepared = SequenceInput.learn(X, scaling=False)[1]
        np.testing.assert_array_equal(prepared.inputs[..., 0], series)
    ragged = SequenceInput.learn([[1, 2, 3], [4]], scaling=False)[1].inputs
    np.testing.assert_array_equal(ragged[..., 0], [[1, 2, 3], [4, FILL, FILL]])


def test_named_features_are_found_by_name():
    frames = [pd.DataFrame({"a": [1.0, 2], "b": [5.0, 7]}), pd.DataFrame({"a": [3.0], "b": [0.0]})]
    learnt, prepared = SequenceInput.learn(frames)
    assert learnt.feature_names == ["a", "b"]
    swapped = learnt.apply([frame[["b", "a"]] for frame in frames])
    np.testing.assert_array_equal(swapped.inputs, prepared.inputs)
    with pytest.raises(InputError, match="without 'b'"):
        learnt.apply([frame.rename(columns={"b": "c"}) for frame in frames])


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (np.ones((0, 2)), "Sequence 3 of 4 has none"),
        (np.ones(0), "Sequence 3 of 4 has none"),
        ([], "Sequence 3 of 4 has none"),
        (np.ones((2, 3)), "Sequence 3 of 4 has 3 features, the first 2"),
        (np.array([[1, 2], [np.nan, 3]]), "Sequence 3 of 4 has a missing value at step 2, feature 1"),
        (np.array([[1, np.inf]]), "Sequence 3 of 4 has infinity at step 1, feature 2"),
        (np.array([["a", "b"]]), "Sequence 3 of 4 must hold numbers"),
        (np.array([[1.0, 2], [FILL, 1]]), "Sequence 3 of 4 has it at step 2"),
        (np.full((3, 2), FILL), "Sequence 3 of 4 has it at step 1"),
    ],
)
def test_a_sequence_that_can_not_be_read_is_named(arrays, odd, words):
    with pytest.raises(InputError, match=words):
        SequenceInput.learn([*arrays[:2], odd, arrays[3]], scaling=False)


def test_other_rows_must_have_the_features_of_training(arrays):
    learnt = SequenceInput.learn(arrays)[0]
    with pytest.raises(InputError, match="must have the 2 features of training"):
        learnt.apply([np.ones((3, 1))])
    with pytest.raises(InputError, match="as_sequences"):
        learnt.apply(pd.DataFrame({"a": [1.0]}))
    with pytest.raises(InputError, match="can be standardised, or left as they are"):
        SequenceInput.learn(arrays, scaling="robust")


def parts_by_hand(values, n_parts):
    """Means of the parts of one series, a step at a border in both."""
    edges = [len(values) * k / n_parts for k in range(n_parts + 1)]
    return [values[int(np.floor(a)) : int(np.ceil(b))].mean() for a, b in zip(edges, edges[1:])]


@pytest.mark.parametrize("n_parts", [1, 3, 16])
def test_summaries_are_their_definitions_written_slowly(arrays, n_parts):
    table = summarise_sequences(Sequences.of_arrays([*arrays, np.full((4, 2), 0.1)]), n_parts)
    assert len(table.columns) == 2 * (10 + n_parts) + 1
    for row, steps in zip(table.to_dict("records"), [*arrays, np.full((4, 2), 0.1)], strict=True):
        n = len(steps)
        assert row["length"] == n
        for name, x in zip(("x1", "x2"), steps.T):
            apart = x - x.mean()
            slope = np.polyfit(np.arange(n), x, 1)[0] if n > 1 else 0
            neighbours = (apart[1:] * apart[:-1]).sum() / (apart**2).sum() if np.ptp(x) else 0
            wanted = {
                "mean": x.mean(),
                "sd": x.std(ddof=1) if n > 1 else 0,
                "min": x.min(),
                "max": x.max(),
                "first": x[0],
                "last": x[-1],
                "lag1": x[max(n - 2, 0)],
                "lag2": x[max(n - 3, 0)],
                "slope": slope,
                "autocorrelation": neighbours,
                **{f"part{k + 1}": mean for k, mean in enumerate(parts_by_hand(x, n_parts))},
            }
            got = {what: row[f"{what}_{name}"] for what in wanted}
            assert got == pytest.approx(wanted, rel=1e-9, abs=1e-12)
