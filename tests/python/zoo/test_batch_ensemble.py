"""The batch ensemble: its heads are nets by themselves, whose losses and predictions are averaged."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural._tensorflow import keras, tf
from bineural.nets.heads import OverHeads
from bineural.zoo.architecture import as_architecture
from bineural.zoo.parts.random_signs import RandomSigns
from long_cases import long_but

SMALL = {"architecture": "batch_ensemble", "units": (4,), "n_heads": 3, "epochs": 3, "seed": 1}


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(1)
    a, b, noise = random.normal(size=(3, 60))
    y = np.where(a * b + 0.3 * noise > 0, "yes", "no")
    return pd.DataFrame({"a": a, "b": b, "z": np.exp(0.5 * a), "y": y})


def test_its_function_is_that_of_one_net_for_each_head():
    model = as_architecture("batch_ensemble").build((2,), 3, units=(4,), n_heads=5)
    factors, kernel, bias, heads, shifts = (np.array(w) for w in model.get_weights())
    assert (
        set(factors.ravel()) == {-1.0, 1.0} and model.count_params() == 5 * 2 + 2 * 4 + 4 + 5 * 4 * 3 + 5 * 3
    )
    x = np.random.default_rng(1).normal(size=(7, 2)).astype("float32")
    each = [np.maximum(x * factors[k] @ kernel + bias, 0) @ heads[k] + shifts[k] for k in range(5)]
    np.testing.assert_allclose(model(x).numpy(), np.stack(each, axis=1), atol=1e-5)


def test_the_loss_of_a_row_is_the_mean_of_its_heads_losses():
    random = np.random.default_rng(1)
    y, outputs = random.integers(0, 3, 6).astype("float32"), random.normal(size=(6, 4, 3)).astype("float32")
    loss = OverHeads(lambda inputs, y, out: keras.losses.sparse_categorical_crossentropy(y, out, True))
    by_hand = [
        np.mean([np.log(np.exp(head).sum()) - head[int(target)] for head in row])
        for target, row in zip(y, outputs.astype(float))
    ]
    np.testing.assert_allclose(loss((), tf.constant(y), tf.constant(outputs)).numpy(), by_hand, rtol=1e-5)


def test_the_mean_of_the_heads_predicts_and_a_file_keeps_it(rows, tmp_path):
    net = bn.fit_net("y ~ a + b", rows, event="yes", **SMALL)
    logits = net.keras_model_.predict(net.fitted_.input.apply(rows[["a", "b"]]).inputs, verbose=0)
    assert logits.shape == (60, 3, 1)
    by_hand = (1 / (1 + np.exp(-logits[:, :, 0].astype(float)))).mean(axis=1)
    np.testing.assert_allclose(net.predict_proba(rows)[:, 1], by_hand, atol=1e-6)
    bn.save_model(net, tmp_path / "net.bineural")
    again = bn.load_model(tmp_path / "net.bineural")
    assert (again.predict_proba(rows) == net.predict_proba(rows)).all() and again.fitted_.layout[
        "n_heads"
    ] == 3
    with pytest.raises(bn.InputError, match="`monitor` must be 'loss'"):
        bn.fit_net("y ~ a + b", rows, event="yes", monitor="auroc", **SMALL)


@pytest.mark.long
def test_a_stack_of_them_equals_each_alone(rows):
    net = bn.make_net("y ~ a + b", event="yes", **{**SMALL, "seed": None, "epochs": 30, "patience": None})
    stack = bn.fit_nets(net, rows, seeds=[1, 2, 3, 4])
    assert set(stack.table["how"]) == {"stack"} and {net.why_alone_ for net in stack.nets} == {""}
    alone = bn.fit_net("y ~ a + b", rows, event="yes", **{**SMALL, "seed": 3, "epochs": 30, "patience": None})
    np.testing.assert_allclose(stack.nets[2].predict_proba(rows), alone.predict_proba(rows), atol=2e-5)


@pytest.mark.parametrize("objective", long_but([None, "poisson", "quantile"], "poisson"))
def test_objectives_and_offsets_mean_the_same_for_each_head(rows, objective):
    own = {"quantiles": (0.2, 0.8)} if objective == "quantile" else {}
    offset = " + offset(a)" if objective == "poisson" else ""
    net = bn.fit_net(f"z ~ b{offset}", rows, objective=objective, **SMALL, **own)
    raw = net.keras_model_.predict(net.fitted_.input.apply(rows).inputs, verbose=0).astype(float)
    assert raw.shape == (60, 3, 2 if own else 1)
    if objective == "poisson":
        start = net.fitted_.objective.start(net.fitted_.state)
        by_hand = np.exp(raw[:, :, 0] + start + rows[["a"]].to_numpy()).mean(axis=1)
        np.testing.assert_allclose(np.ravel(net.predict(rows)), by_hand, rtol=1e-5)
    assert np.isfinite(np.asarray(net.predict(rows), float)).all()


def test_signs_are_drawn_by_the_seed_and_are_as_often_minus_as_plus():
    signs = np.asarray(RandomSigns(seed=3)((100, 40)))
    assert set(signs.ravel()) == {-1.0, 1.0} and abs(signs.mean()) < 4 / np.sqrt(signs.size)
    again = RandomSigns.from_config(RandomSigns(seed=3).get_config())
    assert (np.asarray(again((100, 40))) == signs).all()
    assert (np.asarray(RandomSigns(seed=4)((100, 40))) != signs).any()
