"""The report of one fitted model: what it is worth on rows that are given, and how it was trained."""

import html
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix

import bineural as bn
from bineural._tensorflow import keras
from bineural.reporting.net_code import python_code, r_code

BUNCH = load_digits(n_class=3)
IMAGES, LABELS = BUNCH.images[:120, ..., None].astype(np.uint8), BUNCH.target[:120].astype(str)
KYPHOSIS = bn.load_dataset("kyphosis")
GLM = bn.fit_glm("Kyphosis ~ Age + Start", KYPHOSIS, event="present")


def small(input_shape, n_outputs):
    x = inputs = keras.Input(input_shape)
    x = keras.layers.Flatten()(keras.layers.Conv2D(2, 3)(x))
    return keras.Model(inputs, keras.layers.Dense(n_outputs)(x))


@pytest.fixture(scope="module")
def net():
    options = {"architecture": small, "epochs": 1, "scaling": "standard", "augmentation": {"cutout": 2}}
    return bn.fit_net(IMAGES[:80], LABELS[:80], seed=1, **options)


def written(path, *model, **options):
    return html.unescape(bn.write_report(*model, path, **options).read_text("utf-8"))


@pytest.mark.long
def test_a_net_of_images_is_shown_with_what_it_takes_them_for_and_what_was_augmented(net, tmp_path):
    page = written(tmp_path / "net.html", net, data=IMAGES[80:], y=LABELS[80:])
    table = page[page.index("<h2>Images</h2>") :]
    rows = re.findall(r"<tr>(.*?)</tr>", table[: table.index("</table>")])[1:]
    cells = [[int(n) for n in re.findall(r"<td[^>]*>(\d+)</td>", row)] for row in rows]
    np.testing.assert_array_equal(cells, confusion_matrix(LABELS[80:], net.predict(IMAGES[80:])))
    accuracy = bn.evaluate_model(net, IMAGES[80:], LABELS[80:]).measures["accuracy"]
    assert f"{accuracy:.4f}" in page
    assert "images were changed at random: cutout 2" in page and "one draw of many" in page
    assert str(net.summary()) in page and f"{net.n_weights_:,} parameters" in page
    assert page.count("<img ") == page.count('alt="') and "<script" not in page


def test_without_rows_nothing_is_said_of_how_well_it_predicts(net, tmp_path):
    page = written(tmp_path / "net.html", net, title="Just a net")
    assert "<title>Just a net</title>" in page and "How well it predicts" not in page
    assert "No rows were given" in page and "The loss of each epoch" in page


def test_curves_of_two_classes_and_a_caution_where_rows_were_learnt(tmp_path):
    page = written(tmp_path / "glm.html", GLM, data=KYPHOSIS, source="kyphosis")
    evaluation = bn.evaluate_model(GLM, KYPHOSIS)
    assert f"AUROC {evaluation.measures['auroc']:.4f} (95% interval" in page
    assert "81 of 81 rows are among those the model was fitted to" in page
    for caption in ("Share of events found", "Precision at each", "Observed share of events"):
        assert caption in page
    assert "Layers" not in page


def test_code_fits_the_same_model_again():
    space = {}
    exec(python_code(GLM, "kyphosis"), space)
    np.testing.assert_array_equal(space["glm"].predict_event(KYPHOSIS), GLM.predict_event(KYPHOSIS))
    assert 'fit_glm(Kyphosis ~ Age + Start, data, event = "present")' in r_code(GLM, "kyphosis")


def test_scenes_are_shown_with_how_well_each_label_is_found(tmp_path):
    images, boxes = bn.make_scenes(24, size=16, seed=1)
    boxes = boxes.assign(label=np.where(boxes["label"] < "5", "low", "high"))
    comparison = bn.compare_models({"glm": "glm"}, images, boxes, folds=2, repeats=1, seed=1)
    page = written(tmp_path / "compared.html", comparison)
    assert "24 objects in 24 images (high " in page and "Mean, SD" not in page
    assert "9 images with 9 true boxes" in page and "Objects in images" in page
    table = comparison.predictions[comparison.predictions["model"] == "glm"]
    held_out = pd.DataFrame(
        {"image": table["row"], "score": table[".pred_score_1"], "label": table[".pred_label_1"]}
        | {edge: 16 * table[f".pred_{edge}_1"] for edge in ("x1", "y1", "x2", "y2")}
    )
    low = boxes[boxes["label"] == "low"]
    precision = bn.mean_average_precision(low, held_out[held_out["label"] == 1].assign(label="low"))
    assert re.search(rf"low</th><td>{len(low)}</td><td>{precision:.3f}</td>", page)


@pytest.mark.parametrize(
    ("model", "options", "words"),
    [
        (bn.NetClassifier(), {}, "Found a NetClassifier that is not fitted"),
        (bn.make_net("a ~ b"), {}, "Found a net that make_net"),
        (3, {}, "must be what compare_models, fit_net or fit_glm returned"),
        (GLM, {"y": [1]}, "`y` must come with the rows"),
    ],
)
def test_what_has_no_report_is_refused(model, options, words, tmp_path):
    with pytest.raises(bn.InputError, match=words):
        bn.write_report(model, tmp_path / "x.html", **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fit", ["fit_glm", "fit_net"])
def test_an_offset_beside_the_formula_is_in_the_code_and_the_summary(fit):
    rows = pd.DataFrame({"n": [1, 2, 3, 5, 4, 2] * 5, "x": np.arange(30.0), "time": np.linspace(0, 1, 30)})
    options = {"family": "poisson"} if fit == "fit_glm" else {"objective": "poisson", "epochs": 1, "seed": 1}
    model = getattr(bn, fit)("n ~ x", rows, offset="time", **options)
    assert "n ~ x, offset `time`" in str(model.summary())
    known = {"data": rows}
    exec(python_code(model), known)
    again = known["glm" if fit == "fit_glm" else "net"]
    np.testing.assert_array_equal(again.predict(rows), model.predict(rows))
    assert 'offset = "time"' in r_code(model)
    assert "offset" not in python_code(getattr(bn, fit)("n ~ x", rows, **options))
