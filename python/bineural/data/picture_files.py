"""Files of pictures: what their head says, and their pixels as an array, or the error that names the file.

Pillow reads them. A picture is grey or colour as its file has it; what is transparent is laid on white, a
picture stands as its camera was held (Exif), and of a moving one the first is taken.
"""

import contextlib
import os
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bineural.errors import InputError
from bineural.messages import near_names, sentence

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm")
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")  # none of which starts another program
_GREY = ("1", "L", "LA", "La", "I;16", "I;16B", "I;16L", "I;16N")
_TOO_DEEP = ("I", "F")  # 32 bits a pixel, of no known range
_TURNED = (5, 6, 7, 8)  # Exif's orientations of pictures that lie on their side
_ORIENTATION = 0x0112


class Head(NamedTuple):
    """What the head of a file says: height and width in pixels, 1 channel (grey) or 3."""

    height: int
    width: int
    channels: int


def is_picture_path(value):
    """Say whether a value is the path of a picture, by its ending; a `Path` is one unless it is of data."""
    if isinstance(value, Path):
        return not value.suffix.lower().endswith((".parquet", ".pq", ".arrow", ".csv")) and not os.path.isdir(
            value
        )
    return isinstance(value, str) and value.lower().endswith(ENDINGS)


def read_head(path, name):
    """Read size and channels of a picture without its pixels.

    Parameters
    ----------
    path : pathlib.Path
    name : str
        What the picture is called in an error: "Picture 3 of 10 ('a.png')".

    Returns
    -------
    Head

    Raises
    ------
    InputError
        If the file is missing, no picture, or far too large.
    """
    with _opened(path, name) as image:
        height, width = image.height, image.width
        if image.getexif().get(_ORIENTATION) in _TURNED:
            height, width = width, height
        return Head(height, width, 1 if _is_grey(image) else 3)


def read_pixels(path, name, colour):
    """Read the pixels of a picture.

    Parameters
    ----------
    path : pathlib.Path
    name : str
    colour : {"grey", "rgb"}

    Returns
    -------
    ndarray of uint8, shape (height, width, 1) or (height, width, 3)

    Raises
    ------
    InputError
        As `read_head`; or if the file ends before the picture does.
    """
    from PIL import ImageOps

    with _opened(path, name) as image:
        image.load()
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I;16"):
            pixels = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
            pixels = pixels[..., None]
            return pixels if colour == "grey" else np.repeat(pixels, 3, axis=2)
        pixels = np.asarray(_on_white(image).convert("L" if colour == "grey" else "RGB"))
        return pixels[..., None] if colour == "grey" else pixels


def change_size(pixels, size):
    """Bring a picture to another height and width, by the mean of what each new pixel covers (bilinear).

    Parameters
    ----------
    pixels : ndarray of numbers, shape (height, width, n_channels)
    size : tuple (height, width)

    Returns
    -------
    ndarray of uint8 or float32, shape (*size, n_channels)
        uint8 of uint8.
    """
    from PIL import Image

    if pixels.shape[:2] == tuple(size):
        return pixels
    dtype = np.uint8 if pixels.dtype == np.uint8 else np.float32
    changed = np.empty((*size, pixels.shape[2]), dtype)
    for k in range(pixels.shape[2]):
        image = Image.fromarray(np.ascontiguousarray(pixels[..., k], dtype=dtype))
        changed[..., k] = np.asarray(image.resize(size[::-1], Image.Resampling.BILINEAR))
    return changed


@contextlib.contextmanager
def _opened(path, name):
    """Open a picture; whatever goes wrong inside the block is said of the picture."""
    from PIL import Image, UnidentifiedImageError

    if not os.path.isfile(path):  # False for a name that is too long, too
        raise InputError(
            f"{name} must be there.",
            f"There is no file {str(path)[:200]!r}.",
            _near_files(path) or "Check the name and the folder; paths count from the folder you work in.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as image:
                if image.mode in _TOO_DEEP:
                    raise InputError(
                        f"{name} must have 8 or 16 bits for each channel.",
                        "It has 32.",
                        "Convert it, or read it by yourself and pass arrays.",
                    )
                yield image
    except InputError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise InputError(
            f"{name} must have at most {Image.MAX_IMAGE_PIXELS:,} pixels.",
            sentence(error),
            "A small file that becomes so large is often made to fill the memory; make it smaller first if "
            "you know who made it.",
        ) from error
    except UnidentifiedImageError as error:
        raise InputError(
            f"{name} must be a picture: {', '.join(form for form in _FORMATS)}.",
            f"{path.name} is none ({path.stat().st_size:,} bytes).",
            "Leave the file out, or convert it.",
        ) from error
    except Exception as error:  # whatever a damaged file does to its decoder
        raise InputError(
            f"{name} must be readable from its beginning to its end.",
            sentence(error),
            "Its file is cut off or damaged: copy it again, or leave it out.",
        ) from error


def _is_grey(image):
    if image.mode in ("P", "PA"):
        palette = np.asarray(image.getpalette("RGB") or [0, 0, 0]).reshape(-1, 3)
        return bool((palette == palette[:, :1]).all())
    return image.mode in _GREY


def _on_white(image):
    """Lay what is transparent on white."""
    from PIL import Image

    if image.mode not in ("LA", "La", "PA", "RGBA", "RGBa") and "transparency" not in image.info:
        return image
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _near_files(path):
    if not os.path.isdir(path.parent):
        return ""
    beside = [file.name for file in path.parent.iterdir() if is_picture_path(file.name)]
    hint = near_names(path.name, sorted(beside)[:1000])
    return hint if hint.startswith("Did you mean") else ""
