"""Codes as a step of a pipeline, in front of a GLM or a net of ours."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

import bineural as bn

IRIS = bn.load_dataset("iris")
X, Y = IRIS.drop(columns="species"), np.where(IRIS["species"] == "virginica", "yes", "no")
LATER = {
    "glm": lambda: bn.GLMClassifier(event="yes", penalty="ridge", strength=0.1),
    "net": lambda: bn.NetClassifier(event="yes", units=(4,), epochs=3, ensemble=1, seed=1),
}


@pytest.mark.parametrize("later", list(LATER))
@pytest.mark.parametrize("first", ["coder", "rbm"])
def test_a_pipeline_predicts_as_its_steps_do(first, later):
    coder = bn.Autoencoder(n_codes=2, units=(4,), epochs=2, seed=1)
    rows = X if first == "coder" else (X - X.min()) / (X.max() - X.min())
    coder = coder if first == "coder" else bn.RBM(n_hidden=3, epochs=2, seed=1)
    pipeline = make_pipeline(coder, LATER[later]()).fit(rows[::2], Y[::2])
    codes = pipeline[0].transform(rows[1::2])
    np.testing.assert_array_equal(pipeline.predict_proba(rows[1::2]), pipeline[1].predict_proba(codes))
    evaluation = bn.evaluate_model(pipeline, rows[1::2], Y[1::2], event="yes")
    later = bn.evaluate_model(pipeline[1], codes, Y[1::2], event="yes")
    assert evaluation.measures["auroc"] == later.measures["auroc"]
