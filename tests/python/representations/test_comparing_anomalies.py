"""Autoencoders as detectors of anomalies in a comparison: labels are for testing, normal rows are learnt."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score

import bineural as bn
from bineural.errors import InputError

RNG = np.random.default_rng(4)
NORMAL = RNG.normal(size=(70, 2)) @ RNG.normal(size=(2, 5)) + RNG.normal(0, 0.3, (70, 5))
X = np.concatenate([NORMAL, RNG.normal(0, 1.2, (14, 5))])
ODD = np.repeat(["fine", "odd"], [70, 14])
NET = bn.Autoencoder(n_codes=2, units=(4,), epochs=3)


@pytest.fixture(scope="module")
def comparison():
    models = {"net": NET, "forest": IsolationForest(n_estimators=20)}
    return bn.compare_models(models, X, ODD, event="odd", folds=3, repeats=2, seed=1)


def test_pca_is_scikit_learn_s_of_the_normal_training_rows_and_the_null_model_is_at_one_half(comparison):
    shown = comparison.scores.query("model == 'pca'")
    for fold, (_, row) in zip(comparison.basis.sets, shown.iterrows(), strict=True):
        assert (ODD[fold.train] == "fine").all() and {"fine", "odd"} == set(ODD[fold.test])
        known, new = X[fold.train], X[fold.test]
        centre, scale = known.mean(axis=0), known.std(axis=0, ddof=1)
        pca, new = PCA(2).fit((known - centre) / scale), (new - centre) / scale
        errors = np.mean((new - pca.inverse_transform(pca.transform(new))) ** 2, axis=1)
        assert row["auroc"] == pytest.approx(roc_auc_score(ODD[fold.test] == "odd", errors))
        precision = average_precision_score(ODD[fold.test] == "odd", errors)
        assert row["average_precision"] == pytest.approx(precision)
    table = comparison.table.set_index("model")
    assert list(table.index) == ["pca", "net", "forest", "null"]
    assert table.loc["null", "auroc"] == 0.5 and table.loc["pca", "auroc"] > 0.7
    assert comparison.reference == "pca" and "AUROC" in comparison.verdicts[0]
    assert "not odd" in str(comparison) and "14 events" in str(comparison)


def test_the_net_learns_the_same_without_the_anomalies_among_its_training_rows_and_without_labels(comparison):
    fold = comparison.basis.sets[0]
    with_odd = np.setdiff1d(np.arange(84), fold.test)
    frame = pd.DataFrame(X, columns=list("abcde")).assign(what=ODD)
    found = []
    for train in (fold.train, with_odd):
        pairs = [(train, fold.test)]
        judged = bn.compare_models({"net": NET}, frame, "what", event="odd", folds=pairs, seed=3)
        found.append(judged.predictions.query("model == 'net'")[".anomaly_score"].to_numpy())
    np.testing.assert_array_equal(*found)
    unnamed = bn.compare_models({"net": NET}, frame[list("abcde")], ODD, event="odd", folds=pairs, seed=3)
    np.testing.assert_array_equal(
        unnamed.predictions.query("model == 'net'")[".anomaly_score"].to_numpy(), found[0]
    )


def test_scores_are_less_those_of_the_fitted_net():
    train, test = np.arange(0, 60), np.arange(60, 84)
    judged = bn.compare_models({"net": NET}, X, ODD, event="odd", folds=[(train, test)], seed=3)
    seed = judged.basis.seed_of("net", 0, 0)
    net = bn.Autoencoder(n_codes=2, units=(4,), epochs=3, seed=seed).fit(X[train])
    scores = judged.predictions.query("model == 'net'")[".anomaly_score"]
    np.testing.assert_allclose(scores, -net.score_samples(X[test]), rtol=1e-4)
    low, high = judged.interval("net")
    assert low < judged.table.set_index("model").loc["net", "auroc"] < high


def test_it_is_drawn_and_reported(comparison, tmp_path):
    assert comparison.plot("roc").axes and comparison.plot().axes
    with pytest.raises(InputError):
        comparison.plot("calibration")
    page = bn.write_report(comparison, tmp_path / "odd.html").read_text()
    assert "AUROC" in page and "odd: 14 of 84 rows" in page


def test_what_can_not_be_is_said():
    odd = {"event": "odd", "folds": 3, "repeats": 1}
    with pytest.raises(InputError, match="`event` must name the label of anomalies"):
        bn.compare_models({"net": NET}, X, ODD)
    with pytest.raises(InputError, match="column that says which rows are anomalies"):
        bn.compare_models({"net": NET}, pd.DataFrame(X), "what", **odd)
    for model in (bn.GAN(epochs=1), bn.RBM(epochs=1), "glm"):
        with pytest.raises(InputError, match="`score_samples`"):
            bn.compare_models({"net": NET, "other": model}, X, ODD, **odd)
    with pytest.raises(InputError, match="must have normal rows"):
        bn.compare_models({"net": NET}, X[68:], ODD[68:], event="odd", folds=[(range(3, 16), range(3))])
    with pytest.raises(InputError, match="same number of codes"):
        bn.compare_models({"net": NET, "other": bn.Autoencoder(n_codes=3)}, X, ODD, **odd)
