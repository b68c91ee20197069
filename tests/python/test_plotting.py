"""Figures show the numbers they are given, no text overlaps, and files are whole and the same each time."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression

import bineural as bn
from bineural.errors import InputError
from bineural.figures.curves import precision_recall_data, roc_band_data, roc_data
from bineural.figures.decision import net_benefit_data
from bineural.figures.history import history_data
from bineural.figures.reliability import calibration_data
from long_cases import long_but


class Net:
    """What plot_history reads of a fitted net."""

    def __init__(self, loss, validation_loss=None, best=None):
        self.history_ = {"loss": loss}
        if validation_loss is not None:
            self.history_["validation_loss"] = validation_loss
        self.best_epoch_ = best


@pytest.fixture(scope="module")
def evaluations():
    """A model on the same 40 test rows by two columns (one with ties), and on all rows."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(120, 2))
    y = np.where(x[:, 0] + rng.logistic(size=120) > 0, "present", "absent")
    x[:, 1] = np.round(x[:, 0])
    fine, coarse = (LogisticRegression().fit(x[:80, [k]], y[:80]) for k in (0, 1))
    return {
        "glm": bn.evaluate_model(fine, x[80:, [0]], y[80:], event="present"),
        "net": bn.evaluate_model(coarse, x[80:, [1]], y[80:], event="present"),
        "all": bn.evaluate_model(fine, x[:, [0]], y, event="present"),
    }


@pytest.fixture(scope="module")
def iris():
    x, y = load_iris(return_X_y=True)
    return bn.evaluate_model(LogisticRegression(max_iter=1000).fit(x[:, :1], y), x[:, :1], y)


def legend_texts(figure):
    legend = figure.legends[0]
    return legend.get_title().get_text(), [text.get_text() for text in legend.get_texts()]


def test_the_legend_says_auroc_with_interval_n_and_events(evaluations):
    pair = {name: evaluations[name] for name in ("glm", "net")}
    title, labels = legend_texts(bn.plot_roc(pair))
    glm = pair["glm"]
    interval = glm.intervals["auroc"]
    assert title == f"AUROC (95% interval), n = 40, events = {glm.n_events}"
    assert labels[0] == f"glm  {interval.estimate:.3f} ({interval.low:.3f} to {interval.high:.3f})"
    title, labels = legend_texts(bn.plot_roc(evaluations))  # other rows: n and events stand with each curve
    assert title == "AUROC (95% interval)"
    assert labels[2].endswith(f", n = 120, events = {evaluations['all'].n_events}")


def test_one_evaluation_is_drawn_under_its_event(evaluations):
    figure = evaluations["glm"].plot()
    assert legend_texts(figure)[1][0].startswith("present  0.")
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_aspect()) == (
        "1 - specificity",
        "Sensitivity",
        1.0,
    )


def test_several_classes_give_a_curve_each(iris):
    assert [label[:7] for label in legend_texts(bn.plot_roc({"glm": iris}))[1]] == ["glm: cl"] * 3
    assert roc_data(iris)["curve"].unique().tolist() == ["class 0", "class 1", "class 2"]


@pytest.mark.parametrize("name", ["glm", "net"])
def test_thinned_points_keep_the_curve(evaluations, name):
    evaluation = evaluations[name]
    drawn, whole = roc_data({name: evaluation}), bn.roc_points(evaluation.y_true, evaluation.score)
    assert len(drawn) <= len(whole)
    specificity = np.linspace(0, 1, 301)
    for points in (drawn, whole):
        area = np.trapezoid(points["sensitivity"], points["specificity"])
        assert area == pytest.approx(evaluation.measures["auroc"])
    kept = whole.merge(drawn[["threshold", "sensitivity", "specificity"]])
    assert len(kept) == len(drawn)
    assert np.interp(specificity, drawn["specificity"], drawn["sensitivity"]) == pytest.approx(
        np.interp(specificity, whole["specificity"], whole["sensitivity"])
    )
    line = bn.plot_roc(evaluation).axes[0].lines[1]
    assert np.array_equal(line.get_xdata(), 1 - drawn["specificity"])


def boxes(figure):
    """Draw the figure and return the boxes of all its visible text, in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    every = [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]
    texts = [axis.label for axis in every]
    for axis in every:
        low, high = axis.get_view_interval()
        ticks = zip(axis.get_ticklabels(), axis.get_ticklocs())
        texts += [label for label, at in ticks if low <= at <= high and label.get_visible()]
    for legend in figure.legends:
        texts += [legend.get_title(), *legend.get_texts()]
    texts += [title for axes in figure.axes for title in (axes.title, axes._left_title)]
    return [text.get_window_extent(renderer) for text in texts if text.get_text().strip()]


@pytest.mark.parametrize("size", [None, (3.2, 4.2), (12, 9)])
@pytest.mark.parametrize(
    "kind", ["roc", "classes", "history", "precision", "calibration", "calibration of one", "net benefit"]
)
def test_no_text_overlaps_or_leaves_the_figure(evaluations, iris, kind, size):
    if kind == "history":
        figure = bn.plot_history(Net(np.linspace(1, 0.2, 50), np.linspace(1, 0.5, 50), 50))
    elif kind == "calibration of one":
        figure = bn.plot_calibration(evaluations["glm"])
    else:
        draw = {
            "precision": bn.plot_precision_recall,
            "calibration": bn.plot_calibration,
            "net benefit": bn.plot_net_benefit,
        }.get(kind, bn.plot_roc)
        figure = draw(iris if kind == "classes" else {k: evaluations[k] for k in ("glm", "net")})
    if size is not None:
        figure.set_size_inches(*size)
    found = boxes(figure)
    for one, other in itertools.combinations(found, 2):
        assert not one.overlaps(other), (one, other)
    whole = figure.bbox
    for box in found:
        assert box.x0 >= whole.x0 and box.x1 <= whole.x1 and box.y0 >= whole.y0 and box.y1 <= whole.y1


def test_long_names_are_wrapped(evaluations):
    long = "a skip net of two layers with 16 and 8 units, dropout 0.2 and a strong penalty on both"
    figure = bn.plot_roc({long: evaluations["glm"], "all": evaluations["all"]})
    assert "\n" in legend_texts(figure)[1][0]
    assert max(box.x1 for box in boxes(figure)) <= figure.bbox.x1


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda e, i: {}, "must not be empty"),
        (lambda e, i: {"glm": 0.7}, "Evaluation 'glm' must be of a classifier"),
        (lambda e, i: None, "Found NoneType"),
        (
            lambda e, i: bn.evaluate_model(LinearRegression().fit([[0], [1]], [0, 1]), [[0]], [1]),
            "predictions of numbers",
        ),
        (
            lambda e, i: bn.evaluate_model(
                LogisticRegression().fit([[0], [1]], [0, 1]), [[0], [1]], [1, 1], event=1
            ),
            "all 2 rows are events",
        ),
    ],
    ids=["empty", "number", "none", "regression", "one class"],
)
def test_what_has_no_curve_is_refused(evaluations, iris, make, words):
    for draw in (bn.plot_roc, bn.plot_precision_recall, bn.plot_calibration, bn.plot_net_benefit):
        with pytest.raises(InputError, match=words):
            draw(make(evaluations, iris))


# ---- band, precision-recall, calibration, net benefit ----


def test_the_band_holds_the_curve_and_stands_with_one_curve(evaluations):
    glm = evaluations["glm"]
    band = roc_band_data(glm)
    points = bn.roc_points(glm.y_true, glm.score)
    for row in band.itertuples():
        reached = points["sensitivity"][points["specificity"] >= row.specificity - 1e-12].max()
        assert 0 <= row.low <= reached + 1e-12 and reached - 1e-12 <= row.high <= 1
    assert band.equals(roc_band_data(glm))
    assert roc_band_data(evaluations).empty
    assert roc_band_data(evaluations, True)["label"].nunique() == 3
    assert len(bn.plot_roc(glm).axes[0].collections) == 1
    assert len(bn.plot_roc(glm, band=False).axes[0].collections) == 0


@pytest.mark.parametrize("n_levels", [None, 8])
def test_the_band_is_that_of_rows_drawn_anew(n_levels):
    from bineural.measures.roc_bands import roc_band

    rng = np.random.default_rng(4)
    y_true = np.repeat([0, 1], [60, 40])
    score = rng.normal(size=100) + y_true
    if n_levels:
        score = np.floor(n_levels / (1 + np.exp(-score)))
    band = roc_band(y_true, score, level=0.9, n_boot=4000)
    drawn = []
    for _ in range(2000):
        events, others = rng.choice(score[y_true == 1], 40), rng.choice(score[y_true == 0], 60)
        points = bn.roc_points(y_true, np.concatenate([others, events]))[::-1]
        drawn.append(np.interp([0.3, 0.6], 1 - points["specificity"], points["sensitivity"]))
    limits = np.quantile(drawn, [0.05, 0.95], axis=0)
    at = [int(np.argmin(np.abs(band["specificity"] - s))) for s in (0.7, 0.4)]
    assert band["low"][at] == pytest.approx(limits[0], abs=0.026)  # one of 40 events
    assert band["high"][at] == pytest.approx(limits[1], abs=0.026)


def test_many_rows_and_weights_have_a_band_too():
    from bineural.measures.roc_bands import roc_band

    rng = np.random.default_rng(5)
    y_true, noise = rng.integers(0, 2, 30_000), rng.normal(size=30_000)
    weights = rng.uniform(0.5, 2, 30_000)
    wide = roc_band(y_true[:300], (noise + y_true)[:300], weights[:300])
    narrow = roc_band(y_true, noise + y_true, weights)
    assert (narrow["high"] - narrow["low"]).mean() < 0.15 * (wide["high"] - wide["low"]).mean()
    area = np.trapezoid((narrow["low"] + narrow["high"]) / 2, narrow["specificity"])
    assert area == pytest.approx(bn.auroc(y_true, noise + y_true, weights), abs=0.003)


@pytest.mark.parametrize("name", long_but(["glm", "net"], "glm"))
def test_steps_of_precision_enclose_average_precision(evaluations, name):
    evaluation = evaluations[name]
    table = precision_recall_data({name: evaluation})
    area = np.sum(np.diff(table["recall"]) * table["precision"][1:])
    assert area == pytest.approx(evaluation.measures["average_precision"], rel=1e-12)
    assert table["share"].unique() == pytest.approx([evaluation.n_events / evaluation.n])
    title, labels = legend_texts(bn.plot_precision_recall(evaluations))
    assert (title, labels[0]) == (
        "Average precision",
        f"glm  {evaluations['glm'].measures['average_precision']:.3f}, n = 40, "
        f"events = {evaluations['glm'].n_events}",
    )


@pytest.mark.long
def test_calibration_draws_records_and_evaluations_alike(evaluations):
    glm = evaluations["glm"]
    record = bn.calibration(glm.y_true, glm.score)
    one, other = calibration_data({"glm": glm}), calibration_data({"glm": record})
    assert one.equals(other)
    assert one["observed"].tolist() == record.bins["observed"].tolist()
    figure = record.plot()
    assert [axes.get_ylabel() for axes in figure.axes] == ["Observed share of events", "Rows"]
    assert f"slope {record.slope:.2f}" in legend_texts(figure)[1][0]
    quantiles = bn.calibration(glm.y_true, glm.score, bins=3, strategy="quantile")
    assert len(bn.plot_calibration({"wide": record, "few": quantiles}).axes) == 1
    apart = bn.calibration([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])
    assert "slope undefined" in legend_texts(apart.plot())[1][0]


def test_net_benefit_draws_records_and_evaluations_alike(evaluations):
    glm = evaluations["glm"]
    record = bn.net_benefit(glm.y_true, glm.score)
    one, other = net_benefit_data({"glm": glm}), net_benefit_data({"glm": record})
    assert one.equals(other)
    title, labels = legend_texts(record.plot())
    assert title == f"Net benefit, n = 40, events = {glm.n_events}"
    assert labels == ["treat none", "treat all", "model"]


def test_weights_of_an_evaluation_reach_its_figures():
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(60, 1)), rng.integers(0, 2, 60)
    weights = rng.uniform(0, 3, 60)
    found = bn.evaluate_model(LogisticRegression().fit(x, y), x, y, event=1, weights=weights)
    table = roc_data(found)
    area = np.trapezoid(table["sensitivity"], table["specificity"])
    assert area == pytest.approx(bn.auroc(y, found.score, weights))
    observed = calibration_data(found)["observed"]
    assert observed.tolist() == bn.calibration(y, found.score, weights=weights).bins["observed"].tolist()


def test_history_is_a_table_of_epochs():
    table = history_data(Net([0.9, 0.5, 0.3], [0.8, 0.6, 0.7], best=2))
    assert table["epoch"].tolist() == [1, 2, 3, 1, 2, 3]
    assert table["part"].tolist() == ["training"] * 3 + ["validation"] * 3
    assert table["loss"].tolist() == [0.9, 0.5, 0.3, 0.8, 0.6, 0.7]
    assert table["best"].tolist() == [False, True, False, False, True, False]


def test_history_marks_the_best_epoch_on_the_validation_loss():
    figure = bn.plot_history(Net([0.9, 0.5, 0.3], [0.8, 0.6, 0.7], best=2))
    assert legend_texts(figure) == ("Best epoch 2 (dot): loss 0.6", ["training", "validation"])
    dot = figure.axes[0].lines[-1]
    assert (list(dot.get_xdata()), list(dot.get_ydata())) == ([2], [0.6])


@pytest.mark.parametrize("loss", [[0.5], [0.5, np.nan], [0.5, np.inf]])
def test_short_and_diverged_histories_are_drawn(loss):
    assert legend_texts(bn.plot_history(Net(loss)))[1] == ["training"]


@pytest.mark.parametrize("model", [object(), Net([]), LogisticRegression()])
def test_a_model_without_history_is_refused(model):
    with pytest.raises(InputError, match="must be a fitted net with a training history"):
        bn.plot_history(model)


@pytest.mark.parametrize("suffix, start", [("png", b"\x89PNG"), ("svg", b"<?xml"), ("PNG", b"\x89PNG")])
def test_files_are_whole_and_the_same_each_time(evaluations, tmp_path, suffix, start):
    path = tmp_path / f"roc.{suffix}"
    path.write_text("old")
    bn.plot_roc(evaluations, path)
    first = path.read_bytes()
    assert first.startswith(start)
    bn.plot_roc(evaluations, str(path))
    assert path.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_failed_write_leaves_the_old_file(evaluations, tmp_path, monkeypatch):
    from matplotlib.figure import Figure

    def fail(self, draft, **options):
        draft.write(b"half")
        raise OSError("disk full")

    path = tmp_path / "roc.png"
    path.write_text("old")
    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        bn.plot_roc(evaluations, path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_bad_paths_are_named_before_anything_is_drawn(tmp_path):
    with pytest.raises(InputError, match=r"`path` must end in .png or .svg"):
        bn.plot_roc(None, tmp_path / "roc.jpg")
    with pytest.raises(InputError, match="folder that exists"):
        bn.plot_history(None, tmp_path / "none" / "history.png")


def test_notebooks_show_figures(evaluations):
    assert evaluations["glm"].plot()._repr_png_().startswith(b"\x89PNG")


def test_drawing_leaves_pyplot_alone():
    script = (
        "import sys\nfrom bineural import plot_history\n"
        "class Net: history_ = {'loss': [1.0, 0.5]}\n"
        "plot_history(Net())\nprint('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
