"""The number that fills sequences up to one length."""

# Prepared sequences (n_rows, length, n_features) of fewer steps than `length` hold this number in every
# feature of the steps after their last. It is exact in float16, bfloat16, float32 and float64, and lies far
# outside of what standardised features are; a real value that equals it is refused.
FILL = -61440.0
