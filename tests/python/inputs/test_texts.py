"""Texts as numbers of words: what is learnt from training rows, and what becomes of other rows."""

import pickle

import numpy as np
import pandas as pd
import pytest

from bineural.errors import ColumnError, DroppedWarning, InputError
from bineural.inputs import choose_input, find_input
from bineural.inputs.texts import TextInput, choose_length, rounded_up

TEXTS = ["good tea, good cup", "bad tea", "good coffee", "odd"]


def test_words_are_numbered_by_the_texts_they_are_in():
    learnt, prepared = TextInput.learn(TEXTS)
    assert learnt.vocabulary == ["good", "tea"]  # two texts each, by code point; the others are in one
    assert prepared.inputs.dtype == np.int32
    assert prepared.inputs[:, :4].tolist() == [[2, 3, 2, 1], [1, 3, 0, 0], [2, 1, 0, 0], [1, 0, 0, 0]]
    assert not prepared.inputs[:, 4:].any() and learnt.shape == (None,)
    assert prepared.inputs.shape == (4, 8) == (4, learnt.length)


@pytest.mark.parametrize("container", [list, tuple, np.array, pd.Series, lambda x: np.array(x, dtype=object)])
def test_strings_in_any_container_are_texts(container):
    assert choose_input(container(TEXTS)) is TextInput
    other = container([None, *TEXTS]) if container is not np.array else container(TEXTS)
    assert choose_input(other) is TextInput


@pytest.mark.parametrize("rows", [["a.png", "b.png"], [1.0, 2.0], [["a"], ["b"]], pd.DataFrame({"a": TEXTS})])
def test_paths_of_pictures_numbers_and_tables_are_no_texts(rows):
    assert not TextInput.claims(rows)
    assert find_input("table").claims(TEXTS) is False


def test_other_rows_change_nothing_that_was_learnt():
    learnt, _ = TextInput.learn(TEXTS)
    before = (list(learnt.vocabulary), learnt.length)
    prepared = learnt.apply(["good new words " * 50, "tea"])
    assert (learnt.vocabulary, learnt.length) == before
    assert prepared.inputs.shape == (2, 8) and prepared.inputs[0].tolist() == [2, 1, 1, 2, 1, 1, 2, 1]


def test_rows_of_weight_0_teach_nothing():
    learnt, prepared = TextInput.learn(
        [*TEXTS, "zebra " * 90, "zebra"], weights=np.array([1, 1, 1, 1, 0, 0.0])
    )
    alone, _ = TextInput.learn(TEXTS)
    assert (learnt.vocabulary, learnt.length) == (alone.vocabulary, alone.length)
    assert len(prepared) == 6


def test_a_text_without_a_known_word_is_unknown_words():
    learnt, _ = TextInput.learn(TEXTS)
    prepared = learnt.apply(["", "...", "xyzzy", "xyzzy plugh"]).inputs
    assert prepared[:, :2].tolist() == [[1, 0], [1, 0], [1, 0], [1, 1]]  # empty: one unknown word


def test_either_end_can_be_cut_off():
    learnt, prepared = TextInput.learn(TEXTS, max_length=2)
    assert prepared.inputs[0].tolist() == [2, 3]
    learnt, prepared = TextInput.learn(TEXTS, max_length=2, cut="start")
    assert prepared.inputs[0].tolist() == [2, 1] and prepared.inputs[1].tolist() == [1, 3]
    assert TextInput.learn(TEXTS, max_length=100)[0].length == 4  # no longer than the longest


def test_the_length_holds_95_percent():
    lengths = np.arange(1, 101)
    assert choose_length(lengths) == 96 and np.mean(lengths <= 96) >= 0.95
    assert choose_length([0, 0]) == 1


def test_the_most_frequent_words_are_kept():
    learnt, _ = TextInput.learn(TEXTS, n_words=1)
    assert learnt.vocabulary == ["good"] and learnt.builder_options == {"vocabulary": 3}


def test_folds_of_nearly_equal_vocabularies_share_a_layout():
    assert [rounded_up(n) for n in (3, 4, 5, 6, 7, 1000, 1025, 1536, 1537)] == [
        3,
        4,
        6,
        6,
        8,
        1024,
        1536,
        1536,
        2048,
    ]
    assert all(rounded_up(n) >= n for n in range(3, 3000))


def test_capitals_count_where_asked():
    texts = ["Good", "good", "Good", "good"]
    assert TextInput.learn(texts, lowercase=False)[0].vocabulary == ["Good", "good"]
    assert TextInput.learn(texts)[0].vocabulary == ["good"]


def test_missing_texts_follow_the_policy():
    rows = [TEXTS[0], None, float("nan"), pd.NA, *TEXTS[1:]]
    with pytest.raises(ColumnError, match="must not be missing.\nFound 3 missing of 7 rows"):
        TextInput.learn(rows)
    with pytest.warns(DroppedWarning, match="Left out 3 of 7 rows with a missing text"):
        learnt, prepared = TextInput.learn(rows, missing="drop")
    assert prepared.rows.tolist() == [0, 4, 5, 6]
    with pytest.warns(DroppedWarning):
        assert learnt.apply([None, "tea"]).rows.tolist() == [1]
    learnt, prepared = TextInput.learn(rows, missing="impute")
    assert len(prepared) == 7 and prepared.inputs[1:4, :2].tolist() == [[1, 0]] * 3


def test_a_text_stands_beside_columns():
    frame = pd.DataFrame({"text": TEXTS, "price": [1.0, 2.0, np.nan, 4.0], "kind": list("abab")})
    with pytest.warns(DroppedWarning):
        learnt, prepared = TextInput.learn(
            frame, formula="price + text(text) + kind", missing="drop", scaling="standard"
        )
    numbers, columns = prepared.inputs
    assert prepared.rows.tolist() == [0, 1, 3] and len(numbers) == 3
    price = np.array([1.0, 2.0, 4.0])
    assert np.allclose(columns[:, 0], (price - price.mean()) / price.std(ddof=1))
    assert learnt.feature_names == ["text", "price", "kind"] and learnt.n_features_in == 3
    assert learnt.builder_options == {"vocabulary": 3, "n_columns": 3}  # "tea" alone is in two kept rows
    again = learnt.apply(frame[["kind", "text", "price"]][:2]).inputs
    assert np.array_equal(again[0], numbers[:2]) and np.array_equal(again[1], columns[:2])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "must have rows"),
        (["a", 3], "must be strings.\nFound 3 of type int"),
        (["a", "b"], "Some word must be in at least 2"),
        ("a text", r"Pass \['a text'\]"),
        (pd.DataFrame({"a": TEXTS}), r"write text\(column\)"),
    ],
)
def test_what_can_not_be_read_is_said(rows, message):
    with pytest.raises(InputError, match=message):
        TextInput.learn(rows)


def test_an_input_is_pickled_without_what_is_made_of_it():
    learnt, _ = TextInput.learn(TEXTS)
    assert learnt.numbers == {"good": 2, "tea": 3}
    copied = pickle.loads(pickle.dumps(learnt))
    assert "_numbers" not in vars(copied) and np.array_equal(
        copied.apply(TEXTS).inputs, learnt.apply(TEXTS).inputs
    )


def test_baseline_columns_count_words():
    columns = TextInput.learn(TEXTS)[0].baseline_columns(TEXTS)
    assert columns.columns.tolist() == ["good", "tea"]
    assert columns.to_numpy().tolist() == [[2, 1], [0, 1], [1, 0], [0, 0]]
