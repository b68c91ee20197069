import weakref

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import dataset, parquet
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

import bineural as bn
from bineural import fit_net
from bineural.errors import (
    ColumnError,
    DroppedWarning,
    FormulaError,
    InputError,
    InterruptedWarning,
    OutcomeError,
)
from bineural.formula import batches as formula_batches
from bineural.inputs import batch_outcome as stream_outcome
from bineural.inputs.preparation import Preparation
from bineural.nets import batches as net_stream
from bineural.nets.estimators import NetClassifier, NetRegressor

FORMULA = "sick ~ age + dose + site"


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(1)
    n = 600
    frame = pd.DataFrame(
        {
            "age": rng.normal(1e6, 3.0, n),
            "dose": rng.gamma(2.0, size=n),
            "site": rng.choice(["Bonn", "Graz", "Aarau"], n),
            "grade": pd.Categorical(rng.choice(["low", "high"], n), ["low", "mid", "high"], ordered=True),
            "smoker": rng.random(n) < 0.3,
            "visits": rng.integers(0, 4, n),
            "heft": rng.integers(0, 3, n).astype(float),
        }
    )
    score = frame["dose"] - 2 + 2 * (frame["site"] == "Bonn") + rng.logistic(size=n)
    return frame.assign(sick=np.where(score > 0, "yes", "no"), pain=10 * score)


def cut(frame, size):
    return [frame[i : i + size] for i in range(0, len(frame), size)]


def same(one, other):
    return all((a == b).all() for a, b in zip(one.weights_, other.weights_, strict=True))


def quick(**options):
    """Return the options of one net: members of an ensemble in memory are a stack, equal to rounding only."""
    one = {"event": "yes", "seed": 3, "epochs": 2, "units": 3, "validation": 0, "ensemble": 1}
    return one | {"numbers": "plain"} | options


@pytest.fixture
def small_buffers(monkeypatch):
    """Let a buffer hold 64 rows of six numbers, and a block of moments 100 rows."""
    monkeypatch.setattr(net_stream, "_BUFFER_NUMBERS", 64 * 6)
    monkeypatch.setattr(formula_batches, "MOST_ROWS", 100)
    monkeypatch.setattr(stream_outcome, "MOST_ROWS", 100)


# ---- what is learnt ----


def learnt(frame, terms, size, weights=None, outcome="sick", **options):
    model = NetRegressor(terms, seed=1, **options)
    batches = cut(frame, size) if isinstance(size, int) else size
    return net_stream.RowBatches(batches, outcome, model, weights).preparation


def in_memory(frame, terms, weights=None, outcome=("sick",), **options):
    preparation = Preparation(terms, categories="onehot", scaling="standard", **options)
    return preparation.fit(frame, list(outcome), None if weights is None else frame[weights])


@pytest.mark.parametrize(
    "terms",
    [
        "age + dose + site + grade + smoker",
        "site * dose + site:grade + age:dose",
        "factor(visits) + relevel(site, ref = 'Graz') + I(site == 'Bonn') + cut(dose, c(-1, 1, 2, 99))",
        "poly(dose, 2, raw = TRUE) + ns(dose, knots = 2, Boundary.knots = c(0, 9)) + log1p(dose)",
        ". - pain",
    ],
)
@pytest.mark.parametrize("size", [600, 37])
def test_one_pass_learns_what_the_whole_table_teaches(rows, terms, size):
    found, expected = learnt(rows, terms, size), in_memory(rows, terms)
    assert found.names_ == expected.names_ and found.dropped_ == expected.dropped_
    assert found.levels_ == expected.levels_ and found.columns_ == expected.columns_
    for name, shares in expected.level_frequencies_.items():
        assert (found.level_frequencies_[name] == shares).all()
    assert (found.centers_ == expected.centers_).all() and (found.scales_ == expected.scales_).all()
    new = rows[::-7].assign(site="Graz")
    assert (found.transform(new).matrix == expected.transform(new).matrix).all()


def test_merged_moments_are_those_of_all_rows(rows, small_buffers):
    found, expected = learnt(rows, "age + dose + I(age^2)", 37), in_memory(rows, "age + dose + I(age^2)")
    np.testing.assert_allclose(found.centers_, expected.centers_, rtol=1e-14)
    np.testing.assert_allclose(found.scales_, expected.scales_, rtol=1e-12)
    again = learnt(rows, "age + dose + I(age^2)", 111)
    assert (found.scales_ == again.scales_).all() and (found.centers_ == again.centers_).all()


def test_rows_of_weight_zero_teach_levels_but_no_means(rows):
    terms = "dose + site + site:dose"
    frame = rows.assign(heft=np.where(rows["site"] == "Graz", 0.0, rows["heft"]))
    with pytest.warns(DroppedWarning, match="constant columns: .siteGraz") as said:
        found, expected = learnt(frame, terms, 50, "heft"), in_memory(frame, terms, "heft")
    assert str(said[0].message) == str(said[1].message)
    assert found.names_ == expected.names_ and "siteGraz" in found.dropped_ == expected.dropped_
    assert (found.centers_ == expected.centers_).all()


def test_a_level_of_the_last_batch_counts_and_dictionaries_are_joined_in_order(rows):
    late = rows.assign(site=np.where(np.arange(600) == 599, "Aach", rows["site"]))
    assert learnt(late, "site", 100).levels_ == {"site": ["Aach", "Aarau", "Bonn", "Graz"]}
    parts = [
        pa.table({"sick": ["a", "b"], "x": pa.array(values).dictionary_encode()})
        for values in (["q", "c"], ["b", "c"])
    ]
    expected = in_memory(pa.concat_tables(parts).unify_dictionaries(), "x").levels_
    assert learnt(None, "x", parts).levels_ == expected == {"x": ["q", "c", "b"]}


def test_missing_rows_are_refused_by_their_number_or_left_out(rows):
    gaps = rows.assign(
        dose=rows["dose"].where(np.arange(600) != 130), sick=rows["sick"].where(rows.index != 5)
    )
    with pytest.raises(OutcomeError, match=r"row 6 \(batch 1\)"):
        learnt(gaps, "dose + site", 50)
    with pytest.raises(ColumnError, match=r"`dose`, first in row 125 \(batch 3\)"):
        learnt(gaps[6:], "dose + site", [gaps[6:56], gaps[56:106], gaps[106:]], outcome="pain")
    with pytest.warns(DroppedWarning) as said:
        found = learnt(gaps, "dose + site", 50, missing="drop")
    assert [str(w.message)[:30] for w in said] == [
        "Left out 1 of 600 rows without",
        "Left out 1 of 599 rows with mi",
    ]
    whole = in_memory(gaps.drop(index=[5, 130]), "dose + site")
    assert (found.centers_ == whole.centers_).all()


@pytest.mark.parametrize("term", ["poly(dose, 2)", "ns(dose, df = 3)", "bs(dose, knots = 2)", "scale(dose)"])
def test_what_needs_all_rows_is_refused_by_name(rows, term):
    with pytest.raises(FormulaError, match="all rows at once") as error:
        learnt(rows, f"age + log({term})", 100)
    assert f"`{term}` does." in str(error.value)


def test_options_that_need_all_rows_are_refused(rows, tmp_path):
    with pytest.raises(InputError, match="imputed"):
        fit_net(FORMULA, cut(rows, 99), **quick(missing="impute"))
    with pytest.raises(InputError, match="checkpoint"):
        fit_net(FORMULA, cut(rows, 99), **quick(checkpoint=tmp_path / "kept"))
    with pytest.raises(InputError, match="name a column"):
        fit_net(FORMULA, cut(rows, 99), **quick(weights=np.ones(600)))
    with pytest.raises(InputError, match="offset"):
        fit_net("sick ~ dose + offset(age)", cut(rows, 99), **quick())


def test_kinds_and_orders_must_agree_between_batches(rows):
    with pytest.raises(ColumnError, match="(?s)one kind.*numeric in earlier ones and text here"):
        learnt(None, "site", [rows[:9].assign(site=1.0), rows[9:]])
    other = rows[300:].assign(grade=rows["grade"][300:].cat.reorder_categories(["high", "mid", "low"]))
    with pytest.raises(ColumnError, match="ordered levels of `grade`"):
        learnt(None, "grade", [rows[:300], other])


def test_names_of_rows_are_refused(rows):
    named = rows.assign(name=[f"row {i}" for i in range(600)])
    with pytest.raises(ColumnError, match="(?s)`name`.*all different"):
        learnt(named, ".", 100)


# ---- the fit ----


@pytest.mark.parametrize("size", [600, 77])
def test_a_stream_that_fits_one_buffer_gives_the_net_of_the_rows_in_memory(rows, size):
    options = quick(weights="heft", class_weight="balanced")
    memory, stream = fit_net(FORMULA, rows, **options), fit_net(FORMULA, cut(rows, size), **options)
    assert same(memory, stream) and memory.history_ == stream.history_
    assert (memory.predict_proba(rows) == stream.predict_proba(rows)).all()
    assert memory.summary() == stream.summary() and stream.formula_ == FORMULA
    options = {k: v for k, v in quick(weights="heft").items() if k != "event"}
    memory, stream = (
        fit_net("pain ~ dose", rows, **options),
        fit_net("pain ~ dose", cut(rows, size), **options),
    )
    assert same(memory, stream) and memory.outcome_scale_ == stream.outcome_scale_
    assert (memory.predict(rows) == stream.predict(rows)).all()


def test_cuts_do_not_matter_where_there_are_several_buffers(rows, small_buffers):
    options = quick(validation=0.2, weights="heft", class_weight={"yes": 2.0})
    one, other = (fit_net(FORMULA, cut(rows, size), **options) for size in (600, 77))
    assert same(one, other) and one.history_ == other.history_
    assert same(one, fit_net(FORMULA, cut(rows, 100), **options))
    assert not same(one, fit_net(FORMULA, cut(rows, 100), **{**options, "seed": 4}))
    numbers = {k: v for k, v in quick(validation=0.2).items() if k != "event"}
    one, other = (fit_net("pain ~ dose + site", cut(rows, size), **numbers) for size in (600, 77))
    assert same(one, other) and one.outcome_scale_ == pytest.approx(rows["pain"].std(), rel=1e-12)


def test_a_net_learns_from_small_buffers_and_stops_early(rows, small_buffers):
    options = quick(validation=0.25, epochs=200, patience=5)
    net = fit_net(FORMULA, cut(rows, 100), **options)
    assert roc_auc_score(rows["sick"] == "yes", net.predict_event(rows)) > 0.8
    assert net.n_validation_rows_ == 64  # a buffer's rows at most
    assert net.n_epochs_ < 200 and net.best_epoch_ == net.n_epochs_ - 5
    assert np.argmin(net.history_["validation_loss"]) + 1 == net.best_epoch_


def test_watched_rows_are_not_trained_on(rows, small_buffers):
    model = NetClassifier("age + dose + site", seed=3)
    batches = net_stream.RowBatches(cut(rows, 600), "sick", model, labels=True)
    n, limit = net_stream._watched_share(batches, 0.1, 1000)
    watched = next(iter(batches._batches(0))).luck < limit
    assert watched.sum() == n == 60
    swapped = rows.assign(sick=np.where(watched, np.where(rows["sick"] == "yes", "no", "yes"), rows["sick"]))
    options = quick(validation=0.1, epochs=1)
    one, other = fit_net(FORMULA, cut(rows, 100), **options), fit_net(FORMULA, cut(swapped, 100), **options)
    assert same(one, other) and one.history_["loss"] == other.history_["loss"]
    assert one.history_["validation_loss"] != other.history_["validation_loss"]


def test_an_ensemble_has_the_members_of_its_seeds(rows, capsys):
    stream, memory = (fit_net(FORMULA, data, **quick(ensemble=2)) for data in (cut(rows, 100), rows))
    np.testing.assert_allclose(stream.predict_event(rows), memory.predict_event(rows), atol=1e-6)
    assert stream.predict_spread(rows).min() > 0
    fit_net(FORMULA, cut(rows, 100), **quick(ensemble=2, verbose=1))
    assert "2 nets: 4 of at most 4 epochs" in capsys.readouterr().err


def test_the_auroc_of_the_watched_rows_can_be_monitored(rows, small_buffers):
    net = fit_net(FORMULA, cut(rows, 100), **quick(validation=0.1, epochs=4, monitor="auroc"))
    watched = net.history_["validation_auroc"]
    assert np.argmax(watched) + 1 == net.best_epoch_ and 0.5 < max(watched) < 1


def test_a_streamed_net_is_saved_as_any_other(rows, tmp_path):
    net = fit_net("sick ~ dose * site", cut(rows, 100), **quick())
    bn.save_model(net, tmp_path / "net.bineural")
    again = bn.load_model(tmp_path / "net.bineural")
    assert (again.predict_event(rows) == net.predict_event(rows)).all()


# ---- the sources ----


def test_every_source_of_the_same_rows_gives_the_same_net(rows, tmp_path):
    frame = rows[["sick", "age", "dose", "site"]]
    table = pa.Table.from_pandas(frame, preserve_index=False)
    parquet.write_table(table, tmp_path / "whole.parquet", row_group_size=150)
    (tmp_path / "folder").mkdir()
    parquet.write_table(table[:250], tmp_path / "folder/a.parquet")
    parquet.write_table(table[250:], tmp_path / "folder/b.parquet")
    sources = {
        "file": tmp_path / "whole.parquet",
        "text": str(tmp_path / "whole.parquet"),
        "folder": tmp_path / "folder",
        "data set": dataset.dataset(tmp_path / "folder"),
        "filtered": dataset.dataset(tmp_path / "folder").filter(dataset.field("dose") >= 0),
        "function": lambda: (part for part in cut(frame, 99)),
        "record batches": table.to_batches(max_chunksize=77),
        "dicts": [{name: part[name].to_numpy() for name in part} for part in cut(frame, 101)],
    }
    expected = fit_net(FORMULA, frame, **quick())
    for name, source in sources.items():
        assert same(fit_net(FORMULA, source, **quick()), expected), name
    import polars

    assert same(fit_net(FORMULA, [polars.from_pandas(p) for p in cut(frame, 300)], **quick()), expected)


def test_a_tensorflow_data_set_of_dicts_is_read(rows):
    from bineural._tensorflow import tf

    frame = rows[["sick", "age", "dose", "site"]]
    data = tf.data.Dataset.from_tensor_slices({name: frame[name].to_numpy() for name in frame}).batch(100)
    assert same(fit_net(FORMULA, data, **quick()), fit_net(FORMULA, frame, **quick()))
    with pytest.raises(InputError, match="repeats for ever"):
        fit_net(FORMULA, data.repeat(), **quick())


def test_row_groups_are_shuffled_by_the_seed_where_there_are_several_buffers(rows, tmp_path, small_buffers):
    parquet.write_table(pa.Table.from_pandas(rows), tmp_path / "rows.parquet", row_group_size=50)
    parquet.write_table(pa.Table.from_pandas(rows), tmp_path / "one.parquet")
    grouped = fit_net(FORMULA, tmp_path / "rows.parquet", **quick(validation=0.1))
    again = fit_net(FORMULA, tmp_path / "rows.parquet", **quick(validation=0.1))
    whole = fit_net(FORMULA, tmp_path / "one.parquet", **quick(validation=0.1))
    assert same(grouped, again) and not same(grouped, whole)
    assert grouped.n_validation_rows_ == whole.n_validation_rows_ == 60
    assert (grouped.preparation_.centers_ == whole.preparation_.centers_).all()


@pytest.mark.long
def test_estimators_take_batches_with_the_name_of_the_outcome(rows):
    frame = rows[["sick", "dose", "site"]]
    one = NetClassifier(event="yes", seed=3, epochs=2, validation=0, ensemble=1, numbers="plain")
    net = clone(one).fit(cut(frame, 100), "sick")
    whole = one.fit(frame.drop(columns="sick"), frame["sick"])
    assert same(net, whole) and net.n_features_in_ == 2
    assert net.predict(frame.drop(columns="sick")).shape == (600,)
    by_number = NetClassifier(seed=3, epochs=1, validation=0).fit(
        cut(rows[["visits", "dose"]], 100), "visits"
    )
    assert by_number.classes_.tolist() == [0, 1, 2, 3]


def test_the_task_is_told_as_for_rows_in_memory(rows):
    options = {k: v for k, v in quick(epochs=1).items() if k != "event"}
    with pytest.raises(OutcomeError, match="(?s)event.*'no', 'yes'"):
        fit_net(FORMULA, cut(rows, 100), **options)
    with pytest.raises(OutcomeError, match="'no', 'yes'"):
        fit_net(FORMULA, cut(rows, 100), event="maybe", **options)
    with pytest.raises(OutcomeError, match=r"0, 1"):
        fit_net("both ~ dose", cut(rows.assign(both=rows["visits"] % 2), 100), **options)
    assert isinstance(fit_net("visits ~ dose", cut(rows, 100), **options), NetRegressor)
    classes = fit_net("visits ~ dose", cut(rows, 100), classes=[0, 1, 2, 3], **options)
    assert classes.classes_.tolist() == [0, 1, 2, 3] and classes.n_class_rows_.sum() == 600


def test_what_can_be_read_once_only_is_refused(rows):
    with pytest.raises(InputError, match="(?s)read again.*generator.*function without arguments"):
        fit_net(FORMULA, (part for part in cut(rows, 100)), **quick())
    counts = iter(range(99))
    with pytest.raises(InputError, match="same rows each time"):
        fit_net(FORMULA, lambda: cut(rows[: 600 - next(counts)], 100), **quick())
    with pytest.raises(InputError, match="(?s)Parquet file.*no '.*nowhere.parquet'"):
        fit_net(FORMULA, "nowhere.parquet", **quick())
    with pytest.raises(InputError, match="(?s)named columns.*ndarray"):
        fit_net(FORMULA, lambda: [np.ones((3, 2))], **quick())
    with pytest.raises(InputError, match="must be a table"):
        fit_net(FORMULA, "rows.csv", **quick())


# ---- memory and interrupts ----


def test_no_more_than_a_few_batches_are_held(rows, small_buffers):
    alive, most = weakref.WeakSet(), [0]

    def read():
        for part in cut(rows, 40):
            values = np.array(part["dose"])  # an array of its own, whose life is watched
            alive.add(token := Token(values))
            frame = part.assign(dose=values)
            frame.attrs["token"] = token
            del token
            most[0] = max(most[0], len(alive))
            yield frame

    fit_net(FORMULA, read, **quick(validation=0.1))
    assert 1 <= most[0] <= 3


class Token:
    """Something weak references can point to."""

    def __init__(self, values):
        self.values = values

    def __deepcopy__(self, memo):
        return self


def test_an_interrupt_between_buffers_keeps_what_was_reached(rows, small_buffers):
    reads = []

    def read():
        reads.append(0)
        for part in cut(rows, 100):
            if len(reads) == 4 and reads[-1] == 3:
                raise KeyboardInterrupt
            reads[-1] += 1
            yield part

    with pytest.warns(InterruptedWarning, match="after 1 of at most 5 epochs"):
        net = fit_net(FORMULA, read, **quick(epochs=5))
    assert net.interrupted_ and net.n_epochs_ == 1 and len(net.history_["loss"]) == 1
    assert net.predict_proba(rows).shape == (len(rows), 2)
