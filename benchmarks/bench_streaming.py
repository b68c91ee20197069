"""How much memory and time one epoch takes on Parquet files of growing size, streamed and read whole.

Files hold 20 columns of numbers and an outcome of two classes, in row groups of 131,072 rows. Each fit runs
in a process of its own: memory is the most that the process held, less what it held after its imports; rows
a second count the first pass (levels, means and SDs) and the epoch. `python benchmarks/bench_streaming.py`
writes benchmarks/results/bench_streaming.md; `--quick` runs the smallest file only and prints.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SIZES = [200_000, 1_000_000, 4_000_000]
N_COLUMNS, ROW_GROUP = 20, 2**17


def write_file(path, n_rows):
    """Write a file of `n_rows`, one row group at a time."""
    import pyarrow as pa
    from pyarrow import parquet

    rng, writer = np.random.default_rng(2019), None
    for begin in range(0, n_rows, ROW_GROUP):
        x = rng.normal(size=(min(ROW_GROUP, n_rows - begin), N_COLUMNS))
        event = x[:, 0] + x[:, 1] * x[:, 2] + rng.logistic(size=len(x)) > 0
        columns = {f"x{i}": x[:, i] for i in range(N_COLUMNS)}
        table = pa.table({**columns, "outcome": np.where(event, "yes", "no")})
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


def measure(path, n_rows, way):
    """Fit one epoch here; return MB above the imports, seconds and rows a second."""
    import bineural as bn
    from bineural._tensorflow import tf
    from bineural.nets.fitting_one import fit_net  # noqa: F401 (loads what a fit loads)

    tf.zeros(1)
    held = resident()
    begun = time.perf_counter()
    data = path if way == "streamed" else bn.load_dataset(path)
    options = {"event": "yes", "epochs": 1, "batch_size": 256, "seed": 1, "verbose": 0}
    bn.fit_net("outcome ~ .", data, **options)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"mb": peak - held, "seconds": seconds, "rate": n_rows / seconds}


def resident():
    """Return the memory this process holds now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def in_own_process(*arguments):
    """Run this script for one measurement."""
    command = [sys.executable, __file__, "--measure", *map(str, arguments)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(found.stdout.splitlines()[-1])


def write_table(lines):
    head = f"""# Rows beyond memory

Written by `benchmarks/bench_streaming.py` with {os.cpu_count()} cores ({platform.machine()}), load \
{os.getloadavg()[0]:.1f} at the end. One epoch of the default net on {N_COLUMNS} columns, batches of 256, a \
fifth of the rows (streamed: at most a buffer) watched; rows a second include the first pass or the reading.

| rows | file, MB | way | memory above the imports, MB | seconds | rows a second |
|---|---|---|---|---|---|
"""
    return head + "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--measure", nargs=3)
    arguments = parser.parse_args()
    if arguments.measure:
        path, n_rows, way = arguments.measure
        print(json.dumps(measure(path, int(n_rows), way)))
        return
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for n_rows in SIZES[:1] if arguments.quick else SIZES:
            path = Path(folder) / f"{n_rows}.parquet"
            write_file(path, n_rows)
            for way in ("streamed", "in memory"):
                found = in_own_process(path, n_rows, way)
                lines.append(
                    f"| {n_rows:,} | {path.stat().st_size / 2**20:,.0f} | {way} | {found['mb']:,.0f} "
                    f"| {found['seconds']:.1f} | {found['rate']:,.0f} |"
                )
                print(lines[-1], flush=True)
            path.unlink()
    if not arguments.quick:
        (HERE / "results/bench_streaming.md").write_text(write_table(lines))


if __name__ == "__main__":
    main()
