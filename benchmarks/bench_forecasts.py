"""How forecasts of real series do beside the season before and an autoregression, and what 60 refits cost.

Series: passengers by month, temperatures of Nottingham by month, rides on a line in Chicago by day, and
house sales of 26 cities in Texas by month. Every forecaster is fitted anew at every origin, to nothing but
its past; the verdicts are the library's. Refits: one hidden layer of 32 units, 100 epochs, batches of 32,
the windows of 60 origins of the passengers, as one stack of ours and as loops that build, compile and fit a
net at each origin (of every tenth origin, times ten), as Darts and sktime do with `retrain=True` and
`strategy="refit"`. Size: how often the test of forecasters finds a difference that is
not there. `--quick` takes 20 origins.
"""

import sys
import tempfile
import time
import warnings

import numpy as np

import bineural as bn
from programs import TORCH_PYTHON, available, run_program
from running import read_command, write

EPOCHS, UNITS, BATCH, RATE = 100, 32, 32, 0.01
EVERY = 10  # origins of which the loops take one, and its seconds so often
OWED = {
    "60 origins, refitted, processor seconds: Keras loop": ">= 20x",
    "60 origins, refitted, seconds: PyTorch loop": "reported",
    "60 origins, refitted, seconds": "reported",
    "MASE of a seasonal naive forecast, passengers, 132 to train, less 1.5708812261": "<= 0.0000000001",
    "differences found that are not there, 60 origins, 12 steps ahead, owed 5%": "reported",
}
KERAS, TORCH, SECONDS, NAIVE, SIZE = OWED

SERIES = {
    "Passengers by month": ("air_passengers", 144, "passengers", "month", None, 12, 12, 60, 1, []),
    "Temperatures of Nottingham by month": (
        "nottem",
        240,
        "temperature",
        "month",
        None,
        12,
        12,
        60,
        1,
        ["ets"],
    ),
    "Rides in Chicago by day": ("chicago", 700, "ridership", "date", None, 7, 7, 40, 7, []),
    "House sales of 26 cities in Texas by month": (
        "texas_sales",
        4862,
        "sales",
        "month",
        "city",
        12,
        6,
        24,
        1,
        [],
    ),
}


def compare_series(title, quick):
    """Return lines on one set of series: what was compared, the table and the verdicts."""
    data, rows, outcome, when, series, season, horizon, origins, step, more = SERIES[title]
    models = {
        "net": bn.Forecaster(architecture="mlp", ensemble=1),
        "drift": "drift",
        **{name: name for name in more},
    }
    begun = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        comparison = bn.compare_models(
            models,
            bn.load_dataset(data).tail(rows),
            outcome,
            time=when,
            series=series,
            horizon=horizon,
            season=season,
            origins=20 if quick else origins,
            step=step,
            level=0.8 if series is None else 0.95,
            seed=2019,
        )
    lines = [
        f"## {title}",
        "",
        f"{time.perf_counter() - begun:.0f} s in all.",
        "",
        "```",
        str(comparison),
        "```",
    ]
    print("\n".join(lines), file=sys.stderr, flush=True)
    return [*lines, ""]


def windows_of_passengers(n_origins):
    """Return the task of the passengers and its origins."""
    from bineural.forecasting.series import read_series
    from bineural.forecasting.task import Task

    table = read_series(bn.load_dataset("air_passengers"), "passengers", "month")
    task = Task(table, 12, 12, 18)
    return task, task.last_origins(n_origins)


def time_ours(task, origins):
    """Return (clock, processor) seconds of all origins, the first time and again, and the MASE."""
    from bineural.forecasting.nets import fit_at, forecast_by, unfitted_net

    options = {"units": (UNITS,), "epochs": EPOCHS, "batch_size": BATCH, "learning_rate": RATE, "ensemble": 1}
    seconds = []
    for again in range(2):
        begun = clocks()
        seeds = [1000 * again + o for o in range(len(origins))]
        nets = fit_at(task, origins, unfitted_net(task, "mlp", options, 1), seeds)
        paths = np.stack([forecast_by(task, net, origin) for net, origin in zip(nets, origins)], axis=1)
        seconds.append(clocks(begun))
    return (*seconds, mase_of(task, paths, origins))


def clocks(begun=(0.0, 0.0)):
    """Return seconds of the clock and of the processor since some moment."""
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


def mase_of(task, paths, origins):
    """Return the mean MASE of forecasts."""
    return float((np.abs(paths - task.truth(origins)).mean(axis=2) / task.scales(origins)).mean())


def arrays_at(task, origin):
    """Return standardised windows and targets known at an origin, and the window that ends there."""
    windows = task.windows
    rows, asked = windows.training_rows(origin), windows.rows_at(origin)
    X, Y = windows.X[rows], windows.Y[rows]
    centre, spread = X.mean(axis=0), X.std(axis=0)
    return (X - centre) / spread, Y, (windows.X[asked] - centre) / spread, asked


def time_keras(task, origins):
    """Return (clock, processor) seconds, and the MASE, of a loop of Keras."""
    import keras

    begun, paths = clocks(), []
    for o, origin in enumerate(origins):
        X, Y, new, asked = arrays_at(task, origin)
        keras.utils.set_random_seed(o)
        net = keras.Sequential(
            [keras.Input((X.shape[1],)), keras.layers.Dense(UNITS, "relu"), keras.layers.Dense(Y.shape[1])]
        )
        net.compile(keras.optimizers.Adam(RATE), "mean_squared_error")
        net.fit(X, Y, batch_size=BATCH, epochs=EPOCHS, verbose=0)
        paths.append(task.windows.in_its_unit(asked, net.predict(new, verbose=0)))
    return clocks(begun), mase_of(task, np.stack(paths, axis=1), origins)


_TORCH = """
import sys, time
import numpy as np
import torch
file, units, epochs, batch, rate = sys.argv[1], *map(float, sys.argv[2:])
stored = np.load(file)
begun = time.perf_counter(), time.process_time()
for o in range(int(stored["n"])):
    torch.manual_seed(o)
    X, Y = (torch.tensor(stored[f"{name}{o}"], dtype=torch.float32) for name in "XY")
    net = torch.nn.Sequential(torch.nn.Linear(X.shape[1], int(units)), torch.nn.ReLU(),
                              torch.nn.Linear(int(units), Y.shape[1]))
    optimizer = torch.optim.Adam(net.parameters(), rate)
    for _ in range(int(epochs)):
        for rows in torch.randperm(len(X)).split(int(batch)):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(net(X[rows]), Y[rows]).backward()
            optimizer.step()
print(time.perf_counter() - begun[0], time.process_time() - begun[1])
"""


def time_torch(task, origins):
    """Return (clock, processor) seconds of a loop of PyTorch, None where there is none."""
    if not available(["PyTorch"]):
        return None
    with tempfile.TemporaryDirectory() as folder:
        arrays = {"n": len(origins)}
        for o, origin in enumerate(origins):
            arrays[f"X{o}"], arrays[f"Y{o}"] = arrays_at(task, origin)[:2]
        np.savez(f"{folder}/windows.npz", **arrays)
        command = [
            TORCH_PYTHON,
            "-c",
            _TORCH,
            f"{folder}/windows.npz",
            *map(str, (UNITS, EPOCHS, BATCH, RATE)),
        ]
        return tuple(map(float, run_program(command).split()))


def time_refits(quick):
    """Return lines on the refits, and what was measured."""
    task, origins = windows_of_passengers(20 if quick else 60)
    some = origins[EVERY - 1 :: EVERY]
    first, again, ours = time_ours(task, origins)
    lines = ["## 60 origins, a net refitted at each", ""]
    lines += ["| how | seconds | of the processor | MASE |", "|---|---|---|---|"]
    lines.append(f"| one stack, the first time | {first[0]:.1f} | {first[1]:.1f} | {ours:.3f} |")
    lines.append(f"| one stack, again | {again[0]:.1f} | {again[1]:.1f} | |")
    measured = {SECONDS: f"{first[0]:.1f} s, {first[1]:.1f} s of the processor"}
    seconds, theirs = time_keras(task, some)
    seconds = [EVERY * part for part in seconds]
    lines.append(f"| loop of Keras | {seconds[0]:.0f} | {seconds[1]:.0f} | {theirs:.3f} of every tenth |")
    measured[KERAS] = seconds[1] / first[1]
    torch = time_torch(task, some)
    if torch is not None:
        torch = [EVERY * part for part in torch]
        lines.append(f"| loop of PyTorch | {torch[0]:.0f} | {torch[1]:.0f} | |")
        measured[TORCH] = f"{torch[0] / first[0]:.1f}x, of the processor {torch[1] / first[1]:.1f}x"
    else:
        measured[TORCH] = "no PyTorch here"
    print("\n".join(lines), file=sys.stderr, flush=True)
    return [*lines, ""], measured


def size_of_test(quick):
    """Return lines on how often two equal forecasters are found different, and the share that is shown."""
    from scipy.special import stdtr

    from bineural.comparing.diebold_mariano import diebold_mariano

    lines = ["## Two equal forecasters found different, owed 5%", ""]
    lines += [
        "| origins | steps ahead | t with n - 1 | t with n / overlap - 1, as here |",
        "|---|---|---|---|",
    ]
    for n, overlap in ((20, 1), (20, 3), (60, 3), (24, 6), (60, 6), (24, 12), (36, 12), (60, 12), (120, 12)):
        found = np.mean(
            [_found(n, overlap, seed, stdtr, diebold_mariano) for seed in range(200 if quick else 4000)],
            axis=0,
        )
        lines.append(f"| {n} | {overlap} | {found[0]:.1%} | {found[1]:.1%} |")
        if (n, overlap) == (60, 12):
            shown = f"{found[1]:.1%} (t with n - 1: {found[0]:.1%})"
    print("\n".join(lines), file=sys.stderr, flush=True)
    return [*lines, ""], shown


def _found(n, overlap, seed, stdtr, diebold_mariano):
    """Say whether a difference of losses, each the mean of as many steps, is found by either rule."""
    steps = np.diff(np.abs(np.random.default_rng(seed).standard_normal((n + overlap, 2))), axis=1)[:, 0]
    test = diebold_mariano([steps[o : o + overlap].mean() for o in range(n)], overlap)
    return 2 * stdtr(n - 1, -abs(test.t)) < 0.05, test.p < 0.05


def naive_error():
    """Return how far the MASE of the seasonal naive forecast is from 1.5708812261."""
    options = {"time": "month", "horizon": 12, "season": 12, "origins": 1, "baseline": False}
    data = bn.load_dataset("air_passengers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return abs(
            bn.compare_models(["snaive"], data, "passengers", **options).estimate("snaive") - 1.5708812261
        )


def main():
    quick = read_command(__doc__).quick
    refits, measured = time_refits(quick)
    sizes, measured[SIZE] = size_of_test(quick)
    measured[NAIVE] = naive_error()
    parts = [*refits, *sizes]
    for title in SERIES:  # written after each, as all take long
        parts += compare_series(title, quick)
        if not quick:
            write("bench_forecasts", "Forecasts", "", ["\n".join(parts)], measured)


if __name__ == "__main__":
    main()
