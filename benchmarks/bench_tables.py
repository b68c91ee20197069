"""The default net on 41 tables of 81 to 20,000 rows, beside GLM, boosting, forests and nets of others.

The peers have their own defaults: the GLM of this package, scikit-learn's HistGradientBoosting, RandomForest
(500 trees) and MLP (columns and numbers to be predicted standardised, as its guide asks), and RealMLP
(pytabkit; for log loss: chosen by it, without label smoothing) where `BINEURAL_TABULAR_PYTHON` names a Python
that has it. TabM, 32 members of 512 units, is left out by default: it is slow without a GPU. A split trains
on three quarters of the rows. Defaults of this package are chosen nested over tables: for each table the
candidate of the smallest mean loss, relative to the best peer's, on all other tables; that candidate is
judged on the table. `--store FILE` keeps every fit, and goes on from it; `--models` fits some models only,
TabM ("TabM_D") too; `--quick` does three tables.
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
from running import HERE, read_command, write
from tables import read_tables

NET, GLM, MLP = "bineural's net", "GLM", "scikit-learn's MLP"
PEERS = [GLM, "HGB", "random forest", MLP, "RealMLP_TD"]
BY_TORCH = ("RealMLP_TD", "TabM_D")
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
    "batch ensemble": lambda n: {"architecture": "batch_ensemble"},
    "embedded levels": lambda n: {"categories": "embed"},
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
    "Affairs": "counts with many zeros as numbers: no model is better than the mean here",
    "ames": "prices with a long tail; boosting gains by splits of neighbourhoods",
}
MANY_ROWS = 1_100  # from which one split tells enough
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
    model = make_model(name, table, len(train))
    clock, busy = time.perf_counter(), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(table.X.iloc[train], table.y.iloc[train])
    seconds = {"clock": time.perf_counter() - clock, "processor": time.process_time() - busy}
    X = table.X.iloc[test]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        predicted = np.asarray(model.predict(X) if table.is_numbers else model.predict_proba(X))
    classes = None if table.is_numbers else [str(c) for c in model.classes_]
    return judge_predictions(table, test, predicted, classes) | seconds


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
    """Fits by (table, split, model), in a file of a line each where one was named."""

    def __init__(self, path):
        self.path, self.fits = path, {}
        if path and Path(path).exists():
            for line in Path(path).read_text().splitlines():
                fit = json.loads(line)
                self.fits[fit.pop("table"), fit.pop("split"), fit.pop("model")] = fit

    def add(self, table, split, model, fit):
        """Keep a fit."""
        self.fits[table, split, model] = fit
        if self.path:
            with Path(self.path).open("a") as file:
                file.write(json.dumps({"table": table, "split": split, "model": model, **fit}) + "\n")


def fit_all(tables, models, n_splits, store):
    """Fit every model to every split of every table that the store lacks."""
    for split in range(n_splits):
        for name, table in tables.items():
            if split and len(table.y) > MANY_ROWS:
                continue
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


def frame_of(store, n_splits, tables, key):
    """Return the means over splits of one figure as a data frame, tables x models; NaN where a fit failed."""
    rows = {}
    for (table, split, model), fit in store.fits.items():
        if table in tables and split < n_splits:
            rows.setdefault((table, model), []).append(fit.get(key, np.nan))
    means = pd.Series({pair: np.mean(values) for pair, values in rows.items()})
    return means.unstack().reindex([name for name in tables if name in means.index.get_level_values(0)])


def choose_nested(loss, peers):
    """Return the candidate that the other tables choose for each table, and what each would be overall.

    The loss of a candidate is taken relative to the best peer's of that table, on the scale of logarithms and
    no better than a hundredth of it, so that no table decides by its unit.
    """
    best = loss[peers].min(axis=1)
    fitted = [name for name in CANDIDATES if name in loss and loss[name].notna().all()]
    relative = np.log(loss[fitted].clip(lower=0.01).div(best.clip(lower=0.01), axis=0))
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
    """Return seconds of ten folds of the default net / those of scikit-learn's MLP, by table."""
    from sklearn.model_selection import cross_val_score

    import bineural as bn

    ratios = {}
    for name in [name for name in RESAMPLED if name in tables]:
        table = tables[name]
        net = make_model(NET, table, len(table.y)).set_params(seed=None)
        if not table.is_numbers and table.y.nunique() == 2:
            net.set_params(event=table.y.max())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            begun = time.perf_counter()
            cross_val_score(make_model(MLP, table, len(table.y)), table.X, table.y, cv=10, n_jobs=2)
            middle = time.perf_counter()
            bn.fit_nets(net, (table.X, table.y), bn.make_folds(table.X, folds=10, seed=1))
            ratios[name] = (time.perf_counter() - middle) / (middle - begun)
    return ratios


def tell(tables, store, n_splits, ratios):
    """Return the parts of the page, and what was measured of OWED."""
    loss, auroc, busy = (frame_of(store, n_splits, tables, key) for key in ("loss", "auroc", "processor"))
    listed = [peer for peer in PEERS if peer in loss and loss[peer].notna().any()]
    peers = [peer for peer in listed if loss[peer].notna().all()]
    shown = [NET, *peers]
    chosen, overall = choose_nested(loss, peers)
    nested = pd.Series({t: loss.loc[t, c] for t, c in chosen.items()})
    ranks = mean_ranks(loss[shown])
    difference = critical_difference(len(shown), len(loss))
    behind = loss[NET] - loss[peers].min(axis=1)
    parts = [_ranks_part(loss, shown, ranks, difference)]
    parts += [_some_part(loss, peer) for peer in listed if peer not in peers]
    parts += [_tables_part(tables, loss, auroc, [NET, *listed], behind)]
    parts += [_nested_part(chosen, overall, nested, loss, peers), _seconds_part(busy, [NET, *listed], ratios)]
    gain = (auroc[NET] - auroc[GLM]).dropna()
    measured = {
        "mean rank of the default net among all (1 is best)": f"{ranks[NET]:.2f}",
        "rank of that mean rank": float(list(ranks.index).index(NET) + 1),
        "tables on which it is more than .02 behind the best": float((behind > 0.02).sum()),
        "AUROC behind the GLM, most": float(max(0.0, -gain.min())),
        "seconds of the processor / RealMLP's, median": None,
        "seconds of ten folds / scikit-learn's MLP, median": float(np.median(list(ratios.values()))),
    }
    if "RealMLP_TD" in listed:
        measured["seconds of the processor / RealMLP's, median"] = float(
            (busy[NET] / busy["RealMLP_TD"]).median()
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


def _some_part(loss, peer):
    """Say how the net stands beside a peer that was not fitted to all tables."""
    both = loss[[NET, peer]].dropna()
    mean, low, high = (
        100 * (np.exp(v) - 1)
        for v in interval_of_mean(np.log(both[peer].clip(lower=0.01) / both[NET].clip(lower=0.01)))
    )
    wins = int((both[NET] < both[peer]).sum())
    return (
        f"{peer} was fitted to {len(both)} of the tables: the net is ahead on {wins}, and {peer}'s loss is "
        f"{mean:+.1f} % beside the net's ({low:+.1f} to {high:+.1f})."
    )


def _tables_part(tables, loss, auroc, shown, behind):
    rows = []
    for name in loss.index:
        table, best = tables[name], loss.loc[name, shown].min()
        cells = [f"**{v:.3f}**" if v == best else f"{v:.3f}" for v in loss.loc[name, shown]]
        gain = auroc.loc[name, NET] - auroc.loc[name, GLM] if name in auroc.index else np.nan
        kind = "numbers" if table.is_numbers else f"{table.y.nunique()} classes"
        gap = f"{behind[name]:+.3f}" + " !" * bool(behind[name] > 0.02)
        size = f"{len(table.y)} x {table.X.shape[1]}"
        rows.append([name, table.source, size, kind, *cells, gap, "" if np.isnan(gain) else f"{gain:+.3f}"])
    heads = ["table", "from", "rows x columns", "outcome", *shown, "net - best peer", "AUROC, net - GLM"]
    said = [f"- {name}: {WHY[name]}" for name in loss.index if behind[name] > 0.02 and name in WHY]
    about = "Log loss, or 1 - R2 of numbers; ! is over .02." + " Why, as far as is known:" * bool(said)
    return "\n\n".join(
        ["## Losses by table", about, *(["\n".join(said)] if said else []), _lines(heads, rows)]
    )


def _nested_part(chosen, overall, nested, loss, peers):
    counts = chosen.value_counts()
    rows = [
        [
            name,
            f"{100 * (np.exp(overall[name]) - 1):+.1f} %",
            str(counts.get(name, 0)),
            str(int((loss[name] <= loss[peers].min(axis=1)).sum())),
        ]
        for name in overall.sort_values().index
    ]
    best = loss[peers].min(axis=1)
    mean = 100 * (np.exp(np.log(nested.clip(lower=0.01) / best.clip(lower=0.01)).mean()) - 1)
    return "\n\n".join(
        [
            "## How the default was chosen",
            _lines(
                [
                    "candidate",
                    "loss beside the best peer's",
                    "tables that the others choose it for",
                    "tables on which it beats every peer",
                ],
                rows,
            ),
            "For each table the candidate is chosen by the other tables alone, so that what is said of the "
            f"choice is not said of tables that made it. Chosen so, the loss is {mean:+.1f} % "
            "beside the best peer's of each table (the best of all, chosen with hindsight).",
            f"Shipped is {NET!r}"
            + (
                "."
                if overall.idxmin() == NET
                else f", though {overall.idxmin()!r} has the smallest loss here."
            ),
        ]
    )


def _seconds_part(busy, shown, ratios):
    rows = [
        [n, f"{busy[n].median():.2f}", f"{busy[n].sum():.0f}", f"{(busy[NET] / busy[n]).median():.2f}"]
        for n in shown
    ]
    folds = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    return "\n\n".join(
        [
            "## Seconds of the processor, a fit",
            _lines(["model", "median", "all tables", "net's / its, median"], rows),
            f"Ten folds of the net / of scikit-learn's MLP in two processes, by the clock: {folds}.",
        ]
    )


def main():
    more = {
        "store": {"help": "file of fits, read and added to"},
        "splits": {"type": int, "default": 3, "help": "splits of tables of up to 1,100 rows; of others one"},
        "models": {"help": "only these, separated by semicolons; fits them and writes nothing"},
    }
    command = read_command(__doc__, **more)
    tables = read_tables(["kyphosis", "Vowel", "sine"] if command.quick else None)
    models = [*CANDIDATES, *PEERS]
    if not os.environ.get("BINEURAL_TABULAR_PYTHON"):
        print("RealMLP is left out: BINEURAL_TABULAR_PYTHON names no Python.", file=sys.stderr)
        models = [model for model in models if model not in BY_TORCH]
    store, n_splits = Store(command.store), 1 if command.quick else command.splits
    if command.models:
        return fit_all(tables, command.models.split(";"), n_splits, store)
    fit_all(tables, models, n_splits, store)
    parts, measured, ranks, difference = tell(tables, store, n_splits, time_folds(tables))
    print("\n\n".join(parts), "\n", measured)
    if not command.quick:
        draw_ranks(ranks, difference, HERE / "results" / "bench_tables.png")
        about = (
            f"Splits of each table of up to {MANY_ROWS:,} rows: {n_splits} (means over them), of others 1. "
            "Missing numbers: median and an indicator."
        )
        write("bench_tables", "The default net beside others on tables", about, parts, measured)


if __name__ == "__main__":
    main()
