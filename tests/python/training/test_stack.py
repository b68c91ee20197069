"""A replica of a stack is the same net trained alone."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.errors import InputError, LargeNetWarning
from bineural.training import TrainingInterrupted, predict_net, stack_run, stacked, train_net, train_stack
from bineural.training.philox import philox_uniform
from long_cases import long_but

layers = keras.layers
BINARY = {"loss": "binary_crossentropy"}
N = 40


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(N, 3))
    return x, (x[:, 0] - x[:, 1] ** 2 + rng.normal(size=N) > -1).astype(float)


@pytest.fixture(scope="module")
def model():
    return net((3,), layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)))


def net(shape, *inner):
    return keras.Sequential([keras.Input(shape), *inner, layers.Dense(1)])


def close(a, b, atol=2e-5):
    for u, v in zip(a.weights, b.weights, strict=True):
        np.testing.assert_allclose(u, v, atol=atol)
    assert a.history.keys() == b.history.keys()
    assert (a.epochs_run, a.best_epoch, a.stopped) == (b.epochs_run, b.best_epoch, b.stopped)
    for name in a.history:
        np.testing.assert_allclose(a.history[name], b.history[name], atol=1e-5)


def same(a, b):
    return all((u == v).all() for u, v in zip(a.weights, b.weights, strict=True)) and a.history == b.history


def folds(rng, sizes):
    rows = [rng.permutation(N)[:size] for size in sizes]
    return rows, [np.setdiff1d(np.arange(N), r) for r in rows]


def test_written_out_philox_gives_the_bits_of_tensorflow():
    for seed in [(5, 0), (2**31 - 1, 70000)]:
        for shape in [(3,), (7, 5)]:
            wanted = tf.random.stateless_uniform(shape, seed)
            assert (philox_uniform(tf.constant(seed), tf.constant(shape)).numpy() == wanted.numpy()).all()


@pytest.mark.parametrize("case", [0, *(pytest.param(case, marks=pytest.mark.long) for case in (1, 2, 3))])
def test_stack_equals_alone_for_random_nets_folds_and_seeds(data, case):
    rng = np.random.default_rng(case)
    x, y = data
    inner = []
    for units in rng.integers(1, 12, rng.integers(0, 3)):
        penalty = keras.regularizers.L1L2(*rng.uniform(0, 0.01, 2))
        inner.append(layers.Dense(int(units), str(rng.choice(["relu", "tanh"])), kernel_regularizer=penalty))
        inner += [layers.Dropout(float(rng.uniform(0.1, 0.6)))] if rng.random() < 0.7 else []
    optimizer = [
        "adam",
        keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        keras.optimizers.AdamW(0.01, global_clipnorm=0.5, use_ema=True),
        "rmsprop",
    ][case]
    rows, watch = folds(rng, rng.integers(9, 38, 3))
    seeds = rng.integers(0, 2**31, 3)
    options = {"batch_size": int(rng.integers(5, 20)), "epochs": 4, "optimizer": optimizer, **BINARY}
    layout = net((3,), *inner)
    stacked_ = train_stack(layout, x, y, seeds=seeds, rows=rows, validation=watch, **options)
    for seed, r, w, found in zip(seeds, rows, watch, stacked_):
        close(found, train_net(layout, x[r], y[r], seed=int(seed), validation=(x[w], y[w]), **options))


@pytest.fixture(scope="module")
def dropped():
    return net((3,), layers.Dense(6, activation="relu"), layers.Dropout(0.4))


@pytest.mark.long
def test_xla_changes_rounding_only(data, dropped):
    rows, watch = folds(np.random.default_rng(2), [33, 21])
    options = {"seeds": [3, 4], "rows": rows, "validation": watch, "batch_size": 8, "epochs": 3, **BINARY}
    for plain, compiled in zip(*(train_stack(dropped, *data, xla=xla, **options) for xla in (False, True))):
        close(plain, compiled)
        assert (plain.how, compiled.how) == ("stack", "stack, XLA")


def test_a_replica_does_not_depend_on_the_stack_around_it(data, model, monkeypatch):
    rows, _ = folds(np.random.default_rng(3), [30, 22, 30, 26])
    seeds = [1, 2, 3, 4]
    whole = train_stack(model, *data, seeds=seeds, rows=rows, epochs=7, **BINARY)
    with pytest.warns(LargeNetWarning, match=r"than the 1 MB of `memory`: 31 weights, 1 MB"):
        chunks = train_stack(model, *data, seeds=seeds, rows=rows, epochs=7, memory=1, **BINARY)
    monkeypatch.setattr(stack_run, "_ROUND_NUMBERS", 200)
    rounds = train_stack(model, *data, seeds=seeds[::-1], rows=rows[::-1], epochs=7, **BINARY)[::-1]
    again = train_stack(model, *data, seeds=seeds[::-1], rows=rows[::-1], epochs=7, **BINARY)[::-1]
    for a, b, c, d in zip(whole, chunks, rounds, again):
        close(a, b)
        close(a, c)
        assert same(c, d)


def test_replicas_stop_by_themselves_and_leave(data, model):
    x, y = data
    rows, watch = folds(np.random.default_rng(5), [30, 22, 30, 26, 28])
    options = {"epochs": 60, "patience": 3, "batch_size": 10, **BINARY}
    rates, seeds = [0.1, 0.05, 0.03, 0.2, 0.001], [11, 12, 13, 14, 15]
    seen = []
    found = train_stack(
        model,
        x,
        y,
        seeds=seeds,
        rows=rows,
        validation=watch,
        learning_rate=rates,
        progress=lambda done, finished: seen.append(done),
        **options,
    )
    for i, (r, w) in enumerate(zip(rows, watch)):
        alone = {"seed": seeds[i], "validation": (x[w], y[w]), "learning_rate": rates[i]}
        close(found[i], train_net(model, x[r], y[r], **alone, **options))
    assert len({f.epochs_run for f in found}) > 2 and seen[-1] == sum(f.epochs_run for f in found)


def test_own_inputs_outcomes_weights_and_penalties(data, model):
    x, y = data
    rng = np.random.default_rng(6)
    own_x, own_y = np.stack([x, 2 * x, x - 1]), np.stack([y, 1 - y, y])
    weights = rng.integers(0, 3, (3, N)).astype(float)
    rows, watch = folds(rng, [30, 22, 30])
    watch = [w[weights[i][w] > 0] for i, w in enumerate(watch)]
    scales = [0.0, 1.0, 5.0]
    options = {"epochs": 4, "batch_size": 16, **BINARY}
    found = train_stack(
        model,
        own_x,
        own_y,
        own=("inputs", "y"),
        seeds=[1, 2, 3],
        rows=rows,
        row_weights=weights,
        validation=watch,
        penalty_scale=scales,
        **options,
    )
    for i, (r, w) in enumerate(zip(rows, watch)):
        alone = train_net(
            model,
            own_x[i][r],
            own_y[i][r],
            seed=i + 1,
            sample_weight=weights[i][r],
            validation=(own_x[i][w], own_y[i][w], weights[i][w]),
            penalty_scale=scales[i],
            **options,
        )
        close(found[i], alone)


def test_stacks_of_any_size_share_one_graph(data, model):
    stacked.stacks.clear()
    for n, epochs, batch in [(2, 2, 8), (5, 3, 16), (3, 1, 40)]:
        found = train_stack(model, *data, seeds=range(n), epochs=epochs, batch_size=batch, **BINARY)
        assert len(found) == n and predict_net(model, found[-1].weights, data[0]).shape == (N, 1)
    assert len(stacked.stacks) == 1


def test_a_loss_that_diverges_is_an_error_or_the_end_of_that_replica(data):
    x, y = data
    layout = net((3,), layers.Dense(4, "relu"))
    options = {"loss": "mean_squared_error", "optimizer": "sgd", "epochs": 30, "seeds": [1, 2]}
    with pytest.raises(InputError, match="in replica 1"):
        train_stack(layout, x, y, learning_rate=[0.01, 1e20], **options)
    good, bad = train_stack(layout, x, y, learning_rate=[0.01, 1e20], diverged="keep", **options)
    assert good.epochs_run == 30 and np.isfinite(good.history["loss"]).all()
    assert bad.epochs_run < 30 and not np.isfinite(bad.history["loss"][-1])


def test_interrupt_returns_what_was_reached(data, model, monkeypatch):
    monkeypatch.setattr(stack_run, "_ROUND_NUMBERS", 200)

    def stop(done, finished):
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterrupted) as caught:
        train_stack(model, *data, seeds=[1, 2], epochs=50, progress=stop, **BINARY)
    two = train_stack(model, *data, seeds=[1, 2], epochs=caught.value.trained[0].epochs_run, **BINARY)
    close(caught.value.trained[1], two[1])


def test_lengths_that_differ_are_refused(data, model):
    with pytest.raises(InputError, match="one entry for each replica"):
        train_stack(model, *data, seeds=[1, 2], rows=[np.arange(5)], **BINARY)
    with pytest.raises(InputError, match="Replica 1 has none"):
        train_stack(model, *data, seeds=[1, 2], rows=[[1, 2], []], **BINARY)


def test_watching_or_not_any_epochs_batch_size_and_number_of_nets_share_one_graph(data, model):
    stacked.stacks.clear()
    x, y = data
    rows, watch = folds(np.random.default_rng(2), [30, 25, 20])
    for more in [
        {},
        {"validation": watch},
        {"epochs": 5, "batch_size": 7},
        {"validation": watch, "patience": 1},
    ]:
        options = {"epochs": 3, "rows": rows, **BINARY, **more}
        together = train_stack(model, x, y, seeds=[1, 2, 3], **options)
        options.pop("rows"), options.pop("validation", None)
        own = {"validation": (x[watch[1]], y[watch[1]])} if "validation" in more else {}
        close(together[1], train_net(model, x[rows[1]], y[rows[1]], seed=2, **options, **own))
    train_stack(model, x, y, seeds=range(5), epochs=2, **BINARY)
    (stack,) = stacked.stacks._entries.values()
    assert stack.traced and not stack.why_not_wide


@pytest.mark.parametrize("xla", long_but([False, True], False))
def test_an_area_that_no_rows_are_watched_for_changes_nothing(data, model, xla):
    options = {"epochs": 2, "seeds": [1, 2], "xla": xla, **BINARY}
    plain, ranked = (train_stack(model, *data, monitor=m, **options)[1] for m in ("loss", "auroc"))
    close(plain, ranked)
