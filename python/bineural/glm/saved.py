"""Checks of a saved GLM: coefficients, tests and names that fit each other and the preparation."""

import numpy as np

from bineural.bundles.schema import (
    dict_of,
    instance,
    list_of,
    may_lack,
    number,
    one_of,
    optional,
    require,
    text,
    truth,
)
from bineural.formula.saved import own_contrast
from bineural.glm.texts import is_of_texts
from bineural.inputs import Input
from bineural.inputs.saved import CLASSES, FITTED, check_fitted, check_options


def _other_rows(value):
    """An input of rows that are no table, whose columns a table's preparation then takes."""
    return isinstance(value, Input) and value.kind not in ("table", "flat")


GLM = {
    **FITTED,
    "preparation_": optional(instance("Preparation")),  # none of texts
    "features": may_lack(one_of("auto")),
    "input_": may_lack(optional(_other_rows)),
    "link": optional(text),
    "contrasts": optional(dict_of(text, own_contrast)),
    "penalty": one_of(None, "ridge", "lasso", "auto"),
    "strength": optional(number(low=0, nan=False)),
    "converge": one_of("r", "full"),
    "intercept_column_": truth,
    "names_": list_of(text, least=1),
    "fit_": instance("IRLSFit", "MultinomialFit", "PenalisedFit"),
    "separation_": may_lack(optional(instance("Separation"))),
    "trouble_": may_lack(optional(text)),
}
GLM_CLASSES = {**CLASSES, "method": one_of("ml", "firth")}
GLM_NUMBERS = {"family": text}  # which ones there are the model's own check says


def check_glm(model):
    """Check a GLM that comes from a file.

    Raises
    ------
    Mismatch
    """
    check_options(lambda m: m._check_options(), model)
    check_fitted(model)
    fit = model.fit_
    if model.input_ is not None:
        model.input_.check_state()
    column_names, intercept = _columns_of(model)
    require(model.intercept_column_ == intercept, "the intercept is not that of the formula")
    names = ["(Intercept)"] * bool(model.intercept_column_) + column_names
    require(model.names_ == names, "the coefficients have other names than the columns")
    several = hasattr(model, "classes_") and len(model.classes_) > 2
    either = model.penalty == "auto" or model._is_of_pixels
    penalised = type(fit).__name__ == "PenalisedFit" if either else model.penalty is not None
    kind = "PenalisedFit" if penalised else "MultinomialFit" if several else "IRLSFit"
    require(type(fit).__name__ == kind, f"the fit is a {type(fit).__name__} and not a {kind}")
    shape = (len(model.classes_) - 1, len(names)) if several else (len(names),)
    check_shapes(fit, shape)
    require(bool(fit.intercept) == bool(model.intercept_column_), "the intercept is not that of the fit")
    if kind == "MultinomialFit":
        return
    family = "multinomial" if several else model.family_
    require(fit.family == family, "the family is not that of the fit")
    check_link(model, fit)
    if kind == "PenalisedFit":
        asked = model.penalty if model.penalty in ("ridge", "lasso") else "ridge"
        require(fit.penalty == asked, "the penalty is not that of the fit")
        require(len(fit.centers) == len(fit.scales) == len(column_names), "the scales are too few")


def _columns_of(model):
    """Return the names of the columns of a GLM, and whether it has an intercept."""
    preparation = model.preparation_
    if is_of_texts(model):
        require(preparation is None, "a GLM of texts has the preparation of a table")
        require(model.n_features_in_ == model.input_.n_features_in, "the columns are not those of training")
        require((model.formula is None) == (model.input_.column is None), "the texts are not where they were")
        return model.input_.names, model.input_.intercept
    require(preparation is not None, "a GLM of a table has no preparation")
    require(preparation.categories == "contrast" and not preparation.scaling, "a GLM has a net's preparation")
    return preparation.names_, preparation.intercept_


def check_link(model, fit):
    """The link must be one that the family has, and the one that was asked for."""
    from bineural.irls.families import get_family

    if fit.family == "multinomial":
        return require(fit.link == "logit", "the link of several classes is not the logit")
    asked = None if model.penalty in ("ridge", "lasso") else model.link
    check_options(lambda _: get_family(fit.family, asked), model)
    require(fit.link == get_family(fit.family, asked).link.name, "the link is not that of the fit")


def check_shapes(fit, shape):
    """Coefficients and all that goes with them must have one shape."""
    n = int(np.prod(shape))
    require(fit.coef.shape == shape, f"the coefficients have shape {fit.coef.shape} and not {shape}")
    for name in ("std_error", "statistic", "p_value"):
        values = getattr(fit, name, None)
        require(values is None or values.shape == shape, f"`{name}` has shape {np.shape(values)}")
    vcov = getattr(fit, "vcov", None)
    require(vcov is None or vcov.shape == (n, n), f"`vcov` has shape {np.shape(vcov)}")
    aliased = getattr(fit, "aliased", None)
    require(aliased is None or aliased.shape == shape[-1:], f"`aliased` has shape {np.shape(aliased)}")
