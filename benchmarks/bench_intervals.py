"""Does a model's own interval over folds hold the truth: AUROC with few events, RMSE with heavy tails?

AUROC: `events` of `n` rows, two normal columns whose means differ between the classes by `shift` SDs each, a
logistic GLM. RMSE: a linear model of three normal columns, with normal, exponential and Student's t(3) noise.
The truth is what models learnt from as many rows reach on new rows, on average over the data sets. Ways that
were compared: the corrected t as it is, on the scale without ends (log-odds, logarithm), and there with the
degrees of freedom of the rarest class, which is what `Comparison.interval` does; DeLong's variance of the
held-out scores, ranked within their folds, on the log-odds; the mean of the folds' RMSEs, as it was.
`--quick` does 20 data sets of each kind.
"""

import math
import time

import numpy as np
from scipy.special import expit, logit

from bench_level import FOLDS, REPEATS, deal_folds, fit_all
from bineural.comparing.corrected_t import corrected_t
from bineural.comparing.intervals import own_limits
from bineural.comparing.pooling import contributions
from bineural.measures.ranking import area_under_roc
from bineural.measures.registry import measures_of
from bineural.measures.roc_area import auroc_each

SHARE = 1 / (FOLDS - 1)
LEVEL = 0.95
EVENTS = {  # rows, events, shift
    "10 of 50": (50, 10, 0.85),
    "10 of 81": (81, 10, 0.85),
    "10 of 300": (300, 10, 0.85),
    "10 of 300, AUROC .95": (300, 10, 1.62),
    "17 of 81": (81, 17, 0.85),
    "30 of 150": (150, 30, 0.85),
    "100 of 400": (400, 100, 0.85),
}
NOISE = {
    "normal": lambda rng, n: rng.normal(size=n),
    "exponential": lambda rng, n: rng.exponential(size=n) - 1,
    "t(3)": lambda rng, n: rng.standard_t(3, size=n) / math.sqrt(3),
}


def cover_auroc(n, n_events, shift, n_sets, seed=1):
    """Return {way: (coverage, mean width)} of intervals of an AUROC."""
    rng = np.random.default_rng([seed, n, n_events])
    new_x, new_y = draw_classes(rng, 5000, 1000, shift)
    limits, truths = {}, []
    for _ in range(n_sets):
        x, y = draw_classes(rng, n, n_events, shift)
        folds = np.array([deal_folds(rng, y) for _ in range(REPEATS)])
        in_test = np.vstack([folds == k for k in range(FOLDS)])
        coef, scores = fit_all(x, y, in_test)
        areas = np.array([auroc_each(y[test], scores[k, test][None])[0] for k, test in enumerate(in_test)])
        truths.append(area_under_roc(new_y, new_x @ coef[0, 1:]))
        for way, ends in auroc_ways(areas, y, scores, in_test).items():
            limits.setdefault(way, []).append(ends)
    return coverage(limits, np.mean(truths))


def draw_classes(rng, n, n_events, shift):
    y = np.arange(n) < n_events
    return rng.normal(size=(n, 2)) + shift * y[:, None], y


def auroc_ways(areas, y, scores, in_test):
    n_units = min(y.sum(), (~y).sum())
    test = corrected_t(areas, SHARE, LEVEL)
    mean = np.clip(test.mean, 1e-9, 1 - 1e-9)

    def on_logits(reach):
        return tuple(expit(logit(mean) + np.array([-reach, reach]) / (mean * (1 - mean))))

    variance = within_fold_delong(y, scores, in_test)
    return {
        "corrected t": (max(0.0, test.low), min(1.0, test.high)),
        "corrected t, log-odds": on_logits(test.high - test.mean),
        "corrected t, log-odds, df of events (ours)": own_limits(areas, SHARE, LEVEL, (0.0, 1.0), n_units),
        "DeLong within folds, log-odds": on_logits(1.96 * math.sqrt(variance)),
    }


def within_fold_delong(y, scores, in_test):
    """Return DeLong's variance of placements within folds, averaged over repeats."""
    placement = np.zeros(len(y))
    for k, test in enumerate(in_test):
        rows = np.flatnonzero(test)
        events, others = rows[y[rows]], rows[~y[rows]]
        above = np.sign(scores[k, events][:, None] - scores[k, others]) / 2 + 0.5
        placement[events] += above.mean(axis=1) / REPEATS
        placement[others] += above.mean(axis=0) / REPEATS
    return placement[y].var(ddof=1) / y.sum() + placement[~y].var(ddof=1) / (~y).sum()


def cover_rmse(n, noise, n_sets, seed=1):
    """Return {way: (coverage, mean width)} of intervals of an RMSE; the noise has variance 1."""
    rng = np.random.default_rng([seed, n, list(NOISE).index(noise)])
    rmse = measures_of("regression")["rmse"]
    limits, errors = {}, []
    for _ in range(n_sets):
        x = np.column_stack([np.ones(n), rng.normal(size=(n, 3))])
        y = x @ [0, 1, 1, 1] + NOISE[noise](rng, n)
        values = []
        for _ in range(REPEATS):
            fold = rng.permutation(n) % FOLDS
            for k in range(FOLDS):
                test = fold == k
                coef = np.linalg.solve(x[~test].T @ x[~test], x[~test].T @ y[~test])
                values.append(math.sqrt(np.mean((y[test] - x[test] @ coef) ** 2)))
                errors.append(1 + np.sum((coef - [0, 1, 1, 1]) ** 2))
        values = np.array(values)
        of_folds, each = corrected_t(values, SHARE, LEVEL), contributions(rmse, values)
        plain = corrected_t(each, SHARE, LEVEL)
        ways = {
            "mean of the folds' RMSEs, corrected t (as it was)": (of_folds.low, of_folds.high),
            "root of the mean square, corrected t": (plain.low, plain.high),
            "root of the mean square, logarithm (ours)": own_limits(each, SHARE, LEVEL, rmse.range, n),
        }
        for way, ends in ways.items():
            limits.setdefault(way, []).append(ends)
    return coverage(limits, math.sqrt(np.mean(errors)))


def coverage(limits, truth):
    held = {}
    for way, ends in limits.items():
        low, high = np.array(ends).T
        held[way] = np.mean((low <= truth) & (truth <= high)), np.nanmean(high - low)
    return held


def table(heading, columns):
    lines = [f"| {heading} | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    for way in next(iter(columns.values())):
        cells = " | ".join(f"{each[way][0]:.3f} ({each[way][1]:.2f})" for each in columns.values())
        lines.append(f"| {way} | {cells} |")
    return "\n".join(lines)


def main():
    from running import read_command, write

    quick, begun = read_command(__doc__).quick, time.perf_counter()
    sets = 20 if quick else 1000
    areas = {name: cover_auroc(*each, sets) for name, each in EVENTS.items()}
    errors = {f"{noise}, n = {n}": cover_rmse(n, noise, sets // 2) for n in (100, 300) for noise in NOISE}
    parts = [
        "## AUROC: share of 95 % intervals that hold the truth (mean width), by events\n\n"
        + table("events of rows", areas),
        "## RMSE: share of 95 % intervals that hold the truth (mean width), by noise\n\n"
        + table("noise", errors)
        + "\n\nSquares of t(3) noise have no variance: no interval of means can cover, and the RMSE of a "
        "sample lies below the true one more often than not. Comparisons say where it hangs on few rows.",
    ]
    print("\n\n".join(parts), flush=True)
    if not quick:
        seconds = time.perf_counter() - begun
        about = (
            f"{sets} simulated data sets a column for AUROC, {sets // 2} for RMSE, {seconds:.0f} s in all; a "
            f"share near 95 % has a standard error of {100 * (0.05 * 0.95 / sets) ** 0.5:.1f} and "
            f"{100 * (0.1 * 0.9 / sets) ** 0.5:.1f} points. 10 x 10 folds."
        )
        write("bench_intervals", "Does a model's own interval over folds cover?", about, parts)


if __name__ == "__main__":
    main()
