"""Nets of rows: Ctrl-C leaves what was reached, a checkpoint goes on, a stack of seeds is each one alone."""

import numpy as np
import pytest

import bineural as bn
from bineural.errors import InterruptedWarning
from bineural.nets.many import NetRun, fit_runs
from interrupting import press_ctrl_c_in_chunk, short_chunks  # noqa: F401
from long_cases import long_but

pytestmark = pytest.mark.filterwarnings("ignore::bineural.errors.CollapsedWarning")  # after a few epochs
X = np.random.default_rng(8).uniform(size=(60, 3))
SEQUENCES = [row.reshape(-1, 1)[: 2 + k % 2] for k, row in enumerate(X)]
FITS = {
    "autoencoder": (bn.fit_autoencoder, bn.Autoencoder, {"n_codes": 2, "units": (4,)}),
    "variational": (bn.fit_autoencoder, bn.Autoencoder, {"n_codes": 2, "units": (4,), "variational": True}),
    "gan": (bn.fit_gan, bn.GAN, {"n_noise": 2, "units": (4,)}),
    "rbm": (bn.fit_rbm, bn.RBM, {"n_hidden": 2}),
    "persistent rbm": (bn.fit_rbm, bn.RBM, {"n_hidden": 2, "persistent": True}),
}


def weights_of(net):
    return [w for w in net.weights_ if w.dtype.kind == "f"]


@pytest.mark.usefixtures("short_chunks")
@pytest.mark.parametrize("kind", ["autoencoder", "gan", "rbm"])
def test_what_was_reached_is_kept_and_a_checkpoint_goes_on(kind, monkeypatch, tmp_path):
    fit, _, options = FITS[kind]
    how = options | {"epochs": 20, "seed": 3, "checkpoint": str(tmp_path / "net.checkpoint")}
    with monkeypatch.context() as patch:
        press_ctrl_c_in_chunk(patch, 2)
        with pytest.warns(InterruptedWarning):
            part = fit(X, **how)
    assert part.interrupted_ and 0 < part.n_epochs_ < 20
    resumed, whole = fit(X, **how), fit(X, **options, epochs=20, seed=3)
    assert not resumed.interrupted_ and resumed.n_epochs_ == whole.n_epochs_
    for a, b in zip(weights_of(resumed), weights_of(whole)):
        np.testing.assert_array_equal(a, b)
    assert part.history_["loss"] == whole.history_["loss"][: part.n_epochs_]
    again = bn.load_model(bn.save_model(part, tmp_path / "part.bineural"))
    assert again.interrupted_
    if kind != "gan":
        np.testing.assert_array_equal(again.transform(X), part.transform(X))


@pytest.mark.parametrize("kind", long_but(FITS, "rbm"))
def test_seeds_in_a_stack_are_those_fitted_alone(kind):
    fit, estimator, options = FITS[kind]
    options = options | {"epochs": 2}
    nets = fit_runs(estimator(**options), X, np.zeros(60), [NetRun(np.arange(60), seed) for seed in (1, 2)])
    for net, seed in zip(nets, (1, 2)):
        for a, b in zip(weights_of(net), weights_of(fit(X, **options, seed=seed))):
            np.testing.assert_allclose(a, b, atol=2e-5)


@pytest.mark.long
def test_a_stack_of_sequences_is_each_alone():
    options = {"n_codes": 2, "units": (4,), "epochs": 3, "architecture": "recurrent"}
    runs = [NetRun(np.arange(60), seed) for seed in (1, 2)]
    nets = fit_runs(bn.Autoencoder(**options), SEQUENCES, np.zeros(60), runs)
    for net, seed in zip(nets, (1, 2)):
        alone = bn.fit_autoencoder(SEQUENCES, **options, seed=seed)
        np.testing.assert_allclose(net.transform(SEQUENCES), alone.transform(SEQUENCES), atol=1e-4)
