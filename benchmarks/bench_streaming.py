"""How much memory and time one epoch takes on Parquet files of growing size, streamed and read whole.

Files hold 20 columns of numbers and an outcome of two classes, in row groups of 131,072 rows. Each fit runs
in a process of its own: memory is the most that the process held, less what it held after its imports; rows
a second count the first pass (levels, means and SDs) and the epoch.
"""

import tempfile
from pathlib import Path

import numpy as np

from programs import ProgramFailed, alone, attempt
from running import failed_row, read_command, timed, write

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


def measure(way, path):
    """Fit one epoch in this process; return seconds and MiB above the imports."""
    import bineural as bn
    from bineural._tensorflow import tf
    from bineural.nets.fitting_one import fit_net  # noqa: F401 (loads what a fit loads)

    tf.zeros(1)

    def run():
        data = path if way == "streamed" else bn.load_dataset(path)
        bn.fit_net("outcome ~ .", data, event="yes", epochs=1, batch_size=256, seed=1, verbose=0)

    return timed(run, again=0)


def main():
    quick = read_command(__doc__, measure).quick
    heads = ["rows", "file, MiB", "way", "memory above the imports, MiB", "seconds", "rows a second"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    with tempfile.TemporaryDirectory() as folder:
        for n_rows in SIZES[: 1 if quick else None]:
            path = Path(folder) / f"{n_rows}.parquet"
            write_file(path, n_rows)
            for way in ("streamed", "in memory"):
                answer = attempt(way, lambda way=way, path=path: alone("bench_streaming.py", way, path))
                first = f"{n_rows:,} | {path.stat().st_size / 2**20:,.0f} | {way}"
                if isinstance(answer, ProgramFailed):
                    lines.append(failed_row(first, answer, 4))
                    continue
                seconds = answer["cold"]
                lines.append(
                    f"| {first} | {answer['memory']:,.0f} | {seconds:.1f} | {n_rows / seconds:,.0f} |"
                )
            path.unlink()
    table = "\n".join(lines)
    print(table)
    about = f"One epoch of the default net on {N_COLUMNS} columns, batches of 256, a fifth of the rows "
    about += "(streamed: at most a buffer) watched; rows a second include the first pass or the reading."
    if not quick:
        write("bench_streaming", "Rows beyond memory", about, [table])


if __name__ == "__main__":
    main()
