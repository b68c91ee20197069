"""The finished forecasters of a comparison in a checkpoint, for the same call to go on from.

A forecaster's fits depend on the series, the origins, the seed and itself alone, as those of `kept.py` do.
"""

import numpy as np

from bineural.bundles.schema import (
    Mismatch,
    array,
    check_attributes,
    dict_of,
    list_of,
    number,
    record,
    require,
    text,
    tuple_of,
)
from bineural.comparing.forecast_comparison import Rolled
from bineural.comparing.kept import category_of, model_part
from bineural.errors import InputError
from bineural.tables.identity import identity_hash

_MODEL = record(
    paths=array("f", ndim=4),
    seconds=number(0, nan=False),
    how=text,
    messages=list_of(tuple_of(text)),
)


class KeptForecasts:
    """What is kept of the finished forecasters of one comparison.

    Parameters
    ----------
    checkpoint : Checkpoint
    entrants : list of ForecastEntrant
    tasks : list of Task
        One for each of them.
    origins : sequence of int
    seed, draws : int

    Raises
    ------
    InputError
        If the file is of another comparison, or of something else.
    """

    def __init__(self, checkpoint, entrants, tasks, origins, seed, draws):
        self.checkpoint = checkpoint
        checkpoint.note = {"seed": seed}
        self.parts = _parts(tasks[0], origins, seed, draws)
        self.own = {e.name: identity_hash(e.identity(task)) for e, task in zip(entrants, tasks)}
        parts = self.parts | {model_part(name): own for name, own in self.own.items()}
        state = checkpoint.begin(parts, common_only=True) or {"models": {}}
        shape = tasks[0].n_series, len(origins), tasks[0].horizon
        try:
            check_attributes(state, {"models": dict_of(text, _MODEL)}, "state")
            for entrant in entrants:
                kept, n = state["models"].get(entrant.name), draws if entrant.kind == "net" else 1
                fits = kept is None or np.shape(kept["paths"]) == (n, *shape)
                require(fits, f"forecasts of {entrant.name} of other shape")
        except Mismatch as error:
            raise InputError(
                "A checkpoint must hold what this comparison kept.",
                f"{str(checkpoint.path)!r} holds something else: {error}.",
                "Delete it, or give another path.",
            ) from error
        self.models = state["models"]
        finished = {*self.parts, *map(model_part, self.models)}
        checkpoint.parts = {name: part for name, part in checkpoint.parts.items() if name in finished}

    def take(self, entrant):
        """Return (`Rolled`, messages) of a forecaster that is there, or None."""
        kept = self.models.get(entrant.name)
        if kept is None:
            return None
        entrant.how = kept["how"]
        messages = [(category_of(name), sentence) for name, sentence in kept["messages"]]
        return Rolled(np.asarray(kept["paths"]), kept["seconds"]), messages

    def keep(self, entrant, rolled, messages):
        """Write the file with one more forecaster; messages as of `heard_messages`."""
        messages = [(category.__name__, sentence) for category, sentence in messages]
        self.models[entrant.name] = {**rolled._asdict(), "how": entrant.how, "messages": messages}
        self.checkpoint.parts[model_part(entrant.name)] = self.own[entrant.name]
        self.checkpoint.write({"models": self.models})


def _parts(task, origins, seed, draws):
    """Return what a comparison is of beside its forecasters, a hash for each part."""
    table = task.table
    series = [(each.name, each.start, each.values, each.known) for each in table.series]
    return {
        "series": identity_hash(table.outcome, table.known, table.axis, series),
        "horizon": identity_hash(task.horizon, task.season),
        "origins": identity_hash([int(origin) for origin in origins]),
        "seed": identity_hash(seed),
        "seeds": identity_hash(draws),
    }
