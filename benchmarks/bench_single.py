"""How long one net takes to fit at 81 to 1,000,000 rows, beside Keras, scikit-learn and PyTorch.

Same rows, layout (dense 32-16-1, ReLU), Adam at its own learning rate, batch size and epochs, no penalty and
no validation; each program in a process of its own, imports not counted. Cold is the first fit of the process
with tracing and compiling, warm the median of the next ones; each fit of Keras is a new compiled model, as in
a script. Batches are Keras' 32, and 1024 at a million rows, where 32 would be chosen by nobody.
`--only` does one problem and prints.
"""

from peers import dense_net, dense_torch, fit_keras, fit_sklearn, fit_torch, load, made_up_rows
from programs import ProgramFailed, alone_each, available, torch_note
from running import comparison, read_command, timed, write

UNITS = (32, 16)
PROBLEMS = {  # rows, columns, epochs, batch, warm fits
    "81 x 3, 100 epochs, batch 32": (81, 3, 100, 32, 3),
    "10,000 x 20, 10 epochs, batch 32": (10_000, 20, 10, 32, 3),
    "10,000 x 20, 100 epochs, batch 32": (10_000, 20, 100, 32, 1),
    "1,000,000 x 20, 2 epochs, batch 1024": (1_000_000, 20, 2, 1024, 1),
}
PROGRAMS = ["train_net", "fit_net", "Keras", "scikit-learn", "PyTorch"]


def train(x, y, epochs, batch):
    """Return a function that trains by the engine, another seed each time."""
    from bineural.training import train_net

    net, seeds = dense_net(x.shape[1], UNITS), iter(range(100))
    options = {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch}
    return lambda: {"how": train_net(net, x, y, seed=next(seeds), **options).how}


def fit(x, y, epochs, batch):
    """Return a function that goes the whole way from columns to a fitted model, another seed each time."""
    import bineural as bn

    options = {"architecture": "mlp", "units": UNITS, "l2": 0.0, "validation": None, "epochs": epochs}
    options |= {"batch_size": batch, "learning_rate": 0.001, "verbose": 0}
    seeds, labels = iter(range(100)), y.astype(int)
    return lambda: {"how": bn.fit_net(x, labels, event=1, seed=next(seeds), **options).how_}


def measure(program, problem):
    """Return the timings of one program in this process."""
    n, p, epochs, batch, again = PROBLEMS[problem]
    x, y = made_up_rows(n, p)
    load(program, threads=1 if batch < 1024 else 2)  # the faster of the two for PyTorch
    run = {
        "train_net": lambda: train(x, y, epochs, batch),
        "fit_net": lambda: fit(x, y, epochs, batch),
        "Keras": lambda: lambda: fit_keras(dense_net(p, UNITS), x, y, epochs, batch),
        "scikit-learn": lambda: lambda: fit_sklearn(x, y, UNITS, epochs, batch),
        "PyTorch": lambda: lambda: fit_torch(dense_torch(p, UNITS), x, y, epochs, batch),
    }[program]()
    return timed(run, again=again)


def main():
    command = read_command(__doc__, measure, only={"help": "one problem, printed", "choices": PROBLEMS})
    problems, parts = list(PROBLEMS)[: 1 if command.quick else None], []
    for problem in [command.only] if command.only else problems:
        answers = alone_each("bench_single.py", available(PROGRAMS), problem)
        ours = answers["train_net"]
        note = "" if isinstance(ours, ProgramFailed) else f"train_net ran {ours['how']}."
        parts.append(comparison(problem, answers, "train_net", note))
        print(parts[-1], flush=True)
    about = (
        "Nets p-32-16-1, Adam. `train_net` is the engine, `fit_net` the whole way from columns to a fitted "
    )
    about += f"model. {torch_note()}"
    if not (command.quick or command.only):
        write("bench_single", "One net", about, parts)


if __name__ == "__main__":
    main()
