"""The next symbol of a sequence, given those before it (and a source): the sum of cross-entropies."""

from bineural.nets.objectives.objective import Objective, register_objective


def symbol_costs(inputs, y, outputs):
    """Return the negative log likelihood of each sequence, its end included, nats: (batch,).

    Parameters
    ----------
    inputs : tensor of int32 (batch, time), or a list that begins with it
        Numbers of symbols from 1; what fills up, 0, costs nothing.
    y : not used
    outputs : tensor of float32 (batch, time, n_symbols)
        Logits.
    """
    from bineural._tensorflow import tf

    target = inputs[0] if isinstance(inputs, (list, tuple)) else inputs
    costs = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(target - 1, 0), outputs)
    return tf.reduce_sum(tf.where(target > 0, costs, 0.0), axis=-1)


register_objective(
    Objective(
        "next_symbol",
        "rows",
        loss=symbol_costs,
        rows_only=True,
        title="sequences",
        endings=("linear",),
        unit="nats a sequence",
        predict=lambda output, ending, state: output,
        task="symbols",
        measure="bits_per_symbol",
    )
)
