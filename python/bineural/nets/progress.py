"""How a long training shows itself: a bar where somebody watches, nothing in a log."""

import contextlib
import os
import sys
import warnings
from collections import Counter

import numpy as np

from bineural.messages import number_of


@contextlib.contextmanager
def shown_progress(epochs, verbose, n_nets=1):
    """Give what progress is reported to, or None for silence.

    Parameters
    ----------
    epochs : int
        Most epochs there may be, summed over nets.
    verbose : None, 0 or 1
        None shows a bar on a terminal or in a notebook once it takes longer than a second; 1 leaves the bar
        there, or writes one line at the end where there is no terminal.
    n_nets : int
        Members of an ensemble count each.

    Yields
    ------
    Bar, Line or None
    """
    watched = someone_watches()
    if verbose == 0 or (verbose is None and not watched):
        yield None
    elif not watched:
        yield Line(epochs)
    else:
        with make_bar(total=epochs, unit="epoch", delay=1.0, leave=verbose == 1, file=sys.stderr) as bar:
            yield Bar(bar, n_nets)


@contextlib.contextmanager
def shown_nets(n_nets, verbose):
    """Give what hears of nets that workers have finished, a number at a time: a bar where somebody watches.

    Parameters
    ----------
    n_nets : int
    verbose : None, 0 or 1
        See `shown_progress`.

    Yields
    ------
    callable (n) or None
        The bar stays away until it is called.
    """
    if verbose == 0 or not someone_watches():
        yield None
        return
    bars = []

    def tell(n):
        if not bars:
            bars.append(make_bar(total=n_nets, unit="net", leave=verbose == 1, file=sys.stderr))
        bars[0].update(n)

    try:
        yield tell
    finally:
        for bar in bars:
            bar.close()


class Line:
    """Progress where nobody watches: one line at the end."""

    def __init__(self, epochs):
        self.n_epochs = epochs

    def one(self, done, history):
        """Hear of one net's epochs."""

    def stack(self, done, finished):
        """Hear of a stack's epochs."""

    def compiling(self):
        """Hear that a stack's graph is being made."""

    def end_group(self, epochs, n_nets):
        """Hear that some of the nets are done."""

    def end(self, trained):
        """Write how the nets were trained, how long and how well.

        Parameters
        ----------
        trained : list of Trained
        """
        print(told(trained, self.n_epochs), file=sys.stderr)


class Bar(Line):
    """Progress where somebody watches: a bar of epochs, summed over nets."""

    def __init__(self, bar, n_nets):
        self.bar, self.n_nets = bar, n_nets
        self.before = self.finished = 0  # epochs and nets of earlier stacks

    def one(self, done, history):
        """Show the epochs of one net and its latest losses."""
        self._show(done, _losses({name: values[-1] for name, values in history.items() if values}))

    def stack(self, done, finished):
        """Show the epochs of a stack and how many nets are done."""
        finished += self.finished
        nets = number_of(self.n_nets, "net")
        self._show(done, nets + (f", {finished} of them done" if finished else ""))

    def compiling(self):
        """Say why nothing happens yet; at once, for a second is when one begins to wonder."""
        self.bar.delay = 0
        self.bar.set_postfix_str("compiling", refresh=True)

    def end_group(self, epochs, n_nets):
        """Go on to the next nets: these may have stopped before all their epochs were run."""
        self.before, self.finished = self.before + epochs, self.finished + n_nets
        self.bar.update(self.before - self.bar.n)

    def end(self, trained):
        """Leave what was reached beside the bar, if it stays."""
        if self.bar.leave:
            self.bar.delay = 0
            self.bar.set_postfix_str(told(trained), refresh=True)

    def _show(self, done, text):
        self.bar.set_postfix_str(text, refresh=False)
        self.bar.update(self.before + done - self.bar.n)


def told(trained, n_epochs=None):
    """Say how nets were trained, over how many epochs, and the losses at their best epochs.

    Parameters
    ----------
    trained : list of Trained
    n_epochs : int, optional
        Most epochs there could be.
    """
    trained = [t for t in trained if t.epochs_run] or trained
    run = f"{sum(t.epochs_run for t in trained)}" + ("" if n_epochs is None else f" of at most {n_epochs}")
    names = [name for name in ("loss", "validation_loss") if trained[0].history.get(name)]
    losses = _losses({n: np.mean([t.history[n][t.best_epoch - 1] for t in trained]) for n in names})
    nets = f"{len(trained)} nets: " if len(trained) > 1 else ""
    mean = "mean " if len(trained) > 1 else ""
    how = counted_how(way(t.how, t.why) for t in trained)
    return f"{nets}{run} epoch{'s' * (run != '1')} ({how}), {mean}{losses}"


def way(how, why):
    """Say how a net was run, and what kept it from a (wide) stack: "alone: GRU 'gru' can't be stacked"."""
    if not why:
        return how
    return f"{how}: {why} has no wide form" if how.startswith("stack") else f"{how}: {why} can't be stacked"


def counted_how(how):
    """Say in which ways nets were run, counted where they differ: "3 stack; 1 alone"."""
    counts = Counter(how)
    return next(iter(counts)) if len(counts) == 1 else "; ".join(f"{n} {way}" for way, n in counts.items())


def _losses(losses):
    return ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in losses.items())


def make_bar(**options):
    """Make a progress bar of tqdm."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a notebook without widgets, where the bar is text
        from tqdm.auto import tqdm

        return tqdm(**options)


def someone_watches():
    """Say whether standard error is a terminal or a notebook's; nobody watches continuous integration."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        return False
    if "ipykernel" in sys.modules:
        return True
    return bool(getattr(sys.stderr, "isatty", lambda: False)())
