"""Models by short names: "glm", "net", "random_forest", ..., or the architecture of a net."""

from bineural.comparing.linear_entrants import Linear
from bineural.errors import InputError
from bineural.messages import near_names


def make_named(name, basis, missing):
    """Return the model of a short name."""
    if name in SHORT_NAMES:
        return SHORT_NAMES[name](bool(basis.classes), basis, missing)
    from bineural.zoo.architecture import architecture_names

    if name in architecture_names():
        return _net(bool(basis.classes), basis, missing, architecture=name)
    known = [*SHORT_NAMES, *architecture_names()]
    raise InputError("A model's short name must be known.", f"Found {name!r}.", near_names(name, known))


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


def _glm(classifies, basis, missing):
    return linear_model(basis, missing)[1]


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


SHORT_NAMES = {
    "glm": _glm,
    "net": _net,
    "random_forest": _forest("RandomForest"),
    "rf": _forest("RandomForest"),
    "extra_trees": _forest("ExtraTrees"),
    "boosting": _boosting,
}
