"""How a long training shows itself: a bar where somebody watches, nothing in a log."""

import contextlib
import sys


@contextlib.contextmanager
def shown_progress(epochs, verbose):
    """Give a function to report progress with, or None for silence.

    Parameters
    ----------
    epochs : int
        Most epochs there may be.
    verbose : None, 0 or 1
        None shows a bar on a terminal or in a notebook once it takes longer than a second; 1 leaves the bar
        there, or writes one line at the end where there is no terminal.

    Yields
    ------
    callable (epochs_done, history) or None
    """
    watched = _someone_watches()
    if verbose == 0 or (verbose is None and not watched):
        yield None
        return
    seen = {}
    if not watched:
        yield lambda done, history: seen.update(done=done, history=history)
        if seen:
            print(f"{seen['done']} of at most {epochs} epochs, {_losses(seen['history'])}", file=sys.stderr)
        return
    from tqdm.auto import tqdm

    with tqdm(total=epochs, unit="epoch", delay=1.0, leave=verbose == 1, file=sys.stderr) as bar:

        def report(done, history):
            bar.set_postfix_str(_losses(history), refresh=False)
            bar.update(done - bar.n)

        yield report


def _losses(history):
    """Write the latest losses of a history."""
    return ", ".join(f"{name.replace('_', ' ')} {history[name][-1]:.4f}" for name in history if history[name])


def _someone_watches():
    """Say whether standard error is a terminal or a notebook's."""
    if "ipykernel" in sys.modules:
        return True
    return bool(getattr(sys.stderr, "isatty", lambda: False)())
