"""Rows, layouts and training loops of other libraries that several benchmarks time.

A peer's Python has NumPy and its own library alone: what else is needed is imported where it is used.
"""

import csv
import warnings
from pathlib import Path

import numpy as np

KYPHOSIS = Path(__file__).resolve().parents[1] / "python" / "bineural" / "data" / "kyphosis.csv"


def load(program, threads=1):
    """Import what a program needs, so that it is not within what is timed; PyTorch gets `threads`."""
    if program == "PyTorch":
        import torch

        torch.set_num_threads(threads)
    elif program.startswith("scikit-learn"):
        import sklearn.neural_network  # noqa: F401
    else:
        from bineural._tensorflow import keras, tf

        assert keras.layers.Dense and tf.zeros(1) is not None


def kyphosis_rows():
    """Return x (81, 3), standardised, and y (81,), both float32."""
    with KYPHOSIS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(row[name]) for name in ("Age", "Number", "Start")] for row in rows])
    y = np.array([row["Kyphosis"] == "present" for row in rows], np.float32)
    return ((x - x.mean(0)) / x.std(0)).astype(np.float32), y


def made_up_rows(n_rows, n_columns):
    """Return x (n_rows, n_columns) and y (n_rows,), both float32; y hangs on a product of two columns."""
    rng = np.random.default_rng(2019)
    x = rng.normal(size=(n_rows, n_columns)).astype(np.float32)
    return x, (x[:, 0] + x[:, 1] * x[:, 2] + rng.normal(size=n_rows) > 0).astype(np.float32)


def dense_net(n_columns, units):
    """Build a Keras net of dense layers with ReLU and one logit."""
    from bineural._tensorflow import keras

    hidden = [keras.layers.Dense(u, activation="relu") for u in units]
    return keras.Sequential([keras.Input((n_columns,)), *hidden, keras.layers.Dense(1)])


def fit_keras(net, x, y, epochs, batch):
    """Compile a Keras net of one logit, or of one for each class, and fit it by Keras' own loop."""
    from bineural._tensorflow import keras

    losses = keras.losses
    loss = losses.BinaryCrossentropy if net.output_shape[-1] == 1 else losses.SparseCategoricalCrossentropy
    net.compile("adam", loss(from_logits=True))
    net.fit(x, y, epochs=epochs, batch_size=batch, verbose=0)


def fit_sklearn(x, y, units, epochs, batch):
    """Fit scikit-learn's net with the same Adam, without penalty and stopping."""
    from sklearn.neural_network import MLPClassifier

    same = {"tol": 0, "n_iter_no_change": 10**6, "alpha": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged
        MLPClassifier(units, batch_size=batch, max_iter=epochs, **same).fit(x, y)


def dense_torch(n_columns, units):
    """Build the net of `dense_net` in PyTorch."""
    from torch import nn

    sizes = [n_columns, *units]
    hidden = [layer for a, b in zip(sizes, units) for layer in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(sizes[-1], 1))


def fit_torch(net, x, y, epochs, batch):
    """Fit a PyTorch net of one logit, or of one for each class, by the loop of its tutorials."""
    import torch

    x, y = torch.from_numpy(x), torch.from_numpy(y)
    binary, step = torch.nn.BCEWithLogitsLoss(), torch.optim.Adam(net.parameters())
    classes = torch.nn.CrossEntropyLoss()
    for _ in range(epochs):
        for chosen in torch.randperm(len(x)).split(batch):
            step.zero_grad()
            logits = net(x[chosen])
            of_one = logits.shape[-1] == 1
            loss = binary(logits[:, 0], y[chosen]) if of_one else classes(logits, y[chosen].long())
            loss.backward()
            step.step()
