"""Bag of steps: the mean of what stands at all steps, whatever their order, then dense layers.

Shapes: sequences (batch, time, n_features) float32, or texts (batch, time) int32, masked where they are
filled up (`parts/steps.py`) -> (batch, n_outputs) logits. Of a text it is the bag of its
words, each with a learnt embedding.
"""

from bineural._tensorflow import keras
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import dense_head, logits
from bineural.zoo.parts.hidden_layers import make_penalty
from bineural.zoo.parts.steps import EMBEDDING, drop, step_input


def build_bag(
    input_shape,
    n_outputs,
    *,
    units=(16,),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    embedding=32,
    vocabulary=None,
):
    """Build a net on the mean of all steps, uncompiled.

    Parameters
    ----------
    input_shape : tuple (time, n_features), or (time,) with `vocabulary`
        A `time` of None differs from batch to batch.
    n_outputs : int
        Logits: one for two classes or a regression, else one for each class.
    units : sequence of int
        Width of each dense layer before the last; none for logits that are linear in the mean.
    activation : str
        Of these layers.
    dropout : float in [0, 1)
        Share of the mean, and of each dense layer, that is left out at random in each training step.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on every kernel and embedding.
    embedding : int
        Numbers that a word is embedded in.
    vocabulary : int, optional
        Numbers that words have, for texts.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.step_pooling import MeanOfSteps

    penalty = make_penalty(l1, l2)
    inputs, x = step_input("bag", input_shape, vocabulary, embedding, penalty)
    x = MeanOfSteps(name="mean")(x)
    x = drop(x, dropout, "dropout")
    x = dense_head(x, units, activation, dropout, penalty)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="bag")


register_architecture(
    Architecture(
        "bag",
        build_bag,
        inputs=("sequence", "text"),
        default_for=("text",),
        reads=("units", "activation", "dropout", "l1", "l2"),
        options=(EMBEDDING,),
        learning_rate=0.005,
        units_by_rows=((0, (16,)),),
        title="Bag of words, or of steps",
        paper="Joulin, Grave, Bojanowski and Mikolov. Bag of tricks for efficient text classification. EACL.",
        year=2017,
    )
)
