"""Whether the default net is ever a gamble: it beside the GLM on six small tables, and how its defaults came.

The tables are kyphosis, birthwt and Pima (R's MASS), Sonar, Ionosphere and BreastCancer (R's mlbench), read
through rpy2. Every candidate for the default (prior precision of the weights, members) is compared with the
GLM on the same 10 x 5 folds. The default is chosen nested: for each table the candidate of smallest mean
log loss, relative to the null model's, on the other five tables, and that candidate is judged on the table.
`--quick` does two tables.
"""

import sys
import time
import warnings

import numpy as np

import bineural as bn
from bineural.zoo.parts.table_defaults import PRIOR_PRECISION
from programs import ProgramFailed, attempt
from running import failed_row, read_command, write

PRECISIONS, MEMBERS = (1.0, 3.0, 10.0), (1, 5)
CANDIDATES = [(precision, members) for members in MEMBERS for precision in PRECISIONS]
OWED = {"default net, smallest gain over the GLM on six tables, AUROC": "reported"}
TABLES = {  # name: R code of the table, outcome, event
    "kyphosis": (None, "Kyphosis", "present"),
    "birthwt": (
        "with(MASS::birthwt, data.frame(low = factor(low, 0:1, c('no', 'yes')), age, lwt, "
        "race = factor(race), smoke, ptl, ht, ui, ftv))",
        "low",
        "yes",
    ),
    "Pima": ("rbind(MASS::Pima.tr, MASS::Pima.te)", "type", "Yes"),
    "Sonar": ("{data(Sonar, package = 'mlbench'); Sonar}", "Class", "M"),
    "Ionosphere": (
        "{data(Ionosphere, package = 'mlbench'); Ionosphere$V1 <- as.numeric(as.character(Ionosphere$V1)); "
        "Ionosphere[names(Ionosphere) != 'V2']}",
        "Class",
        "good",
    ),
    "BreastCancer": (
        "{data(BreastCancer, package = 'mlbench'); d <- na.omit(BreastCancer[-1]); "
        "d[1:9] <- lapply(d[1:9], function(x) as.numeric(as.character(x))); d}",
        "Class",
        "malignant",
    ),
}


def read_table(code):
    """Return an R data frame as a pandas one."""
    if code is None:
        return bn.load_dataset("kyphosis")
    try:
        import rpy2.robjects as robjects
        from rpy2.robjects import pandas2ri

        with (robjects.default_converter + pandas2ri.converter).context():
            return robjects.r(code).reset_index(drop=True)
    except Exception as error:  # rpy2, R or the package is missing
        raise ProgramFailed(["R", code], "can't be read", str(error)) from None


def compare(name, repeats):
    """Compare all candidates with the GLM on one table."""
    code, outcome, event = TABLES[name]
    table = read_table(code)
    n_train = 0.9 * len(table)
    models = {"glm": bn.GLMClassifier(event=event)}
    for precision, members in CANDIDATES:
        models[f"{precision:g} x {members}"] = bn.NetClassifier(
            event=event, l2=precision / (2 * 0.8 * n_train), ensemble=members
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bn.compare_models(models, table, outcome, folds=10, repeats=repeats, seed=2019)


def judge(names, repeats):
    """Compare and choose; return the lines of the table and the smallest gain over the GLM."""
    comparisons, begun = {}, time.perf_counter()
    for name in names:
        start = time.perf_counter()
        comparisons[name] = attempt(name, lambda name=name: compare(name, repeats))
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    failures = {name: failure for name, failure in comparisons.items() if isinstance(failure, ProgramFailed)}
    comparisons = {name: comparison for name, comparison in comparisons.items() if name not in failures}
    keys = [f"{p:g} x {m}" for p, m in CANDIDATES]
    tables = {name: comparison.table.set_index("model") for name, comparison in comparisons.items()}
    relative = {
        name: {key: t.loc[key, "log_loss"] / t.loc["null", "log_loss"] for key in keys}
        for name, t in tables.items()
    }
    heads = ["table", "rows (events)", "GLM", *keys, "chosen by the others", "its AUROC - GLM"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, t in tables.items():
        others = [n for n in tables if n != name] or [name]
        chosen = min(keys, key=lambda key: np.mean([relative[n][key] for n in others]))
        cells = [f"{t.loc[key, 'auroc']:.3f} / {t.loc[key, 'log_loss']:.3f}" for key in ["glm", *keys]]
        gain = t.loc[chosen, "auroc"] - t.loc["glm", "auroc"]
        rows = f"{comparisons[name].n_rows} ({comparisons[name].n_events})"
        lines.append(f"| {name} | {rows} | {' | '.join(cells)} | {chosen} | {gain:+.3f} |")
    lines += [failed_row(name, failure, len(heads)) for name, failure in failures.items()]
    best = min(keys, key=lambda key: np.mean([relative[n][key] for n in tables]))
    shipped = f"{PRIOR_PRECISION:g} x 5"
    worst = min(t.loc[shipped, "auroc"] - t.loc["glm", "auroc"] for t in tables.values())
    lines += [
        "",
        f"Best over all tables: {best}. Shipped: {shipped} in comparisons (one member in `fit_net`); its "
        f"smallest gain over the GLM is {worst:+.3f} AUROC.",
        "",
        "Cells: AUROC / log loss, means over folds. Columns: prior precision x members.",
        f"10 folds x {repeats} repeats, seed 2019; {time.perf_counter() - begun:.0f} s in all.",
    ]
    return lines, worst


def main():
    quick = read_command(__doc__).quick
    lines, worst = judge(["kyphosis", "birthwt"] if quick else list(TABLES), 2 if quick else 5)
    print("\n".join(lines))
    if not quick:
        measured = {"default net, smallest gain over the GLM on six tables, AUROC": f"{worst:+.3f}"}
        write("bench_defaults", "The default net beside the GLM", "", ["\n".join(lines)], measured)


if __name__ == "__main__":
    main()
