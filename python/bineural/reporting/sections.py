"""The sections of a report, in the order of the page; each takes a comparison and returns HTML."""

import math

import numpy as np

from bineural.comparing.rounding import NULL, decimals
from bineural.data.sequences import Sequences
from bineural.markup import bullets, element, wrap
from bineural.reporting.page import code, heading, picture, section, table, terms
from bineural.reporting.repeat_code import python_code, r_code

_MOST_COLUMNS = 40


def head(comparison, title):
    """Return the title, what was compared, the principal verdict, and what to know of estimates and rows."""
    about = f"{comparison._headline()}. {comparison._folds_line()}."
    return heading(title, about, comparison.verdict, (*comparison.notes, *comparison.warned), comparison.run)


def verdicts(comparison):
    """Return every verdict, and the table of differences."""
    measure = comparison.measures[comparison.measure]
    columns = ["model", "other", "difference", f"{_level(comparison)} interval", "p", "p (Holm)"]
    columns += ["P(worse)", "P(same)", "P(better)", "could be seen"]
    rows = []
    for row in comparison.differences.query("measure == @measure.name").to_dict("records"):
        width = row["high"] - row["low"]
        rows.append(
            [
                row["model"],
                row["other"],
                _rounded(row["difference"], width),
                _interval(row["low"], row["high"]),
                _p(row["p"]),
                _p(row["p_holm"]),
                *(_number(row[k], 2) for k in ("p_worse", "p_same", "p_better")),
                _number(row["detectable"], 3),
            ]
        )
    differences = comparison._differences[comparison.measure]
    against = [row.verdict for row in differences if row.other in (comparison.reference, NULL)]
    others = [row.verdict for row in differences if row.other not in (comparison.reference, NULL)]
    better = "larger" if measure.larger_is_better else "smaller"
    caption = f"Differences in {measure.label}, model minus other; {better} is better."
    return section(
        "Verdicts",
        element("p", comparison._verdict_line()),
        bullets(against),
        table(columns, rows, caption, text=("other",)),
        element("p", _how_to_read(comparison), class_="soft"),
        element("h3", "Between the others") if others else "",
        bullets(others),
    )


def _how_to_read(comparison):
    if comparison.basis.single_split:
        return "A single split says little: other rows would have given other numbers. Compare over folds."
    return (
        "Training sets of different folds share most of their rows, so folds are no independent trials. "
        "Intervals and p are therefore those of the corrected resampled t test (Nadeau and Bengio 2003); a "
        "plain t test over folds would claim far too much. P(worse), P(same) and P(better) are of the "
        "Bayesian correlated t test (Corani and Benavoli 2015) with a region of practical equivalence. “Could"
        " be seen” is the difference that such a comparison, corrected for the number of differences, would "
        "find in 80 of 100 cases."
    )


def data_and_folds(comparison):
    """Return rows, events, outcome, predictors and how the folds were made."""
    basis, folds = comparison.basis, comparison.folds
    n_test = [len(resample.test) for resample in basis.sets]
    n_train = [len(resample.train) for resample in basis.sets]
    pairs = [
        ("Outcome", comparison.outcome or "given as values"),
        (
            "Rows",
            f"{comparison.n_rows:,}"
            + (f" ({basis.n_left_out:,} without an outcome or a weight left out)" * bool(basis.n_left_out)),
        ),
    ]
    if comparison.task == "binary":
        share = comparison.n_events / comparison.n_rows
        pairs.append(
            (
                "Event",
                f"{comparison.event}: {comparison.n_events:,} of {comparison.n_rows:,} rows ({share:.1%})",
            )
        )
    elif comparison.classes:
        known = basis.truth[basis.truth >= 0]
        counts = np.bincount(known, minlength=len(comparison.classes))
        pairs.append(("Classes", ", ".join(f"{c}: {n:,}" for c, n in zip(comparison.classes, counts))))
    elif basis.problem.object_labels is not None:
        pairs.append(("Objects", basis.objects_text))
    else:
        known = basis.truth[~np.isnan(basis.truth)]
        pairs.append(("Mean, SD", f"{known.mean():.4g}, {known.std(ddof=1):.4g}"))
    pairs += [
        ("Formula", basis.problem.formula),
        *_columns(comparison),
        ("Folds", comparison._folds_line()),
        ("Each fold", f"{_range(n_train)} rows to train, {_range(n_test)} to test"),
    ]
    if comparison.task == "binary":
        events = [int(np.sum(basis.truth[resample.test] == 1)) for resample in basis.sets]
        pairs.append(("Events in a test set", _range(events)))
    if basis.weights is not None:
        pairs.append(("Row weights", f"{basis.weights.min():.4g} to {basis.weights.max():.4g}"))
    if getattr(folds, "rng", None):
        pairs.append(("Random stream", {"R": "R's (rsample gives the same rows)"}.get(folds.rng, folds.rng)))
    note = (
        ""
        if comparison.guarded
        else element(
            "p",
            "The guards found no column that tells the outcome apart, no rows that are in training and test "
            "sets alike, and no column of names of what rows belong to.",
            class_="soft",
        )
    )
    return section("Data and folds", terms(pairs), note)


def _columns(comparison):
    """List what the models predict from: the columns of formulas, and who gets all of them as they are."""
    from bineural.comparing.guards import used_names
    from bineural.tables.frames import is_frame

    basis, X = comparison.basis, comparison.basis.problem.X
    if not is_frame(X):
        return [_of_array(X)]
    every = [name for name in X.columns if name not in basis.problem.exclude]
    used = used_names(basis, comparison.entrants)
    given = [entrant.name for entrant in comparison.entrants if entrant.gets_all]
    more = [(f"Given to {', '.join(given)}", _names(every))] if given and used != every else []
    return [("Columns", _names(used)), *more]


def _of_array(X):
    """Return what the rows are, where they are no table: images of a size, or an array."""
    if isinstance(X, Sequences):
        return "Rows are", repr(X).strip("<>")
    shape = tuple(getattr(X, "shape", [len(X)]))
    if len(shape) != 4:
        return "Columns", f"array of shape {shape}"
    colour = {1: "grey", 3: "in colour"}.get(shape[3], f"{shape[3]} channels")
    if None in shape:
        return "Rows are", f"images of several sizes, {colour}"
    return "Rows are", f"images of {shape[1]} x {shape[2]} pixels (height x width), {colour}"


def _names(columns):
    names = [str(name) for name in columns]
    more = f" and {len(names) - _MOST_COLUMNS} more" if len(names) > _MOST_COLUMNS else ""
    return ", ".join(names[:_MOST_COLUMNS]) + more


def models(comparison):
    """Return each model as it was fitted, with facts of its fits."""
    rows = []
    for entrant in comparison.entrants:
        role = "reference" if entrant.name == comparison.reference else ""
        rows.append([entrant.name, entrant.kind, entrant.describe(), role])
    facts = []
    for entrant in comparison.entrants:
        pairs = [(key.replace("_", " "), _written(value)) for key, value in _of_fits(entrant)]
        if pairs:
            facts += [element("h3", entrant.name), terms(pairs)]
    caption = "Every model was fitted anew to the training rows of every fold, preparation included."
    return section(
        "Models as fitted",
        table(["model", "kind", "as fitted", ""], rows, caption, text=("kind", "as fitted", "")),
        *([element("p", "Facts of the fits, with tuned settings:")] if facts else []),
        *facts,
    )


def _of_fits(entrant):
    """Yield what is shown of the fits; the settings that were chosen stand once, most often chosen first."""
    for key, value in entrant.told.items():
        if key == "counts":
            n = sum(value.values())
            yield (
                "tuned settings",
                "; ".join(f"{setting} (in {k} of {n} fits)" for setting, k in value.items()),
            )
        elif key != "chosen" or "counts" not in entrant.told:
            yield key, value


def _written(value):
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_written(v)}" for k, v in value.items())
    several = isinstance(value, (list, tuple))
    if several and len(value) > 6 and all(isinstance(v, (int, float)) for v in value):
        return f"median {np.median(value):g}, {min(value):g} to {max(value):g} ({len(value)} fits)"
    if several:
        counts = {}
        for part in value:
            counts[_written(part)] = counts.get(_written(part), 0) + 1
        return "; ".join(f"{k} ({n} times)" if n > 1 else k for k, n in counts.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def measures(comparison):
    """Return the table of all measures, over folds, and that of calibration."""
    chosen = comparison.measures[comparison.measure]
    others = [m for m in comparison.measures.values() if m.name != chosen.name]
    spread = [k for k in ("fold_sd", "repeat_sd", "seed_sd") if comparison.table[k].notna().any()]
    columns = ["model", chosen.label, f"{_level(comparison)} interval"]
    columns += [k.replace("_sd", " SD") for k in spread] + [m.label for m in others] + ["folds", "seconds"]
    rows = []
    for row in comparison.table.to_dict("records"):
        cells = [row["model"], _rounded(row[chosen.name], row["high"] - row["low"])]
        cells += [_interval(row["low"], row["high"]), *(_number(row[k]) for k in spread)]
        cells += [_number(row[m.name]) for m in others] + [str(row["n"]), _number(row["seconds"], 2)]
        rows.append(cells)
    what = "Values on the test rows" if comparison.basis.single_split else "Means over folds"
    caption = f"{what}; {_better(comparison)}.{_POOLING.get(comparison.task, '')}"
    return section("Measures", table(columns, rows, caption), _calibration(comparison))


_POOLING = {
    "binary": " AUROC is not pooled over folds, which would bias it.",
    "regression": " RMSE is the root of the mean squared error over folds, and R squared the share of all "
    "squared error that is gone.",
}


def _better(comparison):
    larger = [m.label for m in comparison.measures.values() if m.larger_is_better]
    smaller = [m.label for m in comparison.measures.values() if not m.larger_is_better]
    directions = [f"larger is better: {', '.join(larger)}"] if larger else []
    return "; ".join(directions + ([f"smaller is better: {', '.join(smaller)}"] if smaller else []))


def _calibration(comparison):
    if not comparison.calibration:
        return ""
    rows = [
        [name, *(_number(values[k]) for k in ("calibration_slope", "calibration_intercept", "ece"))]
        for name, values in comparison.calibration.items()
        if name != NULL
    ]
    caption = (
        "Calibration of each repeat's held-out probabilities, mean over repeats: slope 1 and intercept 0 are "
        "perfect; a slope below 1 says that probabilities are too extreme."
    )
    return table(["model", "slope", "intercept", "calibration error"], rows, caption)


def figures(comparison):
    """Return all figures that the comparison has, with alternative texts."""
    from bineural.figures.comparison import comparison_data, kinds_of, plot_comparison

    held = [
        picture(
            plot_comparison(comparison, kind.name, models=names),
            comparison_data(comparison, kind.name, names).attrs["alt"],
            kind.caption,
        )
        for kind in kinds_of(comparison)
        for names in kind.choices(comparison)
    ]
    return section("Figures", wrap("div", "\n".join(held), class_="figures"))


def run_record(comparison):
    """Return versions, seed, hash, times and machine."""
    run = comparison.run
    pairs = [
        ("Begun", run["begun"]),
        ("Seconds in fits", f"{run['seconds']:g}"),
        ("Seed", run["seed"]),
        ("Hash of the predictors", run["data_hash"]),
        ("Python", run["python"]),
        *((name, version) for name, version in run["versions"].items()),
        ("Machine", run["machine"]),
        ("Device", run["device"]),
    ]
    return section("Run record", terms(pairs))


def repeat(comparison, source):
    """Return the code that repeats the comparison."""
    return section(
        "To repeat it",
        element("p", "The seed gives the same folds, the same fits and the same numbers in both languages."),
        element("h3", "Python"),
        code(python_code(comparison, source), "Python"),
        element("h3", "R"),
        code(r_code(comparison, source), "R"),
    )


# ---- numbers ----


def _level(comparison):
    return f"{100 * comparison.level:g}%"


def _number(value, places=3):
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.{places}f}" if abs(value) < 100 else f"{value:.4g}"


def _rounded(value, width):
    if math.isnan(value):
        return "–"
    return f"{value:.{max(3, decimals(width)) if abs(value) < 100 else 1}f}"


def _interval(low, high):
    if math.isnan(low):
        return "–"
    places = max(2, decimals(high - low))
    return f"{low:.{places}f} to {high:.{places}f}"


def _p(value):
    if math.isnan(value):
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _range(values):
    least, most = min(values), max(values)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
