"""What to know of the estimates of a comparison: where they are undefined, infinite, or upside down."""

import numpy as np

from bineural.comparisons.words import NULL
from bineural.measuring.record import turned_round
from bineural.messages import listed


def cautions(comparison):
    """Return sentences, each with a line on what to do.

    Parameters
    ----------
    comparison : Comparison
    """
    said = [] if comparison.ground.single_split else [*_undefined(comparison)]
    return [*said, *_infinite(comparison), *_turned(comparison)]


def _undefined(comparison):
    """Say what estimates stand on where some folds have none; measures that lack the same ones, together."""
    n = len(comparison.ground.sets)
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
            f"{' and '.join(labels)} {are} undefined in {count} of {n} folds{_why(comparison)}: {rest}.\n"
            "Use fewer `folds`, so that each tests rows of every class."
        )


def _why(comparison):
    """Count the folds whose test rows lack a class."""
    ground = comparison.ground
    if ground.task == "regression":
        return ""
    classes = range(len(ground.classes))
    counts = [sum(not np.any(ground.truth[one.test] == k) for one in ground.sets) for k in classes]
    names = ["another class", str(ground.event)] if ground.task == "binary" else map(str, ground.classes)
    lacking = [f"no row of {name} is tested in {count}" for name, count in zip(names, counts) if count]
    return f" ({', '.join(lacking)})" if lacking else ""


def _infinite(comparison):
    n = len(comparison.ground.sets)
    for measure in comparison.measures.values():
        counts = {m: int(np.isinf(comparison.values(m, measure.name)).sum()) for m in comparison.models}
        models = [m for m, count in counts.items() if count]
        if models:
            yield (
                f"{measure.label} is infinite in {max(counts.values())} of {n} folds for {listed(models)}: "
                "it has no interval and no verdict.\nReturn NaN where it is undefined, else a number."
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
