"""Settings every test needs before the libraries load."""

import os

os.environ.setdefault("SCIPY_ARRAY_API", "1")  # or scikit-learn skips its array-API check
os.environ.setdefault("MPLBACKEND", "agg")
