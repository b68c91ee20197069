"""What the benchmarks of training share: a process for each program, cold and warm seconds, peak memory."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TORCH_PYTHON = os.environ.get("BINEURAL_TORCH_PYTHON", sys.executable)  # a Python that has PyTorch


def timed(run, again=2, scale=1.0):
    """Time `run()` once cold and `again` times warm.

    Returns
    -------
    dict
        Seconds "cold" and "warm" (median), both times `scale`; "memory", MiB at the peak above what the
        process held before the first run, and what else `run` returned as a dict.
    """
    before, seconds, told = resident(), [], None
    for _ in range(1 + again):
        begun = time.perf_counter()
        told = run()
        seconds.append((time.perf_counter() - begun) * scale)
    warm = statistics.median(seconds[1:] or seconds)
    memory = max(0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10 - before)
    return {"cold": seconds[0], "warm": warm, "memory": memory, **(told if isinstance(told, dict) else {})}


def resident():
    """Return the MiB that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def alone(script, *arguments, torch=False, threads=None, limit=900):
    """Run `script --one arguments` in a process of its own; return what its last line says (JSON)."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "python"), "TF_CPP_MIN_LOG_LEVEL": "2"}
    if threads:
        environment["OMP_NUM_THREADS"] = str(threads)
    command = [TORCH_PYTHON if torch else sys.executable, str(HERE / script), "--one", *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=limit, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def torch_version():
    """Return the version of PyTorch that `TORCH_PYTHON` has, or None."""
    command = [TORCH_PYTHON, "-c", "import torch; print(torch.__version__)"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def comparison(title, found, first, note=""):
    """Write one problem's table, each program beside `first`."""
    ours = found[first]
    lines = [f"## {title}", "", *([note, ""] if note else [])]
    lines += [f"| program | cold, s | warm, s | cold / {first} | warm / {first} | peak memory, MiB |"]
    lines += ["|---|---|---|---|---|---|"]
    for program, t in found.items():
        ratios = f"{t['cold'] / ours['cold']:.1f} | {t['warm'] / ours['warm']:.1f}"
        lines.append(f"| {program} | {t['cold']:.3f} | {t['warm']:.3f} | {ratios} | {t['memory']:.0f} |")
    return "\n".join(lines)


def write(name, title, about, parts):
    """Write benchmarks/results/<name>.md."""
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} at the end"
    head = f"# {title}\n\nWritten by `benchmarks/{name}.py` with {machine}. {about}"
    (HERE / "results" / f"{name}.md").write_text("\n\n".join([head, *parts]) + "\n")
