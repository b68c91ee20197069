"""Architectures, one family a file; each file registers what it builds, as a record (`architecture.py`).

A builder is a function `(input_shape, n_outputs, **options) -> keras.Model`, which returns an uncompiled
model with logits. Layers and other parts that several families use stand in `parts/`.
"""

from bineural.lazy import lazily

HOMES = {
    "listing": ["list_architectures"],
    "describing": ["describe_architecture"],
    "description": ["ArchitectureDescription"],
}
_OWN = {"architecture": ["Architecture", "as_architecture", "architecture_names", "register_architecture"]}
__getattr__, __dir__, _ = lazily(__name__, HOMES | _OWN)
__all__ = [name for names in HOMES.values() for name in names]
