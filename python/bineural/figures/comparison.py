"""All figures of a comparison, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bineural._typing import DataFrame, Figure, Label, PathLike
from bineural.checks import checked, label, list_of, text
from bineural.comparing.rounding import NULL
from bineural.drawn import add_figure
from bineural.errors import InputError
from bineural.figures.canvas import FIGURE_FILE
from bineural.figures.kinds import list_kinds
from bineural.messages import listed, near_names, shown

if TYPE_CHECKING:
    from bineural.comparing.comparison import Comparison

_CHECKS = {
    "models": list_of(text("Leave `models` out for all.", words="the name of a model")).or_none(),
    "measure": text("Leave it out for that of the verdict.", words="the name of a measure").or_none(),
    "event": label().or_none(),
}


@checked(path=FIGURE_FILE, **_CHECKS)
def plot_comparison(
    comparison: Comparison,
    kind: str = "forest",
    path: PathLike | None = None,
    models: Sequence[str] | None = None,
    measure: str | None = None,
    event: Label | None = None,
) -> Figure:
    """Draw a comparison: its intervals, its folds, or its held-out predictions.

    Parameters
    ----------
    comparison : Comparison
        What `compare_models` returned.
    kind : str, default "forest"
        - "forest": each model's estimate and its difference from the reference, with intervals;
        - "folds": two models joined fold by fold, and how often each is ahead;
        - "repeats": each model's scores over folds and the means of repeats;
        - "roc", "precision_recall", "calibration": curves of the held-out predictions, averaged over repeats
          and pooled over folds, beside the numbers of the table;
        - "seeds": spread over seeds within folds, where there were several.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.
    models : list of str, optional
        Names of the models to draw, two for "folds"; by default all, for "folds" the reference and the best
        of the others, and for "calibration" the reference and the best three others.
    measure : str, optional
        By default the one that the verdict is about.
    event : label, optional
        Class that is drawn against the rest, for curves of several classes; or the label, of several.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Raises
    ------
    InputError
        If kind, models, measure or event are not of the comparison, or the path cannot be written.

    Examples
    --------
    >>> import bineural as bn
    >>> kyphosis = bn.load_dataset("kyphosis")
    >>> glm = bn.fit_glm("Kyphosis ~ Age + Number + Start", kyphosis, event="present")
    >>> comparison = bn.compare_models(glm, kyphosis, folds=5, repeats=2, seed=1)
    >>> figure = plot_comparison(comparison)
    """
    table = comparison_data(comparison, kind, models, measure, event)
    return list_kinds()[kind].draw(table, path)


@checked(**_CHECKS)
def comparison_data(
    comparison: Comparison,
    kind: str = "forest",
    models: Sequence[str] | None = None,
    measure: str | None = None,
    event: Label | None = None,
) -> DataFrame:
    """Make the table behind `plot_comparison`.

    Parameters
    ----------
    comparison : Comparison
    kind, models, measure, event
        As in `plot_comparison`.

    Returns
    -------
    pandas.DataFrame
        What is drawn, by kind; `attrs` holds titles, labels and "alt", which says it in words.
    """
    kinds = list_kinds()
    if not isinstance(kind, str) or kind not in kinds:
        raise InputError(
            "`kind` must be one of the kinds of figure.", f"Found {kind!r}.", near_names(kind, kinds)
        )
    if not hasattr(comparison, "averaged_predictions"):
        raise InputError(
            "`comparison` must be what compare_models returned.",
            f"Found {shown(comparison)}.",
            "Plot an evaluation with plot_roc or plot_calibration.",
        )
    kind = kinds[kind]
    names = _choose_models(comparison, kind, models)
    measure = _choose_measure(comparison, measure)
    if event is not None and not kind.of_event:
        takers = [name for name, other in kinds.items() if other.of_event]
        raise InputError(
            "`event` must be left out of a figure that is of no single event.",
            f"Found {event!r}.",
            f"Kinds that take it are {listed(takers, 20)}.",
        )
    return kind.table(comparison, names, measure, **({"event": event} if kind.of_event else {}))


def kinds_of(comparison):
    """Return the kinds that can be drawn of a comparison without naming a class, in their order."""
    return [kind for kind in list_kinds().values() if kind.suits(comparison)]


def _choose_models(comparison, kind, models):
    if models is None:
        return kind.choose_models(comparison)
    unknown = [name for name in models if name not in comparison.models]
    if unknown:
        raise InputError(
            "`models` must be names of models of the comparison.",
            f"Found {list(models)!r}.",
            near_names(unknown[0], comparison.models),
        )
    few = kind.n_models is not None and len(models) != kind.n_models
    if few or kind.of_event and list(models) == [NULL]:
        raise InputError(
            "`models` must be two models." if few else "The null model has no curve.",
            f"Found {list(models)!r}.",
            f"There are {', '.join(comparison.models)}.",
        )
    return list(models)


def _choose_measure(comparison, measure):
    measure = comparison.measure if measure is None else measure
    if measure not in comparison.measures:
        raise InputError(
            "`measure` must be a measure of the comparison.",
            f"Found {measure!r}.",
            near_names(measure, comparison.measures),
        )
    return comparison.measures[measure]


add_figure("Comparison", plot_comparison, comparison_data)
