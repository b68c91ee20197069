"""What `pretrain` may ask for: machines that are fitted to the training rows, or machines that are fitted."""

import numpy as np

from bineural.checks import number, whole
from bineural.errors import InputError
from bineural.messages import listed
from bineural.not_models import called

KIND = "rbm"
_SETTINGS = {
    "epochs": whole(1, 10**6),
    "steps": whole(1, 10**4),
    "learning_rate": number(0, 10, above=True),
}
_DEFAULTS = {"epochs": 30, "steps": 1, "learning_rate": None}


def read_pretrain(value):
    """Return what `pretrain` asks for as a dict of settings, {} for none; refuse what is no such thing."""
    value = as_machines(value)
    if value is None or (isinstance(value, list) and value):
        return {}
    if isinstance(value, str):
        if value != KIND:
            raise ValueError
        return dict(_DEFAULTS)
    if not isinstance(value, dict) or not value or not set(value) <= set(_SETTINGS):
        raise ValueError
    settings = {
        name: _SETTINGS[name](each, f"pretrain[{name!r}]") for name, each in value.items() if each is not None
    }
    return _DEFAULTS | settings


def as_machines(value):
    """Return fitted Boltzmann machines as a list of [kernel, hidden bias], arrays; other values as they are.

    Arrays are copied, kept in files and compared as other options are. Fitted estimators are not: a copy of
    these, as scikit-learn makes it, is not fitted.

    Raises
    ------
    InputError
        If one is no machine, or is not fitted.
    """
    given = [value] if getattr(value, "learns", None) == "hidden" else value
    if not isinstance(given, (list, tuple)) or not given or all(map(_is_pair, given)):
        return value
    for each in given:
        if getattr(each, "learns", None) != "hidden" or not hasattr(each, "fitted_"):
            raise InputError(
                "A list in `pretrain` must be of fitted Boltzmann machines, from the first hidden layer on.",
                f"Found {called(each)}{' that is not fitted' * (getattr(each, 'learns', None) == 'hidden')}.",
                "Fit each with fit_rbm() to what the one below makes of the rows (its hidden units).",
            )
    return [[each.components_.T.copy(), each.intercept_hidden_.copy()] for each in given]


def _is_pair(value):
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, np.ndarray) for part in value)


def pretrain_hint(value):
    """Say what to try in place of a `pretrain` that will not do."""
    return f"Use 'rbm', or a dict of {listed(sorted(_SETTINGS))}, such as {{'epochs': 50}}."
