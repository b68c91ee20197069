"""The options of nets of rows: their own, and those of every net that mean something here."""

from dataclasses import replace

from bineural.nets.objectives.reconstruction import BETA, LIKELIHOOD
from bineural.nets.options import BY_NAME
from bineural.zoo.parts.code_options import N_CODES, NOISE, VARIATIONAL
from bineural.zoo.parts.noise_option import N_NOISE
from bineural.zoo.rbm import N_HIDDEN, PERSISTENT, STEPS

# What every net has and autoencoders settle themselves: codes of several members have no mean.
FIXED = {
    "class_weight": None,
    "objective": None,
    "target": "plain",
    "ensemble": 1,
    "keep_weights": False,
    "categories": "onehot",
    "numbers": "plain",
    "augmentation": None,
    "pretrain": None,
}
_ARCHITECTURE = (
    '"dense", "deep", "convolutional" or "recurrent", the name of an architecture for rows in the zoo, or a '
    "Keras model or builder of the same outputs. None is dense, and recurrent for a list of sequences."
)


_ACTIVATION = replace(
    BY_NAME["activation"],
    default="elu",
    help="Of the hidden layers. ELU, unlike ReLU, lets no unit of a narrow layer fall silent.",
    cli_help="",
)


def _here(option):
    if option.name == "architecture":
        return replace(option, default=None, help=_ARCHITECTURE, r_help="", cli_help="")
    if option.name == "scaling":
        text = (
            '"standard" (mean 0 and SD 1) or False; "auto" is standard, and False with numbers from 0 to 1.'
        )
        return replace(option, kind='{"auto", "standard"} or False', help=text, r_help="", cli_help="")
    return option


OPTIONS = (
    N_CODES,
    _here(BY_NAME["architecture"]),
    VARIATIONAL,
    NOISE,
    BETA,
    LIKELIHOOD,
    *(
        _ACTIVATION if name == "activation" else _here(option)
        for name, option in BY_NAME.items()
        if name not in {"architecture", *FIXED}
    ),
)

# Adversarial nets: nothing tells which epoch is best, so none is watched.
FIXED_SAMPLES = {
    **FIXED,
    "dropout": 0.0,
    "l1": 0.0,
    "l2": None,
    "batch_normalization": False,
    "optimizer": None,
    "validation": None,
    "monitor": "loss",
    "patience": None,
    "min_delta": 0.0,
    "callbacks": None,
}
SAMPLE_OPTIONS = (
    N_NOISE,
    replace(
        BY_NAME["architecture"],
        default=None,
        help='"dense" (for any rows; `units` are the hidden layers of the discriminator, and in reverse of '
        'the generator) or "dcgan" (images), or the name of an architecture for samples in the zoo. None '
        "is dense.",
        r_help="",
        cli_help="",
    ),
    *(_here(option) for name, option in BY_NAME.items() if name not in {"architecture", *FIXED_SAMPLES}),
)

# Boltzmann machines: what a step costs is no measure of fit, so no epoch is best either.
FIXED_HIDDEN = {**FIXED_SAMPLES, "activation": "sigmoid", "units": (), "optimizer": "sgd", "scaling": False}
HIDDEN_OPTIONS = (
    N_HIDDEN,
    STEPS,
    PERSISTENT,
    replace(
        BY_NAME["architecture"],
        default=None,
        help="The name of an architecture for hidden units in the zoo. None is a Boltzmann machine.",
        r_help="",
        cli_help="",
    ),
    *(option for name, option in BY_NAME.items() if name not in {"architecture", *FIXED_HIDDEN}),
)
