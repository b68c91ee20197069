"""Deep belief nets: hidden layers start where machines fitted layer by layer end, in training rows alone."""

import numpy as np
import pytest
from sklearn.base import clone

import bineural as bn
from bineural.errors import InputError
from bineural.nets.watched_rows import hold_out
from bineural.training import stream_seed
from bineural.zoo.parts.contrast import Contrast

RNG = np.random.default_rng(5)
BITS = (RNG.random((60, 6)) < np.where(np.arange(60)[:, None] % 2, 0.8, 0.2)).astype(float)
Y = np.where(BITS.sum(axis=1) + RNG.normal(size=60) > 3, "yes", "no")
HOW = {
    "architecture": "mlp",
    "activation": "sigmoid",
    "units": (4, 3),
    "pretrain": {"epochs": 3},
    "event": "yes",
    "seed": 1,
}
STILL = HOW | {"epochs": 1, "learning_rate": 1e-12}  # the net keeps the weights that it starts from


def weights_of(net):
    names = [v.path for v in net.keras_model_.variables]
    return dict(zip(names, net.keras_model_.get_weights()))


@pytest.mark.long
def test_each_layer_starts_from_a_machine_of_the_layer_below():
    net = bn.fit_net(BITS, Y, scaling=False, validation=None, **STILL)
    rows, weights = BITS, weights_of(net)
    for layer, width in enumerate((4, 3)):
        how = {"epochs": 3, "batch_size": 32, "learning_rate": 0.1, "seed": stream_seed(1, "pretrain", layer)}
        rbm = bn.fit_rbm(rows, width, **how)
        np.testing.assert_allclose(weights[f"hidden_{layer}/kernel"], rbm.components_.T, atol=1e-6)
        np.testing.assert_allclose(weights[f"hidden_{layer}/bias"], rbm.intercept_hidden_, atol=1e-6)
        rows = rbm.transform(rows)


def test_rows_watched_teach_the_machines_nothing():
    how = STILL | {"validation": 0.25, "scaling": False}
    watched = hold_out(np.arange(60), 0.25, 1, (Y == "yes").astype(int))[0].watch
    nets = []
    for rows in (np.arange(0), watched, np.arange(30)):
        changed = BITS.copy()
        changed[rows] = 1 - changed[rows]
        nets.append(weights_of(bn.fit_net(changed, Y, **how))["hidden_1/kernel"])
    np.testing.assert_array_equal(nets[0], nets[1])
    assert not np.allclose(nets[0], nets[2])


@pytest.mark.long
@pytest.mark.parametrize("ensemble", [1, 2])
def test_nets_of_a_stack_are_those_fitted_alone(ensemble):
    x = RNG.normal(size=(60, 6)) + BITS
    how = HOW | {"epochs": 3, "ensemble": ensemble}
    net = bn.make_net(**how)
    rows = [np.arange(40), np.arange(15, 60)]
    nets = bn.fit_nets(net, (x, Y), folds=[(train, np.setdiff1d(np.arange(60), train)) for train in rows])
    for fitted, train in zip(nets.nets, rows):
        alone = bn.fit_net(x[train], Y[train], **how)
        np.testing.assert_allclose(fitted.predict_proba(x), alone.predict_proba(x), atol=1e-5)


@pytest.mark.long
def test_a_stack_of_machines_equals_each_alone():
    from bineural.nets.objectives.contrastive import contrast
    from bineural.nets.pretraining import _build_machine
    from bineural.training import RowLoss, train_net, train_stack

    x = RNG.normal(size=(40, 5))
    how = {"loss": RowLoss("cd", contrast, rows_only=True), "optimizer": "sgd", "epochs": 2, "batch_size": 16}
    model = _build_machine(5, 3, True, 2)
    stack = train_stack(model, x, np.zeros(40), seeds=[1, 2], learning_rate=0.01, **how)
    assert stack[0].how == "stack"
    for seed, each in zip([1, 2], stack):
        alone = train_net(model, x, np.zeros(40), seed=seed, learning_rate=0.01, **how)
        for a, b in zip(each.weights[:3], alone.weights[:3]):
            np.testing.assert_allclose(a, b, atol=1e-6)


def test_normal_visible_units_have_the_gradient_of_their_definition():
    """Energy |v - b|^2 / 2 - c h - v W h; the hidden units of made rows are drawn, rows are their means."""
    import tensorflow as tf

    layer = Contrast(3, gaussian=True)
    rows = RNG.normal(size=(8, 4)).astype("float32")
    layer.build(rows.shape)
    layer.set_weights(
        [RNG.normal(size=w.shape).astype("float32") for w in layer.get_weights()[:3]]
        + layer.get_weights()[3:]
    )
    kernel, visible, hidden = (w.astype(float) for w in layer.get_weights()[:3])
    made = layer._gibbs(tf.constant(rows)).numpy().astype(float)
    layer._gibbs = lambda _: tf.constant(made.astype("float32"))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(layer(tf.constant(rows), training=True)[:, 0])
    of_kernel, of_visible = tape.gradient(loss, [layer.kernel, layer.visible_bias])
    share = lambda v: 1 / (1 + np.exp(-(v @ kernel + hidden)))  # noqa: E731
    exact = (made.T @ share(made) - rows.T @ share(rows)) / 8
    np.testing.assert_allclose(of_kernel, exact, atol=1e-5)
    np.testing.assert_allclose(of_visible, made.mean(axis=0) - rows.mean(axis=0), atol=1e-5)
    units = np.linalg.lstsq(kernel, (made - visible).T, rcond=None)[0]  # made rows are W h + b
    np.testing.assert_allclose(units, np.round(units), atol=1e-4)


@pytest.mark.filterwarnings("ignore::bineural.errors.PenaltyWarning")
def test_a_comparison_says_what_pretraining_is_worth():
    plain = bn.make_net(**HOW | {"pretrain": None, "epochs": 5})
    models = {"plain": plain, "pretrained": bn.make_net(**HOW | {"epochs": 5})}
    comparison = bn.compare_models(models, BITS, Y, event="yes", folds=2, repeats=1, seed=1)
    assert {"plain", "pretrained"} <= set(comparison.table["model"])


def test_a_file_keeps_how_it_was_pretrained(tmp_path):
    net = bn.fit_net(BITS, Y, **HOW | {"epochs": 2})
    again = bn.load_model(bn.save_model(net, tmp_path / "net"))
    assert again.pretrain == {"epochs": 3}
    np.testing.assert_array_equal(again.predict_proba(BITS), net.predict_proba(BITS))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"activation": "relu"}, "activation='relu'"),
        ({"architecture": "skip", "numbers": "piecewise"}, "embedded"),
        ({"units": ()}, "without hidden layers"),
        ({"batch_normalization": True}, "no bias"),
        ({"pretrain": "dbn"}, "'rbm' or a dict"),
        ({"pretrain": {"epoch": 2}}, "such as"),
        ({"pretrain": {"epochs": 0}}, "from 1 to"),
    ],
)
def test_what_can_not_be_is_said(options, words):
    with pytest.raises(InputError, match=words):
        bn.fit_net(BITS + RNG.normal(size=BITS.shape), Y, **HOW | {"epochs": 1} | options)


@pytest.fixture(scope="module")
def machines():
    first = bn.fit_rbm(BITS, 4, epochs=2, seed=1)
    return [first, bn.fit_rbm(first.transform(BITS), 3, epochs=2, seed=1)]


@pytest.mark.long
def test_hidden_layers_start_from_machines_that_were_fitted_before(machines, tmp_path):
    still = STILL | {"scaling": False, "pretrain": machines}
    net = bn.fit_net(BITS, Y, **still)
    for fitted in (net, bn.load_model(bn.save_model(net, tmp_path / "net")), clone(net).fit(BITS, Y)):
        weights = weights_of(fitted)
        for layer, machine in enumerate(machines):
            np.testing.assert_allclose(weights[f"hidden_{layer}/kernel"], machine.components_.T, atol=1e-6)
            np.testing.assert_allclose(weights[f"hidden_{layer}/bias"], machine.intercept_hidden_, atol=1e-6)
    one = bn.fit_net(BITS, Y, **still | {"pretrain": machines[0], "seed": 2})
    np.testing.assert_allclose(weights_of(one)["hidden_0/kernel"], machines[0].components_.T, atol=1e-6)
    assert not np.allclose(weights_of(one)["hidden_1/kernel"], machines[1].components_.T, atol=0.01)


@pytest.mark.long
def test_all_nets_of_a_stack_start_from_the_machines(machines):
    net = bn.make_net(**STILL | {"scaling": False, "pretrain": machines, "ensemble": 2})
    nets = bn.fit_nets(
        net, (BITS, Y), folds=[(np.arange(40), np.arange(40, 60)), (np.arange(20, 60), np.arange(20))]
    )
    for fitted in nets.nets:
        for member in fitted.fitted_.members:
            kernels = [w for w in member.weights if w.shape == (6, 4)]
            np.testing.assert_allclose(kernels[0], machines[0].components_.T, atol=1e-6)


def test_machines_must_fit_the_net(machines):
    how = HOW | {"epochs": 1, "scaling": False}
    for options, words in (
        ({"pretrain": machines, "units": (4, 2)}, "6 to 4, 4 to 2, the machines 6 to 4, 4 to 3"),
        ({"pretrain": machines[::-1]}, "the machines 4 to 3, 6 to 4"),
        ({"pretrain": [*machines, machines[1]]}, "from the first on"),
        ({"pretrain": [bn.RBM()]}, "not fitted"),
        ({"pretrain": [bn.GAN()]}, "fitted Boltzmann machines"),
        ({"pretrain": machines, "scaling": "standard"}, "The net scales them"),
    ):
        with pytest.raises(InputError, match=words):
            bn.fit_net(BITS, Y, **how | options)


def test_batches_have_no_rows_to_pretrain_on(tmp_path):
    bn.load_dataset("iris").to_parquet(tmp_path / "iris.parquet")
    with pytest.raises(InputError, match="come in batches"):
        bn.fit_net("species ~ .", str(tmp_path / "iris.parquet"), pretrain="rbm", activation="sigmoid")
