"""The kinds of input by name: register one, find one, and choose the one that a user's x is of."""

import importlib
import inspect
import re

from bineural.errors import InputError
from bineural.formula.texts import has_text
from bineural.inputs.input import Input
from bineural.messages import listed

_OURS = {  # kind: the file that registers it
    "table": "table",
    "flat": "flat",
    "array": "arrays",
    "image": "images",
    "sequence": "sequences",
    "padded": "padded",
    "text": "texts",
    "tfidf": "tfidf",
    "symbols": "symbols",
}
_WITHIN = (
    "flat",
    "tfidf",
    "padded",
    "symbols",
)  # that a model asks for; no rows are of them by themselves
_KINDS = {}


def register_input(cls):
    """Make a kind of input known; from then on `fit_net` takes x of that kind, and files may hold it.

    Parameters
    ----------
    cls : type
        A subclass of `Input` with a `kind` of its own, a `SCHEMA`, and all methods written out.

    Returns
    -------
    type
        The class itself, so that this can stand above it as a decorator.

    Raises
    ------
    InputError
        If something is missing, or another class has that kind.

    Notes
    -----
    Kinds are asked from the newest to the oldest whether they claim a user's x, so that a special one comes
    before a general one. Each process knows what was registered in it: a worker must register it too.
    """
    if not (isinstance(cls, type) and issubclass(cls, Input)):
        raise InputError("A kind of input must be a subclass of `Input`.", f"Found {cls!r}.", "Derive it.")
    kind = cls.kind
    if not isinstance(kind, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", kind):
        raise InputError(
            "`kind` must be a name of small letters, digits and _.",
            f"That of {cls.__name__} is {kind!r}.",
            'Write for example kind = "molecule".',
        )
    if inspect.isabstract(cls):
        raise InputError(
            "A kind of input must have every method of `Input`.",
            f"{cls.__name__} lacks {listed(sorted(cls.__abstractmethods__), 9)}.",
            "Write them.",
        )
    if not isinstance(vars(cls).get("SCHEMA"), dict):
        raise InputError(
            "A kind of input must have a `SCHEMA` of its attributes.",
            f"{cls.__name__} has none of its own.",
            "Give each attribute a check of bineural.bundles.schema.",
        )
    _refuse_second(cls, _KINDS.get(kind))
    if kind in _OURS and cls.__module__ != _home(kind):
        _refuse_second(cls, find_input(kind))
    _KINDS[kind] = cls
    return cls


def _refuse_second(cls, other):
    """Refuse a kind that another class has; a class defined again (a cell run twice) replaces itself."""
    if other is None or (other.__module__, other.__qualname__) == (cls.__module__, cls.__qualname__):
        return
    raise InputError(
        "A kind of input can be registered once.",
        f"{cls.kind!r} is that of {other.__module__}.{other.__qualname__}.",
        "Choose another name.",
    )


def list_inputs():
    """List the names of all kinds that rows can be of, those of bineural first.

    Returns
    -------
    list of str
    """
    own = [kind for kind in _OURS if kind not in _WITHIN]
    return [*own, *(kind for kind in _KINDS if kind not in _OURS)]


def find_input(kind):
    """Return the class of a kind.

    Parameters
    ----------
    kind : str

    Returns
    -------
    type

    Raises
    ------
    InputError
        If there is none; a kind of a user's own must have been registered before.
    """
    if kind in _OURS and kind not in _KINDS:
        importlib.import_module(_home(kind))
    if kind not in _KINDS:
        raise InputError(
            "The kind of input must be one that is registered.",
            f"Found {kind!r}. There are: {listed(list_inputs(), 20)}.",
            "Run the code that registers it first (register_input).",
        )
    return _KINDS[kind]


def choose_input(X, kinds=None, formula=None):
    """Choose the kind of input that a user's x is of.

    Parameters
    ----------
    X : object
        Rows: a table, an array, a list.
    kinds : sequence of str, optional
        The kinds that an architecture takes; all by default. Where it takes just one, x is read as that kind,
        so that an array (n_rows, height, width) is images to a net of images. Where it takes several and none
        claims x, one that accepts it reads it.
    formula : str, optional
        Right side of a formula; with a `text()` in it a table is texts.

    Returns
    -------
    type
        A subclass of `Input`.

    Raises
    ------
    InputError
        If no kind claims `X`; it lists the kinds.
    """
    asked = list_inputs() if kinds is None else list(kinds)
    if has_text(formula):
        return _texts_of(asked, formula)
    if len(asked) == 1:
        return find_input(asked[0])
    newest_first = [find_input(kind) for kind in reversed(list_inputs()) if kind in asked]
    chosen = next((cls for cls in newest_first if cls.claims(X)), None)
    if chosen is None and kinds is not None:
        chosen = next((cls for cls in newest_first if cls.accepts(X)), None)
    if chosen is not None:
        return chosen
    raise InputError(
        f"Rows must be of a kind that can be read: {listed(asked, 20)}.",
        f"Found {describe(X)}.",
        "Give a data frame, or an array whose first axis is that of the rows.",
    )


def _texts_of(kinds, formula):
    if "text" in kinds:
        return find_input("text")
    raise InputError(
        "A formula with `text()` needs an architecture that takes texts.",
        f"Found {formula!r} and one that takes {listed(kinds, 9)}.",
        "Leave `architecture` out, or look one up by list_architectures('text').",
    )


def describe(X):
    """Say in a few words what an object is: its type, and its shape or length."""
    shape = getattr(X, "shape", None)
    if isinstance(shape, tuple):
        dtype = f" and type {X.dtype}" if hasattr(X, "dtype") else ""
        return f"{type(X).__name__} of shape {shape}{dtype}"
    if isinstance(X, (list, tuple)):
        first = f", the first of type {type(X[0]).__name__}" if X else ""
        return f"a {type(X).__name__} of {len(X)}{first}"
    return type(X).__name__


def _home(kind):
    return f"{__package__}.{_OURS[kind]}"
