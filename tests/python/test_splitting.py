"""A seed gives rsample's rows; strata keep their shares, groups stay whole, the past comes before."""

import copy
import json
import pickle
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    TimeSeriesSplit,
    cross_val_score,
)
from sklearn.tree import DecisionTreeClassifier

from bineural import Folds, Split, load_dataset, make_folds, split_rows
from bineural.errors import BineuralWarning, ColumnError, InputError
from rjudge import assign, numbers, r

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "splits.json").read_text())
PATIENTS = pd.DataFrame(
    {
        "patient": np.repeat(
            ["p4", "p1", "p9", "p2", "p7", "p3", "p8", "p5", "p6", "p0"], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
        ),
        "arm": np.repeat(list("babaababab"), [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]),
    }
)
COUNT = np.arange(1, 121)
NUMBERS = pd.DataFrame({"y": COUNT * 37 % 101 + COUNT / 7})
RARE = pd.DataFrame({"level": np.repeat(list("dbcab"), [3, 40, 30, 4, 23])})


@pytest.fixture(scope="module")
def kyphosis():
    return load_dataset("kyphosis")


@pytest.fixture(scope="module", autouse=True)
def _rsample():
    r("suppressPackageStartupMessages(library(rsample)); invisible(Sys.setlocale('LC_COLLATE', 'C'))")
    r("tests <- function(folds) unlist(lapply(folds$splits, complement)); data(kyphosis, package = 'rpart')")


def from_one(ids):
    return (np.asarray(ids) + 1).tolist()


# --- rsample's rows --------------------------------------------------------------------------------------


def test_the_rows_written_down_from_rsample_come_back(kyphosis):
    assert from_one(split_rows(kyphosis, seed=123).train_ids) == REFERENCE["split"]
    assert from_one(split_rows(kyphosis, strata="Kyphosis", seed=123).train_ids) == REFERENCE["split_strata"]
    assert from_one(split_rows(NUMBERS, strata="y", prop=0.6, seed=5).train_ids) == REFERENCE["split_numeric"]
    grouped = split_rows(PATIENTS, groups="patient", prop=0.7, seed=7)
    assert from_one(grouped.train_ids) == REFERENCE["split_groups"]
    grouped = split_rows(PATIENTS, groups="patient", strata="arm", prop=0.6, seed=7)
    assert from_one(grouped.train_ids) == REFERENCE["split_groups_strata"]
    with pytest.warns(BineuralWarning, match="'a' .4.0%., 'd' .3.0%."):
        assert from_one(split_rows(RARE, strata="level", seed=6).train_ids) == REFERENCE["split_rare"]


def test_the_folds_written_down_from_rsample_come_back(kyphosis):
    def tests(folds):
        return [from_one(test_ids) for _, test_ids in folds]

    assert tests(make_folds(kyphosis, seed=123)) == REFERENCE["folds"]
    assert tests(make_folds(kyphosis, 10, 2, strata="Kyphosis", seed=123)) == REFERENCE["folds_strata"]
    assert tests(make_folds(PATIENTS, 4, 2, groups="patient", seed=9)) == REFERENCE["folds_groups"]
    folds = make_folds(PATIENTS, 2, 3, groups="patient", strata="arm", seed=9)
    assert tests(folds) == REFERENCE["folds_groups_strata"]
    with pytest.warns(BineuralWarning, match="are pooled"):
        assert tests(make_folds(RARE, 4, 3, strata="level", seed=8)) == REFERENCE["folds_rare"]


@pytest.mark.parametrize("seed", [0, 1, 10, 2019, -44, 2147483647])
@pytest.mark.parametrize("prop", [0.5, 0.75, 0.9, 2 / 3])
def test_a_split_is_rsamples_live(kyphosis, seed, prop):
    r(f"set.seed({seed}); one <- initial_split(kyphosis, {prop!r})")
    split = split_rows(kyphosis, prop=prop, seed=seed)
    assert from_one(split.train_ids) == numbers("one$in_id").tolist()
    assert from_one(split.test_ids) == numbers("complement(one)").tolist()
    r(f"set.seed({seed}); one <- initial_split(kyphosis, {prop!r}, strata = Kyphosis)")
    split = split_rows(kyphosis, prop=prop, seed=seed, strata="Kyphosis")
    assert from_one(split.train_ids) == numbers("one$in_id").tolist()
    assert from_one(split.test_ids) == numbers("complement(one)").tolist()


@pytest.mark.parametrize("n_rows", [20, 79, 80, 500, 70_000])
@pytest.mark.parametrize("seed", [3, 4])
def test_numeric_strata_are_rsamples_live(n_rows, seed):
    y = np.round(np.random.default_rng(seed).gamma(1, 3, n_rows), 1)  # many ties, some at the quartiles
    assign("y", y)
    r(f"frame <- data.frame(y = y); set.seed({seed})")
    r("one <- suppressWarnings(initial_split(frame, strata = y))")
    r("many <- suppressWarnings(vfold_cv(frame, 5, strata = y))")
    with pytest.warns(BineuralWarning, match="not stratified") if n_rows < 40 else _no_warning():
        split = split_rows({"y": y}, strata="y", seed=seed)
    assert from_one(split.train_ids) == numbers("one$in_id").tolist()
    r(f"set.seed({seed}); many <- suppressWarnings(vfold_cv(frame, 5, strata = y))")
    with pytest.warns(BineuralWarning, match="not stratified") if n_rows < 40 else _no_warning():
        folds = make_folds({"y": y}, 5, strata="y", seed=seed)
    assert from_one(folds.table()["row"]) == numbers("tests(many)").tolist()


@pytest.mark.parametrize("seed", range(5))
def test_labels_of_all_types_are_strata_as_in_rsample(seed):
    rng = np.random.default_rng(seed)
    label = rng.choice([8, 9, 10, 100, -1], 200)  # sorted as text: "-1" "10" "100" "8" "9"
    frame = pd.DataFrame({"i": label, "x": label / 4, "l": label > 9, "f": pd.Categorical(label.astype(str))})
    assign("frame", frame)
    for column in frame:
        r(f"set.seed({seed}); one <- initial_split(frame, 0.6, strata = {column})")
        split = split_rows(frame, prop=0.6, strata=column, seed=seed)
        assert from_one(split.train_ids) == numbers("one$in_id").tolist(), column


@pytest.mark.parametrize("seed", range(8))
def test_groups_are_rsamples_live(seed):
    rng = np.random.default_rng(seed)
    group = rng.permutation(np.repeat(np.arange(40), rng.integers(1, 9, 40)))
    frame = pd.DataFrame({"g": group, "s": np.array(list("yyxz"))[group % 4]})
    assign("frame", frame)
    r(f"set.seed({seed}); one <- group_initial_split(frame, g, prop = 0.6)")
    assert (
        from_one(split_rows(frame, groups="g", prop=0.6, seed=seed).train_ids)
        == numbers("one$in_id").tolist()
    )
    r(f"set.seed({seed}); one <- group_initial_split(frame, g, prop = 0.6, strata = s)")
    split = split_rows(frame, groups="g", strata="s", prop=0.6, seed=seed)
    assert from_one(split.train_ids) == numbers("one$in_id").tolist()
    r(f"set.seed({seed}); many <- group_vfold_cv(frame, g, v = 7, repeats = 2)")
    folds = make_folds(frame, 7, 2, groups="g", seed=seed)
    assert from_one(folds.table()["row"]) == numbers("tests(many)").tolist()
    r(f"set.seed({seed}); many <- group_vfold_cv(frame, g, v = 5, repeats = 2, strata = s)")
    folds = make_folds(frame, 5, 2, groups="g", strata="s", seed=seed)
    assert from_one(folds.table()["row"]) == numbers("tests(many)").tolist()


def test_time_order_is_rsamples_where_times_differ(kyphosis):
    split = split_rows(kyphosis, time=np.arange(81), prop=0.7)
    r("one <- initial_time_split(kyphosis, 0.7)")
    assert from_one(split.train_ids) == numbers("one$in_id").tolist()
    assert from_one(split.test_ids) == numbers("one$out_id").tolist()


# --- what must hold whatever the seed --------------------------------------------------------------------


@pytest.mark.parametrize("rng", ["R", "pcg64"])
@pytest.mark.parametrize("seed", range(5))
def test_every_row_is_in_one_part_and_tested_once_per_repeat(kyphosis, seed, rng):
    for strata in (None, "Kyphosis"):
        split = split_rows(kyphosis, strata=strata, seed=seed, rng=rng)
        assert sorted([*split.train_ids, *split.test_ids]) == list(range(81))
        folds = make_folds(kyphosis, 7, 3, strata=strata, seed=seed, rng=rng)
        assert folds.table().groupby("repeat")["row"].apply(sorted).tolist() == [list(range(81))] * 3
        for train_ids, test_ids in folds:
            assert sorted([*train_ids, *test_ids]) == list(range(81))


@pytest.mark.parametrize("seed", range(5))
def test_strata_keep_their_shares_and_groups_never_straddle(seed):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(["a", "b", "c"], [30, 50, 120]))
    split = split_rows(labels, strata=labels, prop=0.6, seed=seed)
    assert pd.Series(split.train).value_counts().to_dict() == {"a": 18, "b": 30, "c": 72}
    for _, test_ids in make_folds(labels, 10, 2, strata=labels, seed=seed):
        assert pd.Series(labels[test_ids]).value_counts().to_dict() == {"a": 3, "b": 5, "c": 12}
    group = rng.integers(0, 25, 200)
    split = split_rows(labels, groups=group, seed=seed)
    assert not set(group[split.train_ids]) & set(group[split.test_ids])
    for train_ids, test_ids in make_folds(labels, 5, 2, groups=group, seed=seed):
        assert not set(group[train_ids]) & set(group[test_ids])


def test_rare_strata_of_groups_are_pooled_by_whole_groups():
    group = np.repeat(np.arange(50), 4)
    labels = np.where(group < 2, "rare", np.where(group < 20, "b", "c"))
    with pytest.warns(BineuralWarning, match="'rare' .4.0%. ?"):
        split = split_rows(labels, groups=group, strata=labels, seed=1)
    assert not set(group[split.train_ids]) & set(group[split.test_ids])
    assert len(np.unique(split.train_ids)) == len(split.train_ids)


def test_a_rare_event_keeps_its_share_once_pool_is_small():
    event = np.arange(1000) % 50 == 0  # 2 %
    with pytest.warns(BineuralWarning, match="Give a smaller `pool`"):
        split_rows(event, strata=event, seed=1)
    split = split_rows(event, strata=event, seed=1, pool=0.01)
    assert (split.train.sum(), split.test.sum()) == (15, 5)


def test_the_past_trains_and_equal_times_stay_together():
    day = np.random.default_rng(1).integers(0, 30, 200)
    split = split_rows(np.arange(200), time=day, prop=0.7)
    assert day[split.train_ids].max() < day[split.test_ids].min()
    assert abs(len(split.train_ids) - 140) <= np.bincount(day).max()
    assert (split.seed, split.rng) == (None, None)
    for train_ids, test_ids in make_folds(day, 5, time=pd.Series(day)):
        assert day[train_ids].max() < day[test_ids].min()
    dates = pd.to_datetime("2020-01-01") + pd.to_timedelta(day, "D")
    assert np.array_equal(split_rows(day, time=dates, prop=0.7).train_ids, split.train_ids)


@pytest.mark.parametrize("n_rows", [11, 60, 61])
def test_time_folds_are_scikit_learns_where_times_differ(n_rows):
    times = np.random.default_rng(n_rows).permutation(n_rows)
    order = np.argsort(times)
    expected = list(TimeSeriesSplit(5).split(order))
    for (train_ids, test_ids), (train, test) in zip(make_folds(times, 5, time=times), expected, strict=True):
        assert np.array_equal(train_ids, order[train]) and np.array_equal(test_ids, order[test])


def test_a_seed_that_is_drawn_is_recorded_and_gives_the_same_rows(kyphosis):
    split = split_rows(kyphosis)
    assert np.array_equal(split_rows(kyphosis, seed=split.seed).train_ids, split.train_ids)
    assert split_rows(kyphosis).seed != split.seed


def test_a_million_rows_take_about_a_second():
    event = np.random.default_rng(1).random(1_000_000) < 0.3
    start = time.process_time()
    split_rows(event, strata=event, seed=1)
    assert time.process_time() - start < 3  # measured 0.5 to 1 on one slow core


# --- all kinds of data -----------------------------------------------------------------------------------


def test_parts_are_of_the_type_of_the_data(kyphosis):
    table = pa.Table.from_pandas(kyphosis)
    ids = split_rows(kyphosis, strata="Kyphosis", seed=1).train_ids
    for data in (kyphosis, pl.from_pandas(kyphosis), table, dict(kyphosis)):
        split = split_rows(data, strata="Kyphosis", seed=1)
        assert np.array_equal(split.train_ids, ids)
        assert type(split.train) is type(data)
        assert np.asarray(split.train["Age"]).tolist() == kyphosis["Age"].iloc[ids].tolist()
    images = np.arange(81 * 6).reshape(81, 2, 3)
    for data in (images, scipy.sparse.coo_array(images.reshape(81, 6)), list(range(81)), kyphosis["Age"]):
        split = split_rows(data, strata=kyphosis["Kyphosis"], seed=1)
        assert np.array_equal(split.train_ids, ids)
        assert split.strata == "<values>"
    assert split_rows(images, seed=1).test.shape == (21, 2, 3)
    assert split_rows(list(range(81)), seed=1).test == split_rows(images, seed=1).test_ids.tolist()


def test_records_are_frozen_say_what_they_are_and_can_be_pickled(kyphosis):
    split = split_rows(kyphosis, strata="Kyphosis", seed=2019)
    said = "seed 2019 (R's random stream), prop 0.75, strata Kyphosis"
    assert repr(split) == f"<Split of 81 rows: 60 to train, 21 to test; {said}>"
    assert split.train.equals(kyphosis.iloc[split.train_ids])
    with pytest.raises(AttributeError):
        split.seed = 1
    with pytest.raises(ValueError, match="read-only"):
        split.train_ids[0] = 1
    again = pickle.loads(pickle.dumps(split))
    assert again.test.equals(split.test)
    folds = make_folds(kyphosis, 5, 2, seed=1)
    assert repr(folds) == "<Folds: 5 folds x 2 repeats of 81 rows; seed 1 (R's random stream)>"
    assert (len(folds), folds.folds, folds.repeats) == (10, 5, 2)
    assert isinstance(folds[-1], Split) and np.array_equal(folds[-1].test_ids, list(folds)[9][1])
    with pytest.raises(IndexError):
        folds[10]
    assert copy.deepcopy(folds) is folds
    assert folds.table().iloc[0].tolist() == [1, 1, folds[0].test_ids[0]]


# --- scikit-learn ----------------------------------------------------------------------------------------


def test_folds_are_a_scikit_learn_splitter(kyphosis):
    x, y = kyphosis[["Age", "Number", "Start"]], kyphosis["Kyphosis"]
    folds = make_folds(kyphosis, 5, 2, strata="Kyphosis", seed=1)
    model = DecisionTreeClassifier(random_state=1)
    scores = cross_val_score(model, x, y, cv=folds, scoring="roc_auc")
    assert scores.tolist() == cross_val_score(model, x, y, cv=list(folds), scoring="roc_auc").tolist()
    search = GridSearchCV(model, {"max_depth": [1, 2]}, cv=folds).fit(x, y)
    assert search.n_splits_ == 10
    with pytest.raises(InputError, match=r"must have the 81 rows.*\n.*It has 80"):
        list(folds.split(x[:80]))


@pytest.mark.parametrize(
    "splitter",
    [
        KFold(4),
        StratifiedKFold(4, shuffle=True, random_state=1),
        GroupKFold(4),
        TimeSeriesSplit(4),
        ShuffleSplit(4, random_state=1),
    ],
)
def test_scikit_learn_splitters_are_folds(kyphosis, splitter):
    group = np.arange(81) // 5 if isinstance(splitter, GroupKFold) else None
    folds = make_folds(kyphosis, splitter, strata="Kyphosis", groups=group)
    expected = list(splitter.split(kyphosis, kyphosis["Kyphosis"].astype(str), group))
    assert (folds.folds, folds.repeats, folds.seed, folds.rng) == (4, 1, None, None)
    for pair, (train, test) in zip(folds, expected, strict=True):
        assert np.array_equal(pair[0], train) and np.array_equal(pair[1], test)


def test_repeats_of_a_splitter_and_pairs_are_understood(kyphosis):
    splitter = RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=1)
    folds = make_folds(kyphosis, splitter, strata="Kyphosis")
    assert (folds.folds, folds.repeats) == (3, 2)
    pairs = make_folds(kyphosis, list(folds), repeats=2)
    assert (pairs.folds, pairs.repeats) == (3, 2)
    assert pairs.table().equals(folds.table())
    assert isinstance(make_folds(kyphosis, folds), Folds) and make_folds(kyphosis, folds).repeats == 2
    bootstrap = make_folds(kyphosis, [(np.array([0, 0, 1.0]), [2, 3])])
    assert bootstrap[0].train_ids.tolist() == [0, 0, 1]


# --- what can't be done ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, said",
    [
        ({"prop": 0}, "`prop` must be a number strictly between 0 and 1"),
        ({"prop": 1}, "`prop` must be"),
        ({"prop": "a"}, "`prop` must be"),
        ({"prop": True}, "`prop` must be"),
        ({"prop": 0.01}, r"Both parts must have at least one row.*\n.*0 of 81"),
        ({"prop": 0.05, "strata": "Kyphosis"}, r"at least 20 rows.*\n.*Kyphosis 'present' has 17"),
        ({"strata": "kyphosis"}, r"'kyphosis' is not there.*\n.*Did you mean 'Kyphosis'"),
        ({"strata": [1, 2]}, r"one value per row.*\n.*2 values.*81 rows"),
        ({"strata": [None, *"abcdefgh" * 10]}, r"can't have missing values.*\n.*1 in 81"),
        ({"groups": [np.nan] * 81}, r"missing values.*\n.*81 in 81"),
        ({"groups": ["a"] * 81}, "at least two groups"),
        ({"groups": "Start", "strata": "Kyphosis"}, "Every group must lie in one stratum"),
        ({"time": "Age", "strata": "Kyphosis"}, "can't be combined"),
        ({"time": [1] * 81}, "at least two different times"),
        ({"time": [None, *range(80)]}, "missing values"),
        ({"seed": -(2**31)}, "`seed` must be a whole number"),
        ({"rng": "numpy"}, "`rng` must be one of 'R', 'pcg64'"),
        ({"strata": "Kyphosis", "pool": 1}, "`pool` must be"),
    ],
)
def test_what_cannot_be_split_is_said(kyphosis, arguments, said):
    with pytest.raises(InputError, match=said):
        split_rows(kyphosis, **{"seed": 1, **arguments})


@pytest.mark.parametrize(
    "arguments, said",
    [
        ({"folds": 1}, "`folds` must be a whole number of at least 2"),
        ({"folds": 2.5}, "`folds` must be"),
        ({"folds": 82}, r"as many rows as folds.*\n.*81 rows and 82 folds"),
        ({"folds": 81, "repeats": 2}, "`repeats` must be 1 where every fold is one of the rows"),
        ({"repeats": 0}, "`repeats` must be a whole number of at least 1"),
        ({"folds": 18, "strata": "Kyphosis"}, r"at least 18 rows.*\n.*'present' has 17"),
        ({"folds": 17, "groups": "Start"}, r"as many groups as folds.*\n.*16 groups and 17"),
        ({"folds": 70, "time": "Age"}, "enough different times"),
        ({"time": "Age", "repeats": 2}, "`repeats` must be 1 with `time`"),
        ({"folds": "ten"}, "must be a number of folds, a scikit-learn splitter, or pairs"),
        ({"folds": None}, "must be a number of folds"),
        ({"folds": KFold(3), "seed": 1}, "`seed` and `time` can't be given"),
        ({"folds": KFold(3), "repeats": 2}, "`repeats` must be 1 with a splitter"),
        ({"folds": [([0, 1], [1, 2])]}, "rows on both sides"),
        ({"folds": [([0], [81])]}, "row ids from 81 to 81 in 81 rows"),
        ({"folds": [([0], [])]}, "at least one number"),
        ({"folds": [([0], [1])] * 3, "repeats": 2}, "must divide the number of pairs"),
        ({"folds": []}, "pairs .*\\n.*type list and empty"),
    ],
)
def test_what_cannot_be_folded_is_said(kyphosis, arguments, said):
    with pytest.raises(InputError, match=said):
        make_folds(kyphosis, **arguments)


def test_just_inside_the_bounds_it_works(kyphosis):
    assert len(make_folds(kyphosis, 81, seed=1)) == 81
    assert len(make_folds(kyphosis, 17, strata="Kyphosis", seed=1)) == 17
    assert len(make_folds(kyphosis, 16, groups="Start", seed=1)) == 16
    assert len(make_folds(kyphosis, 10.0, 1.0, seed=1)) == 10  # as R sends numbers
    assert len(split_rows([1, 2], prop=0.5, seed=1).train) == 1


def test_data_without_rows_or_columns_are_refused(kyphosis):
    for data in (5, "kyphosis", np.float64(3), {"a": [1, 2], "b": [1]}, [], kyphosis[:1]):
        with pytest.raises(InputError):
            split_rows(data, seed=1)
    with pytest.raises(ColumnError, match="only where the data have named columns"):
        split_rows(np.zeros((9, 2)), strata="a")
    doubled = pd.DataFrame(np.zeros((9, 2)), columns=["a", "a"])
    with pytest.raises(ColumnError, match="'a' is there 2 times"):
        split_rows(doubled, strata="a")


def test_too_few_rows_or_too_many_levels_are_not_stratified_and_said():
    with pytest.warns(BineuralWarning, match="not stratified: each level of <values> has under 10%"):
        split_rows(np.arange(48), strata=[str(k % 24) for k in range(48)], seed=1)


class _no_warning:
    def __enter__(self):
        pass

    def __exit__(self, *error):
        pass


# --- rare levels, exactly --------------------------------------------------------------------------------


@pytest.mark.parametrize("n_events", [10, 13, 25])
def test_without_a_pool_every_fold_has_its_share_of_a_rare_event(n_events):
    event = np.random.default_rng(n_events).permutation(np.arange(600) < n_events)
    folds = make_folds(event, 10, 3, strata=event, pool=None, seed=1)
    counts = {int(event[test_ids].sum()) for _, test_ids in folds}
    assert counts <= {n_events // 10, -(-n_events // 10)}
    assert folds.read_as is None


def test_levels_with_fewer_rows_than_folds_are_spread_and_said():
    labels = np.random.default_rng(1).permutation(np.repeat(list("abcd"), [90, 4, 3, 3]))
    with pytest.warns(BineuralWarning, match="'b' in 4, 'c' in 3, 'd' in 3 of 10 folds"):
        folds = make_folds(labels, 10, 5, strata=labels, pool=None, seed=2)
    assert folds.read_as == "'b' in 4, 'c' in 3, 'd' in 3 of 10 folds"
    for repeat in range(5):
        tests = [labels[test_ids] for _, test_ids in list(folds)[10 * repeat : 10 * repeat + 10]]
        assert {len(test) for test in tests} == {
            10
        }  # nine of a, and one of the others: 4 + 3 + 3 in ten folds
        for level in "bcd":
            assert max((test == level).sum() for test in tests) == 1
    groups = np.repeat(np.arange(50), 2)
    labels = np.where(groups < 3, "rare", "common")
    with pytest.warns(BineuralWarning, match="fewer groups than there are folds.*'rare' in 3 of 5"):
        folds = make_folds(groups, 5, strata=labels, groups=groups, pool=None, seed=2)
    assert max(len(set(groups[test_ids][labels[test_ids] == "rare"])) for _, test_ids in folds) == 1


def test_what_became_of_strata_is_in_the_record():
    with pytest.warns(BineuralWarning, match="are pooled"):
        folds = make_folds(RARE, 4, strata="level", seed=8)
    assert repr(folds).endswith("strata level (levels 'a', 'd' pooled)>")
    with pytest.warns(BineuralWarning, match="not stratified"):
        split = split_rows(np.arange(30), strata=np.arange(30) / 7, seed=1)
    assert (split.strata, split.pool) == (None, None)
    assert "not stratified: <values> is numeric and there are only 30 rows" in repr(split)


# --- folds of others -------------------------------------------------------------------------------------


def test_the_fold_of_each_row_makes_folds(kyphosis):
    numbers_of_folds = np.random.default_rng(3).permutation(np.arange(81) % 5)
    labels = np.array(["Fold5", "Fold1", "Fold2", "Fold3", "Fold4"], dtype=object)[numbers_of_folds]
    given = [numbers_of_folds, numbers_of_folds.tolist(), pl.Series(numbers_of_folds), numbers_of_folds + 1.0]
    given += [labels, pd.Series(labels), pd.Series(pd.Categorical(labels))]
    for folds in given:
        made = make_folds(kyphosis, folds)
        expected = [np.flatnonzero(numbers_of_folds == k).tolist() for k in range(5)]
        assert sorted(test_ids.tolist() for _, test_ids in made) == sorted(expected)
        for train_ids, test_ids in made:
            assert sorted([*train_ids, *test_ids]) == list(range(81))


def test_sets_of_test_rows_are_asked_about_and_those_of_training_rows_are_not(kyphosis):
    tests = [np.arange(k, 81, 5) for k in range(5)]
    trains = [np.setdiff1d(np.arange(81), test) for test in tests]
    for sets in (tests, tests + [np.sort(test) for test in tests], tests[:2]):
        with pytest.raises(InputError, match="look like test rows, as caret.*\n.*sets='test'"):
            make_folds(kyphosis, sets)
    with pytest.raises(InputError, match="or write the two as a pair"):
        make_folds(kyphosis, (np.arange(60), np.arange(60, 81)))
    for folds in (make_folds(kyphosis, tests, sets="test"), make_folds(kyphosis, trains)):
        for (train_ids, test_ids), test, train in zip(folds, tests, trains, strict=True):
            assert np.array_equal(test_ids, test) and np.array_equal(train_ids, train)
    assert np.array_equal(make_folds(kyphosis, tests, sets="train")[1].train_ids, tests[1])
    with pytest.raises(InputError, match="`sets` must be one of 'test', 'train'"):
        make_folds(kyphosis, tests, sets="both")
    with pytest.raises(InputError, match="only where `folds` lists sets"):
        make_folds(kyphosis, 5, sets="test")


def test_names_and_truth_values_say_which_rows_are_which():
    rows = np.arange(6)
    split = make_folds(rows, [{"test": [0, 1], "train": [2, 3, 4]}])[0]
    assert (split.train_ids.tolist(), split.test_ids.tolist()) == ([2, 3, 4], [0, 1])
    folds = make_folds(rows, [(rows > 1, rows <= 1), (rows < 4, rows == 5)])
    assert [test_ids.tolist() for _, test_ids in folds] == [[0, 1], [5]]
    assert repr(folds) == "<Folds: 2 folds of 6 rows; rows as given, 3 of 6 rows never tested>"
    folds = make_folds(rows, [[0, 1, 2], ([0], [5])])  # a set beside a pair trains
    assert [test_ids.tolist() for _, test_ids in folds] == [[3, 4, 5], [5]]
    whole = split_rows(rows, seed=1)
    assert np.array_equal(make_folds(rows, whole)[0].test_ids, whole.test_ids)


@pytest.mark.parametrize(
    ("folds", "said"),
    [
        (
            np.arange(30),
            "fold of each row.\nIt has 30 values; the data have 81 rows.\nRow ids are given as pairs",
        ),
        (np.arange(81) < 60, "It holds truth values"),
        ([None, *np.arange(80) % 5], "1 missing values"),
        (np.arange(81) % 5 - 1, "It holds -1.*\n.*PredefinedSplit"),
        (np.arange(81) / 9, "whole numbers"),
        (np.zeros(81), "names one fold"),
        ([(np.arange(40), np.arange(81) < 3)], "rows on both sides"),
        ([(np.ones(80, bool), np.ones(80, bool))], "80 truth values for 81 rows"),
        ([([0, 1], [2, 3]), 4], "pairs .*\nIt is of type list"),
        (pd.DataFrame({"a": [1]}), "It is of type DataFrame"),
        ([[0, 81], [1, 2]], "Resample 1: row ids from 0 to 81"),
        ([{"train": [0], "other": [1]}], "pairs"),
    ],
)
def test_folds_that_cannot_be_are_said(kyphosis, folds, said):
    with pytest.raises(InputError, match=said):
        make_folds(kyphosis, folds)
