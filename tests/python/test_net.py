import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import bineural as bn
from bineural import fit_net
from bineural._tensorflow import keras
from bineural.errors import InputError, OutcomeError, UnscaledWarning, UnseenLevelWarning
from bineural.nets.estimators import NetClassifier, NetRegressor
from bineural.nets.watched_rows import hold_out
from bineural.training import engine, stacked

FORMULA = "Kyphosis ~ Age + Number + Start"
layers = keras.layers


@pytest.fixture(scope="module")
def kyphosis():
    return bn.load_dataset("kyphosis")


@pytest.fixture(scope="module")
def net(kyphosis):
    return fit_net(FORMULA, kyphosis, event="present", seed=2019)


def quick(**options):
    return {"seed": 1, "epochs": 3, **options}


# ---- the fit ----


def test_a_net_learns_kyphosis(net, kyphosis):
    p = net.predict_event(kyphosis)
    assert roc_auc_score(kyphosis["Kyphosis"] == "present", p) > 0.85
    assert net.n_epochs_ - net.best_epoch_ == 30 or net.n_epochs_ == 300
    assert net.event_ == "present" and net.outcome_ == "Kyphosis" and net.formula_ == FORMULA
    assert set(net.history_) == {"loss", "validation_loss", "penalty"}
    assert np.argmin(net.history_["validation_loss"]) + 1 == net.best_epoch_


def test_the_same_seed_gives_the_same_bits_and_another_another_net(net, kyphosis):
    keras.utils.set_random_seed(3)
    again = fit_net(FORMULA, kyphosis, event="present", seed=2019)
    assert (again.predict_event(kyphosis) == net.predict_event(kyphosis)).all()
    other = fit_net(FORMULA, kyphosis, event="present", seed=2020)
    assert (other.predict_event(kyphosis) != net.predict_event(kyphosis)).all()


def test_a_fresh_seed_is_drawn_and_recorded(kyphosis):
    first, second = (fit_net(FORMULA, kyphosis, event="present", epochs=2) for _ in range(2))
    assert first.seed is None and first.seed_ != second.seed_
    again = fit_net(FORMULA, kyphosis, event="present", epochs=2, seed=first.seed_)
    assert (again.predict_event(kyphosis) == first.predict_event(kyphosis)).all()


def test_a_net_without_hidden_units_and_penalty_is_the_glm(kyphosis):
    options = {"units": (), "l2": 0.0, "validation": None, "batch_size": 81, "epochs": 2500}
    net = fit_net(FORMULA, kyphosis, event="present", seed=1, learning_rate=0.03, **options)
    glm = bn.fit_glm(FORMULA, kyphosis, event="present")
    np.testing.assert_allclose(net.predict_event(kyphosis), glm.predict_event(kyphosis), atol=2e-4)
    assert net.best_epoch_ == net.n_epochs_ == 2500 and "validation_loss" not in net.history_


def test_folds_of_any_size_share_one_graph(kyphosis):
    engine.clear_compiled()
    for ensemble in (1, None):
        for n in (81, 75, 70):
            fit_net(FORMULA, kyphosis[:n], event="present", **quick(ensemble=ensemble))
        assert (len(engine._loops), len(stacked.stacks)) == ((1, 0) if ensemble else (1, 1))


def test_validation_rows_are_a_share_of_each_class_and_are_not_trained_on(kyphosis):
    y = (kyphosis["Kyphosis"] == "present").to_numpy().astype(int)
    [(train, watch)] = hold_out(np.arange(81), 0.25, seed=5, classes=y)
    assert np.bincount(y[watch]).tolist() == [16, 4]  # 0.25 * 64, 0.25 * 17 rounded
    assert sorted([*train, *watch]) == list(range(81))
    assert watch.tolist() != list(range(61, 81))


@pytest.mark.parametrize("n_members, validation", [(5, 0.2), (5, 0.3), (3, 0.5), (20, 0.2), (2, 0.1)])
def test_members_watch_different_rows_each_row_about_as_often(kyphosis, n_members, validation):
    y = (kyphosis["Kyphosis"] == "present").to_numpy().astype(int)
    partings = hold_out(np.arange(81), validation, seed=5, classes=y, n_members=n_members)
    assert all(sorted([*train, *watch]) == list(range(81)) for train, watch in partings)
    for position, size in enumerate((64, 17)):
        share = int(validation * size + 0.5)
        assert {np.count_nonzero(y[watch] == position) for _, watch in partings} == {share}
        rows = np.flatnonzero(y == position)
        times = [sum(row in watch for _, watch in partings) for row in rows]
        assert sum(times) == n_members * share and max(times) - min(times) <= 2
    if (n_members, validation) == (5, 0.2):
        times = [sum(row in watch for _, watch in partings) for row in range(81)]
        assert np.bincount(times).tolist()[1] >= 78  # 81 rows are no five equal parts
    alone = hold_out(np.arange(81), validation, seed=5, classes=y)
    assert (alone[0].watch == partings[0].watch).all()  # a net alone watches what the first member watches


def test_changing_the_outcome_of_watched_rows_changes_no_step(kyphosis):
    x = kyphosis[["Age", "Number", "Start"]]
    y = (kyphosis["Kyphosis"] == "present").to_numpy().astype(float)
    fit = lambda y: NetRegressor(seed=3, epochs=1, validation=0.3, ensemble=1).fit(x, y)  # noqa: E731
    net = fit(y)
    [(_, watch)] = hold_out(np.arange(81), 0.3, seed=3)
    other = y.copy()
    other[watch] = 1 - other[watch]
    assert all((a == b).all() for a, b in zip(net.weights_, fit(other).weights_))


def test_class_weights_are_row_weights(kyphosis):
    rows = np.where(kyphosis["Kyphosis"] == "present", 81 / (2 * 17), 81 / (2 * 64))
    by_hand = fit_net(FORMULA, kyphosis, event="present", weights=rows, **quick())
    for weights in ("balanced", {"present": 64.0, "absent": 17.0}):
        net = fit_net(FORMULA, kyphosis, event="present", class_weight=weights, **quick())
        np.testing.assert_allclose(net.predict_event(kyphosis), by_hand.predict_event(kyphosis), atol=1e-6)


def test_rows_of_weight_zero_are_left_out(kyphosis):
    weights = np.ones(81)
    weights[::5] = 0
    spoiled = kyphosis.copy()
    spoiled["Age"] = spoiled["Age"].astype(float)
    spoiled.loc[::5, "Age"] = 1e5
    net = fit_net(FORMULA, spoiled, event="present", weights=weights, **quick())
    left_out = fit_net(FORMULA, kyphosis[weights > 0], event="present", **quick())
    np.testing.assert_allclose(net.predict_event(kyphosis), left_out.predict_event(kyphosis), atol=1e-6)


def test_the_event_may_be_either_class(kyphosis):
    options = quick(validation=None, architecture="skip", units=())
    p = fit_net(FORMULA, kyphosis, event="present", **options).predict_event(kyphosis)
    q = fit_net(FORMULA, kyphosis, event="absent", **options).predict_event(kyphosis)
    np.testing.assert_allclose(p, 1 - q, atol=1e-6)


def test_several_classes_get_a_softmax():
    iris = bn.load_dataset("iris")
    outcome = [c for c in iris.columns if iris[c].dtype.kind != "f"][0]
    net = fit_net(f"{outcome} ~ .", iris, seed=1, epochs=60)
    p = net.predict_proba(iris)
    assert p.shape == (150, 3) and net.n_outputs_ == 3
    np.testing.assert_allclose(p.sum(1), 1)
    assert (net.predict(iris) == iris[outcome].astype(str)).mean() > 0.93


def test_regression_predicts_in_the_outcomes_units():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=200), "b": rng.normal(size=200)})
    frame["y"] = 5000 + 300 * frame["a"] + 200 * np.abs(frame["b"])
    net = fit_net("y ~ a + b", frame, seed=1)
    assert net.score(frame, frame["y"]) > 0.97
    assert net.outcome_center_ == pytest.approx(frame["y"].mean(), rel=0.01)


def test_fit_net_reads_the_task_as_fit_glm_does(kyphosis):
    with pytest.raises(OutcomeError, match="(?s)event.*absent.*present"):
        fit_net(FORMULA, kyphosis, **quick())
    x, y = kyphosis[["Age", "Start"]].to_numpy(), kyphosis["Number"].to_numpy()
    assert isinstance(fit_net(x, y, **quick()), NetRegressor)
    assert isinstance(fit_net(x, y, classes=range(1, 11), **quick(validation=None)), NetClassifier)
    with pytest.raises(InputError, match="class_weight"):
        fit_net(x, y, class_weight="balanced", **quick())


@pytest.mark.parametrize("categories", ["onehot", "embed"])
def test_a_level_never_seen_gets_its_reserved_place(categories):
    rng = np.random.default_rng(1)
    group = rng.choice(["a", "b", "c"], 120, p=[0.6, 0.3, 0.1])
    frame = pd.DataFrame({"group": group, "x": rng.normal(size=120)})
    frame["y"] = np.where(group == "a", 0.0, np.where(group == "b", 3.0, 10.0)) + frame["x"]
    net = fit_net(
        "y ~ group + x", frame, units=(), l2=0.0, categories=categories, seed=1, epochs=150, validation=None
    )
    new = frame.assign(group="z")
    with pytest.warns(UnseenLevelWarning, match="'z'"):
        p = net.predict(new)
    assert np.mean(p) == pytest.approx(frame["y"].mean(), abs=0.2)
    known = net.predict(frame)
    assert np.corrcoef(known, frame["y"])[0, 1] > 0.99
    if categories == "embed":
        keras_says = net.keras_model_.predict(
            [frame[["x"]].to_numpy() * 0, np.zeros((120, 1), int)], verbose=0
        )
        assert np.ptp(keras_says) < 1e-6


@pytest.mark.long
def test_embedded_categories_alone_suffice():
    frame = pd.DataFrame({"g": list("aabbcc") * 5, "y": [1.0, 1, 2, 2, 6, 6] * 5})
    net = fit_net("y ~ g", frame, categories="embed", seed=1, l2=1e-4, batch_size=8)
    np.testing.assert_allclose(net.predict(frame[:6]), frame["y"][:6], atol=0.3)


# ---- architectures of one's own ----


def own_model(n_outputs=1, activation=None, n_columns=3):
    return keras.Sequential(
        [
            keras.Input((n_columns,)),
            layers.Dense(6, activation="tanh"),
            layers.Dense(n_outputs, activation=activation),
        ]
    )


def test_a_model_of_ones_own_is_a_layout(kyphosis):
    model = own_model()
    before = model.get_weights()
    net = fit_net(FORMULA, kyphosis, event="present", architecture=model, **quick(epochs=20))
    assert all((a == b).all() for a, b in zip(before, model.get_weights()))
    again = fit_net(FORMULA, kyphosis, event="present", architecture=own_model(), **quick(epochs=20))
    assert (again.predict_event(kyphosis) == net.predict_event(kyphosis)).all()
    builder = lambda shape, n: own_model(n, n_columns=shape[0])  # noqa: E731
    built = fit_net(FORMULA, kyphosis, event="present", architecture=builder, **quick(epochs=20))
    assert (built.predict_event(kyphosis) == net.predict_event(kyphosis)).all()
    x = net.preparation_.transform(kyphosis).matrix
    np.testing.assert_allclose(
        1 / (1 + np.exp(-net.keras_model_.predict(x, verbose=0)[:, 0])),
        net.predict_event(kyphosis),
        atol=1e-6,
    )


def test_the_penalty_of_ones_own_model_is_as_it_stands(kyphosis):
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.5))]
    )
    still = {"optimizer": keras.optimizers.SGD(0.0), "keep_weights": True}
    net = fit_net(
        FORMULA, kyphosis, event="present", architecture=model, scaling="standard", **still, **quick()
    )
    assert net.history_["penalty"] == pytest.approx([0.5 * (net.weights_[0] ** 2).sum()] * 3)


class Subclassed(keras.Model):
    """A model of no known graph, without a `training` argument."""

    def __init__(self):
        super().__init__()
        self.layer = layers.Dense(1, kernel_initializer="zeros")  # far from worse than none on raw columns

    def call(self, x):
        return self.layer(x)


def test_a_subclassed_model_can_be_an_architecture(kyphosis):
    model = Subclassed()
    model(np.zeros((1, 3)))
    net = fit_net(
        FORMULA, kyphosis, event="present", architecture=model, **quick(keep_weights=True, scaling=False)
    )
    assert net.output_ == "linear" and net.predict_event(kyphosis).shape == (81,)


@pytest.mark.long
def test_callbacks_hear_of_the_training_and_change_nothing(kyphosis, tmp_path, capsys):
    heard = []
    hear = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: heard.append(logs["val_loss"]))
    options = {"event": "present", **quick(epochs=4, ensemble=1)}
    net = fit_net(FORMULA, kyphosis, callbacks=hear, verbose=1, **options)
    plain = fit_net(FORMULA, kyphosis, **options)
    np.testing.assert_allclose(net.predict_event(kyphosis), plain.predict_event(kyphosis), atol=1e-6)
    assert heard == net.history_["validation_loss"] and len(heard) == 4
    assert (net.how_, plain.how_) == ("Keras", "alone")
    assert "Training:     Keras" in net.summary() and "(Keras)" in capsys.readouterr().err
    bn.save_model(net, tmp_path / "net.bineural")  # without them
    again = bn.load_model(tmp_path / "net.bineural")
    assert (again.predict_event(kyphosis) == net.predict_event(kyphosis)).all() and again.callbacks is None


def test_weights_of_a_model_can_be_kept(kyphosis):
    model = own_model()
    still = {"optimizer": keras.optimizers.SGD(0.0), "keep_weights": True}
    net = fit_net(
        FORMULA, kyphosis, event="present", architecture=model, scaling="standard", **still, **quick()
    )
    assert all((a == b).all() for a, b in zip(net.weights_, model.get_weights()))


@pytest.mark.parametrize("n_outputs, activation", [(1, None), (1, "sigmoid"), (2, None), (2, "softmax")])
def test_logits_and_probabilities_are_told_apart(kyphosis, n_outputs, activation):
    options = quick(architecture=own_model(n_outputs, activation), epochs=40, learning_rate=0.02)
    net = fit_net(FORMULA, kyphosis, event="present", **options)
    p = net.predict_proba(kyphosis)
    np.testing.assert_allclose(p.sum(1), 1, atol=1e-6)
    assert roc_auc_score(kyphosis["Kyphosis"] == "present", net.predict_event(kyphosis)) > 0.8
    assert net.history_["loss"][-1] < np.log(2)


def joined(kind):
    """Make a model of two inputs, in a list or by name."""
    inputs = {"one": keras.Input((1,), name="one"), "two": keras.Input((2,), name="two")}
    output = layers.Dense(1)(layers.Concatenate()(list(inputs.values())))
    return keras.Model(inputs if isinstance(kind, dict) else list(inputs.values()), output)


def test_one_input_may_stand_in_a_list_and_one_by_name_is_told_how(kyphosis):
    rows = keras.Input((3,), name="rows")
    output = layers.Dense(1, kernel_initializer="ones")(rows)
    options = quick(event="present", keep_weights=True, scaling="standard")
    named = keras.Model({"rows": rows}, output)
    with pytest.raises(InputError, match=r"(?s)takes 1 in a dict.*model.inputs\[0\], model.outputs\[0\]"):
        fit_net(FORMULA, kyphosis, architecture=named, **options)
    models = keras.Model(rows, output), keras.Model([rows], output)
    models = *models, keras.Model(named.inputs[0], named.outputs[0])
    plain, *others = [fit_net(FORMULA, kyphosis, architecture=model, **options) for model in models]
    for net in others:
        np.testing.assert_allclose(net.predict_event(kyphosis), plain.predict_event(kyphosis), rtol=1e-6)


@pytest.mark.parametrize(
    "model, words",
    [
        (own_model(3), "1 or 2 output"),
        (own_model(1, "relu"), "linear or sigmoid"),
        (own_model(2, "sigmoid"), "linear or softmax"),
        (own_model(n_columns=4), r"rows of shape \(3,\)"),
        (
            keras.Sequential([keras.Input((3,)), layers.Dense(1), layers.LayerNormalization()]),
            "must say whether",
        ),
        (joined([]), "(?s)must take one input.*takes 2 in a list.*slice it"),
        (joined({}), "(?s)must take one input.*takes 2 in a dict"),
        (lambda *_, **__: joined({}), "(?s)must take one input.*takes 2 in a dict"),
        ("skipped", "'skip'"),
        (7, "function that builds"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(kyphosis, model, words):
    with pytest.raises(InputError, match=words):
        fit_net(FORMULA, kyphosis, event="present", architecture=model, **quick())


def test_images_go_to_a_model_that_rescales_as_they_are():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (90, 6, 6, 1)).astype("uint8")
    y = np.where(images[:, :3].mean((1, 2, 3)) > images[:, 3:].mean((1, 2, 3)), "top", "bottom")

    def builder(input_shape, n_outputs):
        return keras.Sequential(
            [keras.Input(input_shape), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(n_outputs)]
        )

    with pytest.warns(UnscaledWarning, match="Values go to the model 'builder' as they are"):
        net = fit_net(images, y, event="top", architecture=builder, seed=1, epochs=150, learning_rate=0.05)
    assert net.preparation_ is None and net.score(images, y) > 0.9
    with pytest.raises(InputError, match="size of training, 6 x 6 pixels"):
        net.predict(images[:, :5])
    broken = images.astype(float)
    broken[0, 0] = np.nan
    with pytest.raises(InputError, match="NaN"):
        net.predict(broken)


# ---- the face ----


def test_pickles_copies_and_clones(net, kyphosis):
    p = net.predict_event(kyphosis)
    assert net.keras_model_ is net.keras_model_
    for other in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
        assert (other.predict_event(kyphosis) == p).all()
    fresh = clone(net)
    assert fresh.units is None and not hasattr(fresh, "weights_")
    model = own_model()
    assert (
        clone(NetClassifier(architecture=model)).architecture.get_weights()[0] == model.get_weights()[0]
    ).all()
    own = fit_net(FORMULA, kyphosis, event="present", architecture=model, **quick())
    again = pickle.loads(pickle.dumps(own))
    assert (again.predict_event(kyphosis) == own.predict_event(kyphosis)).all()


@pytest.mark.long
def test_it_works_in_pipelines_and_searches(kyphosis):
    x = kyphosis[["Age", "Number", "Start"]].to_numpy(float)
    y = (kyphosis["Kyphosis"] == "present").to_numpy()
    pipe = make_pipeline(StandardScaler(), NetClassifier(seed=1, epochs=40))
    assert cross_val_score(pipe, x, y, scoring="roc_auc", cv=3).mean() > 0.6
    search = GridSearchCV(NetClassifier(seed=1, epochs=3), {"units": [(4,), (8, 4)], "l2": [0.0, 0.1]}, cv=2)
    assert search.fit(x, y).best_estimator_.units in [(4,), (8, 4)]


@pytest.mark.long
def test_numbers_that_are_missing_follow_the_preparation(kyphosis):
    holes = kyphosis.copy()
    holes["Age"] = holes["Age"].where(holes.index % 10 != 0)
    with pytest.raises(InputError, match="Age"):
        fit_net(FORMULA, holes, event="present", **quick())
    net = fit_net(FORMULA, holes, event="present", missing="impute", **quick())
    assert np.isfinite(net.predict_event(holes)).all() and "Age_missing" in net.preparation_.names_


def test_what_is_printed(net, kyphosis, capsys):
    assert "architecture='skip', event='present'" in repr(net) and "seed=2019" in repr(net)
    text = net.summary()
    for part in (
        "n = 81, events = 17",
        FORMULA,
        "skip 3-64-32-1",
        "piecewise numbers",
        "seed 2019",
        f"best {net.best_epoch_}",
        str(4 + 3 * 16 + 3 * 16 * 3 + (3 + 9 + 1) * 64 + 65 * 32 + 32 + 3 * 17),  # 3 x 17 knots
        "Penalty:      l2 chosen by the loss on the rows watched: 0.000769",
    ):
        assert part in text
    assert net.glance()["n_epochs"] == net.n_epochs_ == len(net.history_["loss"])
    fit_net(FORMULA, kyphosis, event="present", **quick())
    fit_net(FORMULA, kyphosis, event="present", verbose=0, **quick())
    assert capsys.readouterr() == ("", "")
    fit_net(FORMULA, kyphosis, event="present", verbose=1, **quick(ensemble=1))
    assert "3 of at most 3 epochs (alone), loss 0." in capsys.readouterr().err


def test_its_history_can_be_drawn(net, tmp_path):
    net.plot(tmp_path / "history.png")
    assert (tmp_path / "history.png").stat().st_size > 1000


@pytest.mark.parametrize(
    "option, bad",
    [
        ("units", (0,)),
        ("units", (4, -1)),
        ("units", (2.5,)),
        ("units", "big"),
        ("dropout", 1.0),
        ("dropout", -0.1),
        ("l1", -1),
        ("l2", float("nan")),
        ("learning_rate", 0),
        ("batch_size", 0),
        ("batch_size", 2.5),
        ("epochs", 0),
        ("patience", -1),
        ("validation", 1.0),
        ("class_weight", "even"),
        ("class_weight", {"present": -1}),
        ("class_weight", {"presnt": 1}),
        ("categories", "dummy"),
        ("optimizer", "adamm"),
        ("callbacks", "early"),
        ("activation", "reluu"),
        ("activation", 3),
        ("verbose", 2),
        ("seed", -1),
    ],
)
def test_an_option_that_cannot_be_is_refused_in_three_sentences(kyphosis, option, bad):
    with pytest.raises(InputError) as caught:
        fit_net(FORMULA, kyphosis, event="present", **{**quick(), option: bad})
    error = caught.value
    assert f"`{option}`" in error.must or "class weight" in error.must
    assert error.found and error.hint and repr(bad).strip("(){},")[:4] in error.found


@pytest.mark.long
def test_options_as_r_sends_them(kyphosis):
    """A length-one vector is one layer, counts may be doubles."""
    net = fit_net(
        FORMULA, kyphosis, event="present", units=[8.0], epochs=3.0, batch_size=16.0, patience=2.0, seed=1.0
    )
    assert net.seed_ == 1 and net.fitted_.layout["units"] == (8,) and net.fitted_.batch_size == 16
    plain = fit_net(FORMULA, kyphosis, event="present", units=8, numbers="plain", **quick())
    assert plain.n_weights_ == 3 + 1 + 24 + 8 + 8


def test_an_offset_that_new_rows_would_lack_is_refused(kyphosis):
    with pytest.raises(InputError, match="offset"):
        NetClassifier("Age").fit(kyphosis, kyphosis["Kyphosis"], offset=kyphosis["Start"])


def test_glm_and_net_agree_on_a_line(kyphosis):
    """The ridge part alone equals scikit-learn's ridge logistic regression."""
    options = {"units": (), "l2": 0.05, "validation": None, "batch_size": 81, "epochs": 1500}
    net = fit_net(FORMULA, kyphosis, event="present", seed=1, learning_rate=0.03, **options)
    x = net.preparation_.transform(kyphosis).matrix
    y = (kyphosis["Kyphosis"] == "present").to_numpy()
    ridge = LogisticRegression(C=1 / (2 * 81 * 0.05), tol=1e-10).fit(x, y)
    np.testing.assert_allclose(net.predict_event(kyphosis), ridge.predict_proba(x)[:, 1], atol=2e-4)
