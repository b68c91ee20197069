"""Keep the few most recently used compiled nets, so that equal fits do not trace their graph again.

Each device has graphs of its own. What TensorFlow made to run a graph stays when the graph has gone; it is
cleared whenever a whole cache has turned over.
"""

import collections
import threading

from tensorflow.python.eager import context

from bineural.training.device import current_device


class Cache:
    """Mapping of at most `size` entries; the one used longest ago leaves first.

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
        key = current_device(), key
        with self._lock:
            if key not in self._entries:
                self._entries[key] = make()
                while len(self._entries) > self.size:
                    self._entries.popitem(last=False)
                    self._gone += 1
                if self._gone >= self.size:
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
