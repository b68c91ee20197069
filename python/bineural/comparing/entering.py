"""From models by name to the entrants of a comparison on folds, with the null model and the baseline."""

from dataclasses import replace

from bineural.comparing.average_entrants import Average
from bineural.comparing.entrant_kinds import entrant_kind_of_task
from bineural.comparing.entrants import Entrant
from bineural.comparing.rounding import NULL
from bineural.errors import InputError
from bineural.formula.syntax import deparse
from bineural.formula.terms import read_terms
from bineural.messages import near_names
from bineural.tables.frames import is_frame


def make_entrants(named, basis, missing, baseline):
    """Return all entrants, the null model first, then the baseline if one is added; and the reference's name.

    Parameters
    ----------
    named : list of (str, model)
    basis : Basis
    missing : str
    baseline : bool or str
    """
    kind = entrant_kind_of_task(basis.measured_as)
    entrants, averages = [kind.null(NULL, basis)], []
    basis.null = entrants[0]
    for name, model in named:
        made = _enter(kind, name, model, basis, missing)
        (averages if isinstance(made, Average) else entrants).append(made)
    entrants[0].terms = _offset_alone(entrants, basis)
    names = [entrant.name for entrant in [*entrants, *averages]]
    if isinstance(baseline, str) and baseline not in names:
        raise InputError(
            "`baseline` must be True, False or the name of a model.",
            f"Found {baseline!r}.",
            near_names(baseline, names),
        )
    glms = [entrant.name for entrant in entrants if entrant.is_linear]
    if baseline is True and not glms:
        name, model = kind.baseline([model for _, model in named], basis, missing)
        name = name if name not in names else f"{name} baseline"
        same = _same_columns(entrants, basis)
        entrants.insert(1, _enter(kind, name, model, same, missing))
        if same is not basis:
            entrants[1].take_formula(same.problem.terms)
        glms = [name]
    _check_averages(averages, names)
    reference = baseline if isinstance(baseline, str) else (glms or [named[0][0]])[0]
    return [*entrants, *averages], reference


def _enter(kind, name, model, basis, missing):
    """Return the entrant of a model; one that is an entrant already stays it."""
    return model.renamed(name) if isinstance(model, Entrant) else kind.enter(name, model, basis, missing)


def _offset_alone(entrants, basis):
    """Return the offset that all models have in their formulas, as a formula; None where there is none.

    Or no net asks for an objective of numbers by name, which says what the offset is added to.
    """
    objective, terms = basis.objective, basis.problem.terms
    if objective is None or objective.outcome != "numbers" or not is_frame(basis.problem.X):
        return None
    columns = [name for name in basis.problem.X.columns if name not in basis.problem.exclude]
    formulas = {getattr(entrant.model, "formula", None) or terms for entrant in entrants if entrant.prepares}
    offsets = {tuple(map(deparse, read_terms(f, columns).offsets)) for f in formulas if f is not None}
    if len(offsets) != 1 or offsets == {()}:
        return None
    return " + ".join(f"offset({text})" for text in offsets.pop())


def _same_columns(entrants, basis):
    """Return the basis with the formula that all models prepare columns by, if it is one."""
    terms = basis.problem.terms
    formulas = {getattr(entrant.model, "formula", None) or terms for entrant in entrants if entrant.prepares}
    if terms != "." or len(formulas) != 1:
        return basis
    return replace(basis, problem=replace(basis.problem, terms=formulas.pop()))


def _check_averages(averages, names):
    for average in averages:
        for name in () if average.members else average.names:
            if name not in names or any(other.name == name for other in averages):
                raise InputError(
                    "An average must be of other models of the comparison.",
                    f"{average.name} names {name!r}.",
                    near_names(name, [n for n in names if n not in [a.name for a in averages]]),
                )
