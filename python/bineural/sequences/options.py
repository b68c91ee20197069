"""The options of nets that predict sequences: their own, and those of every net that mean something here."""

from dataclasses import replace

from bineural.inputs.symbols import UNIT
from bineural.nets.options import BY_NAME
from bineural.zoo.sequence_nets import ATTENTION

# What every net has and these settle themselves.
FIXED = {
    "objective": None,
    "target": "plain",
    "batch_normalization": False,
    "categories": "onehot",
    "numbers": "plain",
    "augmentation": None,
    "cut": "end",
    "scaling": False,
    "ensemble": 1,
    "class_weight": None,
    "keep_weights": False,
    "missing": "error",
    "unseen": "warn",
    "lowercase": False,
}
_ARCHITECTURE = (
    '"gru", "lstm", "rnn" or "transformer", or the name of an architecture for sequences in the zoo. None is '
    "gru."
)
_HELP = {
    "architecture": _ARCHITECTURE,
    "units": "Size of each recurrent layer (of encoder and decoder), or width of the dense layer of each "
    "block of a transformer. None is 128, and two blocks of 128.",
    "max_length": "Symbols that are read of a sequence at most, its end among them; None reads all.",
    "n_words": "Most symbols, those that are in the most training sequences; others are unknown.",
    "epochs": "Most passes over the training sequences.",
    "validation": "Share of the sequences, drawn by the seed, that is watched and not trained on; the "
    "weights of the epoch that did best there are kept. None trains on all and keeps the last.",
    "patience": "Epochs without a new best loss on the sequences watched after which training stops; None "
    "never stops early.",
}
_DEFAULTS = {"architecture": None, "epochs": 100, "validation": 0.1, "patience": 10}


def _here(option):
    option = replace(option, default=_DEFAULTS.get(option.name, option.default))
    if option.name not in _HELP:
        return option
    return replace(option, help=_HELP[option.name], r_help="", cli_help="")


OPTIONS = (
    UNIT,
    _here(BY_NAME["architecture"]),
    ATTENTION,
    *(_here(option) for name, option in BY_NAME.items() if name not in {"architecture", *FIXED}),
)
