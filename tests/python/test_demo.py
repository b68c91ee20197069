"""The demo reproduces the published figure; its comparison notices any difference between languages."""

import json

import pytest

import bineural as bn
from bineural import demo
from bineural.cli import main
from bineural.errors import DataMismatchError, SavingError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of one run of the demo in Python, its numbers copied as if R had found the same."""
    folder = tmp_path_factory.mktemp("demo")
    bn.run_demo(folder)
    numbers = json.loads((folder / "demo-python.json").read_text())
    (folder / "demo-r.json").write_text(json.dumps(numbers | {"language": "r"}))
    return folder


def result(folder, split, model):
    results = json.loads((folder / "demo-python.json").read_text())["results"]
    return next(r for r in results if (r["split"], r["model"]) == (split, model))


@pytest.mark.long
def test_glm_on_the_workshops_split_has_the_published_auroc(folder):
    glm = result(folder, "workshop", "glm")
    assert glm["auroc"] == 46 / 64
    assert (glm["n_train"], glm["n"], glm["events"]) == (61, 20, 4)
    expected = [-0.48134802535, 0.01140158879, 0.22561595316, -0.29828146429]
    assert glm["coefficients"] == pytest.approx(expected, abs=1e-10)
    assert 0 < glm["low"] < 46 / 64 < glm["high"] < 1


@pytest.mark.long
def test_demo_writes_figures(folder):
    for name in ("demo-roc-python.png", "demo-history-python.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.long
def test_the_page_ends_with_the_comparison_and_its_report(tmp_path, folder, capsys):
    page = (folder / "demo-report-python.html").read_text()
    assert page.startswith("<!DOCTYPE html>") and "net and glm are not distinguishable" in page
    numbers = json.loads((folder / "demo-python.json").read_text())
    changed = json.loads(json.dumps(numbers))
    changed["folds"]["net"][3] += 1e-5
    (tmp_path / "demo-python.json").write_text(json.dumps(numbers))
    (tmp_path / "demo-r.json").write_text(json.dumps(changed))
    with pytest.raises(DataMismatchError, match="scores over folds"):
        demo.compare_demos(tmp_path)


@pytest.mark.long
def test_second_split_is_the_one_of_its_seed(folder):
    kyphosis = bn.load_dataset("kyphosis")
    split = bn.split_rows(kyphosis, strata="Kyphosis", prop=0.75, seed=2019)
    assert result(folder, "stratified", "net")["test_ids"] == list(split.test_ids)


@pytest.mark.long
def test_equal_numbers_agree(folder, capsys):
    assert main(["demo", "--directory", str(folder), "--compare"]) == 0
    assert "Python and R agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    "model, key, step",
    [("glm", "coefficients", 1e-11), ("glm", "probability", 1e-11), ("net", "probability", 1e-5)],
)
@pytest.mark.long
def test_a_difference_beyond_the_tolerance_fails(folder, tmp_path, model, key, step):
    for size, allowed in ((step, False), (step / 100, True)):
        numbers = json.loads((folder / "demo-python.json").read_text())
        changed = next(r for r in numbers["results"] if r["model"] == model)
        changed[key][0] += size
        (tmp_path / "demo-python.json").write_text((folder / "demo-python.json").read_text())
        (tmp_path / "demo-r.json").write_text(json.dumps(numbers))
        if allowed:
            assert "agree" in demo.compare_demos(tmp_path)
        else:
            with pytest.raises(
                DataMismatchError, match=f"same {key} for the {model} on the workshop's split"
            ):
                demo.compare_demos(tmp_path)


@pytest.mark.long
def test_other_test_rows_fail(folder, tmp_path):
    numbers = json.loads((folder / "demo-python.json").read_text())
    (tmp_path / "demo-python.json").write_text(json.dumps(numbers))
    numbers["results"][0]["test_ids"][0] += 1
    (tmp_path / "demo-r.json").write_text(json.dumps(numbers))
    with pytest.raises(DataMismatchError, match="same test rows"):
        demo.compare_demos(tmp_path)


def test_a_language_that_did_not_run_is_named(tmp_path):
    with pytest.raises(SavingError, match="demo-python.json"):
        demo.compare_demos(tmp_path)
    assert main(["demo", "--directory", str(tmp_path), "--compare"]) == 2
