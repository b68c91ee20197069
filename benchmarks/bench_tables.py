"""The default net on 41 tables of 81 to 20,000 rows, beside GLM, boosting, forests and nets of others.

The peers have their own defaults: the GLM of this package, scikit-learn's HistGradientBoosting, RandomForest
(500 trees) and MLP (columns and numbers to be predicted standardised, as its guide asks), and RealMLP
(pytabkit; for log loss: chosen by it, without label smoothing) where `BINEURAL_TABULAR_PYTHON` names a Python
that has it. TabM, 32 members of 512 units, is left out by default: it is slow without a GPU. A split trains
on three quarters of the rows. Defaults of this package are chosen nested over tables: for each table the
candidate of the smallest mean loss, relative to the best peer's, on all other tables; that candidate is
judged on the table. Every fit is kept in results/bench_tables.jsonl with its commit, and a run goes on from
there: `--minutes 20` fits for that long, `--minutes 0` only writes the page of what is kept. `--models` fits
some models only, TabM ("TabM_D") too; `--tables` some tables; `--quick` does three tables.
"""

import json
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from programs import ProgramFailed, attempt, run_program
from running import COMMIT, HERE, read_command, write
from tables import read_tables

NET, GLM, MLP = "bineural's net", "GLM", "scikit-learn's MLP"
TUNED = "tune_net's default grid"  # with successive halving, within the rows trained on
CLASSICAL = [GLM, "HGB", "random forest", MLP]
BY_TORCH = ["RealMLP_TD", "TabM_D"]
KEPT = HERE / "results" / "bench_tables.jsonl"


def _larger_batches(n):
    return [size for least, size in ((0, 64), (1_000, 128), (4_000, 256)) if least <= 0.8 * n][-1]


def _decaying_rate(n):
    """Return options by which Adam's rate falls to 0 along a cosine over 60 epochs, all of them run."""
    import keras

    batch = [size for least, size in ((0, 32), (1_000, 64), (2_000, 128), (10_000, 256)) if least <= 0.8 * n]
    rate = keras.optimizers.schedules.CosineDecay(0.01, 60 * int(np.ceil(0.8 * n / batch[-1])))
    return {"optimizer": keras.optimizers.Adam(rate), "epochs": 60, "patience": None}


CANDIDATES = {  # name: options, in which n is the number of rows trained on
    NET: lambda n: {},
    "one penalty": lambda n: {"l2": 1 / (2 * 0.8 * n)},
    "one penalty, plain numbers": lambda n: {"numbers": "plain", "l2": 1 / (2 * 0.8 * n)},
    "one penalty, plain numbers, 16-8": lambda n: {
        "numbers": "plain",
        "units": (16, 8),
        "l2": 3 / (2 * 0.8 * n),
        "batch_size": 32,
        "ensemble": 5 if n <= 10_000 else 1,
    },
    "one layer of 100 units": lambda n: {"units": (100,)},
    "batch ensemble": lambda n: {"architecture": "batch_ensemble"},
    "embedded levels": lambda n: {"categories": "embed"},
    "robust scaling": lambda n: {"scaling": "robust"},
    "quantile scaling": lambda n: {"scaling": "quantile"},
    "larger batches": lambda n: {"batch_size": _larger_batches(n)},
    "patience of 10, larger batches": lambda n: {"patience": 10, "batch_size": _larger_batches(n)},
    "decaying rate": _decaying_rate,
}
OWED = {
    "mean rank of the default net among all (1 is best)": "reported",
    "rank of that mean rank": "<= 1",
    "tables on which it is more than .02 behind the best": "<= 0",
    "AUROC behind the GLM, most": "<= 0.005",
    "seconds of the processor / RealMLP's, median": "<= 1x",
    "seconds of ten folds / scikit-learn's MLP, median": "<= 0.5x",
}
WHY = {  # what is known of tables on which the net is behind
    "kyphosis": "21 test rows, 4 events; over 10 x 20 folds the net's log loss is .375, a forest's .408",
    "Glass": "54 test rows, six classes that are parted by thresholds, which forests find best",
    "wine": "45 test rows and hardly an error of any model; the GLM parts them and is sure without limit",
    "Sonar": "52 test rows of 60 neighbouring frequencies; nets with plain numbers and no penalty win",
    "hastie": "ten columns that count alike: one layer of 100 units on plain numbers has .092, 64-32 .129",
    "Affairs": "counts with many zeros as numbers: no model is better than the mean here",
}
BOUND = (
    "What bounds ten folds: a fold of Pima takes fifteen nets of 4,700 weights through ten epochs and five "
    "of them through some 35 more, 1.5 million products a row; the MLP takes one of 1,000 weights through "
    "200, 0.2 million. The arithmetic alone is seven times the MLP's, so that half of its seconds can't be "
    "had with five members of 64-32 units. At commit 96c069a, seconds of ten folds of Pima with the graph "
    "made were: default 16.2 compiled by XLA (and 8 for compiling) and 19.9 without it; without it, batches "
    "of 64 12.3, of 128 9.4, a patience of 10 6.4, one member 2.1. Ending the members of the penalties that "
    "lose left 0.32 to 0.62 of the epochs on 7 tables with 10 steps an epoch, and the same penalty on 5 of "
    "them. Batches and patience stay, for what the table of candidates says."
)
FEWEST_TABLES = 5  # on which a candidate is judged
RESAMPLED = ("Pima", "Vehicle")  # for the seconds of ten folds


# ---- models ----


def make_model(name, table, n_train):
    """Return an unfitted estimator of a peer or a candidate."""
    from sklearn import compose, ensemble, neural_network
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    import bineural as bn

    numbers = table.is_numbers
    if name in CANDIDATES:
        options = {"missing": "impute", "seed": 2019, **CANDIDATES[name](n_train)}
        return (bn.NetRegressor if numbers else bn.NetClassifier)(**options)
    if name == GLM:
        return (bn.GLMRegressor if numbers else bn.GLMClassifier)(missing="impute")
    if name == "HGB":
        kind = ensemble.HistGradientBoostingRegressor if numbers else ensemble.HistGradientBoostingClassifier
        return kind(categorical_features="from_dtype", random_state=0)
    if name == "random forest":
        kind = ensemble.RandomForestRegressor if numbers else ensemble.RandomForestClassifier
        return make_pipeline(_columns(), kind(500, random_state=0, n_jobs=2))
    if numbers:
        net = compose.TransformedTargetRegressor(
            neural_network.MLPRegressor(random_state=0), transformer=StandardScaler()
        )
    else:
        net = neural_network.MLPClassifier(random_state=0)
    return make_pipeline(_columns(StandardScaler()), net)


def _columns(*scaler):
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), *scaler)
    levels = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    categories = make_pipeline(SimpleImputer(strategy="most_frequent"), levels)
    return make_column_transformer(
        (numbers, make_column_selector(dtype_exclude="category")),
        (categories, make_column_selector(dtype_include="category")),
    )


# ---- fits ----


def fit_here(name, table, split):
    """Fit a model to one split in this process; return loss, AUROC and seconds."""
    train, test = table.split(split)
    model = make_model(NET if name == TUNED else name, table, len(train))
    clock, busy = time.perf_counter(), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = (_tune if name == TUNED else _fit)(model, table.X.iloc[train], table.y.iloc[train])
    seconds = {"clock": time.perf_counter() - clock, "processor": time.process_time() - busy}
    X = table.X.iloc[test]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        predicted = np.asarray(model.predict(X) if table.is_numbers else model.predict_proba(X))
    classes = None if table.is_numbers else [str(c) for c in model.classes_]
    return judge_predictions(table, test, predicted, classes) | seconds


def _fit(model, X, y):
    return model.fit(X, y)


def _tune(net, X, y):
    import bineural as bn

    event = {} if y.dtype.kind == "f" or y.nunique() > 2 else {"event": y.max()}
    net.set_params(seed=None, **event)
    measure = "rmse" if y.dtype.kind == "f" else "log_loss"
    how = {"grid": "default", "halving": True, "measure": measure, "rule": "best", "folds": 3, "seed": 2019}
    return bn.tune_net(net, (X, y), **how).model


def judge_predictions(table, test, predicted, classes):
    """Return log loss and AUROC (one against the others), or 1 - R2, of the rows of a test."""
    from sklearn.metrics import log_loss, roc_auc_score

    y = table.y.iloc[test].to_numpy()
    if table.is_numbers:
        return {"loss": float(((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum())}
    shares = np.clip(predicted, 1e-7, 1)
    shares /= shares.sum(1, keepdims=True)
    two = len(classes) == 2
    auroc = (
        roc_auc_score(y == classes[1], shares[:, 1])
        if two
        else roc_auc_score(y, shares, multi_class="ovr", labels=classes)
    )
    return {"loss": float(log_loss(y, shares, labels=classes)), "auroc": float(auroc)}


def fit_by_torch(names, table, split):
    """Fit RealMLP and TabM in the Python that has them; return {name: loss, AUROC and seconds}."""
    train, test = table.split(split)
    python = os.environ["BINEURAL_TABULAR_PYTHON"]
    with tempfile.TemporaryDirectory() as folder:
        table.X.assign(outcome=table.y).to_csv(Path(folder) / "rows.csv", index=False)
        about = {
            "is_numbers": table.is_numbers,
            "categories": [name for name in table.X if table.X[name].dtype == "category"],
            "splits": {str(split): {"train": train.tolist(), "test": test.tolist()}},
        }
        with (Path(folder) / "about.json").open("w") as file:
            json.dump(about, file)
        command = [python, str(HERE / "tabular_peers.py"), folder, str(split), *names]
        answers = {}
        for line in run_program(command).splitlines():
            if line.startswith("{"):
                answer = json.loads(line)
                name, classes = answer.pop("model"), answer.pop("classes")
                predicted = np.load(Path(folder) / f"{name}.npy")
                answers[name] = judge_predictions(table, test, predicted, classes) | answer
    return answers


class Store:
    """Fits by (table, split, model), in a file of a line each where one is named; failed ones come again."""

    def __init__(self, path):
        self.path, self.fits = path, {}
        if path and Path(path).exists():
            for line in Path(path).read_text().splitlines():
                fit = json.loads(line)
                self.fits[fit.pop("table"), fit.pop("split"), fit.pop("model")] = fit
            self.fits = {key: fit for key, fit in self.fits.items() if "failed" not in fit}

    def add(self, table, split, model, fit):
        """Keep a fit, and at which commit it was made."""
        fit = {**fit, "commit": COMMIT}
        self.fits[table, split, model] = fit
        if self.path:
            with Path(self.path).open("a") as file:
                file.write(json.dumps({"table": table, "split": split, "model": model, **fit}) + "\n")


def fit_all(tables, models, n_splits, store, minutes=None):
    """Fit every model to every split of every table that the store lacks, until the minutes are over."""
    begun = time.perf_counter()
    for split in range(n_splits):
        for name, table in tables.items():
            if minutes is not None and time.perf_counter() - begun > 60 * minutes:
                return
            lacking = [model for model in models if (name, split, model) not in store.fits]
            by_torch = [model for model in lacking if model in BY_TORCH]
            for model in [model for model in lacking if model not in BY_TORCH]:
                what = f"{name}, {model}"
                fit = attempt(what, lambda m=model, t=table, s=split: _guarded(fit_here, m, t, s))
                store.add(name, split, model, _as_plain(fit))
            if by_torch:
                fits = attempt(name, lambda b=by_torch, t=table, s=split: fit_by_torch(b, t, s))
                for model in by_torch:
                    fit = (
                        fits if isinstance(fits, ProgramFailed) else fits.get(model, {"failed": "no answer"})
                    )
                    store.add(name, split, model, _as_plain(fit))


def _guarded(fit, *arguments):
    try:
        return fit(*arguments)
    except Exception as error:
        raise ProgramFailed([str(arguments[0])], "failed", repr(error)) from error


def _as_plain(fit):
    return {"failed": fit.reason} if isinstance(fit, ProgramFailed) else fit


# ---- judging ----


def frame_of(store, tables, models, key):
    """Return means of one figure, tables x models, over the splits of a table that all the models have."""
    rows = {}
    for name in tables:
        splits = [s for t, s, m in store.fits if t == name and m == models[0]]
        each = [[store.fits.get((name, s, m), {}).get(key, np.nan) for m in models] for s in splits]
        each = [values for values in each if np.isfinite(values).all()]
        if each:
            rows[name] = [*np.mean(each, axis=0), len(each)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*models, "splits"])


def choose_nested(loss, best):
    """Return the candidate that the other tables choose for each table, and what each would be overall.

    Parameters
    ----------
    loss : data frame, tables x candidates
    best : series
        The loss of the best peer of each table. That of a candidate is taken relative to it, on the scale of
        logarithms and no better than a hundredth, so that no table decides by its unit.
    """
    relative = np.log(loss.clip(lower=0.01).div(best[loss.index].clip(lower=0.01), axis=0))
    chosen = {table: relative.drop(index=table).mean().idxmin() for table in relative.index}
    return pd.Series(chosen), relative.mean()


def mean_ranks(loss):
    """Return the mean rank of each model over tables (1 is best; a failed fit is last)."""
    return loss.rank(axis=1, na_option="bottom").mean().sort_values()


def critical_difference(n_models, n_tables, level=0.05):
    """Return by how much mean ranks must differ by Nemenyi's test (Demsar 2006)."""
    from scipy.stats import studentized_range

    quantile = studentized_range.ppf(1 - level, n_models, np.inf) / np.sqrt(2)
    return float(quantile * np.sqrt(n_models * (n_models + 1) / (6 * n_tables)))


def interval_of_mean(values, seed=2019):
    """Return mean and 95 % percentile interval over tables, by bootstrap."""
    values = np.asarray(values)[np.isfinite(values)]
    drawn = np.random.default_rng(seed).choice(values, (10_000, len(values))).mean(axis=1)
    return values.mean(), *np.quantile(drawn, [0.025, 0.975])


def draw_ranks(ranks, difference, path):
    """Draw mean ranks on an axis, and a bar over models that are not told apart from one another."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 0.34 * len(ranks) + 1.2))
    values = ranks.to_numpy()
    axes.scatter(
        values, np.arange(len(ranks)), color=["#b2182b" if n == NET else "#333333" for n in ranks.index]
    )
    for place, (name, rank) in enumerate(ranks.items()):
        axes.annotate(f"{name}  {rank:.2f}", (rank, place), (8, 0), textcoords="offset points", va="center")
    reach = 0
    for first in range(len(values)):
        last = int(np.flatnonzero(values <= values[first] + difference)[-1])
        if last > reach or (first == 0 and last > 0):
            axes.plot([values[first] - 0.05] * 2, [first - 0.2, last + 0.2], color="#2166ac", lw=3)
            reach = last
    axes.set(xlabel=f"mean rank (1 is best); critical difference {difference:.2f}", yticks=[])
    axes.set_xlim(values.min() - 0.3, values.max() + 1.6)
    axes.invert_yaxis()
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(path, dpi=120, bbox_inches="tight")
    plt.close(figure)


def time_folds(tables):
    """Return seconds of the processor of ten folds: {table: (default net, scikit-learn's MLP)}."""
    from sklearn.model_selection import cross_val_score

    import bineural as bn

    seconds = {}
    for name in [name for name in RESAMPLED if name in tables]:
        table = tables[name]
        net = make_model(NET, table, len(table.y)).set_params(seed=None)
        if not table.is_numbers and table.y.nunique() == 2:
            net.set_params(event=table.y.max())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            begun = time.process_time()
            cross_val_score(make_model(MLP, table, len(table.y)), table.X, table.y, cv=10)
            middle = time.process_time()
            bn.fit_nets(net, (table.X, table.y), bn.make_folds(table.X, folds=10, seed=1))
            seconds[name] = time.process_time() - middle, middle - begun
    return seconds


def tell(tables, store, folds):
    """Return the parts of the page, what was measured of OWED, mean ranks and the critical difference."""
    shown = [NET, *CLASSICAL]
    loss = frame_of(store, tables, shown, "loss")
    gain = _auroc_gain(store, tables)
    best, ranks = loss[CLASSICAL].min(axis=1), mean_ranks(loss[shown])
    difference, behind = critical_difference(len(shown), len(loss)), loss[NET] - best
    by_torch = {peer: frame_of(store, tables, [NET, peer], "loss") for peer in BY_TORCH}
    parts = [_ranks_part(loss, shown, ranks, difference)]
    parts += [_torch_part(peer, losses, len(loss)) for peer, losses in by_torch.items()]
    parts += [_tables_part(tables, store, loss, gain, by_torch, behind), _nested_part(store, tables, best)]
    parts += [_seconds_part(store, tables, folds)]
    busy = frame_of(store, tables, [NET, "RealMLP_TD"], "processor")
    measured = {
        "mean rank of the default net among all (1 is best)": f"{ranks[NET]:.2f}",
        "rank of that mean rank": float(list(ranks.index).index(NET) + 1),
        "tables on which it is more than .02 behind the best": float((behind > 0.02).sum()),
        "AUROC behind the GLM, most": float(max(0.0, -gain.min())),
        "seconds of the processor / RealMLP's, median": None,
        "seconds of ten folds / scikit-learn's MLP, median": None,
    }
    if len(busy):
        measured["seconds of the processor / RealMLP's, median"] = float(
            (busy[NET] / busy["RealMLP_TD"]).median()
        )
    if folds:
        measured["seconds of ten folds / scikit-learn's MLP, median"] = float(
            np.median([net / mlp for net, mlp in folds.values()])
        )
    return parts, measured, ranks, difference


def _lines(heads, rows):
    return "\n".join(
        [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *(f"| {' | '.join(r)} |" for r in rows)]
    )


def _ranks_part(loss, shown, ranks, difference):
    rows = []
    for name in ranks.index:
        best = int((loss[shown].idxmin(axis=1) == name).sum())
        relative = np.log(loss[name].clip(lower=0.01) / loss[NET].clip(lower=0.01))
        mean, low, high = (100 * (np.exp(v) - 1) for v in interval_of_mean(relative))
        gap = "" if name == NET else f"{mean:+.1f} % ({low:+.1f} to {high:+.1f})"
        rows.append([name, f"{ranks[name]:.2f}", str(best), gap])
    return "\n\n".join(
        [
            "## Mean ranks",
            _lines(["model", "mean rank", "tables won", "loss beside the net's, mean (95 % interval)"], rows),
            f"{len(loss)} tables. By Nemenyi's test mean ranks that differ by less than {difference:.2f} "
            "are not told apart (bars in the picture). Losses (log loss; 1 - R2) are compared as ratios, "
            "geometric mean, losses under .01 as .01; intervals by bootstrap over tables.",
            "![mean ranks](bench_tables.png)",
        ]
    )


def _torch_part(peer, losses, n_tables):
    """Say how the net stands beside a peer of PyTorch, which need not be fitted to all tables."""
    if not len(losses):
        return f"{peer} was not fitted: `BINEURAL_TABULAR_PYTHON` names a Python that has pytabkit."
    relative = np.log(losses[peer].clip(lower=0.01) / losses[NET].clip(lower=0.01))
    mean, low, high = (100 * (np.exp(v) - 1) for v in interval_of_mean(relative))
    return (
        f"{peer} was fitted to {len(losses)} of the {n_tables} tables: the net is ahead on "
        f"{int((losses[NET] < losses[peer]).sum())}, and {peer}'s loss is {mean:+.1f} % beside the net's "
        f"({low:+.1f} to {high:+.1f})."
    )


def _auroc_gain(store, tables):
    """Return by how much the net's AUROC is above the GLM's, by table."""
    auroc = frame_of(store, tables, [NET, GLM], "auroc")
    return auroc[NET] - auroc[GLM]


def _tables_part(tables, store, loss, gain, by_torch, behind):
    rows, peers, torch = [], [NET, *CLASSICAL], [peer for peer in BY_TORCH if len(by_torch[peer])]
    for name in loss.index:
        table, values = tables[name], loss.loc[name, peers].tolist()
        cells = [f"**{v:.3f}**" if v == np.nanmin(values) else f"{v:.3f}" for v in values]
        for both in (by_torch[peer] for peer in torch):
            ratio = both.loc[name].iloc[1] / both.loc[name, NET] if name in both.index else None
            cells.append("" if ratio is None else f"{ratio:.2f}x" if ratio >= 0.01 else "< .01x")
        above = f"{gain[name]:+.3f}" if name in gain.index else ""
        kind = "numbers" if table.is_numbers else f"{table.y.nunique()} classes"
        gap = f"{behind[name]:+.3f}" + " !" * bool(behind[name] > 0.02)
        size = f"{len(table.y)} x {table.X.shape[1]}"
        rows.append([name, table.source, size, kind, f"{loss.splits[name]:.0f}", *cells, gap, above])
    heads = ["table", "from", "rows x columns", "outcome", "splits", *peers]
    heads += [f"{peer}'s / the net's" for peer in torch]
    heads += ["net - best of the first four", "AUROC, net - GLM"]
    said = [f"- {name}: {WHY[name]}" for name in loss.index if behind[name] > 0.02 and name in WHY]
    earlier = [name for name in loss.index if store.fits.get((name, 0, "RealMLP_TD"), {}).get("earlier")]
    about = (
        "Log loss, or 1 - R2 of numbers, means over splits; ! is over .02. RealMLP and TabM were "
        "fitted to the first split alone, and stand beside the net of that split; RealMLP's losses of "
        f"{len(earlier)} tables are of an earlier page, with three digits."
        + " Why, as far as is known:"
        * bool(said)
    )
    return "\n\n".join(
        ["## Losses by table", about, *(["\n".join(said)] if said else []), _lines(heads, rows)]
    )


def _nested_part(store, tables, best):
    """Say how the default was chosen: pairwise with each candidate that has enough tables, nested."""
    rows = []
    for name in [*(name for name in CANDIDATES if name != NET), TUNED]:
        loss = frame_of(store, tables, [NET, name], "loss")
        loss = loss.loc[[table for table in loss.index if table in best.index], [NET, name]]
        if len(loss) < FEWEST_TABLES:
            continue
        chosen, _ = choose_nested(loss, best)
        mean, low, high = (
            100 * (np.exp(v) - 1)
            for v in interval_of_mean(np.log(loss[name].clip(lower=0.01) / loss[NET].clip(lower=0.01)))
        )
        gap = f"{mean:+.1f} % ({low:+.1f} to {high:+.1f})"
        better = str(int((loss[name] < loss[NET]).sum()))
        rows.append([name, str(len(loss)), better, gap, str(int((chosen == name).sum()))])
    heads = ["candidate", "tables", "ahead on", "loss beside the default's (95 % interval)"]
    heads += ["tables that the others choose it for"]
    about = (
        "For each table the other tables choose between the default and a candidate, so that no table judges "
        "what it chose itself. A candidate becomes the default where the others choose it for most tables "
        "and its interval lies below zero."
    )
    table = [_lines(heads, rows)] if rows else []
    return "\n\n".join(["## How the default was chosen", about, *table])


def _seconds_part(store, tables, folds):
    rows = []
    for name in [*CLASSICAL, *BY_TORCH]:
        busy = frame_of(store, tables, [NET, name], "processor")
        if len(busy):
            ratio = (busy[NET] / busy[name]).median()
            row = f"{busy[name].median():.2f}", f"{busy[NET].median():.2f}", f"{ratio:.2f}"
            rows.append([name, str(len(busy)), *row])
    heads = ["model", "tables", "its median", "the net's median", "net's / its, median"]
    ten = [f"{name} {net:.1f} and {mlp:.1f} ({net / mlp:.2f}x)" for name, (net, mlp) in folds.items()]
    return "\n\n".join(
        [
            "## Seconds of the processor, a fit",
            "Of the tables on which both were timed; the first fit of a layout, with tracing.",
            _lines(heads, rows),
            f"Ten folds of the net and of scikit-learn's MLP: {', '.join(ten) or 'not timed'}.",
            BOUND,
        ]
    )


def main():
    more = {
        "minutes": {"type": float, "help": "fit for about so long; 0 only writes the page of what is kept"},
        "splits": {"type": int, "default": 3, "help": "splits of each table"},
        "models": {"help": "only these, separated by semicolons; fits them and writes nothing"},
        "tables": {"help": "only these, separated by semicolons; fits to them and writes nothing"},
    }
    command = read_command(__doc__, **more)
    names = ["kyphosis", "Vowel", "sine"] if command.quick else command.tables and command.tables.split(";")
    tables, store = read_tables(names), Store(None if command.quick else KEPT)
    models = command.models.split(";") if command.models else [NET, *CLASSICAL, "RealMLP_TD"]
    if not os.environ.get("BINEURAL_TABULAR_PYTHON"):
        print("RealMLP is left out: BINEURAL_TABULAR_PYTHON names no Python.", file=sys.stderr)
        models = [model for model in models if model not in BY_TORCH]
    if command.minutes != 0:
        fit_all(tables, models, 1 if command.quick else command.splits, store, command.minutes)
    if command.models or command.tables:
        return
    parts, measured, ranks, difference = tell(tables, store, time_folds(tables))
    print("\n\n".join(parts), "\n", measured)
    if not command.quick:
        draw_ranks(ranks, difference, HERE / "results" / "bench_tables.png")
        commits = pd.Series([fit["commit"] for fit in store.fits.values()]).value_counts()
        kept = ", ".join(f"{commit} {n}" for commit, n in commits.items())
        repeated = int((frame_of(store, tables, [NET, *CLASSICAL], "loss").splits > 1).sum())
        about = (
            f"{command.splits} splits are asked of each table; "
            f"{repeated} tables have more than one so far, and losses are means over those that all models "
            f"have. Missing numbers: median and an indicator. Fits kept, by commit: {kept}."
        )
        write("bench_tables", "The default net beside others on tables", about, parts, measured)


if __name__ == "__main__":
    main()
