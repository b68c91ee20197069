"""Images in the place of a table: a folder with a sub-folder for each class, or a set by name."""

from bineural.errors import InputError


def add_images(parser, others=()):
    """Add `--images` beside the table of `add_data`, which may then be left out.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    others : sequence of str
        Arguments that only a table goes with: "formula", "exclude", ...
    """
    group = parser.add_argument_group("images, in the place of a table")
    folder = "folder with a sub-folder of pictures for each class, or a set: digits, fashion_mnist_part, ..."
    group.add_argument("--images", metavar="FOLDER", help=folder)
    group.add_argument("--size", type=pixels, help="pixels to resize to: 28, or height and width: 24,32")
    group.add_argument("--colour", choices=["grey", "rgb"], help="make all grey, or all colours")
    parser.set_defaults(of_tables=tuple(others))


def read_images(arguments, labelled=True):
    """Return the images of `add_images` as `LabelledImages`; None where a table was given.

    Raises
    ------
    InputError
        If neither or both were given, or what only goes with a table, or the images have no labels.
    """
    images, data = arguments.images, arguments.data
    if (images is None) == (data is None):
        raise InputError(
            "A table or `--images` must be given, and not both.",
            "Found neither." if data is None else f"Found {data!r} and --images {images!r}.",
            "Write for example --images folder/, with a sub-folder of pictures for each class.",
        )
    if images is None:
        stray = [f"--{name}" for name in ("size", "colour") if getattr(arguments, name) is not None]
        _refuse(stray, "`--size` and `--colour` can be used with `--images` only.")
        return None
    given = [name for name in arguments.of_tables if getattr(arguments, name, None) is not None]
    _refuse([f"--{name}" for name in given], "Images have no columns, which these arguments name.")
    loaded = _load(images, arguments)
    if loaded.labels is None and labelled:
        raise InputError(
            "A folder of images must have a sub-folder for each class.",
            f"{images!r} holds {len(loaded)} pictures and no sub-folders.",
            "Move the pictures of each class into a sub-folder, which gives the class its name.",
        )
    return loaded


def _load(images, arguments):
    from bineural.data.images import load_images

    try:
        return load_images(images, arguments.size, arguments.colour)
    except InputError as error:
        must = error.must.replace("`path`", "`--images`").replace(", a list of files", "")
        raise type(error)(must, error.found, error.hint) from error


def _refuse(stray, must):
    if stray:
        raise InputError(must, f"Found {', '.join(stray)}.", "Leave that out.")


def pixels(text):
    """Read "28", or "24,32"."""
    parts = [int(part) for part in text.split(",")]
    return parts[0] if len(parts) == 1 else tuple(parts)
