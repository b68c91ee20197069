"""The demo: the workshop's published AUROC of 0.719 reproduced, a net beside it, both over the same folds.

Python and R each run it through their own functions and leave their numbers as JSON; `compare_demos` says
whether the two languages agree: splits exactly, the GLM to 1e-12, the net to 1e-6.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bineural._typing import DataFrame, PathLike
from bineural.checks import checked, path
from bineural.errors import DataMismatchError, SavingError

FORMULA = "Kyphosis ~ Age + Number + Start"
SEED = 2019
SPLIT_NAMES = {"workshop": "the workshop's split", "stratified": f"stratified 3/4, seed {SEED}"}
REMARK = (
    "0.719, the published figure, is one draw: over 5000 such splits the GLM's AUROC has mean 0.836 and\n"
    "SD 0.088, so one test set of 20 rows says little about either model."
)
_FILES = [("roc", "png"), ("history", "png"), ("report", "html")]
_TOLERANCE = {"glm": 1e-12, "net": 1e-6}


@checked(directory=path())
def run_demo(directory: PathLike = "output") -> DataFrame:
    """Reproduce the workshop's kyphosis result, put a net beside it, and compare them over the same folds.

    The GLM `Kyphosis ~ Age + Number + Start` on the workshop's frozen split of 61 and 20 rows has the
    published AUROC, 46/64 = 0.71875 [1]_. The same GLM and a net are then fitted on a stratified split, and
    compared over 10 x 10 folds, with a verdict and a report.

    Parameters
    ----------
    directory : str or path-like, default "output"
        Folder for `demo-roc-python.png`, `demo-history-python.png`, `demo-report-python.html` and
        `demo-python.json`; made when it is not there.

    Returns
    -------
    pandas.DataFrame
        One row for each split and model: `split`, `model`, `auroc`, `low`, `high` (DeLong's interval, 95%),
        `log_loss` (nats), `n` and `events` (test rows). It is printed too.

    References
    ----------
    .. [1] Kuo and Luraschi (2019). *Deep learning with TensorFlow and Keras*. Symposium on Data Science and
       Statistics, workshop.
    """
    import pandas as pd

    from bineural.comparing.compare import compare_models
    from bineural.data.datasets import load_dataset
    from bineural.figures.curves import plot_roc
    from bineural.figures.history import plot_history
    from bineural.glm.estimators import fit_glm
    from bineural.measures.evaluate import evaluate_model
    from bineural.nets.fitting_one import fit_net
    from bineural.reporting.report import write_report
    from bineural.splitting.loading import load_split
    from bineural.splitting.making import split_rows

    folder = demo_folder(directory)
    kyphosis = load_dataset("kyphosis")
    splits = {
        "workshop": load_split("sdss2019", kyphosis),
        "stratified": split_rows(kyphosis, strata="Kyphosis", prop=0.75, seed=SEED),
    }
    results, evaluations, nets = [], {}, {}
    for name, split in splits.items():
        glm = fit_glm(FORMULA, split.train, event="present")
        nets[name] = fit_net(FORMULA, split.train, event="present", units=(16, 8), seed=SEED, verbose=0)
        if nets[name].interrupted_:
            raise KeyboardInterrupt
        for kind, model in (("glm", glm), ("net", nets[name])):
            evaluation = evaluate_model(model, split.test)
            evaluations[f"{kind}, {SPLIT_NAMES[name]}"] = evaluation
            results.append(_result(name, kind, split, model, evaluation))
    plot_roc(evaluations, folder / "demo-roc-python.png")
    plot_history(nets["workshop"], folder / "demo-history-python.png")
    models = {"glm": glm, "net": nets["stratified"]}
    comparison = compare_models(models, kyphosis, folds=10, repeats=10, seed=SEED, verbose=0)
    if comparison.unfinished:
        raise KeyboardInterrupt
    write_report(comparison, folder / "demo-report-python.html")
    print(finish_demo(folder, "python", results, comparison))
    return pd.DataFrame(results).iloc[:, :8]


def _result(name, kind, split, model, evaluation):
    interval = evaluation.intervals["auroc"]
    return {
        "split": name,
        "model": kind,
        "auroc": evaluation.measures["auroc"],
        "low": interval.low,
        "high": interval.high,
        "log_loss": evaluation.measures["log_loss"],
        "n": evaluation.n,
        "events": evaluation.n_events,
        "n_train": len(split.train_ids),
        "test_ids": split.test_ids,
        "probability": evaluation.score,
        "coefficients": np.asarray(model.coef()) if kind == "glm" else [],
    }


def finish_demo(directory, language, results, comparison):
    """Write one language's numbers as JSON and return the page that it prints.

    Parameters
    ----------
    directory : str or path-like
        Existing folder.
    language : {"python", "r"}
        Whose numbers these are.
    results : list of dict
        One for each split and model: split, model, auroc, low, high, log_loss, n, events, n_train, test_ids
        (0-based), probability (of "present", for the test rows), coefficients (GLM; empty for the net).
    comparison : Comparison
        Of the same models, over folds.

    Returns
    -------
    str
    """
    from bineural.files import write_atomically

    plain = [{key: _plain(value) for key, value in result.items()} for result in results]
    numbers = Path(directory) / f"demo-{language}.json"
    scores = comparison.scores
    folds = {
        name: part[["auroc", "log_loss"]].to_numpy().ravel().tolist()
        for name, part in scores.groupby("model")
    }
    record = {"language": language, "results": plain, "folds": {name: folds[name] for name in ("glm", "net")}}
    write_atomically(numbers, json.dumps(record, indent=1).encode())
    files = [f"demo-{what}-{language}.{end}" for what, end in _FILES]
    shown_language = {"python": "Python", "r": "R"}[language]
    wrote = f"Wrote {', '.join([*files, numbers.name])} in {directory}."
    heading = f"bineural demo in {shown_language}: {FORMULA}, event present"
    page = [heading, "", demo_table(plain), "", REMARK, "", "Over the same folds:", "", str(comparison), ""]
    return "\n".join([*page, wrote, ""])


def demo_table(results):
    """Format the results as the table that both languages print."""
    rows = [("split", "train", "test", "events", "model", "AUROC", "95% interval", "log loss")]
    for r in results:
        interval = f"{r['low']:.3f} to {r['high']:.3f}"
        counts = (f"{r['n_train']:.0f}", f"{r['n']:.0f}", f"{r['events']:.0f}")
        name = {"glm": "GLM", "net": "net"}[r["model"]]
        rows.append(
            (SPLIT_NAMES[r["split"]], *counts, name, f"{r['auroc']:.5f}", interval, f"{r['log_loss']:.3f}")
        )
    widths = [max(len(row[j]) for row in rows) for j in range(len(rows[0]))]
    sides = "<>>><><>"  # text to the left, numbers to the right
    lines = ["  ".join(f"{cell:{s}{w}}" for cell, s, w in zip(row, sides, widths)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def compare_demos(directory="output"):
    """Compare the numbers that the demo left in Python and in R.

    Parameters
    ----------
    directory : str or path-like, default "output"
        Folder of `demo-python.json` and `demo-r.json`.

    Returns
    -------
    str
        A sentence with the largest differences.

    Raises
    ------
    DataMismatchError
        If splits differ at all, the GLM's coefficients or probabilities by more than 1e-12 (relative to the
        larger of 1 and the value), or the net's probabilities by more than 1e-6.
    SavingError
        If one of the files is not there.
    """
    records = [_read_numbers(Path(directory) / f"demo-{language}.json") for language in ("python", "r")]
    (python, folds), (r, folds_in_r) = ((record["results"], record["folds"]) for record in records)
    largest = {"glm": 0.0, "net": 0.0}
    if [(a["split"], a["model"]) for a in python] != [(b["split"], b["model"]) for b in r]:
        raise DataMismatchError(
            "Python and R must have fitted the same models.", "They did not.", "Run both again."
        )
    for a, b in zip(python, r):
        what = f"{a['model']} on {SPLIT_NAMES[a['split']]}"
        if a["test_ids"] != b["test_ids"] or a["n_train"] != b["n_train"]:
            raise _differ("test rows", what, f"{a['test_ids']} in Python and {b['test_ids']} in R")
        for key in ("probability", "coefficients", "auroc", "low", "high", "log_loss"):
            gap = _largest_gap(a[key], b[key])
            largest[a["model"]] = max(largest[a["model"]], gap)
            if not gap <= _TOLERANCE[a["model"]]:
                raise _differ(key, what, f"a largest difference of {gap:.2g}")
    for kind, scores in folds.items():
        gap = _largest_gap(scores, folds_in_r[kind])
        largest[kind] = max(largest[kind], gap)
        if not gap <= _TOLERANCE[kind]:
            raise _differ("scores over folds", kind, f"a largest difference of {gap:.2g}")
    near = {kind: "to the bit" if gap == 0 else f"to {gap:.1g}" for kind, gap in largest.items()}
    return f"Python and R agree: the same splits and folds, the GLM {near['glm']}, the net {near['net']}."


def demo_folder(directory):
    """Return the folder for the demo's files, made when it is not there."""
    from bineural.files import make_folder

    return make_folder(directory)


def _read_numbers(path):
    try:
        record = json.loads(path.read_text())
        return {key: record[key] for key in ("results", "folds")}
    except (OSError, ValueError, KeyError) as error:
        raise SavingError(
            "Both languages must have run the demo before they are compared.",
            f"{str(path)!r} can't be read: {error}.",
            "Run `make demo`.",
        ) from error


def _largest_gap(a, b):
    a, b = np.atleast_1d(np.asarray(a, dtype=float)), np.atleast_1d(np.asarray(b, dtype=float))
    if a.shape != b.shape:
        return np.inf
    return float(np.max(np.abs(a - b) / np.maximum(1, np.abs(a)), initial=0.0))


def _differ(key, what, difference):
    return DataMismatchError(
        f"Python and R must give the same {key} for the {what}.",
        f"Found {difference}.",
        "Run `make demo` again; if it stays, please report it with what `bineural sitrep` prints.",
    )


def _plain(value):
    value = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else value
