"""The architecture of a net for which none is named: that of the zoo for its kind of rows."""

from bineural.formula.texts import has_text
from bineural.inputs import choose_input
from bineural.inputs.axes import count_axes
from bineural.zoo.architecture import default_architecture


def architecture_for(architecture, X=None, formula=None):
    """Return the architecture that was named, or the name of that for rows like `X`.

    Parameters
    ----------
    architecture : object
        What was given as `architecture`; None where nothing was.
    X : object, optional
        Rows of any kind; None: of a table. An array of three axes is read as grey images.
    formula : str, optional
        Right side of a formula; with a `text()` in it the rows are texts.

    Returns
    -------
    object
    """
    if architecture is not None:
        return architecture
    kind = "table" if X is None and not has_text(formula) else _kind_of(X, formula)
    return default_architecture(kind) or default_architecture("table")


def _kind_of(X, formula):
    try:
        kind = choose_input(X, formula=formula).kind
    except ValueError:  # of no kind: the table will say what is wrong with it
        return "table"
    return "image" if kind == "array" and count_axes(X) == 3 else kind
