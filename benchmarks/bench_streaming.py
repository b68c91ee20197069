"""How much memory and time a net, a GLM and folds of GLMs take on Parquet files, streamed and read whole.

Files hold 20 columns of numbers and an outcome of two classes, in row groups of 131,072 rows. Each fit runs
in a process of its own: memory is the most that the process held, less what it held after its imports; rows
a second count all passes: the first (levels, means and SDs), the epoch of a net, the iterations of a GLM.
"""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from programs import ProgramFailed, alone, attempt
from running import failed_row, read_command, timed, write

SIZES = {
    "net, one epoch": [200_000, 1_000_000, 4_000_000],
    "GLM": [200_000, 1_000_000, 4_000_000],
    "GLM in five folds": [1_000_000],
}
N_COLUMNS, ROW_GROUP, FOLDS = 20, 2**17, 5


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


def measure(what, way, path):
    """Fit in this process; return seconds and MiB above the imports."""
    import bineural as bn
    from bineural.comparing.compare import compare_models  # noqa: F401 (loads what a fit loads)
    from bineural.glm.estimators import fit_glm  # noqa: F401

    if what == "net, one epoch":
        from bineural._tensorflow import tf
        from bineural.nets.fitting_one import fit_net  # noqa: F401

        tf.zeros(1)

    def run():
        data = path if way == "streamed" else bn.load_dataset(path)
        if what == "net, one epoch":
            bn.fit_net("outcome ~ .", data, event="yes", epochs=1, batch_size=256, seed=1, verbose=0)
        elif what == "GLM":
            bn.fit_glm("outcome ~ .", data, event="yes")
        else:
            how = {"formula": "outcome ~ .", "event": "yes", "folds": FOLDS, "repeats": 1, "seed": 1}
            bn.compare_models(["glm"], data, **how)

    return timed(run, again=0)


def main():
    quick = read_command(__doc__, measure).quick
    heads = ["what", "rows", "file, MiB", "way", "memory above the imports, MiB", "seconds", "rows a second"]
    lines = {what: [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"] for what in SIZES}
    with tempfile.TemporaryDirectory() as folder:
        for n_rows in sorted({size for sizes in SIZES.values() for size in sizes}):
            path = Path(folder) / f"{n_rows}.parquet"
            write_file(path, n_rows)
            for what, sizes in SIZES.items():
                if n_rows not in sizes[: 1 if quick else None]:
                    continue
                for way in ("streamed", "in memory"):
                    run = partial(alone, "bench_streaming.py", what, way, path)
                    answer = attempt(way, run)
                    first = f"{what} | {n_rows:,} | {path.stat().st_size / 2**20:,.0f} | {way}"
                    if isinstance(answer, ProgramFailed):
                        lines[what].append(failed_row(first, answer, 5))
                        continue
                    seconds = answer["cold"]
                    lines[what].append(
                        f"| {first} | {answer['memory']:,.0f} | {seconds:.1f} | {n_rows / seconds:,.0f} |"
                    )
            path.unlink()
    tables = ["\n".join(rows) for rows in lines.values()]
    print("\n\n".join(tables))
    about = f"One epoch of the default net on {N_COLUMNS} columns, batches of 256, a fifth of the rows "
    about += "(streamed: at most a buffer) watched; a GLM of them; and that GLM compared with the null model "
    about += (
        f"over {FOLDS} folds, of whole row groups where rows are streamed. A GLM writes its prepared rows "
    )
    about += "to a temporary file. Rows a second include the first pass or the reading."
    if not quick:
        write("bench_streaming", "Rows beyond memory", about, tables)


if __name__ == "__main__":
    main()
