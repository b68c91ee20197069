"""The finished models of a comparison in a checkpoint: what each predicted, for the same call to go on from.

A model's fits depend on the rows, the folds, the seed and that model alone; so a call takes over the models
that it has in common with the file, and the file keeps those that it has not.
"""

import numpy as np

from bineural import errors
from bineural.bundles.checkpoint import Checkpoint
from bineural.bundles.encoding import Encoder
from bineural.bundles.schema import (
    Mismatch,
    array,
    check_attributes,
    dict_of,
    list_of,
    number,
    optional,
    record,
    require,
    text,
    tuple_of,
    whole,
)
from bineural.comparing.entrants import Null
from bineural.comparing.held_out import HeldOut, is_mean
from bineural.errors import CheckpointWarning, InputError, SavingError
from bineural.messages import warn
from bineural.tables.fingerprint import fingerprint_data
from bineural.tables.identity import identity_hash

_MODEL = record(
    predictions=array(ndim=None, finite=True),
    logits=optional(array(ndim=None)),
    seconds=number(0, nan=False),
    failed=optional(text),
    failures=list_of(tuple_of(lambda part: text(part) or whole()(part))),
    advice=optional(text),
    told=dict_of(text, lambda value: True),
    messages=list_of(tuple_of(lambda part: text(part) or whole()(part))),
)


class KeptModels:
    """What is kept of the finished models of one comparison.

    Parameters
    ----------
    checkpoint : Checkpoint
    entrants : list of Entrant
    basis : Basis
    draws : int
        Fits of each random model to each training set.

    Raises
    ------
    InputError
        If the file is of another comparison, or of something else.
    """

    def __init__(self, checkpoint, entrants, basis, draws):
        self.checkpoint, self.basis, self.draws = checkpoint, basis, draws
        checkpoint.note = {"seed": basis.seed}
        self.parts = _parts(basis, draws)
        self.own = {e.name: identity_hash(e.identity(basis)) for e in entrants if is_kept(e)}
        parts = self.parts | {model_part(name): own for name, own in self.own.items()}
        state = checkpoint.begin(parts, common_only=True) or {"models": {}}
        try:
            check_attributes(state, {"models": dict_of(text, _MODEL)}, "state")
            for entrant in entrants:
                self._check_shape(entrant, state["models"].get(entrant.name))
        except Mismatch as error:
            raise InputError(
                "A checkpoint must hold what this comparison kept.",
                f"{str(checkpoint.path)!r} holds something else: {error}.",
                "Delete it, or give another path.",
            ) from error
        self.models = state["models"]
        finished = [model_part(name) for name in self.models]
        checkpoint.parts = {n: part for n, part in checkpoint.parts.items() if n in {*self.parts, *finished}}

    def _check_shape(self, entrant, model):
        if model is None:
            return
        several = (len(self.basis.columns),) if self.basis.columns else ()
        shape = (self.draws if entrant.random else 1, len(self.basis.rows), *several)
        parts = [model["predictions"]] + [model["logits"]] * (model["logits"] is not None)
        require(
            all(np.shape(part) == shape for part in parts), f"predictions of {entrant.name} of other shape"
        )

    def take(self, entrant):
        """Return (`HeldOut`, messages) of a model that is there, which the entrant then knows; or None."""
        if entrant.name not in self.models or not is_kept(entrant):
            return None
        model = self.models[entrant.name]
        entrant.told, entrant.advice, entrant.logits = model["told"], model["advice"], model["logits"]
        entrant.failures = {(k, draw): why for k, draw, why in model["failures"]}
        parts = [model[name] for name in HeldOut._fields]
        messages = [(category_of(name), *rest) for name, *rest in model["messages"]]
        return HeldOut(*parts), messages

    def keep(self, entrant, held_out, messages):
        """Write the file with one more model, where that is fitted at all; messages as of `FitWarnings`."""
        if not is_kept(entrant):
            return
        failures = [(*job, why) for job, why in entrant.failures.items()]
        model = {"failures": failures, "advice": entrant.advice, "told": entrant.told}
        messages = [(category.__name__, *rest) for category, *rest in messages]
        model |= {**held_out._asdict(), "messages": messages}
        try:
            Encoder().encode(model, entrant.name)
        except SavingError as error:
            warn(CheckpointWarning, f"{entrant.name} is not kept in the checkpoint.\n{error.found}")
            return
        self.models[entrant.name] = model
        self.checkpoint.parts[model_part(entrant.name)] = self.own[entrant.name]
        self.checkpoint.write({"models": self.models})


def open_kept(path, seed):
    """Return (checkpoint, seed): without a seed the one in the file, where there is one."""
    if path is None:
        return None, seed
    checkpoint = Checkpoint(path, work="comparison")
    return checkpoint, checkpoint.read_note().get("seed") if seed is None else seed


def is_kept(entrant):
    """Say whether a model takes fits of its own, and more than a mean."""
    return not isinstance(entrant, Null) and not is_mean(entrant)


def _parts(basis, draws):
    """Return what a comparison is of beside its models, a hash for each part."""
    problem = basis.problem
    sets = [(resample.train, resample.test) for resample in basis.sets]
    return {
        "data": fingerprint_data(problem.X)["hash"],
        "outcome": identity_hash(basis.task, basis.classes, basis.event, basis.truth),
        "weights": identity_hash(basis.weights),
        "formula": identity_hash(problem.terms, sorted(problem.exclude)),
        "folds": identity_hash(sets),
        "seed": identity_hash(basis.seed),
        "seeds": identity_hash(draws),
    }


def category_of(name):
    """Return the class of a warning by its name: ours, or the general one for those of other libraries."""
    category = getattr(errors, name, UserWarning)
    is_ours = isinstance(category, type) and issubclass(category, errors.BineuralWarning)
    return category if is_ours else UserWarning


def model_part(name):
    """Name the part of a checkpoint that tells a model's settings apart."""
    return f"model {name!r}"
