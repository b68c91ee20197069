"""Where nets are computed: the processor, or a device that is asked for by name; nothing moves by itself.

`on_device` holds for the calling thread. Layouts, initial weights and orders of rows are made on the CPU
whatever the device, so that a seed means the same everywhere. Each device has compiled graphs of its own: a
`Cache` keeps the few most recently used ones, so that equal fits do not trace their graph again.
"""

import collections
import contextlib
import functools
import re
import threading

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.messages import listed
from bineural.training import several_workers

_CPU = "cpu:0"


class _Chosen(threading.local):
    """The device that `on_device` has chosen in this thread."""

    name = _CPU


_chosen = _Chosen()


def find_device(device):
    """Return the full name of a device that TensorFlow can use.

    Parameters
    ----------
    device : str or None
        "cpu" or "gpu", with ":1" and so on for another than the first; None is the CPU. "workers" are the
        CPUs of the processes that TF_CONFIG names, see `several_workers`.

    Returns
    -------
    str
        For example "gpu:0"; "workers" as it is.

    Raises
    ------
    InputError
        If the name has another form, or there is no such device.
    """
    if device is None:
        return _CPU
    if device == several_workers.NAME:
        several_workers.find_workers()
        return device
    if not isinstance(device, str) or not re.fullmatch(r"(cpu|gpu)(:\d+)?", device):
        raise InputError(
            "`device` must be 'cpu' or 'gpu', with a number where there are several, 'workers', or None.",
            f"Found {device!r}.",
            "Use for example device='gpu' or device='gpu:1', and leave it out for the CPU.",
        )
    name = device if ":" in device else f"{device}:0"
    if name not in list_devices():
        raise InputError(
            "`device` must be one that TensorFlow can use here.",
            f"Found {device!r}; there are {listed(list_devices())}.",
            "Leave it out for the CPU; sitrep(deep=True) says what was found, and an NVIDIA GPU needs "
            "tensorflow[and-cuda].",
        )
    return name


def list_devices():
    """Return the names of the devices that can be asked for: "cpu:0", "gpu:0" and so on."""
    kinds = ("CPU", "GPU")
    names = [d.name for kind in kinds for d in tf.config.list_logical_devices(kind)]
    return [":".join(name.lower().split(":")[-2:]) for name in names]


def device_or_cpu(device):
    """Return `device` where it is here, else None: what was trained on a GPU predicts everywhere."""
    if device == several_workers.NAME:
        return None
    try:
        find_device(device)
    except InputError:
        return None
    return device


@contextlib.contextmanager
def on_device(device):
    """Build, trace and run on a device inside the block; see `find_device`."""
    before, name = _chosen.name, find_device(device)
    _chosen.name = name
    try:
        with tf.device(f"/{(_CPU if name == several_workers.NAME else name).upper()}"):
            yield name
    finally:
        _chosen.name = before


def placed(function):
    """Let a function run on the device that its keyword `device` names."""

    @functools.wraps(function)
    def run(*args, device=None, **options):
        with on_device(device):
            return function(*args, device=device, **options)

    return run


def current_device():
    """Return the name of the device that `on_device` has chosen, the CPU by itself."""
    return _chosen.name


def current_workers():
    """Return the `Workers` that `on_device` has chosen in this thread, else None."""
    return several_workers.find_workers() if _chosen.name == several_workers.NAME else None


class Cache:
    """Mapping of at most `size` entries for each device; the one used longest ago leaves first.

    What TensorFlow made to run a graph stays when the graph has gone; it is cleared whenever a whole cache
    has turned over.

    Parameters
    ----------
    size : int
    """

    def __init__(self, size):
        self.size, self._gone = size, 0
        self._entries = collections.OrderedDict()
        self._lock = threading.RLock()

    def get(self, key, make):
        """Return the entry of `key`, made by `make()` when there is none."""
        key = _chosen.name, key
        with self._lock:
            if key not in self._entries:
                self._entries[key] = make()
                while len(self._entries) > self.size:
                    self._entries.popitem(last=False)
                    self._gone += 1
                if self._gone >= self.size:
                    from tensorflow.python.eager import context

                    self._gone = 0

                    context.context().clear_kernel_cache()
            self._entries.move_to_end(key)
            return self._entries[key]

    def clear(self):
        """Forget every entry."""
        with self._lock:
            self._entries.clear()

    def __len__(self):
        """Return the number of entries."""
        return len(self._entries)
