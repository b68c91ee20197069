"""Predictions and evaluations of rows in batches are those of the same rows in memory."""

import warnings
import weakref

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import dataset, parquet
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import bineural as bn
from bineural import average_models, evaluate_model, fit_glm, fit_net
from bineural.cli import main
from bineural.errors import ColumnError, FormulaError, InputError, UnseenLevelWarning
from bineural.glm.estimators import GLMClassifier
from bineural.tables.batches import ArrowSource


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    n = 203
    frame = pd.DataFrame({"load": rng.normal(8, 2, n), "mill": rng.choice(["Ulm", "Linz", "Bern"], n)})
    score = frame["load"] - 8 + (frame["mill"] == "Ulm") + rng.logistic(size=n)
    return frame.assign(
        torn=np.where(score > 0, "yes", "no"),
        grade=pd.cut(score, [-99, -1, 1, 99], labels=["low", "mid", "high"]).astype(str),
        strain=10 * score,
        heft=rng.integers(0, 3, n).astype(float),
    )


@pytest.fixture(scope="module")
def models(rows):
    quick = {"seed": 2, "epochs": 2, "units": 3, "validation": 0}
    glm = fit_glm("torn ~ load + mill", rows, event="yes")
    net = fit_net("torn ~ load * mill", cut(rows, 50), event="yes", **quick)
    return {
        "glm": glm,
        "net": net,
        "several classes": fit_net("grade ~ load + mill", rows, ensemble=2, **quick),
        "multinomial": fit_glm("grade ~ load", rows),
        "numbers": fit_net("strain ~ .", rows.drop(columns=["torn", "grade"]), **quick),
        "gaussian": fit_glm("strain ~ load", rows),
        "average": average_models({"glm": glm, "net": net}),
    }


def cut(frame, size):
    return [frame[i : i + size] for i in range(0, len(frame), size)]


def verbs(model):
    names = ("predict", "predict_proba", "predict_event", "predict_link", "decision_function")
    names += ("predict_features", "predict_spread")
    lacking = {"predict_event"} if getattr(model, "event_", None) is None else set()
    lacking |= set() if getattr(model, "members_", None) else {"predict_spread"}
    return [name for name in names if hasattr(model, name) and name not in lacking]


KINDS = ["glm", "net", "several classes", "multinomial", "numbers", "gaussian", "average"]
ONE_BY_ONE = ("several classes", "gaussian")  # in the short run


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("size", [203, 37])
def test_batches_are_predicted_as_the_whole_table(rows, models, name, size):
    assert_batches_agree(rows, models[name], size, name)


@pytest.mark.parametrize(
    "name", [name if name in ONE_BY_ONE else pytest.param(name, marks=pytest.mark.long) for name in KINDS]
)
def test_single_rows_are_predicted_as_the_whole_table(rows, models, name):
    assert_batches_agree(rows, models[name], 1, name)


def assert_batches_agree(rows, model, size, name):
    """Compare the answers for batches of one size with those for all rows at once."""
    for verb in verbs(model) if size > 1 else ["predict"]:
        answers, expected = getattr(model, verb)(cut(rows, size)), getattr(model, verb)(rows)
        assert answers.dtype == expected.dtype and answers.shape == expected.shape
        if answers.dtype.kind == "f":
            single = name in ("net", "several classes", "numbers", "average")
            np.testing.assert_allclose(answers, expected, rtol=1e-5 if single else 1e-12, err_msg=verb)
        else:
            assert (answers == expected).all()


def test_every_source_of_the_same_rows_gets_the_same_predictions(rows, models, tmp_path):
    parquet.write_table(pa.Table.from_pandas(rows), tmp_path / "whole.parquet", row_group_size=60)
    (tmp_path / "folder").mkdir()
    rows[:90].to_parquet(tmp_path / "folder/a.parquet", index=False)
    rows[90:].to_parquet(tmp_path / "folder/b.parquet", index=False)
    sources = {
        "file": tmp_path / "whole.parquet",
        "text": str(tmp_path / "whole.parquet"),
        "folder": tmp_path / "folder",
        "data set": dataset.dataset(tmp_path / "folder"),
        "function": lambda: (part for part in cut(rows, 99)),
        "generator": (part for part in cut(rows, 99)),  # predictions read batches once
        "record batches": pa.Table.from_pandas(rows).to_batches(max_chunksize=77),
        "dicts": [{name: part[name].to_numpy() for name in part} for part in cut(rows, 101)],
    }
    expected = models["net"].predict_proba(rows)
    for name, source in sources.items():
        assert (models["net"].predict_proba(source) == expected).all(), name


def test_a_file_is_read_by_the_columns_that_are_asked_for(rows, models, tmp_path, monkeypatch):
    rows.to_parquet(tmp_path / "rows.parquet", index=False)
    asked, read = [], ArrowSource.read
    monkeypatch.setattr(
        ArrowSource,
        "read",
        lambda self, piece, columns: asked.append(set(columns)) or read(self, piece, columns),
    )
    models["glm"].predict(tmp_path / "rows.parquet")
    evaluate_model(models["glm"], tmp_path / "rows.parquet", weights="heft")
    assert asked == [{"load", "mill"}, {"load", "mill", "torn", "heft"}]


@pytest.mark.parametrize(
    "name", ["glm", "net", "several classes", "multinomial", "numbers", "gaussian", "average"]
)
@pytest.mark.parametrize("weights", [None, "heft"])
def test_batches_are_evaluated_as_the_whole_table(rows, models, name, weights):
    batches = evaluate_model(models[name], cut(rows, 37), weights=weights)
    whole = evaluate_model(models[name], rows, weights=weights)
    assert batches.measures == whole.measures and batches.intervals == whole.intervals
    assert (batches.rows == whole.rows).all() and batches.n_known == whole.n_known
    assert (batches.n, batches.n_events, batches.outcome) == (whole.n, whole.n_events, whole.outcome)


def test_a_model_of_scikit_learn_is_evaluated_on_batches(rows):
    numbers = make_column_transformer(("passthrough", ["load", "heft"]))
    model = make_pipeline(numbers, LogisticRegression()).fit(rows, rows["torn"])
    batches = evaluate_model(model, cut(rows, 50), "torn", event="yes")
    assert batches.measures == evaluate_model(model, rows, "torn", event="yes").measures


def test_an_outcome_that_is_an_expression_is_evaluated_in_each_batch(rows):
    glm = fit_glm("torn == 'yes' ~ load", rows, event=True)
    sorted_rows = rows.sort_values("torn")  # some batches hold one label only
    found, expected = evaluate_model(glm, cut(sorted_rows, 40)), evaluate_model(glm, sorted_rows)
    assert found.measures == expected.measures
    with pytest.raises(FormulaError, match="all rows at once"):
        evaluate_model(fit_glm("scale(strain) ~ load", rows), cut(rows, 40))


def test_rows_left_out_stay_in_their_places(rows, models):
    gaps = rows.assign(load=rows["load"].where(~rows.index.isin([3, 120])))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        glm = fit_glm("torn ~ load + mill", gaps, event="yes", missing="drop")
    probability = glm.predict_event(cut(gaps, 50))
    assert np.flatnonzero(np.isnan(probability)).tolist() == [3, 120]
    assert [k for k, label in enumerate(glm.predict(cut(gaps, 50))) if label is None] == [3, 120]
    found = evaluate_model(glm, cut(gaps, 50))
    assert found.n == 201 and found.n_missing_prediction == 2 and 120 not in found.rows


@pytest.mark.parametrize("name", ["glm", "net"])
def test_an_error_says_which_batch_it_is_about(rows, models, name):
    gaps = rows.assign(load=rows["load"].where(rows.index != 120))
    with pytest.raises(ColumnError, match=r"(?s)not be missing.*`load`.*batch 3, rows 101 to 150"):
        models[name].predict(cut(gaps, 50))
    with pytest.raises(ColumnError, match=r"(?s)no column `mill`.*batch 1"):
        models[name].predict([part.drop(columns="mill") for part in cut(rows, 50)])
    with pytest.raises(ColumnError, match=r"(?s)no column `torn`.*batch 1"):
        evaluate_model(models[name], [part.drop(columns="torn") for part in cut(rows, 50)])


def test_new_levels_are_told_once_for_all_batches(rows, models):
    new = rows.assign(mill=rows["mill"].where(~rows.index.isin([3, 120, 121]), "Graz"))
    with pytest.warns(UnseenLevelWarning) as caught:
        found = models["glm"].predict_event(cut(new, 50))
    assert [str(w.message).split(" They")[0] for w in caught] == [
        "In 2 batches: Levels that training never saw (rows): `mill`: 'Graz' (1 to 2)."
    ]
    with pytest.warns(UnseenLevelWarning):
        assert (found == models["glm"].predict_event(new)).all()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: lambda: [], "(?s)at least one row.*no batch"),
        (lambda: lambda: 3, "(?s)must return an iterator of tables.*returned a int"),
        (lambda: iter([np.ones((3, 2))]), "(?s)named columns.*ndarray"),
        (lambda: "rows.csv", r"(?s)come in batches.*'rows.csv'.*load_dataset"),
        (lambda: "nowhere.parquet", "(?s)Parquet file.*no '.*nowhere.parquet'"),
    ],
)
def test_what_gives_no_rows_is_refused(models, data, words):
    for ask in (
        models["glm"].predict,
        models["net"].predict_proba,
        lambda X: evaluate_model(models["glm"], X),
    ):
        with pytest.raises(InputError, match=words):
            ask(data())


def test_values_beside_batches_are_refused(rows, models):
    batches = cut(rows, 50)
    with pytest.raises(InputError, match="(?s)`y` must name a column.*Series of shape"):
        evaluate_model(models["glm"], batches, rows["torn"])
    with pytest.raises(InputError, match="(?s)`weights` must name a column"):
        evaluate_model(models["glm"], batches, weights=np.ones(203))
    with pytest.raises(InputError, match="(?s)`offset`.*in memory only.*offset\\(column\\)"):
        models["glm"].predict_link(batches, offset=np.ones(203))
    with pytest.raises(Exception, match="not fitted"):
        GLMClassifier("load").predict(batches)


def test_verbs_that_need_all_rows_say_so(rows, models):
    for work in (
        lambda data: bn.tune_net(bn.make_net("torn ~ load", event="yes"), data, seed=1),
        lambda data: bn.fit_nets(bn.make_net("torn ~ load", event="yes"), data, seeds=[1]),
    ):
        for data in (cut(rows, 50), lambda: iter(cut(rows, 50)), "rows.parquet"):
            with pytest.raises(InputError, match=r"(?s)in memory here.*Read them whole"):
                work(data)


@pytest.mark.parametrize("n_batches", [4, 16])
@pytest.mark.parametrize("ask", ["predict", "evaluate"])
def test_no_more_than_two_batches_are_held(rows, models, n_batches, ask):
    alive, most = weakref.WeakSet(), [0]

    def read():
        for _ in range(n_batches):
            frame = rows.copy()
            frame.attrs["token"] = token = Token()
            alive.add(token)
            del token
            most[0] = max(most[0], len(alive))
            yield frame
            del frame

    if ask == "predict":
        assert len(models["net"].predict(read)) == n_batches * len(rows)
    else:
        assert evaluate_model(models["net"], read).n == n_batches * len(rows)
    assert 1 <= most[0] <= 2


class Token:
    """Something weak references can point to."""

    def __deepcopy__(self, memo):
        return self


def test_the_command_line_reads_parquet_files_in_batches(rows, models, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    bn.save_model(models["glm"], "glm.bineural")
    rows.to_csv("rows.csv", index=False)
    rows.to_parquet("rows.parquet", index=False)
    (tmp_path / "iris").mkdir()  # a data set's name is no folder
    (tmp_path / "folder").mkdir()
    for k, part in enumerate(cut(rows, 80)):
        part.to_parquet(f"folder/{k}.parquet", index=False)
    printed = {}
    for data in ("rows.csv", "rows.parquet", "folder"):
        assert main(["predict", "glm.bineural", data, "--keep", "heft", "--out", f"{data}.out.csv"]) == 0
        assert main(["evaluate", "glm.bineural", data]) == 0
        text = capsys.readouterr().out.split("\n", 1)[1].split("Caution")[0]
        printed[data] = (tmp_path / f"{data}.out.csv").read_text(), text
    assert len(set(printed.values())) == 1 and len(pd.read_csv("folder.out.csv")) == len(rows)
    assert main(["predict", "glm.bineural", "folder", "--keep", "hefty"]) == 2
    assert "Did you mean 'heft'?" in capsys.readouterr().err
    assert main(["predict", "glm.bineural", "iris"]) == 2
    assert "no column `load`" in capsys.readouterr().err
