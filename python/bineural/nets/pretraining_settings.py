"""What `pretrain` may ask for."""

from bineural.checks import number, whole
from bineural.messages import listed

KIND = "rbm"
_SETTINGS = {
    "epochs": whole(1, 10**6),
    "steps": whole(1, 10**4),
    "learning_rate": number(0, 10, above=True),
}
_DEFAULTS = {"epochs": 30, "steps": 1, "learning_rate": None}


def read_pretrain(value):
    """Return what `pretrain` asks for as a dict of settings, {} for none; refuse what is no such thing."""
    if value is None:
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


def pretrain_hint(value):
    """Say what to try in place of a `pretrain` that will not do."""
    return f"Use 'rbm', or a dict of {listed(sorted(_SETTINGS))}, such as {{'epochs': 50}}."
