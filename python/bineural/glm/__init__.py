"""GLMs as scikit-learn estimators, and `fit_glm`."""

from bineural.lazy import lazily

HOMES = {
    "estimators": ["fit_glm", "GLMClassifier", "GLMRegressor"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
