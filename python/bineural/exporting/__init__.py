"""Fitted models in forms that predict without bineural: ONNX, SavedModel, SQL, Python and R."""

from bineural.lazy import lazily

HOMES = {
    "export": ["export_model"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
