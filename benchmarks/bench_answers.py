"""Seconds until a wrong value is refused: every argument of every public function, in Python and in R.

The calls are those of `tests/python/bad_input.py` and of `tests/testthat/test-bad-input.R`; calls that are
listed there as accepted are left out, since they may be a whole training. A call that takes over half a
second is made once more, and the second is taken: the first may have loaded TensorFlow or traced a graph.
"""

import contextlib
import csv
import io
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

from programs import run_program
from running import read_command, write

ROOT = Path(__file__).resolve().parents[1]
OWED = {"slowest refusal, Python": "<= 1 s", "slowest refusal, R": "<= 1 s"}
AGAIN = 0.5
SHOWN = 5


def python_answers(quick):
    """Return (seconds, call) of every refusal."""
    sys.path.insert(0, str(ROOT / "tests" / "python"))
    from bad_input import BAD, CALLS, Made, apart, arguments_of, call
    from bineural.errors import InputError
    from test_bad_input import ACCEPTED, SLOW

    def seconds(made, name, argument, bad):
        begun = time.perf_counter()
        with contextlib.suppress(Exception), apart(), contextlib.redirect_stdout(io.StringIO()):
            try:
                call(made, name, **{argument: BAD[bad]()})
            except InputError:
                return time.perf_counter() - begun
        return None

    answers = []
    names = sorted(set(CALLS) - SLOW)[:: 20 if quick else 1]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Made(Path(folder))
        for name in names:
            for argument in arguments_of(name):
                for bad in set(BAD) - set(ACCEPTED.get(name, {}).get(argument, [])):
                    taken = seconds(made, name, argument, bad)
                    if taken is not None and taken > AGAIN:
                        taken = seconds(made, name, argument, bad)
                    if taken is not None:
                        answers.append((taken, f"{name}({argument} = {bad})"))
    return answers


def r_answers(quick):
    """Return (seconds, call) of every refusal in R."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        asked = "auroc,fit_glm" if quick else "1"
        settings = [f"BINEURAL_LONG={asked}", f"BINEURAL_ANSWERS={path}"]
        run_program(["env", *settings, "Rscript", "--vanilla", str(ROOT / "tools" / "test_r.R"), "bad-input"])
        with path.open() as lines:
            rows = list(csv.DictReader(lines))
    return [
        (float(row["seconds"]), f"{row['name']}({row['argument']} = {row['value']})")
        for row in rows
        if row["verdict"] == "refused"
    ]


def section(language, answers):
    """Write the table of one language."""
    answers = sorted(answers, reverse=True)
    times = [seconds for seconds, _ in answers]
    lines = [
        f"## {language}",
        "",
        "| refusals | median, s | 99th of 100, s | over 1 s |",
        "|---|---|---|---|",
        f"| {len(times)} | {statistics.median(times):.4f} | {statistics.quantiles(times, n=100)[98]:.3f} "
        f"| {sum(seconds > 1 for seconds in times)} |",
        "",
        "| slowest | s |",
        "|---|---|",
        *(f"| `{call}` | {seconds:.2f} |" for seconds, call in answers[:SHOWN]),
    ]
    return "\n".join(lines)


def main():
    """Time the refusals of both languages and write the table."""
    command = read_command(__doc__)
    answers = {"Python": python_answers(command.quick), "R": r_answers(command.quick)}
    measured = {f"slowest refusal, {name}": max(times)[0] for name, times in answers.items()}
    parts = [section(name, times) for name, times in answers.items()]
    print("\n\n".join(parts))
    if not command.quick:
        about = "Refusals in three sentences of a wrong value for one argument, all others right."
        write("bench_answers", "Seconds until a wrong value is refused", about, parts, measured)


if __name__ == "__main__":
    main()
