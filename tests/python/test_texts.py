"""Texts from the verbs: GLMs of tf-idf, nets of words, columns beside them, files and comparisons."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics.pairwise import cosine_similarity

import bineural as bn
from bineural.errors import ColumnError, ColumnWarning, FormulaError, InputError
from bineural.saving.models import model_from_bytes, model_to_bytes

FOODS = bn.load_dataset("fine_foods")[:120].assign(price=np.random.default_rng(1).random(120).round(3))
QUICK = {"architecture": "bag", "embedding": 4, "units": (3,), "max_length": 30}
QUICK |= {"event": "great", "epochs": 2, "ensemble": 1, "seed": 1}

LONG = pytest.mark.long


@pytest.fixture(scope="module")
def glm():
    return bn.fit_glm("score ~ text(review) + price", FOODS, event="great")


@pytest.fixture(scope="module")
def net():
    return bn.fit_net("score ~ text(review) + price", FOODS, **QUICK)


@pytest.fixture(scope="module")
def plain():
    return bn.fit_net(FOODS["review"].tolist(), FOODS["score"], **QUICK)


def test_a_glm_of_texts_is_a_ridge_on_tfidf(glm):
    assert glm.penalty_ == "ridge" and glm.preparation_ is None
    assert list(glm.feature_names_in_) == ["review", "price"]
    matrix = glm.input_.apply(FOODS).inputs
    eta = matrix @ glm.coef_[0] + glm.intercept_[0]
    assert np.allclose(glm.predict_event(FOODS), 1 / (1 + np.exp(-eta)), atol=1e-12)
    assert glm.coef().index[-1] == "price" and len(glm.coef()) == matrix.shape[1] + 1
    assert "Highest:" in glm.summary() and "1 other column" in glm.summary()


def test_the_strength_of_a_glm_can_be_given_and_other_penalties_not():
    texts, y = FOODS["review"][:40], FOODS["score"][:40]
    assert bn.fit_glm(texts, y, event="great", penalty="ridge", strength=0.1).strength_ == 0.1
    for options in ({"penalty": "lasso", "strength": 0.1}, {"method": "firth"}, {"link": "probit"}):
        with pytest.raises(InputError, match="A GLM of texts must be a ridge"):
            bn.fit_glm(texts, y, event="great", **options)


def test_classes_numbers_and_own_features():
    texts = FOODS["review"][:60].tolist()
    three = bn.fit_glm(texts, np.array(["a", "b", "c"])[np.arange(60) % 3])
    assert np.allclose(three.predict_proba(texts).sum(axis=1), 1)
    numbers = bn.fit_glm("price ~ text(review)", FOODS[:60])
    assert numbers.predict(FOODS[:5]).shape == (5,)
    counted = bn.fit_glm(
        texts, FOODS["score"][:60], event="great", features=lambda x: pd.DataFrame({"n": [len(t) for t in x]})
    )
    assert counted.names_ == ["(Intercept)", "n"] and counted.penalty_ is None


def test_other_rows_get_the_same_answer_alone(glm, net, plain):
    for model, rows in ((glm, FOODS), (net, FOODS), (plain, FOODS["review"].tolist())):
        whole = model.predict_event(rows)
        assert np.allclose(model.predict_event(rows[3:4]), whole[3:4], atol=1e-6)


def test_empty_and_unknown_texts_have_an_answer(plain):
    answers = plain.predict_event(["", "...", "xyzzy", "\U0001f355", "\u5f88\u597d"])
    assert np.isfinite(answers).all() and np.allclose(answers[:4], answers[0])
    assert plain.predict_event("Great tea") == pytest.approx(plain.predict_event(["Great tea"])[0])


def test_the_columns_beside_texts_are_used(net):
    other = FOODS.assign(price=FOODS["price"] + 5)
    assert not np.allclose(net.predict_event(other), net.predict_event(FOODS), atol=1e-4)
    reordered = FOODS[["price", "score", "review"]]
    assert np.array_equal(net.predict_event(reordered), net.predict_event(FOODS))
    assert net.n_features_in_ == 2
    with pytest.raises(ColumnError, match="no column `price`"):
        net.predict_event(FOODS.drop(columns="price"))


NAMES = ["bag", *(pytest.param(name, marks=LONG) for name in ("cnn_1d", "rnn", "lstm", "gru", "transformer"))]


@pytest.mark.parametrize("name", NAMES)
def test_a_text_and_columns_meet_in_every_architecture(name):
    from bineural.zoo.architecture import as_architecture
    from bineural.zoo.parts.beside import beside_columns

    record = as_architecture(name)
    own = {option.name: option.default for option in record.options}
    model = beside_columns(record.build)((None,), 2, n_columns=3, vocabulary=9, **own)
    assert model.output_shape == (None, 2) and len(model.inputs) == 2
    alone = beside_columns(record.build)((None,), 2, vocabulary=9, **own)
    assert alone.count_params() < model.count_params() and len(alone.inputs) == 1


def test_a_net_of_texts_has_the_options_of_its_default_architecture():
    assert bn.make_net("score ~ text(review)", embedding=3).options == {"embedding": 3}
    with pytest.raises(InputError, match="Found `embedding`"):
        bn.make_net("score ~ review", embedding=3)


@pytest.mark.parametrize("which", ["glm", "net", "plain"])
def test_files_hold_vocabularies_and_no_code(which, request):
    model = request.getfixturevalue(which)
    rows = FOODS["review"].tolist() if which == "plain" else FOODS
    content = model_to_bytes(model)
    assert b"pickle" not in content
    loaded = model_from_bytes(content)
    assert np.array_equal(loaded.predict_event(rows), model.predict_event(rows))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("text", {"vocabulary": ["good", "good"]}),
        ("text", {"vocabulary": [1]}),
        ("text", {"vocabulary": []}),
        ("text", {"length": 0}),
        ("text", {"cut": "middle"}),
        ("text", {"column": 3}),
        ("tfidf", {"words": []}),
        ("tfidf", {"idf": np.ones(2)}),
        ("tfidf", {"missing": "guess"}),
        ("tfidf", {"lowercase": 1}),
    ],
)
def test_what_a_file_says_of_texts_is_checked(kind, change):
    from bineural.bundles.objects import build_object, state_of
    from bineural.bundles.schema import Mismatch
    from bineural.inputs import find_input

    cls = find_input(kind)
    learnt, _ = cls.learn(["good tea", "good tea", "bad"])
    assert build_object(cls, state_of(learnt)).apply(["good"]) is not None
    with pytest.raises(Mismatch):
        build_object(cls, state_of(learnt) | change)


def test_a_comparison_of_texts_has_its_baseline(glm):
    priced = bn.fit_glm("score ~ price", FOODS, event="great")
    with warnings.catch_warnings():
        warnings.simplefilter("error", ColumnWarning)  # reviews are no categories here
        comparison = bn.compare_models({"words": glm, "price": priced}, FOODS, folds=2, repeats=1, seed=1)
    assert comparison.table["model"].tolist() == ["words", "price", "null"]


@LONG
def test_a_net_of_texts_is_compared_with_tfidf():
    net = bn.make_net(**QUICK)
    texts, y = FOODS["review"].tolist(), FOODS["score"]
    comparison = bn.compare_models({"net": net}, texts, outcome=y, event="great", folds=2, repeats=1, seed=1)
    assert set(comparison.table["model"]) == {"glm", "net", "null"}


@LONG
def test_nets_of_texts_are_trained_at_once():
    options = {name: value for name, value in QUICK.items() if name != "seed"}
    fits = bn.fit_nets("score ~ text(review)", FOODS, seeds=[1, 2], **options)
    alone = bn.fit_net("score ~ text(review)", FOODS, **QUICK)
    assert np.allclose(fits.nets[0].predict_event(FOODS), alone.predict_event(FOODS), atol=1e-5)


def test_near_words_are_those_of_the_embedding(plain):
    near = bn.nearest_words(plain, "Good", n=5)
    vocabulary = plain.fitted_.input.vocabulary
    table = plain.keras_model_.get_layer("words").get_weights()[0][2 : 2 + len(vocabulary)]
    cosine = cosine_similarity(table)[vocabulary.index("good")]
    best = [vocabulary[k] for k in np.argsort(-cosine) if vocabulary[k] != "good"][:5]
    assert near["word"].tolist() == best and near["rank"].tolist() == [1, 2, 3, 4, 5]
    assert np.allclose(near["similarity"], sorted(cosine)[-2:-7:-1], atol=1e-6)
    with pytest.raises(InputError, match="in the vocabulary.*\n.*'goood'"):
        bn.nearest_words(plain, "goood")


def test_near_words_need_a_net_of_texts(glm):
    with pytest.raises(InputError, match="fitted to texts"):
        bn.nearest_words(glm, "good")


def test_texts_need_an_architecture_that_reads_them():
    with pytest.raises(InputError, match=r"`text\(\)` needs an architecture that takes texts"):
        bn.fit_net("score ~ text(review)", FOODS, event="great", architecture="mlp")
    with pytest.raises(InputError, match="A net of tables must be given a table"):
        bn.fit_net(FOODS["review"].tolist(), FOODS["score"], event="great", architecture="mlp")
    with pytest.raises(FormulaError, match="`fit_glm` and `fit_net` only"):
        bn.model_matrix("~ text(review)", FOODS)


def test_texts_do_not_come_in_batches():
    with pytest.raises(InputError, match="Texts can't come in batches"):
        bn.fit_net("score ~ text(review)", lambda: iter([FOODS]), event="great")


def test_texts_taken_as_categories_are_told():
    with (
        pytest.warns(ColumnWarning, match=r"its words are not read. Write text\(review\)"),
        pytest.raises(ColumnError),
    ):
        bn.fit_glm("score ~ . - product", FOODS, event="great")
