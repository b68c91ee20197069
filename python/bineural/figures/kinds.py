"""The kinds of figure of a comparison: the file that draws a kind registers it here."""

from dataclasses import dataclass

from bineural.drawn import load_figures

_kinds = {}


@dataclass(frozen=True)
class Kind:
    """A kind of figure of a comparison.

    Attributes
    ----------
    name : str
    table : callable
        (comparison, names of models, measure) -> pandas.DataFrame of what is drawn, with `attrs["alt"]`.
    draw : callable
        (table, path) -> matplotlib.figure.Figure.
    caption : str
        A sentence for a report.
    place : int
        Where it stands among the others, from 1.
    suits : callable
        (comparison) -> bool: whether it can be drawn without naming anything.
    choose_models : callable
        (comparison) -> list of the models that are drawn by default.
    choices : callable
        (comparison) -> list of choices of models, each of which is a figure of a report; None is the default.
    n_models : int or None
        How many must be drawn.
    of_event : bool
        Whether it draws probabilities of an event: `table` takes `event`, and the null model is left out.
    """

    name: str
    table: object
    draw: object
    caption: str
    place: int
    suits: object = lambda comparison: True
    choose_models: object = lambda comparison: list(comparison.models)
    choices: object = lambda comparison: [None]
    n_models: int | None = None
    of_event: bool = False


def add_kind(name, table, draw, caption, **options):
    """Register a kind of figure; arguments as in `Kind`."""
    _kinds[name] = Kind(name, table, draw, caption, **options)


def list_kinds():
    """Return the kinds by name, in their order."""
    load_figures()
    return {kind.name: kind for kind in sorted(_kinds.values(), key=lambda kind: kind.place)}


def has_resamples(comparison):
    """Say whether a comparison is over several folds, rather than a single split."""
    return not comparison.basis.single_split
