"""Models of rows are compared on folds: the same training rows, and the same rows held out, for all."""

from datetime import UTC, datetime

from bineural.comparing.basis import Rows
from bineural.comparing.basis_folds import Resampling
from bineural.comparing.comparison import Comparison
from bineural.comparing.entering import make_entrants
from bineural.comparing.entrant_kinds import entrant_kind_of
from bineural.comparing.entrant_kinds.learnt_rows import columns_apart
from bineural.comparing.guards import guard
from bineural.comparing.held_out import Fitting, predict_all
from bineural.comparing.judged import Judging, judge_all
from bineural.comparing.kept import KeptModels, open_kept
from bineural.comparing.named_models import (
    family_of,
    formulas_of,
    takes_only,
    with_known_outcome,
)
from bineural.comparing.rounding import NULL
from bineural.comparing.row_basis import make_basis
from bineural.comparing.scoring import measures_for
from bineural.comparing.tasks.task import Task, register_task
from bineural.data.pictures import as_images
from bineural.errors import InterruptedWarning
from bineural.inputs.sequence_lists import read_sequences
from bineural.messages import warn
from bineural.repeated_warnings import heard_warnings


def compare_rows(asked):
    """Return a `Comparison`."""
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    file, seed = open_kept(asked["checkpoint"], asked["seed"])
    rows, resampling, fitting = (
        asked.fill(Rows),
        asked.fill(Resampling, seed=seed),
        asked.fill(Fitting, memory=int(asked["memory"])),
    )
    named, missing = asked.named, asked["missing"]
    learnt, folded = columns_apart(rows, resampling, [model for _, model in named])
    with heard_warnings() as warned:
        basis = make_basis(
            _known_to(named, learnt), folded, formulas_of(named) if missing == "drop" else None
        )
    entrants, reference = make_entrants(named, basis, missing, asked["baseline"])
    measures = measures_for(basis, asked["measure"], asked["measures"], family_of(entrants))
    judging = Judging(*measures, asked["pairs"], asked["level"], asked["rope"])
    kept = None if file is None else KeptModels(file, entrants, basis, asked["seeds"])
    guarded = guard(basis, entrants, asked["groups"])
    predicted = predict_all(entrants, basis, fitting, kept)
    interrupted = []
    if predicted.unfinished:
        entrants = [entrant for entrant in entrants if entrant.name in predicted.held_out]
        reference, interrupted = _measured_against(reference, entrants, predicted.unfinished)
        how = _how_to_go_on(asked["checkpoint"], asked["seed"], basis.seed)
        warn(InterruptedWarning, f"{interrupted[0]}\n{how}")
    repeated = rows._replace(data=None)._asdict() | resampling._asdict() | fitting._asdict()
    repeated |= {
        name: asked[name] for name in ("baseline", "missing", "measure", "measures", "pairs", "level", "rope")
    }
    repeated["models"] = [(name, model) for name, model in named if name not in predicted.unfinished]
    return Comparison(
        basis,
        entrants,
        reference,
        predicted.held_out,
        judging,
        judge_all(basis, reference, predicted.held_out, judging),
        warned=[*interrupted, *warned, *guarded, *predicted.sentences],
        guarded=guarded,
        begun=begun,
        asked=repeated,
        unfinished=predicted.unfinished,
    )


def _known_to(named, rows):
    """Return the rows with the outcome and the event that fitted models know, where the user names none.

    And with the objective that a net asks for; and as images or sequences, where a net takes nothing else.
    """
    rows = with_known_outcome(rows, named)
    data = as_images(rows.data) if takes_only(named, "image") else rows.data
    data = read_sequences(data, whole=True) if takes_only(named, "sequence", "text") else data
    rows = rows._replace(data=data)
    formulas = formulas_of(named)
    if formulas and None not in formulas:
        rows = rows._replace(formulas=tuple(formulas))
    models = [model for _, model in named]
    return entrant_kind_of(rows, models).read(rows, models)


def _measured_against(reference, entrants, unfinished):
    """Return the reference of the models that are finished, and what is said of the others."""
    names = [entrant.name for entrant in entrants if entrant.name != NULL]
    is_are = "is" if len(unfinished) == 1 else "are"
    sentence = f"The comparison was interrupted: {' and '.join(unfinished)} {is_are} not in it."
    if reference not in names:
        reference = next((entrant.name for entrant in entrants if entrant.is_linear), names[0])
        sentence += f" Others are measured against {reference}."
    return reference, [sentence]


def _how_to_go_on(checkpoint, asked_seed, seed):
    if checkpoint is None:
        return "Give checkpoint='comparison.checkpoint', and the same call goes on after an interruption."
    if not checkpoint.exists():
        return "Its checkpoint could not be written."
    return f"The same call goes on from {str(checkpoint)!r}." + f" Its seed is {seed}." * (asked_seed is None)


register_task(
    Task(
        "rows",
        lambda asked: True,
        compare_rows,
        takes=frozenset(
            {"outcome", "formula", "event", "classes", "folds", "repeats", "strata", "groups", "time"}
        )
        | {
            "weights",
            "baseline",
            "pairs",
            "measure",
            "measures",
            "seeds",
            "level",
            "rope",
            "missing",
            "n_jobs",
        }
        | {"memory", "checkpoint", "seed", "verbose"},
        refusal=(
            "Models of rows are compared on folds: arguments of agents and forecasts can't be used.",
            "Leave them out; `folds` and `repeats` say how often models are fitted.",
        ),
    )
)
