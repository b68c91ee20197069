"""Nets with losses and steps of their own are trained in every way that nets with an outcome are."""

import numpy as np
import pytest

from bineural._tensorflow import keras, tf
from bineural.bundles import checkpoint
from bineural.errors import InputError
from bineural.tables.identity import identity_text
from bineural.training import (
    Blueprint,
    RowLoss,
    Step,
    StepMaker,
    TrainingInterrupted,
    predict_net,
    run,
    stack_run,
    train_net,
    train_stack,
    train_stream,
)
from bineural.training.seeds import draw_orders
from long_cases import long_but
from training.example_nets import (
    EXAMPLES,
    AdversarialStep,
    adversarial_costs,
    gan,
    make_rows,
    squared_error,
    vae,
)

X = make_rows(40)
WATCHED, TRAINED = np.arange(12), np.arange(12, 40)
NETS = {name: make() for name, make in EXAMPLES.items()}
SEEDS = [3, 4, 5]


def alone(name, **changes):
    model, options = NETS[name]
    options = {"seed": 4, "epochs": 6, "batch_size": 8, "validation": (X[WATCHED], None), **options}
    return train_net(model, X[TRAINED], **{**options, **changes})


def stack(name, **changes):
    model, options = NETS[name]
    rows = {"rows": [TRAINED] * len(SEEDS), "validation": [WATCHED] * len(SEEDS)}
    options = {"seeds": SEEDS, "epochs": 6, "batch_size": 8, "xla": False, **rows, **options}
    return train_stack(model, X, **{**options, **changes})


def close(a, b, atol=2e-6):
    assert (a.epochs_run, a.best_epoch, a.stopped) == (b.epochs_run, b.best_epoch, b.stopped)
    for u, v in zip(a.weights, b.weights, strict=True):
        np.testing.assert_allclose(u, v, atol=atol)
    assert list(a.history) == list(b.history)
    for name in a.history:
        np.testing.assert_allclose(a.history[name], b.history[name], atol=atol)


def same(a, b):
    close(a, b, atol=0)


# ---- every way of training ----


@pytest.mark.parametrize("name", long_but(NETS, "vae"))
def test_in_a_stack_it_is_what_it_is_alone(name):
    """To rounding: products of a stack are summed in another order."""
    columns = {"vae": ["reconstruction", "kl"], "gan": ["generator", "discriminator"]}.get(name, [])
    nets, lone = stack(name), alone(name)
    way = "stack" if name == "autoencoder" else "stack, vectorised"  # a layer, or a step, of their own
    assert [net.how for net in nets] == [way] * 3 and lone.how == "alone"
    close(nets[1], lone)
    names = ["loss", *columns, "validation_loss", *(f"validation_{c}" for c in columns)]
    assert [n for n in lone.history if n != "penalty"] == names


@pytest.mark.parametrize("name", long_but(NETS, "vae"))
def test_it_stops_by_patience_and_keeps_its_best_epoch(name):
    options = {"epochs": 80, "patience": 2, "learning_rate": 0.1}
    lone, nets = alone(name, **options), stack(name, **options)
    losses = lone.history["validation_loss"]
    assert lone.stopped and lone.epochs_run == lone.best_epoch + 2 < 80
    assert lone.best_epoch == int(np.argmin(losses)) + 1
    until = alone(name, **{**options, "epochs": lone.best_epoch})
    for u, v in zip(lone.weights, until.weights, strict=True):
        np.testing.assert_array_equal(u, v)
    assert all(net.stopped for net in nets) and len({net.epochs_run for net in nets}) > 1
    assert (nets[1].epochs_run, nets[1].best_epoch) == (lone.epochs_run, lone.best_epoch)


class Stop:
    """Interrupts at the k-th report."""

    def __init__(self, k):
        self.left = k

    def __call__(self, *_):
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.mark.parametrize("name", long_but(NETS, "vae"))
@pytest.mark.parametrize("train", [alone, stack])
def test_interrupted_it_goes_on_to_the_same_bits(name, train, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_CHUNK_SECONDS", 0.0)
    monkeypatch.setattr(stack_run, "_ROUND_NUMBERS", 2 * 3 * 28)  # rounds of two epochs
    path = tmp_path / "net.checkpoint"
    monkeypatch.setattr(checkpoint, "SECONDS", 0.0)
    options = {"epochs": 20} if train is alone else {}
    with pytest.raises(TrainingInterrupted) as caught:
        train(name, checkpoint=path, progress=Stop(1), **options)
    part, whole = caught.value.trained, train(name, **options)
    resumed = train(name, checkpoint=path, **options)
    if train is alone:
        part, whole, resumed = [part], [whole], [resumed]
    for a, b, c in zip(part, resumed, whole, strict=True):
        assert 0 < a.epochs_run < b.epochs_run
        same(b, c)


def test_compiled_by_xla_it_is_the_same_to_rounding():
    close(alone("autoencoder", xla=True), alone("autoencoder"))


def test_a_stream_of_one_buffer_gives_what_rows_in_memory_give():
    model, options = NETS["autoencoder"]

    def read(epoch):
        for rows in np.array_split(np.arange(40), 3):
            yield X[rows], None, np.ones(len(rows), "float32"), np.isin(rows, WATCHED)

    sizes = {"n_rows": 28, "n_watched": 12, "buffer_rows": 64}
    options = {"seed": 4, "epochs": 6, "batch_size": 8, **options}
    same(
        train_stream(model, read, (X[:1], None, np.ones(1, "float32")), **sizes, **options),
        alone("autoencoder"),
    )


@pytest.mark.parametrize("name", long_but(["autoencoder", "vae"], "autoencoder"))
def test_keras_own_loop_gives_the_same_numbers(name):
    through = alone(name, callbacks=[keras.callbacks.Callback()])
    assert through.how == "Keras"
    through.history = {n: through.history[n] for n in alone(name).history}
    close(through, alone(name))


def test_a_step_of_ones_own_is_refused_by_keras_own_loop():
    with pytest.raises(InputError, match="(?s)Keras' own loop.*AdversarialStep"):
        alone("gan", callbacks=[keras.callbacks.Callback()])


def test_weights_of_two_are_rows_twice_on_the_full_batch():
    weights = np.arange(28) % 3
    twice = np.repeat(TRAINED, weights)
    model, options = NETS["autoencoder"]
    options = {"seed": 4, "epochs": 6, "batch_size": 100, **options}
    weighted = train_net(model, X[TRAINED], sample_weight=weights, **options)
    for u, v in zip(weighted.weights, train_net(model, X[twice], **options).weights, strict=True):
        np.testing.assert_allclose(u, v, atol=2e-6)


# ---- the variational autoencoder ----


def lower_bound(weights, x):
    """Return both parts for each row by their definition, with codes at their means."""
    (hidden, b0), (to_mean, b1), (to_variance, b2), (to_decoded, b3) = zip(
        *[iter(w.astype(float) for w in weights)] * 2
    )
    h = np.tanh(x @ hidden + b0)
    mean, log_variance = h @ to_mean + b1, h @ to_variance + b2
    decoded = mean @ to_decoded + b3
    kl = np.sum((mean**2 + np.exp(log_variance) - log_variance - 1) / 2, axis=1)
    return np.sum((x - decoded) ** 2, axis=1) / 2, kl


def test_the_watched_loss_of_a_vae_contains_its_kl_term_at_the_codes_means():
    trained = alone("vae")
    best = trained.best_epoch - 1
    reconstruction, kl = (part.mean() for part in lower_bound(trained.weights, X[WATCHED].astype(float)))
    found = {name: trained.history[f"validation_{name}"][best] for name in ("loss", "reconstruction", "kl")}
    assert kl > 0.1
    assert found["kl"] == pytest.approx(kl, rel=1e-5)
    assert found["reconstruction"] == pytest.approx(reconstruction, rel=1e-5)
    assert found["loss"] == pytest.approx(kl + reconstruction, rel=1e-5)


def test_codes_are_sampled_in_training_and_each_net_draws_its_own():
    """With a rate of 0 the weights stay: what the epochs differ in are the codes."""
    options = {"optimizer": "sgd", "learning_rate": 0.0, "batch_size": 28, "epochs": 3}
    first, again, other = (alone("vae", seed=seed, **options) for seed in (4, 4, 5))
    reconstruction, kl = lower_bound(first.weights, X[TRAINED].astype(float))
    np.testing.assert_allclose(first.history["kl"], kl.mean(), rtol=1e-5)
    assert len(set(first.history["reconstruction"])) == 3
    assert min(first.history["reconstruction"]) > reconstruction.mean()  # sampling adds variance
    assert first.history == again.history != other.history


def test_a_part_of_the_loss_may_say_which_epoch_is_best():
    trained = alone("vae", monitor="kl")
    assert trained.best_epoch == int(np.argmin(trained.history["validation_kl"])) + 1


# ---- the adversarial net ----


def test_turns_are_steps_of_keras_own_optimizers():
    model, options = gan()
    trained = train_net(model, X, seed=9, epochs=2, batch_size=16, **options)
    plan = Blueprint.from_model(model)
    for variable, value in zip(model.variables, plan.initial_values(9)):
        variable.assign(value)
    optimizers = {"discriminator": keras.optimizers.RMSprop(0.01), "generator": keras.optimizers.Adam()}
    for order in draw_orders(9, 40, 0, 2):
        for k in range(0, 40, 16):
            for name, optimizer in optimizers.items():
                variables = model.get_layer(name).trainable_variables
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(adversarial_costs(model(X[order[k : k + 16]], training=True))[name])
                optimizer.apply(tape.gradient(loss, variables), variables)
    for ours, theirs in zip(trained.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-6)


@pytest.mark.parametrize("name, rest", [("generator", "discriminator"), ("discriminator", "generator")])
def test_a_turn_changes_no_bit_of_the_other_part(name, rest):
    model, options = gan(turns=(name,))
    trained = train_net(model, X, seed=9, epochs=2, **options)
    plan = Blueprint.from_model(model)
    before = dict(zip([v.path for v in model.variables], plan.initial_values(9)))
    after = dict(zip([v.path for v in model.weights], trained.weights))
    assert len(after) == 8
    for path, value in after.items():
        assert np.array_equal(value, before[path]) == path.startswith(rest)


@pytest.mark.long
def test_each_optimizer_has_its_own_rate():
    rates = {"generator": [0.02, 0.001, 0.1], "discriminator": 0.03}
    nets = stack("gan", learning_rate=rates)
    for i, rate in enumerate(rates["generator"]):
        own = {"generator": rate, "discriminator": 0.03}
        close(nets[i], alone("gan", seed=SEEDS[i], learning_rate=own))
    with pytest.raises(InputError, match="(?s)optimizers of the step.*'critic'"):
        alone("gan", learning_rate={"critic": 0.1})


# ---- which training is which, and what is refused ----


def scaled(factor):
    return RowLoss("scaled", lambda x, y, out: factor * squared_error(x, y, out))


@pytest.mark.parametrize(
    "part, name, change",
    [
        ("step", "gan", lambda o: {"step": gan(turns=("generator",))[1]["step"]}),
        (
            "optimizer",
            "gan",
            lambda o: {"step": StepMaker(o["step"].make, dict.fromkeys(o["step"].optimizers, "sgd"))},
        ),
        ("loss", "autoencoder", lambda o: {"loss": scaled(2.0)}),
        ("monitor", "vae", lambda o: {"monitor": "kl"}),
        ("settings", "gan", lambda o: {"learning_rate": {"generator": 0.5}}),
    ],
)
def test_the_checkpoint_of_another_step_is_refused(part, name, change, tmp_path):
    path = tmp_path / "net.checkpoint"
    alone(name, epochs=1, checkpoint=path)
    with pytest.raises(InputError, match=f"other .*{part}"):
        alone(name, checkpoint=path, **change(NETS[name][1]))


def test_what_a_loss_keeps_from_where_it_was_made_tells_it_from_others():
    told = [identity_text(scaled(factor).row_loss) for factor in (1.0, 2.0, 1.0)]
    assert told[0] == told[2] != told[1]


def test_what_cannot_be_a_loss_is_refused_in_words():
    model, _ = NETS["autoencoder"]
    cases = {
        "must have an outcome": {"loss": "mean_squared_error"},
        "one number for each row": {"loss": RowLoss("wide", lambda x, y, out: (x - out) ** 2)},
        "(?s)parts 'kl'.*'cost'": {
            "loss": RowLoss("parts", lambda x, y, out: {"cost": x[:, 0]}, parts=("kl",))
        },
        "Leave out `loss`": {"loss": "mean_squared_error", "step": NETS["gan"][1]["step"]},
        "'loss' among them": {
            "loss": RowLoss("parts", lambda x, y, out: {"my kl": x[:, 0]}, parts=("my kl",))
        },
        "a Keras loss": {},
    }
    for words, options in cases.items():
        with pytest.raises(InputError, match=words):
            train_net(model, X, seed=1, epochs=1, **options)
    with pytest.raises(InputError, match="one output"):
        train_net(vae()[0], X, X, loss="mean_squared_error", seed=1, epochs=1)
    with pytest.raises(InputError, match="(?s)a column that the step watches.*'kl'.*'generator'"):
        alone("gan", monitor="kl")


class Forgetful(AdversarialStep):
    """Gives one of its numbers only."""

    def __call__(self, *batch):
        state, numbers = super().__call__(*batch)
        return state, {"loss": numbers["loss"]}


class Nameless(AdversarialStep):
    """Has no column for its loss."""

    columns = ("cost",)


class Stranger(AdversarialStep):
    """Updates what the model does not have."""

    def __init__(self, model, optimizers):
        Step.__init__(self, model, optimizers, dict.fromkeys(optimizers, [keras.Variable(0.0)]))


@pytest.mark.parametrize(
    "kind, words",
    [
        (Forgetful, "(?s)each of its columns.*'generator', 'discriminator' are missing"),
        (Nameless, "(?s)'loss' among them.*'cost'"),
        (Stranger, "must update trainable variables"),
    ],
)
def test_what_cannot_be_a_step_is_refused_in_words(kind, words):
    step = StepMaker(kind, NETS["gan"][1]["step"].optimizers)
    with pytest.raises(InputError, match=words):
        alone("gan", step=step)
    with pytest.raises(InputError, match="hashable"):
        StepMaker(kind, step.optimizers, {"sizes": [1, 2]})


@pytest.mark.long
def test_outcomes_and_outputs_may_be_nests():
    """Two outputs with two outcomes, one of them classes; predictions come as the model gives them."""
    x = keras.Input((4,))
    h = keras.layers.Dense(6, activation="tanh")(x)
    model = keras.Model(x, {"size": keras.layers.Dense(1)(h), "side": keras.layers.Dense(2)(h)})

    def costs(inputs, y, outputs):
        labels = tf.cast(y["side"], tf.int32)
        side = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=outputs["side"])
        return {"side": side, "size": tf.square(y["size"] - outputs["size"][:, 0])}

    y = {"size": X[:, 0] + X[:, 1], "side": (X[:, 0] > 0).astype(int)}
    options = {"loss": RowLoss("both", costs, parts=("side", "size")), "epochs": 40, "learning_rate": 0.03}
    lone = train_net(model, X, y, seed=1, validation=(X, y), **options)
    close(train_stack(model, X, y, seeds=[1, 2], validation=(X, y), **options)[0], lone, atol=1e-5)
    outputs = predict_net(model, lone.weights, X)
    assert outputs["side"].shape == (40, 2) and outputs["size"].shape == (40, 1)
    error = np.mean((outputs["size"][:, 0] - y["size"]) ** 2)
    assert error == pytest.approx(lone.history["validation_size"][lone.best_epoch - 1], rel=1e-4)
    assert np.mean(outputs["side"].argmax(axis=1) == y["side"]) > 0.9
