"""Sequences that are predicted symbol by symbol: language models, translation, and beam search."""

from bineural.lazy import lazily

HOMES = {
    "model": ["SequenceModel"],
    "fitting": ["fit_sequence"],
    "ngrams": ["NGram", "fit_ngram"],
    "beams": ["decode_beams"],
    "scoring": ["score_sequences", "edit_distance"],
    "made": ["make_sequences"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
