"""How long AUROC, its interval and the paired comparison take beside scikit-learn and pROC, in one run.

Each figure is the median of several rounds in which all programs take turns on the same arrays, so that a
busy moment does not fall on one of them. It is processor time, all threads together (each program runs on
one), which other work on the machine blurs less than time by the clock. scikit-learn gives the AUROC alone;
pROC's interval is roc() and ci.auc(), its comparison two roc() and roc.test(). Needs R with pROC, and rpy2.
`--quick` stops at 1e5 rows.
"""

import argparse
import statistics
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

import bineural as bn

ROUNDS = {10_000: 15, 100_000: 9, 1_000_000: 5}
OWED = {"AUROC": ("scikit-learn", 8.0), "paired": ("pROC", 2.5)}  # times faster at 1e6 rows

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rpy2.robjects as robjects
    from rpy2.rinterface import FloatSexpVector


def draw(n_rows, ties):
    """Make labels and two related scores; with ties they are probabilities of two decimals."""
    rng = np.random.default_rng(2019)
    y_true = rng.integers(0, 2, n_rows)
    first = rng.normal(size=n_rows) + 0.8 * y_true
    second = first + rng.normal(size=n_rows)
    if ties:
        first, second = (np.round(1 / (1 + np.exp(-score)), 2) for score in (first, second))
    return y_true, first, second


def programs(y_true, first, second):
    """Pair each task and program with the call that is timed; each returns the figure that must agree."""
    for name, values in (("y", y_true.astype(float)), ("a", first), ("b", second)):
        robjects.globalenv[name] = FloatSexpVector.from_memoryview(memoryview(values))
    robjects.r("suppressMessages(library(pROC))")
    robjects.r("curve <- function(s) roc(y, s, levels = c(0, 1), direction = '<', quiet = TRUE)")

    def ask(code):
        return lambda: robjects.r(code)[0]

    return {
        ("AUROC", "bineural"): lambda: bn.auroc(y_true, first),
        ("AUROC", "scikit-learn"): lambda: roc_auc_score(y_true, first),
        ("AUROC", "pROC"): ask("as.numeric(auc(curve(a)))"),
        ("interval", "bineural"): lambda: bn.auroc_interval(y_true, first, method="delong").low,
        ("interval", "pROC"): ask("ci.auc(curve(a))[1]"),
        ("paired", "bineural"): lambda: bn.compare_aurocs(y_true, first, second).statistic,
        ("paired", "pROC"): ask("roc.test(curve(a), curve(b), method = 'delong', paired = TRUE)$statistic"),
    }


def measure(calls, rounds):
    """Time the calls in turns; return medians and each call's figure."""
    figures = {key: float(call()) for key, call in calls.items()}  # also warms up
    times = {key: [] for key in calls}
    for _ in range(rounds):
        for key, call in calls.items():
            start = time.process_time()
            call()
            times[key].append(time.process_time() - start)
    return {key: statistics.median(values) for key, values in times.items()}, figures


def table_rows(n_rows, ties, medians, figures):
    for task in ("AUROC", "interval", "paired"):
        own = medians[task, "bineural"]
        cells = [f"{1000 * own:.2f}"]
        gaps = []
        for other in ("scikit-learn", "pROC"):
            if (task, other) not in medians:
                cells += ["", ""]
                continue
            ratio = medians[task, other] / own
            owed = OWED.get(task)
            due = f" (owed {owed[1]:g})" if owed and owed[0] == other and n_rows == 1_000_000 else ""
            cells += [f"{1000 * medians[task, other]:.2f}", f"{ratio:.1f}{due}"]
            gaps.append(abs(figures[task, other] / figures[task, "bineural"] - 1))
        yield f"| {n_rows:,} | {'yes' if ties else 'no'} | {task} | {' | '.join(cells)} | {max(gaps):.0e} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="stop at 1e5 rows and write no file")
    quick = parser.parse_args().quick
    versions = f"NumPy {np.__version__}, {robjects.r('R.version.string')[0]}"
    lines = [
        "# AUROC, DeLong's interval and the paired comparison beside scikit-learn and pROC",
        "",
        "Median milliseconds of processor time, in rounds of turns; `times` is how many times faster",
        "bineural is; `gap` is the largest relative difference between the programs' figures.",
        f"Ties: scores rounded to 0.01. {versions}.",
        "",
        "| rows | ties | task | bineural | scikit-learn | times | pROC | times | gap |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for n_rows, rounds in ROUNDS.items():
        if quick and n_rows > 100_000:
            continue
        for ties in (False, True):
            medians, figures = measure(programs(*draw(n_rows, ties)), 3 if quick else rounds)
            lines += table_rows(n_rows, ties, medians, figures)
    table = "\n".join(lines) + "\n"
    print(table)
    if not quick:
        Path(__file__).with_name("results").joinpath("bench_evaluation.md").write_text(table)


if __name__ == "__main__":
    main()
