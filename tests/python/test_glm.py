"""fit_glm against R's glm, live, and the behaviour statisticians expect around it."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import bineural as bn
from bineural.errors import (
    AliasedWarning,
    DroppedWarning,
    InputError,
    OutcomeError,
    SeparationWarning,
    UnseenLevelWarning,
)
from rjudge import assign, numbers, r, strings

KYPHOSIS = bn.load_dataset("kyphosis")


@parametrize_with_checks([bn.GLMClassifier(), bn.GLMRegressor()])
@pytest.mark.filterwarnings(
    "ignore::bineural.errors.BineuralWarning", "ignore::sklearn.exceptions.SkipTestWarning"
)
def test_estimators_keep_scikit_learns_contract(estimator, check):
    check(estimator)


def make_table(n=200, seed=5):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "b": rng.integers(0, 9, n),
            "f": pd.Categorical(rng.choice(["u", "v", "w"], n), categories=["w", "u", "v"]),
            "g": pd.Categorical(rng.choice(["no", "yes"], n)),
            "w": rng.integers(1, 4, n).astype(float),
            "o": rng.normal(scale=0.2, size=n),
        }
    )
    signal = 0.5 * frame["a"] - 0.1 * frame["b"] + (frame["f"] == "v") * 0.8
    frame["y"] = pd.Categorical(np.where(rng.random(n) < 1 / (1 + np.exp(-signal)), "ill", "healthy"))
    frame["count"] = rng.poisson(np.exp(0.3 * signal + 0.5))
    frame["cost"] = rng.gamma(3, np.exp(0.2 * signal))
    frame["z"] = signal + rng.normal(size=n)
    return frame


TABLE = make_table()
CASES = [
    # formula, R's family, arguments of ours, arguments of R's
    ("y ~ a + b + f", "binomial", {"event": "ill"}, ""),
    ("y ~ a * f + I(b^2)", "binomial", {"event": "ill"}, ""),
    ("y ~ (a + b + g)^2 - a:g", "binomial", {"event": "ill"}, ""),
    ("y ~ f * g - 1", "binomial", {"event": "ill"}, ""),
    ("y ~ a + f", "binomial('probit')", {"event": "ill", "link": "probit"}, ""),
    ("y ~ a + f", "binomial('cloglog')", {"event": "ill", "link": "cloglog"}, ""),
    ("y ~ a + b", "binomial", {"event": "ill", "weights": "w"}, ", weights = w"),
    ("y ~ a + offset(o)", "binomial", {"event": "ill"}, ""),
    ("count ~ a + f", "poisson", {"family": "poisson"}, ""),
    (
        "count ~ a * f",
        "poisson",
        {"family": "poisson", "weights": "w", "offset": "o"},
        ", weights = w, offset = o",
    ),
    ("cost ~ a + f", "Gamma", {"family": "gamma"}, ""),
    ("cost ~ a + f", "Gamma('log')", {"family": "gamma", "link": "log"}, ""),
    ("z ~ poly(a, 3) + f", "gaussian", {}, ""),
    ("log(cost) ~ a + g", "gaussian", {"weights": "w"}, ", weights = w"),
]


@pytest.mark.parametrize("formula, family, ours, theirs", CASES)
def test_fit_glm_equals_r(formula, family, ours, theirs):
    assign("d", TABLE)
    r(f"m <- suppressWarnings(glm({formula}, {family}, d{theirs})); s <- summary(m)")
    model = bn.fit_glm(formula, TABLE, **ours)
    table = model.coefficients()
    assert table["term"].tolist() == strings("names(coef(m))")
    judged = numbers("s$coefficients")
    for column, name in enumerate(["estimate", "std_error", "statistic"]):
        np.testing.assert_allclose(table[name], judged[:, column], rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(table["p_value"], judged[:, 3], rtol=1e-7, atol=1e-15)
    glance = model.glance()
    for ours_name, code in [
        ("deviance", "deviance(m)"),
        ("null_deviance", "m$null.deviance"),
        ("aic", "AIC(m)"),
        ("bic", "BIC(m)"),
        ("log_lik", "as.numeric(logLik(m))"),
        ("df_residual", "m$df.residual"),
        ("df_null", "m$df.null"),
        ("dispersion", "s$dispersion"),
        ("iterations", "m$iter"),
    ]:
        assert glance[ours_name] == pytest.approx(numbers(code)[0], rel=1e-10), ours_name
    np.testing.assert_allclose(model.vcov(), numbers("vcov(m)"), rtol=1e-8, atol=1e-12)


def test_exponentiated_coefficients_and_intervals_are_those_of_r():
    assign("d", TABLE)
    r("m <- suppressWarnings(glm(count ~ a + f, poisson, d))")
    model = bn.fit_glm("count ~ a + f", TABLE, family="poisson")
    plain, ratios = model.coefficients(), model.coefficients(exponentiate=True, level=0.9, method="wald")
    np.testing.assert_allclose(ratios["estimate"], numbers("exp(coef(m))"), rtol=1e-10)
    bounds = numbers("exp(confint.default(m, level = 0.9))")
    np.testing.assert_allclose(ratios[["low", "high"]], bounds, rtol=1e-8)
    kept = ["term", "std_error", "statistic", "p_value"]
    pd.testing.assert_frame_equal(ratios[kept], plain[kept])
    with pytest.warns(bn.BineuralWarning, match="identity link"):
        bn.fit_glm("z ~ a", TABLE).coefficients(exponentiate=True)


@pytest.mark.parametrize("formula, family, ours, theirs", [c for c in CASES if not c[3]])
def test_predictions_on_new_rows_equal_r(formula, family, ours, theirs):
    new = make_table(40, seed=6)
    assign("d", TABLE)
    assign("new", new)
    r(f"m <- glm({formula}, {family}, d); p <- predict(m, new, se.fit = TRUE)")
    model = bn.fit_glm(formula, TABLE, **ours)
    link, error = model.predict_link(new, std_error=True)
    np.testing.assert_allclose(link, numbers("p$fit"), rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(error, numbers("p$se.fit"), rtol=1e-8, atol=1e-10)
    mean = model.predict_event(new) if hasattr(model, "event_") else model.predict(new)
    np.testing.assert_allclose(mean, numbers("predict(m, new, type = 'response')"), rtol=1e-9, atol=1e-12)


def test_the_event_may_be_either_class():
    ill = bn.fit_glm("y ~ a + f", TABLE, event="ill")
    healthy = bn.fit_glm("y ~ a + f", TABLE, event="healthy")
    np.testing.assert_allclose(ill.coef(), -healthy.coef(), rtol=1e-7)
    np.testing.assert_allclose(ill.predict_proba(TABLE), healthy.predict_proba(TABLE), rtol=1e-7)
    np.testing.assert_allclose(ill.predict_event(TABLE), 1 - healthy.predict_event(TABLE), rtol=1e-7)
    assert (healthy.decision_function(TABLE) > 0).tolist() == (healthy.predict(TABLE) == "ill").tolist()


@pytest.mark.parametrize("y", [["no", "yes"] * 10, [0, 1] * 10, [True, False] * 10])
def test_an_unnamed_event_is_refused_and_the_classes_listed(y):
    frame = pd.DataFrame({"x": np.arange(20.0) % 7, "y": y})
    with pytest.raises(OutcomeError, match="(?s)`event` must name.*classes are") as error:
        bn.fit_glm("y ~ x", frame)
    assert all(repr(label) in str(error.value) for label in set(y))
    bn.fit_glm("y ~ x", frame, event=y[1])


def test_an_unknown_event_is_refused():
    with pytest.raises(OutcomeError, match="(?s)one of the outcome's classes.*'sick'"):
        bn.fit_glm("y ~ a", TABLE, event="sick")


def test_summary_prints_what_r_prints():
    text = bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present").summary()
    r("library(rpart); s <- summary(glm(Kyphosis ~ Age + Number + Start, binomial, kyphosis))")
    for value in numbers("s$coefficients[, 3]"):
        assert f"{value:.3f}" in text
    for value in (
        "83.23",
        "80 degrees",
        "61.38",
        "77 degrees",
        "AIC: 69.38",
        "5 Fisher",
        "n = 81, events = 17",
        "Pr(>|z|)",
    ):
        assert value in text


def test_profile_intervals_equal_mass():
    model = bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present")
    judged = numbers(
        "suppressMessages(confint(glm(Kyphosis ~ Age + Number + Start, binomial, rpart::kyphosis)))"
    )
    np.testing.assert_allclose(model.confint()[["low", "high"]], judged, rtol=1e-3, atol=1e-5)
    wald = numbers("confint.default(glm(Kyphosis ~ Age + Number + Start, binomial, rpart::kyphosis))")
    np.testing.assert_allclose(model.confint(method="wald")[["low", "high"]], wald, rtol=1e-9)


def test_profile_intervals_need_the_training_rows():
    model = pickle.loads(pickle.dumps(bn.fit_glm("y ~ a", TABLE, event="ill")))
    with pytest.raises(InputError, match="need the training rows"):
        model.confint()


def test_aliased_columns_are_named_and_harmless():
    frame = KYPHOSIS.assign(Dup=2 * KYPHOSIS["Age"] + KYPHOSIS["Start"])
    with pytest.warns(AliasedWarning, match="'Dup'"):
        model = bn.fit_glm("Kyphosis ~ Age + Number + Start + Dup", frame, event="present")
    plain = bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present")
    assert np.isnan(model.coef()["Dup"])
    assert model.glance()["df_residual"] == 77
    np.testing.assert_allclose(model.predict_event(frame), plain.predict_event(frame), rtol=1e-8)
    assert "NA" in model.summary()


def test_separation_is_said_and_the_columns_named():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"x": np.arange(40.0), "noise": rng.normal(size=40)})
    frame["y"] = np.where(frame["x"] < 20, "no", "yes")
    with pytest.warns(SeparationWarning, match="(?s)completely separated.*'x'.*firth.*ridge"):
        bn.fit_glm("y ~ x + noise", frame, event="yes")
    firth = bn.fit_glm("y ~ x + noise", frame, event="yes", method="firth")
    assert np.abs(firth.coef()).max() < 50
    ridge = bn.fit_glm("y ~ x + noise", frame, event="yes", penalty="ridge", strength=0.1)
    assert np.isnan(ridge.coefficients()["std_error"]).all()
    with pytest.raises(InputError, match="penalised"):
        ridge.confint()


def test_multinomial_equals_nnet():
    iris = bn.load_dataset("iris")
    outcome = iris.columns[-1]
    model = bn.fit_glm(f"{outcome} ~ sepal_width", iris)
    r("""library(nnet); invisible(capture.output(
         m <- multinom(Species ~ Sepal.Width, iris, reltol = 1e-15, maxit = 5000)))""")
    assert model.fit_.deviance == pytest.approx(numbers("deviance(m)")[0], rel=1e-7)
    np.testing.assert_allclose(model.predict_proba(iris), numbers("fitted(m)"), atol=1e-4)
    assert model.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert "virginica:sepal_width" in model.coef().index
    assert "multinomial" in model.summary()


def test_proportions_with_trials_as_weights_equal_r():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.normal(size=30), "n": rng.integers(5, 20, 30)})
    frame["share"] = rng.binomial(frame["n"], 0.4) / frame["n"]
    assign("d", frame)
    model = bn.fit_glm("share ~ x", frame, family="binomial", weights="n")
    np.testing.assert_allclose(
        model.coef(), numbers("coef(glm(share ~ x, binomial, d, weights = n))"), rtol=1e-10
    )


def test_missing_values_are_an_error_or_dropped_with_the_count():
    frame = KYPHOSIS.astype({"Age": float})
    frame.loc[[2, 9], "Age"] = np.nan
    with pytest.raises(InputError, match="Age"):
        bn.fit_glm("Kyphosis ~ Age + Number + Start", frame, event="present")
    with pytest.warns(DroppedWarning, match="2"):
        model = bn.fit_glm("Kyphosis ~ Age + Number + Start", frame, event="present", missing="drop")
    assert model.n_rows_ == 79
    assert model.fit_.deviance == pytest.approx(56.4800682691214, rel=1e-12)  # statistics.md 1.1
    probability = model.predict_event(frame)
    assert np.flatnonzero(np.isnan(probability)).tolist() == [2, 9]
    labels = model.predict(frame)
    assert labels[2] is None and labels[0] == "absent"
    frame.loc[[0, 1, 2, 9], "Age"] = np.nan  # of both classes
    imputed = bn.fit_glm("Kyphosis ~ Age + Number + Start", frame, event="present", missing="impute")
    assert np.isfinite(imputed.predict_event(frame)).all()


def test_a_missing_outcome_is_an_error_unless_dropped():
    frame = KYPHOSIS.copy()
    frame.loc[[0, 5, 7], "Kyphosis"] = None
    with pytest.raises(OutcomeError, match="(?s)not be missing.*3 of 81"):
        bn.fit_glm("Kyphosis ~ Age", frame, event="present")
    with pytest.warns(DroppedWarning, match="3 of 81"):
        assert bn.fit_glm("Kyphosis ~ Age", frame, event="present", missing="drop").n_rows_ == 78


def test_unseen_levels_take_the_average_level_with_one_warning():
    model = bn.fit_glm("y ~ a + f", TABLE, event="ill")
    new = TABLE.head(3).assign(f=["u", "new", "new"])
    with pytest.warns(UnseenLevelWarning, match="f.*new") as warned:
        link = model.predict_link(new)
    assert len(warned) == 1
    coef, share = model.coef(), TABLE["f"].value_counts(normalize=True)
    average = coef["fu"] * share["u"] + coef["fv"] * share["v"]
    expected = coef["(Intercept)"] + coef["a"] * new["a"] + [coef["fu"], average, average]
    np.testing.assert_allclose(link, expected, rtol=1e-12)


def test_one_class_is_an_error():
    frame = KYPHOSIS[KYPHOSIS["Kyphosis"] == "absent"]
    with pytest.raises(OutcomeError, match="class"):
        bn.fit_glm("Kyphosis ~ Age", frame, event="absent")


@pytest.mark.parametrize(
    "arguments, match",
    [
        ({"family": "weibull"}, "family"),
        ({"penalty": "ridge"}, "strength"),
        ({"penalty": "elastic", "strength": 1}, "penalty"),
        ({"strength": 5}, "(?s)`strength` must come with a penalty.*strength=5.*penalty='ridge'"),
        ({"penalty": "ridge", "strength": 5, "method": "firth"}, "(?s)`penalty` must be left out.*'firth'"),
        ({"link": "logarithm"}, "link"),
        ({"converge": "maybe"}, "converge"),
        ({"missing": "ignore"}, "missing"),
        ({"weights": "Agee"}, "(?s)weights.*Age"),
    ],
)
def test_bad_options_are_named(arguments, match):
    with pytest.raises(InputError, match=match):
        bn.fit_glm("Kyphosis ~ Age", KYPHOSIS, event="present", **arguments)


def test_arrays_frames_and_polars_give_the_same_model():
    import polars

    x, y = KYPHOSIS[["Age", "Number", "Start"]], KYPHOSIS["Kyphosis"]
    expected = bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present").coef().to_numpy()
    for X, target in [
        (x, y),
        (x.to_numpy(float), y.astype(str).to_numpy()),
        (polars.from_pandas(x), polars.Series(y.astype(str).tolist())),
        (KYPHOSIS, "Kyphosis"),
    ]:
        model = bn.fit_glm(X, target, event="present")
        np.testing.assert_allclose(model.coef().to_numpy(), expected, rtol=1e-10)
    model = bn.fit_glm("Kyphosis ~ .", polars.from_pandas(KYPHOSIS), event="present")
    np.testing.assert_allclose(model.coef().to_numpy(), expected, rtol=1e-10)


def test_clone_pickle_pipeline_and_search_work():
    x, y = KYPHOSIS[["Age", "Number", "Start"]], KYPHOSIS["Kyphosis"].astype(str)
    model = bn.fit_glm("Kyphosis ~ Age + Number", KYPHOSIS, event="present")
    again = clone(model).fit(KYPHOSIS, KYPHOSIS["Kyphosis"])
    assert (again.predict_proba(KYPHOSIS) == model.predict_proba(KYPHOSIS)).all()
    loaded = pickle.loads(pickle.dumps(model))
    assert (loaded.predict_proba(KYPHOSIS) == model.predict_proba(KYPHOSIS)).all()
    scores = cross_val_score(
        make_pipeline(StandardScaler(), bn.GLMClassifier()), x, y, cv=5, scoring="roc_auc"
    )
    assert scores.mean() > 0.7
    grid = {"penalty": ["ridge"], "strength": [0.01, 0.1]}
    assert GridSearchCV(bn.GLMClassifier(), grid, cv=3, scoring="roc_auc").fit(x, y).best_score_ > 0.7


def test_offset_column_is_found_again_and_offset_array_is_asked_for():
    named = bn.fit_glm("count ~ a", TABLE, family="poisson", offset="o")
    array = bn.fit_glm(TABLE[["a"]], TABLE["count"], family="poisson", offset=TABLE["o"])
    np.testing.assert_allclose(named.coef().to_numpy(), array.coef().to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(
        named.predict_link(TABLE), array.predict_link(TABLE[["a"]], offset=TABLE["o"]), rtol=1e-12
    )
    with pytest.raises(InputError, match="offset"):
        array.predict(TABLE[["a"]])
    for wrong in ([1.0], ["x"] * len(TABLE), [np.nan] * len(TABLE)):
        with pytest.raises(InputError, match="one finite number for each row"):
            array.predict_link(TABLE[["a"]], offset=wrong)


@pytest.mark.parametrize("n_rows", [1, 2, 5])
def test_a_dict_of_columns_predicts_its_rows_whatever_their_number(n_rows):
    model = bn.fit_glm("Kyphosis ~ Age + Start", KYPHOSIS, event="present")
    rows = {name: KYPHOSIS[name].to_numpy()[:n_rows] for name in ("Age", "Start")}
    assert np.array_equal(model.predict_proba(rows), model.predict_proba(KYPHOSIS[:n_rows]))
    assert model.predict_link(rows).shape == (n_rows,)


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        (np.ones((2, 3)), "3 features.*2 features"),
        (np.ones(2), "1D array"),
        (np.array([["a", "b"]]), "convert string"),
    ],
)
def test_rows_that_do_not_fit_are_refused_in_three_sentences(rows, match):
    model = bn.fit_glm(KYPHOSIS[["Age", "Start"]].to_numpy(), KYPHOSIS["Kyphosis"], event="present")
    with pytest.raises(InputError, match=match) as caught:
        model.predict(rows)
    assert all([caught.value.must, caught.value.found, caught.value.hint])


@pytest.mark.parametrize(
    ("weights", "match"),
    [
        (np.ones(3), "for 81 rows"),
        (np.r_[np.nan, np.ones(80)], "1 of 81 are not, the first of them nan"),
        (np.r_[np.ones(80), -2], "first of them -2"),
        (np.zeros(81), "All 81 are 0"),
        (["heavy"] * 81, "must be numbers"),
        (True, "(?s)must be numbers.*Found True"),
        (np.full(81, 1j), "(?s)must be numbers.*complex"),
    ],
)
def test_weights_that_cannot_be_used_are_named(weights, match):
    with pytest.raises(InputError, match=match):
        bn.fit_glm("Kyphosis ~ Age", KYPHOSIS, event="present", weights=weights)


def test_classes_that_leave_out_a_value_are_named_as_such():
    with pytest.raises(InputError, match="(?s)`classes` must.*Found 2"):
        bn.fit_glm("y ~ x", pd.DataFrame({"x": range(6), "y": [0, 1, 2] * 2}), classes=[0, 1])


@pytest.mark.parametrize(
    ("name", "formula", "apart"),
    [("iris", "species ~ .", "'setosa'.*completely"), ("wine", "cultivar ~ .", "'class_0'.*completely")],
)
def test_separation_of_several_classes_is_said_and_the_columns_named(name, formula, apart):
    with pytest.warns(SeparationWarning, match=f"{apart} separated by '[a-z0-9_]+'.*ridge") as caught:
        bn.fit_glm(formula, bn.load_dataset(name))
    assert "firth" not in str(caught[0].message)
    bn.fit_glm(formula, bn.load_dataset(name), penalty="ridge", strength=0.01)  # without a warning


def test_several_classes_that_overlap_are_not_called_separated():
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"x": rng.normal(size=90), "y": list("abc") * 30})
    bn.fit_glm("y ~ x", table)  # a warning would be an error


@pytest.mark.parametrize(("formula", "family", "ours", "theirs"), CASES)
@pytest.mark.parametrize("kind", ["deviance", "pearson", "working", "response"])
def test_residuals_equal_rs(formula, family, ours, theirs, kind):
    assign("d", TABLE)
    event = f"d$y <- factor(d$y, c('healthy', 'ill')); m <- glm({formula}, {family}, d{theirs})"
    truth = numbers(f"{event}; residuals(m, '{kind}')")
    found = bn.fit_glm(formula, TABLE, **ours).residuals(kind)
    np.testing.assert_allclose(found, truth, rtol=1e-8, atol=1e-10)


def test_residuals_need_training_rows_and_a_known_kind():
    model = bn.fit_glm("y ~ a", TABLE, event="ill")
    with pytest.raises(InputError, match="must be one of 'deviance'"):
        model.residuals("partial")
    with pytest.raises(InputError, match="need the training rows"):
        pickle.loads(pickle.dumps(model)).residuals()


def test_residuals_of_a_saturated_model_are_zero_as_in_r():
    model = bn.fit_glm("y ~ x + I(x^2)", {"y": [1.0, 2.5, 4.5], "x": [0.0, 1.0, 3.0]})
    assert model.residuals().tolist() == [0, 0, 0]


def test_residuals_of_several_classes_are_the_response_less_its_probability():
    model = bn.fit_glm("f ~ a", TABLE)
    found = model.residuals("response")
    happened = TABLE["f"].to_numpy()[:, None] == model.classes_
    np.testing.assert_allclose(found, happened - model.predict_proba(TABLE), atol=1e-12)
    with pytest.raises(InputError, match="of the kind 'response'"):
        model.residuals()


def test_several_classes_are_set_against_the_first_level():
    model = bn.fit_glm("f ~ a + b", TABLE)
    assert model.levels_ == ["w", "u", "v"]
    assert list(model.coef().index[:2]) == ["u:(Intercept)", "u:a"]
    probability, link = model.predict_proba(TABLE), model.predict_link(TABLE)
    assert link.shape == (len(TABLE), 2)
    against = np.log(probability[:, :2] / probability[:, [2]])  # classes_ are sorted: u, v, w
    np.testing.assert_allclose(link, against, rtol=1e-10)
    scores = model.decision_function(TABLE)
    assert (model.classes_[scores.argmax(axis=1)] == model.predict(TABLE)).all()
    renamed = TABLE.assign(f=TABLE["f"].astype(str))
    np.testing.assert_allclose(bn.fit_glm("f ~ a + b", renamed).predict_proba(TABLE), probability, atol=1e-6)
    with pytest.raises(InputError, match="two classes or numbers only"):
        model.predict_link(TABLE, std_error=True)


def test_penalised_classes_are_set_against_the_first_level():
    given = {"penalty": "ridge", "strength": 0.1}
    ours = bn.fit_glm("f ~ a + b", TABLE, **given)
    sorted_levels = TABLE.assign(f=TABLE["f"].astype(str))
    other = bn.fit_glm("f ~ a + b", sorted_levels, **given)
    np.testing.assert_allclose(ours.predict_proba(TABLE), other.predict_proba(TABLE), atol=1e-4)


@pytest.mark.parametrize("event", [True, "True", "TRUE", "true", 1, "1"])
def test_event_of_a_truth_value_is_understood_as_r_writes_it(event):
    table = TABLE.assign(y=TABLE["y"] == "ill")
    if event == "1":
        with pytest.raises(OutcomeError):
            bn.fit_glm("y ~ a", table, event=event)
    else:
        assert bool(bn.fit_glm("y ~ a", table, event=event).event_) is True


def test_columns_in_another_order_are_an_input_error():
    model = bn.fit_glm(TABLE[["a", "b"]], TABLE["z"])
    with pytest.raises(InputError, match="same order"):
        model.predict(TABLE[["b", "a"]])


def test_functions_of_r_packages_may_be_named_with_their_package():
    plain = bn.fit_glm("y ~ ns(a, 3) + poly(b, 2)", TABLE, event="ill")
    named = bn.fit_glm("y ~ splines::ns(a, 3) + stats::poly(b, 2)", TABLE, event="ill")
    assert named.coef().to_dict() == plain.coef().to_dict()


@pytest.mark.parametrize(
    ("values", "event", "classes"),
    [
        (pd.array([True, False, None] * 8, dtype="boolean"), True, [False, True]),
        (pd.array([1, 0, None] * 8, dtype="Int64"), 1, [0, 1]),
        (np.array([True, False, None] * 8, dtype=object), True, [False, True]),
        (["yes", "no", None] * 8, "yes", ["no", "yes"]),
    ],
)
def test_an_outcome_with_gaps_keeps_its_type(values, event, classes):
    table = pd.DataFrame({"y": values, "x": np.random.default_rng(4).normal(size=24)})
    with pytest.warns(DroppedWarning, match="8 of 24 rows without an outcome"):
        model = bn.fit_glm("y ~ x", table, event=event, missing="drop")
    assert model.classes_.tolist() == classes
    assert type(model.classes_.tolist()[0]) is type(classes[0])
    assert bn.evaluate_model(model, table).n == 16


def test_counts_with_gaps_are_numbers():
    table = pd.DataFrame({"y": pd.array([3, 1, None, 2] * 5, dtype="Int64"), "x": np.arange(20.0) ** 0.5})
    with pytest.warns(DroppedWarning, match="5 of 20 rows"):
        model = bn.fit_glm("y ~ x", table, family="poisson", missing="drop")
    assert bn.evaluate_model(model, table).n == 15


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (pd.date_range("2020-01-01", periods=20), "dates or times"),
        ([f"p{i}" for i in range(20)], "Its 20 values are all different"),
    ],
)
def test_dates_and_names_of_rows_are_no_outcome(values, words):
    with pytest.raises(OutcomeError, match=words):
        bn.fit_glm("y ~ x", pd.DataFrame({"y": values, "x": range(20)}))


def test_one_tiny_estimate_leaves_the_others_readable():
    frame = TABLE.assign(huge=TABLE["b"] * 1e9)
    text = bn.fit_glm("z ~ a + huge", frame).summary()
    row = next(line for line in text.splitlines() if line.startswith("a "))
    assert "e" not in row.split()[1]
    assert "e-" in next(line for line in text.splitlines() if line.startswith("huge")).split()[1]
