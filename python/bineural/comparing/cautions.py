"""What to know of a comparison's estimates: where they are undefined, infinite, upside down, of few rows."""

import numpy as np

from bineural.comparing.rounding import NULL
from bineural.comparing.row_likelihoods import sentence
from bineural.measures.evaluation import turned_round
from bineural.messages import listed, number_of

_FEW_ROWS = 0.02  # this share of the rows, or one row,
_MOST_ERROR = 1 / 3  # has more than this share of the squared error; of normal errors it has a tenth


def cautions(comparison):
    """Return sentences, each with a line on what to do.

    Parameters
    ----------
    comparison : Comparison
    """
    sentences = [] if comparison.basis.single_split else [*_undefined(comparison)]
    likelihoods = sentence(comparison.entrants)
    sentences += [likelihoods] if likelihoods else []
    sentences += [*_of_part(comparison), *_labels_unseen(comparison)]
    return [*sentences, *_infinite(comparison), *_turned(comparison), *_heavy(comparison)]


def _of_part(comparison):
    """Say what is of a part of the rows only, where they come in batches."""
    kept, n_rows = getattr(comparison.basis, "kept", None), comparison.n_rows
    if kept is not None and len(kept) < n_rows:
        yield (
            f"Measures and verdicts are of all {n_rows:,} rows; calibration, plots and `predictions` are of "
            f"{len(kept):,} of them, and so is the search for leaks."
        )


def _labels_unseen(comparison):
    """Say what detectors of anomalies have learnt from."""
    if comparison.task == "anomalies":
        yield (
            f"Every model learnt from training rows that are not {comparison.event}, and from no labels.\n"
            "Labels order nothing but the test rows."
        )


def _undefined(comparison):
    """Say what estimates stand on where some folds have none; measures that lack the same ones, together."""
    n = len(comparison.basis.sets)
    alike = {}
    for measure in comparison.measures.values():
        values = [comparison.values(model, measure.name) for model in comparison.models if model != NULL]
        missing = np.isnan(values)
        if missing.any():
            alike.setdefault(missing.tobytes(), (missing, []))[1].append(measure.label)
    for missing, labels in alike.values():
        least, most = np.min(missing.sum(axis=1)), np.max(missing.sum(axis=1))
        count = f"{most}" if least == most else f"up to {most}"
        are = "is" if len(labels) == 1 else "are"
        rest = "no other is left" if most == n else f"estimates stand on the {n - most} others"
        yield (
            f"{' and '.join(labels)} {are} undefined in {count} of {number_of(n, 'fold')}"
            f"{_why(comparison)}: {rest}.\n"
            "Use fewer `folds`, so that each tests rows of every class."
        )


def _why(comparison):
    """Count the folds whose test rows lack a class."""
    basis = comparison.basis
    if basis.task == "regression":
        return ""
    classes = range(len(basis.classes))
    counts = [sum(not np.any(basis.truth[resample.test] == k) for resample in basis.sets) for k in classes]
    names = ["another class", str(basis.event)] if basis.task == "binary" else map(str, basis.classes)
    lacking = [f"no row of {name} is tested in {count}" for name, count in zip(names, counts) if count]
    return f" ({', '.join(lacking)})" if lacking else ""


def _infinite(comparison):
    n = len(comparison.basis.sets)
    for measure in comparison.measures.values():
        counts = {m: int(np.isinf(comparison.values(m, measure.name)).sum()) for m in comparison.models}
        models = [m for m, count in counts.items() if count]
        if models:
            yield (
                f"{measure.label} is infinite in {max(counts.values())} of {number_of(n, 'fold')} for "
                f"{listed(models)}: it has no interval and no verdict.\n"
                "Return NaN where it is undefined, else a number."
            )


def _turned(comparison):
    """Name the models that rank rows of the other class first."""
    if comparison.task != "binary":
        return
    for model in comparison.models:
        low, high = comparison.interval(model, "auroc")
        if high < 0.5:
            area = comparison.estimate(model, "auroc")
            yield turned_round(model, area, low, high, comparison.event)


def _heavy(comparison):
    """Say where the squared error is that of a few rows, whose interval then promises too much."""
    if comparison.task != "regression" or comparison.measure not in ("rmse", "r_squared"):
        return
    shares = {}
    for model in comparison.models:
        if model != NULL:
            _, truth, prediction = comparison.averaged_predictions(model)
            squares = np.sort(np.square(truth - prediction))[::-1]
            n = max(1, int(_FEW_ROWS * len(squares)))
            shares[model] = squares[:n].sum() / squares.sum() if squares.any() else 0.0
    models = [model for model, share in shares.items() if share > _MOST_ERROR]
    if models:
        most = max(shares.values())
        yield (
            f"{n} of {len(squares)} rows have up to {most:.0%} of the squared error of {listed(models)}: "
            "RMSE and R squared hang on them, and their intervals may be too narrow.\n"
            "Look at these rows, and at MAE, which hangs on them less (measure='mae')."
        )
