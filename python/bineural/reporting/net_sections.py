"""The sections of the report of one fitted model: how well it predicts, how it was trained, its layers."""

import math

import numpy as np

from bineural.markup import bullets, element, wrap
from bineural.measures.evaluation import METHODS
from bineural.reporting import box_sections, image_sections
from bineural.reporting.net_code import python_code, r_code
from bineural.reporting.page import code, heading, picture, section, table, terms
from bineural.training.augmenting.registry import read_augmentation

_MOST_LAYERS, _MOST_CLASSES = 60, 20
_CHANGED = 8  # images that are shown as training changes them


def head(model, evaluation, title, run):
    """Return the title, what was fitted, and what it is worth on the rows that it was asked about."""
    lines = [line for line in str(model.summary()).splitlines()[:2] if line]
    if evaluation is None:
        words = "No rows were given to ask it about, so nothing here says how well it predicts."
        return heading(title, ". ".join(lines), None, [words], run)
    words = f"{_first_measure(evaluation)} on {evaluation._headline()}."
    cautions = "\n".join(evaluation._cautions())
    return heading(title, ". ".join(lines), words, [cautions] if cautions else [], run)


def _first_measure(evaluation):
    name, value = next(iter(evaluation.measures.items()))
    interval = evaluation.intervals.get(name)
    words = f"{evaluation.labels.get(name, name)} {_number(value)}"
    if interval is None or math.isnan(interval.low):
        return words
    return f"{words} ({_level(evaluation)} {_interval(interval)})"


def measures(evaluation):
    """Return the table of measures on the rows that were given, with what to know of them."""
    if evaluation is None:
        return ""
    rows = []
    for name, value in evaluation.measures.items():
        interval = evaluation.intervals.get(name)
        held = "" if interval is None or math.isnan(interval.low) else _interval(interval)
        rows.append([evaluation.labels.get(name, name), _number(value), held])
    with_intervals = any(row[2] for row in rows)
    columns = ["measure", "estimate", *[_level(evaluation)] * with_intervals]
    methods = {METHODS[i.method] for i in evaluation.intervals.values() if i.method in METHODS}
    caption = f"On {evaluation._headline()}." + "".join(f" Interval: {way}." for way in sorted(methods))
    notes = [*evaluation._left_out(), *evaluation._notes()]
    notes = [note for note in notes if note and not note.startswith(("Interval:", "Caution:"))]
    body = table(columns, [row[: len(columns)] for row in rows], caption)
    return section("How well it predicts", body, bullets(notes))


def figures(model, evaluation):
    """Return the curves of an evaluation of two classes, and the losses of training."""
    held = list(_curves(evaluation)) if evaluation is not None and evaluation.task == "binary" else []
    if getattr(model, "history_", None):
        held.append(losses(model))
    return section("Figures", wrap("div", "\n".join(held), class_="figures")) if held else ""


def losses(model):
    """Return the picture of the loss of each epoch."""
    from bineural.figures.history import history_data, plot_history

    last = history_data(model).groupby("part", sort=False)["loss"].last()
    alt = "Loss by epoch; the last: " + ", ".join(f"{part} {loss:.4g}" for part, loss in last.items())
    caption = "The loss of each epoch, of rows trained on and of rows that were only watched."
    return picture(plot_history(model), alt, caption)


def _curves(evaluation):
    from bineural.errors import InputError
    from bineural.figures.curves import plot_precision_recall, plot_roc
    from bineural.figures.reliability import plot_calibration

    drawn = (
        (plot_roc, "ROC curve", "Share of events found against share of other rows called events."),
        (plot_precision_recall, "Precision and recall", "Precision at each share of events found."),
        (plot_calibration, "Calibration", "Observed share of events against predicted probability."),
    )
    for plot, what, caption in drawn:
        try:
            figure = plot(evaluation)
        except InputError:  # of rows of one class
            continue
        alt = f"{what} of {evaluation.n} rows, {evaluation.n_events} of them events"
        yield picture(figure, alt, caption)


def rows_asked(model, evaluation, data):
    """Return examples, confusion and errors of images, scenes with boxes, or the confusion of classes."""
    if evaluation is None:
        return ""
    if evaluation.task == "boxes":
        return _objects(evaluation, data)
    of_images = image_sections.are_images(data)
    labels = _labels(evaluation)
    if labels is None:
        truth = np.asarray(evaluation.y_true, dtype=np.float64)
        return section("Images", image_sections.examples(data, evaluation.rows, truth)) if of_images else ""
    answers = image_sections.ClassAnswers.of(evaluation.rows, evaluation.y_true, evaluation.score)
    parts = []
    if of_images:
        parts.append(image_sections.examples(data, evaluation.rows, evaluation.y_true, labels))
    if len(labels) <= _MOST_CLASSES:
        parts.append(image_sections.confusion(answers, labels, "the most probable class"))
    if of_images:
        parts.append(image_sections.errors(answers, labels, data, "the model"))
    return section("Images" if of_images else "Classes", *parts)


def _labels(evaluation):
    """Return the classes as text, by number; None of numbers."""
    if evaluation.task == "multiclass":
        return [str(label) for label in evaluation.classes]
    if evaluation.task == "binary":
        return image_sections.labels_of_event(evaluation.classes, evaluation.event)
    return None


def _objects(evaluation, data):
    truth, predicted, labels = evaluation.y_true, evaluation.score, np.asarray(evaluation.object_labels)
    scenes = box_sections.scenes(data, np.arange(evaluation.n), truth, predicted, labels, "the net")
    quality = box_sections.found_of_labels(truth, {"the net": predicted}, labels, "in these images")
    return section("Objects in images", scenes, quality)


def augmentation(model, data):
    """Return what training images were changed by, with some of the images given as training changes them."""
    changes = getattr(model, "augmentation", None)
    if not changes:
        return ""
    written = ", ".join(f"{name} {strength}" for name, strength in changes.items())
    parts = [element("p", f"In training, and only there, images were changed at random: {written}.")]
    strengths = {name: strength for name, strength in read_augmentation(changes).items() if name != "mixup"}
    if data is not None and image_sections.are_images(data) and strengths:
        parts.append(_changed(model, data, strengths))
    return section("Augmentation", *parts)


def _changed(model, data, strengths):
    from bineural.figures.examples import draw_examples
    from bineural.training.augmenting.layers import ChangeImages

    prepared = np.asarray(model._prepare(data[np.arange(min(_CHANGED, len(data)))]).inputs, np.float32)
    rows = getattr(
        model.fitted_.input, "inner", model.fitted_.input
    )  # of pixels that are laid out as columns
    before = prepared.reshape(len(prepared), *rows.shape)
    after = np.asarray(ChangeImages(strengths)(before, training=True))
    titles = ["as it is"] * len(before) + ["changed"] * len(after)
    caption = "Images as they are, and as training may change them: one draw of many."
    alt = f"{len(before)} images, and the same changed by {', '.join(strengths)}"
    figure = draw_examples([_as_shares(image) for image in [*before, *after]], titles)
    return wrap("div", picture(figure, alt, caption), class_="figures")


def _as_shares(image):
    """Return standardised pixels from 0 to 1."""
    low, high = image.min(), image.max()
    return (image - low) / max(high - low, 1e-12)


def as_fitted(model):
    """Return the summary of a model, as it prints."""
    return section("As fitted", code(str(model.summary()), "summary"))


def layers(model):
    """Return the table of a net's layers; nothing of a model that has none."""
    if not hasattr(type(model), "keras_model_"):
        return ""
    from bineural.zoo.describing import describe_architecture

    described = describe_architecture(model.keras_model_, None)
    shown = described.table.head(_MOST_LAYERS)
    columns = {"layer": "layer", "kind": "kind", "output_shape": "output shape", "parameters": "parameters"}
    if described.table["receptive_field"].any():
        columns = {**columns, "receptive_field": "sees"}
    rows = [[_cell(row[name]) for name in columns] for row in shown.to_dict("records")]
    n_more = len(described.table) - len(shown)
    caption = f"{described.totals}." + f" {n_more} more layers are left out." * (n_more > 0)
    words = ("kind", "output shape", "sees")
    return section("Layers", table(list(columns.values()), rows, caption, text=words))


def _cell(value):
    return f"{value:,}" if isinstance(value, (int, np.integer)) else str(value)


def repeat(model, source):
    """Return the code that fits the same model again, in Python and in R."""
    return section(
        "To fit it again",
        element("h3", "Python"),
        code(python_code(model, source), "Python"),
        element("h3", "R"),
        code(r_code(model, source), "R"),
    )


def run_record(run):
    """Return versions and machine of the session that wrote the page."""
    pairs = [("Written", run["written"]), ("Python", run["python"]), *run["versions"].items()]
    return section("Run record", terms([*pairs, ("Machine", run["machine"])]))


def _level(evaluation):
    return f"{100 * evaluation.level:g}% interval"


def _interval(interval):
    return f"{interval.low:.3f} to {interval.high:.3f}"


def _number(value):
    if math.isnan(value):
        return "–"
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e4 else f"{value:.4g}"
