"""What is kept of a run so that it can be repeated: versions, seed, hash of the data, times, machine."""

import os
import platform
from datetime import UTC, datetime

from bineural.tables.fingerprint import fingerprint_data
from bineural.versions import package_version

_PACKAGES = ("bineural", "numpy", "pandas", "scikit-learn", "tensorflow", "keras")


def record_run(comparison):
    """Return the run record of a comparison as plain values."""
    basis = comparison.basis
    return {
        "begun": comparison.begun,
        "seconds": round(sum(comparison.seconds.values()), 2),
        "seed": basis.seed,
        "data_hash": fingerprint_data(basis.problem.X)["hash"],
        **_of_session(),
        "device": _device(comparison.entrants),
        "models": {entrant.name: entrant.describe() for entrant in comparison.entrants},
        "told": {entrant.name: entrant.told for entrant in comparison.entrants if entrant.told},
    }


def record_session():
    """Return when a page is written, and versions and machine, as plain values."""
    return {"written": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", **_of_session()}


def _of_session():
    return {
        "python": platform.python_version(),
        "versions": {name: package_version(name) for name in _PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
    }


def _device(entrants):
    devices = {getattr(entrant.model, "device", None) for entrant in entrants if entrant.kind == "net"}
    return ", ".join(sorted(str(d or "CPU") for d in devices)) or "CPU"
