"""What a report shows of images: examples of each class, who is taken for whom, and the surest errors."""

import numpy as np

from bineural.comparing.rounding import NULL
from bineural.markup import element, wrap
from bineural.reporting.page import picture, section, table

_MOST_CLASSES = 12
_EXAMPLES, _ERRORS = 24, 8
_MOST_MODELS = 4


def images(comparison):
    """Return the section of a comparison of images; nothing where the rows are something else.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    str
        HTML.
    """
    X = comparison.basis.problem.X
    if getattr(X, "ndim", 0) != 4 or len(X) == 0:
        return ""
    parts = [_examples(comparison, X)]
    if comparison.task != "regression":
        names = [name for name in comparison.models if name != NULL][:_MOST_MODELS]
        for name in names:
            parts += [element("h3", name), _confusion(comparison, name), _errors(comparison, name, X)]
    return section("Images", *parts)


def _labels(comparison):
    """Return the classes as the rows have them by number: of two, those that are not the event come first."""
    if comparison.task == "multiclass":
        return [str(label) for label in comparison.classes]
    others = [str(label) for label in comparison.basis.classes if label != comparison.event]
    return ["the others" if len(others) > 1 else others[0], str(comparison.event)]


def _examples(comparison, X):
    """Show the first images of each class, so many of each; of numbers those of the first rows."""
    rows = np.flatnonzero(comparison.basis.has_outcome)
    truth = comparison.basis.truth
    if comparison.task == "regression":
        chosen = rows[:_EXAMPLES]
        titles = [f"{np.ravel(truth[row])[0]:.4g}" for row in chosen]
    else:
        labels = _labels(comparison)
        n_each = max(1, _EXAMPLES // max(1, min(len(labels), _MOST_CLASSES)))
        of_class = [rows[truth[rows] == k][:n_each] for k in range(min(len(labels), _MOST_CLASSES))]
        chosen = np.concatenate(of_class)
        titles = [labels[truth[row]] for row in chosen]
    caption = "The first images of each class." if comparison.task != "regression" else "The first images."
    alt = f"{len(chosen)} images with their outcomes: {', '.join(dict.fromkeys(titles))}"
    return _drawn([X[int(row)] for row in chosen], titles, alt, caption)


def _answers(comparison, name):
    """Return rows, true class and predicted class by number, and the probability of the predicted one."""
    rows, truth, probability = comparison.averaged_predictions(name)
    if comparison.task == "binary":
        probability = np.column_stack([1 - probability, probability])
    return rows, truth, probability.argmax(axis=1), probability.max(axis=1)


def _confusion(comparison, name):
    rows, truth, answer, _ = _answers(comparison, name)
    labels = _labels(comparison)
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    np.add.at(counts, (truth, answer), 1)
    cells = [[label, *map(str, row)] for label, row in zip(labels, counts)]
    right = np.trace(counts)
    caption = (
        f"Truth in rows, the most probable class by held-out predictions (mean over repeats) in columns: "
        f"{right:,} of {len(rows):,} right."
    )
    return table(["", *labels], cells, caption)


def _errors(comparison, name, X):
    """Show the images that are taken for another class with the largest probability."""
    rows, truth, answer, sure = _answers(comparison, name)
    wrong = np.flatnonzero(truth != answer)
    if not len(wrong):
        return element("p", "No image is taken for another class.", class_="soft")
    wrong = wrong[np.argsort(-sure[wrong], kind="stable")][:_ERRORS]
    labels = _labels(comparison)
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
