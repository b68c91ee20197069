"""Take images anew at other places: maps of places put together, then one look-up of pixels."""

from bineural._tensorflow import tf


def compose(first, then):
    """Return the map of places of two changes made one after the other.

    Parameters
    ----------
    first, then : (turn (n, 2, 2), move (n, 2))
        Each from the places of its new image to those of its old one.
    """
    (turn_a, move_a), (turn_b, move_b) = first, then
    # written out, as products of matrices are rounded on some devices
    turn = tf.reduce_sum(turn_a[:, :, :, None] * turn_b[:, None, :, :], 2)
    return turn, tf.reduce_sum(turn_a * move_b[:, None, :], 2) + move_a


def warp(images, turn, move, whole):
    """Return images whose pixels are taken from other places, those beyond the border from the border.

    Parameters
    ----------
    images : tensor of float32, shape (n, height, width, channels)
        The last three sizes known.
    turn, move : tensors of float32, shapes (n, 2, 2) and (n, 2)
        old = turn @ new + move, down and across, from the middle of the image.
    whole : bool
        Whether all places are pixels; otherwise four of them are averaged by how near they are.
    """
    height, width, channels = images.shape[1:]
    middle = tf.constant([(height - 1) / 2, (width - 1) / 2], tf.float32)
    rows, columns = tf.meshgrid(tf.range(height), tf.range(width), indexing="ij")
    new = tf.cast(tf.stack([tf.reshape(rows, [-1]), tf.reshape(columns, [-1])], 1), tf.float32) - middle
    old = tf.reduce_sum(turn[:, None] * new[None, :, None], 3) + move[:, None] + middle  # (n, pixels, 2)
    last = tf.constant([height - 1, width - 1], tf.float32)
    old = tf.clip_by_value(old, 0.0, last)
    flat = tf.reshape(images, [-1, height * width, channels])

    def look_up(places):
        places = tf.cast(places, tf.int32)
        return tf.gather(flat, places[..., 0] * width + places[..., 1], batch_dims=1)

    if whole:
        taken = look_up(tf.round(old))
    else:
        low = tf.floor(old)
        high, near = tf.minimum(low + 1, last), old - low  # near: how near the higher one is
        top = _between(look_up(low), look_up(tf.stack([low[..., 0], high[..., 1]], -1)), near[..., 1:])
        bottom = _between(look_up(tf.stack([high[..., 0], low[..., 1]], -1)), look_up(high), near[..., 1:])
        taken = _between(top, bottom, near[..., :1])
    return tf.reshape(taken, [-1, height, width, channels])


def _between(a, b, share):
    return a + (b - a) * share
