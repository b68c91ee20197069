"""The record of a kind of entrants on folds: what their outcome is, their null model, baseline and models."""

from collections.abc import Callable
from dataclasses import dataclass

from bineural.lazy import import_files

__all__ = ["EntrantKind", "entrant_kind_of", "entrant_kind_of_task", "register_entrant_kind"]


@dataclass(frozen=True)
class EntrantKind:
    """Models that are compared on the same folds.

    Attributes
    ----------
    name : str
    tasks : tuple of str
        Tasks of measures (`Basis.measured_as`) that are of this kind; of outcomes all that no other kind has.
    is_asked : function (Rows, models) -> bool
        Whether these models on these rows are of this kind. Where several say yes, the last registered is.
    read : function (Rows, models) -> Rows
        Make the outcome: columns, labels, and the objective whose task its measures are of.
    null : function (name, Basis) -> Entrant
        Make the null model.
    baseline : function (models, Basis, missing) -> (name, model or Entrant)
        Make what others are measured against, where the user brings none.
    enter : function (name, model, Basis, missing) -> Entrant
        Make the entrant of a model, or of a short name, or say what a model must be.
    learns_outcome : bool
        Whether models predict the outcome from columns; else no column can tell it.
    """

    name: str
    tasks: tuple
    is_asked: Callable
    read: Callable
    null: Callable
    baseline: Callable
    enter: Callable
    learns_outcome: bool = True


_KINDS = {}


def register_entrant_kind(kind):
    """Let comparisons on folds know a kind of entrants."""
    _KINDS[kind.name] = kind
    return kind


def entrant_kind_of(rows, models):
    """Return the kind of a comparison: of outcomes, where no other says that it is the one."""
    asked = (kind for kind in reversed(_others()) if kind.is_asked(rows, models))
    return next(asked, _KINDS["outcomes"])


def entrant_kind_of_task(task):
    """Return the kind that a task of measures is of."""
    return next((kind for kind in _others() if task in kind.tasks), _KINDS["outcomes"])


def _others():
    import_files("bineural.comparing.entrant_kinds")
    return [kind for name, kind in _KINDS.items() if name != "outcomes"]
