"""Models of an outcome in a comparison: labels or numbers, predicted from columns or images or the like."""

from bineural.comparing.average_entrants import Average
from bineural.comparing.averaging import AverageModel
from bineural.comparing.coded_boxes import predicts_boxes
from bineural.comparing.entrant_kinds.kind import EntrantKind, register_entrant_kind
from bineural.comparing.entrants import Entrant, Null
from bineural.comparing.estimator_entrants import Estimator
from bineural.comparing.function_entrants import Function
from bineural.comparing.named_models import objective_asked
from bineural.comparing.own_entrants import Net, OwnModel
from bineural.comparing.short_names import SHORT_NAMES, linear_model, make_named
from bineural.errors import InputError
from bineural.inputs.preparation import right_side
from bineural.messages import listed, naming
from bineural.nets.objectives.objective import takes_several
from bineural.nets.values import Net as NetValue
from bineural.not_models import called, instead


def null_of(name, basis):
    """Return the null model: the mean, or the share of each class."""
    return Null(name)


def baseline_of(models, basis, missing):
    """Return (name, model or entrant) of the linear model."""
    return linear_model(basis, missing)


def enter(name, model, basis, missing):
    """Return the entrant of a model, whichever library made it, or say what it must be."""
    model = make_named(model, basis, missing) if isinstance(model, str) else model
    if isinstance(model, Entrant):  # of a name: the objective's own baseline
        return model.renamed(name)
    model = model.estimator(bool(basis.classes)) if isinstance(model, NetValue) else model
    _check(name, model, basis)
    if hasattr(model, "as_entrant"):
        return model.as_entrant(name)
    if isinstance(model, AverageModel):
        members = (model.models_ or {}).items()
        made = {each: enter(f"{name}, {each}", member, basis, missing) for each, member in members}
        return Average(name, model.names, model.weights, made)
    for is_one, make in _ENTRANTS:
        if is_one(model):
            return make(name, model, basis, missing)
    raise InputError(
        "A model must be made by fit_glm or fit_net, a scikit-learn estimator, a function or a short name.",
        f"{name} is {called(model)}.",
        instead(model, f"Short names are {listed(sorted(SHORT_NAMES), 12)}."),
    )


# ---- what a model must be ----


def _check(name, model, basis):
    """Refuse models of boxes, formulas with a left side, and nets that predict other columns than others."""
    if predicts_boxes(model):
        raise InputError(
            "Every model must be for the outcome, which is no boxes.",
            f"{name} is a {type(model).__name__}.",
            "Pass make_net(), fit_net(images, boxes) or 'net'; a ridge on pixels is beside them by itself.",
        )
    if isinstance(getattr(model, "formula", None), str):
        with naming(name):
            right_side(model.formula)
    if hasattr(model, "asked_objective"):
        _check_columns(name, model, basis)


def _check_columns(name, model, basis):
    """Refuse a net that predicts other columns than the comparison is of: other quantiles, or a mean."""
    asked = objective_asked([(name, model)])
    columns = [] if asked is None else list(asked.columns)
    columns = basis.columns if takes_several(asked) and basis.truth.ndim == 2 else columns
    if basis.task == "regression" and columns != basis.columns:
        one, other = (listed(names) or "one number" for names in (columns, basis.columns))
        raise InputError(
            "All models must predict the same.",
            f"{name} predicts {one}, another model {other}.",
            "Compare nets of one objective and the same options of it.",
        )


def _task(basis):
    return "classification" if basis.classes else "regression"


# ---- entrants by what a model is, the first that fits ----


def _is_ours(model):
    from bineural.glm.estimators import GLMClassifier, GLMRegressor

    return _is_net(model) or isinstance(model, (GLMClassifier, GLMRegressor))


def _is_net(model):
    from bineural.nets.estimators import NetClassifier, NetRegressor

    return isinstance(model, (NetClassifier, NetRegressor))


def _ours(name, model, basis, missing):
    if type(model).__name__.endswith("Classifier") != bool(basis.classes):
        raise InputError(
            f"Every model must be for {_task(basis)}, as the outcome is.",
            f"{name} is a {type(model).__name__}.",
            "Pass a model of the other kind, or `classes`/`event` for an outcome of labels.",
        )
    return (Net if _is_net(model) else OwnModel)(name, model)


def _is_estimator(model):
    return hasattr(model, "fit") and hasattr(model, "get_params")


def _estimator(name, model, basis, missing):
    wanted = "predict_proba" if basis.classes else "predict"
    stacks_by_default = getattr(model, "final_estimator", model) is None  # is known once it is fitted
    if not hasattr(model, wanted) and not stacks_by_default:
        raise InputError(
            f"A scikit-learn model must have `{wanted}` for {_task(basis)}.",
            f"{name} is a {type(model).__name__}.",
            "Wrap it in CalibratedClassifierCV, or ask it for probabilities." if basis.classes else "",
        )
    return Estimator(name, model, missing)


def _is_keras(model):
    return any(base.__module__.split(".")[0] == "keras" for base in type(model).__mro__)


def _keras(name, model, basis, missing):
    raise InputError(
        "A Keras model must be given as the architecture of a net.",
        f"{name} is a {type(model).__name__} by itself.",
        f"Pass Net{'Classifier' if basis.classes else 'Regressor'}(architecture=model, ...); in R what "
        "fit_net(..., architecture = model) returns.",
    )


def _function(name, model, basis, missing):
    return Function(name, model)


_ENTRANTS = (
    (_is_ours, _ours),
    (_is_estimator, _estimator),
    (_is_keras, _keras),
    (callable, _function),
)

register_entrant_kind(
    EntrantKind(
        "outcomes",
        tasks=(),
        is_asked=lambda rows, models: True,
        read=lambda rows, models: rows,
        null=null_of,
        baseline=baseline_of,
        enter=enter,
    )
)
