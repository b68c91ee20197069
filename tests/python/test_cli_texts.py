"""Commands take a CSV file with a column of texts among others, as `text(column)` in the formula."""

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.cli import main

KIND = ["lovely crisp soup", "fine sweet tea", "lovely tea, crisp biscuits", "sweet and fine"]
RUDE = ["stale bread", "awful stale soup", "bitter tea, awful", "bitter, stale \U0001f922"]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    rng, n = np.random.default_rng(4), 48
    liked = np.arange(n) % 2 == 1
    review = [(KIND if good else RUDE)[rng.integers(4)] for good in liked]
    price = (rng.normal(5, 1, n) - liked).round(2)
    table = pd.DataFrame({"review": review, "price": price, "liked": np.where(liked, "yes", "no")})
    path = tmp_path_factory.mktemp("cli") / "reviews.csv"
    table.to_csv(path, index=False)
    return str(path)


FORMULA = ["--formula", "liked ~ text(review) + price", "--event", "yes"]


def test_a_model_of_texts_and_numbers_is_fitted_evaluated_and_asked(file, tmp_path, capsys):
    model, table = str(tmp_path / "glm.bineural"), str(tmp_path / "p.csv")
    assert main(["fit", file, *FORMULA, "--out", model]) == 0
    assert main(["evaluate", model, file]) == 0
    data = bn.load_dataset(file)
    expected = bn.evaluate_model(bn.load_model(model), data)
    assert f"{expected.measures['auroc']:.4f}" in capsys.readouterr().out
    assert main(["predict", model, file, "--out", table]) == 0
    made = bn.fit_glm("liked ~ text(review) + price", data, event="yes")
    np.testing.assert_allclose(pd.read_csv(table)[".pred_yes"], made.predict_event(data), rtol=1e-9)


def test_a_net_of_texts_is_fitted_with_options_of_its_own(file, tmp_path):
    model = str(tmp_path / "net.bineural")
    how = [
        "--model",
        "net",
        "--architecture",
        "bag",
        "--epochs",
        "2",
        "--seed",
        "1",
        "--option",
        "embedding=3",
    ]
    assert main(["fit", file, *FORMULA, *how, "--out", model]) == 0
    net = bn.load_model(model)
    assert net.get_params()["embedding"] == 3
    assert net.predict_event(bn.load_dataset(file)).shape == (48,)


def test_models_of_texts_are_compared(file, capsys):
    argv = ["compare", file, *FORMULA, "--models", "glm", "--folds", "2", "--repeats", "1", "--seed", "1"]
    assert main(argv) == 0
    assert "48 rows, 24 events (liked: yes; no 24)" in capsys.readouterr().out
