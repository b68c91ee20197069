"""What a user names (formula and data, or x and y) as numbers, learnt from the training rows."""

from bineural.lazy import lazily

HOMES = {
    "preparation": ["Preparation"],
    "matrices": ["model_matrix"],
    "long_tables": ["as_sequences"],
}
# For those who add a kind of input: `bineural.inputs.register_input`.
PROTOCOL = {
    "input": ["Input", "Prepared"],
    "kinds": ["register_input", "list_inputs", "find_input", "choose_input"],
    "table": ["TableInput"],
    "arrays": ["ArrayInput"],
    "images": ["ImageInput"],
    "texts": ["TextInput"],
    "tfidf": ["TfidfInput"],
    "flat": ["FlatInput"],
    "padded": ["PaddedSequences"],
    "sequences": ["SequenceInput"],
}
__getattr__, __dir__, _names = lazily(__name__, HOMES | PROTOCOL)
__all__ = [name for names in HOMES.values() for name in names]  # those that are in `bineural` too
