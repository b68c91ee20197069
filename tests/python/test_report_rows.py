"""The reports of autoencoders, generators and machines, and of comparisons of them."""

import html

import numpy as np
import pytest

import bineural as bn
from long_cases import long_but

pytestmark = pytest.mark.filterwarnings("ignore::bineural.errors.CollapsedWarning")  # after a few epochs
RNG = np.random.default_rng(2)
IMAGES = RNG.uniform(size=(70, 4, 5))
IRIS = bn.load_dataset("iris")


def written(tmp_path, model, **options):
    return html.unescape(bn.write_report(model, tmp_path / "page.html", **options).read_text("utf-8"))


@pytest.mark.long
def test_an_autoencoder_is_shown_beside_pca_with_pictures(tmp_path):
    coder = bn.fit_autoencoder(IRIS[::2], 2, units=(4,), epochs=3, seed=1)
    page = written(tmp_path, coder, data=IRIS[1::2], y=IRIS["species"][1::2])
    error = coder.reconstruction_errors(IRIS[1::2]).mean()
    values = coder._outputs(IRIS[1::2])[0]
    pca = coder.baseline_
    of_pca = np.mean((values - pca.inverse_transform(pca.transform(values))) ** 2)
    assert f"{error:.4f}" in page and f"{of_pca:.4f}" in page and f"{error - of_pca:.4f}" in page
    assert page.count("<img ") == 4  # losses, pairs, map, grid
    assert "bn.fit_autoencoder(x" in page and "fit_autoencoder(x" in page.split("<h3>R</h3>")[1]


@pytest.mark.long
def test_generators_are_judged_by_a_classifier_and_a_machine_by_its_likelihood(tmp_path):
    rbm = bn.fit_rbm(IMAGES[:40], 3, epochs=1, seed=1)
    page = written(tmp_path, rbm, data=IMAGES[40:])
    assert f"{rbm.log_likelihood(IMAGES[40:]).mean():.4f}" in page and "two-sample AUROC" in page
    gan = bn.fit_gan(IMAGES[:40], n_noise=2, units=(4,), epochs=1, seed=1)
    page = written(tmp_path, gan)
    assert "No rows were given" in page and page.count("<img ") == 2 and "Spread:" in page
    vae = bn.fit_autoencoder(IMAGES[:40], 2, variational=True, units=(4,), epochs=1, seed=1)
    page = written(tmp_path, vae, data=IMAGES[40:])
    assert "two-sample AUROC" in page and page.count("<img ") == 5 and "Variational autoencoder" in page


@pytest.mark.parametrize("of", long_but(["codes", "samples"], "codes"))
@pytest.mark.parametrize(
    "x",
    [pytest.param(IMAGES, marks=pytest.mark.long), IRIS[["petal_length", "petal_width"]]],
    ids=["images", "table"],
)
def test_comparisons_of_them_are_reported(of, x, tmp_path):
    coder = {"n_codes": 2, "units": (4,), "epochs": 1}
    models = {
        "codes": {"coder": bn.Autoencoder(**coder), "linear": bn.Autoencoder(**coder | {"units": ()})},
        "samples": {
            "gan": bn.GAN(n_noise=2, units=(4,), epochs=1),
            "vae": bn.Autoencoder(variational=True, **coder),
        },
    }[of]
    comparison = bn.compare_models(models, x, folds=2, repeats=1, seed=1)
    page = written(tmp_path, comparison)
    assert all(name in page for name in models) and "<h2>" in page
