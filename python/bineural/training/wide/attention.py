"""Attention: each replica's own projections; what is between them has no weights and takes plain rows."""

from bineural._tensorflow import keras
from bineural.training.wide.call import fold, unfold
from bineural.training.wide.dense import einsum_affine
from bineural.training.wide.registry import wide

layers = keras.layers


@wide(layers.MultiHeadAttention, when=lambda layer: not layer._dropout and not layer._activity_regularizer)
def multi_head_attention(layer, call, query, value, key=None, use_causal_mask=False):
    """Attend with several heads. Vaswani et al. (2017). Attention is all you need. NeurIPS."""
    key = value if key is None else key
    parts = [(layer._query_dense, query), (layer._key_dense, key), (layer._value_dense, value)]
    query, key, value = (fold(einsum_affine(dense, call, x)) for dense, x in parts)
    mixed, _ = layer._compute_attention(query, key, value, use_causal_mask=use_causal_mask)
    return einsum_affine(layer._output_dense, call, unfold(call, mixed))
