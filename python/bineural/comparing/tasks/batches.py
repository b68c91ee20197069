"""Models of rows in batches are compared on folds of whole row groups; memory holds a batch at a time."""

from datetime import UTC, datetime

from bineural.comparing.basis import Rows
from bineural.comparing.basis_folds import Resampling
from bineural.comparing.batch_basis import make_batch_basis
from bineural.comparing.batch_comparison import BatchComparison, check_entrants, measure_entrants
from bineural.comparing.entering import make_entrants
from bineural.comparing.guards import guard
from bineural.comparing.held_out import Fitting
from bineural.comparing.judged import Judging, judge_scores
from bineural.comparing.named_models import family_of, formulas_of, with_known_outcome
from bineural.comparing.scoring import measures_for
from bineural.comparing.tasks.task import Task, register_task
from bineural.errors import InputError
from bineural.repeated_warnings import heard_warnings
from bineural.tables.batches import is_stream


def compare_batches(asked):
    """Return a `BatchComparison`."""
    begun = datetime.now(UTC).isoformat(timespec="seconds")
    if asked["missing"] == "impute":
        raise InputError(
            "Rows that come in batches can't be imputed: a median needs all rows at once.",
            "Found missing='impute'.",
            "Choose missing='drop' or 'error', or fill the columns before.",
        )
    rows, resampling, fitting = (
        asked.fill(Rows),
        asked.fill(Resampling),
        asked.fill(Fitting, memory=int(asked["memory"])),
    )
    rows = with_known_outcome(rows, asked.named)
    with heard_warnings() as warned:
        basis = make_batch_basis(rows, resampling, formulas_of(asked.named), asked["missing"] == "drop")
    entrants, reference = make_entrants(asked.named, basis, asked["missing"], asked["baseline"])
    check_entrants(entrants)
    measures = measures_for(basis, asked["measure"], asked["measures"], family_of(entrants))
    judging = Judging(*measures, asked["pairs"], asked["level"], asked["rope"])
    guarded = guard(basis, entrants)
    measured, shares, sentences = measure_entrants(entrants, basis, judging.measures, fitting)
    held_out = {name: each.held_out for name, each in measured.items()}
    scores = {name: each.scores for name, each in measured.items()}
    repeated = rows._replace(data=None)._asdict() | resampling._asdict() | fitting._asdict()
    repeated |= {name: asked[name] for name in ("measure", "measures", "pairs", "level", "rope")}
    repeated |= {"models": asked.named, "baseline": asked["baseline"], "missing": asked["missing"]}
    return BatchComparison(
        basis,
        entrants,
        reference,
        held_out,
        judging,
        judge_scores(basis, reference, held_out, judging, scores, shares),
        warned=[*warned, *guarded, *sentences],
        guarded=guarded,
        begun=begun,
        asked=repeated,
    )


register_task(
    Task(
        "batches",
        lambda asked: is_stream(asked.data),
        compare_batches,
        takes=frozenset(
            {"outcome", "formula", "event", "classes", "weights", "folds", "repeats", "seed", "seeds"}
        )
        | {"baseline", "pairs", "measure", "measures", "level", "rope", "missing", "memory", "verbose"},
        refusal=(
            "Rows in batches are compared by folds of row groups: what needs all rows at once can't be used.",
            "Leave it out, or read the rows whole.",
        ),
    )
)
