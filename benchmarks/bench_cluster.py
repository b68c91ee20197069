"""How much of two workers' time goes into nets: chunks by loky, Dask and Ray beside one process.

The same nets of made-up rows (64 and 32 units, batches of 256), by `fit_nets`, which hears of the backend by
`joblib.parallel_config` alone; each program in a process of its own, Ray's cluster of two nodes
with a processor each. Every process has one thread for TensorFlow. Cold is the first call, in which workers
start TensorFlow and compile; warm the median of the next three. Efficiency is the time of one process over
twice that of two workers. By the processor it is the seconds of one process over twice those of the worker
that took more: what two free cores would give, also where the machine is not quiet.
"""

import contextlib
import os
import statistics
import time

from peers import made_up_rows
from programs import ProgramFailed, alone_each
from running import failed_row, read_command, write

ONE = "one process"
WARM = 3  # calls after the first
PROGRAMS = [ONE, "loky", "Dask", "Ray"]
SIZES = {  # rows, columns, folds, seeds, epochs
    "small chunks": (1_000, 10, 5, 2, 5),
    "large chunks": (20_000, 20, 10, 4, 50),
}
DASK = (
    "What bounds Dask: a worker's event loop takes .5 of 10 seconds, and up to 1 goes into memory that its "
    "nanny has malloc give back at once (MALLOC_TRIM_THRESHOLD_; .5 s less without that); the scheduler "
    "takes another 1 on the same two cores."
)
OWED = {
    "large chunks: loky, cold, by the clock": "reported",
    "large chunks: loky, cold, by the processor": "reported",
    "large chunks: loky, warm, by the clock": ">= 0.9",
    "large chunks: loky, warm, by the processor": ">= 0.9",
    "large chunks: Dask, cold, by the clock": "reported",
    "large chunks: Dask, cold, by the processor": "reported",
    "large chunks: Dask, warm, by the clock": ">= 0.9",
    "large chunks: Dask, warm, by the processor": ">= 0.9",
    "large chunks: Ray, cold, by the clock": "reported",
    "large chunks: Ray, cold, by the processor": "reported",
    "large chunks: Ray, warm, by the clock": ">= 0.9",
    "large chunks: Ray, warm, by the processor": ">= 0.9",
}


@contextlib.contextmanager
def backend(program):
    """Let joblib use the program's two workers."""
    import joblib

    if program == "loky":
        with joblib.parallel_config("loky", n_jobs=2, inner_max_num_threads=1):
            yield
    elif program == "Dask":
        from distributed import Client, LocalCluster

        options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
        with LocalCluster(**options) as cluster, Client(cluster), joblib.parallel_config("dask"):
            yield
    elif program == "Ray":
        import ray
        from ray.cluster_utils import Cluster
        from ray.util.joblib import register_ray

        os.environ.update(RAY_worker_niceness="0")  # as the others' workers; 15 by itself
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        cluster.add_node(num_cpus=1)
        ray.init(address=cluster.address, log_to_driver=False)
        register_ray()
        with joblib.parallel_config("ray", n_jobs=2):
            yield
        ray.shutdown()
        cluster.shutdown()
    else:
        yield


def processor_seconds():
    """Return the seconds of the processor that this process and each that it started has taken, by number."""
    import psutil

    here, seconds = psutil.Process(), {}
    for process in [here, *here.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            seconds[process.pid] = sum(process.cpu_times()[:2])
    return seconds


def measure(program, size):
    from bineural.workers import calls

    calls._share_cores()  # this process has OMP_NUM_THREADS=1, as workers do
    import pandas as pd

    import bineural as bn

    n_rows, n_columns, folds, n_seeds, epochs = SIZES[size]
    x, y = made_up_rows(n_rows, n_columns)
    data = pd.DataFrame(x, columns=[f"x{i}" for i in range(n_columns)]).assign(y=y.astype(int))
    made = bn.make_folds(data, folds=folds, seed=1)
    options = {"units": (64, 32), "epochs": epochs, "patience": None, "validation": None, "l2": 1e-4}
    options |= {"ensemble": 1, "architecture": "mlp", "numbers": "plain", "batch_size": 256, "event": 1}
    with backend(program):
        calls_made = []
        for _ in range(1 + WARM):
            before, begun = processor_seconds(), time.perf_counter()
            fits = bn.fit_nets("y ~ .", data, made, seeds=list(range(n_seeds)), verbose=0, **options)
            clock, after = time.perf_counter() - begun, processor_seconds()
            spent = {pid: seconds - before.get(pid, 0.0) for pid, seconds in after.items()}
            here = spent.pop(os.getpid())
            workers = sorted(spent.values())[-2:] if program != ONE else [here]
            calls_made.append({"clock": clock, "processor": max(workers), "here": here})
    cold, *warm = calls_made
    answer = {"cold": cold, "warm": {by: statistics.median(each[by] for each in warm) for by in cold}}
    return answer | {"loss": float(fits.table["loss"].mean()), "n_nets": len(fits)}


def efficiency(answers, program, when, by):
    """Return the time of one process over twice that of two workers; None where one of them failed."""
    if any(isinstance(answers[name], ProgramFailed) for name in (ONE, program)):
        return None
    return answers[ONE][when][by] / (2 * answers[program][when][by])


def table(size, answers):
    heads = ["workers", "cold, s", "warm, s", "processor of the busier one, cold and warm, s"]
    heads += ["efficiency cold", "warm", "by the processor cold", "warm", "mean loss"]
    lines = [f"## {size}: {SIZES[size]}", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for program, answer in answers.items():
        if isinstance(answer, ProgramFailed):
            lines.append(failed_row(program, answer, len(heads)))
            continue
        cells = [program, *(f"{answer[when]['clock']:.1f}" for when in ("cold", "warm"))]
        cells.append(", ".join(f"{answer[when]['processor']:.1f}" for when in ("cold", "warm")))
        for by in ("clock", "processor"):
            shares = [efficiency(answers, program, when, by) for when in ("cold", "warm")]
            cells += ["" if program == ONE or share is None else f"{share:.2f}" for share in shares]
        cells.append(f"{answer['loss']:.7f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    quick, parts, measured = read_command(__doc__, measure).quick, [], {}
    for size in list(SIZES)[: 1 if quick else None]:
        answers = alone_each("bench_cluster.py", PROGRAMS, size, threads=1)
        parts.append(table(size, answers))
        for program in PROGRAMS[1:]:
            for when in ("cold", "warm"):
                for by in ("clock", "processor"):
                    work = f"{size}: {program}, {when}, by the {by}"
                    if work in OWED:
                        measured[work] = efficiency(answers, program, when, by)
        print(parts[-1], flush=True)
    about = "Rows, columns, folds, seeds and epochs stand behind each title. "
    about += "The busier worker is that which took more processor time; one process is the whole stack. "
    about += DASK
    if not quick:
        write("bench_cluster", "Two workers beside one process", about, parts, measured)


if __name__ == "__main__":
    main()
