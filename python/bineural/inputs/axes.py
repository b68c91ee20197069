"""Axes of what a user gives, counted at a glance: without making an array of it."""


def count_axes(X):
    """Count the axes of an array, or of lists in lists by the first of each.

    Parameters
    ----------
    X : object

    Returns
    -------
    int
        0 for single values and text.
    """
    if hasattr(X, "ndim"):
        return int(X.ndim)
    if hasattr(X, "shape"):
        return len(X.shape)
    if isinstance(X, (list, tuple)):
        return 1 + (count_axes(X[0]) if X else 0)
    return 0
