"""How a command ends that is stopped: Ctrl-C gives status 130, SIGTERM 143; nothing half done is left."""

import contextlib
import signal
import threading

INTERRUPTED, TERMINATED = 130, 143  # 128 and the number of the signal, as shells have it


class Stopped(KeyboardInterrupt):
    """Ctrl-C, with what is said of it."""


@contextlib.contextmanager
def ending_by_sigterm():
    """Let SIGTERM end the block as an exception does, so that drafts, workers and children go with it."""
    if threading.current_thread() is not threading.main_thread():  # no signal arrives there
        yield
        return

    def end(number, frame):
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
