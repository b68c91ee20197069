"""How long sixteen small CNNs, LSTMs and GRUs take as one stack, beside loops of one net at a time.

Same rows, layout, Adam, batch size and epochs; each program in a process of its own, imports not counted.
Cold is the first run of the process with tracing and compiling, warm the median of the next ones. The loop
of `train_net` trains one net after the other in one graph. Keras is timed on one fit (each of its fits
compiles) and scaled to all, so its memory is that of one.
"""

import numpy as np

from peers import fit_keras, fit_torch, load
from programs import ProgramFailed, alone_each, available, torch_note
from running import comparison, ratio, read_command, timed, write

ROWS, REPLICAS, EPOCHS, BATCH, CLASSES = 320, 16, 4, 32, 10
KINDS = {"CNN": (28, 28, 1), "LSTM": (20, 4), "GRU": (20, 4)}  # shape of one row
UNITS = 16
STACK, LOOP = "stack", "loop of train_net"
PROGRAMS = [STACK, LOOP, "Keras", "PyTorch"]
OWED = {
    "16 LSTM: a loop of our own, cold": ">= 1x",
    "16 LSTM: a loop of our own, warm": ">= 5x",
    "16 GRU: a loop of our own, cold": ">= 1x",
    "16 GRU: a loop of our own, warm": ">= 5x",
    "16 CNN: a loop of our own, cold": ">= 1.5x",
    "16 CNN: a loop of our own, warm": ">= 3x",
}


def make_rows(kind):
    """Return x (float32) and y: 0 or 1 for series, ten classes for images."""
    rng = np.random.default_rng(2019)
    x = rng.normal(size=(ROWS, *KINDS[kind])).astype(np.float32)
    if kind == "CNN":
        return x, rng.integers(0, CLASSES, ROWS).astype(np.float32)
    return x, (x[:, :5].sum((1, 2)) + rng.normal(size=ROWS) > 0).astype(np.float32)


def keras_net(kind):
    from bineural._tensorflow import keras

    layers = keras.layers
    inner = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D()]
    inner += [layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()]
    if kind != "CNN":
        inner = [getattr(layers, kind)(UNITS)]
    return keras.Sequential([keras.Input(KINDS[kind]), *inner, layers.Dense(CLASSES if kind == "CNN" else 1)])


def torch_net(kind):
    """Build the same net in PyTorch, where channels come first."""
    from torch import nn

    if kind == "CNN":
        inner = [
            nn.Conv2d(1, 8, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
        ]
        return nn.Sequential(*inner, nn.Flatten(), nn.Linear(16 * 5 * 5, CLASSES))

    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.cells = getattr(nn, kind)(KINDS[kind][1], UNITS, batch_first=True)
            self.logit = nn.Linear(UNITS, 1)

        def forward(self, x):
            return self.logit(self.cells(x)[0][:, -1])

    return Recurrent()


def measure(program, kind):
    """Return the timings of one program in this process."""
    load(program)
    x, y = make_rows(kind)
    if program == "Keras":
        return timed(lambda: fit_keras(keras_net(kind), x, y, EPOCHS, BATCH), again=0, scale=REPLICAS)
    if program == "PyTorch":
        x = np.moveaxis(x, -1, 1).copy() if kind == "CNN" else x
        return timed(lambda: [fit_torch(torch_net(kind), x, y, EPOCHS, BATCH) for _ in range(REPLICAS)])
    from bineural.training import train_net, train_stack

    loss = "sparse_categorical_crossentropy" if kind == "CNN" else "binary_crossentropy"
    net, options = keras_net(kind), {"loss": loss, "epochs": EPOCHS, "batch_size": BATCH}
    if program == LOOP:
        return timed(
            lambda: {"how": [train_net(net, x, y, seed=s, **options).how for s in range(REPLICAS)][0]}
        )
    return timed(lambda: {"how": train_stack(net, x, y, seeds=range(REPLICAS), **options)[0].how})


def main():
    quick, parts, measured = read_command(__doc__, measure).quick, [], {}
    for kind in list(KINDS)[: 1 if quick else None]:
        answers = alone_each("bench_architectures.py", available(PROGRAMS), kind)
        ways = [
            f"{p}: {a['how']}" for p, a in answers.items() if not isinstance(a, ProgramFailed) and "how" in a
        ]
        note = f"Ways of training: {', '.join(ways)}." if ways else ""
        parts.append(comparison(f"16 {kind}", answers, STACK, note))
        for key in ("cold", "warm"):
            measured[f"16 {kind}: a loop of our own, {key}"] = ratio(answers, LOOP, STACK, key)
        print(parts[-1], flush=True)
    about = (
        f"{REPLICAS} nets, {ROWS} rows, {EPOCHS} epochs, batch {BATCH}, Adam. CNN: images of 28 x 28, two "
        f"convolutions 3 x 3 (8 and 16 filters), pooling after each, {CLASSES} classes. LSTM, GRU: 20 steps "
        f"of 4 columns, {UNITS} units. Keras: one fit, scaled. {torch_note()}"
    )
    if not quick:
        write("bench_architectures", "Stacks of other layouts", about, parts, measured)


if __name__ == "__main__":
    main()
