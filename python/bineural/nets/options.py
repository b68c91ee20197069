"""The options of nets, all of them, once: name, default, check, help.

The estimators, `fit_net`, the command line, grids and R's functions take them from here. An option of an
architecture's own stands in its record (`zoo/`), not here; `Architecture.reads` says which of these an
architecture takes.
"""

import numpy as np

from bineural.checks import (
    Check,
    Unfit,
    choice,
    flag,
    is_truth,
    is_whole,
    number,
    path,
    seed,
    share,
    text,
    whole,
)
from bineural.messages import shown
from bineural.nets.pretraining_settings import pretrain_hint, read_pretrain
from bineural.options import Option
from bineural.training.augmenting.registry import augmentation_hint, read_augmentation
from bineural.zoo.record_checks import reserve_option_names


def unit_counts(units):
    """Return the widths of the hidden layers as a tuple of int; one number is one layer."""
    return tuple(int(u) for u in (units if np.ndim(units) == 1 else [units]))


def _read_units(units):
    sizes = list(units) if np.ndim(units) == 1 else [units]
    if not all(is_whole(u) and 1 <= u <= 10**7 for u in sizes):
        raise ValueError
    return units


def _read_optimizer(value):
    if not isinstance(value, (str, dict)) and not hasattr(value, "get_config"):  # Keras reads a dict
        raise ValueError
    return value


def _read_callbacks(value):
    several = list(value.values()) if isinstance(value, dict) and value else value  # a named list in R
    for callback in several if isinstance(several, (list, tuple)) else [several]:
        if not hasattr(callback, "on_epoch_end"):
            raise Unfit(f"Found {shown(callback)}.", callback)
    return value


def _read_class_weight(value):
    if not isinstance(value, dict) and not (isinstance(value, str) and value == "balanced"):
        raise ValueError
    return value


def _read_pretrain(value):
    read_pretrain(value)
    return value


def _read_verbose(value):
    if value is None or (is_whole(value) and value in (0, 1)) or is_truth(value):
        return value
    raise ValueError


def _read_activation(value):
    if not (isinstance(value, str) or callable(value)):
        raise ValueError
    return value


_units = Check(
    "a positive whole number for each hidden layer",
    _read_units,
    "Use for example units=(16, 8), or units=() for none.",
)
_anything = Check("anything", lambda value: value)
_penalty = number(0, 1e30, hint="Pass 0 for none.")

OPTIONS = (
    Option(
        "architecture",
        None,
        _anything,
        "str, keras.Model or callable, optional",
        "A name in the zoo (see `list_architectures`), a Keras model, or a builder "
        '``(input_shape, n_outputs) -> keras.Model``. None is "skip" for tables (a ridge GLM, a curve for '
        'each column, a hidden part), "cnn" for images (a small convolutional net), "gru" for sequences and '
        '"bag" for texts (the mean of what their words are embedded in). A model is a layout: '
        "it is never changed, and its weights start afresh from the seed (those of frozen and adapted layers "
        "stay). It ends in logits, a sigmoid or a softmax. One that is compiled is trained on its own loss "
        "by its own optimizer, see Notes.",
        r_help="A name of [list_architectures()], a Keras model, or a builder "
        "`function(input_shape, n_outputs)` (`input_shape` is a list) that returns one. `NULL` is "
        '`"skip"` for tables (a ridge GLM, a curve for each column, a hidden part), `"cnn"` for images (a '
        'small convolutional net), `"gru"` for sequences and `"bag"` for texts (the mean of what their words '
        "are embedded in). A model is a layout: its weights start afresh from the seed. It ends in "
        "logits, a sigmoid or a softmax. One that is compiled is trained on its own loss by its own "
        "optimizer, see below.",
        cli_help="name of a net in the zoo, such as mlp (default: skip for tables, cnn for images, "
        "gru for sequences, bag for texts)",
        type="str | KerasModel | Callable[..., KerasModel] | None",
    ),
    Option(
        "objective",
        None,
        text().or_none(),
        "str, optional",
        "What is learnt, by name: how the outcome becomes targets, the loss, and what the output "
        "means. None "
        'is what the outcome asks for: "binary", "classes" or "numbers" (squared error). "poisson" is the '
        'mean of counts, "gamma" that of positive numbers, both by their logarithm; '
        '"huber" is a centre that outliers hardly move, "quantile" several quantiles that never cross, '
        '"ordinal" ordered classes, "multilabel" several labels of 0 and 1, `cbind(a, b) ~ x`.',
        in_r="text",
        cli_help="what is learnt, by name, such as poisson (default: what the outcome asks for)",
        type="str | None",
    ),
    Option(
        "target",
        "plain",
        choice("plain", "clipped", "log", "quantile"),
        '{"plain", "clipped", "log", "quantile"}',
        'In which form an outcome of numbers is learnt: as it is; "clipped", predictions held between '
        'the lowest and the highest value trained on; "log", its logarithm; "quantile", normal '
        "quantiles of its ranks. Predictions are changed back, and are then no means: exp of a mean "
        "logarithm is a median where logarithms are spread evenly, below the mean. An offset is added in "
        "that form, before it is changed back.",
        in_r="text",
        r_help='In which form an outcome of numbers is learnt: `"plain"`, as it is; `"clipped"`, predictions '
        'held between the lowest and the highest value trained on; `"log"`, its logarithm; `"quantile"`, '
        "normal quantiles of its ranks. Predictions are changed back, and are then no means: exp of a mean "
        "logarithm is a median where logarithms are spread evenly, below the mean. An offset is added in "
        "that form, before it is changed back.",
        cli_help="form in which an outcome of numbers is learnt: plain, clipped, log or quantile "
        "(default: plain)",
        type='Literal["plain", "clipped", "log", "quantile"]',
    ),
    Option(
        "units",
        None,
        _units.or_none(),
        "sequence of int, optional",
        "Width of each hidden layer (architectures that read it, as the next five). None is "
        "(64, 32) for those of the zoo on tables.",
        in_r="counts",
        cli_help="width of each hidden layer (default: that of the architecture, 64,32 for tables)",
        type="int | Sequence[int] | None",
    ),
    Option(
        "activation",
        "relu",
        Check("the name of an activation, or a function", _read_activation, "Use 'relu' or 'tanh'."),
        "str",
        "Of the hidden layers.",
        in_r="text",
        cli_help="of the hidden layers: relu, tanh, ... (default: relu)",
        type="str | Callable[..., Any]",
    ),
    Option(
        "dropout",
        0.0,
        share(below=True),
        "float in [0, 1)",
        "Share of hidden units left out at random in each training step.",
        in_r="number",
        range="number",
        type="float",
    ),
    Option(
        "l1",
        0.0,
        _penalty,
        "float",
        "Penalty on sum(abs(weight)), on the scale of the mean loss.",
        in_r="number",
        r_help="Penalty on `sum(abs(weight))`, on the scale of the mean loss.",
        range="number",
        cli_help="penalty on the sum of absolute weights, on the scale of the mean loss (default: 0)",
        type="float",
    ),
    Option(
        "l2",
        None,
        _penalty.or_none(),
        "float, optional",
        "Penalty on sum(weight**2), on the scale of the mean loss. None is p / (2 n), with n rows trained "
        "on: normal weights of precision p a priori, whatever the number of rows. p is 1; for nets of the "
        "zoo on tables whose members watch all rows between them (as by default on up to 5,000 rows "
        "trained on) it is chosen among 0.1, 1 and 10 by the rows watched.",
        in_r="number",
        r_help="Penalty on `sum(weight^2)`, on the scale of the mean loss. `NULL` is p / (2 n), with n "
        "rows trained on: normal weights of precision p a priori, whatever the number of rows. p is 1; for "
        "nets of the zoo on tables whose members watch all rows between them (as by default on up to 5,000 "
        "rows trained on) it is chosen among 0.1, 1 and 10 by the rows watched.",
        range="number",
        cli_help="penalty on the sum of squared weights, on the scale of the mean loss (default: chosen by "
        "the rows watched)",
        type="float | None",
    ),
    Option(
        "batch_normalization",
        False,
        flag(),
        "bool",
        "Normalise hidden layers over the batch; they then have no bias.",
        in_r="flag",
        type="bool",
    ),
    Option(
        "categories",
        "onehot",
        choice("onehot", "embed"),
        '{"onehot", "embed"}',
        "One column for each level, or a learnt embedding of each level (a level not seen in "
        "training is the "
        "average level).",
        in_r="text",
        r_help='`"onehot"`, one column for each level, or `"embed"`, a learnt embedding of each '
        "level (a level "
        "not seen in training is the average level).",
        type='Literal["onehot", "embed"]',
    ),
    Option(
        "numbers",
        None,
        choice("plain", "piecewise", "periodic").or_none(),
        '{"plain", "piecewise", "periodic"}, optional',
        "What hidden layers read of each column: the number; beside it how much of each of up to 16 pieces "
        "between quantiles of the training rows lies below (the skip net then also has a curve for each "
        "column); or beside it cosines of learnt frequencies. None is piecewise for the skip net and the "
        "batch ensemble, plain for others, without hidden layers and where rows come in batches.",
        in_r="text",
        r_help='What hidden layers read of each column: `"plain"`, the number; `"piecewise"`, beside it how '
        "much of each of up to 16 pieces between quantiles of the training rows lies below (the skip net "
        'then also has a curve for each column); `"periodic"`, beside it cosines of learnt frequencies. '
        "`NULL` is piecewise for the skip net and the batch ensemble, plain for others, without hidden "
        "layers and where rows come in batches.",
        type='Literal["plain", "piecewise", "periodic"] | None',
    ),
    Option(
        "augmentation",
        None,
        Check(
            "a dict of changes of images and their strengths",
            read_augmentation,
            augmentation_hint,
            none=True,
        ),
        "dict of str to (number or str), optional",
        "Changes of images in training, drawn anew in each step by the seed, such as "
        '``{"shift": 2, "flip": "horizontal"}``; images that are watched or predicted stay as they are. '
        '"shift", "crop": pixels at most; "flip": "horizontal", "vertical" or "both"; "rotate": degrees; '
        '"zoom": a share of the size; "noise": in SDs of the channel; "cutout": side of a square set to the '
        'mean; "mixup": a of Beta(a, a), by whose shares two rows and their losses are mixed.',
        r_help="A named list of changes of images in training, drawn anew in each step by the seed, such as "
        '`list(shift = 2, flip = "horizontal")`; images that are watched or predicted stay as they are. '
        '`shift`, `crop`: pixels at most; `flip`: `"horizontal"`, `"vertical"` or `"both"`; `rotate`: '
        "degrees; `zoom`: a share of the size; `noise`: in SDs of the channel; `cutout`: side of a square "
        "set to the mean; `mixup`: a of Beta(a, a), by whose shares two rows and their losses are mixed.",
        cli_help="changes of images in training and their strengths, such as shift=2,flip=horizontal",
        type="Mapping[str, Any] | None",
    ),
    Option(
        "pretrain",
        None,
        Check(
            "'rbm' or a dict of settings, or fitted Boltzmann machines",
            _read_pretrain,
            pretrain_hint,
            none=True,
        ),
        '"rbm", dict or list of RBM, optional',
        "How hidden layers of sigmoid units start: from Boltzmann machines that are trained layer by layer "
        "on the training rows, without the outcome (a deep belief net), 30 epochs each. Or a dict of "
        '"epochs", "learning_rate" and "steps", the k of CD-k, such as ``{"epochs": 100}``. Or machines of '
        "`fit_rbm`, each fitted to the hidden units of the one below, that of the first layer first, for as "
        "many layers as there are machines; columns must be as these had them, from 0 to 1 "
        "(``scaling=False``). They are the same in all folds, so fit them to other rows than are tested. "
        "None: at random.",
        r_help='How hidden layers of sigmoid units start: `"rbm"`, from Boltzmann machines that are trained '
        "layer by layer on the training rows, without the outcome (a deep belief net), 30 epochs each. "
        "Or a list of `epochs`, `learning_rate` and `steps`, the k of CD-k, such as `list(epochs = 100)`. "
        "Or a list of machines of [fit_rbm()], each fitted to the hidden units of the one below, that of the "
        "first layer first, for as many layers as there are machines; columns must be as these had them, "
        "from 0 to 1 (`scaling = FALSE`). They are the same in all folds, so fit them to other rows than are "
        "tested. "
        "`NULL`: at random.",
        cli_help="rbm: hidden layers of sigmoid units start from Boltzmann machines, fitted layer by layer; "
        "or their settings, such as epochs=100,learning_rate=0.02",
        type='Literal["rbm"] | Mapping[str, float] | Sequence[Any] | None',
    ),
    Option(
        "max_length",
        None,
        whole(1, hint="Pass for example 100, or None for all.").or_none(),
        "int, optional",
        "The most steps of a sequence, or words of a text, that are read; None reads all steps, and as many "
        "words as 95 % of the training texts have at most.",
        in_r="count",
        range="whole",
        cli_help="the most steps of a sequence, or words of a text, that are read "
        "(default: all steps, the words that 95 in 100 texts keep within)",
        type="int | None",
    ),
    Option(
        "cut",
        "end",
        choice("end", "start"),
        '{"end", "start"}',
        'Which end of rows longer than `max_length` is cut off: "start" keeps their last steps.',
        in_r="text",
        cli_help="end of rows longer than max-length that is cut off: end or start (default: end)",
        type='Literal["end", "start"]',
    ),
    Option(
        "scaling",
        "auto",
        choice("auto", "standard", "robust", "quantile", False),
        '{"auto", "standard", "robust", "quantile"} or False',
        "How columns of numbers are scaled, by the training rows. "
        '"standard": by mean and SD, and each channel (the last axis) of arrays of more dimensions too; '
        '"robust": by median and quartiles, outliers bent to less than 3; '
        '"quantile": to normal quantiles. "auto" is "standard" (and names columns that are very skewed) '
        "unless a Keras model wants numbers as they are, and then says so: it has an adapted "
        "`Normalization`, another layer that is adapted or frozen, or begins with one that rescales, "
        "normalises or embeds, or `keep_weights` is True.",
        in_r="text_or_flag",
        r_help="How columns of numbers are scaled, by the training rows. "
        '`"standard"`: by mean and SD, and each channel (the last axis) of arrays of more dimensions too; '
        '`"robust"`: by median and quartiles, outliers bent to less than 3; '
        '`"quantile"`: to normal quantiles; `FALSE`: not at all. `"auto"` is `"standard"` (and names columns '
        "that are very skewed by a warning of class `bineural_SkewedWarning`) unless a Keras model wants "
        "numbers as they are, and then says so by a warning of class `bineural_UnscaledWarning`: it has an "
        "adapted `Normalization`, another layer that is adapted or frozen, or begins with one that rescales, "
        "normalises or embeds, or `keep_weights` is `TRUE`.",
        cli_help="how columns of numbers are scaled: auto, standard, robust, quantile or no (default: auto)",
        type='Literal["auto", "standard", "robust", "quantile", False]',
    ),
    Option(
        "optimizer",
        None,
        Check(
            "the name of an optimizer in Keras, or one", _read_optimizer, "Use 'adam' or 'sgd'.", none=True
        ),
        "str or keras.Optimizer, optional",
        "Name as in Keras, or an optimizer whose settings are copied. None is that of a compiled "
        "Keras model, "
        "else Adam.",
        cli_help="adam, sgd, rmsprop, ... (default: adam)",
        type="str | KerasOptimizer | None",
    ),
    Option(
        "learning_rate",
        None,
        number(0, above=True, hint="Pass for example 0.01.").or_none(),
        "float, optional",
        "None: that of the architecture (0.01 for those of the zoo on tables) with an optimizer by "
        "name, else "
        "the optimizer's own.",
        in_r="number",
        range="number",
        cli_help="step size (default: that of the architecture, 0.01 for tables)",
        type="float | None",
    ),
    Option(
        "batch_size",
        None,
        whole(1).or_none(),
        "int, optional",
        "Rows in a step; the last batch of an epoch may be smaller. None is 32, and for the zoo's nets on "
        "tables 64 from 1,000 rows trained on, 128 from 2,000 and 256 from 10,000.",
        in_r="count",
        range="whole",
        type="int | None",
    ),
    Option(
        "epochs",
        300,
        whole(1),
        "int",
        "Most passes over the training rows.",
        in_r="count",
        range="whole",
        type="int",
    ),
    Option(
        "validation",
        0.2,
        share(below=True, hint="Pass 0.2, or None for no validation rows.").or_none(),
        "float in [0, 1) or None",
        "Share of the rows of each class, drawn by the seed, that is watched and not trained on; "
        "the weights of the epoch with the lowest loss there are kept. Members of an ensemble watch other "
        "rows each, evenly over "
        "all of them (of rows in batches the same). 0 or None trains on all rows for all epochs.",
        in_r="number",
        range="number",
        cli_help="share of the rows that is watched, not trained on; none trains on all (default: 0.2)",
        type="float | None",
    ),
    Option(
        "monitor",
        "loss",
        Check("the name of a loss, or a function", _read_activation, "Use 'loss' or 'auroc'.", none=True),
        "str, keras.Loss or callable",
        'What is watched on the validation rows: "loss" (the loss trained on), "auroc" (two '
        "classes; higher is "
        "better), or another loss, as its name in Keras or a function of (y, output).",
        r_help='What is watched on the validation rows: `"loss"` (the loss trained on), `"auroc"` '
        "(two classes; "
        "higher is better), or the name of another loss in Keras.",
        cli_help="what is watched there: loss, auroc, or another loss of Keras by name (default: loss)",
        type="str | KerasLoss | Callable[..., Any]",
    ),
    Option(
        "patience",
        30,
        whole(0).or_none(),
        "int, optional",
        "Epochs without a new best value of `monitor` after which training stops; None never stops early.",
        in_r="count",
        range="whole",
        type="int",
    ),
    Option(
        "min_delta",
        0.0,
        number(0),
        "float",
        "By how much a value must be better to count as new best, in the unit of `monitor`.",
        in_r="number",
        range="number",
        type="float",
    ),
    Option(
        "ensemble",
        None,
        whole(1).or_none(),
        "int, optional",
        "Nets of seeds of their own, trained at once on the same rows; the mean of their "
        "predictions predicts, "
        "and `predict_spread` says how far they lie apart. None is five for the skip net on up to 20,000 "
        "training rows (without callbacks or checkpoint), else one.",
        in_r="count",
        r_help="Number of nets of seeds of their own, trained at once on the same rows; the mean of their "
        "predictions predicts. `NULL` is five for the skip net on up to 20,000 training rows (without "
        "callbacks or checkpoint), else one.",
        range="whole",
        cli_help="nets trained at once, whose mean predicts (default: 5 for skip on up to 20,000 "
        "rows, else 1)",
        type="int | None",
    ),
    Option(
        "class_weight",
        None,
        Check("'balanced' or a dict of class to weight", _read_class_weight, "Write {'yes': 3}.", none=True),
        'None, "balanced" or dict of label to float',
        "Factor on the weights of each class's rows, in training and in the validation loss.",
        r_help='`"balanced"`, or a number for each class by name, e.g. `c(absent = 1, present = '
        "3)`: factor on "
        "the weights of each class's rows, in training and in the validation loss.",
        cli_help="balanced, or a factor for each class: yes=3,no=1",
        type='Literal["balanced"] | Mapping[Any, float] | None',
    ),
    Option(
        "keep_weights",
        False,
        flag(),
        "bool",
        "Start from the weights that a Keras model given as `architecture` has.",
        in_r="flag",
        cli_help=None,
        type="bool",
    ),
    Option(
        "callbacks",
        None,
        Check("a Keras callback or a list of them", _read_callbacks, "Leave it out for none.", none=True),
        "keras.callbacks.Callback or list of them, optional",
        "Training then goes through Keras' own loop, net by net: slower, same seeds and batches. So does a "
        "Keras model whose class has a `train_step` of its own. A file of the net leaves them out.",
        in_r="as_is",
        r_help="A Keras callback or a list of them. Training then goes through Keras' own loop, net by net: "
        "slower, same seeds and batches. So does a Keras model whose class has a `train_step` of its own.",
        shared=True,
        cli_help=None,
        type="KerasCallback | Sequence[KerasCallback] | None",
    ),
    Option(
        "checkpoint",
        None,
        path("Pass for example 'net.checkpoint'.").or_none(),
        "str or path, optional",
        "File that is written about every 10 seconds while training, at Ctrl-C and at the end. The same "
        "call goes on from it, also after a crash, and ends with the same weights to the bit; `epochs` "
        "may be more than before (of an ensemble not). Without a `seed` it takes the one in the file. The "
        "file of another training is an error, as is a place where it can't be written; where that comes "
        "later, training goes on with a `CheckpointWarning`. A long training of one net then goes without "
        "XLA: it takes longer, and its weights differ by rounding from those of the same call without "
        "`checkpoint`.",
        in_r="path",
        r_help="File that is written about every 10 seconds while training, at an interrupt and at the end. "
        "The same call goes on from it, also after a crash, and ends with the same weights to the bit; "
        "`epochs` may be more than before (of an ensemble not). Without a `seed` it takes the one in the "
        "file. The file of another training is an error, as is a place where it can't be written; where that "
        "comes later, training goes on with a warning of class `bineural_CheckpointWarning`. A long training "
        "of one net then goes without XLA: it takes longer, and its weights differ by rounding from those of "
        "the same call without `checkpoint`.",
        shared=True,
        cli_help="file written while training, from which the same command goes on after an interruption",
        type="PathLike | None",
    ),
    Option(
        "device",
        None,
        text("Use 'cpu' or 'gpu'.").or_none(),
        "str, optional",
        '"gpu", "gpu:1", "cpu"; None is the CPU, whose results repeat to the bit. "workers": one net on the '
        "CPUs of the processes that the environment variable TF_CONFIG names, under TensorFlow's "
        "MultiWorkerMirroredStrategy. Each of them runs the same program with the same rows and takes its "
        "part of every batch; the net is that of one process, to rounding, but for dropout. One that ends is "
        "an error in the others, within a minute; started again, all go on from `checkpoint`, which the "
        "first one writes.",
        in_r="text",
        shared=True,
        cli_help="cpu, gpu, gpu:1, ..., or workers, those of TF_CONFIG (default: cpu)",
        type="str | None",
    ),
    Option(
        "precision",
        "float32",
        choice("float32", "mixed"),
        '{"float32", "mixed"}',
        '"mixed" computes in bfloat16 and keeps weights and losses in float32.',
        in_r="text",
        r_help='`"float32"`, or `"mixed"`: computed in bfloat16, weights and losses kept in float32.',
        cli_help="float32, or mixed: computed in bfloat16 (default: float32)",
        type='Literal["float32", "mixed"]',
    ),
    Option(
        "missing",
        "error",
        choice("error", "drop", "impute"),
        '{"error", "drop", "impute"}',
        'What to do with rows that have missing values: "drop" leaves them out, "impute" puts in the median '
        "or most frequent level, beside an indicator of what was missing. An offset is never imputed.",
        in_r="text",
        r_help='What to do with rows that have missing values: `"error"`, `"drop"` or `"impute"` (median or '
        "most frequent level, and an indicator; an offset is never imputed).",
        type="Missing",
    ),
    Option(
        "n_words",
        10_000,
        whole(1, 10**7),
        "int",
        "Most words of the vocabulary of texts: those that are in the most training texts, and in two or "
        "more. All others are one unknown word.",
        in_r="count",
        cli_help="most words of the vocabulary of texts (default: 10000)",
        type="int",
    ),
    Option(
        "lowercase",
        True,
        flag(),
        "bool",
        "Whether capitals count as small letters in texts.",
        in_r="flag",
        cli_help="whether capitals count as small letters in texts (default: true)",
        type="bool",
    ),
    Option(
        "unseen",
        "warn",
        choice("warn", "error"),
        '{"warn", "error"}',
        "Levels at prediction that training never saw.",
        in_r="text",
        r_help='Levels at prediction that training never saw: `"warn"` (an average level and one '
        "warning) or "
        '`"error"`.',
        cli_help="levels at prediction that training never saw: warn or error (default: warn)",
        type="Unseen",
    ),
    Option(
        "seed",
        None,
        seed(),
        "int, optional",
        "Decides validation rows, initial weights, batch order and dropout. None draws a fresh one, kept in "
        "`seed_`.",
        in_r="count",
        r_help="Whole number. Decides validation rows, initial weights, batch order and dropout, "
        "the same in R "
        "and Python. `NULL` draws one from R's random numbers, kept in the model's `seed`.",
        shared=True,
        cli_help="the same seed gives the same net, in Python and in R",
        type="Seed",
    ),
    Option(
        "verbose",
        None,
        Check("None, 0 or 1", _read_verbose, "Use 0 for silence, 1 for a bar or a line."),
        "None, 0 or 1",
        "None: a bar on a terminal or in a notebook, else nothing. 0: nothing. 1: a bar, or one line.",
        in_r="verbose",
        r_help="`NULL`: a bar in an interactive session, else nothing. 0: nothing. 1: a bar, or one line.",
        shared=True,
        cli_help="0: nothing; 1: a bar, or one line",
        type="Literal[0, 1] | None",
    ),
)
BY_NAME = {option.name: option for option in OPTIONS}
FOR_NUMBERS = tuple(option for option in OPTIONS if option.name != "class_weight")
reserve_option_names(option.name for option in OPTIONS)
