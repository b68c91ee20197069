"""Attention: each replica's own projections; what is between them has no weights and takes plain rows."""

from bineural._tensorflow import keras, tf
from bineural.training.wide.activations import activate
from bineural.training.wide.call import fold, mask_of, set_mask, unfold
from bineural.training.wide.dense import einsum_affine
from bineural.training.wide.dropout import drop
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(layers.MultiHeadAttention, when=lambda layer: not layer._activity_regularizer and layer._dropout < 1)
def multi_head_attention(
    layer,
    call,
    query,
    value,
    key=None,
    query_mask=None,
    value_mask=None,
    key_mask=None,
    attention_mask=None,
    return_attention_scores=False,
    use_causal_mask=False,
):
    """Attend with several heads. Vaswani et al. (2017). Attention is all you need. NeurIPS."""
    key = value if key is None else key
    query_mask = mask_of(query)
    for x in (query, value, key):  # Keras takes the masks away, also from what other layers are called on
        set_mask(x, None)
    masks = {"query_mask": query_mask, "value_mask": value_mask, "key_mask": key_mask}
    masks = {name: fold(mask) for name, mask in (masks | {"attention_mask": attention_mask}).items()}
    only_causal = use_causal_mask and not layer._sliding_window and all(m is None for m in masks.values())
    mask = None
    if not only_causal:
        rows = fold(query), fold(value)
        mask = layer._compute_attention_mask(*rows, **masks, use_causal_mask=use_causal_mask)
    parts = [(layer._query_dense, query), (layer._key_dense, key), (layer._value_dense, value)]
    parts = [fold(einsum_affine(dense, call, x)) for dense, x in parts]
    if layer._dropout > 0:
        mixed, scores = _mix_and_drop(layer, call, *parts, mask, only_causal)
    else:
        how = {"return_attention_scores": return_attention_scores, "use_causal_mask": only_causal}
        mixed, scores = layer._compute_attention(*parts, mask, **how)
    mixed = unfold(call, mixed)
    if layer._use_gate:
        mixed *= activate(layer._gate_dense.activation, einsum_affine(layer._gate_dense, call, query))
    outputs = einsum_affine(layer._output_dense, call, mixed)
    if query_mask is not None:
        set_mask(outputs, query_mask)
    return (outputs, unfold(call, scores)) if return_attention_scores else outputs


def _mix_and_drop(layer, call, query, key, value, mask, only_causal):
    """Mix the values by scores of which some are left out in training."""
    if only_causal:
        mask = layer._compute_causal_mask(query, value)
    query = query * tf.cast(layer._inverse_sqrt_key_dim, query.dtype)
    scores = tf.einsum(layer._dot_product_equation, key, query)
    scores = layer._masked_softmax(scores, mask)
    left = scores
    if call.training:
        left = fold(drop(call, layer._dropout_layer.seed_generator, unfold(call, scores), layer._dropout))
    return tf.einsum(layer._combine_equation, left, value), scores


@wide(layers.Attention, layers.AdditiveAttention, when=lambda layer: layer.dropout < 1)
def attention(layer, call, inputs, mask=None, return_attention_scores=False, use_causal_mask=False):
    """Attend by dot products. Luong et al. (2015), EMNLP. Or by sums. Bahdanau et al. (2015), ICLR."""
    query, value, *key = inputs
    query_mask, value_mask = mask[:2] if mask is not None else (None, None)
    scores = _scores(layer, call, query, key[0] if key else value)
    rows = fold(scores)
    rows_mask = layer._calculate_score_mask(rows, fold(value_mask), use_causal_mask)
    _, shares = layer._apply_scores(rows, fold(value), rows_mask, training=False)
    shares = unfold(call, shares)
    if call.training and layer.dropout > 0:
        shares = drop(call, layer.seed_generator, shares, layer.dropout)
    mixed = tf.matmul(shares, value)
    if query_mask is not None:
        mixed = tf.where(query_mask[..., None], mixed, 0.0)
    return (mixed, shares) if return_attention_scores else mixed


def _scores(layer, call, query, key):
    """Return how well each key suits each query: (n_replicas, batch, n_queries, n_keys)."""
    additive = type(layer) is layers.AdditiveAttention
    scale = None if layer.scale is None else call.along(layer.scale, 5 if additive else 4)
    if not additive and layer.score_mode == "dot":
        scores = tf.matmul(query, key, transpose_b=True)
        return scores if scale is None else scores * scale
    pairs = query[:, :, :, None] + key[:, :, None]
    if additive:
        bent = tf.tanh(pairs)
        return tf.reduce_sum(bent if scale is None else scale * bent, -1)
    bent = tf.tanh(pairs if scale is None else scale[..., None] * pairs)
    return call.along(layer.concat_score_weight, 4) * tf.reduce_sum(bent, -1)
