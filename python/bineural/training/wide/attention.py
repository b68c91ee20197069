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
    masks["attention_mask"] = attention_mask
    mask, only_causal = _mask_of_pairs(layer, query, value, masks, use_causal_mask, layer._sliding_window)
    parts = [(layer._query_dense, query), (layer._key_dense, key), (layer._value_dense, value)]
    parts = [fold(einsum_affine(dense, call, x)) for dense, x in parts]
    if layer._dropout > 0:
        if only_causal:
            mask = layer._compute_causal_mask(*parts[:2])
        scaled = parts[0] * layer._inverse_sqrt_key_dim
        scores = layer._masked_softmax(tf.einsum(layer._dot_product_equation, parts[1], scaled), mask)
        mixed = _mix(layer, call, scores, parts[2], layer._dropout)
    else:
        how = {"return_attention_scores": return_attention_scores, "use_causal_mask": only_causal}
        mixed, scores = layer._compute_attention(*parts, mask, **how)
    outputs = _project(layer, call, unfold(call, mixed), query, layer._use_gate)
    if query_mask is not None:
        set_mask(outputs, query_mask)
    return (outputs, unfold(call, scores)) if return_attention_scores else outputs


@wide(layers.GroupQueryAttention, when=lambda layer: layer.dropout < 1)
def grouped_query_attention(
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
    """Attend with heads that share keys and values. Ainslie et al. (2023), EMNLP."""
    masks = {"query_mask": query_mask, "value_mask": value_mask, "key_mask": key_mask}
    masks["attention_mask"] = attention_mask
    mask, only_causal = _mask_of_pairs(layer, query, value, masks, use_causal_mask, layer.sliding_window)
    parts = [(layer._query_dense, query), (layer._key_dense, value if key is None else key)]
    parts = [fold(einsum_affine(dense, call, x)) for dense, x in [*parts, (layer._value_dense, value)]]
    parts[1:] = [tf.repeat(part, layer.num_repeats, axis=2) for part in parts[1:]]
    layer._return_attention_scores = return_attention_scores
    if layer.dropout > 0:
        if only_causal:
            mask = layer._compute_causal_mask(*parts[:2])
        scaled = parts[0] * layer._inverse_sqrt_head_dim
        scores = layer._masked_softmax(tf.einsum(layer._dot_product_equation, scaled, parts[1]), mask)
        mixed = _mix(layer, call, scores, parts[2], layer.dropout)
    else:
        mixed, scores = layer._compute_attention(*parts, attention_mask=mask, use_causal_mask=only_causal)
    outputs = _project(layer, call, unfold(call, mixed), query, layer.use_gate)
    return (outputs, unfold(call, scores)) if return_attention_scores else outputs


def _mask_of_pairs(layer, query, value, masks, use_causal_mask, window):
    """Return (which keys a query sees, whether those up to itself); the first is None where that says all."""
    masks = {name: fold(mask) for name, mask in masks.items()}
    if use_causal_mask and not window and all(mask is None for mask in masks.values()):
        return None, True
    rows = fold(query), fold(value)
    return layer._compute_attention_mask(*rows, **masks, use_causal_mask=use_causal_mask), False


def _mix(layer, call, scores, value, rate):
    """Mix the values by scores, of which some are left out in training."""
    if call.training:
        scores = fold(drop(call, layer._dropout_layer.seed_generator, unfold(call, scores), rate))
    return tf.einsum(layer._combine_equation, scores, value)


def _project(layer, call, mixed, query, gated):
    """Return the outputs, of what a gate leaves."""
    if gated:
        gate = layer._gate_dense
        mixed *= activate(gate.activation, einsum_affine(gate, call, query))
    return einsum_affine(layer._output_dense, call, mixed)


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
