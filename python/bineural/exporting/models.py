"""Fitted models of tables as programs: raw columns in, probabilities or means out."""

import numpy as np

from bineural.errors import InputError
from bineural.exporting.approximation import normal_probability
from bineural.exporting.layers import Cells, write_model
from bineural.exporting.preparing import refuse_kind, write_preparation
from bineural.exporting.program import Program
from bineural.irls.links import EPSILON

MOST_NUMBERS = 400_000  # of a scorer in text: some 10 MB


def write_program(model):
    """Write down a fitted GLM or net of a table.

    Parameters
    ----------
    model : fitted bineural model

    Returns
    -------
    Program

    Raises
    ------
    InputError
        If it reads no table, or has a part that can't be written down.
    """
    program = Program()
    values = _net(program, model) if hasattr(model, "fitted_") else _glm(program, model)
    program.outputs = dict(zip(output_names(model), values, strict=True))
    if program.size > MOST_NUMBERS:
        raise InputError(
            f"A scorer must be of a model of at most {MOST_NUMBERS:,} numbers.",
            f"This one has {program.size:,}.",
            "Fit fewer units or a smaller ensemble, or use format='onnx'.",
        )
    return program


def output_names(model):
    """Return the names of what is predicted: `.pred_<class>` in the order of the levels, or `.pred`."""
    if hasattr(model, "classes_"):
        return [f".pred_{label}" for label in _levels(model)]
    columns = getattr(model, "columns_", ())
    return [f".pred_{name}" for name in columns] if len(columns) else [".pred"]


def _levels(model):
    return list(getattr(model, "levels_", None) or model.classes_.tolist())


def in_order(model, values):
    """Put what is predicted of `classes_` into the order of the levels; numbers stay."""
    if not hasattr(model, "classes_"):
        return list(values)
    classes = model.classes_.tolist()
    return [values[classes.index(level)] for level in _levels(model)]


def refuse_outside_offset(model):
    """Refuse a model whose offset was given beside its rows, which no file would find."""
    if hasattr(model, "fitted_"):
        terms = getattr(getattr(model.fitted_.input, "preparation", None), "_design", None)
        given = model.fitted_.has_offset and not (terms and terms.terms.offsets)
    else:
        given = model.has_offset_
    if given:
        raise InputError(
            "A model that travels must find its offset in its columns.",
            "This one was fitted with an offset array.",
            "Put it into the formula, as offset(column).",
        )


# ---- GLM ----


def _glm(program, model):
    refuse_outside_offset(model)
    if model.preparation_ is None or model.input_ is not None or callable(model.features):
        raise refuse_kind(getattr(model.input_, "kind", "columns of a function"))
    columns, _, offset = write_preparation(program, model.preparation_)
    coef = np.nan_to_num(np.atleast_2d(np.asarray(model.fit_.coef, np.float64)))
    has_intercept = int(bool(model.intercept_column_))
    links = []
    for row in coef:
        constant = row[0] if has_intercept else 0.0
        link = program.affine(constant, row[has_intercept:], columns)
        links.append(link if offset is None else program.plus(link, offset))
    if not hasattr(model, "classes_"):
        return [mean_of_link(program, model.fit_.link, links[0])]
    if len(model.classes_) > 2:
        return program.softmax([program.constant(0.0), *links])  # in the order of the levels
    event = mean_of_link(program, model.fit_.link, links[0])
    other = program.affine(1.0, (-1.0,), (event,))
    both = [event, other] if model.event_position_ == 0 else [other, event]
    return in_order(model, both)


def mean_of_link(p, link, eta):
    """Return the mean of a linear predictor; see `irls/links.py`."""
    if link == "identity":
        return eta
    if link == "logit":
        return p.sigmoid(eta)
    if link == "probit":
        return normal_probability(p, eta)
    if link == "cauchit":
        return p.affine(0.5, (1 / np.pi,), (p.add("atan", eta),))
    if link == "cloglog":
        inner = p.add("exp", p.affine(0.0, (-1.0,), (p.exp(eta),)))
        return p.clip(p.affine(1.0, (-1.0,), (inner,)), EPSILON, 1 - EPSILON)
    if link == "log":
        return p.most(p.exp(eta), p.constant(EPSILON))
    if link == "inverse":
        return p.over(p.constant(1.0), eta)
    if link == "sqrt":
        return p.times(eta, eta)
    raise InputError("A scorer must be of a known link.", f"Found {link!r}.", "Use format='saved_model'.")


# ---- nets ----


def _net(program, model):
    fitted = model.fitted_
    refuse_outside_offset(model)
    if fitted.input.kind != "table":
        raise refuse_kind(fitted.input.kind)
    columns, codes, offset = write_preparation(program, fitted.input.preparation)
    inputs = [Cells(np.array(columns or [program.constant(0.0)], dtype=np.int64))]
    if codes:
        inputs.append(Cells(np.array(codes, dtype=np.int64)))
    base = base_steps(program, fitted, offset)
    meanings = []
    for net in members_of(fitted):
        outputs = write_model(program, net, inputs).steps
        heads = outputs if outputs.ndim == 2 else outputs[None]
        for head in heads:
            shifted = [program.plus(s, b) for s, b in zip(head.tolist(), base)] if base else head.tolist()
            meanings.append(meaning_of(program, fitted, shifted))
    share = (1 / len(meanings),) * len(meanings)
    return in_order(model, [program.affine(0.0, share, parts) for parts in zip(*meanings)])


def members_of(fitted):
    """Return the members of a net as Keras models that compute in float32, which every runtime has."""
    from dataclasses import replace

    from bineural.nets.layouts import make_model

    precise = replace(fitted, precision="float32", plan=None)
    return [make_model(precise, member.weights) for member in fitted.members]


def base_steps(program, fitted, offset):
    """Return the steps that are added to the outputs; None for nothing. See `nets/shifting.py`."""
    start = fitted.objective.start(fitted.state)
    if start is None and offset is None:
        return None
    base = np.zeros(fitted.n_outputs) + (0.0 if start is None else start)
    if offset is None:
        return [program.constant(value) for value in base]
    slope = fitted.objective.offset(np.array([1.0]), fitted.state)[0]  # an offset adds in proportion
    return [program.affine(b, (w,), (offset,)) for b, w in zip(base, slope)]


def meaning_of(p, fitted, outputs):
    """Return what the outputs of one member mean, as `Objective.predict` says."""
    objective, state = fitted.objective, fitted.state
    if objective.name not in MEANINGS or objective.settings.get("target") == "quantile":
        raise InputError(
            f"A net that is exported must have one of the objectives {', '.join(MEANINGS)}.",
            f"This net has {objective.name!r}, target={objective.settings.get('target', 'plain')!r}.",
            "Use save_model(), which writes every model.",
        )
    values = MEANINGS[objective.name](p, outputs, fitted)
    if objective.settings.get("target") == "clipped":
        values = [p.clip(value, state["target_low"], state["target_high"]) for value in values]
    if objective.settings.get("target") == "log":
        values = [p.exp(value) for value in values]
    return values


def _binary(p, outputs, fitted):
    event = p.sigmoid(outputs[0]) if fitted.ending == "linear" else outputs[0]
    other = p.affine(1.0, (-1.0,), (event,))
    return [event, other] if fitted.state["event"] == 0 else [other, event]


def _classes(p, outputs, fitted):
    if fitted.ending == "linear":
        return p.softmax(outputs)
    total = p.affine(0.0, (1.0,) * len(outputs), outputs)
    return [p.add("div", value, total) for value in outputs]


def _numbers(p, outputs, fitted):
    return [p.affine(fitted.state["center"], (fitted.state["scale"],), outputs[:1])]


def _ordinal(p, outputs, fitted):
    above, logit = [], outputs[0]
    for k, output in enumerate(outputs):
        if k:
            gap = p.softplus(p.minus(output, outputs[0]))
            logit = p.minus(logit, gap)
        above.append(p.sigmoid(logit))
    steps = [p.constant(1.0), *above, p.constant(0.0)]
    shares = [p.minus(a, b) for a, b in zip(steps[:-1], steps[1:])]
    return [shares[rank] for rank in fitted.state["ranks"]]


def _quantiles(p, outputs, fitted):
    from bineural.nets.objectives.quantile import middle_of

    quantiles = fitted.objective.known["quantiles"]
    m, gaps = middle_of(quantiles), [p.softplus(output) for output in outputs]
    values = {m: outputs[m]}
    for k in range(m - 1, -1, -1):
        values[k] = p.minus(values[k + 1], gaps[k])
    for k in range(m + 1, len(outputs)):
        values[k] = p.plus(values[k - 1], gaps[k])
    unit = fitted.state
    return [p.affine(unit["center"], (unit["scale"],), (values[k],)) for k in range(len(outputs))]


MEANINGS = {
    "binary": _binary,
    "classes": _classes,
    "numbers": _numbers,
    "poisson": lambda p, outputs, fitted: [p.exp(outputs[0])],
    "gamma": lambda p, outputs, fitted: [p.exp(outputs[0])],
    "huber": _numbers,
    "ordinal": _ordinal,
    "quantile": _quantiles,
    "multilabel": lambda p, outputs, fitted: [p.sigmoid(output) for output in outputs],
}
