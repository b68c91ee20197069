"""A search over 24 settings on 5 folds of kyphosis: seconds beside scikit-learn's GridSearchCV of its net.

Both choose among the same numbers of settings and folds, train at most 300 epochs of batches of 32, hold out
a fifth of the rows, stop after 30 epochs without a better value there, and fit the chosen setting again.
scikit-learn's net has no dropout: it tries twice as many penalties instead. `--quick` leaves out halving and
one process of scikit-learn.
"""

import warnings

from programs import ProgramFailed, alone_each
from running import comparison, read_command, timed, write

PROGRAMS = ["tune_net", "tune_net, halving", "GridSearchCV", "GridSearchCV, 2 processes"]


def ours(halving):
    """Return a function that tunes our net."""
    import bineural as bn

    data = bn.load_dataset("kyphosis")

    def run():
        tuned = bn.tune_net("Kyphosis ~ .", data, event="present", ensemble=1, seed=2019, halving=halving)
        return {"auroc": float(tuned.table["mean"].max()), "n": len(tuned.table)}

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


def measure(program):
    """Return the timings of one program in this process."""
    searches = [lambda: ours(False), lambda: ours(True), lambda: theirs(None), lambda: theirs(2)]
    return timed(dict(zip(PROGRAMS, searches))[program]())


def main():
    """Run each program in a process of its own; print and write the table."""
    quick = read_command(__doc__, measure).quick
    answers = alone_each("bench_tuning.py", PROGRAMS[::3] if quick else PROGRAMS)
    table = comparison("24 settings x 5 folds, kyphosis", answers, "tune_net")
    best = [f"{p} {t['auroc']:.3f}" for p, t in answers.items() if not isinstance(t, ProgramFailed)]
    table += f"\n\nBest mean AUROC over the folds (of other folds in each library): {', '.join(best)}."
    print(table)
    about = "Cold is the first call of a process, with TensorFlow's import and compiling."
    if not quick:
        write("bench_tuning", "Tuning a net", about, [table])


if __name__ == "__main__":
    main()
