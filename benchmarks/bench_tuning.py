"""A search over 24 settings on 5 folds of kyphosis: seconds beside scikit-learn's GridSearchCV of its net.

Both choose among the same numbers of settings and folds, train at most 300 epochs of batches of 32, hold out
a fifth of the rows, stop after 30 epochs without a better value there, and fit the chosen setting again.
scikit-learn's net has no dropout: it tries twice as many penalties instead.
`python benchmarks/bench_tuning.py` writes benchmarks/results/bench_tuning.md.
"""

import json
import sys
import warnings

from running import alone, comparison, timed, write

PROGRAMS = ["tune_net", "tune_net, halving", "GridSearchCV", "GridSearchCV, 2 processes"]


def ours(halving):
    """Return a function that tunes our net."""
    import bineural as bn

    data = bn.load_dataset("kyphosis")

    def run():
        found = bn.tune_net("Kyphosis ~ .", data, event="present", ensemble=1, seed=2019, halving=halving)
        return {"auroc": float(found.table["mean"].max()), "n": len(found.table)}

    return run


def theirs(n_jobs):
    """Return a function that tunes scikit-learn's net."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    import bineural as bn

    data = bn.load_dataset("kyphosis")
    x, y = data.drop(columns="Kyphosis"), (data["Kyphosis"] == "present").astype(int)
    net = MLPClassifier(
        max_iter=300, batch_size=32, early_stopping=True, validation_fraction=0.2, n_iter_no_change=30,
        random_state=2019,
    )  # fmt: skip
    grid = {
        "mlpclassifier__alpha": [0.1, 0.3, 1, 3, 10, 30],
        "mlpclassifier__hidden_layer_sizes": [(4,), (16, 8)],
        "mlpclassifier__learning_rate_init": [0.003, 0.01],
    }
    folds = StratifiedKFold(5, shuffle=True, random_state=2019)
    search = GridSearchCV(
        make_pipeline(StandardScaler(), net), grid, scoring="roc_auc", cv=folds, n_jobs=n_jobs
    )

    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            search.fit(x, y)
        return {"auroc": float(search.best_score_), "n": len(search.cv_results_["params"])}

    return run


def main():
    """Run each program in a process of its own; print and write the table."""
    found = {program: alone("bench_tuning.py", program) for program in PROGRAMS}
    table = comparison("24 settings x 5 folds, kyphosis", found, "tune_net")
    best = ", ".join(f"{program} {told['auroc']:.3f}" for program, told in found.items())
    table += f"\n\nBest mean AUROC over the folds (of other folds in each library): {best}."
    print(table)
    about = "Cold is the first call of a process, with TensorFlow's import and compiling."
    write("bench_tuning", "Tuning a net", about, [table])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        chosen = {
            "tune_net": lambda: ours(False),
            "tune_net, halving": lambda: ours(True),
            "GridSearchCV": lambda: theirs(None),
            "GridSearchCV, 2 processes": lambda: theirs(2),
        }[sys.argv[2]]()
        print(json.dumps(timed(chosen)))
    else:
        main()
