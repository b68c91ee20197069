"""How much memory training holds: whether fits leak, whether stacks keep to their budget, what one net takes.

Each part runs in a process of its own. The leak check trains nets of other seeds and rows, other layouts (so
that the caches of compiled graphs turn over) and small stacks in turn, and says by how much the process's
resident memory has grown since the first 20 fits, garbage collected; the same is said of building Keras
models alone, which any program pays. Budgets are compared with the peak above what the process held before.
One net of 1, 5 and 20 million weights is trained by SGD, by Adam, and by Adam while rows are watched: the
peak above a process that holds the model, which differs by Adam's two moments and by the best weights kept.
"""

import gc
import time

import numpy as np

from peers import dense_net, load
from programs import ProgramFailed, alone, attempt
from running import failed_row, read_command, resident, timed, write

FITS = {"nets": 200, "layouts": 60, "stacks": 40, "models": 200}
KINDS = {
    "nets": "train_net and fit_net, other seeds and rows",
    "layouts": "train_net, another layout each time",
    "stacks": "train_stack of four nets",
    "models": "Keras models built and thrown away, nothing trained",
}
STACKS = {  # replicas, columns, units, rows, epochs, batch
    "10,000 nets 3-32-16-1": (10_000, 3, (32, 16), 81, 3, 32),
    "4 nets of 20 million weights": (4, 1000, (4000, 3900), 32, 2, 32),
}
NETS = {"1 million": (600, 600), "5 million": (1800, 1700), "20 million": (4000, 3900)}  # units, 1000 columns
WAYS = {"SGD": {"optimizer": "sgd"}, "Adam": {}, "Adam, rows watched": {"patience": 10}}
PER_WEIGHT = {"SGD": 0, "Adam": 2, "Adam, rows watched": 2}  # numbers of the optimizer
BUDGET = 2**30
WARM_UP = 20
OWED = {
    "200 fits, other seeds and rows: grown": "<= 50 MiB",
    "10,000 nets 3-32-16-1: peak / budget": "<= 1x",
    "4 nets of 20 million weights: peak / budget": "<= 1x",
    "one net of 20 million weights, Adam, rows watched: peak": "reported",
}


def make_rows(n, p, seed):
    """Return x (float32) and y (0 or 1)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p)).astype(np.float32)
    return x, (x[:, 0] + rng.normal(size=n) > 0).astype(np.float32)


def fit(kind, i):
    """Make one fit of a kind; `i` is its number and seed."""
    import bineural as bn
    from bineural.training import train_net, train_stack

    x, y = make_rows(60 + i % 40, 3, i)
    options = {"loss": "binary_crossentropy", "epochs": 3}
    if kind == "nets" and i % 2:
        bn.fit_net(x, y.astype(int), event=1, architecture="mlp", units=(32, 16), epochs=3, seed=i, verbose=0)
    elif kind == "stacks":
        train_stack(dense_net(3, (32, 16)), x, y, seeds=range(i, i + 4), **options)
    elif kind == "models":
        dense_net(3, (32, 16))
    else:
        units = (8 + i, 16) if kind == "layouts" else (32, 16)
        train_net(dense_net(3, units), x, y, seed=i, **options)


def grow(share):
    """Run every kind after another; return the MiB by which each has grown this process after warm-up."""
    grown = {}
    for kind, fits in FITS.items():
        for i in range(WARM_UP):
            fit(kind, i)
        gc.collect()
        before, begun, n = resident(), time.perf_counter(), int(fits * share)
        for i in range(WARM_UP, WARM_UP + n):
            fit(kind, i)
        gc.collect()
        grown[kind] = {"fits": n, "grown": resident() - before, "seconds": time.perf_counter() - begun}
    return grown


def train_large(name):
    """Train one large stack within `BUDGET`; return seconds and the peak of memory."""
    from bineural.training import train_stack

    replicas, p, units, rows, epochs, batch = STACKS[name]
    x, y = make_rows(rows, p, 1)
    net = dense_net(p, units)
    train_stack(dense_net(2, (2,)), x[:, :2], y, seeds=[1], loss="binary_crossentropy", epochs=1)  # imports
    options = {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch, "memory": BUDGET}

    def run():
        trained = train_stack(net, x, y, seeds=range(replicas), **options)
        return {"results": sum(w.nbytes for t in trained for w in t.weights) / 2**20}

    return timed(run, again=0)


def train_one(size, way):
    """Train one large net by itself; return seconds, the peak of memory, its estimate and the weights."""
    from bineural.training import train_net
    from bineural.training.layouts import Layout
    from bineural.training.memory import estimate_bytes

    x, y = make_rows(128, 1000, 1)
    options = {"loss": "binary_crossentropy", "epochs": 3, "batch_size": 32, "seed": 1} | WAYS[way]
    if "patience" in options:
        options["validation"] = x[96:], y[96:]
    small = dict(options, validation=(x[96:, :2], y[96:])) if "patience" in options else options
    train_net(dense_net(2, (2,)), x[:96, :2], y[:96], **small)  # imports
    net = dense_net(1000, NETS[size])
    trained = {}

    def run():
        trained["net"] = train_net(net, x[:96], y[:96], **options)

    estimate = estimate_bytes(Layout(net), PER_WEIGHT[way] * net.count_params(), 32, 96, x[:96].nbytes)
    return timed(run, again=0) | {"weights": net.count_params(), "estimate": estimate / 2**20}


def leak_table(grown):
    """Write how far each kind of fit has grown the process."""
    if isinstance(grown, ProgramFailed):
        return f"## Leaks\n\n| fits | |\n|---|---|\n{failed_row('all kinds', grown, 2)}"
    total = sum(answer["grown"] for kind, answer in grown.items() if kind != "models")
    lines = [
        "## Leaks",
        "",
        f"| after {WARM_UP} fits to warm up | fits | grown, MiB | seconds |",
        "|---|---|---|---|",
    ]
    for kind, answer in grown.items():
        lines.append(
            f"| {KINDS[kind]} | {answer['fits']} | {answer['grown']:.1f} | {answer['seconds']:.0f} |"
        )
    return "\n".join([*lines, "", f"All fits together: {total:.0f} MiB."])


def budget_table(answers):
    """Write the peak of each stack beside its budget."""
    lines = ["## Large stacks", "", "| stack | budget, MiB | peak, MiB | of it the results | seconds, cold |"]
    lines += ["|---|---|---|---|---|"]
    for name, t in answers.items():
        if isinstance(t, ProgramFailed):
            lines.append(failed_row(name, t, 5))
            continue
        figures = f"{BUDGET / 2**20:.0f} | {t['memory']:.0f} | {t['results']:.0f} | {t['cold']:.1f}"
        lines.append(f"| {name} | {figures} |")
    return "\n".join(lines)


def net_table(answers):
    """Write the peak of one net by size and way, and the bytes that come to a weight."""
    head = "| weights | way | peak, MiB | estimate, MiB | peak / estimate | bytes a weight | seconds, cold |"
    lines = ["## One large net", "", head, "|---|---|---|---|---|---|---|"]
    for (size, way), t in answers.items():
        if isinstance(t, ProgramFailed):
            lines.append(failed_row(f"{size}, {way}", t, 7))
            continue
        each, ratio = t["memory"] * 2**20 / t["weights"], t["memory"] / t["estimate"]
        sizes = f"{t['memory']:.0f} | {t['estimate']:.0f} | {ratio:.2f} | {each:.1f}"
        lines.append(f"| {t['weights']:,} | {way} | {sizes} | {t['cold']:.1f} |")
    return "\n".join(lines)


def measure(part, *what):
    """Return the figures of one part in this process."""
    load(part)
    return {"leaks": lambda share: grow(float(share)), "stack": train_large, "net": train_one}[part](*what)


def main():
    quick = read_command(__doc__, measure).quick
    grown = attempt("leaks", lambda: alone("bench_memory.py", "leaks", 0.1 if quick else 1))
    stacks = list(STACKS)[: 1 if quick else None]
    stacks = {
        name: attempt(name, lambda name=name: alone("bench_memory.py", "stack", name)) for name in stacks
    }
    nets = [(size, way) for size in list(NETS)[: 1 if quick else None] for way in WAYS]
    nets = {
        which: attempt(which, lambda which=which: alone("bench_memory.py", "net", *which)) for which in nets
    }
    parts = [leak_table(grown), budget_table(stacks), net_table(nets)]
    print("\n\n".join(parts))
    measured = dict.fromkeys(OWED)
    if not isinstance(grown, ProgramFailed):
        measured["200 fits, other seeds and rows: grown"] = grown["nets"]["grown"]
    for name, t in stacks.items():
        if not isinstance(t, ProgramFailed):
            measured[f"{name}: peak / budget"] = t["memory"] * 2**20 / BUDGET
    largest = nets.get(("20 million", "Adam, rows watched"))
    if isinstance(largest, dict):
        each = largest["memory"] * 2**20 / largest["weights"]
        ratio = largest["memory"] / largest["estimate"]
        figure = f"{largest['memory']:.0f} MiB, {ratio:.2f} of the estimate, {each:.1f} bytes a weight"
        measured["one net of 20 million weights, Adam, rows watched: peak"] = figure
    if not quick:
        about = "Memory is resident memory; a budget is what the replicas of one stack may take at a time."
        write("bench_memory", "Memory of training", about, parts, measured)


if __name__ == "__main__":
    main()
