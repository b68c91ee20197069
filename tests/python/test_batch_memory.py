"""Rows in batches need no more memory than a few blocks of them, by a limit that the shell sets."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

N_ROWS, N_COLUMNS, ROW_GROUP = 1_200_000, 20, 2**16
ALLOWED = (
    300 * 2**10
)  # KiB above what the same work takes on few rows; the rows alone are 188 MiB, twice held
WORK = {
    "glm": "bn.fit_glm('outcome ~ .', data, event='yes')",
    "net": "bn.fit_net('outcome ~ .', data, event='yes', epochs=1, units=4, batch_size=1024, seed=1)",
    "folds": "bn.compare_models(['glm'], data, outcome='outcome', event='yes', folds=3, repeats=1, seed=1)",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write a folder of many rows, and one of few."""
    rng, folder = np.random.default_rng(4), tmp_path_factory.mktemp("rows")
    for name, n_rows in {"many": N_ROWS, "few": 4_000}.items():
        (folder / name).mkdir()
        writer, size = None, min(ROW_GROUP, n_rows // 4)
        for begin in range(0, n_rows, size):
            x = rng.normal(size=(min(size, n_rows - begin), N_COLUMNS))
            event = x[:, 0] + rng.logistic(size=len(x)) > 0
            columns = {f"x{i}": x[:, i] for i in range(N_COLUMNS)}
            table = pa.table({**columns, "outcome": np.where(event, "yes", "no")})
            writer = writer or parquet.ParquetWriter(folder / name / "a.parquet", table.schema)
            writer.write_table(table)
        writer.close()
    return folder


def run(work, data, limit="unlimited"):
    """Do the work in a process of its own under `ulimit -v`; return its exit status and the peak in KiB."""
    code = "import sys, bineural as bn\nfrom pathlib import Path\ndata = " + data + "\n" + WORK[work]
    code += "\nprint([line.split()[1] for line in open('/proc/self/status') if line.startswith('VmPeak')][0])"
    where = {"PYTHONPATH": str(Path(__file__).parents[2] / "python"), "MALLOC_ARENA_MAX": "1"}
    command = ["bash", "-c", f'ulimit -v {limit} && exec "$@"', "bash", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | where, timeout=1800)
    return done.returncode, int(done.stdout.split()[-1]) if done.returncode == 0 else done.stderr


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's account of a process")
@pytest.mark.parametrize("work", WORK)
def test_many_rows_fit_under_a_limit_that_they_would_break_in_memory(folder, work):
    status, peak = run(work, f"Path({str(folder / 'few')!r})")
    assert status == 0, peak
    limit = peak + ALLOWED
    status, found = run(work, f"Path({str(folder / 'many')!r})", limit)
    assert status == 0, found
    whole = f"bn.load_dataset({str(folder / 'many' / 'a.parquet')!r})"
    status, said = run(work, whole, limit)
    assert status != 0 and any(word in said for word in ("MemoryError", "alloc", "memory")), said
