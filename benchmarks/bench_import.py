"""How long `import bineural` and `bineural --help` take, beside the libraries they leave alone.

Each line is the median over fresh processes of wall time, less that of a Python that imports nothing; the
processes of all lines take turns, so that a busy moment does not fall on one line.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

REPEATS = 11
PROGRAMS = {
    "import bineural": "import bineural",
    "bineural --help": "import sys; sys.argv = ['bineural', '--help']; from bineural.cli import main; main()",
    "bineural.sitrep()": "import bineural; bineural.sitrep()",
    "bineural.auroc(...)": "import bineural; bineural.auroc([0, 1], [0.1, 0.9])",
    "import numpy": "import numpy",
    "import pandas": "import pandas",
    "import sklearn.linear_model": "import sklearn.linear_model",
}
OWED = {"import bineural": 0.3, "bineural --help": 0.5}


def seconds(code):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main():
    times = {name: [] for name in ["Python alone", *PROGRAMS]}
    for _ in range(REPEATS):
        for name in times:
            times[name].append(seconds(PROGRAMS.get(name, "")))
    bare = statistics.median(times.pop("Python alone"))
    lines = [
        f"# Import times (medians of {REPEATS} fresh processes; Python alone, {bare:.3f} s, is taken off)",
        "",
        "| | seconds | from | to | owed |",
        "|---|---|---|---|---|",
    ]
    for name, values in times.items():
        low, middle, high = min(values) - bare, statistics.median(values) - bare, max(values) - bare
        owed = f"under {OWED[name]}" if name in OWED else ""
        lines.append(f"| `{name}` | {middle:.3f} | {low:.3f} | {high:.3f} | {owed} |")
    table = "\n".join(lines) + "\n"
    print(table)
    Path(__file__).with_name("results").joinpath("bench_import.md").write_text(table)


if __name__ == "__main__":
    main()
