"""What a saved model of either kind must be: the attributes that both have, and how they hang together."""

import re

import numpy as np

from bineural.bundles.schema import (
    array,
    dict_of,
    either,
    instance,
    label,
    may_lack,
    number,
    one_of,
    optional,
    require,
    text,
    truth,
    whole,
)
from bineural.errors import InputError
from bineural.inputs.learnt_outcome import Outcome, class_labels, labels


def names_array(value):
    """An array of column names, as scikit-learn keeps them."""
    return (
        isinstance(value, np.ndarray)
        and value.ndim == 1
        and value.dtype.kind in "OU"
        and all(isinstance(name, str) for name in value.tolist())
    )


def device_name(value):
    """The name of a device."""
    return isinstance(value, str) and bool(
        re.fullmatch(r"(?:cpu|gpu|tpu)(?::\d{1,4})?", value, re.IGNORECASE)
    )


FITTED = {
    "formula": optional(text),
    "missing": one_of("error", "drop", "impute"),
    "unseen": one_of("warn", "error"),
    "_levels": may_lack(optional(labels)),
    "preparation_": instance("Preparation"),
    "feature_names_in_": may_lack(names_array),
    "n_features_in_": whole(),
    "has_offset_": truth,
    "n_rows_": whole(),
    "outcome_": may_lack(optional(text)),
    "formula_": may_lack(optional(text)),
}
CLASSES = {
    "event": optional(label),
    "classes_": class_labels,
    "levels_": labels,
    "event_": optional(label),
    "n_class_rows_": array("iu"),
}
class_weight_words = either(one_of(None, "balanced"), dict_of(label, number(low=0, nan=False)))


def check_fitted(model):
    """Check what holds between the attributes of any fitted model."""
    names = getattr(model, "feature_names_in_", None)
    require(names is None or len(names) == model.n_features_in_, "the columns are not as many as it says")
    preparation = model.preparation_
    if preparation is not None:
        require(preparation.formula == model.formula, "model and preparation have other formulas")
        require(preparation.missing == model.missing, "model and preparation treat missing values otherwise")
        require(preparation.unseen == model.unseen, "model and preparation treat new levels otherwise")
        require(len(preparation.columns_) == model.n_features_in_, "the columns are not those of training")
        same = names is None or names.tolist() == preparation.columns_
        require(same, "the columns have other names than in training")
    if hasattr(model, "classes_"):
        _check_classes(model)
    _check_formula_text(model)


def _check_formula_text(model):
    """Refuse a formula whose text holds what no formula can: R makes a formula of its own of the text."""
    from bineural.formula.guard import parse_guarded, parse_left, split_formula
    from bineural.formula.pictures import picture_column

    left, right = split_formula(getattr(model, "formula_", None) or "~ 1")
    for side in (getattr(model, "outcome_", None), left):
        if side is not None:
            parse_left(side)
    if picture_column(right) is None:
        parse_guarded(right)


def _check_classes(model):
    Outcome(model.classes_, model.levels_, model.event_, model.n_class_rows_).check_state()
    require((model.event_ is None) == (model.event is None), "the event is not the one that was named")


def check_options(check, model):
    """Run a check of options that `fit` runs too; what it refuses is refused here."""
    try:
        check(model)
    except InputError as error:
        require(False, error.found.rstrip(".") or error.must)
