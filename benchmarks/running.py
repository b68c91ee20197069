"""What all benchmarks share: the command line, seconds cold and warm, peak memory, tables and result files.

A program that failed (programs.py) is marked in its table. Result files, and the page README.md made from
them, are written by `write` alone.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import resource
import statistics
import sys
import time
from pathlib import Path

from programs import ProgramFailed, run_program

HERE = Path(__file__).resolve().parent
PACKAGES = ["TensorFlow", "Keras", "scikit-learn"]


# ---- the command line ----


def read_command(about, measure=None, **more):
    """Read a benchmark's command line; `--one ...` measures in this process, prints and ends it.

    Parameters
    ----------
    about : str
        The script's docstring.
    measure : callable, optional
        Called with the words after `--one`, which `alone` passes; returns what JSON can hold.
    **more : dict
        Options of the script's own, by name, as argparse takes them.

    Returns
    -------
    argparse.Namespace
        `quick`, and the options of the script's own.
    """
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="do the smallest part, print, write no file")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    for name, how in more.items():
        parser.add_argument(f"--{name}", **how)
    command = parser.parse_args()
    if command.one:
        print(json.dumps(measure(*command.one)))
        sys.exit()
    return command


# ---- time and memory ----


def timed(run, again=2, scale=1.0):
    """Time `run()` once cold and `again` times warm.

    Returns
    -------
    dict
        Seconds by the clock "cold" and "warm" (median), seconds of the processor "processor" (median of the
        warm runs, all threads), all times `scale`; "memory", MiB at the peak above what the process held
        before the first run; and what else `run` returned as a dict.
    """
    before, clock, processor, answer = resident(), [], [], None
    reset_peak()
    for _ in range(1 + again):
        begun = time.perf_counter(), time.process_time()
        answer = run()
        clock.append((time.perf_counter() - begun[0]) * scale)
        processor.append((time.process_time() - begun[1]) * scale)
    warm, busy = (statistics.median(seconds[1:] or seconds) for seconds in (clock, processor))
    figures = {"cold": clock[0], "warm": warm, "processor": busy, "memory": max(0.0, peak() - before)}
    return figures | (answer if isinstance(answer, dict) else {})


def resident():
    """Return the MiB that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def peak():
    """Return the most MiB that this process has held since it began or `reset_peak` was called."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 2**10


def reset_peak():
    """Let `peak` count from now, where the system allows it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


# ---- tables and files ----


def failed_row(program, failure, width):
    """Write the row of a program that failed, in a table of `width` columns."""
    reason = failure.reason.replace("|", "\\|")
    return f"| {program} | failed: {reason} |" + " |" * (width - 2)


def ratio(answers, program, first, key="warm"):
    """Return how many times the seconds of `first` a program took; None where one of the two failed."""
    if any(isinstance(answers.get(p), (ProgramFailed, type(None))) for p in (program, first)):
        return None
    return answers[program][key] / answers[first][key]


def comparison(title, answers, first, note="", more=None):
    """Write one problem's table, each program beside `first`.

    Parameters
    ----------
    answers : dict
        Program -> what `timed` returned, or ProgramFailed.
    more : dict, optional
        Heading of a further column -> function that makes a program's cell of its answer.
    """
    more = more or {}
    heads = ["program", "cold, s", "warm, s", f"cold / {first}", f"warm / {first}", "peak memory, MiB", *more]
    lines = [f"## {title}", "", *([note, ""] if note else [])]
    lines += [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for program, answer in answers.items():
        if isinstance(answer, ProgramFailed):
            lines.append(failed_row(program, answer, len(heads)))
            continue
        ratios = [ratio(answers, program, first, key) for key in ("cold", "warm")]
        cells = [program, f"{answer['cold']:.3f}", f"{answer['warm']:.3f}"]
        cells += ["" if r is None else f"{r:.1f}" if r >= 1 else f"{r:.2g}" for r in ratios]
        cells += [f"{answer['memory']:.0f}", *(cell(answer) for cell in more.values())]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def find_commit():
    """Name the commit of this checkout, and say whether files other than results differ from it."""
    git = ["git", "--no-optional-locks", "-C", str(HERE.parent)]
    made = [":!benchmarks/results", ":!benchmarks/README.md"]
    try:
        commit = run_program([*git, "rev-parse", "--short", "HEAD"]).strip()
        changed = run_program([*git, "status", "--porcelain", "--", ":/", *made]).strip()
    except ProgramFailed:
        return "unknown"
    return f"{commit} (with changes)" if changed else commit


COMMIT = find_commit()  # when the script begins, not when it ends


def describe_run():
    """Say at which commit, when, on which machine and with which versions."""
    from bineural.versions import package_version

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = f"{os.cpu_count()} cores ({platform.machine()})"
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{package} {package_version(package.lower()) or 'not installed'}" for package in PACKAGES]
    return (
        f"Commit {COMMIT}, {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}; {cores}, {memory:.0f} GiB, "
        f"load {os.getloadavg()[0]:.1f} at the end; {', '.join(versions)}."
    )


def write(name, title, about, parts, measured=None):
    """Write benchmarks/results/<name>.md, and the page benchmarks/README.md anew.

    Parameters
    ----------
    measured : dict of str to float or str, optional
        What was measured of each row that the script's OWED names; None where a program failed.
    """
    import page

    script = page.read_script(HERE / f"{name}.py")
    head = f"# {title}\n\nWritten by `benchmarks/{name}.py`. {describe_run()}\n\n{about}".rstrip()
    owed = [page.owed_table(script.owed, measured or {})] if script.owed else []
    (HERE / "results" / f"{name}.md").write_text("\n\n".join([head, *owed, *parts]) + "\n")
    page.write_page()
