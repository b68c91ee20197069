"""How long one logistic GLM and 10 x 10 folds of it take beside R, statsmodels and scikit-learn.

Each program runs in a process of its own on the same rows, one after another, and gives the median of several
fits; the order is repeated in rounds so that a busy moment does not fall on one of them. Ratios are taken of
processor time, all threads together, which other work on the machine blurs less than time by the clock.
Memory is the growth of the process's peak over the rows it holds. R's `glm` and scikit-learn stop by their
own rules (scikit-learn: C = inf, newton-cholesky). Needs R with rsample and rpart, and statsmodels.
`python benchmarks/bench_glm.py` writes benchmarks/results/bench_glm.md; `--quick` stops at 1e5 rows and
prints.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SIZES = [(81, 3, 5), (100_000, 20, 3), (1_000_000, 20, 1)]  # rows, columns, fits of each round
PROGRAMS = ["bineural", "scikit-learn", "statsmodels"]
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def make_rows(folder, n_rows, n_columns):
    """Write made-up rows as raw doubles: x by columns for R, by rows for Python."""
    rng = np.random.default_rng(1972)
    x = rng.normal(size=(n_rows, n_columns))
    line = x @ (rng.normal(size=n_columns) / np.sqrt(n_columns)) - 0.5
    y = (rng.random(n_rows) < 1 / (1 + np.exp(-line))).astype(float)
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", y)
    x.ravel(order="F").tofile(folder / "x.bin")
    y.tofile(folder / "y.bin")


def fitter(program):
    """Give the function that fits and returns the deviance or None."""
    if program == "bineural":
        from bineural.irls import fit_irls

        return lambda x, y: fit_irls(x, y).deviance
    if program == "scikit-learn":
        from sklearn.linear_model import LogisticRegression

        def fit_sklearn(x, y):
            LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8).fit(x, y)

        return fit_sklearn
    import statsmodels.api as sm

    def fit_statsmodels(x, y):
        return float(
            sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit(tol=0, rtol=1e-8).deviance
        )

    return fit_statsmodels


def peak_mb():
    """Largest memory this process has held, in MB."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def work(program, folder, fits):
    """Inside a process of its own: time one program and print one line of JSON."""
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    fit = fitter(program)
    fit(x[:81, :3].copy(), np.arange(81) % 2 * 1.0)  # imports and first calls
    before = peak_mb()
    inner = 200 if len(y) < 1000 else 1
    times = []
    for turn in range(fits):
        start = time.perf_counter(), time.process_time()
        for _ in range(inner):
            deviance = fit(x, y)
        times.append(((time.perf_counter() - start[0]) / inner, (time.process_time() - start[1]) / inner))
        if turn == 0:
            memory = peak_mb() - before
    median = [statistics.median(column) for column in zip(*times)]
    print(json.dumps({program: median, "memory": memory, "deviance": deviance}))


def work_folds(rounds):
    """Inside a process of its own: time 10 x 10 folds of the kyphosis GLM, drawing the folds included."""
    from bineural.data.datasets import load_dataset
    from bineural.irls import fit_irls, fit_irls_batched

    data = load_dataset("kyphosis")
    x = data[["Age", "Number", "Start"]].to_numpy(dtype=float)
    y = (data["Kyphosis"] == "present").to_numpy(dtype=float)
    rng = np.random.default_rng(1)
    drawn, ready, looped = [], [], []
    for _ in range(rounds + 1):
        start = time.process_time()
        fold = np.stack([rng.permutation(81) % 10 for _ in range(10)])
        weights = (fold[:, None, :] != np.arange(10)[:, None]).reshape(100, 81).astype(float)
        middle = time.process_time()
        batch = fit_irls_batched(x, y, weights)
        end = time.process_time()
        drawn.append(end - start)
        ready.append(end - middle)
        coefs = [fit_irls(x[w > 0], y[w > 0]).coef for w in weights]
        looped.append(time.process_time() - end)
        assert np.allclose(batch.coef, coefs, rtol=1e-9)
    median = [statistics.median(times[1:]) for times in (drawn, ready, looped)]
    print(
        json.dumps(
            dict(
                zip(["bineural, drawing the folds", "bineural, ready folds", "bineural, one by one"], median)
            )
        )
    )


def ask(command, one_thread=True):
    """Run a program and read the last line it prints."""
    environment = os.environ | (ONE_THREAD if one_thread else {})
    paths = [str(HERE.parent / "python"), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare_fits(n_rows, n_columns, fits, rounds):
    """Median seconds and memory of each program over all rounds."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_rows(folder, n_rows, n_columns)
        for _ in range(rounds):
            for program in PROGRAMS:
                answer = ask([sys.executable, __file__, "--work", program, name, str(fits)])
                found.setdefault(program, []).append((*answer[program], answer["memory"], answer["deviance"]))
            answer = ask(["Rscript", str(HERE / "bench_glm.R"), name, str(n_rows), str(n_columns), str(fits)])
            for program in ("R glm", "R glm.fit"):
                memory = answer["memory"] if program == "R glm" else None
                found.setdefault(program, []).append((*answer[program], memory, answer["deviance"]))
    deviance = found["bineural"][0][3]
    assert all(abs(v[0][3] - deviance) < 1e-7 * deviance for v in found.values() if v[0][3] is not None)
    return {program: summary(values) for program, values in found.items()}


def summary(values):
    """Median clock and processor time, and the largest memory or None."""
    clock, processor, memory, _ = zip(*values)
    return statistics.median(clock), statistics.median(processor), None if memory[0] is None else max(memory)


def compare_folds(rounds):
    """Seconds for 10 x 10 folds of the kyphosis GLM."""
    ours = ask([sys.executable, __file__, "--work-folds", str(10 * rounds)])
    return ours | ask(["Rscript", str(HERE / "bench_folds.R"), str(2 * rounds + 1)])


def seconds(value):
    """Write seconds with a unit that suits them."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.3g} ms"


def promise(text, kept):
    """Write whether a promise was kept."""
    return f"- {text} ({'kept' if kept else 'NOT kept'})"


def report(sizes, folds, rounds):
    """Write the tables as Markdown."""
    lines = [
        "# One logistic GLM, and 100 of them",
        "",
        f"Written by `benchmarks/bench_glm.py` with {os.cpu_count()} cores ({platform.machine()}), load "
        f"{os.getloadavg()[0]:.1f} at the end, medians of {rounds} rounds. "
        "Every program holds its matrix library to one thread; bineural adds its own row threads. "
        "Ratios matter, absolute times depend on the machine.",
    ]
    for (n_rows, n_columns), found in sizes.items():
        ours = found["bineural"][1]
        lines += ["", f"## {n_rows:,} rows x {n_columns} columns and an intercept", ""]
        lines += [
            "| program | by the clock | processor | times bineural | extra memory, MB |",
            "|---" * 5 + "|",
        ]
        for program, (clock, processor, memory) in found.items():
            extra = "" if memory is None else f"{memory:.0f}"
            ratio = f"{processor / ours:.1f}"
            lines.append(f"| {program} | {seconds(clock)} | {seconds(processor)} | {ratio} | {extra} |")
    ours = folds["bineural, drawing the folds"]
    lines += [
        "",
        "## 10 x 10 folds of the kyphosis GLM (81 rows)",
        "",
        "| program | processor | times bineural |",
        "|---|---|---|",
    ]
    lines += [f"| {program} | {seconds(taken)} | {taken / ours:.1f} |" for program, taken in folds.items()]
    large = sizes.get((1_000_000, 20))
    lines += ["", "## What was promised", ""]
    if large:
        ratio, memory = large["R glm"][1] / large["bineural"][1], large["bineural"][2]
        lines.append(promise(f"at least 10 times R's glm at 1e6 x 20: {ratio:.1f} times", ratio >= 10))
        lines.append(promise(f"under 50 MB extra there: {memory:.0f} MB", memory < 50))
    ratio = folds["rsample + glm"] / ours
    lines.append(promise(f"at least 50 times rsample + glm on 10 x 10 folds: {ratio:.0f} times", ratio >= 50))
    return "\n".join(lines) + "\n"


def main():
    """Run everything and write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="stop at 1e5 rows, one round, print only")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--work-folds", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(options.work[0], Path(options.work[1]), int(options.work[2]))
    if options.work_folds:
        return work_folds(options.work_folds)
    rounds = 1 if options.quick else 3
    sizes = {(n, p): compare_fits(n, p, k, rounds) for n, p, k in (SIZES[:2] if options.quick else SIZES)}
    text = report(sizes, compare_folds(rounds), rounds)
    print(text)
    if not options.quick:
        (HERE / "results" / "bench_glm.md").write_text(text)


if __name__ == "__main__":
    main()
