"""What a saved net must be: weights of the shapes of its layers, and a history that ends where it says.

What a net may be told is checked by what `fit` checks. Functions, callbacks and files to write have no place.
"""

import math
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
from bineural.inputs.saved import (
    CLASSES,
    FITTED,
    check_fitted,
    check_options,
    class_weight_words,
    device_name,
)
from bineural.nets.option_checks import check_net_options, class_weights, unit_counts
from bineural.zoo import list_architectures

_weights = list_of(array("fiub", ndim=None))
_history = dict_of(text, list_of(number()))
_flag = either(truth, whole(0, 1))
_size = number(nan=False)
_layer_sizes = either(_size, tuple_of(_size), list_of(_size), array("iu", ndim=1))

NET = {
    **FITTED,
    "preparation_": optional(instance("Preparation")),
    "has_offset_": may_lack(truth),  # arrays of more than two dimensions have none
    "architecture": either(one_of(*list_architectures()), keras_object("model")),
    "units": _layer_sizes,
    "activation": text,
    "dropout": _size,
    "l1": _size,
    "l2": optional(_size),
    "batch_normalization": _flag,
    "categories": one_of("onehot", "embed"),
    "scale": may_lack(one_of("auto", True, False)),
    "optimizer": optional(either(text, keras_object("optimizer"))),
    "learning_rate": optional(_size),
    "batch_size": _size,
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
    "input_shape_": tuple_of(whole(1, 2**31), least=1),
    "n_outputs_": whole(1, 2**31),
    "n_validation_rows_": whole(),
    "l2_": number(low=0, nan=False),
    "output_": text,
    "ensemble_": may_lack(whole(1)),
    "interrupted_": may_lack(truth),
    "scaled_": may_lack(truth),
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
}
NET_CLASSES = {**CLASSES, "class_weight": class_weight_words}
NET_NUMBERS = {"outcome_center_": number(nan=False), "outcome_scale_": number(nan=False)}


def check_net(model):
    """Check a net that comes from a file; its layers are built and must take the weights that came along.

    Raises
    ------
    Mismatch
    """
    check_options(check_net_options, model)
    check_fitted(model)
    _check_columns(model)
    _check_channels(model)
    _check_history(model, model.history_)
    members = getattr(model, "members_", None)
    histories = getattr(model, "histories_", None)
    require((members is None) == (histories is None), "members have no histories")
    require(members is None or len(members) == len(histories), "members and histories differ in number")
    for history in histories or []:
        _check_curves(history)
    if hasattr(model, "classes_"):
        check_options(
            lambda m: class_weights(m.class_weight, m.classes_, m.n_class_rows_.astype(float)), model
        )
        outputs = {1, 2} if len(model.classes_) == 2 else {len(model.classes_)}
        require(model.n_outputs_ in outputs, "the outputs are not as many as the classes")
    _check_layers(model)


def _check_columns(model):
    preparation, shape = model.preparation_, model.input_shape_
    if preparation is None:
        require(not isinstance(model.architecture, str) and len(shape) > 1, "a table has no preparation")
        require(model.formula is None, "a formula has no preparation")
        require(model.n_features_in_ == math.prod(shape), "rows have another shape than in training")
        return
    wanted = {"onehot": "onehot", "embed": "codes"}[model.categories]
    require(preparation.categories == wanted, "categories are prepared otherwise than the net takes them")
    require(shape == (max(1, len(preparation.names_)),), "rows have other columns than in training")


def _check_channels(model):
    centers, scales = (getattr(model, f"channel_{name}_", None) for name in ("centers", "scales"))
    if centers is None and scales is None:
        return
    require(centers is not None and scales is not None, "channels have means or SDs alone")
    require(model.preparation_ is None, "the channels of a table have means")
    require(len(centers) == len(scales) == model.input_shape_[-1], "there are more or fewer channels")
    require(bool((scales > 0).all()), "a channel has no spread")


def _check_history(model, history):
    _check_curves(history)
    require(
        len(history["loss"]) == model.n_epochs_ == model.n_iter_, "the epochs are not those of the history"
    )
    require(model.best_epoch_ <= model.n_epochs_, "the best epoch is not among the epochs")
    watched = "validation_loss" in history
    require(bool(model.n_validation_rows_) <= watched, "there are validation rows and no loss of theirs")
    require(model.n_validation_rows_ <= model.n_rows_, "there are more validation rows than rows")


def _check_curves(history):
    require(history.get("loss"), "there is no history")
    require(
        len({len(curve) for curve in history.values()}) == 1, "the curves of the history differ in length"
    )
    require(all(re.fullmatch(r"\w{1,60}", name) for name in history), "a curve has no name")


def _check_layers(model):
    """Build the net (counting what it takes) and compare its layers with the weights of each member."""
    from bineural.bundles.keras_parts import metered
    from bineural.nets.older import fold_biases
    from bineural.nets.plan import check_fit_of_shapes, read_output
    from bineural.training.saved_state import weights_fit

    members = model._members()
    n_weights = sum(w.size for w in members[0])
    if isinstance(model.architecture, str):
        require(len(members[0]) >= 1 + len(unit_counts(model.units)), "there are fewer weights than layers")
        largest = max([*unit_counts(model.units), model.n_outputs_, *model.input_shape_])
        require(largest <= n_weights, "a layer is wider than there are weights")
        require(sum(model._level_counts()) <= n_weights, "there are more levels than weights")
        require(model.output_ == "linear", "the output of a net of the zoo is not linear")
        with metered(n_weights):
            model._plan()
        if model.batch_normalization:
            fold_biases(model)
    plan = model._plan()
    same = all(weights_fit(weights, plan.model) for weights in (model.weights_, *model._members()))
    require(same, "the weights have other shapes or types than the layers")
    if not isinstance(model.architecture, str):
        check_options(lambda m: check_fit_of_shapes(plan.model, m.input_shape_, (m.n_outputs_,)), model)
        check_options(lambda m: require(m.output_ == read_output(plan.model), "the output is another"), model)
        check_options(lambda m: m._check_output(), model)
        _try_one_row(plan.model, model.input_shape_)


def _try_one_row(layers, shape):
    """Run the layers once: some take a configuration that fails only when they compute (a stride of 0)."""
    answer = np.asarray(layers(np.zeros((1, *shape), dtype=np.float32), training=False))
    require(answer.shape[0] == 1, "the layers give no row for a row")
