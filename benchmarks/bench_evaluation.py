"""How long AUROC, its interval and the paired comparison take beside scikit-learn and pROC, in one run.

Each figure is the median of several rounds in which all programs take turns on the same arrays, so that a
busy moment does not fall on one of them. It is processor time, all threads together (each program runs on
one), which other work on the machine blurs less than time by the clock. scikit-learn gives the AUROC alone;
pROC's interval is roc() and ci.auc(), its comparison two roc() and roc.test(). Needs R with pROC, and rpy2.
`--quick` stops at 1e5 rows.
"""

import statistics
import time
import warnings

import numpy as np
from sklearn.metrics import roc_auc_score

import bineural as bn
from programs import ProgramFailed, attempt
from running import failed_row, read_command, write

VERSION = "paste(R.version.string, 'with pROC', packageVersion('pROC'))"
ROUNDS = {10_000: 15, 100_000: 9, 1_000_000: 5}
OWED = {
    "AUROC at 1e6 rows, no ties: scikit-learn": ">= 8x",
    "AUROC at 1e6 rows, ties: scikit-learn": ">= 8x",
    "paired comparison at 1e6 rows, no ties: pROC": ">= 2.5x",
    "paired comparison at 1e6 rows, ties: pROC": ">= 2.5x",
}


def open_r():
    """Return rpy2's R, with pROC loaded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import rpy2.robjects as robjects

            robjects.r("suppressMessages(library(pROC))")
    except Exception as error:  # rpy2, R or the package is missing
        raise ProgramFailed(["R", "pROC"], "can't be used", str(error)) from None
    return robjects


def draw(n_rows, ties):
    """Make labels and two related scores; with ties they are probabilities of two decimals."""
    rng = np.random.default_rng(2019)
    y_true = rng.integers(0, 2, n_rows)
    first = rng.normal(size=n_rows) + 0.8 * y_true
    second = first + rng.normal(size=n_rows)
    if ties:
        first, second = (np.round(1 / (1 + np.exp(-score)), 2) for score in (first, second))
    return y_true, first, second


def programs(y_true, first, second, r):
    """Pair each task and program with the call that is timed; each returns the figure that must agree."""
    calls = {
        ("AUROC", "bineural"): lambda: bn.auroc(y_true, first),
        ("AUROC", "scikit-learn"): lambda: roc_auc_score(y_true, first),
        ("interval", "bineural"): lambda: bn.auroc_interval(y_true, first, method="delong").low,
        ("paired", "bineural"): lambda: bn.compare_aurocs(y_true, first, second).statistic,
    }
    if isinstance(r, ProgramFailed):
        return calls
    from rpy2.rinterface import FloatSexpVector

    for name, values in (("y", y_true.astype(float)), ("a", first), ("b", second)):
        r.globalenv[name] = FloatSexpVector.from_memoryview(memoryview(values))
    r.r("curve <- function(s) roc(y, s, levels = c(0, 1), direction = '<', quiet = TRUE)")
    codes = {
        "AUROC": "as.numeric(auc(curve(a)))",
        "interval": "ci.auc(curve(a))[1]",
        "paired": "roc.test(curve(a), curve(b), method = 'delong', paired = TRUE)$statistic",
    }
    return calls | {(task, "pROC"): lambda code=code: r.r(code)[0] for task, code in codes.items()}


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
            cells += [f"{1000 * medians[task, other]:.2f}", f"{medians[task, other] / own:.1f}"]
            gaps.append(abs(figures[task, other] / figures[task, "bineural"] - 1))
        gap = f"{max(gaps):.0e}" if gaps else ""
        yield f"| {n_rows:,} | {'yes' if ties else 'no'} | {task} | {' | '.join(cells)} | {gap} |"


def main():
    quick, measured, r = read_command(__doc__).quick, {}, attempt("pROC", open_r)
    lines = [
        "| rows | ties | task | bineural | scikit-learn | times | pROC | times | gap |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for n_rows, rounds in list(ROUNDS.items())[: 2 if quick else None]:
        for ties in (False, True):
            medians, figures = measure(programs(*draw(n_rows, ties), r), 3 if quick else rounds)
            lines += table_rows(n_rows, ties, medians, figures)
            at = f"at 1e6 rows, {'ties' if ties else 'no ties'}"
            for task, peer in (("AUROC", "scikit-learn"), ("paired comparison", "pROC")):
                seconds = [medians.get((task.split()[0], program)) for program in (peer, "bineural")]
                measured[f"{task} {at}: {peer}"] = seconds[0] and seconds[0] / seconds[1]
    if isinstance(r, ProgramFailed):
        lines.append(failed_row("pROC", r, 9))
    table = "\n".join(lines)
    print(table)
    about = (
        "Median milliseconds of processor time, in rounds of turns; `times` is how many times faster "
        "bineural is; `gap` is the largest relative difference between the programs' figures. Ties: scores "
        f"rounded to 0.01. NumPy {np.__version__}"
    )
    about += "." if isinstance(r, ProgramFailed) else f", {r.r(VERSION)[0]}."
    title = "AUROC, DeLong's interval and the paired comparison"
    if not quick:
        write("bench_evaluation", title, about, [table], measured)


if __name__ == "__main__":
    main()
