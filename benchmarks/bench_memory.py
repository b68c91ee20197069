"""How much memory training holds: whether many fits leak, and whether large stacks keep to their budget.

Each part runs in a process of its own. The leak check trains nets of other seeds and rows, other layouts (so
that the caches of compiled graphs turn over) and small stacks in turn, and says by how much the process's
resident memory has grown since the first 20 fits, garbage collected; the same is said of building Keras
models alone, which any program pays. Budgets are compared with the peak above what the process held before.
`python benchmarks/bench_memory.py` writes benchmarks/results/bench_memory.md; `--quick` runs a tenth of the
fits and prints.
"""

import argparse
import gc
import json
import time

import numpy as np

from running import alone, resident, timed, write

FITS = {"nets": 200, "layouts": 60, "stacks": 40, "models": 200}
SAID = {
    "nets": "train_net and fit_net, other seeds and rows",
    "layouts": "train_net, another layout each time",
    "stacks": "train_stack of four nets",
    "models": "Keras models built and thrown away, nothing trained",
}
STACKS = {  # replicas, columns, units, rows, epochs, batch
    "10,000 nets 3-32-16-1": (10_000, 3, (32, 16), 81, 3, 32),
    "4 nets of 20 million weights": (4, 1000, (4000, 3900), 32, 2, 32),
}
BUDGET = 2**30
WARM_UP = 20


def keras_net(p, units):
    from bineural._tensorflow import keras

    hidden = [keras.layers.Dense(u, activation="relu") for u in units]
    return keras.Sequential([keras.Input((p,)), *hidden, keras.layers.Dense(1)])


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
        train_stack(keras_net(3, (32, 16)), x, y, seeds=range(i, i + 4), **options)
    elif kind == "models":
        keras_net(3, (32, 16))
    else:
        units = (8 + i, 16) if kind == "layouts" else (32, 16)
        train_net(keras_net(3, units), x, y, seed=i, **options)


def grow(share):
    """Run every kind after another; return the MiB by which each has grown this process after warm-up."""
    found = {}
    for kind, fits in FITS.items():
        for i in range(WARM_UP):
            fit(kind, i)
        gc.collect()
        before, begun, n = resident(), time.perf_counter(), int(fits * share)
        for i in range(WARM_UP, WARM_UP + n):
            fit(kind, i)
        gc.collect()
        found[kind] = {"fits": n, "grown": resident() - before, "seconds": time.perf_counter() - begun}
    return found


def train_large(name):
    """Train one large stack within `BUDGET`; return seconds and the peak of memory."""
    from bineural.training import train_stack

    replicas, p, units, rows, epochs, batch = STACKS[name]
    x, y = make_rows(rows, p, 1)
    net = keras_net(p, units)
    train_stack(keras_net(2, (2,)), x[:, :2], y, seeds=[1], loss="binary_crossentropy", epochs=1)  # imports
    options = {"loss": "binary_crossentropy", "epochs": epochs, "batch_size": batch, "memory": BUDGET}

    def run():
        results = sum(
            w.nbytes for t in train_stack(net, x, y, seeds=range(replicas), **options) for w in t.weights
        )
        return {"results": results / 2**20}

    return timed(run, again=0)


def leak_table(found):
    """Write how far each kind of fit has grown the process."""
    total = sum(f["grown"] for kind, f in found.items() if kind != "models")
    lines = [
        "## Leaks",
        "",
        f"| after {WARM_UP} fits to warm up | fits | grown, MiB | seconds |",
        "|---|---|---|---|",
    ]
    for kind, f in found.items():
        lines.append(f"| {SAID[kind]} | {f['fits']} | {f['grown']:.1f} | {f['seconds']:.0f} |")
    kept = "kept" if found["nets"]["grown"] < 50 else "NOT kept"
    return "\n".join(
        [*lines, "", f"200 fits grow by less than 50 MB: {kept}. All fits together: {total:.0f} MiB."]
    )


def budget_table(found):
    """Write the peak of each stack beside its budget."""
    lines = ["## Large stacks", "", "| stack | budget, MiB | peak, MiB | of it the results | seconds, cold |"]
    lines += ["|---|---|---|---|---|"]
    for name, t in found.items():
        lines.append(
            f"| {name} | {BUDGET / 2**20:.0f} | {t['memory']:.0f} | {t['results']:.0f} | {t['cold']:.1f} |"
        )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        part, what = arguments.one
        print(json.dumps(grow(float(what)) if part == "leaks" else train_large(what)))
        return
    parts = [leak_table(alone("bench_memory.py", "leaks", "0.1" if arguments.quick else "1"))]
    print(parts[0], flush=True)
    parts.append(budget_table({name: alone("bench_memory.py", "stack", name) for name in STACKS}))
    print(parts[1], flush=True)
    if not arguments.quick:
        about = "Memory is resident memory; a budget is what the replicas of one stack may take at a time."
        write("bench_memory", "Memory of training", about, parts)


if __name__ == "__main__":
    main()
