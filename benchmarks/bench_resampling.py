"""How long a hundred small nets take as one stack, beside loops of Keras' `fit`, scikit-learn and PyTorch.

Same rows, layout (dense, ReLU), Adam, batch size and epochs; each program in a process of its own, imports
not counted. Cold is the first run of the process with tracing and compiling, warm the median of the next
two; scikit-learn's two processes import anew, which is in their cold time. Keras is timed on a few fits
(after none: each of its fits compiles) and scaled to all. With early stopping each net also watches the tenth
of the rows that it is not trained on; the time of an epoch is the warm time by the epochs run, beside that
without.
"""

import numpy as np

from peers import dense_net, dense_torch, fit_keras, fit_sklearn, fit_torch, kyphosis_rows, load, made_up_rows
from programs import alone_each, available, torch_note
from running import comparison, ratio, read_command, timed, write

UNITS = (32, 16)
PROBLEMS = {  # rows, columns, replicas, epochs, batch, fits of Keras
    "kyphosis, batch 32": (81, 3, 100, 100, 32, 4),
    "10,000 x 20, batch 32": (10_000, 20, 50, 2, 32, 4),
    "10,000 x 20, batch 256": (10_000, 20, 50, 5, 256, 4),
}
OURS, STOPPING = "bineural", "bineural, early stopping"
PROGRAMS = [OURS, STOPPING, "Keras", "scikit-learn", "scikit-learn, 2 processes", "PyTorch"]
OWED = {
    "kyphosis, batch 32: Keras, cold": ">= 400x",
    "kyphosis, batch 32: Keras, warm": ">= 2500x",
    "kyphosis, batch 32: scikit-learn, 2 processes, cold": ">= 8x",
    "kyphosis, batch 32: scikit-learn, 2 processes, warm": ">= 40x",
    "kyphosis, batch 32: early stopping, time of an epoch": "<= 1.3x",
    "10,000 x 20, batch 32: Keras, cold": ">= 80x",
    "10,000 x 20, batch 32: Keras, warm": ">= 160x",
    "10,000 x 20, batch 32: scikit-learn, cold": ">= 4x",
    "10,000 x 20, batch 32: scikit-learn, 2 processes, cold": "reported",
    "10,000 x 20, batch 32: scikit-learn, warm": ">= 10x",
    "10,000 x 20, batch 32: scikit-learn, 2 processes, warm": "reported",
    "10,000 x 20, batch 32: early stopping, time of an epoch": "<= 1.3x",
    "10,000 x 20, batch 256: Keras, cold": ">= 40x",
    "10,000 x 20, batch 256: Keras, warm": ">= 80x",
    "10,000 x 20, batch 256: scikit-learn, cold": ">= 4x",
    "10,000 x 20, batch 256: scikit-learn, 2 processes, cold": "reported",
    "10,000 x 20, batch 256: scikit-learn, warm": ">= 10x",
    "10,000 x 20, batch 256: scikit-learn, 2 processes, warm": "reported",
    "10,000 x 20, batch 256: early stopping, time of an epoch": "<= 1.3x",
}


def make_rows(problem):
    """Return x, y and the training rows of each replica (nine tenths)."""
    n, p, replicas, *_ = PROBLEMS[problem]
    x, y = kyphosis_rows() if n == 81 else made_up_rows(n, p)
    rng = np.random.default_rng(2019)
    return x, y, [np.sort(rng.permutation(n)[: n * 9 // 10]) for _ in range(replicas)]


def train(problem, stopping=False):
    """Return a function that trains the stack, and says which share of the epochs was run."""
    from bineural.training import train_stack

    _, p, replicas, epochs, batch, _ = PROBLEMS[problem]
    x, y, rows = make_rows(problem)
    net, options = dense_net(p, UNITS), {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch}
    if stopping:
        options |= {"validation": [np.setdiff1d(np.arange(len(y)), r) for r in rows], "patience": 10}

    def run():
        trained = train_stack(net, x, y, seeds=range(replicas), rows=rows, **options)
        return {"share": sum(t.epochs_run for t in trained) / (replicas * epochs)}

    return run


def measure(program, problem):
    """Return the timings of one program in this process."""
    _, p, replicas, epochs, batch, fits = PROBLEMS[problem]
    load(program)
    if program in (OURS, STOPPING):
        return timed(train(problem, program == STOPPING))
    x, y, rows = make_rows(problem)

    def loop(fit, n=replicas):
        def run():
            for r in rows[:n]:
                fit(x[r], y[r])

        return run

    if program == "Keras":
        keras = loop(lambda x, y: fit_keras(dense_net(p, UNITS), x, y, epochs, batch), fits)
        return timed(keras, again=0, scale=replicas / fits)
    if program == "PyTorch":
        return timed(loop(lambda x, y: fit_torch(dense_torch(p, UNITS), x, y, epochs, batch)))
    if program == "scikit-learn":
        return timed(loop(lambda x, y: fit_sklearn(x, y, UNITS, epochs, batch)))
    from joblib import Parallel, delayed

    return timed(
        lambda: (
            Parallel(n_jobs=2)(delayed(fit_sklearn)(x[r], y[r], UNITS, epochs, batch) for r in rows) and None
        )
    )


def headlines(problem, answers):
    """Return what is owed of one problem as it was measured."""
    figures = {f"{problem}: {p}, {k}": ratio(answers, p, OURS, k) for p in answers for k in ("cold", "warm")}
    epoch = ratio(answers, STOPPING, OURS)
    if epoch is not None:
        epoch /= answers[STOPPING]["share"]
    figures[f"{problem}: early stopping, time of an epoch"] = epoch
    return {work: figure for work, figure in figures.items() if work in OWED}


def main():
    quick, parts, measured = read_command(__doc__, measure).quick, [], {}
    for problem in list(PROBLEMS)[: 1 if quick else None]:
        answers = alone_each("bench_resampling.py", available(PROGRAMS), problem, threads=1)
        more = {"epochs run": lambda answer: f"{answer.get('share', 1):.0%}"}
        parts.append(comparison(problem, answers, OURS, more=more))
        measured |= headlines(problem, answers)
        print(parts[-1], flush=True)
    about = "Nets p-32-16-1, Adam; nine tenths of the rows each. Keras is timed on 4 fits and scaled. "
    about += torch_note()
    if not quick:
        write("bench_resampling", "Many nets at once", about, parts, measured)


if __name__ == "__main__":
    main()
