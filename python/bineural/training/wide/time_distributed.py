"""A layer at every time: the times become rows where rows stay apart, else they are taken one by one."""

from bineural._tensorflow import keras, tf
from bineural.training.layouts import draws, rows_stay_apart
from bineural.training.wide.call import inner_shape
from bineural.training.wide.registry import find_forward, takes, wide

layers = keras.layers


def _is_known(layer):
    if find_forward(layer.layer) is None or not takes(layer.layer):
        return False
    return _rows_stay_apart(layer) or layer.get_build_config()["input_shape"][1] is not None


def _rows_stay_apart(layer):
    """Say whether a row at one time is what it would be without the other rows, and without other times."""
    inside = list(layer._flatten_layers(include_self=False))
    return all(rows_stay_apart(part) and not draws(part) for part in inside)


@wide(layers.TimeDistributed, when=_is_known)
def time_distributed(layer, call, x, mask=None):
    """Call the inner layer at every time, on the mask of that time where it takes one."""
    forward = find_forward(layer.layer)
    mask = mask if layer.layer._call_has_mask_arg else None
    if _rows_stay_apart(layer):
        options = {} if mask is None else {"mask": _times_as_rows(call, mask)}
        outputs = forward(call, _times_as_rows(call, x), **options)
        n_times = inner_shape(x)[0]
        return tf.reshape(outputs, tf.stack([call.n_replicas, -1, n_times, *inner_shape(outputs)]))
    outputs = []
    for t in range(x.shape[2]):
        options = {} if mask is None else {"mask": mask[:, :, t]}
        outputs.append(forward(call, x[:, :, t], **options))
    return tf.stack(outputs, 2)


def _times_as_rows(call, x):
    """Turn (n_replicas, batch, n_times, ...) into (n_replicas, batch * n_times, ...)."""
    return tf.reshape(x, tf.stack([call.n_replicas, -1, *inner_shape(x, 3)]))
