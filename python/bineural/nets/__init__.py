"""Nets as scikit-learn estimators; `fit_net` fits one, `fit_nets` many at once."""

from bineural.lazy import lazily

HOMES = {
    "values": ["make_net", "Net"],
    "fitting_one": ["fit_net"],
    "estimators": ["NetClassifier", "NetRegressor"],
    "detector": ["NetDetector"],
    "fitting_many": ["fit_nets"],
    "fine_tuning": ["fine_tune"],
    "net_fits": ["NetFits"],
}
_OWN = {
    "objectives.objective": ["Objective", "register_objective", "find_objective"]
}  # in `bineural.nets` alone
__getattr__, __dir__, _ = lazily(__name__, HOMES | _OWN)
__all__ = [name for names in HOMES.values() for name in names]
