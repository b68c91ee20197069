"""Images in the place of a table: a folder with a sub-folder for each class or a table of boxes, or a set."""

from bineural.errors import InputError

_OF_IMAGES = ("size", "colour", "boxes")


def add_images(parser, others=(), boxes=True):
    """Add `--images` beside the table of `add_data`, which may then be left out.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    others : sequence of str
        Arguments that only a table goes with: "formula", "exclude", ...
    boxes : bool
        Whether boxes of objects can be given with them.
    """
    group = parser.add_argument_group("images, in the place of a table")
    folder = "folder with a sub-folder of pictures for each class, or a set: digits, fashion_mnist_part, ..."
    group.add_argument("--images", metavar="FOLDER", help=folder)
    group.add_argument("--size", type=pixels, help="pixels to resize to: 28, or height and width: 24,32")
    group.add_argument("--colour", choices=["grey", "rgb"], help="make all grey, or all colours")
    if boxes:
        table = "table of the objects in them: file, x1, y1, x2, y2 in pixels, label (.csv, ...)"
        group.add_argument("--boxes", metavar="FILE", help=table)
    parser.set_defaults(of_tables=tuple(others))


def read_images(arguments, needs="labels"):
    """Return the images of `add_images` as `LabelledImages`; None where a table was given.

    Parameters
    ----------
    arguments : argparse.Namespace
    needs : {"labels", "boxes", None}
        What must be known of them; boxes that are given take the place of labels.

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
        stray = [f"--{name}" for name in _OF_IMAGES if getattr(arguments, name, None) is not None]
        _refuse(stray, "These arguments can be used with `--images` only.")
        return None
    given = [name for name in arguments.of_tables if getattr(arguments, name, None) is not None]
    _refuse([f"--{name}" for name in given], "Images have no columns, which these arguments name.")
    loaded = _load(images, arguments)
    if loaded.boxes is None and needs == "boxes":
        raise InputError(
            "A net of boxes must be given the boxes of the images.",
            "Found no --boxes.",
            "Write for example --boxes boxes.csv, with columns file, x1, y1, x2, y2 and label.",
        )
    if loaded.labels is None and loaded.boxes is None and needs == "labels":
        raise InputError(
            "A folder of images must have a sub-folder for each class.",
            f"{images!r} holds {len(loaded)} pictures and no sub-folders.",
            "Move the pictures of each class into a sub-folder of its name, or give --boxes.",
        )
    return loaded


def outcome_of(images):
    """Return what is predicted of images: the boxes of their objects where they were given, or the labels."""
    return images.labels if images.boxes is None else images.boxes


def as_model_takes(images):
    """Return images as a fitted model is asked about them: it brings those of another size to its own."""
    from bineural.data.pictures import Pictures

    given = images.images
    return given if isinstance(given, Pictures) else Pictures.of_arrays(list(given))


def finds_boxes(model):
    """Say whether a model is a net of boxes."""
    return getattr(model, "measured_as_", None) == "boxes"


def _load(images, arguments):
    from bineural.data.images import load_images

    try:
        return load_images(images, arguments.size, arguments.colour, getattr(arguments, "boxes", None))
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
