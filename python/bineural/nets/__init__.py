"""Nets as scikit-learn estimators; `fit_net` fits one, `fit_nets` many at once."""

from bineural.lazy import lazily

HOMES = {
    "values": ["make_net", "Net"],
    "fitting_one": ["fit_net"],
    "estimators": ["NetClassifier", "NetRegressor"],
    "objectives": ["Objective", "register_objective"],
    "fitting_many": ["fit_nets"],
    "net_fits": ["NetFits"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
