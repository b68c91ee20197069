"""Rows that come as a list: pictures and sequences, in the form in which their rows are counted and taken."""

from bineural.data.pictures import as_pictures
from bineural.inputs.sequence_lists import read_sequences


def as_rows(X):
    """Return a list that can only be pictures or sequences as what holds them; other rows as they are."""
    return as_pictures(read_sequences(X))
