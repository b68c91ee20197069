"""Models compared over rows in batches: folds of row groups, and the numbers of the rows in memory."""

import contextlib

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.comparing import batch_reading
from bineural.errors import ColumnError, DroppedWarning, InputError, OutcomeError

N_ROWS, N_PIECES = 900, 12


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(
        {
            "age": rng.normal(50, 9, N_ROWS),
            "dose": rng.gamma(2.0, size=N_ROWS),
            "site": rng.choice(["Bonn", "Graz", "Aarau"], N_ROWS),
            "heft": rng.integers(0, 4, N_ROWS).astype(float),
        }
    )
    score = 0.05 * (frame["age"] - 50) + 0.5 * frame["dose"] - 1 + 0.7 * (frame["site"] == "Bonn")
    return frame.assign(
        sick=np.where(score + rng.logistic(size=N_ROWS) > 0, "yes", "no"),
        pain=score + rng.normal(size=N_ROWS),
        kind=pd.Categorical(rng.choice(list("cab"), N_ROWS), list("cab")),
    )


def cut(frame, n_pieces=N_PIECES):
    size = len(frame) // n_pieces
    return [frame[i : i + size] for i in range(0, len(frame), size)]


def folds_of_rows(fold_of_piece):
    """Return the same folds as pairs of row numbers."""
    fold = np.repeat(fold_of_piece, N_ROWS // N_PIECES)
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in np.unique(fold)]


def numbers(comparison):
    return comparison.table.drop(columns=["kind", "seconds"]).set_index("model")


@pytest.mark.parametrize(
    ("formula", "options"),
    [
        ("sick ~ age + dose + site", {"event": "yes"}),
        ("sick ~ age + dose", {"event": "no", "weights": "heft"}),
        ("pain ~ age * site", {}),
        ("pain ~ dose", {"weights": "heft"}),
        ("kind ~ age + dose", {}),
        ("kind ~ age + dose", {"event": "a"}),
    ],
)
def test_measures_are_those_of_the_rows_in_memory_over_the_same_folds(rows, formula, options):
    fold_of_piece = np.tile([1, 2, 3, 4, 5, 6], 2)
    in_memory, options = folds_of_rows(fold_of_piece), {"formula": formula, **options}
    with pytest.warns(DroppedWarning) if "weights" in options else contextlib.nullcontext():
        expected = bn.compare_models(["glm"], rows, folds=in_memory, **options)
        found = bn.compare_models(["glm"], cut(rows), folds=fold_of_piece, **options)
    pd.testing.assert_frame_equal(numbers(found), numbers(expected), rtol=1e-10, atol=1e-12)
    kept = ["model", "difference", "low", "high", "p", "finding", "detectable"]
    pd.testing.assert_frame_equal(found.differences[kept], expected.differences[kept], rtol=1e-8)
    assert (found.n_rows, found.n_events, found.classes) == (
        expected.n_rows,
        expected.n_events,
        expected.classes,
    )
    assert found.predictions["row"].tolist() == expected.predictions["row"].tolist()
    assert str(found).splitlines()[0] == str(expected).splitlines()[0]


def test_row_groups_are_dealt_whole_and_evenly_and_by_the_seed(rows, tmp_path):
    rows[:500].to_parquet(tmp_path / "a.parquet", index=False, row_group_size=125)
    rows[500:].to_parquet(tmp_path / "b.parquet", index=False, row_group_size=50)
    how = {"formula": "sick ~ age + dose", "event": "yes", "folds": 3, "repeats": 2}
    one = bn.compare_models(["glm"], tmp_path, seed=3, **how)
    again, other = (bn.compare_models(["glm"], str(tmp_path), seed=seed, **how) for seed in (3, 4))
    pd.testing.assert_frame_equal(numbers(one), numbers(again))
    assert (one.folds.pieces != other.folds.pieces).any()
    sizes = np.repeat([125, 50], [4, 8])
    for fold_of in one.folds.pieces:
        rows_of_folds = np.bincount(fold_of, sizes)[1:]
        assert rows_of_folds.sum() == N_ROWS and np.ptp(rows_of_folds) <= 125
    tested = one.predictions.query("model == 'glm' and repeat == 1")
    group = np.repeat(np.arange(12), sizes)
    assert (tested.groupby(group[tested["row"]])["fold"].nunique() == 1).all()
    assert sorted(tested["row"]) == list(range(N_ROWS))
    assert "3 folds x 2 repeats, of whole row groups (12), seed 3" in str(one)
    assert "from 6 folds, 50 are needed (more `repeats`)" in one.verdict


def test_there_is_a_verdict_from_fifty_resamples_on(rows):
    found = bn.compare_models(
        ["glm"], cut(rows, 4), formula="sick ~ age + dose", event="yes", folds=2, repeats=25, seed=1
    )
    assert found.verdict.startswith("glm beats null by") and "over 50 folds" in found.verdict


def test_a_few_rows_are_kept_where_there_are_many_and_that_is_said(rows, monkeypatch, tmp_path):
    how = {"formula": "sick ~ age + dose", "event": "yes", "folds": 4, "repeats": 1, "seed": 3}
    whole = bn.compare_models(["glm"], cut(rows), **how)
    monkeypatch.setattr(batch_reading, "MOST_ROWS", 100)
    part = bn.compare_models(["glm"], cut(rows), **how)
    measures = ["auroc", "log_loss", "brier", "low", "high"]
    pd.testing.assert_frame_equal(numbers(part)[measures], numbers(whole)[measures])
    assert part.n_rows == N_ROWS and len(part.predictions) == 200
    keys = ["model", "row"]
    joined = part.predictions.merge(whole.predictions, on=keys, suffixes=("", "_all"))
    assert len(joined) == 200 and (joined[".pred_yes"] == joined[".pred_yes_all"]).all()
    assert (joined["truth"] == joined["truth_all"]).all() and (joined["fold"] == joined["fold_all"]).all()
    assert "all 900 rows; calibration" in str(part) and "all 900" not in str(whole)
    page = bn.write_report(part, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "of whole tables (12)" in page
    assert "675 rows to train, 225 to test" in page


@pytest.mark.long
def test_a_net_learns_the_row_groups_of_the_training_part(rows):
    options = {"units": 4, "epochs": 4, "ensemble": 1, "validation": 0, "numbers": "plain"}
    models, how = (
        {"net": bn.make_net(**options), "glm": "glm"},
        {"event": "yes", "folds": np.repeat([1, 2], 6)},
    )
    found = bn.compare_models(models, cut(rows), formula="sick ~ dose", seed=2, **how)
    options["seed"] = found.basis.seed_of("net", 1)
    alone = bn.fit_net("sick ~ dose", rows[:450], event="yes", **options)
    of_net = found.predictions.query("model == 'net' and fold == 2")
    np.testing.assert_allclose(of_net[".pred_yes"], alone.predict_event(rows[450:]), rtol=1e-5)
    assert found.reference == "glm" and found.models == ["net", "glm", "null"]


def test_rows_that_can_not_be_used_are_left_out_for_all_models(rows):
    gaps = rows.assign(dose=rows["dose"].where(rows.index % 9 != 2), sick=rows["sick"].where(rows.index != 8))
    how = {"formula": "sick ~ dose + age", "event": "yes", "folds": np.tile([1, 2, 3], 4), "missing": "drop"}
    with pytest.warns(DroppedWarning):
        found = bn.compare_models(["glm"], cut(gaps), **how)
    assert found.n_rows == N_ROWS - 101 and len(found.warned) == 2
    assert set(found.predictions["row"]) == set(np.flatnonzero((rows.index % 9 != 2) & (rows.index != 8)))
    whole = gaps.assign(sick=rows["sick"])
    with pytest.raises(ColumnError, match="(?s)dose.*missing="):
        bn.compare_models(["glm"], cut(whole), **(how | {"missing": "error"}))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"folds": 13}, "no more than tables"),
        ({"folds": 1}, "at least two folds"),
        ({"folds": [1, 2]}, "the fold of each table"),
        ({"strata": "site"}, "by folds of row groups.*\n.*'strata'"),
        ({"groups": "site"}, "'groups'"),
        ({"time": "age"}, "'time'"),
        ({"checkpoint": "kept.checkpoint"}, "by folds of row groups.*\n.*'checkpoint'"),
        ({"n_jobs": 2}, "by folds of row groups.*\n.*'n_jobs'"),
        ({"missing": "impute"}, "can't be imputed"),
        ({"weights": np.ones(N_ROWS)}, "`weights` must name a column"),
        ({"formula": None, "outcome": np.ones(N_ROWS)}, "must be named"),
        ({"formula": "sike ~ age"}, "sike"),
        ({"models": ["random_forest"]}, "must be GLMs or nets of ours"),
        ({"models": {"mine": lambda train, test: np.ones(len(test))}}, "must be GLMs or nets of ours"),
        (
            {"models": {"net": bn.make_net(objective="quantile")}, "formula": "pain ~ age", "event": None},
            "objective",
        ),
        ({"data": lambda: iter([])}, "Parquet file or folder, or a list of tables"),
        ({"formula": "cbind(dose, age) ~ site", "event": None}, "one outcome"),
    ],
)
def test_what_batches_can_not_have_is_refused_in_words(rows, options, words):
    given = {"models": ["glm"], "data": cut(rows), "formula": "sick ~ age", "event": "yes"} | options
    with pytest.raises(InputError, match=words):
        bn.compare_models(given.pop("models"), given.pop("data"), **given)


def test_row_groups_sorted_by_the_outcome_are_told(rows):
    ordered = rows.sort_values("sick", ignore_index=True)
    with pytest.raises(OutcomeError, match="Shuffle the rows"):
        bn.compare_models(["glm"], [ordered[:300], ordered[600:]], formula="sick ~ age", event="yes", folds=2)
