"""The rows of tests/kinds.R, and what a model of each kind says of them."""

import numpy as np
import pandas as pd

import bineural as bn


def waves(*shape):
    return np.sin(np.arange(1, np.prod(shape) + 1)).reshape(shape, order="F")


def make_rows():
    """Make the rows of tests/kinds.R."""
    i = np.arange(1, 41)
    table = pd.DataFrame({"a": np.sin(i), "b": np.cos(3 * i), "g": list("uvwz") * 10, "k": [0, 1, 2, 3] * 10})
    series = [np.sin(np.arange(1, 2 * (3 + k % 4) + 1) + k).reshape((-1, 2), order="F") for k in range(1, 13)]
    return {
        "table": table,
        "small": waves(8, 12, 12, 1),
        "large": waves(4, 75, 75, 3),
        "texts": ["good tea", "bad tea", "fine wine", "sour wine"] * 5,
        "series": series,
        "bits": np.array([0, 1, 1] * 20, float).reshape(20, 3, order="F"),
        "steps": waves(12, 3, 2),
        "none": None,
    }


def ask(model, rows):
    """Say of rows what tests/kinds.R says of them, as a list of columns."""
    kind = type(model).__name__
    if kind == "GAN":
        made = bn.generate(model, 2, seed=3)
        return [np.asarray(made).ravel(order="F")]
    if kind == "Agent":
        return [np.asarray(model.predict(np.arange(16)))]
    if kind == "SequenceModel":
        return [model.log_prob(rows, rows[::-1] if model.has_source_ else None)]
    if kind == "Forecaster":
        forecast = model.forecast(level=0.8)
        return [forecast["mean"] if "mean" in forecast else forecast[".mean"]]
    if kind == "NetDetector":
        return [model.predict(rows)[name] for name in ("x1", "y1", "x2", "y2", "score")]
    if hasattr(model, "predict_proba"):
        classes = model.classes_.tolist()
        return [model.predict_proba(rows)[:, classes.index(level)] for level in model.levels_]
    if kind in ("Autoencoder", "RBM"):
        rows = rows[["a", "b"]] if isinstance(rows, pd.DataFrame) else rows
        return list(np.asarray(model.transform(rows)).T)
    values = model.predict(rows)
    return list(values.T) if values.ndim == 2 else [values]
