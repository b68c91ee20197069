"""Ctrl-C where work must end with a whole state: it is noted, and looked for between two steps.

R's stop button and Jupyter's arrive as the same signal.
"""

import contextlib
import ctypes
import signal
import threading

_get = ctypes.pythonapi.PyOS_getsig
_get.restype, _get.argtypes = ctypes.c_void_p, [ctypes.c_int]
_set = ctypes.pythonapi.PyOS_setsig
_set.restype, _set.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p]


class Abandoned(KeyboardInterrupt):
    """A second Ctrl-C before a step is over: nothing is kept of what is half done."""


@contextlib.contextmanager
def noted_interrupts():
    """Yield a function that raises KeyboardInterrupt when Ctrl-C came since the block began.

    A second Ctrl-C is raised at once, as `Abandoned`. In other threads than the main one, where no signal
    arrives, and where Ctrl-C is ignored, nothing is changed.
    """
    seen = []

    def note(number, frame):
        seen.append(number)
        if len(seen) > 1:
            raise Abandoned

    def look():
        if seen:
            raise KeyboardInterrupt

    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
        yield look
        return
    system = _get(signal.SIGINT)  # R has put its own handler there, which Python does not know of
    before = signal.signal(signal.SIGINT, note)
    try:
        yield look
    finally:
        signal.signal(signal.SIGINT, before)
        _set(signal.SIGINT, system)
    look()  # where it came too late to end anything
