"""Records show in notebooks what they print, with true tables; summaries show themselves as they print."""

import pickle
import re
from html.parser import HTMLParser

import numpy as np
import pytest

import bineural as bn
from bineural.notebook import as_html, show_html
from long_cases import long_but

KYPHOSIS = bn.load_dataset("kyphosis")
FORMULA, EVENT = "Kyphosis ~ Age + Start", {"event": "present"}
GLM = bn.fit_glm(FORMULA, KYPHOSIS, **EVENT)


class Page(HTMLParser):
    """The words of a page, and the rows of its tables as lists of cells."""

    def __init__(self, html):
        super().__init__()
        self.words, self.rows, self.tags = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_data(self, data):
        self.words += data.split()
        if self.tags[-1] in ("th", "td") and data.strip():
            self.rows[-1][-1] += data


QUICK = {"epochs": 1, "seed": 1, **EVENT}
SETTINGS = [{"l2": 0.1}, {"l2": 0.2}]
RECORDS = {  # made when their test asks for them
    "Comparison": lambda: bn.compare_models({"glm <b>": GLM}, KYPHOSIS, folds=2, repeats=1, seed=1),
    "Evaluation": lambda: bn.evaluate_model(GLM, KYPHOSIS),
    "TunedNet": lambda: bn.tune_net(FORMULA, KYPHOSIS, SETTINGS, folds=2, **QUICK),
    "NetFits": lambda: bn.fit_nets(
        FORMULA, KYPHOSIS, bn.make_folds(KYPHOSIS, 2, seed=1), settings=SETTINGS, ensemble=1, **QUICK
    ),
    "Importance": lambda: bn.permutation_importance(GLM, KYPHOSIS, seed=1),
    "Dependence": lambda: bn.partial_dependence(GLM, KYPHOSIS, "Age", n_points=3),
    "Curves": lambda: bn.additive_curves(GLM, KYPHOSIS),
    "ArchitectureDescription": lambda: bn.describe_architecture("skip", 4),
    "Calibration": lambda: bn.calibration([0, 1, 1, 0] * 5, [0.1, 0.8, 0.6, 0.7] * 5, bins=3),
}


@pytest.mark.parametrize("kind", long_but(RECORDS, *(set(RECORDS) - {"TunedNet"})))
def test_a_record_shows_the_words_that_it_prints_and_its_table(kind):
    record = RECORDS[kind]()
    assert type(record).__name__ == kind
    page = Page(record._repr_html_())
    printed = re.sub(r"^[-!] ", "", str(record), flags=re.M).split()  # the marks of items and warnings
    assert page.words == printed
    assert page.tags.count("table") == 1
    (width,) = set(map(len, page.rows))
    assert width > 1 and len(page.rows) == len(record._table_lines())
    if kind in ("Importance", "Dependence"):
        cells = np.array(page.rows[1:])
        assert page.rows[0] == list(record.table.columns)
        np.testing.assert_allclose(cells[:, 1].astype(float), record.table.iloc[:, 1], atol=5e-5)


def test_a_comparison_of_three_models_shows_each_in_a_row_of_its_own():
    models = dict.fromkeys(("a model", "b  c", "d"), GLM)
    comparison = bn.compare_models(models, KYPHOSIS, folds=2, repeats=1, seed=1)
    page = Page(comparison._repr_html_())
    assert [row[0] for row in page.rows] == ["model", "a model", "b  c", "d", "null"]
    assert [row[1] for row in page.rows[1:]] == [f"{value:.3f}" for value in comparison.table["auroc"]]


def test_a_record_without_a_table_shows_its_words():
    record = bn.net_benefit([0, 1, 1, 0], [0.1, 0.8, 0.6, 0.7])
    page = Page(record._repr_html_())
    assert page.words == str(record).split() and "table" not in page.tags


def test_lines_that_the_text_does_not_hold_are_no_table():
    page = Page(as_html("name  n\nx     1", ["name  n", "y     1"]))
    assert page.words == ["name", "n", "x", "1"] and "table" not in page.tags


def test_records_show_as_they_print_where_that_is_asked_for():
    record = bn.evaluate_model(GLM, KYPHOSIS)
    try:
        for _ in range(2):
            show_html(False)
            assert not hasattr(record, "_repr_html_")
    finally:
        show_html(True)
    assert "<table" in record._repr_html_()


def test_everything_is_escaped():
    html = as_html("a <script>\n\nname  n\n<i>x  1\n\n- <b>\n! &", ["name  n", "<i>x  1"])
    known = {"div", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "p"}
    assert set(re.findall(r"</?(\w+)", html)) <= known
    assert Page(html).words == ["a", "<script>", "name", "n", "<i>x", "1", "<b>", "&"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("model  n\nglm a  1\nnet    20", [["model", "n"], ["glm a", "1"], ["net", "20"]]),
        (
            " l2 mean loss  n\n0.1     0.670  3",
            [["l2", "mean loss", "n"], ["0.1", "0.670", "3"]],
        ),
        ("slope      1.00\nintercept  0.25", [["slope", "1.00"], ["intercept", "0.25"]]),
    ],
)
def test_the_cells_of_a_table_are_what_stands_in_its_columns(text, rows):
    page = Page(as_html(f"n = 2  rows\n{text}\n\nthe end", text.splitlines()))
    assert page.rows == rows
    assert ("thead" in page.tags) == ("n" in rows[0])


@pytest.mark.parametrize("kind", ["glm", "net"])
def test_a_summary_shows_itself_as_it_prints(kind):
    summary = (GLM if kind == "glm" else bn.fit_net(FORMULA, KYPHOSIS, **QUICK)).summary()
    assert repr(summary) == str(summary) and "\\n" not in repr(summary) and "\n" in summary
    assert summary == str(summary) and isinstance(summary, str)
    assert type(pickle.loads(pickle.dumps(summary))) is str
    assert summary.splitlines()[0] in f"{summary}"
