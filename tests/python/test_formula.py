"""Formulas equal R's model.matrix (live, and kept in reference/formula.json) and run only what they may."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import ColumnError, FormulaError, InputError
from bineural.formula.contrasts import contrast_table
from bineural.formula.guard import parse_guarded, split_formula
from bineural.formula.outcome import evaluate_outcome, outcome_columns
from bineural.formula.syntax import deparse, format_number, names_in, parse
from bineural.formula.terms import read_terms
from bineural.inputs.matrices import model_matrix
from bineural.inputs.preparation import Preparation

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "formula.json").read_text())


def make_kyphosis():
    frame = bn.load_dataset("kyphosis")
    frame["NumF"] = pd.cut(frame["Number"], [0, 3, 4, 10], labels=["lo", "mid", "hi"], ordered=False)
    frame["Size"] = pd.cut(frame["Number"], [0, 3, 4, 10], labels=["lo", "mid", "hi"])
    frame["flag"] = frame["Age"] > 80
    frame["my col"] = frame["Start"] / 3
    return frame


KYPHOSIS = make_kyphosis()


@pytest.fixture(scope="module")
def judge():
    """R itself, with the same table under the name kyphosis."""
    import rjudge

    rjudge.r("library(splines)")
    rjudge.assign("kyphosis", KYPHOSIS)
    rjudge.r("kyphosis$Size <- factor(kyphosis$Size, ordered = TRUE)")
    return rjudge


def from_r(judge, name):
    """Bring a data frame of R's own over: factors as categories."""
    frame = {}
    for column in judge.strings(f"names({name})"):
        place = f"{name}[[{column!r}]]"
        if judge.r(f"is.factor({place})")[0]:
            codes = [int(code) - 1 for code in judge.r(f"as.integer({place})")]
            is_ordered = bool(judge.r(f"is.ordered({place})")[0])
            frame[column] = pd.Categorical.from_codes(codes, judge.strings(f"levels({place})"), is_ordered)
        else:
            frame[column] = judge.numbers(place)
    return pd.DataFrame(frame)


def assert_equals_r(judge, formula, frame, name, contrasts=None, r_contrasts="NULL"):
    ours = model_matrix(formula, frame, contrasts=contrasts)
    code = formula if "~" in formula else f"~ {formula}"
    judge.r(f"..matrix <- model.matrix({code}, {name}, contrasts.arg = {r_contrasts})")
    assert list(ours.columns) == judge.strings("colnames(..matrix)")
    np.testing.assert_allclose(ours.to_numpy(), judge.numbers("..matrix"), rtol=1e-12, atol=1e-12)


# ---- equal to R ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", REFERENCE["matrices"])
def test_model_matrix_equals_the_one_r_made(formula):
    made, wanted = model_matrix(formula, KYPHOSIS), REFERENCE["matrices"][formula]
    assert list(made.columns) == wanted["names"]
    rows = np.array(REFERENCE["rows"]) - 1
    np.testing.assert_allclose(made.to_numpy()[rows], wanted["rows"], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(made.to_numpy().sum(axis=0), wanted["sums"], rtol=1e-12, atol=1e-11)


@pytest.mark.parametrize("formula", REFERENCE["matrices"])
def test_model_matrix_equals_r_live(judge, formula):
    assert_equals_r(judge, formula, KYPHOSIS, "kyphosis")


@pytest.mark.parametrize(
    "formula",
    [
        "1",
        "!flag",
        "-1 + Age",
        "Age - 1 + 1",
        "Age^2",
        "Start:Age + Age * Start",
        "NumF:Kyphosis",
        "NumF * Kyphosis * flag - Kyphosis:NumF",
        "NumF * Kyphosis - NumF",
        "NumF * Kyphosis - 1",
        "NumF + NumF:Kyphosis",
        "Kyphosis:NumF:flag",
        "Age + NumF %in% Kyphosis",
        "Age %in% (NumF + flag) - 1",
        "NumF:poly(Age, 2) - 1",
        "NumF:Age + Age - 1",
        "NumF + flag:Start",
        "NumF/(Start + Age)",
        "(Age + Start)/NumF",
        "poly(Age,1)",
        "poly(Age, 2) * poly(Start, 2)",
        "ns(Age)",
        "ns(Age,4,Boundary.knots=c(10,150))",
        "bs(Age, knots=c(30,90), intercept=TRUE)",
        "scale(Age, scale=FALSE) + scale(Start, center=F)",
        "scale(log(Age))",
        "poly(log(Age), 2)",
        "log(`my col` + 1, 2) * NumF",
        "C(NumF, contr.helmert):Age",
        "factor(NumF, levels=c('hi','lo','mid'))",
        "ordered(NumF)",
        "cut(Number, c(-Inf, 3, 4, Inf))",
        "I(NumF == 'mid') + I(Age>80 & Start<10) + I(Age < 9 | !flag)",
        "I(Age%%7) + I(Age %/% 7) + I(-Age^2) + I((-Age)^2) + I(Age^-1) + I(Age ** 2)",
        "I(1e5*Age) + I(Age*0.00001) + I(123456*Age)",
        "floor(Age/10) + ceiling(Age/10) + trunc(Age/10) + round(Age/7, 1)",
        "pmin(Age, 50, Start) + pmax(Age, 50) + abs(Start - 10) + sign(Start - 10)",
        "as.numeric(flag) + log2(Age) + log10(Age) + log1p(Age) + expm1(-Age)",
        "sin(Age) + cos(Age) + tan(Age) + tanh(Age/90)",
        "offset(Age) + Start",
    ],
)
def test_further_formulas_equal_r_live(judge, formula):
    assert_equals_r(judge, formula, KYPHOSIS, "kyphosis")


def random_algebra(rng, depth):
    """Draw an algebra of terms: `-` only at the right end, as R itself is odd within products."""
    if depth == 0 or rng.random() < 0.25:
        return str(rng.choice(["Age", "Start", "NumF", "Kyphosis", "flag", "log(Age)", "poly(Start, 2)"]))
    operator = rng.choice(["+", "+", "*", ":", "/", "%in%", "^"])
    left = random_algebra(rng, depth - 1)
    if operator == "^":
        return f"({left})^{rng.integers(2, 4)}"
    right = random_algebra(rng, depth - 1)
    left, right = (f"({part})" if rng.random() < 0.5 else part for part in (left, right))
    return f"{left} {operator} {right}"


def test_five_hundred_random_formulas_have_the_terms_of_r_in_its_order(judge):
    rng = np.random.default_rng(9)

    def draw(depth):
        operator = rng.choice(["", "+", "+", "*", ":", "/", "%in%", "^"]) if depth else ""
        if not operator:
            return str(rng.choice(list("abcde")))
        if operator == "^":
            return f"({draw(depth - 1)})^{rng.integers(2, 6)}"
        return f"({draw(depth - 1)}) {operator} ({draw(depth - 1)})"

    for _ in range(500):
        ends = ["", "", " - 1", " + 0", f" - ({draw(1)})"]
        text = draw(int(rng.integers(1, 6))) + str(rng.choice(ends))
        made = read_terms(text)
        labels = [":".join(made.variables[i][0] for i in term) for term in made.terms]
        assert labels == judge.strings(f"attr(terms(~ {text}), 'term.labels')"), text
        assert made.intercept == bool(judge.r(f"attr(terms(~ {text}), 'intercept')")[0]), text


@pytest.mark.parametrize("seed", range(40))
def test_random_algebra_equals_r_live(judge, seed):
    rng = np.random.default_rng(seed)
    end = rng.choice(["", " - 1", " + 0", " - NumF", " - Age:Start"])
    assert_equals_r(judge, random_algebra(rng, 3) + str(end), KYPHOSIS, "kyphosis")


@pytest.mark.parametrize(
    "name, formula",
    [
        ("iris", "Sepal.Length ~ ."),
        ("iris", "~ Species:Petal.Width + Petal.Length"),
        ("iris", "Sepal.Length ~ .^2"),
        ("iris", "ns(Sepal.Width, 3) * Species"),
        ("warpbreaks", "wool * tension"),
        ("warpbreaks", "wool:tension - 1"),
        ("warpbreaks", "tension/wool - 1"),
        ("esoph", "agegp * tobgp"),
        ("esoph", "ncontrols + agegp:alcgp"),
        ("esoph", "agegp - 1"),
        ("mtcars", "mpg ~ ."),
        ("mtcars", "mpg ~ log(hp) * factor(cyl) + wt"),
        ("mtcars", "mpg ~ (hp + wt + factor(cyl))^3"),
        ("mtcars", "poly(hp, 4) + bs(wt, df = 6) + ns(disp, 5)"),
    ],
)
def test_r_data_sets_equal_r_live(judge, name, formula):
    assert_equals_r(judge, formula, from_r(judge, name), name)


@pytest.mark.parametrize(
    "formula, contrasts, r_contrasts",
    [
        ("NumF * Kyphosis", {"NumF": "sum"}, 'list(NumF = "contr.sum")'),
        (
            "NumF * Kyphosis",
            {"NumF": "contr.helmert", "Kyphosis": "sum"},
            'list(NumF = "contr.helmert", Kyphosis = "contr.sum")',
        ),
        ("NumF:Age", {"NumF": "poly"}, 'list(NumF = "contr.poly")'),
        ("Size + Age", {"Size": "treatment"}, 'list(Size = "contr.treatment")'),
        ("flag * Age", {"flag": "sum"}, 'list(flag = "contr.sum")'),
        ("factor(Number)", {"factor(Number)": "sum"}, 'list(`factor(Number)` = "contr.sum")'),
        (
            "NumF",
            {"NumF": [[1.0, 0.5], [0.0, 2.0], [-1.0, 0.0]]},
            "list(NumF = matrix(c(1, 0, -1, .5, 2, 0), 3))",
        ),
    ],
)
def test_named_contrasts_equal_r_live(judge, formula, contrasts, r_contrasts):
    assert_equals_r(judge, formula, KYPHOSIS, "kyphosis", contrasts, r_contrasts)


@pytest.mark.parametrize("unordered, ordered", [("sum", "poly"), ("helmert", "SAS"), ("SAS", "sum")])
def test_default_contrasts_equal_those_of_rs_option(judge, unordered, ordered):
    judge.r(f'options(contrasts = c("contr.{unordered}", "contr.{ordered}"))')
    try:
        for formula in ["NumF * Kyphosis + Size", "flag * Age", "factor(Number) + Size", "NumF:Size - 1"]:
            assert_equals_r(judge, formula, KYPHOSIS, "kyphosis", {".": (unordered, ordered)})
        named = {".": (unordered, ordered), "NumF": "treatment"}
        assert_equals_r(judge, "NumF + Size", KYPHOSIS, "kyphosis", named, 'list(NumF = "contr.treatment")')
    finally:
        judge.r('options(contrasts = c("contr.treatment", "contr.poly"))')
    short, pair = ({".": kinds} for kinds in (unordered, [unordered, "poly"]))
    pd.testing.assert_frame_equal(
        model_matrix("NumF + Size", KYPHOSIS, contrasts=short),
        model_matrix("NumF + Size", KYPHOSIS, contrasts=pair),
    )


def test_default_contrasts_must_be_known():
    for kinds, found in [("sdif", "'sdif'"), (["sum"], r"\['sum'\]"), ([[1.0], "poly"], r"\[\[1.0\]")]:
        with pytest.raises(InputError, match=found):
            model_matrix("NumF", KYPHOSIS, contrasts={".": kinds})


@pytest.mark.parametrize("k", [2, 3, 6])
def test_the_table_of_sas_contrasts_equals_r_live(judge, k):
    table, suffixes = contrast_table("contr.SAS", [str(j + 1) for j in range(k)])
    np.testing.assert_array_equal(table, np.reshape(judge.numbers(f"contr.SAS({k})"), (k, -1)))
    assert suffixes == judge.strings(f"colnames(contr.SAS({k}))")


@pytest.mark.parametrize("k", REFERENCE["contrasts"])
@pytest.mark.parametrize("kind", ["treatment", "sum", "helmert", "poly"])
def test_contrast_tables_equal_r(kind, k):
    table, suffixes = contrast_table(kind, [str(j) for j in range(int(k))])
    wanted = np.array(REFERENCE["contrasts"][k][kind]).reshape(int(k), -1)
    np.testing.assert_allclose(table, wanted, atol=1e-14)
    assert len(suffixes) == int(k) - 1


def test_levels_without_rows_keep_their_columns_as_in_r(judge):
    few = KYPHOSIS[KYPHOSIS["NumF"] != "mid"].reset_index(drop=True)
    judge.assign("few", few)
    assert_equals_r(judge, "NumF * Age", few, "few")


def test_rows_with_missing_values_are_left_out_with_a_warning():
    holed = KYPHOSIS.assign(Age=KYPHOSIS["Age"].where(KYPHOSIS.index != 2))
    with pytest.warns(bn.BineuralWarning, match=r"1 of 81 rows with missing values in `Age` \(1\)"):
        made = model_matrix("~ Age + Start", holed)
    assert 2 not in made.index and len(made) == 80


# ---- places where Python's formula libraries are not R ---------------------------------------------------


def test_a_power_inside_i_is_a_power():
    assert model_matrix("I(Number^2)", KYPHOSIS)["I(Number^2)"].tolist() == (KYPHOSIS["Number"] ** 2).tolist()


def test_an_unseen_level_is_never_the_baseline():
    made = Preparation("NumF").fit(KYPHOSIS[KYPHOSIS["NumF"] != "hi"])
    with pytest.warns(bn.BineuralWarning, match=r"`NumF`: 'hi' \(28\)"):
        rows = made.transform(KYPHOSIS).matrix[(KYPHOSIS["NumF"] == "hi").to_numpy()]
    share = (KYPHOSIS["NumF"] == "mid").sum() / (KYPHOSIS["NumF"] != "hi").sum()
    assert made.names_ == ["NumFmid"] and np.all(rows == share)


def test_in_means_an_interaction():
    nested, crossed = model_matrix("Age %in% NumF", KYPHOSIS), model_matrix("Age:NumF", KYPHOSIS)
    pd.testing.assert_frame_equal(nested, crossed)


def test_an_offset_is_no_column_but_is_handed_on():
    prepared = Preparation("Age + offset(log(Number)) + offset(Start)").fit_transform(KYPHOSIS)
    assert prepared.matrix.shape == (81, 1)
    np.testing.assert_allclose(prepared.offset, np.log(KYPHOSIS["Number"]) + KYPHOSIS["Start"])
    with pytest.raises(FormulaError, match="offset can only be added"):
        Preparation("Age:offset(Start) + Age").fit(KYPHOSIS)


def test_natural_splines_are_rs():
    made = model_matrix("ns(Age, df = 3)", KYPHOSIS).iloc[0, 1:]
    np.testing.assert_allclose(made, REFERENCE["ns_row"], rtol=1e-12)


def test_names_are_rs():
    made = model_matrix(
        "NumF + Size + poly(Age,2) + ns(Age,df=3) + Age:Start + I(Number ^ 2) + flag", KYPHOSIS
    )
    wanted = [
        "NumFmid",
        "Size.L",
        "poly(Age, 2)1",
        "ns(Age, df = 3)1",
        "Age:Start",
        "I(Number^2)",
        "flagTRUE",
    ]
    assert [name for name in made.columns if name in wanted] == [
        *wanted[:4],
        "I(Number^2)",
        "flagTRUE",
        "Age:Start",
    ]


def test_scale_divides_by_the_training_rows_n_minus_one_sd():
    train = KYPHOSIS[:40]
    made = Preparation("scale(Age)").fit(train).transform(KYPHOSIS).matrix[:, 0]
    wanted = (KYPHOSIS["Age"] - train["Age"].mean()) / train["Age"].std(ddof=1)
    np.testing.assert_allclose(made, wanted, rtol=1e-13)


# ---- the algebra -----------------------------------------------------------------------------------------


def test_terms_come_by_degree_and_intercepts_go():
    terms = read_terms("a:b + c + a - 1")
    assert [name for name, _ in terms.variables] == ["a", "b", "c"]
    assert terms.terms == [(2,), (0,), (0, 1)] and not terms.intercept
    assert not read_terms("a", intercept=False).intercept


def test_thousands_of_columns_are_read():
    names = [f"v{i}" for i in range(4000)]
    for text in (" + ".join(names), ". - v0", "."):
        assert len(read_terms(text, names).columns) == 4000 - ("-" in text)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("poly(Age,2,raw=TRUE)", "poly(Age, 2, raw = TRUE)"),
        ("I( (a+b)^2/3 )", "I((a + b)^2/3)"),
        ("cut(a,c(0,.5),labels='x')", 'cut(a, c(0, 0.5), labels = "x")'),
        ("`my col`:a", "`my col`:a"),
        ("a %in% b", "a %in% b"),
        ("I(-a^2 %% 3)", "I(-a^2%%3)"),
        ("a>=1&!b", "a >= 1 & !b"),
        ("I(a ** 2L)", "I(a^2)"),
    ],
)
def test_trees_are_written_back_as_r_writes_them(text, shown):
    assert deparse(parse(text)) == shown


@pytest.mark.parametrize(
    "value, shown",
    [
        (1e5, "1e+05"),
        (123456, "123456"),
        (1e-4, "1e-04"),
        (0.001, "0.001"),
        (0.1 + 0.2, "0.3"),
        (1e15, "1e+15"),
    ],
)
def test_numbers_are_written_as_r_writes_them(value, shown):
    assert format_number(value) == shown


def test_names_in_a_tree_come_in_order_and_once():
    assert names_in(parse("log(b + a) * I(b^c) - `d e`")) == ["b", "a", "c", "d e"]


# ---- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, words",
    [
        ("__import__('os').system('ls')", r"Can't read|__import__"),
        ("np.exp(Age)", r"`np.exp\(\)` can't be used.*Allowed are"),
        ("eval(Age)", r"`eval\(\)` can't be used"),
        ("ifelse(Age > 3, 1, 0)", r"`ifelse\(\)` can't be used"),
        ("cbind(Age, Start)", "proportion of successes.*weights"),
        ("Age[0]", "Can't read"),
        ("lambda x: x", "can't stand here"),
        ("Age +", "ends too early"),
        ("Age + (Start", "missing"),
        ("Age * 2", "0 and 1 stand alone"),
        ("(Age + Start)^Age", "whole number"),
        ("Age %o% Start", "%o%"),
        ("Age %in% (Start - flag)", "right of `%in%`"),
        ("((Age - Age) / Start)^2", "at least one column"),
        ("poly(Age, 2, 3, 4, 5)", r"`poly\(\)` must have fitting arguments"),
        ("poly(NumF, 2)", "must be about numbers"),
        ("log(NumF)", "must be about numbers"),
        ("poly(Age, 1.5)", "whole number"),
        ("ns(Age, df = 0)", "at least 1"),
        ("bs(Age, knots = c(1, 900))", "between the boundary"),
        ("cut(Age, 3)", "two or more distinct breaks"),
        ("cut(Age, c(0, 10))", "cover every row"),
        ("relevel(NumF, 'xl')", "must be a level"),
        ("I(NumF == 'xl')", "must be a level"),
        ("C(NumF, magic)", "must be one of"),
        ("I(3)", "one value per row"),
        ("offset(Age) * Start", "only be added"),
        ("(" * 5000 + "Age" + ")" * 5000, "nested too deeply"),
    ],
)
def test_what_formulas_may_not_do_is_refused(text, words):
    with pytest.raises(InputError, match=f"(?s){words}"):
        Preparation(text).fit(KYPHOSIS)


def test_a_misspelt_column_gets_its_near_name():
    with pytest.raises(ColumnError, match=r"(?s)no column `age`.*`Age`"):
        Preparation("age + Start").fit(KYPHOSIS)


def test_log_of_zero_is_an_error_that_counts_rows():
    with pytest.raises(ColumnError, match=r"(?s)`log\(Start - 1\)` must be a finite.*5 of 81 rows"):
        Preparation("log(Start - 1)").fit(KYPHOSIS)


def test_formulas_split_at_the_tilde():
    assert split_formula("log(y) ~ a + b") == ("log(y)", "a + b")
    assert split_formula("~ a") == (None, "a")
    assert split_formula("`a~b` ~ a") == ("`a~b`", "a")
    for wrong in ("a ~ b ~ c", "y ~", "", 3):
        with pytest.raises(FormulaError):
            split_formula(wrong)


def test_outcomes_are_columns_or_expressions():
    assert evaluate_outcome("Kyphosis", KYPHOSIS).equals(KYPHOSIS["Kyphosis"])
    assert evaluate_outcome("`my col`", KYPHOSIS).equals(KYPHOSIS["my col"])
    np.testing.assert_allclose(evaluate_outcome("log(Age)", KYPHOSIS), np.log(KYPHOSIS["Age"]))
    assert (evaluate_outcome("Kyphosis == 'present'", KYPHOSIS) == (KYPHOSIS["Kyphosis"] == "present")).all()
    holed = KYPHOSIS.assign(Age=KYPHOSIS["Age"].where(KYPHOSIS.index != 2))
    assert np.flatnonzero(np.isnan(evaluate_outcome("log(Age)", holed))).tolist() == [2]
    assert outcome_columns("log(Age + `my col`)") == ["Age", "my col"]
    with pytest.raises(ColumnError, match="Did you mean `Kyphosis`"):
        evaluate_outcome("kyphosis", KYPHOSIS)
    with pytest.raises(FormulaError, match="weights"):
        evaluate_outcome("cbind(Age, Start)", KYPHOSIS)


def test_the_outcome_is_no_predictor():
    with pytest.raises(FormulaError, match="both sides"):
        model_matrix("Age ~ Age + Start", KYPHOSIS)
    assert "Age" not in model_matrix("log(Age) ~ .", KYPHOSIS.drop(columns=["Kyphosis"])).columns


def test_a_guarded_tree_is_plain_data():
    assert parse_guarded("a + b") == ("binary", "+", ("name", "a"), ("name", "b"))


# ---- what a formula may cost: each of these took minutes, or all memory ----------------------------------

WIDE = pd.DataFrame(np.random.default_rng(5).normal(size=(30, 950)), columns=[f"x{i}" for i in range(950)])


@pytest.mark.parametrize("power", ["12", "30", "1e9"])
def test_powers_stop_where_nothing_new_comes(power):
    made = read_terms(f"(a + b + c)^{power}")
    assert made.terms == [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]


def test_a_product_of_ten_has_a_term_for_each_set_of_them():
    made = model_matrix("*".join(WIDE.columns[:10]), WIDE)
    assert made.shape == (30, 1024)
    last = WIDE.iloc[:, :10].prod(axis=1)
    np.testing.assert_allclose(made.iloc[:, -1], last, rtol=1e-12)
    assert made.columns[-1] == ":".join(WIDE.columns[:10])


def test_a_product_of_factors_is_as_r_has_it(judge):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({c: pd.Categorical(rng.choice(["u", "v", "w"], 40)) for c in "abcd"})
    judge.assign("crossed", frame)
    for formula in ("a * b * c * d", "a * b * c * d - a:b - 1", "a:b:c + d %in% a", "(a + b + c + d)^3 - d"):
        assert_equals_r(judge, formula, frame, "crossed")


@pytest.mark.parametrize("sign", ["-", "+", ":", "/", "%in%"])
def test_chains_may_be_as_long_as_a_table_is_wide(sign):
    left = ". " if sign in "-+" else "x0 "
    n_columns = 300 if sign == "/" else 900
    made = read_terms(left + f"{sign} " + f" {sign} ".join(WIDE.columns[1:n_columns]), list(WIDE.columns))
    n_terms = {"-": 51, "+": 950, ":": 1, "/": 300, "%in%": 1}[sign]
    assert len(made.terms) == n_terms


def test_arithmetic_may_be_long():
    made = model_matrix("I(" + " - ".join(["x0"] * 3000) + ")", WIDE)
    np.testing.assert_allclose(made.iloc[:, 1], -2998 * WIDE["x0"], rtol=1e-9)


def test_two_thousand_terms_are_read_once_each(monkeypatch):
    read = []
    monkeypatch.setattr("bineural.formula.terms.deparse", lambda tree: read.append(1) or deparse(tree))
    made = read_terms(" + ".join(f"I(a * {i})" for i in range(2000)))
    assert len(made.terms) == 2000 and len(read) == 2000


@pytest.mark.parametrize(
    "formula, words",
    [
        (".^2", "at most 10,000 products"),
        (". * .", "at most 10,000 products"),
        ("*".join(f"x{i}" for i in range(60)), "at most 10,000 products"),
        ("x0^-1", "whole number of at least 1"),
        ("x0^0", "whole number of at least 1"),
        ("x0^2.5", "whole number of at least 1"),
        ("x0^Inf", "whole number of at least 1"),
        ("ns(x0, df = 1e9)", "`df` must be at most 30 for 30 rows"),
        ("bs(x0, df = 1e9)", "`df` must be at most 30 for 30 rows"),
        ("ns(x0, df = Inf)", "whole number"),
        ("bs(x0, degree = 1e9)", "`degree` must be at most 29 for 30 rows"),
        ("poly(x0, 1e9)", "`degree` must be at most 29 for 30 rows"),
        ("poly(x0, 1e9, raw = TRUE)", "`degree` must be at most 29 for 30 rows"),
        ("ns(x0, knots = c(" + ", ".join(f"{i / 1e5}" for i in range(60)) + "))", "as many columns as"),
        ("(" * 5000 + "x0" + ")" * 5000, "nested too deeply"),
        ("-" * 5000 + "x0", "nested too deeply"),
        ("I(" + "^".join(["x0"] * 5000) + ")", "nested too deeply"),
        ("~" * 100_000, "one `~`"),
        ("a" * 100_000, "no column"),
    ],
    ids=lambda value: value[:24],
)
def test_what_costs_too_much_is_refused_in_few_words(formula, words):
    with pytest.raises(InputError, match=words) as error:
        Preparation(formula).fit(WIDE)
    assert len(str(error.value)) < 1200


def test_categories_whose_products_make_too_many_columns_are_refused():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({c: rng.choice(["u", "v", "w"], 60) for c in "abcdefghij"})
    with pytest.raises(FormulaError, match="(?s)at most 10,000 columns.*It makes 10,"):
        Preparation("*".join(frame.columns)).fit(frame)
    many = pd.DataFrame({"id": [f"row {i}" for i in range(12_000)]})
    with pytest.raises(FormulaError, match="(?s)It makes 11,999.*`id`"):
        Preparation("id").fit(many)


@pytest.mark.parametrize("space", [" ", "\n", "\t"])
def test_spaces_cost_nothing_but_their_reading(space):
    made = read_terms(space * 200_000 + "a" + space * 200_000 + "+" + space * 200_000 + "b")
    assert made.terms == [(0,), (1,)]
    assert split_formula(space * 300_000 + "y ~ a") == ("y", "a")
