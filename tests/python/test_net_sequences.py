"""Nets and GLMs of sequences, from `fit_net` to a report: every verb takes them as it takes other rows."""

import numpy as np
import pytest

import bineural as bn
from bineural.comparing.named_models import takes_only
from bineural.errors import InputError


@pytest.fixture(scope="module")
def walks():
    """Walks of 2 to 9 steps, and whether they end above where they begin."""
    rng = np.random.default_rng(2019)
    walks = [rng.normal(size=(rng.integers(2, 10), 1)).cumsum(axis=0) for _ in range(80)]
    return walks, np.array(["up" if walk[-1, 0] > walk[0, 0] else "down" for walk in walks])


@pytest.fixture(scope="module")
def net(walks):
    return bn.fit_net(*walks, event="up", units=4, epochs=3, seed=1)


def test_a_net_of_sequences_is_recurrent_and_predicts_each_as_it_does_alone(net, walks):
    assert net.fitted_.architecture.name == "gru"
    assert net.fitted_.input.kind == "sequence"
    together = net.predict_proba(walks[0])
    for k in (0, 7, 30):
        np.testing.assert_allclose(net.predict_proba([walks[0][k]]), together[[k]], atol=1e-6)


def test_a_net_of_sequences_goes_through_a_file(net, walks, tmp_path):
    loaded = bn.load_model(bn.save_model(net, tmp_path / "net.bineural"))
    assert vars(loaded.fitted_.input).keys() == vars(net.fitted_.input).keys()
    np.testing.assert_array_equal(loaded.predict_proba(walks[0]), net.predict_proba(walks[0]))


def test_what_is_cut_is_not_read(walks):
    x, y = walks
    cut = bn.fit_net(x, y, event="up", units=4, epochs=2, seed=1, max_length=3, cut="start")
    last = bn.fit_net([walk[-3:] for walk in x], y, event="up", units=4, epochs=2, seed=1)
    np.testing.assert_array_equal(cut.predict_proba(x), last.predict_proba([walk[-3:] for walk in x]))
    with pytest.raises(InputError, match="sequences and texts only"):
        bn.fit_net(np.zeros((20, 3)), y[:20], event="up", max_length=2)


def test_the_glm_is_a_ridge_on_summaries(walks, tmp_path):
    x, y = walks
    glm = bn.fit_glm(x, y, event="up")
    assert glm.penalty_ == "ridge"
    assert {"last_x1", "slope_x1", "length"} <= set(glm.names_)
    assert "of any length x 1" in glm.summary()
    loaded = bn.load_model(bn.save_model(glm, tmp_path / "glm.bineural"))
    np.testing.assert_array_equal(loaded.predict_proba(x), glm.predict_proba(x))
    own = bn.fit_glm(x, y, event="up", features=lambda s: np.array([[len(walk)] for walk in s]))
    assert own.names_ == ["(Intercept)", "x1"]
    assert bn.evaluate_model(glm, x, y).measures["auroc"] > 0.9


@pytest.mark.long
def test_sequences_are_compared_and_reported(walks, tmp_path):
    x, y = walks
    gru = bn.make_net(architecture="gru", units=4, epochs=2)
    comparison = bn.compare_models({"glm": "glm", "gru": gru}, x, y, event="up", folds=3, seed=1)
    folds = comparison.basis.sets
    glm = bn.fit_glm([x[i] for i in folds[0].train], y[folds[0].train], event="up")
    kept = comparison.predictions.query("model == 'glm'").iloc[: len(folds[0].test)]
    np.testing.assert_allclose(glm.predict_event([x[i] for i in folds[0].test]), kept[".pred_up"], atol=1e-8)
    page = bn.write_report(comparison, tmp_path / "report.html").read_text()
    assert "80 sequences of 2 to 9 steps, 1 feature" in page


def test_an_array_is_sequences_to_all_where_a_net_takes_nothing_else(walks):
    x, y = np.stack([walk[:2] for walk in walks[0]]), walks[1]
    named = [("glm", "glm"), ("gru", bn.make_net(architecture="gru"))]
    assert takes_only(named, "sequence", "text")
    assert not takes_only([("cnn", bn.make_net(architecture="cnn")), named[0]], "sequence", "text")
    glm = {"glm": "glm"}
    sequences = bn.compare_models(glm, bn.as_sequences(x), y, event="up", folds=2, seed=1)
    listed = bn.compare_models(glm, list(x), y, event="up", folds=2, seed=1)
    assert sequences.estimate("glm", "log_loss") == listed.estimate("glm", "log_loss")


@pytest.mark.long
def test_settings_of_length_are_tuned_and_nets_share_a_stack(walks):
    x, y = walks
    tuned = bn.tune_net(x, y, {"max_length": [2, 9]}, event="up", units=4, epochs=2, folds=2, seed=1)
    assert tuned.best["max_length"] in (2, 9)
    nets = bn.fit_nets(x, y, event="up", units=4, epochs=2, seeds=[1, 2])
    assert len(nets) == 2
