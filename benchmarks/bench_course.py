"""How long the topics of the course take to render, each alone and all together, in a fresh process each.

`--quick` renders one topic.
"""

import sys
import tempfile
import time

from bineural.course.topic import NAMES
from programs import ProgramFailed, attempt, run_program
from running import failed_row, read_command, write

ALL = "all of them, two at a time"
OWED = {"all topics of the course, all formats": "<= 360 s"}


def render(*topics):
    """Return the seconds that a fresh process takes."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run_program([sys.executable, "-m", "bineural", "course", *topics, "--directory", folder])
        return time.perf_counter() - begun


def main():
    quick = read_command(__doc__).quick
    jobs = {name: [name] for name in list(NAMES)[: 1 if quick else None]} | ({} if quick else {ALL: []})
    seconds = {name: attempt(name, lambda topics=topics: render(*topics)) for name, topics in jobs.items()}
    lines = ["| topic | seconds |", "|---|---|"]
    for name, taken in seconds.items():
        failed = isinstance(taken, ProgramFailed)
        lines.append(failed_row(name, taken, 2) if failed else f"| {name} | {taken:.0f} |")
    print("\n".join(lines))
    if not quick:
        whole = None if isinstance(seconds[ALL], ProgramFailed) else seconds[ALL]
        about = "Pages, slides, notebooks and scripts, in both languages."
        measured = {"all topics of the course, all formats": whole}
        write("bench_course", "Rendering the course", about, ["\n".join(lines)], measured)


if __name__ == "__main__":
    main()
