"""Kinds of input: chosen by what x is, registered by anyone, saved by name, and equal after loading."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.bundles.decoding import Decoder
from bineural.bundles.encoding import Encoder
from bineural.bundles.schema import number, whole
from bineural.errors import InputError, SavingError
from bineural.inputs import kinds
from bineural.inputs.arrays import ArrayInput
from bineural.inputs.images import ImageInput
from bineural.inputs.input import Input, Prepared
from bineural.inputs.kinds import choose_input, find_input, list_inputs, register_input
from bineural.inputs.table import TableInput


@pytest.fixture
def ragged():
    """Register a kind for lists of numbers of different lengths, and forget it afterwards."""

    @register_input
    @dataclass(eq=False)
    class Ragged(Input):
        center: float
        scale: float
        longest: int

        kind = "ragged"
        SCHEMA = {"center": number(nan=False), "scale": number(low=0, nan=False), "longest": whole(1)}

        @classmethod
        def claims(cls, X):
            return isinstance(X, list) and bool(X) and isinstance(X[0], list) and len({*map(len, X)}) > 1

        @classmethod
        def learn(cls, X, *, weights=None, scaling="standard", **others):
            counting = [row for i, row in enumerate(X) if weights is None or weights[i] > 0]
            values = np.concatenate(counting)
            moments = (float(values.mean()), float(values.std(ddof=1))) if scaling else (0.0, 1.0)
            learnt = cls(*moments, max(map(len, counting)))
            return learnt, learnt.apply(X)

        def apply(self, X):
            padded = np.zeros((len(X), max(map(len, X)), 1), np.float32)
            mask = np.zeros(padded.shape[:2], bool)
            for i, row in enumerate(X):
                padded[i, : len(row), 0] = (np.asarray(row) - self.center) / self.scale
                mask[i, : len(row)] = True
            return Prepared({"values": padded, "mask": mask}, np.arange(len(X)))

        @property
        def shape(self):
            return (None, 1)

        @property
        def builder_options(self):
            return {"longest": self.longest}

        def baseline_columns(self, X):
            return pd.DataFrame({"mean": [np.mean(row) for row in X], "n": [float(len(row)) for row in X]})

    yield Ragged
    kinds._KINDS.pop("ragged")


LISTS = [[1.0, 2.0], [4.0], [0.0, 3.0, 8.0]]


def reloaded(learnt):
    """Return an input after writing it as files do, and reading it again."""
    encoder = Encoder()
    tree = encoder.encode(learnt)
    return Decoder(encoder.arrays).decode(tree), tree


@pytest.mark.parametrize(
    ("X", "kind"),
    [
        (pd.DataFrame({"a": [1, 2]}), "table"),
        ({"a": [1, 2]}, "table"),
        ([[1, 2], [3, 4]], "table"),
        (np.zeros((3, 2)), "table"),
        (np.zeros(3), "table"),  # whose own error says how to reshape it
        (np.zeros((3, 5, 2)), "array"),
        ([np.zeros((5, 2))] * 3, "sequence"),
        ([np.zeros((5, 2)), np.zeros((3, 2))], "sequence"),
        ([np.zeros((5, 2)), np.zeros((5, 3))], "image"),
        (np.zeros((3, 5, 5, 1), "uint8"), "image"),
        ([np.zeros((5, 5, 3))] * 3, "image"),
        (np.zeros((3, 2, 5, 5, 1)), "array"),
    ],
)
def test_x_is_of_the_kind_that_it_looks_like(X, kind):
    assert choose_input(X).kind == kind and choose_input(X) is find_input(kind)


def test_an_architecture_of_one_kind_decides_what_three_axes_are():
    grey = np.zeros((3, 5, 5))
    assert choose_input(grey, ["image"]) is ImageInput
    assert choose_input(grey, ["table", "array"]) is ArrayInput
    assert choose_input(grey, ["image", "array"]) is ArrayInput
    with pytest.raises(InputError, match=r"(?s)that can be read: 'table', 'image'.*shape \(3, 5, 5\)"):
        choose_input(grey, ["table", "image"])


@pytest.mark.parametrize("X", ["text", None, 5, iter([1])])
def test_what_no_kind_claims_is_refused_with_the_kinds(X):
    with pytest.raises(InputError, match=r"(?s)'table', 'array', 'image'.*Found \w+\."):
        choose_input(X)


def test_a_kind_from_outside_is_chosen_learnt_and_applied(ragged):
    assert choose_input(LISTS) is find_input("ragged") is ragged and list_inputs()[-1] == "ragged"
    learnt, prepared = choose_input(LISTS).learn(LISTS, weights=np.array([1.0, 1.0, 0.0]), missing="drop")
    np.testing.assert_allclose(learnt.center, np.mean([1, 2, 4]))
    np.testing.assert_allclose(learnt.scale, np.std([1, 2, 4], ddof=1))
    values, mask = prepared.inputs["values"], prepared.inputs["mask"]
    assert values.shape == (3, 3, 1) and mask.sum(axis=1).tolist() == [2, 1, 3]
    np.testing.assert_allclose(
        values[2, :, 0], (np.array(LISTS[2]) - learnt.center) / learnt.scale, rtol=1e-6
    )
    assert learnt.shape == (None, 1) and learnt.builder_options == {"longest": 2}
    assert learnt.n_features_in == 1 and learnt.feature_names is None
    some = prepared.take(np.array([2, 0]))
    assert some.rows.tolist() == [2, 0] and len(some) == 2
    np.testing.assert_array_equal(some.inputs["mask"], mask[[2, 0]])


def test_a_net_takes_lengths_that_differ_with_their_mask(ragged):
    """Rows filled up beside longer ones give what they give alone; what fills them up is not seen."""
    from bineural._tensorflow import keras

    learnt, _ = ragged.learn(LISTS)
    values = keras.Input(learnt.shape, name="values")
    mask = keras.Input(learnt.shape[:1], dtype="bool", name="mask")
    pooled = keras.layers.GlobalAveragePooling1D()(values, mask=mask)
    model = keras.Model({"values": values, "mask": mask}, pooled)
    together = np.asarray(model(learnt.apply([*LISTS, [1.0] * 9]).inputs))
    expected = [(np.mean(row) - learnt.center) / learnt.scale for row in LISTS]
    np.testing.assert_allclose(together[:3, 0], expected, rtol=1e-5, atol=1e-6)
    for row, answer in zip(LISTS, together):
        np.testing.assert_allclose(model(learnt.apply([row]).inputs)[0], answer, rtol=1e-5, atol=1e-6)


def test_a_kind_from_outside_is_saved_by_name_and_unknown_ones_are_refused(ragged):
    learnt, prepared = ragged.learn(LISTS)
    again, tree = reloaded(learnt)
    assert tree["class"] == "input:ragged"
    np.testing.assert_array_equal(again.apply(LISTS).inputs["values"], prepared.inputs["values"])
    kinds._KINDS.pop("ragged")
    with pytest.raises(
        SavingError, match=r"(?s)kinds of input that are registered.*'ragged'.*register_input"
    ):
        Decoder({}).decode(tree)
    with pytest.raises(SavingError, match="Ragged"):  # nor is it written while nobody could read it
        Encoder().encode(learnt)
    register_input(ragged)
    tree["state"]["scale"] = -1.0
    with pytest.raises(Exception, match=r"Ragged\.scale"):
        Decoder({}).decode(tree)


def test_a_kind_is_registered_once(ragged):
    assert register_input(ragged) is ragged  # a cell that is run twice

    class Other(ragged):
        SCHEMA = ragged.SCHEMA

    with pytest.raises(InputError, match=r"(?s)registered once.*'ragged' is that of .*Ragged"):
        register_input(Other)
    Other.kind = "table"
    with pytest.raises(InputError, match=r"(?s)registered once.*TableInput"):
        register_input(Other)
    assert find_input("ragged") is ragged and find_input("table") is TableInput


def test_what_a_kind_lacks_is_said(ragged):
    with pytest.raises(InputError, match="subclass of `Input`"):
        register_input(dict)

    class Half(Input):
        kind = "half"
        SCHEMA = {}

        @classmethod
        def claims(cls, X):
            return False

    with pytest.raises(
        InputError, match=r"(?s)every method.*lacks 'apply', 'baseline_columns', 'learn', 'shape'"
    ):
        register_input(Half)

    class NoSchema(ragged):
        kind = "other"

    with pytest.raises(InputError, match="must have a `SCHEMA`"):
        register_input(NoSchema)
    NoSchema.kind = "Not a name"
    with pytest.raises(InputError, match="small letters"):
        register_input(NoSchema)
    with pytest.raises(InputError, match=r"(?s)must be one that is registered.*'half'.*'table'"):
        find_input("half")


def test_the_protocol_is_public_in_its_room_and_not_at_the_top():
    assert bn.inputs.register_input is register_input and bn.inputs.Input is Input
    assert "register_input" not in bn.__all__ and "Preparation" in bn.__all__


@pytest.mark.parametrize("kind", ["table", "array", "image"])
def test_our_kinds_are_the_same_after_saving(kind):
    rng = np.random.default_rng(7)
    X = {
        "table": pd.DataFrame({"a": rng.normal(size=30), "b": rng.choice(["u", "v", "w"], 30)}),
        "array": rng.normal(size=(30, 4, 2)),
        "image": rng.integers(0, 256, (30, 5, 4, 3)).astype("uint8"),
    }[kind]
    learnt, prepared = choose_input(X).learn(X, categories="codes")
    again, tree = reloaded(learnt)
    assert tree["class"] == f"input:{kind}" and type(again) is find_input(kind)
    assert again.shape == learnt.shape and again.n_features_in == learnt.n_features_in
    for part, same in zip(flat(again.apply(X)), flat(prepared)):
        np.testing.assert_array_equal(part, same)
    pd.testing.assert_frame_equal(again.baseline_columns(X), learnt.baseline_columns(X))


def flat(prepared):
    return prepared.inputs if isinstance(prepared.inputs, list) else [prepared.inputs]
