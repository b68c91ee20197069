"""The linear predictor of a fitted model for rows: what its link or its last layer turns into predictions."""

from dataclasses import dataclass, replace

import numpy as np

from bineural.errors import InputError
from bineural.messages import shown


@dataclass
class Predictor:
    """What gives the linear predictor of rows.

    Attributes
    ----------
    ask : callable
        Rows -> ndarray of float64, shape (n_rows, n_members, n_curves).
    names : list of str
        Of the curves, where they are several (classes, columns of the outcome); else empty.
    unit : str
        What the predictor is in, in words.
    whole : bool
        Whether it is all of the model's; a net's hidden part may be left out.
    """

    ask: object
    names: list
    unit: str
    whole: bool = True


def predictor_of(model, additive=False):
    """Return the `Predictor` of a model; where `additive`, without a hidden part that stands beside.

    Parameters
    ----------
    model : GLM or net, fitted to a table
    additive : bool

    Raises
    ------
    InputError
        If the model has none.
    """
    if hasattr(model, "predict_link"):
        return _of_glm(model)
    fitted = getattr(model, "fitted_", None)
    if fitted is None or getattr(model, "preparation_", None) is None:
        raise InputError(
            "`model` must be a net or a GLM of bineural that is fitted to a table.",
            f"Found {shown(model)}.",
            "Fit one with fit_net or fit_glm; partial_dependence draws any model.",
        )
    objective = fitted.objective
    if objective.linear is None or fitted.ending != "linear":
        raise InputError(
            "The outputs of the net must be linear predictors, of which columns have parts.",
            f"Found objective={objective.name!r} and a last layer that is {fitted.ending}.",
            "Use partial_dependence, which is of predictions.",
        )
    own = _without_hidden(fitted) if additive else fitted
    return Predictor(_asking(model, own), *_words_of(model, objective), whole=own is fitted)


def _asking(model, fitted):
    from bineural.nets.fitted import shifted_outputs

    def predict(rows):
        outputs = shifted_outputs(fitted, rows)
        return np.stack([fitted.objective.linear(output, fitted.state) for output in outputs], axis=1)

    return lambda rows: model._answer(rows, predict)


def _without_hidden(fitted):
    """Return the net with the weights at 0 that bring its hidden part in, or itself where it has none."""
    from bineural.nets.fitted import plan_of

    names = [variable.path for variable in plan_of(fitted).model.weights]
    hidden = [name in fitted.architecture.hidden_weights for name in names]
    if not any(hidden):
        return fitted
    members = [
        replace(member, weights=[0 * part if out else part for part, out in zip(member.weights, hidden)])
        for member in fitted.members
    ]
    return replace(fitted, members=members)


def _words_of(model, objective):
    """Return the names of a net's curves, and what they are in."""
    if objective.outcome == "numbers":
        return (model.columns_ if model.several_outcomes_ else []), objective.linear_unit
    if objective.ordered or objective.name == "classes":
        names = [] if objective.ordered else [str(label) for label in model.classes_.tolist()]
        return names, objective.linear_unit
    return [], f"{objective.linear_unit} of {model.classes_[model.event_position_]}"


def _of_glm(model):
    def ask(rows):
        link = model.predict_link(rows)
        return link.reshape(len(link), 1, -1)

    if len(getattr(model, "classes_", ())) > 2:
        first, *others = [str(level) for level in model.levels_]
        return Predictor(ask, others, f"log-odds against {first}")
    link = model.fit_.link
    if hasattr(model, "classes_"):
        event = model.classes_[model.event_position_]
        return Predictor(ask, [], f"{'log-odds' if link == 'logit' else link} of {event}")
    return Predictor(ask, [], {"identity": "prediction", "log": "log mean"}.get(link, link))
