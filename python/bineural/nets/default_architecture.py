"""The architecture of a net for which none is named: that of the zoo for its kind of rows."""

from bineural.inputs import choose_input
from bineural.inputs.axes import count_axes
from bineural.zoo.architecture import default_architecture


def architecture_for(architecture, X=None):
    """Return the architecture that was named, or the name of that for rows like `X`.

    Parameters
    ----------
    architecture : object
        What was given as `architecture`; None where nothing was.
    X : object, optional
        Rows of any kind; None: of a table. An array of three axes is read as grey images.

    Returns
    -------
    object
    """
    if architecture is not None:
        return architecture
    kind = "table" if X is None else _kind_of(X)
    return default_architecture(kind) or default_architecture("table")


def _kind_of(X):
    try:
        kind = choose_input(X).kind
    except ValueError:  # of no kind: the table will say what is wrong with it
        return "table"
    return "image" if kind == "array" and count_axes(X) == 3 else kind
