"""How long one net takes to fit at 81 to 1,000,000 rows, beside Keras, scikit-learn and PyTorch.

Same rows, layout (dense 32-16-1, ReLU), Adam at its own learning rate, batch size and epochs, no penalty and
no validation; each program in a process of its own, imports not counted. Cold is the first fit of the process
with tracing and compiling, warm the median of the next ones; each fit of Keras is a new compiled model, as in
a script. Batches are Keras' 32, and 1024 at a million rows, where 32 would be chosen by nobody.
`python benchmarks/bench_single.py` writes benchmarks/results/bench_single.md; `--quick` runs the first
problem only and prints. BINEURAL_TORCH_PYTHON names a Python that has PyTorch, where this one has none.
"""

import argparse
import json
import warnings

import numpy as np

from running import alone, comparison, timed, torch_version, write

UNITS = (32, 16)
PROBLEMS = {  # rows, columns, epochs, batch, warm fits
    "81 x 3, 100 epochs, batch 32": (81, 3, 100, 32, 3),
    "10,000 x 20, 10 epochs, batch 32": (10_000, 20, 10, 32, 3),
    "10,000 x 20, 100 epochs, batch 32": (10_000, 20, 100, 32, 1),
    "1,000,000 x 20, 2 epochs, batch 1024": (1_000_000, 20, 2, 1024, 1),
}
PROGRAMS = ["train_net", "fit_net", "Keras", "scikit-learn", "PyTorch"]


def make_rows(problem):
    """Return x (float32) and y (0 or 1)."""
    n, p, *_ = PROBLEMS[problem]
    rng = np.random.default_rng(2019)
    x = rng.normal(size=(n, p)).astype(np.float32)
    return x, (x[:, 0] + x[:, 1] * x[:, 2] + rng.normal(size=n) > 0).astype(np.float32)


def keras_net(p):
    from bineural._tensorflow import keras

    hidden = [keras.layers.Dense(u, activation="relu") for u in UNITS]
    return keras.Sequential([keras.Input((p,)), *hidden, keras.layers.Dense(1)])


def fit_train_net(problem):
    from bineural.training import train_net

    _, p, epochs, batch, _ = PROBLEMS[problem]
    x, y = make_rows(problem)
    net, seeds = keras_net(p), iter(range(100))
    options = {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch}

    def run():
        return {"how": train_net(net, x, y, seed=next(seeds), **options).how}

    return run


def fit_fit_net(problem):
    import bineural as bn
    from bineural._tensorflow import tf

    assert tf.version  # imported now, not within what is timed
    _, _, epochs, batch, _ = PROBLEMS[problem]
    x, y = make_rows(problem)
    options = {"architecture": "mlp", "units": UNITS, "l2": 0.0, "validation": None, "epochs": epochs}
    options |= {"batch_size": batch, "learning_rate": 0.001, "verbose": 0}
    seeds = iter(range(100))

    def run():
        return {"how": bn.fit_net(x, y.astype(int), event=1, seed=next(seeds), **options).how_}

    return run


def fit_keras(problem):
    from bineural._tensorflow import keras

    _, p, epochs, batch, _ = PROBLEMS[problem]
    x, y = make_rows(problem)

    def run():
        net = keras_net(p)
        net.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
        net.fit(x, y, epochs=epochs, batch_size=batch, verbose=0)

    return run


def fit_sklearn(problem):
    from sklearn.neural_network import MLPClassifier

    _, _, epochs, batch, _ = PROBLEMS[problem]
    x, y = make_rows(problem)

    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            options = {
                "batch_size": batch,
                "max_iter": epochs,
                "tol": 0,
                "n_iter_no_change": 10**6,
                "alpha": 0,
            }
            MLPClassifier(UNITS, **options).fit(x, y)

    return run


def fit_torch(problem):
    import torch

    _, p, epochs, batch, _ = PROBLEMS[problem]
    x, y = make_rows(problem)
    torch.set_num_threads(1 if batch < 1024 else 2)  # the faster of the two
    loss = torch.nn.BCEWithLogitsLoss()

    def run():
        sizes = [p, *UNITS]
        inner = [m for a, b in zip(sizes, UNITS) for m in (torch.nn.Linear(a, b), torch.nn.ReLU())]
        net = torch.nn.Sequential(*inner, torch.nn.Linear(sizes[-1], 1))
        step = torch.optim.Adam(net.parameters())
        tx, ty = torch.from_numpy(x), torch.from_numpy(y)
        for _ in range(epochs):
            for chosen in torch.randperm(len(x)).split(batch):
                step.zero_grad()
                loss(net(tx[chosen])[:, 0], ty[chosen]).backward()
                step.step()

    return run


def measure(program, problem):
    """Return the timings of one program in this process."""
    makers = [fit_train_net, fit_fit_net, fit_keras, fit_sklearn, fit_torch]
    return timed(dict(zip(PROGRAMS, makers))[program](problem), again=PROBLEMS[problem][-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", help="one problem, printed")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(*arguments.one)))
        return
    torch, parts = torch_version(), []
    programs = [p for p in PROGRAMS if p != "PyTorch" or torch]
    problems = [arguments.only] if arguments.only else list(PROBLEMS)[: 1 if arguments.quick else None]
    for problem in problems:
        found = {p: alone("bench_single.py", p, problem, torch=p == "PyTorch") for p in programs}
        parts.append(comparison(problem, found, "train_net", f"train_net ran {found['train_net']['how']}."))
        print(parts[-1], flush=True)
    about = (
        f"Nets p-32-16-1, Adam; PyTorch {torch or 'is not installed'}. `train_net` is the engine, `fit_net` "
    )
    about += "the whole way from columns to a fitted model."
    if not (arguments.quick or arguments.only):
        write("bench_single", "One net", about, parts)


if __name__ == "__main__":
    main()
