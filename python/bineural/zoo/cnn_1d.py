"""One-dimensional CNN: convolutions over time, of every filter the largest number, then dense layers.

Shapes: sequences (batch, time, n_features) float32, or texts (batch, time) int32, masked where they are
filled up (`parts/steps.py`) -> (batch, n_outputs) logits. Of a text a filter reads some words in a row.
"""

from bineural._tensorflow import keras
from bineural.checks import list_of, whole
from bineural.options import Option
from bineural.zoo.architecture import Architecture, register_architecture
from bineural.zoo.parts.convolving import dense_head, logits
from bineural.zoo.parts.hidden_layers import known_activation, make_penalty
from bineural.zoo.parts.steps import EMBEDDING, drop, step_input


def build_cnn_1d(
    input_shape,
    n_outputs,
    *,
    units=(32,),
    activation="relu",
    dropout=0.0,
    l1=0.0,
    l2=0.0,
    filters=(64,),
    kernel_size=5,
    embedding=32,
    vocabulary=None,
):
    """Build a convolutional net over time, uncompiled.

    Parameters
    ----------
    input_shape : tuple (time, n_features), or (time,) with `vocabulary`
        A `time` of None differs from batch to batch.
    n_outputs : int
        Logits: one for two classes or a regression, else one for each class.
    units : sequence of int
        Width of each dense layer before the last.
    activation : str
        Of convolutions and dense layers.
    dropout : float in [0, 1)
        Share of what is pooled, and of each dense layer, that is left out at random in each training step.
    l1, l2 : float
        Penalties `l1 * sum(|w|) + l2 * sum(w**2)` on every kernel and embedding.
    filters : sequence of int
        Filters of each convolution.
    kernel_size : int
        Steps that a filter reads; zeros stand before the first and after the last.
    embedding : int
        Numbers that a word is embedded in.
    vocabulary : int, optional
        Numbers that words have, for texts.

    Returns
    -------
    keras.Model
    """
    from bineural.zoo.parts.step_convolution import StepConvolution
    from bineural.zoo.parts.step_pooling import LargestOfSteps

    penalty = make_penalty(l1, l2)
    inputs, x = step_input("cnn_1d", input_shape, vocabulary, embedding, penalty)
    for i, n_filters in enumerate(filters):
        x = StepConvolution(n_filters, kernel_size, kernel_regularizer=penalty, name=f"convolution_{i}")(x)
        x = keras.layers.Activation(known_activation(activation), name=f"convolution_{i}_active")(x)
    x = LargestOfSteps(name="largest")(x)
    x = drop(x, dropout, "dropout")
    x = dense_head(x, units, activation, dropout, penalty)
    return keras.Model(inputs, logits(x, n_outputs, penalty), name="cnn_1d")


register_architecture(
    Architecture(
        "cnn_1d",
        build_cnn_1d,
        inputs=("sequence", "text"),
        reads=("units", "activation", "dropout", "l1", "l2"),
        options=(
            Option(
                "filters",
                (64,),
                list_of(whole(1, 10**5, hint="Use filters=64, or (32, 64) for two convolutions.")),
                "sequence of int",
                "Filters of each convolution over time.",
                in_r="counts",
            ),
            Option(
                "kernel_size",
                5,
                whole(1, 1000),
                "int",
                "Steps, or words, that a filter reads.",
                in_r="count",
                range="whole",
            ),
            EMBEDDING,
        ),
        learning_rate=0.005,
        units_by_rows=((0, (32,)),),
        title="One-dimensional convolutional net",
        paper="Kim. Convolutional neural networks for sentence classification. EMNLP.",
        year=2014,
    )
)
