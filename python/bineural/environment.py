"""Report what is installed (Python, packages, TensorFlow, GPU, R, threads, caches) and how to mend the rest.

`sitrep()` looks without importing TensorFlow, so that it is quick and works where TensorFlow does not.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from bineural.checks import checked, flag
from bineural.errors import InputError
from bineural.versions import package_version

# What bineural needs and the oldest version that will do; pyproject.toml says the same (a test compares).
PACKAGES = {
    "cloudpickle": "3.0",
    "joblib": "1.4",
    "keras": "3.15",
    "matplotlib": "3.9",
    "numpy": "2.0",
    "pandas": "2.3",
    "pillow": "13",
    "pyarrow": "16",
    "scikit-learn": "1.6",
    "scipy": "1.15",
    "tensorflow": "2.20",
    "threadpoolctl": "3.5",
    "tqdm": "4.66",
}
_RETICULATE = "1.41"
_run_pip = subprocess.run


@dataclasses.dataclass(frozen=True)
class Situation:
    """The report of `sitrep()`; prints as a short page.

    Attributes
    ----------
    sections : dict of str to dict of str to str
        Heading to label to finding, in the order of the page.
    missing : list of dict
        What is missing or will not work: `what`, `mend` (the line that mends it), and the `side` that lacks
        it, "Python" or "R".
    """

    sections: dict
    missing: list

    @property
    def ok(self):
        """Whether nothing is missing on Python's side; what R lacks only R's package needs."""
        return all(item["side"] == "R" for item in self.missing)

    def to_dict(self):
        """Return the findings as a dict of plain values (JSON-able)."""
        return {"ok": self.ok, "missing": [dict(m) for m in self.missing], **self.sections}

    def __str__(self):
        """Format as a page: sections, then what is missing and the lines that mend it."""
        width = max(len(label) for facts in self.sections.values() for label in facts)
        lines = []
        for heading, facts in self.sections.items():
            lines += [heading, *(f"  {label:<{width}}  {value}" for label, value in facts.items())]
        if not self.missing:
            return "\n".join([*lines, "Nothing is missing."])
        lines.append("Missing on R's side only; Python and the command line work" if self.ok else "Missing")
        for item in self.missing:
            lines += [f"  {item['what']}", f"    mend it with:  {item['mend']}"]
        return "\n".join(lines)

    __repr__ = __str__


@checked(deep=flag(), mend=flag())
def sitrep(deep: bool = False, mend: bool = False) -> Situation:
    """Report what Python, packages, GPU, R and caches were found, and how to mend what was not.

    Parameters
    ----------
    deep : bool, default False
        Import TensorFlow as well and list the devices that `device=` can name (takes seconds). Otherwise a
        GPU is looked for without TensorFlow.
    mend : bool, default False
        Install what Python's side lacks, by the lines that mend it (`python -m pip install ...`, which needs
        a connection), and report again. What R lacks stays named.

    Returns
    -------
    Situation
        Prints as a page; `missing` lists what is missing with the line that mends it; `ok` says whether
        Python's side is whole; `to_dict()` gives plain values.

    Raises
    ------
    InputError
        If a package can't be installed; it repeats what pip said last.

    Examples
    --------
    >>> import bineural as bn
    >>> situation = bn.sitrep()
    >>> sorted(situation.sections)
    ['Machine', 'Packages', 'Python', 'R', 'TensorFlow']
    """
    situation = _report(deep)
    if mend and not situation.ok:
        for item in situation.missing:
            if item["side"] == "Python":
                _run_line(item["mend"])
        importlib.invalidate_caches()
        situation = _report(deep)
    return situation


def _report(deep):
    """Look at everything once."""
    python_lacks, r_lacks = [], []
    sections = {
        "Python": _python(),
        "Packages": _packages(python_lacks),
        "TensorFlow": _tensorflow(deep, python_lacks),
        "R": _r(r_lacks),
        "Machine": _machine(),
    }
    sides = {"Python": python_lacks, "R": r_lacks}
    return Situation(sections, [item | {"side": side} for side in sides for item in sides[side]])


def _run_line(line):
    """Run a line that mends, as `_install` writes it.

    Raises
    ------
    InputError
        If it fails.
    """
    done = _run_pip(shlex.split(line), capture_output=True, text=True, check=False)
    if done.returncode:
        said = [text for text in (done.stdout + done.stderr).splitlines() if text.strip()]
        raise InputError(
            "What is missing must be installed from a package index.",
            f"pip said: {said[-1].strip()[:300]}." if said else f"pip ended with status {done.returncode}.",
            f"Connect and try again, or run it yourself: {line}",
        )


def _python():
    return {
        "version": f"{platform.python_version()} ({platform.system()} {platform.machine()})",
        "executable": sys.executable or "embedded",
        "why this one": _why_this_python(),
        "bineural": f"{package_version('bineural')} from {Path(__file__).parent}",
    }


def _why_this_python():
    chosen = os.environ.get("RETICULATE_PYTHON")
    if "rpytools" in sys.modules or "rpycall" in sys.modules:
        return f"R chose it: RETICULATE_PYTHON is {chosen}" if chosen else "R's reticulate chose it by itself"
    if os.environ.get("CONDA_PREFIX") and sys.prefix == os.environ["CONDA_PREFIX"]:
        return f"the conda environment {sys.prefix}"
    if sys.prefix != sys.base_prefix:
        return f"the virtual environment {sys.prefix}"
    return "the system's Python: no virtual environment is in use"


def _packages(missing):
    versions = {}
    for name, oldest in PACKAGES.items():
        version = package_version(name)
        if version is None or _parts(version) < _parts(oldest):
            problem = "is not installed" if version is None else f"{version} is older than {oldest}"
            missing.append(
                {"what": f"The Python package {name} {problem}.", "mend": _install(f"'{name}>={oldest}'")}
            )
        versions[name] = version or "not found"
    return versions


def _tensorflow(deep, missing):
    gpu = _gpu()
    cpu_only = _installed("tensorflow-cpu") and not _installed("tensorflow")
    if gpu and cpu_only:
        missing.append(
            {
                "what": f"A GPU is here ({gpu}), and the installed tensorflow-cpu can't use it.",
                "mend": _install("'tensorflow[and-cuda]'"),
            }
        )
    facts = {
        "build": "tensorflow-cpu" if cpu_only else "tensorflow" if _installed("tensorflow") else "not found",
        "GPU": gpu or "none found",
        "Keras backend": os.environ.get("KERAS_BACKEND", "tensorflow (default)"),
    }
    if deep and importlib.util.find_spec("tensorflow"):
        try:
            importlib.import_module("bineural._tensorflow").tf.version  # noqa: B018
        except Exception as error:  # a broken installation can raise anything
            missing.append(
                {
                    "what": f"TensorFlow can't be imported: {type(error).__name__}: {error}.",
                    "mend": _install("--force-reinstall tensorflow-cpu"),
                }
            )
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and hasattr(tensorflow, "config"):
        devices = _devices(tensorflow)
        facts["devices"] = ", ".join(devices)
        asked = [name for name in devices if name.startswith("gpu")]
        facts["nets run on"] = "the CPU" + (
            ", or on a GPU by device='gpu'" if asked else "; no GPU to ask for"
        )
    else:
        facts["devices"] = "not asked: TensorFlow is not imported yet (sitrep(deep=True) does)"
    return facts


def _devices(tensorflow):
    """Name the devices that `device=` can ask for, with what is known of each."""
    named = []
    for device in tensorflow.config.list_physical_devices():
        if device.device_type not in ("CPU", "GPU"):
            continue
        known = []
        if device.device_type == "GPU":
            details = tensorflow.config.experimental.get_device_details(device)
            known += [details["device_name"]] if "device_name" in details else []
            known += _capability(details.get("compute_capability"))
        elif (flags := _processor_flags()) is not None:
            fast = sorted(f for f in flags if f in ("avx512_bf16", "amx_bf16", "bf16"))
            known.append(f"bfloat16 by {' and '.join(fast)}" if fast else "bfloat16 emulated, slow")
        name = device.name.rpartition("physical_device:")[2].lower()
        named.append(name + (f" ({', '.join(known)})" if known else ""))
    return named


def _capability(version):
    """Say a GPU's compute capability and, from it, whether it multiplies in bfloat16."""
    if version is None:
        return []
    return [
        f"compute capability {version[0]}.{version[1]}",
        "bfloat16" if version[0] >= 8 else "no fast bfloat16",
    ]


def _processor_flags():
    """Return the processor's flags as a set of str, or None where the system does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return None
    return next((set(line.split()) for line in lines if line.lower().startswith(("flags", "features"))), None)


def _gpu():
    """Name the GPU that the driver shows, or None."""
    cards = sorted(Path("/proc/driver/nvidia/gpus").glob("*/information"))
    for card in cards:
        for line in card.read_text(errors="replace").splitlines():
            if line.startswith("Model:"):
                return line.partition(":")[2].strip() + (
                    f" and {len(cards) - 1} more" if len(cards) > 1 else ""
                )
    if shutil.which("nvidia-smi"):
        names = _say(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"])
        return names.splitlines()[0].strip() if names else None
    return None


def _r(missing):
    r = shutil.which("Rscript")
    if r is None:
        return {"R": "not found (only needed for the R package: https://www.r-project.org)"}
    code = (
        "v <- function(p) tryCatch(format(packageVersion(p)), error = function(e) 'not found');"
        "cat(format(getRversion()), v('reticulate'), v('bineural'), sep = '\\n')"
    )
    lines = (_say([r, "--vanilla", "-e", code]) or "").splitlines()
    if len(lines) < 3:
        missing.append({"what": f"{r} does not answer.", "mend": "Rscript --vanilla -e 'sessionInfo()'"})
        return {"R": f"{r} does not answer"}
    version, reticulate, package = lines[:3]
    if reticulate == "not found" or _parts(reticulate) < _parts(_RETICULATE):
        what = "R has no reticulate" if reticulate == "not found" else f"R's reticulate is {reticulate}"
        made = Path(__file__).parents[2] / ".Rlib"  # where `make setup` of a checkout puts its own
        mend = "Rscript -e 'install.packages(\"reticulate\")'"
        if (made / "reticulate").is_dir() and str(made) not in os.environ.get("R_LIBS", ""):
            mend = f"export R_LIBS={made}"
        missing.append({"what": f"{what}; {_RETICULATE} or newer is needed.", "mend": mend})
    return {"R": f"{version} ({r})", "reticulate": reticulate, "R package bineural": package}


def _machine():
    cores = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    limits = [
        f"{k}={os.environ[k]}" for k in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS") if k in os.environ
    ]
    keras_home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    return {
        "cores": f"{usable} usable of {cores}",
        "threads": ", ".join(limits) or "not limited by the environment",
        "memory": _memory(),
        "caches": f"{keras_home} ({_size(keras_home)})",
    }


def _memory():
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"
    except (AttributeError, ValueError, OSError):
        return "unknown"


def _size(folder):
    if not folder.is_dir():
        return "not there"
    return f"{sum(f.stat().st_size for f in folder.rglob('*') if f.is_file()) / 2**20:.1f} MiB"


def _installed(name):
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def _install(what):
    return f"{sys.executable or 'python'} -m pip install {what}"


def _parts(version):
    """Return the leading numbers of a version, four of them, so that versions compare as tuples."""
    numbers = re.match(r"\d+(?:[.-]\d+)*", str(version))
    parts = [int(part) for part in re.split(r"[.-]", numbers.group())] if numbers else []
    return (*parts, 0, 0, 0, 0)[:4]


def _say(command):
    """Return what a command prints, or None when it fails or takes over 20 seconds."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
