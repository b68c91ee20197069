"""How often tests call two equal models different, and how often intervals hold the truth, on small data.

Simulated rows of four independent normal columns with 22 % events, at least ten of them; logistic GLM `a`
sees the first two columns, `b` the other two. Null: all four say the same (both AUROCs .755 at the true
coefficients); power: .81 against .60; no signal: nothing says anything. Every data set is cross-validated by
10 x 10 stratified folds and split once, 75/25; all its fits are one batch. The truth of an interval is what
GLMs learnt from as many rows reach on new rows, on average over the data sets.
`--quick` does 60 data sets each. The quick test is tests/python/comparing/test_level.py.
"""

import time

import numpy as np

from bineural.comparing.corrected_t import corrected_t
from bineural.irls import fit_irls_batched
from bineural.measures.delong import auroc_interval, compare_aurocs
from bineural.measures.ranking import area_under_roc
from bineural.measures.roc_area import auroc_each

FOLDS, REPEATS = 10, 10
SCENARIOS = {  # rows, intercept, slopes of the columns of `a` and of `b`
    "null, n = 81": (81, -2.0, 0.95, 0.95),
    "power, n = 81": (81, -1.8, 1.04, 0.34),
    "no signal, n = 81": (81, -1.27, 0.0, 0.0),
    "null, n = 200": (200, -2.0, 0.95, 0.95),
}
TESTS = ["naive paired t, 10 x 10", "corrected t, 10 x 10", "corrected t behind the signal gate"]
TESTS += ["DeLong, one 75/25 split"]
INTERVALS = ["naive t, 10 x 10", "corrected t, 10 x 10", "logit DeLong, one split", "plain DeLong, one split"]


def simulate(scenario, n_sets, seed=1):
    """Test and cover `n_sets` data sets of one scenario.

    Returns
    -------
    rejected : dict of str to ndarray of bool, shape (n_sets,)
    covered, width : dict of str to float
        Share of the intervals of model `a`'s AUROC that hold the truth, and their mean width.
    """
    rng = np.random.default_rng([seed, sorted(SCENARIOS).index(scenario)])
    new_x, new_y = draw_rows(rng, scenario, 4000)
    judged = [judge_set(rng, *draw_rows(rng, scenario), new_x[:, :2], new_y) for _ in range(n_sets)]
    rejected = {test: np.array([each["rejected"][test] for each in judged]) for test in TESTS}
    covered, width = {}, {}
    for interval in INTERVALS:
        of_folds = "10 x 10" in interval
        truth = np.mean([each["truth"][0 if of_folds else 1] for each in judged])
        limits = np.array([each["limits"][interval] for each in judged])
        limits = limits[~np.isnan(limits).any(axis=1)]
        covered[interval] = float(np.mean((limits[:, 0] <= truth) & (truth <= limits[:, 1])))
        width[interval] = float(np.mean(limits[:, 1] - limits[:, 0]))
    return rejected, covered, width


def draw_rows(rng, scenario, n=None):
    """Draw x (n, 4) and y (n,) with at least ten events, so that every fold has one."""
    n_rows, intercept, a, b = SCENARIOS[scenario]
    while True:
        x = rng.normal(size=(n or n_rows, 4))
        chance = 1 / (1 + np.exp(-(intercept + x @ [a, a, b, b])))
        y = rng.random(len(x)) < chance
        if y.sum() >= FOLDS:
            return x, y


def judge_set(rng, x, y, new_x, new_y):
    """Fit both models to all training sets of one data set, and make the tests and intervals."""
    fold = np.array([deal_folds(rng, y) for _ in range(REPEATS)])
    split = deal_folds(rng, y, 4) == 0  # a quarter of each class
    in_test = np.vstack([fold == k for k in range(FOLDS)] + [split])  # folds, then the split
    coef, scores = zip(*(fit_all(x[:, columns], y, in_test) for columns in (slice(0, 2), slice(2, 4))))
    areas = np.array(
        [
            auroc_each(y[test], np.array([scores[0][k, test], scores[1][k, test]]))
            for k, test in enumerate(in_test[:-1])
        ]
    ).T  # (model, fold)
    naive, corrected = (corrected_t(areas[0] - areas[1], share) for share in (0, 1 / (FOLDS - 1)))
    both = [corrected_t(each, 1 / (FOLDS - 1)) for each in areas]
    y_test, split_scores = y[split], [each[-1, split] for each in scores]
    delong = compare_aurocs(y_test, *split_scores)
    differs = corrected.p < 0.05
    plain = corrected_t(areas[0], 0)
    logit, normal = (auroc_interval(y_test, split_scores[0], method=m) for m in ("logit", "delong"))
    reached = [area_under_roc(new_y, new_x @ coef[0][k, 1:]) for k in (0, -1)]
    limits = [(each.low, each.high) for each in (plain, both[0], logit, normal)]
    return {
        "rejected": dict(
            zip(TESTS, [naive.p < 0.05, differs, differs and max(both).low > 0.5, delong.p_value < 0.05])
        ),
        "limits": dict(zip(INTERVALS, limits)),
        "truth": reached,
    }


def deal_folds(rng, y, folds=FOLDS):
    """Give each row a fold, stratified by the outcome."""
    order = rng.permutation(y.size)
    order = order[np.argsort(y[order], kind="stable")]
    fold = np.empty(y.size, dtype=np.int64)
    fold[order] = np.arange(y.size) % folds
    return fold


def fit_all(x, y, in_test):
    """Fit to the rows outside each test set; return coefficients and every row's linear predictor."""
    coef = fit_irls_batched(x, y.astype(float), ~in_test).coef
    return coef, coef[:, :1] + coef[:, 1:] @ x.T


def tables(scenarios):
    """Write what was rejected, and what was covered."""
    lines = [f"| nominal 5 % | {' | '.join(scenarios)} |", "|---|" + "---|" * len(scenarios)]
    for test in TESTS:
        shares = " | ".join(f"{rejected[test].mean():.3f}" for rejected, _, _ in scenarios.values())
        lines.append(f"| {test} | {shares} |")
    cover = [f"| nominal 95 % | {' | '.join(scenarios)} |", "|---|" + "---|" * len(scenarios)]
    for interval in INTERVALS:
        cells = " | ".join(f"{c[interval]:.3f} ({w[interval]:.2f})" for _, c, w in scenarios.values())
        cover.append(f"| {interval} | {cells} |")
    return [
        "## Share of data sets where the two models are called different\n\n" + "\n".join(lines),
        "## Share of intervals of `a`'s AUROC that hold the truth (mean width)\n\n" + "\n".join(cover),
    ]


def main():
    from running import read_command, write

    quick, begun = read_command(__doc__).quick, time.perf_counter()
    n_sets = 60 if quick else 1000
    parts = tables({scenario: simulate(scenario, n_sets) for scenario in SCENARIOS})
    print("\n\n".join(parts), flush=True)
    if not quick:
        seconds, error = time.perf_counter() - begun, 100 * (0.05 * 0.95 / n_sets) ** 0.5
        about = (
            f"{n_sets} simulated data sets a column, {seconds:.0f} s in all; a share near 5 % has a standard "
            f"error of {error:.1f} points. Gate: the better model's corrected 95 % interval lies above .5. "
            "Truth is what GLMs learnt from as many rows reach on new rows, on average."
        )
        write("bench_level", "Do the tests hold their level, do the intervals cover?", about, parts)


if __name__ == "__main__":
    main()
