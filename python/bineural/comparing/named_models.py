"""From what a user passes as `models` to entrants with names."""

from dataclasses import replace

from sklearn.base import BaseEstimator

from bineural.comparing.anomaly_entrants import (
    ANOMALIES,
    AllAlike,
    baseline_of_anomalies,
    entrant_of_anomalies,
)
from bineural.comparing.average_entrants import Average
from bineural.comparing.coded_boxes import predicts_boxes
from bineural.comparing.entrants import Entrant, Null
from bineural.comparing.estimator_entrants import Estimator
from bineural.comparing.function_entrants import Function
from bineural.comparing.linear_entrants import Linear
from bineural.comparing.own_entrants import Net, OwnModel
from bineural.comparing.rounding import NULL
from bineural.comparing.row_entrants import OF_ROWS, Drawn, baseline_of_rows, entrant_of_rows
from bineural.comparing.sequence_entrants import (
    OF_SEQUENCES,
    baseline_of_sequences,
    entrant_of_sequences,
    null_of_sequences,
)
from bineural.errors import InputError
from bineural.formula.syntax import deparse
from bineural.formula.terms import read_terms
from bineural.inputs.preparation import right_side
from bineural.messages import listed, naming, near_names
from bineural.nets.objectives.objective import takes_several
from bineural.not_models import called, instead
from bineural.tables.frames import is_frame


def read_models(models, missing):
    """Return a list of (name, model) as the user named them, short names made into models later.

    Parameters
    ----------
    models : dict, list, set, or one model
        Those of a set come in the order of their names.
    missing : str
        For models made from short names.
    """
    if isinstance(models, dict):
        named = list(models.items())
    else:
        models = sorted(models, key=_own_name) if isinstance(models, (set, frozenset)) else models
        given = list(models) if isinstance(models, (list, tuple)) else [models]
        named, used = [], {}
        for model in given:
            name = _own_name(model)
            used[name] = used.get(name, 0) + 1
            named.append((name if used[name] == 1 else f"{name} {used[name]}", model))
    if not named:
        raise InputError("`models` must hold a model.", "It is empty.", "Pass for example ['glm', 'net'].")
    for name, model in named:
        if not isinstance(name, str) or not name or name == NULL or isinstance(model, type):
            raise InputError(
                f"`models` must be a dict of names (text other than {NULL!r}) and models.",
                f"Found {name!r}: {model!r}.",
                "The null model is always there; models are objects, not classes.",
            )
    return named


def _own_name(model):
    if isinstance(model, str):
        return model
    if isinstance(model, Entrant):
        return model.name
    name = type(model).__name__
    if name in ("Forecaster", "Agent"):
        return model.label
    own = dict.fromkeys(["NetClassifier", "NetRegressor", "NetDetector"], "net") | {"TunedNet": "tuned net"}
    own |= {"GLMClassifier": "glm", "GLMRegressor": "glm", "Autoencoder": "autoencoder", "GAN": "gan"}
    own |= {"SequenceModel": "net", "NGram": "ngram", "Copy": "copy", "MostFrequent": "most_frequent"}
    return own.get(name, getattr(model, "__name__", name))


def settings_of(named):
    """Return (outcome, formula terms, event) as fitted models of ours know them, None where none does.

    Raises
    ------
    InputError
        If two of them differ.
    """
    known = {"outcome": {}, "event": {}}
    for name, model in named:
        for member in _members(model):
            for what in known:
                value = getattr(member, f"{what}_", None)
                value = getattr(member, what, None) if value is None and what == "event" else value
                value = value.item() if hasattr(value, "item") else value
                if value is not None:
                    known[what].setdefault(value, name)
    for what, values in known.items():
        if len(values) > 1:
            (first, first_name), (second, second_name) = list(values.items())[:2]
            raise InputError(
                f"All models must have the same {what}.",
                f"{first_name} has {first!r}, {second_name} has {second!r}.",
                f"Pass `{what}` and unfitted models, or compare models of one outcome.",
            )
    return next(iter(known["outcome"]), None), next(iter(known["event"]), None)


def objective_asked(named):
    """Return the first objective that a net asks for by name, settled on its options; None if none does."""
    members = [member for _, model in named for member in _members(model)]
    asked = (getattr(member, "asked_objective", None) for member in members)
    return next((objective for objective in asked if objective is not None), None)


def with_known_outcome(rows, named):
    """Return `Rows` with the outcome and event that fitted models know, where the user names none.

    And with the objective that a net asks for.
    """
    outcome, event = settings_of(named)
    outcome = outcome if rows.outcome is None and rows.formula is None else rows.outcome
    event = event if rows.event is None else rows.event
    return rows._replace(outcome=outcome, event=event, objective=objective_asked(named))


def takes_only(named, *kinds):
    """Say whether a net among the models is of an architecture that takes rows of these kinds alone."""
    from bineural.zoo.architecture import Architecture, architecture_names, as_architecture

    for architecture in [_architecture_of(member) for _, model in named for member in _members(model)]:
        known = isinstance(architecture, Architecture) or (
            isinstance(architecture, str) and architecture in architecture_names()
        )
        inputs = as_architecture(architecture).inputs if known else getattr(architecture, "input_kinds", ())
        if inputs and set(inputs) <= set(kinds):
            return True
    return False


def _architecture_of(member):
    """Return the architecture of a net, by name as it was asked for; None of what is no net."""
    if isinstance(member, str):
        return None if member in _SHORT else member
    options = getattr(member, "options", None)  # of a net that make_net() described
    return options.get("architecture") if isinstance(options, dict) else getattr(member, "architecture", None)


def _members(model):
    members = getattr(model, "models_", None)  # of an average
    return (
        [model]
        if not isinstance(members, dict)
        else [m for member in members.values() for m in _members(member)]
    )


def make_entrants(named, basis, missing, baseline):
    """Return all entrants, the null model first, then the baseline if one is added; and the reference's name.

    Parameters
    ----------
    named : list of (str, model)
    basis : Basis
    missing : str
    baseline : bool or str
    """
    entrants, averages = [_null_of(basis)], []
    basis.null = entrants[0]
    for name, model in named:
        if isinstance(model, str) and basis.measured_as not in (*OF_SEQUENCES, *OF_ROWS, ANOMALIES):
            model = make_named(model, basis, missing)
        made = make_entrant(name, model, basis, missing)
        (averages if isinstance(made, Average) else entrants).append(made)
    entrants[0].terms = _offset_alone(entrants, basis)
    names = [entrant.name for entrant in [*entrants, *averages]]
    if isinstance(baseline, str) and baseline not in names:
        raise InputError(
            "`baseline` must be True, False or the name of a model.",
            f"Found {baseline!r}.",
            near_names(baseline, names),
        )
    glms = [entrant.name for entrant in entrants if entrant.is_linear]
    if baseline is True and not glms:
        name, model = _baseline_of([model for _, model in named], basis, missing)
        name = name if name not in names else f"{name} baseline"
        same = _same_columns(entrants, basis)
        entrants.insert(1, make_entrant(name, model, same, missing))
        if same is not basis:
            entrants[1].take_formula(same.problem.terms)
        glms = [name]
    _check_averages(averages, names)
    reference = baseline if isinstance(baseline, str) else (glms or [named[0][0]])[0]
    return [*entrants, *averages], reference


def _null_of(basis):
    """Return the null model of what is compared."""
    if basis.measured_as in OF_SEQUENCES:
        return null_of_sequences(NULL, basis)
    own = {"samples": Drawn, ANOMALIES: AllAlike}
    return own.get(basis.measured_as, Null)(NULL)


def _baseline_of(models, basis, missing):
    """Return (name, model or entrant) of the baseline of what is compared."""
    if basis.measured_as in OF_SEQUENCES:
        return baseline_of_sequences(basis)
    if basis.measured_as == ANOMALIES:
        return baseline_of_anomalies(models)
    return baseline_of_rows(models, basis) if basis.measured_as in OF_ROWS else linear_model(basis, missing)


def _offset_alone(entrants, basis):
    """Return the offset that all models have in their formulas, as a formula; None where there is none.

    Or no net asks for an objective of numbers by name, which says what the offset is added to.
    """
    objective, terms = basis.objective, basis.problem.terms
    if objective is None or objective.outcome != "numbers" or not is_frame(basis.problem.X):
        return None
    columns = [name for name in basis.problem.X.columns if name not in basis.problem.exclude]
    formulas = {getattr(entrant.model, "formula", None) or terms for entrant in entrants if entrant.prepares}
    offsets = {tuple(map(deparse, read_terms(f, columns).offsets)) for f in formulas if f is not None}
    if len(offsets) != 1 or offsets == {()}:
        return None
    return " + ".join(f"offset({text})" for text in offsets.pop())


def _same_columns(entrants, basis):
    """Return the basis with the formula that all models prepare columns by, if it is one."""
    terms = basis.problem.terms
    formulas = {getattr(entrant.model, "formula", None) or terms for entrant in entrants if entrant.prepares}
    if terms != "." or len(formulas) != 1:
        return basis
    return replace(basis, problem=replace(basis.problem, terms=formulas.pop()))


def _check_columns(name, model, basis):
    """Refuse a net that predicts other columns than the comparison is of: other quantiles, or a mean."""
    asked = objective_asked([(name, model)])
    columns = [] if asked is None else list(asked.columns)
    columns = basis.columns if takes_several(asked) and basis.truth.ndim == 2 else columns
    if basis.task == "regression" and columns != basis.columns:
        raise InputError(
            "All models must predict the same.",
            f"{name} predicts {listed(columns) or 'one number'}, another model {listed(basis.columns)}.",
            "Compare nets of one objective and the same options of it.",
        )


def make_entrant(name, model, basis, missing):
    """Return the entrant that a model is."""
    from bineural.comparing.averaging import AverageModel
    from bineural.glm.estimators import GLMClassifier, GLMRegressor
    from bineural.nets.estimators import NetClassifier, NetRegressor
    from bineural.nets.values import Net as NetValue

    if isinstance(model, Entrant):
        model.name = name
        return model
    of_boxes = basis.measured_as == "boxes"
    if basis.measured_as in OF_ROWS:
        return entrant_of_rows(name, model, basis)
    if basis.measured_as == ANOMALIES:
        return entrant_of_anomalies(name, model)
    if basis.measured_as in OF_SEQUENCES:
        return entrant_of_sequences(name, model, basis)
    if isinstance(model, NetValue):
        model = model.detector() if of_boxes else model.estimator(bool(basis.classes))
    if predicts_boxes(model) or (of_boxes and isinstance(model, BaseEstimator)):
        return _box_entrant(name, model, of_boxes)
    if isinstance(getattr(model, "formula", None), str):
        with naming(name):
            right_side(model.formula)
    if hasattr(model, "asked_objective"):
        _check_columns(name, model, basis)
    if hasattr(model, "as_entrant"):
        return model.as_entrant(name)
    if isinstance(model, AverageModel):
        made = {n: make_entrant(f"{name}, {n}", m, basis, missing) for n, m in (model.models_ or {}).items()}
        return Average(name, model.names, model.weights, made)
    task = "classification" if basis.classes else "regression"
    own = (GLMClassifier, GLMRegressor, NetClassifier, NetRegressor)
    if isinstance(model, own):
        right = type(model).__name__.endswith("Classifier") == bool(basis.classes)
        if not right:
            raise InputError(
                f"Every model must be for {task}, as the outcome is.",
                f"{name} is a {type(model).__name__}.",
                "Pass a model of the other kind, or `classes`/`event` for an outcome of labels.",
            )
        return (Net if isinstance(model, own[2:]) else OwnModel)(name, model)
    if hasattr(model, "fit") and hasattr(model, "get_params"):
        wanted = "predict_proba" if basis.classes else "predict"
        stacks_by_default = getattr(model, "final_estimator", model) is None  # is known once it is fitted
        if not hasattr(model, wanted) and not stacks_by_default:
            raise InputError(
                f"A scikit-learn model must have `{wanted}` for {task}.",
                f"{name} is a {type(model).__name__}.",
                "Wrap it in CalibratedClassifierCV, or ask it for probabilities." if basis.classes else "",
            )
        return Estimator(name, model, missing)
    if any(base.__module__.split(".")[0] == "keras" for base in type(model).__mro__):
        raise InputError(
            "A Keras model must be given as the architecture of a net.",
            f"{name} is a {type(model).__name__} by itself.",
            f"Pass Net{'Classifier' if basis.classes else 'Regressor'}(architecture=model, ...); in R what "
            "fit_net(..., architecture = model) returns.",
        )
    if callable(model):
        return Function(name, model)
    raise InputError(
        "A model must be made by fit_glm or fit_net, a scikit-learn estimator, a function or a short name.",
        f"{name} is {called(model)}.",
        instead(model, f"Short names are {listed(sorted(_SHORT), 12)}."),
    )


def _box_entrant(name, model, of_boxes):
    if not (of_boxes and predicts_boxes(model)):
        raise InputError(
            f"Every model must be {'a net of boxes' if of_boxes else 'for the outcome, which is no boxes'}.",
            f"{name} is a {type(model).__name__}.",
            "Pass make_net(), fit_net(images, boxes) or 'net'; a ridge on pixels is beside them by itself.",
        )
    return Net(name, model)


def _check_averages(averages, names):
    for average in averages:
        for name in () if average.members else average.names:
            if name not in names or any(other.name == name for other in averages):
                raise InputError(
                    "An average must be of other models of the comparison.",
                    f"{average.name} names {name!r}.",
                    near_names(name, [n for n in names if n not in [a.name for a in averages]]),
                )


# ---- short names ----


def make_named(name, basis, missing):
    """Return the model of a short name: "glm", "net", "random_forest", ..., or the architecture of a net."""
    if name in _SHORT:
        return _SHORT[name](bool(basis.classes), basis, missing)
    from bineural.zoo.architecture import architecture_names

    if name in architecture_names():
        return _net(bool(basis.classes), basis, missing, architecture=name)
    known = [*_SHORT, *architecture_names()]
    raise InputError("A model's short name must be known.", f"Found {name!r}.", near_names(name, known))


def _glm(classifies, basis, missing):
    return linear_model(basis, missing)[1]


def linear_model(basis, missing):
    """Return (name, model or entrant) of the linear model that nets are measured against.

    A GLM, of the family and link of the objective that a net asks for by name; or what that objective names.
    """
    from bineural.glm.estimators import GLMClassifier, GLMRegressor

    objective = basis.objective
    if objective is not None and objective.baseline is not None:
        name, model = objective.baseline(missing)
        return name, Linear(name, model, missing)
    if basis.classes:
        return "glm", GLMClassifier(penalty="auto", missing=missing)
    family = {} if objective is None else {"family": objective.family, "link": objective.link}
    family = {"family": "binomial"} if basis.problem.is_counted else family
    return "glm", GLMRegressor(penalty="auto", missing=missing, **family)


def _net(classifies, basis, missing, **options):
    from bineural.nets.detector import NetDetector
    from bineural.nets.estimators import NetClassifier, NetRegressor

    if basis.measured_as == "boxes":
        return NetDetector(missing=missing, **options)
    return (NetClassifier if classifies else NetRegressor)(missing=missing, **options)


def _forest(kind):
    def make(classifies, basis, missing):
        from sklearn import ensemble

        return getattr(ensemble, kind + ("Classifier" if classifies else "Regressor"))()

    return make


def _boosting(classifies, basis, missing):
    from sklearn import ensemble

    return (ensemble.GradientBoostingClassifier if classifies else ensemble.GradientBoostingRegressor)()


_SHORT = {
    "glm": _glm,
    "net": _net,
    "random_forest": _forest("RandomForest"),
    "rf": _forest("RandomForest"),
    "extra_trees": _forest("ExtraTrees"),
    "boosting": _boosting,
}


def formulas_of(named):
    """Return the right side that each model has of its own, None where it has none."""
    return [getattr(model, "terms", getattr(model, "formula", None)) for _, model in named]


def family_of(entrants):
    """Return the family of the first GLM for numbers, for the deviance."""
    families = [getattr(entrant.model, "family", None) for entrant in entrants if entrant.kind == "glm"]
    families = [str(family).removeprefix("quasi") for family in families]
    counts = ["poisson" if family.startswith("negative_binomial") else family for family in families]
    known = ("gaussian", "poisson", "gamma", "inverse_gaussian", "binomial")
    return next((f for f in counts if f in known), "gaussian")
