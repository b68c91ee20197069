"""How long the topics of the course take to render, each alone and all together, in a fresh process each.

Owed: all five topics with all formats in under 6 minutes on 2 cores.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bineural.course.topic import NAMES

OWED = 6 * 60


def seconds(*topics):
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "bineural", "course", *topics, "--directory", folder],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - start


def main():
    lines = ["# Rendering the course: pages, slides, notebooks and scripts, in both languages", ""]
    lines += ["| | seconds | owed |", "|---|---|---|"]
    lines += [f"| {name} | {seconds(name):.0f} | |" for name in NAMES]
    lines.append(f"| all of them, two at a time | {seconds():.0f} | under {OWED} |")
    table = "\n".join(lines) + "\n"
    print(table)
    Path(__file__).with_name("results").joinpath("bench_course.md").write_text(table)


if __name__ == "__main__":
    main()
