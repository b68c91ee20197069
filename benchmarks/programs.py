"""Programs in processes of their own: one that fails tells why, and the others of its table still run."""

import importlib.util
import json
import os
import resource
import shlex
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TORCH_PYTHON = os.environ.get("BINEURAL_TORCH_PYTHON", sys.executable)
LAST_LINES = 8  # of a failed program's own error


class ProgramFailed(RuntimeError):
    """A program ended without a result: what it printed last, its command, and what to do.

    Attributes
    ----------
    reason : str
        One line, for the table.
    """

    def __init__(self, command, ended, printed=""):
        lines = [line for line in printed.splitlines() if line.strip()][-LAST_LINES:]
        self.reason = lines[-1].strip() if lines else ended
        hint = "Run it alone to see all that it prints."
        if command[0] == TORCH_PYTHON != sys.executable:
            hint += " BINEURAL_TORCH_PYTHON names that Python; it needs numpy and torch."
        error = "".join(f"\n  {line}" for line in lines)
        super().__init__(f"This program {ended}: {shlex.join(command)}{error}\n{hint}")


def run_program(command, threads=None, limit=3600):
    """Run a command with this checkout's bineural; return what it printed, or raise ProgramFailed."""
    paths = [str(HERE.parent / "python"), os.environ.get("PYTHONPATH", "")]
    environment = {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }
    if threads:
        names = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"
        environment |= dict.fromkeys(names, str(threads))
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=limit, check=False
        )
    except OSError as error:
        raise ProgramFailed(command, "did not start", str(error)) from None
    except subprocess.TimeoutExpired:
        raise ProgramFailed(command, f"took longer than {limit} s") from None
    if done.returncode < 0:
        raise ProgramFailed(command, f"was ended by signal {-done.returncode}")
    if done.returncode:
        raise ProgramFailed(command, f"ended with status {done.returncode}", done.stderr)
    return done.stdout


def ask(command, threads=None, limit=3600):
    """Run a command; return the JSON that its last line holds, or raise ProgramFailed."""
    printed = run_program(command, threads, limit)
    try:
        return json.loads(printed.splitlines()[-1])
    except (IndexError, ValueError):
        raise ProgramFailed(command, "printed no result", printed) from None


def alone(script, program, *arguments, **options):
    """Measure `program` by `script --one program arguments`, PyTorch with the Python that has it."""
    python = TORCH_PYTHON if program == "PyTorch" else sys.executable
    return ask([python, str(HERE / script), "--one", program, *map(str, arguments)], **options)


def attempt(name, run):
    """Return `run()`, or the ProgramFailed it raised, printed on stderr."""
    try:
        return run()
    except ProgramFailed as failure:
        print(f"{name} failed. {failure}", file=sys.stderr, flush=True)
        return failure


def alone_each(script, programs, *arguments, **options):
    """Measure all programs one after another; return {program: answer or ProgramFailed}."""
    return {p: attempt(p, lambda p=p: alone(script, p, *arguments, **options)) for p in programs}


def available(programs):
    """Leave out PyTorch where this Python has none and nobody named another."""
    if "BINEURAL_TORCH_PYTHON" in os.environ or importlib.util.find_spec("torch"):
        return list(programs)
    return [program for program in programs if program != "PyTorch"]


def torch_note():
    """Say which PyTorch is timed."""
    code = "import json, torch; print(json.dumps(torch.__version__))"
    try:
        return f"PyTorch {ask([TORCH_PYTHON, '-c', code])}."
    except ProgramFailed as failure:
        hint = "BINEURAL_TORCH_PYTHON names a Python that has it"
        return f"PyTorch is not timed ({failure.reason}; {hint})."


def fresh(code):
    """Run code in a fresh Python; return seconds by the clock and of the processor, and what it printed."""
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    printed = run_program([sys.executable, "-c", code])
    clock, now = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime, printed


def in_turns(codes, repeats):
    """Run {name: code} in fresh processes by turns; return {name: list of what `fresh` returns}."""
    runs = {name: [] for name in codes}
    for _ in range(repeats):
        for name, code in codes.items():
            if not isinstance(runs[name], ProgramFailed):
                answer = attempt(name, lambda code=code: fresh(code))
                runs[name] = answer if isinstance(answer, ProgramFailed) else [*runs[name], answer]
    return runs
