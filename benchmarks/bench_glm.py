"""How long one logistic GLM and 10 x 10 folds of it take beside R, statsmodels and scikit-learn.

Each program runs in a process of its own on the same rows, one after another, and gives the median of several
fits; the order is repeated in rounds so that a busy moment does not fall on one of them. Ratios are taken of
processor time, all threads together, which other work on the machine blurs less than time by the clock.
Memory is the growth of the process's peak over the rows it holds. R's `glm` and scikit-learn stop by their
own rules (scikit-learn: C = inf, newton-cholesky). Every program holds its matrix library to one thread;
bineural adds its own row threads. Needs R with rsample and rpart, and statsmodels. `--quick` stops at 1e5
rows.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from programs import ProgramFailed, alone, ask, attempt
from running import HERE, failed_row, peak, read_command, write

SIZES = [(81, 3, 5), (100_000, 20, 3), (1_000_000, 20, 1)]  # rows, columns, fits of each round
PROGRAMS = ["bineural", "scikit-learn", "statsmodels"]
OURS, OURS_FOLDS = "bineural", "bineural, drawing the folds"
OWED = {
    "R's glm at 1e6 x 20": ">= 10x",
    "extra memory at 1e6 x 20": "<= 50 MiB",
    "rsample + glm on 10 x 10 folds of kyphosis": ">= 50x",
}


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


def time_program(program, folder, fits):
    """Time one program in this process; return its median seconds, extra memory and deviance."""
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    fit = fitter(program)
    fit(x[:81, :3].copy(), np.arange(81) % 2 * 1.0)  # imports and first calls
    before = peak()
    inner = 200 if len(y) < 1000 else 1
    times = []
    for turn in range(fits):
        start = time.perf_counter(), time.process_time()
        for _ in range(inner):
            deviance = fit(x, y)
        times.append(((time.perf_counter() - start[0]) / inner, (time.process_time() - start[1]) / inner))
        if turn == 0:
            memory = peak() - before
    median = [statistics.median(column) for column in zip(*times)]
    return {program: median, "memory": memory, "deviance": deviance}


def time_folds(rounds):
    """Time 10 x 10 folds of the kyphosis GLM in this process, drawing the folds included."""
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
    return dict(zip([OURS_FOLDS, "bineural, ready folds", "bineural, one by one"], median))


def measure(program, *arguments):
    """Return the figures of one program in this process."""
    if program == "folds":
        return time_folds(int(arguments[0]))
    return time_program(program, Path(arguments[0]), int(arguments[1]))


def in_r(script, *arguments):
    """Return what a script of R prints."""
    return ask(["Rscript", str(HERE / script), *map(str, arguments)], threads=1)


def compare_fits(n_rows, n_columns, fits, rounds):
    """Return {program: medians over all rounds, or ProgramFailed}."""
    values = {}
    with tempfile.TemporaryDirectory() as folder:
        make_rows(Path(folder), n_rows, n_columns)
        asked = {p: lambda p=p: alone("bench_glm.py", p, folder, fits, threads=1) for p in PROGRAMS}
        asked["R"] = lambda: in_r("bench_glm.R", folder, n_rows, n_columns, fits)
        for _ in range(rounds):
            for program, call in list(asked.items()):
                answer = attempt(program, call)
                if isinstance(answer, ProgramFailed):
                    values[program] = answer
                    del asked[program]
                    continue
                for name in ("R glm", "R glm.fit") if program == "R" else (program,):
                    memory = None if name == "R glm.fit" else answer["memory"]
                    values.setdefault(name, []).append((*answer[name], memory, answer["deviance"]))
    deviances = [v[0][3] for v in values.values() if isinstance(v, list) and v[0][3] is not None]
    assert not deviances or np.ptp(deviances) < 1e-7 * deviances[0]
    return {p: v if isinstance(v, ProgramFailed) else summary(v) for p, v in values.items()}


def summary(values):
    """Return the median clock and processor time, and the largest memory or None."""
    clock, processor, memory, _ = zip(*values)
    return statistics.median(clock), statistics.median(processor), None if memory[0] is None else max(memory)


def compare_folds(rounds):
    """Return {program: seconds for 10 x 10 folds of the kyphosis GLM, or ProgramFailed}."""
    folds = {}
    for name, call in {
        "bineural": lambda: alone("bench_glm.py", "folds", 10 * rounds, threads=1),
        "rsample + glm": lambda: in_r("bench_folds.R", 2 * rounds + 1),
    }.items():
        answer = attempt(name, call)
        folds |= {name: answer} if isinstance(answer, ProgramFailed) else answer
    return folds


def seconds(value):
    """Write seconds with a unit that suits them."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.3g} ms"


def times(answers, program, first, part=None):
    """Return how many times the processor time of `first` a program took; None where one of them failed."""
    pair = [answers.get(name) for name in (program, first)]
    if any(answer is None or isinstance(answer, ProgramFailed) for answer in pair):
        return None
    peer, ours = pair if part is None else (answer[part] for answer in pair)
    return peer / ours


def fits_table(size, answers):
    """Write the programs of one size."""
    heads = ["program", "by the clock", "processor", "times bineural", "extra memory, MiB"]
    lines = [f"## {size[0]:,} rows x {size[1]} columns and an intercept", ""]
    lines += [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for program, answer in answers.items():
        if isinstance(answer, ProgramFailed):
            lines.append(failed_row(program, answer, len(heads)))
            continue
        clock, processor, memory = answer
        ratio, extra = times(answers, program, OURS, 1), "" if memory is None else f"{memory:.0f}"
        ratio = "" if ratio is None else f"{ratio:.1f}"
        lines.append(f"| {program} | {seconds(clock)} | {seconds(processor)} | {ratio} | {extra} |")
    return "\n".join(lines)


def folds_table(folds):
    """Write the programs that fit 10 x 10 folds."""
    lines = ["## 10 x 10 folds of the kyphosis GLM (81 rows)", ""]
    lines += ["| program | processor | times bineural |", "|---|---|---|"]
    for program, taken in folds.items():
        if isinstance(taken, ProgramFailed):
            lines.append(failed_row(program, taken, 3))
            continue
        ratio = times(folds, program, OURS_FOLDS)
        lines.append(f"| {program} | {seconds(taken)} | {'' if ratio is None else f'{ratio:.1f}'} |")
    return "\n".join(lines)


def main():
    """Run everything and write the tables."""
    quick = read_command(__doc__, measure).quick
    rounds, parts = 1 if quick else 3, []
    for n, p, fits in SIZES[: 2 if quick else None]:
        largest = compare_fits(n, p, fits, rounds)
        parts.append(fits_table((n, p), largest))
        print(parts[-1], flush=True)
    folds = compare_folds(rounds)
    parts.append(folds_table(folds))
    print(parts[-1])
    ours = largest[OURS]
    measured = {
        "R's glm at 1e6 x 20": times(largest, "R glm", OURS, 1),
        "extra memory at 1e6 x 20": None if isinstance(ours, ProgramFailed) else ours[2],
        "rsample + glm on 10 x 10 folds of kyphosis": times(folds, "rsample + glm", OURS_FOLDS),
    }
    if not quick:
        about = f"Medians of {rounds} rounds. Ratios matter, absolute times depend on the machine."
        write("bench_glm", "One logistic GLM, and 100 of them", about, parts, measured)


if __name__ == "__main__":
    main()
