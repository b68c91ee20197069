"""bineural: deep learning that is honest about its baseline.

The verbs stand in rooms in the order of the flow (data, split, prepare, fit, evaluate, compare, plot, report,
save) and are resolved when first used, so `import bineural` loads neither TensorFlow nor pandas. The
mechanisms that the course builds by hand are in `bineural.fundamentals`.
"""

import importlib
import os

from bineural.lazy import lazily

_PROCESS = os.getpid()  # a fork of it can't use the TensorFlow that ran here, see `_tensorflow.py`

__version__ = "0.1.0"

ROOMS = [
    "data",
    "detection",
    "splitting",
    "inputs",
    "glm",
    "zoo",
    "nets",
    "sequences",
    "representations",
    "forecasting",
    "agents",
    "measures",
    "comparing",
    "explaining",
    "figures",
    "reporting",
    "saving",
    "exporting",
    "course",
]
_OTHERS = {
    "environment": ["sitrep"],
    "demo": ["run_demo"],
    "blanks": ["FILL_IN"],
    "errors": ["InputError", "BineuralWarning", "LeakWarning"],
}
_HOMES = {room: importlib.import_module(f"bineural.{room}").__all__ for room in ROOMS} | _OTHERS
__getattr__, __dir__, _names = lazily(__name__, _HOMES)
__all__ = ["__version__", *_names, "fundamentals"]
