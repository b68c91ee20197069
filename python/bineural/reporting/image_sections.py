"""What a report shows of images: examples of each class, who is taken for whom, and the surest errors."""

from typing import NamedTuple

import numpy as np

from bineural.comparing.rounding import NULL
from bineural.markup import element, wrap
from bineural.reporting.page import picture, section, table

_MOST_CLASSES = 12
_EXAMPLES, _ERRORS, _AGAIN = 24, 8, 8
MOST_MODELS = 4


class ClassAnswers(NamedTuple):
    """What a model takes images for.

    rows : ndarray of int, shape (n_rows,); where they stand among the images.
    truth, answer : ndarray of int, shape (n_rows,); the true class, and the most probable one, by number.
    sure : ndarray of float64, shape (n_rows,); the probability of the latter.
    """

    rows: np.ndarray
    truth: np.ndarray
    answer: np.ndarray
    sure: np.ndarray

    @classmethod
    def of(cls, rows, truth, probability):
        """Make them of the probability of the event, (n_rows,), or of each class, (n_rows, n_classes)."""
        if probability.ndim == 1:
            probability = np.column_stack([1 - probability, probability])
        return cls(rows, truth, probability.argmax(axis=1), probability.max(axis=1))


def are_images(X):
    """Say whether rows are images, an array of four axes or `Pictures`."""
    return getattr(X, "ndim", 0) == 4 and len(X) > 0


def images_compared(comparison):
    """Return the section of a comparison of images; nothing where the rows are something else.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    str
        HTML.
    """
    X, basis = comparison.basis.problem.X, comparison.basis
    if not are_images(X) or basis.problem.object_labels is not None:
        return ""
    if basis.measured_as in ("rows", "samples", "anomalies"):
        return _made_again(comparison) if basis.measured_as == "rows" else ""
    rows = np.flatnonzero(basis.has_outcome)
    if comparison.task == "regression":
        return section("Images", examples(X, rows, basis.truth[rows]))
    labels = _labels(comparison)
    parts = [examples(X, rows, basis.truth[rows], labels)]
    for name in [name for name in comparison.models if name != NULL][:MOST_MODELS]:
        answers = ClassAnswers.of(*comparison.averaged_predictions(name))
        by = "the most probable class by held-out predictions (mean over repeats)"
        parts += [element("h3", name), confusion(answers, labels, by), errors(answers, labels, X, name)]
    return section("Images", *parts)


def _made_again(comparison):
    """Show the first images, and as each model makes them again in the folds that hold them out."""
    from bineural.comparing.row_values import Values

    X = comparison.basis.problem.X
    learnt = Values(X).input
    pictures, titles = [X[k] for k in range(min(_AGAIN, len(X)))], []
    titles += [f"row {k + 1}" for k in range(len(pictures))]
    for name in [name for name in comparison.models if name != NULL][:MOST_MODELS]:
        predicted = comparison.averaged_predictions(name)[2][: len(titles[:_AGAIN])]
        pictures += list(np.asarray(learnt.restore(predicted)).reshape(-1, *X.shape[1:]))
        titles += [f"{name}: {k + 1}" for k in range(len(predicted))]
    low, high = float(X.min()), float(X.max())
    shares = [np.clip((np.float64(picture) - low) / ((high - low) or 1), 0, 1) for picture in pictures]
    caption = "The first images, and as each model makes them again that was not trained on them."
    return section("Images", _drawn(shares, titles, caption, caption))


def _labels(comparison):
    if comparison.task == "multiclass":
        return [str(label) for label in comparison.classes]
    return labels_of_event(comparison.basis.classes, comparison.event)


def labels_of_event(classes, event):
    """Return the classes as the rows have them by number: those that are not the event come first."""
    others = [str(label) for label in classes if label != event]
    return ["the others" if len(others) > 1 else others[0], str(event)]


def examples(X, rows, truth, labels=None):
    """Show the first images of each class, so many of each; of numbers those of the first rows.

    Parameters
    ----------
    X : ndarray, shape (n, height, width, n_channels), or Pictures
    rows : ndarray of int, shape (n_rows,)
        Those that have an outcome.
    truth : ndarray, shape (n_rows,) or (n_rows, n_columns)
        Class by number, or the number.
    labels : list of str, optional
        Of the classes.
    """
    if labels is None:
        chosen = rows[:_EXAMPLES]
        titles = [f"{value:.4g}" for value in truth.reshape(len(rows), -1)[:_EXAMPLES, 0]]
    else:
        n_classes = min(len(labels), _MOST_CLASSES)
        n_each = max(1, _EXAMPLES // max(1, n_classes))
        places = np.concatenate([np.flatnonzero(truth == k)[:n_each] for k in range(n_classes)])
        chosen, titles = rows[places], [labels[k] for k in truth[places]]
    caption = "The first images." if labels is None else "The first images of each class."
    alt = f"{len(chosen)} images with their outcomes: {', '.join(dict.fromkeys(titles))}"
    return _drawn([X[int(row)] for row in chosen], titles, alt, caption)


def confusion(answers, labels, by):
    """Return the table of true classes and those that a model takes them for; `by` says how it chooses."""
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    np.add.at(counts, (answers.truth, answers.answer), 1)
    cells = [[label, *map(str, row)] for label, row in zip(labels, counts)]
    right = np.trace(counts)
    caption = f"Truth in rows, {by} in columns: {right:,} of {len(answers.rows):,} right."
    return table(["", *labels], cells, caption)


def errors(answers, labels, X, name):
    """Show the images that are taken for another class with the largest probability."""
    rows, truth, answer, sure = answers
    wrong = np.flatnonzero(truth != answer)
    if not len(wrong):
        return element("p", "No image is taken for another class.", class_="soft")
    wrong = wrong[np.argsort(-sure[wrong], kind="stable")][:_ERRORS]
    titles = [f"{labels[truth[k]]}, not\n{labels[answer[k]]} ({sure[k]:.2f})" for k in wrong]
    alt = f"Images that {name} gets wrong: " + "; ".join(
        f"row {rows[k]}, {labels[truth[k]]} taken for {labels[answer[k]]} with probability {sure[k]:.2f}"
        for k in wrong
    )
    caption = "Taken for another class with the largest probability: the truth, and what it is taken for."
    return _drawn([X[int(rows[k])] for k in wrong], titles, alt, caption)


def _drawn(pixels, titles, alt, caption):
    from bineural.figures.examples import draw_examples

    return wrap("div", picture(draw_examples(pixels, titles), alt, caption), class_="figures")
