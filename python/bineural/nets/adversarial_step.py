"""One step of two nets that compete: the discriminator's turn, then the generator's.

Reference: Goodfellow and others (2014). Generative adversarial nets. NeurIPS 27, 2672-2680.
"""

from bineural._tensorflow import keras, tf
from bineural.training import Step, StepMaker

PARTS = "discriminator", "generator"
_BETA_1 = 0.5  # of Adam, as Radford, Metz and Chintala (2016) found steady


class AdversarialStep(Step):
    """A turn of each: first the discriminator learns, then the generator, each with its own optimizer."""

    columns = watched_columns = ("loss", *PARTS)

    def __init__(self, model, optimizers):
        variables = {name: model.get_layer(name).trainable_variables for name in PARTS}
        super().__init__(model, optimizers, variables)

    def __call__(self, state, inputs, y, weights, rates, size):
        """Take both turns on one batch; see `Step`."""
        state, discriminator = self.turn("discriminator", state, inputs, weights, size)
        state, generator = self.turn("generator", state, inputs, weights, size)
        numbers = {"discriminator": discriminator, "generator": generator}
        return state, {"loss": discriminator + generator, **numbers}

    def turn(self, name, state, inputs, weights, size):
        """Let one net take a step; the other stays as it is to the bit."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(state.trainable)
            # 1. The generator makes rows of fresh noise. 2. The discriminator judges them and the real ones.
            outputs, fixed, _ = self.call(state, inputs, training=True)
            # 3. What this judgement costs the one whose turn it is.
            cost = adversarial_costs(outputs)[name]
            loss = tf.reduce_sum(weights * cost) / tf.cast(size, tf.float32)
        # 4. The gradient goes through both nets and moves the weights of this one.
        state = self.apply(state, name, loss, tape)
        return state._replace(fixed=fixed), loss

    def watched(self, state, inputs, y):
        """Return what rows cost either net."""
        costs = adversarial_costs(self.predict(state, inputs))
        return {"loss": costs["discriminator"] + costs["generator"], **costs}


def adversarial_costs(outputs):
    """Return what each row costs either net, (batch,), of the logits (batch, 2) of real and of made rows.

    The discriminator's is the cross-entropy of telling both; the generator's that of being taken for real,
    whose gradient does not vanish where it is seen through.
    """
    real, made = outputs[:, 0], outputs[:, 1]
    return {
        "discriminator": tf.nn.softplus(-real) + tf.nn.softplus(made),
        "generator": tf.nn.softplus(-made),
    }


def adversarial_step():
    """Return the maker of the step, with an Adam for each of the two nets."""
    return StepMaker(AdversarialStep, {name: keras.optimizers.Adam(beta_1=_BETA_1) for name in PARTS})
