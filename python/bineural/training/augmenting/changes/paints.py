"""Changes of the numbers in pixels: noise, and a square that is cut out."""

from bineural._tensorflow import tf
from bineural.checks import number, whole
from bineural.training.augmenting.registry import Change, register_change


def noise(images, normals, strength):
    """Add normal numbers of SD `strength` to all pixels."""
    return images + strength * normals


def cutout(images, numbers, strength):
    """Set a square of `strength` pixels on a side to 0, around a pixel drawn among all.

    DeVries and Taylor (2017), arXiv:1708.04552. Where channels are standardised 0 is their mean.
    """
    inside = [
        _covered(numbers[:, i], images.shape[1 + i], strength) for i in range(2)
    ]  # (n, height), (n, width)
    kept = 1 - inside[0][:, :, None] * inside[1][:, None, :]
    return images * kept[..., None]


def _covered(numbers, size, length):
    """Return (n, size): 1 for the pixels of a line that a piece of `length` around a drawn one covers."""
    begin = tf.floor(numbers * size) - length // 2
    place = tf.range(size, dtype=tf.float32)[None]
    return tf.cast((place >= begin[:, None]) & (place < begin[:, None] + length), tf.float32)


register_change(Change("noise", number(0, 1e6), "SD of normal noise, in SDs of the channel", paint=noise))
register_change(
    Change(
        "cutout",
        whole(1, 10_000, hint="Give a number of pixels, such as 4."),
        "side in pixels of a square that is set to the mean",
        2,
        paint=cutout,
    )
)
