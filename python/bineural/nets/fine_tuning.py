"""`fine_tune`: a net that has learnt one outcome learns another, from the features it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bineural._typing import ArrayLike, KerasModel, Label, Labels, RowsLike
from bineural.checks import (
    Check,
    checked,
    either,
    is_whole,
    label,
    labels,
    list_of,
    name_or_path,
    number,
    text,
    whole,
)
from bineural.errors import InputError
from bineural.nets.values import make_net, problem_of

if TYPE_CHECKING:
    from bineural.nets.estimators import NetClassifier, NetRegressor
    from bineural.nets.values import Net

_SLOWER = 0.1  # times the learning rate, once the new last layer has learnt
_RATE = 0.001
_KEPT = (  # options of the net that it is tuned with as well
    *("augmentation", "optimizer", "batch_size", "epochs", "validation", "monitor", "patience", "min_delta"),
    *("device", "precision", "verbose"),
)
_SETTLED = ("architecture", "keep_weights", "scaling", "callbacks", "checkpoint")


def _read_freeze(value):
    if isinstance(value, str):
        return value if value == "features" else (value,)
    if is_whole(value) and value >= 0:
        return int(value)
    names = tuple(value)
    if not all(isinstance(name, str) for name in names):
        raise ValueError
    return names


def _read_schedule(value):
    if not isinstance(value, dict):
        raise ValueError
    stages = {int(epoch): _read_freeze(freeze) for epoch, freeze in value.items()}
    if not stages or min(stages) < 1 or any(not is_whole(float(epoch)) for epoch in value):
        raise ValueError
    return dict(sorted(stages.items()))


_freeze = either(
    whole(0),
    text(),
    list_of(text()),
    hint="Use 'features' for the layers of maps, 0 for none, 4 for the first four, or names of layers.",
)
_schedule = Check("a dict of epoch to `freeze`", _read_schedule)


@checked(
    freeze=_freeze,
    unfreeze=either(
        whole(1), _schedule, hint="Use 10 to train all from epoch 11 on, or {5: 4, 10: 0}."
    ).or_none(),
    learning_rate=number(0, above=True, hint="Pass for example 0.001.").or_none(),
    start=name_or_path("Pass the path of a file of weights, or leave it out.").or_none(),
    event=label().or_none(),
    classes=labels().or_none(),
)
def fine_tune(
    net: NetClassifier | NetRegressor | KerasModel | str,
    x: RowsLike | str | None = None,
    y: Any = None,
    *,
    freeze: str | int | Sequence[str] = "features",
    unfreeze: int | Mapping[int, Any] | None = None,
    learning_rate: float | None = None,
    start: str | None = None,
    event: Label | None = None,
    classes: Labels | None = None,
    weights: str | ArrayLike | None = None,
    **options: Any,
) -> NetClassifier | NetRegressor | Net:
    """Tune a net that has learnt to a new outcome: a new last layer, behind features that it has.

    Parameters
    ----------
    net : NetClassifier, NetRegressor, keras.Model or str
        A fitted net of images or other arrays (of an ensemble the first member); a Keras model with weights;
        or the name of a net of ``keras.applications``, such as "MobileNetV2".
    x : array_like or str, optional
        Rows of the shape that the net has learnt from, or a formula as in `fit_net`. They are standardised as
        the net's own rows were. None: nothing is fitted, and what comes back stands in `compare_models`.
    y : array_like, str or data frame, optional
        Outcome, or the rows of a formula, as in `fit_net`.
    freeze : "features", int, or sequence of str
        Layers that stay as they are, with the averages of their normalisations: those that make maps (all but
        the last where none does); the first so many that have weights; or those of these names (see
        `describe_architecture`). 0 freezes none.
    unfreeze : int, or dict of int to (int or sequence of str), optional
        Epochs after which all layers are trained; or what is frozen from then on, epoch by epoch:
        ``{5: 4, 10: 0}``.
    learning_rate : float, optional
        None: that of the net, and a tenth of it from where `unfreeze` begins.
    start : str, optional
        Of a net of ``keras.applications``: a file of weights without the last layers. None is "imagenet",
        which Keras downloads once.
    event, classes, weights
        As in `fit_net`.
    **options
        Options of training, as in `fit_net`; those not given are the net's.

    Returns
    -------
    NetClassifier or NetRegressor
        Fitted; frozen weights and averages are those of `net` to the bit. Without `x` a `Net`.

    Raises
    ------
    InputError
        If the net has no features to keep, rows differ from those it has learnt from, or there are no such
        layers or weights.

    Notes
    -----
    With `unfreeze` each stage starts from the best epoch of the one before, on the same rows; histories are
    joined. What frozen layers make of the rows is computed once, before the first epoch, unless
    `augmentation` or dropout changes it in each step or it would take more than 1 GiB.

    Examples
    --------
    >>> import bineural as bn
    >>> from sklearn.datasets import load_digits
    >>> images, digit = load_digits(return_X_y=True)[0].reshape(-1, 8, 8, 1), load_digits().target
    >>> options = {"epochs": 1, "seed": 1, "width": 0.2, "architecture": "cnn"}
    >>> large = bn.fit_net(images[digit > 4], digit[digit > 4], classes=list(range(5, 10)), **options)
    >>> small = bn.fine_tune(large, images[digit < 5], digit[digit < 5], classes=list(range(5)), seed=1)
    >>> small.predict_proba(images[:2]).shape
    (2, 5)
    """
    for name in _SETTLED:
        if name in options:
            raise InputError(
                f"`{name}` can't be given to fine_tune().",
                f"Found {options[name]!r}.",
                "Fit a net of its own with fit_net().",
            )
    source, rate, kept, x = _read_source(net, start, x)
    freeze = _read_freeze(freeze)
    stages = _stages(freeze, unfreeze)
    options = {**kept, **options, "scaling": False}
    rates = [learning_rate or rate * (_SLOWER if begin else 1) for begin, _ in stages]
    from bineural.nets.pretrained import Tuned

    value = make_net(
        x if isinstance(x, str) else None,
        event=event,
        classes=classes,
        **{**options, "architecture": Tuned(source, freeze), "learning_rate": rates[0]},
    )
    if x is None:
        _refuse_schedule(unfreeze)
        return value
    return _fit_stages(value, x, y, weights, stages, rates)


def _read_source(net, start, x):
    """Return where features come from, the rate of a new last layer, options to tune with, and the rows."""
    from bineural._tensorflow import keras
    from bineural.nets.estimators import NetEstimator
    from bineural.nets.fitted import keras_model_of
    from bineural.nets.pretrained import FittedSource

    if isinstance(net, str):
        from bineural.nets.applications import ApplicationSource

        return ApplicationSource(net, start or "imagenet", _unit_of(x)), _RATE, {}, x
    if start is not None:
        raise InputError(
            "`start` can be given with the name of a net of keras.applications only.",
            f"Found {start!r}.",
            "Leave it out: the net has its weights.",
        )
    if isinstance(net, keras.Model):
        return FittedSource(net), _RATE, {}, x
    if not isinstance(net, NetEstimator) or "fitted_" not in vars(net):
        raise InputError(
            "`net` must be a fitted net, a Keras model, or the name of a net of keras.applications.",
            f"Found {type(net).__name__}.",
            "Fit one with fit_net() first.",
        )
    fitted = net.fitted_
    if fitted.input.kind not in ("image", "array"):
        raise InputError(
            "Features can be kept of a net of images, or of other arrays of one shape.",
            f"This one has learnt from rows of the kind {fitted.input.kind!r}.",
            "Fit a net of the new rows with fit_net().",
        )
    if x is not None and not isinstance(x, str):
        x = fitted.input.read_again(x)  # of their shape, and in their unit
    options = net.get_params(deep=False)
    kept = {name: options[name] for name in _KEPT if name in options}
    centers, scales = (fitted.input.centers, fitted.input.scales) if fitted.scaling else (None, None)
    rate = options["learning_rate"] or fitted.architecture.learning_rate or _RATE
    return FittedSource(keras_model_of(fitted), centers, scales, fitted.input.kind), rate, kept, x


def _unit_of(x):
    """Return the factor that brings images to 0 to 255."""
    import numpy as np

    from bineural.inputs.images import read_unit

    if x is None or isinstance(x, str):
        return 1.0
    return 255.0 if read_unit(np.asarray(x)) == "share" else 1.0


def _stages(freeze, unfreeze):
    """Return (epoch after which it begins, what is frozen) of each stage."""
    later = {} if unfreeze is None else unfreeze if isinstance(unfreeze, dict) else {unfreeze: 0}
    return [(0, freeze), *later.items()]


def _refuse_schedule(unfreeze):
    if unfreeze is not None:
        raise InputError(
            "`unfreeze` can't be given without rows: in a comparison each net is trained in one go.",
            f"Found {unfreeze!r}.",
            "Leave it out, or freeze fewer layers.",
        )


def _fit_stages(value, x, y, weights, stages, rates):
    from bineural.nets.fitted import keras_model_of
    from bineural.nets.fitting_one import fit_or_part
    from bineural.nets.pretrained import Continued
    from bineural.training import check_seed

    problem = problem_of(value, x, y, weights)
    epochs, seed = value.options.get("epochs", 300), check_seed(value.options.get("seed"))
    ensemble = value.options.get("ensemble")
    if len(stages) > 1 and ensemble not in (None, 1):
        raise InputError(
            "`unfreeze` can be had by one net, not by an ensemble.", f"Found ensemble={ensemble}.", "Use 1."
        )
    if stages[-1][0] >= epochs:
        raise InputError(
            f"`unfreeze` must name epochs before the last, {epochs}.",
            f"Found {stages[-1][0]}.",
            "Give more epochs.",
        )
    tuned, done = None, []
    ends = [begin for begin, _ in stages[1:]] + [epochs]
    for (begin, freeze), end, rate in zip(stages, ends, rates):
        own = {"epochs": end - begin, "seed": seed, "learning_rate": rate}
        if tuned is not None:
            kinds = value.options["architecture"].input_kinds
            own["architecture"] = Continued(keras_model_of(tuned.fitted_), freeze, kinds)
        estimator = value.with_options(**own).estimator_for(problem)
        tuned = fit_or_part(problem, estimator)
        done.append(tuned.fitted_.members[0])
        if tuned.interrupted_:
            break
    if len(done) > 1:
        tuned.fitted_.members = [_joined(done)]
    return tuned


def _joined(stages):
    """Return what the last stage has become, with the history of all."""
    last, before = stages[-1], sum(stage.epochs_run for stage in stages[:-1])
    names = [name for name in last.history if all(name in stage.history for stage in stages)]
    history = {name: [v for stage in stages for v in stage.history[name]] for name in names}
    run = before + last.epochs_run
    return replace(last, history=history, epochs_run=run, best_epoch=before + last.best_epoch)
