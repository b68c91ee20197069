"""Scorers in SQL, Python and R predict what the model does: raw columns in, the whole preparation inside."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import SavingError
from scoring import RUNNERS, run_duckdb, run_r, run_sqlite

FOLDER = Path(__file__).parents[2] / "reference"
sys.path.insert(0, str(FOLDER))
import bundles  # noqa: E402

TABLE = bundles.as_table(json.loads((FOLDER / "bundles/rows.json").read_text()))
GLMS = sorted(path.stem for path in (FOLDER / "bundles").glob("glm_*.bineural"))
NETS = ["net_embedding", "net_ensemble", "net_functional", "net_mlp", "net_regressor", "net_sequential"]
LONG = pytest.mark.long
ENDINGS = {"sql": ".sql", "python": ".py", "r": ".R"}


def predictions(model, rows):
    """Return what a model predicts in the order of its levels; (n_rows, n_outputs)."""
    if not hasattr(model, "classes_"):
        return np.asarray(model.predict(rows), float).reshape(len(rows), -1)
    classes = model.classes_.tolist()
    return model.predict_proba(rows)[:, [classes.index(level) for level in model.levels_]]


def export(model, folder, form, **options):
    return bn.export_model(model, folder / f"scorer{ENDINGS[form]}", format=form, **options)


def check(model, rows, folder, atol, forms=ENDINGS):
    """Compare all scorers with the model, missing predictions too."""
    wanted = predictions(model, rows)
    for form in forms:
        path = export(model, folder, form)
        for run in RUNNERS[form]:
            np.testing.assert_allclose(run(path, rows), wanted, rtol=0, atol=atol, err_msg=run.__name__)


@pytest.mark.parametrize("name", [name for name in GLMS if name != "glm_array"])
def test_a_glm_to_rounding(name, tmp_path):
    check(bn.load_model(FOLDER / f"bundles/{name}.bineural"), TABLE, tmp_path, atol=1e-12)


@pytest.mark.parametrize("name", NETS)
def test_a_small_net_to_float32(name, tmp_path):
    model = bn.load_model(FOLDER / f"bundles/{name}.bineural")
    size = 1.0 if hasattr(model, "classes_") else np.abs(model.predict(TABLE)).max()
    check(model, TABLE, tmp_path, atol=1e-6 * size)


# ---- terms, on rows where some can't be predicted ----

RNG = np.random.default_rng(11)
N = 120
HARD = pd.DataFrame(
    {
        "a": RNG.gamma(2, 3, N).round(2),
        "b": RNG.normal(0, 2, N),
        "k": RNG.integers(1, 5, N),
        "t": RNG.random(N) < 0.5,
        "g": RNG.choice(["low", "it's", 'a "b"', "Zürich"], N),
    }
).assign(
    y=lambda d: d.a - d.b + RNG.normal(size=N), c=lambda d: np.where(d.b + RNG.normal(size=N) > 0, "u", "v")
)
TERMS = [
    "log(a) + sqrt(a) + exp(-a) + abs(b) + sign(b)",
    "log2(a) + log10(a) + log1p(a) + expm1(-a) + I(a / k)",
    "sin(b) + cos(b) + tan(k) + tanh(b)",
    "round(b) + floor(b) + ceiling(b) + trunc(b)",
    "pmin(a, k) + pmax(b, 0) + I(a %% 2) + I(a %/% 2)",
    "I(a^2) + I(a^0.5) + I(a^-1) + I(2^b)",
    "I(a > 3) + I(b <= 0 & t) + I(!t | k == 2) + I(k != 1)",
    "factor(k) * t + relevel(factor(g), ref = 'low')",
    "C(g, sum) + C(factor(k), helmert) + factor(t)",
    "cut(a, c(0, 1, 4, 100)) + cut(b, c(-Inf, 0, Inf), right = FALSE)",
    "poly(a, 3) + poly(b, 2, raw = TRUE) + scale(a)",
    "ns(a, 3) + bs(b, df = 5) + ns(a, knots = c(2, 5)):t",
    "g:a + t:b + offset(a)",
    "I(factor(k) == '2') + I(g != 'low') + I(relevel(factor(g), 'low') == 'low')",
]


@pytest.mark.filterwarnings("ignore::bineural.errors.AliasedWarning")
@pytest.mark.parametrize("terms", TERMS)
def test_terms_are_those_of_the_formula(terms, tmp_path):
    model = bn.fit_glm(f"y ~ {terms}", HARD)
    check(model, HARD, tmp_path, atol=1e-9)


@pytest.mark.filterwarnings("ignore::bineural.BineuralWarning")
def test_rows_that_the_model_refuses_get_no_prediction(tmp_path):
    model = bn.fit_glm("y ~ log(a) + g + cut(b, c(-9, 0, 9))", HARD, unseen="error")
    rows = HARD[["a", "b", "g"]][:6].astype({"a": float})
    rows.loc[0, "a"], rows.loc[1, "a"], rows.loc[2, "b"], rows.loc[3, "g"] = -1, np.nan, 20.0, "new"
    rows.loc[4, "g"] = None
    for bad in range(5):
        with pytest.raises(bn.InputError):
            model.predict(rows.iloc[[bad]])
    for form in ENDINGS:
        path = export(model, tmp_path, form)
        for run in RUNNERS[form]:
            answer = run(path, rows)
            assert np.isnan(answer[:5]).all(), run.__name__
            np.testing.assert_allclose(answer[5:, 0], model.predict(rows[5:]))


@pytest.mark.filterwarnings("ignore::bineural.BineuralWarning")
@pytest.mark.parametrize("missing", ["impute", "drop"])
def test_gaps_and_unseen_levels_are_what_the_model_makes_of_them(missing, tmp_path):
    gaps = HARD.astype({"a": object, "g": object, "t": object})
    for column, share in (("a", 5), ("g", 7), ("t", 6)):
        gaps.loc[gaps.index % share == 0, column] = None
    gaps["a"] = gaps["a"].astype(float)
    model = bn.fit_glm("c ~ a + g + t + a:g", gaps, event="u", missing=missing)
    rows = gaps[["a", "g", "t"]].copy()
    rows.loc[rows.index % 11 == 0, "g"] = "never seen"
    check(model, rows, tmp_path, atol=1e-12)


@pytest.mark.filterwarnings("ignore::bineural.BineuralWarning")
@pytest.mark.parametrize(
    ("scaling", "numbers"),
    [
        ("robust", "piecewise"),
        ("quantile", "periodic"),
        pytest.param("robust", "periodic", marks=LONG),
        pytest.param("quantile", "piecewise", marks=LONG),
    ],
)
def test_every_scaling_and_embedding_of_numbers(scaling, numbers, tmp_path):
    options = {"scaling": scaling, "numbers": numbers, "units": 4, "epochs": 2, "ensemble": 2, "seed": 1}
    model = bn.fit_net("c ~ a + k + g", HARD, event="u", **options)
    rows = pd.concat([HARD, HARD.assign(a=HARD.a * 3 - 5, k=HARD.k + 2)])
    check(model, rows, tmp_path, atol=2e-6, forms=["sql", "python"])


@pytest.mark.filterwarnings("ignore::bineural.BineuralWarning")
@pytest.mark.parametrize(
    ("outcome", "options"),
    [
        pytest.param("k", {"objective": "ordinal"}, marks=LONG),
        ("y", {"objective": "quantile", "quantiles": [0.1, 0.5, 0.8]}),
        pytest.param("k", {"objective": "poisson", "offset": "formula"}, marks=LONG),
        pytest.param("a", {"objective": "gamma"}, marks=LONG),
        pytest.param("y", {"objective": "huber", "target": "clipped"}, marks=LONG),
        pytest.param("a", {"target": "log"}, marks=LONG),
        pytest.param("g", {"classes": ["low", "it's", 'a "b"', "Zürich"]}, marks=LONG),
    ],
)
def test_every_objective_means_what_it_does(outcome, options, tmp_path):
    options = dict(options)
    terms = "b + t + offset(b)" if options.pop("offset", None) else "b + t"
    model = bn.fit_net(f"{outcome} ~ {terms}", HARD, units=3, epochs=2, ensemble=1, seed=2, **options)
    check(
        model,
        HARD,
        tmp_path,
        atol=5e-6 * max(1, np.abs(predictions(model, HARD)).max()),
        forms=["sql", "python"],
    )


REST = ["tanh", "silu", "elu", "selu", "softplus", "leaky_relu", "sigmoid"]


@pytest.mark.parametrize("activation", ["gelu", *(pytest.param(name, marks=LONG) for name in REST)])
def test_activations(activation, tmp_path):
    model = bn.fit_net("y ~ a + b", HARD, units=3, activation=activation, epochs=1, ensemble=1, seed=3)
    check(model, HARD, tmp_path, atol=2e-5, forms=["sql", "python"])


# ---- the files ----


def test_a_query_keeps_columns_and_reads_the_table_that_is_named(tmp_path):
    model = bn.fit_glm("c ~ a + g", HARD, event="u")
    path = export(model, tmp_path, "sql", table='my "table"', keep=["b", "y"])
    rows = HARD[["a", "b", "g", "y"]]
    for run in (run_sqlite, run_duckdb):
        answer = run(path, rows, 'my "table"')
        np.testing.assert_array_equal(np.sort(answer[:, 1]), np.sort(rows["y"]))
        order, by = np.argsort(answer[:, 0]), np.argsort(rows["b"].to_numpy())
        np.testing.assert_allclose(answer[order, 2:], predictions(model, rows)[by], atol=1e-12)


def test_a_python_scorer_is_a_program_that_reads_csv_and_imports_nothing_else(tmp_path):
    model = bn.fit_glm("c ~ a + t + g", HARD, event="u")
    path = export(model, tmp_path, "python")
    imported = {
        line.split()[1] for line in path.read_text().splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= {"csv", "math", "sys", "bisect"}
    rows = HARD[["a", "t", "g"]]
    command = [sys.executable, "-I", "-S", str(path)]
    answer = subprocess.run(
        command, input=rows.to_csv(index=False), capture_output=True, text=True, check=True
    )
    lines = [line.split(",") for line in answer.stdout.splitlines()]
    assert lines[0] == [".pred_v", ".pred_u"] or lines[0] == [".pred_u", ".pred_v"]
    np.testing.assert_allclose(np.array(lines[1:], float), predictions(model, rows), atol=1e-12)


def test_a_scorer_in_r_takes_factors_and_uses_base_r_alone(tmp_path):
    import rjudge

    model = bn.fit_glm("c ~ a + t + g", HARD, event="u")
    path = export(model, tmp_path, "r")
    assert "library(" not in path.read_text() and "::" not in path.read_text()
    rjudge.r(f"source({str(path)!r})")
    rjudge.assign("rows", HARD[["a", "t", "g"]])
    answer = rjudge.numbers("as.matrix(predict_rows(transform(rows, g = factor(g))))")
    np.testing.assert_allclose(answer, predictions(model, HARD), atol=1e-12)
    assert rjudge.numbers("nrow(predict_rows(rows[1, ]))")[0] == 1


def test_names_and_labels_are_written_as_text(tmp_path):
    """A column or a level can't end a string and go on as code, in any of the languages."""
    hostile = "x\"\"\"'''; DROP TABLE new_data; -- \\ é"
    data = pd.DataFrame({hostile: RNG.choice([hostile, "b\\'", "${c}"], 60), "n": RNG.normal(size=60)})
    data["y"] = data["n"] + (data[hostile] == hostile)
    model = bn.fit_glm("y ~ .", data)
    wanted = predictions(model, data)
    for form in ("sql", "python"):
        for run in RUNNERS[form]:
            np.testing.assert_allclose(run(export(model, tmp_path, form), data), wanted, atol=1e-9)
    assert run_r(export(model, tmp_path, "r"), data).shape == wanted.shape


# ---- what can't be written ----


def test_what_a_scorer_cant_be_of_is_said(tmp_path, monkeypatch):
    net = bn.load_model(FOLDER / "bundles/net_images.bineural")
    with pytest.raises(bn.InputError, match="must be of a table"):
        export(net, tmp_path, "sql")
    offset = bn.fit_glm("k ~ a", HARD, family="poisson", offset=HARD["b"])
    with pytest.raises(bn.InputError, match="must find its offset in its columns"):
        export(offset, tmp_path, "python")
    with pytest.raises(bn.InputError, match="at least one column"):
        export(bn.fit_glm("y ~ 1", HARD), tmp_path, "sql")
    glm = bn.fit_glm("y ~ round(a, 1)", HARD)
    with pytest.raises(bn.InputError, match="round"):
        export(glm, tmp_path, "r")
    monkeypatch.setattr("bineural.exporting.models.MOST_NUMBERS", 100)
    with pytest.raises(bn.InputError, match="at most 100 numbers"):
        export(bn.load_model(FOLDER / "bundles/net_mlp.bineural"), tmp_path, "sql")
    with pytest.raises(SavingError, match="must be a fitted model"):
        export(3, tmp_path, "sql")
    with pytest.raises(SavingError, match="must be fitted"):
        export(bn.GLMClassifier(), tmp_path, "sql")
    with pytest.raises(bn.InputError, match="`format` must be"):
        bn.export_model(glm, tmp_path / "x", format="pmml")


def test_a_scorer_that_predicts_otherwise_is_not_handed_over(tmp_path, monkeypatch):
    from bineural.exporting import program

    model = bn.fit_glm("c ~ a + g", HARD, event="u")
    monkeypatch.setattr(program.Program, "sigmoid", lambda self, a: self.affine(0.5, (0.01,), (a,)))
    for form in ENDINGS:
        with pytest.raises(SavingError, match="must predict what it did before"):
            export(model, tmp_path, form)
    assert not list(tmp_path.iterdir())
