"""Records that can be drawn: a figure says which records it draws, and a record names no figure.

The files of `figures/` register their functions by `add_figure`; `plot` and `plot_data` of a record are those
functions, with the record as the first argument. A new figure is one file.
"""

import functools
import inspect
import re
import types
from dataclasses import dataclass

from bineural.lazy import import_files


@dataclass(frozen=True)
class Figure:
    """A figure of a record.

    Attributes
    ----------
    draw : callable
        (record, ...) -> matplotlib.figure.Figure.
    table : callable
        (record, ...) -> pandas.DataFrame, what is drawn.
    """

    draw: object
    table: object


_figure_of = {}  # name of a record's class -> Figure


def add_figure(record, draw, table):
    """Register a figure of a record.

    Parameters
    ----------
    record : str
        Name of the record's class, so that a figure is known before what it draws is loaded.
    draw, table : callable
        As in `Figure`; with docstrings, which are the help of the record's methods.

    Examples
    --------
    >>> class Coin(Drawn):
    ...     heads = 3
    >>> def plot_coin(coin, path=None):
    ...     '''Draw a coin.'''
    ...     return f"{coin.heads} heads"
    >>> add_figure("Coin", plot_coin, lambda coin: {"heads": [coin.heads]})
    >>> Coin().plot(), Coin().plot_data(), Coin.plot.__doc__
    ('3 heads', {'heads': [3]}, 'Draw a coin.')
    """
    _figure_of[record] = Figure(draw, table)


def find_figure(record):
    """Return the figure of a record's class, or of the nearest class that it inherits from; None without."""
    load_figures()
    return next((_figure_of[c.__name__] for c in record.__mro__ if c.__name__ in _figure_of), None)


def load_figures():
    """Load the files of `figures/`, so that what they draw is registered; records know no figure by name."""
    import_files("bineural.figures")


class _FromFigure:
    """A method of a record that is a function of its figure."""

    def __init__(self, part):
        self.part = part

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, record, owner):
        figure = find_figure(owner)
        if figure is None:
            raise AttributeError(f"No figure draws {owner.__name__}.", name=self.name)
        method = _as_method(getattr(figure, self.part), self.name)
        return method if record is None else types.MethodType(method, record)


class Drawn:
    """A record that a figure draws."""

    plot = _FromFigure("draw")
    plot_data = _FromFigure("table")


@functools.cache
def _as_method(function, name):
    """Return a function with its signature and help as those of a method: without the first argument."""

    @functools.wraps(function)
    def method(self, *args, **kwargs):
        return function(self, *args, **kwargs)

    signature = inspect.signature(function)
    first, *others = signature.parameters.values()
    method.__signature__ = signature.replace(parameters=[first.replace(name="self"), *others])
    method.__name__ = method.__qualname__ = name
    method.__doc__ = _without_first(function.__doc__, first.name, bool(others))
    return method


def _without_first(doc, name, others):
    """Leave the first argument out of a numpydoc text, and its heading where no other is left."""
    heading = r"(?P<indent> *)Parameters\n *-+\n"
    entry = rf"(?P=indent){re.escape(name)} :[^\n]*\n(?:(?P=indent) +[^\n]*\n)*"
    kept = (lambda match: match["heading"]) if others else ""
    doc = re.sub(rf"(?P<heading>{heading}){entry}", kept, doc or "", count=1)
    return re.sub(r"\n( *\n)+", "\n\n", doc)
