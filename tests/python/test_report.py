"""A report is one whole page: everything said, every name escaped, nothing loaded, and code that runs."""

import base64
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import bineural as bn
from bineural.reporting.repeat_code import python_code, r_code
from bineural.reporting.sections import data_and_folds

KYPHOSIS = bn.load_dataset("kyphosis")
GLM = bn.fit_glm("Kyphosis ~ Age + Number + Start", KYPHOSIS, event="present")
NASTY = "<script>alert('a & b')</script>"


class Reader(HTMLParser):
    """Gathers tags, text, and whether every element is closed."""

    VOID = {"meta", "img"}

    def __init__(self):
        super().__init__()
        self.tags, self.text, self.open = [], "", []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def comparison():
    models = {
        "glm": GLM,
        NASTY: make_pipeline(StandardScaler(), LogisticRegression(C=0.5)),
        "both": bn.average_models(["glm", NASTY]),
    }
    return bn.compare_models(models, KYPHOSIS, folds=3, repeats=2, seed=4)


@pytest.fixture(scope="module")
def page(comparison, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert bn.write_report(comparison, path, source="kyphosis") == path
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def read(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_every_model_verdict_and_count_is_there(read, comparison):
    words = " ".join(read.text.split())
    for name in comparison.models:
        assert name in words
    for verdict in comparison.verdicts:
        assert verdict in words
    for one in comparison.entrants:
        assert one.describe() in words
    assert "17 of 81 rows (21.0%)" in words
    assert "seed 4" in words and comparison.run["data_hash"] in words
    for row in comparison.table.to_dict("records"):
        assert f"{row['auroc']:.3f}" in words and f"{row['brier']:.3f}" in words


def test_names_are_escaped(page, read):
    assert "<script" not in page
    assert "script" not in {tag for tag, _ in read.tags}
    assert "&lt;script&gt;alert(" in page


def test_nothing_is_loaded_from_outside(page, read):
    assert not re.search(r"(https?:)?//[a-z]", re.sub(r"base64,[^\"]+", "", page))
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"link", "script", "iframe", "object", "embed", "video"}
    assert "@import" not in page and "url(" not in page
    for _, attributes in read.tags:
        assert attributes.get("src", "data:").startswith("data:")
        assert "href" not in attributes
    for image in pictures(read):
        drawn = base64.b64decode(image["src"].partition("base64,")[2]).decode()
        assert drawn.lstrip().startswith("<?xml") and "<!DOCTYPE" not in drawn
        links = re.findall(r'href="([^"]+)"', drawn)
        assert all(link.startswith(("#", "data:")) for link in links)
        assert NASTY not in drawn


def pictures(read):
    return [attributes for tag, attributes in read.tags if tag == "img"]


def test_every_picture_is_told_in_words(read, comparison):
    alts = [image["alt"] for image in pictures(read)]
    assert len(alts) == 7 == len(set(alts))
    glm = comparison.table.set_index("model").loc["glm"]
    assert f"glm {glm['auroc']:.3f}" in alts[0]
    assert "ahead in" in alts[1]
    assert any("pooled over folds" in alt for alt in alts)


def test_every_other_model_is_paired_with_the_reference(read, comparison):
    alts = [image["alt"] for image in pictures(read) if "in each fold, paired" in image["alt"]]
    own = comparison.scores.pivot(index=["repeat", "fold"], columns="model", values="auroc")
    assert len(alts) == 2
    for alt, name in zip(alts, (NASTY, "both")):
        ahead = (own[name] > own["glm"]).sum(), (own[name] < own["glm"]).sum()
        assert alt.startswith(f"AUROC of glm and {name} in each fold")
        assert f"{name} ahead in {ahead[0]} of 6 folds; glm ahead in {ahead[1]} of 6 folds" in alt


def stated(html):
    """Return what is said in lists of terms, by term."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html))


def test_the_page_has_the_section_on_its_data(page, comparison):
    assert data_and_folds(comparison) in page and stated(page)["Columns"] == "Age, Number, Start"


@pytest.mark.parametrize(
    ("formula", "models", "columns", "given"),
    [
        ("Kyphosis ~ Start", {"a": "glm"}, "Start", {}),
        ("Kyphosis ~ . - Number", {"a": "glm", "b": LogisticRegression()}, "Age, Start", {}),
        (None, {"a": bn.fit_glm("Kyphosis ~ Age", KYPHOSIS, event="present")}, "Age", {}),
        (None, {"a": GLM, "b": bn.fit_glm("Kyphosis ~ log(Start)", KYPHOSIS, event="present")}, ..., {}),
        (None, {"a": "glm"}, ..., {}),
        (
            "Kyphosis ~ Start",
            {"a": "glm", "pipe": make_pipeline(StandardScaler(), LogisticRegression())},
            "Start",
            {"Given to pipe": "Age, Number, Start"},
        ),
        (None, {"f": lambda train, test: np.full(len(test), 0.2)}, ..., {}),
    ],
)
def test_the_columns_are_those_that_models_use(formula, models, columns, given):
    asked = {"formula": formula} if formula else {"outcome": "Kyphosis"}
    options = {"event": "present", "baseline": False, "folds": 2, "repeats": 1, "seed": 1}
    comparison = bn.compare_models(models, KYPHOSIS, **asked, **options)
    terms = stated(data_and_folds(comparison))  # without the figures, which take most of a page's time
    assert terms["Columns"] == ("Age, Number, Start" if columns is ... else columns)
    assert {term: said for term, said in terms.items() if term.startswith("Given to")} == given


def test_the_page_is_the_same_each_time(comparison, page, tmp_path):
    bn.write_report(comparison, tmp_path / "again.html", source="kyphosis")
    assert (tmp_path / "again.html").read_text("utf-8") == page


def run_code(code, folder, **known):
    """Run the generated code in a folder of its own; return its comparison."""
    space = dict(known)
    exec(code.replace("report.html", str(folder / "repeated.html")), space)
    return space["comparison"]


def test_the_python_code_repeats_the_numbers(comparison, tmp_path, capsys):
    code = python_code(comparison, "kyphosis")
    assert "from sklearn.pipeline import Pipeline" in code
    again = run_code(code, tmp_path)
    np.testing.assert_array_equal(again.scores["auroc"], comparison.scores["auroc"])
    assert again.verdicts == comparison.verdicts
    assert (tmp_path / "repeated.html").is_file()


def test_options_and_short_names_are_repeated(tmp_path):
    options = {"formula": "Kyphosis ~ Start", "event": "present", "measure": "brier", "level": 0.9}
    first = bn.compare_models(["glm"], KYPHOSIS, folds=3, repeats=1, seed=2, strata=False, **options)
    code = python_code(first, "kyphosis")
    assert "'glm': 'glm'," in code and "strata=False" in code and "level=0.9" in code
    again = run_code(code, tmp_path)
    np.testing.assert_array_equal(again.scores["brier"], first.scores["brier"])
    assert 'measure = "brier"' in r_code(first) and "strata = FALSE" in r_code(first)


def test_what_cannot_be_written_stands_as_a_name(tmp_path):
    def halves(train, test):
        return np.full(len(test), 0.5)

    first = bn.compare_models({"my halves": halves, "glm": GLM}, KYPHOSIS, folds=2, repeats=1, seed=1)
    code = python_code(first, "kyphosis")
    assert "'my halves': halves,  # your own: halves" in code
    again = run_code(code, tmp_path, halves=halves)
    assert again.verdicts == first.verdicts
    assert "`my halves` = halves" in r_code(first)
    assert "# data: your table of 81 rows" in python_code(first)


def test_warnings_of_the_guards_are_shown(tmp_path):
    data = KYPHOSIS.assign(told=(KYPHOSIS["Kyphosis"] == "present") * 1.0)
    with pytest.warns(bn.LeakWarning):
        found = bn.compare_models(
            {"logistic": LogisticRegression()},
            data,
            formula="Kyphosis ~ Age + told",
            event="present",
            folds=3,
            repeats=1,
            seed=1,
            baseline=False,
        )
    bn.write_report(found, tmp_path / "leak.html")
    text = (tmp_path / "leak.html").read_text()
    assert 'class="warned"' in text and "told" in text and "The guards found no" not in text


def test_numbers_and_classes_have_reports_too(tmp_path):
    iris = bn.load_dataset("iris")
    numbers = bn.compare_models("glm", iris, formula="petal_width ~ petal_length", folds=3, repeats=1, seed=1)
    classes = bn.compare_models(
        {"glm": bn.GLMClassifier(penalty="ridge", strength=0.1)}, iris, "species", folds=3, repeats=1, seed=1
    )
    single = bn.compare_models(
        GLM, KYPHOSIS, folds=bn.split_rows(KYPHOSIS, strata="Kyphosis", seed=1), seed=1
    )
    for name, found in {"n": numbers, "c": classes, "s": single}.items():
        text = bn.write_report(found, tmp_path / f"{name}.html", title=f"Title {name}").read_text("utf-8")
        assert f"<title>Title {name}</title>" in text and "NaN" not in text and ">nan<" not in text


@pytest.mark.parametrize("path", ["report.txt", "no/report.html"])
def test_a_path_that_cannot_be_written_is_refused(path, comparison, tmp_path):
    with pytest.raises(bn.InputError, match="`path` must"):
        bn.write_report(comparison, tmp_path / path)
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_leaves_the_old_one(comparison, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")
    monkeypatch.setattr("bineural.reporting.sections.run_record", lambda comparison: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bn.write_report(comparison, path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


GRID = {"l2": [0.02, 0.2], "units": [(4,), (8, 4)], "learning_rate": {"low": 0.01, "high": 0.02, "log": True}}


@pytest.mark.long
def test_a_tuned_net_is_repeated_and_what_was_tuned_is_told(tmp_path):
    options = {"n_settings": 3, "folds": 2, "epochs": 3, "ensemble": 1, "event": "present", "seed": 4}
    tuned = bn.tune_net("Kyphosis ~ Age + Start", KYPHOSIS, GRID, refit=False, **options)
    first = bn.compare_models({"tuned": tuned}, KYPHOSIS, folds=2, repeats=1, seed=1)
    code = python_code(first, "kyphosis")
    again = run_code(code, tmp_path)
    np.testing.assert_array_equal(again.scores["auroc"], first.scores["auroc"])
    assert "your own" not in code
    assert (
        "tuned = tune_net(Kyphosis ~ Age + Start, data, grid = list(l2 = c(0.02, 0.2), "
        "units = list(c(4), c(8, 4)), learning_rate = list(low = 0.01, high = 0.02, log = TRUE)), "
        'n_settings = 3, folds = 2, refit = FALSE, event = "present", epochs = 3, ensemble = 1, seed = 4)'
    ) in r_code(first)
    bn.write_report(first, tmp_path / "tuned.html")
    page = " ".join((tmp_path / "tuned.html").read_text(encoding="utf-8").split())
    told = [one.told for one in first.entrants if one.name == "tuned"][0]
    for chosen, n in told["counts"].items():
        assert f"{chosen} (in {n} of 2 fits)" in page


@pytest.mark.long
def test_the_grid_of_a_tuned_net_may_be_settings_and_a_measure_be_ones_own():
    settings = pd.DataFrame({"l2": [0.02, 0.2], "dropout": [0.0, 0.1]})
    rows = {"x": np.arange(24.0)[::-1], "y": np.arange(24.0) % 5}
    own = {
        "epochs": 1,
        "ensemble": 1,
        "folds": 2,
        "refit": False,
        "seed": 1,
        "measure": (_distance, "smaller"),
    }
    first = bn.compare_models(bn.tune_net("y ~ x", rows, settings, **own), rows, folds=2, repeats=1, seed=1)
    assert "grid=[{'l2': 0.02, 'dropout': 0.0}, {'l2': 0.2, 'dropout': 0.1}]" in python_code(first)
    assert "# add your own measure" in python_code(first) and "# add your own measure" in r_code(first)
    assert "list(list(l2 = 0.02, dropout = 0.0), list(l2 = 0.2, dropout = 0.1))" in r_code(first)


def _distance(truth, prediction):
    return np.abs(truth - prediction).mean()


def test_what_to_know_of_the_estimates_and_every_pair_asked_for_stand_on_the_page(tmp_path):
    models = {"glm": GLM, "turned": lambda train, test: 1 - GLM.predict_event(test), "start": "glm"}
    options = {"outcome": "Kyphosis", "event": "present", "folds": 5, "repeats": 1, "seed": 1, "pairs": "all"}
    found = bn.compare_models(models, KYPHOSIS, **options)
    text = bn.write_report(found, tmp_path / "r.html").read_text("utf-8")
    assert "turned ranks the other class first" in found.notes[0]
    assert 'class="warned"' in text and "turned ranks the other class first" in text
    assert "The guards found no" in text  # which look at rows, and not at estimates
    assert "Between the others" in text and all(verdict in text for verdict in found.verdicts)
    assert "pairs='all'" in python_code(found) and 'pairs = "all"' in r_code(found)
