"""Models of sequences in a comparison: language models beside the n-gram, translations beside copying.

What is compared is made numbers first, see `measures/sequence_measures.py`: of each sequence the symbols that
it has, and the bits that it costs; of each pair whether the target is met, and by how many edits it is
missed.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from bineural.comparing.answers import Answer, settle_answer
from bineural.comparing.entrant_kinds.kind import EntrantKind, register_entrant_kind
from bineural.comparing.entrants import Entrant
from bineural.comparing.own_entrants import NetWithoutOutcome
from bineural.errors import InputError
from bineural.inputs.symbols import split_symbols
from bineural.messages import near_names
from bineural.nets.objectives.objective import named_objective
from bineural.not_models import called
from bineural.sequences.baselines import Copy, MostFrequent, ngram_of
from bineural.sequences.edits import edit_distances, exact_matches
from bineural.sequences.model import SequenceModel
from bineural.sequences.ngrams import NGram
from bineural.sequences.texts import read_pairs
from bineural.tables.frames import as_frame, is_frame
from bineural.tables.rows import take_rows

_BASELINES = {"ngram": NGram, "copy": Copy, "most_frequent": MostFrequent}
_ARCHITECTURES = tuple(SequenceModel.SHORT)


def predicts_sequences(model):
    """Say whether a model predicts sequences."""
    return isinstance(model, (SequenceModel, *_BASELINES.values()))


def have_sequences(rows, models):
    """Say whether a model predicts sequences."""
    return any(map(predicts_sequences, models))


def read_rows(rows, models):
    """Return the rows of a comparison of models of sequences.

    Parameters
    ----------
    rows : Rows
        `data` is a list of sequences, or a data frame with "target" and, of pairs, "source"; or it is the
        sources and `outcome` the targets.
    models : list
    """
    nets = [model for model in models if isinstance(model, SequenceModel)]
    for name in ("formula", "event", "classes"):
        if getattr(rows, name) is not None:
            raise InputError(
                f"`{name}` can't be used where models of sequences are compared.",
                f"Found {getattr(rows, name)!r}.",
                "Leave it out.",
            )
    data, unit = _read(rows), _one_of(nets, "unit", "character")
    most = _one_of(nets, "max_length", None)
    lengths = [float(min(len(split_symbols(text, unit)) + 1, most or np.inf)) for text in data["target"]]
    objective = named_objective("next_symbol")
    sequence_options = (unit, _one_of(nets, "n_words", None), most)
    common = {
        "objective": objective,
        "sequence_options": sequence_options,
        "formulas": ("1",),
    }  # no column is a predictor
    if "source" not in data:
        symbols = pd.Series(lengths, name="symbols")
        return rows._replace(data=data, outcome=symbols, **common)
    outcome = pd.DataFrame({"exact": np.ones(len(data)), "edits": lengths})
    objective = replace(objective, task="pairs", measure="exact_match", several_outcomes=True)
    return rows._replace(data=data, outcome=outcome, **common | {"objective": objective})


def _read(rows):
    """Return the sequences as a data frame with "target", and "source" where there are pairs."""
    data, outcome = rows.data, rows.outcome
    if is_frame(data):
        frame = as_frame(data)
        target = outcome if isinstance(outcome, str) else "target"
        if target not in frame.columns:
            raise InputError(
                "A data frame of sequences must have a column 'target', and 'source' where there are pairs.",
                f"Its columns are {', '.join(map(repr, map(str, frame.columns)))}.",
                "Rename them, or name the column of targets as `outcome`.",
            )
        source = frame["source"].tolist() if "source" in frame.columns and target != "source" else None
        return pd.DataFrame(read_pairs(frame[target].tolist(), source))
    if outcome is None:
        return pd.DataFrame(read_pairs(data, None))
    return pd.DataFrame(read_pairs(outcome, data))


def _one_of(nets, option, default):
    """Return the value that all nets have of an option."""
    values = list(dict.fromkeys(getattr(net, option) for net in nets)) or [default]
    if len(values) > 1:
        raise InputError(
            f"All models of a comparison must have the same `{option}`.",
            f"Found {', '.join(map(repr, values))}.",
            "Compare them apart: symbols of other kinds, or lengths, have other bits.",
        )
    return values[0]


class SequenceNet(NetWithoutOutcome):
    """A net: all its folds and draws are trained together, as far as they know the same symbols."""

    def ask(self, net, basis, resample):
        """Return what the test rows cost, or how their targets are met, as an `Answer`."""
        return Answer(answer_of(net, basis, resample.test))


class Counted(Entrant):
    """A baseline: the n-gram, or one of the two of translations."""

    kind = "linear"

    def __init__(self, name, model, order=None):
        super().__init__(name, model)
        self.order, self.is_linear = order, model is not MostFrequent

    def identity(self, basis):
        """Return what its fits depend on."""
        return [self.kind, self.model.__name__, self.order]

    def describe(self):
        """Say in a line what is fitted."""
        if self.model is not NGram:
            return (
                repr(self.model()) if self.model is Copy else "the most frequent target of the training rows"
            )
        if self.order is None:
            return "n-gram, its order and smoothing chosen within the training rows"
        return "how frequent each symbol is" if self.order == 1 else f"{self.order}-gram"

    def _fit_predict(self, basis, train, test, seed):
        rows = take_rows(basis.problem.X, train)
        if self.model is NGram:
            model = ngram_of(rows, *basis.sequence_options, order=self.order)
        else:
            model = self.model().fit(rows["target"], rows["source"])
        return Answer(answer_of(model, basis, test))


def answer_of(model, basis, test):
    """Return what test rows cost, bits (n,), or how their targets are met, (n, 2)."""
    rows = take_rows(basis.problem.X, test)
    if basis.measured_as == "symbols":
        return settle_answer(-model.log_prob(rows["target"].tolist()) / np.log(2), basis, len(test))
    said, target = model.predict(rows["source"].tolist()), rows["target"].tolist()
    values = np.stack(
        [exact_matches(said, target), edit_distances(said, target, basis.sequence_options[0])], axis=1
    )
    return settle_answer(values.astype(float), basis, len(test))


class Known(Counted):
    """The null model: how frequent each symbol is, or the target that is most frequent."""

    kind = "null"
    parallel = False

    def __init__(self, name, model, order=None):
        super().__init__(name, model, order)
        self.is_linear = False


def null_of(name, basis):
    """Return the null model."""
    return Known(name, NGram, 1) if basis.measured_as == "symbols" else Known(name, MostFrequent)


def baseline_of(models, basis, missing):
    """Return (name, entrant) of the baseline."""
    kind = "ngram" if basis.measured_as == "symbols" else "copy"
    return kind, Counted(kind, _BASELINES[kind])


def enter(name, model, basis, missing):
    """Return the entrant of a model of sequences, or of its name, or say what it must be."""
    if isinstance(model, str):
        return _named(name, model, basis)
    if isinstance(model, SequenceModel):
        return SequenceNet(name, model)
    kind = next((kind for kind in _BASELINES.values() if isinstance(model, kind)), None)
    if kind is not None and (kind is NGram) == (basis.measured_as == "symbols"):
        return Counted(name, kind, getattr(model, "asked_order", None))
    raise InputError(
        "Every model must predict sequences, as the others do.",
        f"{name} is {called(model)}.",
        "Pass what fit_sequence or fit_ngram returned, or a name: 'ngram', 'copy', 'most_frequent', 'gru'.",
    )


def _named(name, model, basis):
    if model in _ARCHITECTURES:
        return SequenceNet(name, SequenceModel(architecture=model, unit=basis.sequence_options[0]))
    fitting = [known for known in _BASELINES if (known == "ngram") == (basis.measured_as == "symbols")]
    if model not in fitting:
        raise InputError(
            "A model's short name must be known.",
            f"Found {model!r}.",
            near_names(model, [*fitting, *_ARCHITECTURES]),
        )
    return Counted(name, _BASELINES[model])


register_entrant_kind(
    EntrantKind(
        "sequences",
        ("symbols", "pairs"),
        have_sequences,
        read_rows,
        null_of,
        baseline_of,
        enter,
        learns_outcome=False,
    )
)
