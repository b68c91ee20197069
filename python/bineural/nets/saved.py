"""A net as files hold it: a flat dict of options and of what was learnt, and what each part must be.

The flat names are the format, and stay: nets of version 0.1.0 and of today read alike. What a net may be told
is checked by what `fit` checks. Functions, callbacks and files to write have no place.
"""

import re

import numpy as np

from bineural.bundles.schema import (
    array,
    dict_of,
    either,
    instance,
    keras_object,
    list_of,
    may_lack,
    number,
    one_of,
    optional,
    require,
    text,
    truth,
    tuple_of,
    whole,
)
from bineural.errors import InputError
from bineural.inputs import Input
from bineural.inputs.learnt_outcome import box_labels
from bineural.inputs.saved import (
    CLASSES,
    FITTED,
    check_fitted,
    check_options,
    class_weight_words,
    device_name,
)
from bineural.nets.options import OPTIONS, unit_counts

_weights = list_of(array("fiub", ndim=None))
_history = dict_of(text, list_of(number()))
_flag = either(truth, whole(0, 1))
_size = number(nan=False)
_layer_sizes = either(_size, tuple_of(_size), list_of(_size), array("iu", ndim=1))
_plain = either(truth, _size, text, lambda value: value is None)
_value = either(_plain, list_of(_plain), tuple_of(_plain))


def _architecture(value):
    """A name, which must be registered when the net is made, or a Keras model."""
    return isinstance(value, str) or keras_object("model")(value)


def _own_input(value):
    """An input of a registered kind other than those that have attributes of their own."""
    return isinstance(value, Input)


NET = {
    **FITTED,
    "preparation_": optional(instance("Preparation")),
    "has_offset_": may_lack(truth),  # arrays of more than two dimensions have none
    "architecture": _architecture,
    "objective": may_lack(optional(text)),
    "units": optional(_layer_sizes),
    "activation": text,
    "dropout": _size,
    "l1": _size,
    "l2": optional(_size),
    "batch_normalization": _flag,
    "categories": one_of("onehot", "embed"),
    "augmentation": may_lack(optional(dict_of(text, _plain))),
    "pretrain": may_lack(
        optional(either(text, dict_of(text, _plain), list_of(list_of(array("f", ndim=None)), least=1)))
    ),
    "optimizer": optional(either(text, keras_object("optimizer"))),
    "learning_rate": optional(_size),
    "batch_size": optional(_size),
    "epochs": _size,
    "validation": optional(_size),
    "monitor": either(text, keras_object("loss")),
    "patience": optional(_size),
    "min_delta": _size,
    "ensemble": optional(_size),
    "keep_weights": _flag,
    "callbacks": lambda value: value is None,
    "checkpoint": lambda value: value is None,
    "device": may_lack(optional(device_name)),
    "precision": may_lack(one_of("float32", "mixed")),
    "seed": optional(number(nan=False)),
    "verbose": may_lack(optional(_flag)),
    "seed_": whole(),
    "input_shape_": tuple_of(optional(whole(1, 2**31)), least=1),
    "n_outputs_": whole(1, 2**31),
    "n_validation_rows_": whole(),
    "l2_": number(low=0, nan=False),
    "output_": text,
    "ensemble_": may_lack(whole(1)),
    "penalties_": may_lack(optional(array("f", ndim=2))),
    "units_": may_lack(optional(_layer_sizes)),
    "numbers_": may_lack(optional(one_of("plain", "piecewise", "periodic"))),
    "batch_size_": may_lack(whole(1)),
    "interrupted_": may_lack(truth),
    "scaling_": may_lack(one_of("standard", "robust", "quantile", False)),
    "why_unscaled_": may_lack(text),
    "channel_centers_": may_lack(optional(array("f", finite=True))),
    "channel_scales_": may_lack(optional(array("f", finite=True))),
    "loss_": may_lack(text),
    "weights_": _weights,
    "history_": _history,
    "n_epochs_": whole(1),
    "n_iter_": whole(1),
    "best_epoch_": whole(),
    "how_": text,
    "why_alone_": may_lack(text),
    "members_": may_lack(optional(list_of(_weights, least=2))),
    "histories_": may_lack(optional(list_of(_history, least=2))),
    "objective_": may_lack(text),
    "objective_state_": may_lack(dict_of(text, _value)),
    "own_options_": may_lack(dict_of(text, _value)),
    "input_": may_lack(_own_input),
    "image_unit_": may_lack(one_of("byte", "share", None)),
    "image_resized_": may_lack(truth),
    "image_column_": may_lack(optional(text)),
}


def as_option(option):
    """Return the check of an option that has none above: plain data that the option's own check passes."""

    def check(value):
        try:
            option.check(value, option.name)
        except InputError:
            return False
        return _value(value)

    return may_lack(check)


NET |= {option.name: as_option(option) for option in OPTIONS if option.name not in NET}
NET.pop("class_weight", None)  # of classes only, below
NET_CLASSES = {**CLASSES, "class_weight": class_weight_words}
NET_NUMBERS = {"outcome_center_": number(nan=False), "outcome_scale_": number(nan=False)}
NET_BOXES = {**NET_NUMBERS, "box_labels_": box_labels}
NET_NUMBERS["outcome_columns_"] = may_lack(optional(list_of(text, least=2)))


# ---- to a flat dict and back ----


def state_of(net):
    """Return a fitted estimator as a flat dict."""
    from bineural.nets.fitted import keras_model_of

    fitted, first = net.fitted_, net.fitted_.members[0]
    kept = ("formula", "event", "n_features_in_", "feature_names_in_", "outcome_", "formula_")
    state = {name: vars(net)[name] for name in kept if name in vars(net)}
    state |= {option.name: getattr(net, option.name) for option in net.OPTIONS}
    if net.architecture is None:
        state["architecture"] = fitted.architecture.name
    elif getattr(net.architecture, "keeps_weights", False):
        state |= {"architecture": keras_model_of(fitted), "keep_weights": True}
    state |= {
        "has_offset_": False,
        "n_rows_": fitted.n_rows,
        "seed_": fitted.seed,
        "input_shape_": tuple(fitted.input_shape),
        "n_outputs_": fitted.n_outputs,
        "n_validation_rows_": fitted.n_validation_rows,
        "l2_": fitted.l2,
        "output_": fitted.ending,
        "ensemble_": fitted.ensemble,
        "penalties_": fitted.penalties,
        "units_": fitted.layout.get("units"),
        "numbers_": fitted.layout.get("numbers"),
        "batch_size_": fitted.batch_size,
        "interrupted_": fitted.interrupted,
        "scaling_": fitted.scaling,
        "why_unscaled_": fitted.why_unscaled,
        "loss_": fitted.loss,
        "weights_": first.weights,
        "history_": first.history,
        "n_epochs_": first.epochs_run,
        "n_iter_": first.epochs_run,
        "best_epoch_": first.best_epoch,
        "how_": first.how,
        "why_alone_": first.why,
        "members_": net.members_,
        "histories_": net.histories_,
        "objective_": fitted.objective.name,
        **_input_state(fitted.input),
    }
    own = {option.name: fitted.layout[option.name] for option in fitted.architecture.options}
    own |= {name: value for name, value in fitted.objective.settings.items() if name != "target"}
    state |= {"own_options_": own} if own else {}
    kept_apart = ("n_outputs", "center", "scale", *fitted.outcome.places)
    learnt = {k: v for k, v in fitted.state.items() if k not in kept_apart}
    state |= {"objective_state_": learnt} if learnt else {}
    if not fitted.outcome.is_classes:
        unit = {"outcome_center_": "center", "outcome_scale_": "scale"}
        labels = fitted.outcome.object_labels
        if labels is not None:
            state |= {"box_labels_": labels}
        elif fitted.outcome.columns:
            state |= {"outcome_columns_": fitted.outcome.columns}
        return state | {k: float(fitted.state.get(name, name == "scale")) for k, name in unit.items()}
    outcome = fitted.outcome
    return state | {
        "classes_": outcome.classes,
        "levels_": list(outcome.levels),
        "event_": outcome.event,
        "n_class_rows_": outcome.n_class_rows,
    }


def _input_state(learnt):
    """Return what an input has learnt, under the names that files have for it."""
    none = {"preparation_": None, "channel_centers_": None, "channel_scales_": None}
    if learnt.kind == "table":
        return none | {"preparation_": learnt.preparation}
    if learnt.kind not in ("array", "image"):
        return none | {"input_": learnt}
    channels = {"channel_centers_": learnt.centers, "channel_scales_": learnt.scales}
    if learnt.kind == "array":
        return none | channels
    names = {f"image_{name}_": getattr(learnt, name) for name in ("unit", "resized", "column")}
    return none | channels | names


def net_of(cls, state):
    """Make a fitted estimator of a flat dict, checked by the schema of its class.

    Raises
    ------
    Mismatch, InputError
        Naming the part that can't be, or what is not registered.
    """
    from bineural.zoo.architecture import as_architecture

    own = state.get("own_options_", {})
    older = {"numbers": "plain"}  # before there was such an option
    options = {option.name: (older | state).get(option.name, option.default) for option in cls.OPTIONS}
    given = {"event": state["event"]} if "event" in state else {}
    record = as_architecture(state["architecture"])
    apart = {name: value for name, value in own.items() if name not in options}
    net = cls(state["formula"], **given, **options, **apart)
    _check_parts(state)
    net.keep_fitted(_fitted_of(net, record, state), state.get("outcome_"), state.get("formula_"))
    if state.get("feature_names_in_") is not None:
        net.feature_names_in_ = state["feature_names_in_"]
    net.n_features_in_ = state["n_features_in_"]
    check_net(net)
    return net


def _fitted_of(net, record, state):
    """Make the `FittedNet` of a flat dict."""
    from bineural.inputs.learnt_outcome import Outcome
    from bineural.nets.fitted import FittedNet, layout_options
    from bineural.nets.objectives.objective import objective_of

    outcome = Outcome(columns=state.get("outcome_columns_"), object_labels=state.get("box_labels_"))
    if "classes_" in state:
        names = ("classes_", "levels_", "event_", "n_class_rows_")
        outcome = Outcome(**{name.rstrip("_"): state[name] for name in names})
    n_classes = outcome.n_parts
    own = state.get("own_options_", {})
    settings = {
        **net.get_params(deep=False),
        **own,
        "objective": state.get("objective_"),
        "target": net.target,
    }
    objective = net.objective_for(settings, n_classes, state["input_shape_"])
    objective = objective_of(objective, state["n_outputs_"], n_classes)
    learnt = _input_of(state, net)
    fitted = FittedNet(record, learnt, objective, outcome, state["n_rows_"], state["seed_"])
    fitted.precision, fitted.device, fitted.keep_weights = net.precision, net.device, bool(net.keep_weights)
    fitted.scaling = state.get("scaling_", "standard" if state["preparation_"] is not None else False)
    fitted.why_unscaled, fitted.l2 = state.get("why_unscaled_", ""), state["l2_"]
    fitted.input_shape, fitted.n_outputs = state["input_shape_"], state["n_outputs_"]
    fitted.ending, fitted.loss = state["output_"], state.get("loss_", "")
    fitted.n_validation_rows = state["n_validation_rows_"]
    fitted.interrupted = bool(state.get("interrupted_", False))
    options = {option.name: getattr(net, option.name, option.default) for option in OPTIONS}
    options |= record.own_options({name: v for name, v in own.items() if name not in objective.settings})
    options |= {"units": _units_of(state), "numbers": state.get("numbers_") or net.numbers}
    fitted.penalties = state.get("penalties_")
    fitted.batch_size = state.get("batch_size_") or int(net.batch_size)
    fitted.layout = layout_options(options, record, fitted.l2, learnt.builder_options)
    fitted.state = dict(state.get("objective_state_", {}))
    fitted.state["n_outputs"] = fitted.n_outputs
    fitted.state |= outcome.places
    if not outcome.is_classes:
        fitted.state |= {"center": state["outcome_center_"], "scale": state["outcome_scale_"]}
    fitted.members = _members_of(state)
    fitted.ensemble = state.get("ensemble_", len(fitted.members))
    return fitted


def _units_of(state):
    """Return the hidden layers; files of older versions have only the option, which was never None."""
    units = state.get("units") if state.get("units_") is None else state["units_"]
    return () if units is None else unit_counts(units)


def _members_of(state):
    from bineural.training.run import Trained

    run = state["n_epochs_"], state["best_epoch_"], False, state["how_"], state.get("why_alone_", "")
    members = state.get("members_")
    if members is None:
        return [Trained(state["weights_"], state["history_"], *run)]
    histories = state["histories_"]
    pairs = zip(members[0], state["weights_"])
    same = all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)
    require(same and len(members[0]) == len(state["weights_"]), "the first member has other weights")
    return [
        Trained(weights, history, len(history["loss"]), state["best_epoch_"], *run[2:])
        for weights, history in zip(members, histories)
    ]


def _input_of(state, net):
    """Make the input of a flat dict."""
    from bineural.inputs.kinds import find_input

    preparation, centers = state["preparation_"], state.get("channel_centers_")
    if state.get("input_") is not None:
        require(preparation is None and centers is None, "there are two inputs")
        return state["input_"]
    if preparation is not None:
        require(centers is None, "the channels of a table have means")
        return find_input("table").of(preparation, named=state.get("feature_names_in_") is not None)
    shape = state["input_shape_"]
    require(net.formula is None, "a formula has no preparation")
    require(len(shape) > 1, "a table has no preparation")
    channels = centers, state.get("channel_scales_")
    if len(shape) == 3:
        of_images = [state.get(f"image_{name}_") for name in ("unit", "resized", "column")]
        of_images[1] = bool(of_images[1])
        return find_input("image")(shape, *channels, *of_images)
    return find_input("array")(shape, *channels)


# ---- what holds between the parts ----


def _check_parts(state):
    """Check what the making of a net relies on."""
    members, histories = state.get("members_"), state.get("histories_")
    require((members is None) == (histories is None), "members have no histories")
    require(members is None or len(members) == len(histories), "members and histories differ in number")
    for history in [state["history_"], *(histories or [])]:
        _check_curves(history)


def check_net(net):
    """Check a net that comes from a file; its layers are built and must take the weights that came along.

    Raises
    ------
    Mismatch
    """
    check_options(lambda model: model.read_options(), net)
    check_fitted(net)
    fitted = net.fitted_
    if hasattr(fitted.input, "check_state"):
        fitted.input.check_state()
    _check_rows(net, fitted)
    _check_history(fitted)
    if fitted.outcome.is_classes:
        from bineural.nets.class_weights import class_weights

        counts = fitted.outcome.n_class_rows.astype(float)
        check_options(lambda m: class_weights(m.class_weight, m.classes_, counts), net)
    allowed = fitted.objective.allow_outputs(fitted.n_classes)
    require(fitted.n_outputs in allowed, "the outputs are not as many as the classes")
    _check_objective(fitted)
    _check_layers(net, fitted)


def _check_objective(fitted):
    """Refuse a state from which the objective can't make a prediction."""
    from bineural.nets.shifting import base_of

    if fitted.ending != "linear":
        return
    try:
        with np.errstate(all="ignore"):
            base = base_of(fitted, None, 1)
            output = np.zeros((1, fitted.n_outputs)) if base is None else base
            answer = fitted.objective.predict(output, fitted.ending, fitted.state)
    except (KeyError, TypeError, ValueError, IndexError):
        answer = None
    known = answer is not None and np.isfinite(answer).all()
    require(known, "the objective has not learnt what it predicts with")


def _check_rows(net, fitted):
    shape, learnt = tuple(fitted.input_shape), fitted.input
    record = fitted.architecture
    kinds = record.inputs
    is_taken = not kinds or learnt.kind in kinds or (learnt.kind == "flat" and "table" in kinds)
    require(is_taken, f"{record.name!r} takes no input of the kind {learnt.kind!r}")
    require(shape == tuple(learnt.shape), "rows have another shape than in training")
    require(net.n_features_in_ == learnt.n_features_in, "rows have other columns than in training")
    if learnt.kind == "table":
        wanted = {"onehot": "onehot", "embed": "codes"}[net.categories]
        same = learnt.preparation.categories == wanted
        require(same, "categories are prepared otherwise than the net takes them")


def _check_history(fitted):
    first = fitted.members[0]
    require(len(first.history["loss"]) == first.epochs_run, "the epochs are not those of the history")
    require(first.best_epoch <= first.epochs_run, "the best epoch is not among the epochs")
    watched = "validation_loss" in first.history
    require(bool(fitted.n_validation_rows) <= watched, "there are validation rows and no loss of theirs")
    require(fitted.n_validation_rows <= fitted.n_rows, "there are more validation rows than rows")


def _check_curves(history):
    require(history.get("loss"), "there is no history")
    lengths = {len(curve) for curve in history.values()}
    require(len(lengths) == 1, "the curves of the history differ in length")
    require(all(re.fullmatch(r"\w{1,60}", name) for name in history), "a curve has no name")


def _check_layers(net, fitted):
    """Build the net (counting what it takes) and compare its layers with the weights of each member."""
    from bineural.bundles.keras_parts import metered
    from bineural.nets.fitted import plan_of
    from bineural.nets.fitting import check_ending
    from bineural.nets.layouts import check_fit_of_shapes, read_output
    from bineural.nets.older import fold_biases
    from bineural.training.saved_state import weights_fit

    record, members = fitted.architecture, fitted.members
    n_weights = sum(weights.size for weights in members[0].weights)
    if record.given is None:
        widths = fitted.layout.get("units", ())
        require(len(members[0].weights) >= 1 + len(widths), "there are fewer weights than layers")
        columns = fitted.input_shape if fitted.input.kind in ("table", "flat") else ()
        largest = max([*widths, fitted.n_outputs, *columns])
        require(largest <= n_weights, "a layer is wider than there are weights")
        levels = sum(fitted.input.builder_options.get("level_counts", ()))
        require(levels <= n_weights, "there are more levels than weights")
        words = fitted.input.builder_options.get("vocabulary", 0)
        require(words <= n_weights, "there are more words than weights")
        require(fitted.ending == "linear", "the output of a net of the zoo is not linear")
        with metered(n_weights):
            plan_of(fitted)
        if net.batch_normalization and "batch_normalization" in record.reads:
            fold_biases(fitted)
    plan = plan_of(fitted)
    same = all(weights_fit(member.weights, plan.model) for member in members)
    require(same, "the weights have other shapes or types than the layers")
    if record.given is not None:
        shape = fitted.input_shape, (fitted.n_outputs,)
        check_options(lambda _: check_fit_of_shapes(plan.model, *shape), net)
        check_options(
            lambda _: require(fitted.ending == read_output(plan.model), "the output is another"), net
        )
        check_options(lambda _: check_ending(fitted), net)
        _try_one_row(plan.model, fitted.input_shape)


def _try_one_row(layers, shape):
    """Run the layers once: some take a configuration that fails only when they compute (a stride of 0)."""
    row = [1 if size is None else size for size in shape]
    answer = np.asarray(layers(np.zeros((1, *row), dtype=np.float32), training=False))
    require(answer.shape[0] == 1, "the layers give no row for a row")
