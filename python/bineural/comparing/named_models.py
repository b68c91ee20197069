"""What a user passes as `models`, by name, and what fitted models know of the comparison they go into."""

from bineural.comparing.entrants import Entrant
from bineural.comparing.rounding import NULL
from bineural.comparing.short_names import SHORT_NAMES
from bineural.errors import InputError


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
        return None if member in SHORT_NAMES else member
    options = getattr(member, "options", None)  # of a net that make_net() described
    return options.get("architecture") if isinstance(options, dict) else getattr(member, "architecture", None)


def _members(model):
    members = getattr(model, "models_", None)  # of an average
    return (
        [model]
        if not isinstance(members, dict)
        else [m for member in members.values() for m in _members(member)]
    )


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
