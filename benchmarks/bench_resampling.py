"""How long a hundred small nets take as one stack, beside loops of Keras' `fit`, scikit-learn and PyTorch.

Same rows, layout (dense, ReLU), Adam, batch size and epochs; each program in a process of its own, imports
not counted. Cold is the first run of the process with tracing and compiling, warm the median of the next
two. Keras is timed on a few fits (after none: each of its fits compiles) and scaled to all; PyTorch is left
out where it is not installed (BINEURAL_TORCH_PYTHON names a Python that has it).
`python benchmarks/bench_resampling.py` writes benchmarks/results/bench_resampling.md; `--quick` runs the
first problem only and prints.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from running import TORCH_PYTHON, torch_version

HERE = Path(__file__).resolve().parent
PROBLEMS = {  # rows, columns, hidden units, replicas, epochs, batch, fits of Keras
    "kyphosis, batch 32": (81, 3, (32, 16), 100, 100, 32, 4),
    "10,000 x 20, batch 32": (10_000, 20, (32, 16), 50, 2, 32, 4),
    "10,000 x 20, batch 256": (10_000, 20, (32, 16), 50, 5, 256, 4),
}
PROGRAMS = ["bineural", "bineural, early stopping", "Keras", "scikit-learn", "scikit-learn, 2 processes"]
PROGRAMS += ["PyTorch"] if torch_version() else []


def make_rows(problem):
    """Return x, y and the training rows of each replica (nine tenths)."""
    n, p, _, replicas, *_ = PROBLEMS[problem]
    rng = np.random.default_rng(2019)
    x = rng.normal(size=(n, p)).astype(np.float32)
    if n == 81:
        from bineural import load_dataset

        data = load_dataset("kyphosis")
        x = data[["Age", "Number", "Start"]].to_numpy(float)
        x = ((x - x.mean(0)) / x.std(0)).astype(np.float32)
        y = (data["Kyphosis"] == "present").to_numpy().astype(np.float32)
    else:
        y = (x[:, 0] + x[:, 1] * x[:, 2] + rng.normal(size=n) > 0).astype(np.float32)
    return x, y, [np.sort(rng.permutation(n)[: n * 9 // 10]) for _ in range(replicas)]


def keras_net(p, units):
    from bineural._tensorflow import keras

    hidden = [keras.layers.Dense(u, activation="relu") for u in units]
    return keras.Sequential([keras.Input((p,)), *hidden, keras.layers.Dense(1)])


def run_bineural(problem, stopping=False):
    from bineural.training import train_stack

    _, p, units, replicas, epochs, batch, _ = PROBLEMS[problem]
    x, y, rows = make_rows(problem)
    more = {}
    if stopping:
        held = [np.setdiff1d(np.arange(len(y)), r) for r in rows]
        more = {"validation": held, "patience": 10}
    net = keras_net(p, units)

    def run():
        options = {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch, **more}
        found = train_stack(net, x, y, seeds=range(replicas), rows=rows, **options)
        return sum(f.epochs_run for f in found) / (replicas * epochs)

    return timed(run)


def run_keras(problem):
    from bineural._tensorflow import keras

    _, p, units, replicas, epochs, batch, fits = PROBLEMS[problem]
    x, y, rows = make_rows(problem)

    def run():
        for r in rows[:fits]:
            net = keras_net(p, units)
            net.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
            net.fit(x[r], y[r], epochs=epochs, batch_size=batch, verbose=0)
        return 1.0

    return {k: v * replicas / fits for k, v in timed(run, again=0).items() if k != "share"} | {"share": 1.0}


def fit_sklearn(x, y, units, epochs, batch):
    import warnings

    from sklearn.neural_network import MLPClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        MLPClassifier(units, batch_size=batch, max_iter=epochs, tol=0, n_iter_no_change=10**6, alpha=0).fit(
            x, y
        )


def run_sklearn(problem, jobs=1):
    from joblib import Parallel, delayed

    _, _, units, _, epochs, batch, _ = PROBLEMS[problem]
    x, y, rows = make_rows(problem)
    fit = delayed(fit_sklearn)

    def run():
        Parallel(n_jobs=jobs)(fit(x[r], y[r], units, epochs, batch) for r in rows)
        return 1.0

    return timed(run)


def run_torch(problem):
    import torch

    _, p, units, _, epochs, batch, _ = PROBLEMS[problem]
    x, y, rows = make_rows(problem)
    torch.set_num_threads(1)
    loss = torch.nn.BCEWithLogitsLoss()

    def run():
        for r in rows:
            sizes = [p, *units]
            inner = [m for a, b in zip(sizes, units) for m in (torch.nn.Linear(a, b), torch.nn.ReLU())]
            net = torch.nn.Sequential(*inner, torch.nn.Linear(sizes[-1], 1))
            step = torch.optim.Adam(net.parameters())
            tx, ty = torch.from_numpy(x[r]), torch.from_numpy(y[r])
            for _ in range(epochs):
                for chosen in torch.randperm(len(r)).split(batch):
                    step.zero_grad()
                    loss(net(tx[chosen])[:, 0], ty[chosen]).backward()
                    step.step()
        return 1.0

    return timed(run)


def timed(run, again=2):
    """Return seconds of the first run, of later ones, and the share of the epochs that were run."""
    seconds = []
    for _ in range(1 + again):
        begun = time.perf_counter()
        share = run()
        seconds.append(time.perf_counter() - begun)
    return {"cold": seconds[0], "warm": statistics.median(seconds[1:] or seconds), "share": share}


def measure(program, problem):
    """Return the timings of one program in this process."""
    return {
        "bineural": lambda: run_bineural(problem),
        "bineural, early stopping": lambda: run_bineural(problem, stopping=True),
        "Keras": lambda: run_keras(problem),
        "scikit-learn": lambda: run_sklearn(problem),
        "scikit-learn, 2 processes": lambda: run_sklearn(problem, jobs=2),
        "PyTorch": lambda: run_torch(problem),
    }[program]()


def table(problem, found):
    """Write one problem's table."""
    ours = found["bineural"]
    lines = [
        f"## {problem}",
        "",
        "| program | cold, s | warm, s | cold / bineural | warm / bineural | epochs run |",
    ]
    lines += ["|---|---|---|---|---|---|"]
    for program, t in found.items():
        ratios = f"{t['cold'] / ours['cold']:.1f} | {t['warm'] / ours['warm']:.1f}"
        lines.append(f"| {program} | {t['cold']:.2f} | {t['warm']:.2f} | {ratios} | {t['share']:.0%} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(*arguments.one)))
        return
    parts = []
    for problem in list(PROBLEMS)[: 1 if arguments.quick else None]:
        found = {}
        for program in PROGRAMS:
            python = TORCH_PYTHON if program == "PyTorch" else sys.executable
            command = [python, str(HERE / "bench_resampling.py"), "--one", program, problem]
            environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "python"), "OMP_NUM_THREADS": "1"}
            out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
            found[program] = json.loads(out.splitlines()[-1])
        parts.append(table(problem, found))
        print(parts[-1], flush=True)
    head = (
        "# Many nets at once\n\nWritten by `benchmarks/bench_resampling.py` with "
        f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} at the end. "
        "Keras is timed on 4 fits and scaled to all. Nets p-32-16-1, Adam; nine tenths of the rows each."
    )
    if not arguments.quick:
        (HERE / "results" / "bench_resampling.md").write_text("\n\n".join([head, *parts]) + "\n")


if __name__ == "__main__":
    main()
