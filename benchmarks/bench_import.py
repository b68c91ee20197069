"""How long `import bineural` and `bineural --help` take, beside the libraries they leave alone.

Each line is the median over fresh processes of wall time, less that of a Python that imports nothing; the
processes of all lines take turns, so that a busy moment does not fall on one line.
"""

import statistics

from programs import ProgramFailed, in_turns
from running import failed_row, read_command, write

PROGRAMS = {
    "Python alone": "",
    "import bineural": "import bineural",
    "bineural --help": "import sys; sys.argv = ['bineural', '--help']; from bineural.cli import main; main()",
    "bineural.sitrep()": "import bineural; bineural.sitrep()",
    "bineural.auroc(...)": "import bineural; bineural.auroc([0, 1], [0.1, 0.9])",
    "import numpy": "import numpy",
    "import pandas": "import pandas",
    "import sklearn.linear_model": "import sklearn.linear_model",
}
OWED = {"import bineural": "<= 0.3 s", "bineural --help": "<= 0.5 s"}


def main():
    quick = read_command(__doc__).quick
    repeats = 2 if quick else 11
    runs = in_turns(PROGRAMS, repeats)
    bare = statistics.median(clock for clock, _, _ in runs.pop("Python alone"))
    lines, measured = ["| | seconds | from | to |", "|---|---|---|---|"], {}
    for name, answers in runs.items():
        if isinstance(answers, ProgramFailed):
            lines.append(failed_row(f"`{name}`", answers, 4))
            continue
        seconds = [clock - bare for clock, _, _ in answers]
        middle = statistics.median(seconds)
        lines.append(f"| `{name}` | {middle:.3f} | {min(seconds):.3f} | {max(seconds):.3f} |")
        if name in OWED:
            measured[name] = middle
    print("\n".join(lines))
    about = f"Medians of {repeats} fresh processes; Python alone, {bare:.3f} s, is taken off."
    if not quick:
        write("bench_import", "Import times", about, ["\n".join(lines)], measured)


if __name__ == "__main__":
    main()
