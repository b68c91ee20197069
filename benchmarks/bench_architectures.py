"""How long sixteen small CNNs, LSTMs and GRUs take as one stack, beside loops of one net at a time.

Same rows, layout, Adam, batch size and epochs; each program in a process of its own, imports not counted.
Cold is the first run of the process with tracing and compiling, warm the median of the next ones. Keras is
timed on two fits (each of its fits compiles) and scaled to all, so its memory is that of two.
`python benchmarks/bench_architectures.py` writes benchmarks/results/bench_architectures.md; `--quick` runs
the first problem only and prints. BINEURAL_TORCH_PYTHON names a Python that has PyTorch, where this one has
none.
"""

import argparse
import json

import numpy as np

from running import alone, comparison, timed, torch_version, write

ROWS, REPLICAS, EPOCHS, BATCH, FITS = 512, 16, 3, 32, 2
KINDS = {"CNN": (12, 12, 1), "LSTM": (10, 4), "GRU": (10, 4)}  # shape of one row
PROGRAMS = ["stack", "loop of train_net", "Keras", "PyTorch"]


def make_rows(kind):
    """Return x (float32) and y (0 or 1)."""
    rng = np.random.default_rng(2019)
    x = rng.normal(size=(ROWS, *KINDS[kind])).astype(np.float32)
    return x, (x.reshape(ROWS, -1)[:, :5].sum(1) + rng.normal(size=ROWS) > 0).astype(np.float32)


def keras_net(kind):
    from bineural._tensorflow import keras

    layers = keras.layers
    inner = (
        [getattr(layers, kind)(8)]
        if kind != "CNN"
        else [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Flatten(),
        ]
    )
    return keras.Sequential([keras.Input(KINDS[kind]), *inner, layers.Dense(1)])


def run_stack(kind):
    from bineural.training import train_stack

    x, y = make_rows(kind)
    net, options = keras_net(kind), {"loss": "binary_crossentropy", "epochs": EPOCHS, "batch_size": BATCH}

    def run():
        return {"how": train_stack(net, x, y, seeds=range(REPLICAS), **options)[0].how}

    return timed(run)


def run_loop(kind):
    from bineural.training import train_net

    x, y = make_rows(kind)
    net, options = keras_net(kind), {"loss": "binary_crossentropy", "epochs": EPOCHS, "batch_size": BATCH}

    def run():
        for seed in range(REPLICAS):
            train_net(net, x, y, seed=seed, **options)

    return timed(run)


def run_keras(kind):
    from bineural._tensorflow import keras

    x, y = make_rows(kind)

    def run():
        for _ in range(FITS):
            net = keras_net(kind)
            net.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
            net.fit(x, y, epochs=EPOCHS, batch_size=BATCH, verbose=0)

    return timed(run, again=0, scale=REPLICAS / FITS)


def torch_net(kind):
    """Return (net, function of net and x that gives logits)."""
    from torch import nn

    if kind == "CNN":
        inner = [nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.Flatten()]
        return nn.Sequential(*inner, nn.Linear(144, 1)), lambda net, x: net(x)[:, 0]
    net = nn.ModuleList([getattr(nn, kind)(4, 8, batch_first=True), nn.Linear(8, 1)])
    return net, lambda net, x: net[1](net[0](x)[0][:, -1])[:, 0]


def run_torch(kind):
    import torch

    x, y = make_rows(kind)
    x, y = torch.from_numpy(np.moveaxis(x, -1, 1).copy() if kind == "CNN" else x), torch.from_numpy(y)
    torch.set_num_threads(1)  # faster than two here
    loss = torch.nn.BCEWithLogitsLoss()

    def run():
        for _ in range(REPLICAS):
            net, logits = torch_net(kind)
            step = torch.optim.Adam(net.parameters())
            for _ in range(EPOCHS):
                for chosen in torch.randperm(ROWS).split(BATCH):
                    step.zero_grad()
                    loss(logits(net, x[chosen]), y[chosen]).backward()
                    step.step()

    return timed(run)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        program, kind = arguments.one
        runs = dict(zip(PROGRAMS, [run_stack, run_loop, run_keras, run_torch]))
        print(json.dumps(runs[program](kind)))
        return
    torch, parts = torch_version(), []
    programs = [p for p in PROGRAMS if p != "PyTorch" or torch]
    for kind in list(KINDS)[: 1 if arguments.quick else None]:
        found = {p: alone("bench_architectures.py", p, kind, torch=p == "PyTorch") for p in programs}
        parts.append(comparison(kind, found, "stack", f"The stack ran as: {found['stack']['how']}."))
        print(parts[-1], flush=True)
    about = (
        f"{REPLICAS} nets, {ROWS} rows, {EPOCHS} epochs, batch {BATCH}, Adam. Images 12 x 12 x 1 through two "
    )
    about += "convolutions (8 and 16 filters); four series of 10 steps through 8 units. "
    about += f"Keras: {FITS} fits, scaled. PyTorch {torch or 'is not installed'}."
    if not arguments.quick:
        write("bench_architectures", "Stacks of other layouts", about, parts)


if __name__ == "__main__":
    main()
