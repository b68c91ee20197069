"""A report of images shows examples of each class, who is taken for whom, and the surest errors."""

import html
import re

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix

import bineural as bn
from long_cases import long_but

BUNCH = load_digits(n_class=3)
IMAGES, LABELS = BUNCH.images[:90, ..., None].astype(np.uint8), BUNCH.target[:90].astype(str)


def weak_guess(train, test):
    """Predict by the ink of the middle alone, which errs."""
    X, y = train
    classes = np.unique(y)
    means = np.array([X[np.asarray(y) == label, 2:6, 3:5].mean() for label in classes])
    nearness = -np.abs(test[:, 2:6, 3:5].mean(axis=(1, 2, 3))[:, None] - means)
    weights = np.exp(nearness)
    return weights / weights.sum(axis=1, keepdims=True)


def cells(page, name):
    """Return the numbers of the confusion table below the heading of a model."""
    part = page[page.index(f"<h3>{name}</h3>", page.index("<h2>Images</h2>")) :]
    rows = re.findall(r"<tr>(.*?)</tr>", part[: part.index("</table>")])[1:]
    return np.array([[int(n) for n in re.findall(r"<td[^>]*>(\d+)</td>", row)] for row in rows])


@pytest.mark.parametrize("classes", long_but(["three", "two"], "three"))
def test_confusion_tables_are_those_of_the_held_out_predictions(classes, tmp_path):
    y = LABELS if classes == "three" else np.where(LABELS == "1", "one", "other")
    event = None if classes == "three" else "one"
    guess = weak_guess if event is None else lambda train, test: weak_guess(train, test)[:, 0]
    models = {"guess": guess, "rf": "rf"}
    options = {"event": event, "folds": 3, "repeats": 1, "seed": 1, "baseline": "guess"}
    comparison = bn.compare_models(models, IMAGES, y, **options)
    page = html.unescape(bn.write_report(comparison, tmp_path / "report.html", source="digits").read_text())
    for name in models:
        rows, truth, probability = comparison.averaged_predictions(name)
        answer = probability.argmax(axis=1) if event is None else (probability > 0.5).astype(int)
        np.testing.assert_array_equal(cells(page, name), confusion_matrix(truth, answer))
    assert "Taken for another class with the largest probability" in page
    assert re.search(r"row \d+, \S+ taken for \S+ with probability 0\.\d\d", page)
    assert "The first images of each class" in page and "images of 8 x 8 pixels" in page
    assert "images = bn.load_images(\"digits\", size=[8, 8], colour='grey')" in page
    assert "outcome <- images$labels" in page


@pytest.mark.long
def test_numbers_and_tables_have_no_confusion(tmp_path):
    y = IMAGES.mean(axis=(1, 2, 3))
    comparison = bn.compare_models({"rf": "rf"}, IMAGES, y, folds=2, repeats=1, seed=1, baseline="rf")
    page = bn.write_report(comparison, tmp_path / "report.html").read_text()
    assert "The first images." in page and "Truth in rows" not in page
    flat = bn.compare_models({"rf": "rf"}, IMAGES.reshape(90, -1), y, folds=2, repeats=1, baseline="rf")
    assert "<h2>Images</h2>" not in bn.write_report(flat, tmp_path / "flat.html").read_text()
