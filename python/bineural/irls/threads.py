"""Own threads over stretches of rows, with the matrix library held to one thread meanwhile.

Blocks of a few columns are too small for the matrix library's threads: with two they ran 2 to 8 times slower
than with one, and far slower yet where other work holds the processors. The number of threads never changes a
result, because each stretch is summed by itself and the stretches are added in order.
"""

import contextlib
import os
import threading

_SMALL = 16_384  # products of a pass below which the matrix library takes one thread by itself
_controller = _limit = None
_users, _lock = 0, threading.Lock()


def count_threads():
    """Count the processors this process may use, at most 8."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:
        available = os.cpu_count() or 1
    return max(1, min(available, 8))


@contextlib.contextmanager
def one_matrix_thread():
    """Hold the matrix library to one thread until the last fit that runs at the same time is done.

    The search for the library is done once in a process; the limit holds for the whole process meanwhile.
    """
    global _controller, _limit, _users
    with _lock:
        if _controller is None:
            from threadpoolctl import ThreadpoolController

            _controller = ThreadpoolController().select(user_api="blas")
        if _users == 0:
            _limit = _controller.limit(limits=1)
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _limit.restore_original_limits()


@contextlib.contextmanager
def row_threads(design):
    """Give a function like `map` that runs over the stretches of a design, in threads when that pays.

    Parameters
    ----------
    design : Design

    Yields
    ------
    callable
        Called with a function of (start, stop), it gives the list of its results in the order of the rows.
    """
    lanes = design.lanes()
    if len(lanes) == 1:
        small = design.n_rows * design.n_columns**2 < _SMALL
        with contextlib.nullcontext() if small else one_matrix_thread():
            yield lambda function: [function(*lanes[0])]
        return
    n_threads = count_threads() if design.in_threads else 1
    with one_matrix_thread():
        if n_threads == 1:
            yield lambda function: [function(*lane) for lane in lanes]
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(n_threads) as pool:
            yield lambda function: list(pool.map(lambda lane: function(*lane), lanes))
