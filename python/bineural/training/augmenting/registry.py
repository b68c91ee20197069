"""Changes of images as records: what a user's `augmentation` may name, and how its values are read.

A change either moves pixels (`place`), all of which are then put together and done at once, or works on the
moved images (`paint`), both in alphabetical order. `mixup` does neither: it mixes rows.
"""

from dataclasses import dataclass

from bineural.checks import Check, Unfit
from bineural.errors import InputError
from bineural.lazy import import_files
from bineural.messages import listed, near_names

_registered = {}


@dataclass(frozen=True)
class Change:
    """One kind of change.

    Attributes
    ----------
    name : str
        As `augmentation` has it.
    check : Check
        Of its strength.
    words : str
        What the strength is, for help: "pixels at most, down and across".
    n_numbers : int
        Uniform random numbers from 0 to 1 that an image takes.
    place : callable, optional
        (numbers (n, n_numbers), strength, height, width) -> (turn (n, 2, 2), move (n, 2)): from the place of
        a pixel (down, across, from the middle of the image) to the place that it is taken from.
    paint : callable, optional
        (images (n, height, width, channels), numbers, strength) -> images. Numbers are
        (n, height, width, channels), and normal, where `n_numbers` is 0.
    whole : bool
        Whether `place` leads from pixels to pixels, so that nothing lies between them.
    least : callable, optional
        strength -> pixels on a side that an image must have.
    """

    name: str
    check: Check
    words: str
    n_numbers: int = 0
    place: object = None
    paint: object = None
    whole: bool = False
    least: object = None


def register_change(change):
    """Register a kind of change, for `augmentation` at every door.

    Parameters
    ----------
    change : Change

    Returns
    -------
    Change
        The same.
    """
    if change.name in _registered:
        raise InputError(
            "The name of a change of images must not be taken.",
            f"There is {change.name!r} already.",
            "Choose another name.",
        )
    _registered[change.name] = change
    return change


def find_changes():
    """Return all registered changes by name."""
    import_files(f"{__package__}.changes")
    return dict(_registered)


def read_augmentation(given):
    """Read what a user gave as `augmentation`: names of changes and their strengths.

    Parameters
    ----------
    given : dict

    Returns
    -------
    dict of str to object
        In the order in which changes are made; no change for an empty one.

    Raises
    ------
    ValueError
        If it is no dict.
    InputError
        If a name is none of a change, or a strength will not do.
    """
    if not isinstance(given, dict):
        raise ValueError
    changes = find_changes()
    for name in given:
        if name not in changes:
            raise Unfit(f"Found the name {name!r}.", name)
    return {
        name: change.check(given[name], f"augmentation[{name!r}]")
        for name, change in sorted(changes.items())
        if name in given and given[name] is not None
    }


def refuse_moves(strengths):
    """Refuse changes that move pixels, where boxes are learnt, which would stay behind."""
    changes = find_changes()
    moves = [name for name in strengths if changes[name].place is not None]
    if moves:
        others = sorted(name for name, change in changes.items() if change.place is None)
        raise InputError(
            "Images whose boxes are learnt can't be moved by `augmentation`: their boxes would stay behind.",
            f"Found {listed(moves)}.",
            f"Leave that out; {listed(others)} change images in their places.",
        )


def augmentation_hint(part):
    """Say what to try in place of an `augmentation` that will not do, or of a name in it."""
    names = list(find_changes())
    if isinstance(part, str) and part in names:
        return "Give each change its strength, such as shift=2."
    hint = near_names(part, names) if isinstance(part, str) else ""
    return hint if hint.startswith("Did you mean") else f"The changes are {listed(sorted(names), 30)}."
