"""A long training shows itself where somebody watches, and nowhere else."""

import contextlib
import io
import re

import numpy as np
import pytest

from bineural.nets.estimators import NetRegressor
from bineural.training import clear_compiled


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        """Say so."""
        return True


def shown(watched=Terminal, **options):
    """Fit a net; return what it wrote to a standard error of this kind."""
    x = np.linspace(-1, 1, 40).reshape(-1, 1)
    with contextlib.redirect_stderr(watched()) as stream:
        NetRegressor(units=(3,), epochs=6, seed=1, **options).fit(x, x[:, 0])
    return stream.getvalue()


@pytest.fixture(autouse=True)
def outside_of_continuous_integration(monkeypatch):
    """Let the tests run there too."""
    monkeypatch.delenv("CI", raising=False)


def test_an_ensemble_says_that_it_compiles_and_counts_epochs_over_members():
    clear_compiled()
    text = shown(ensemble=3, verbose=1)
    assert "compiling" in text and text.index("compiling") < text.index("18/18")
    assert re.search(r"18/18 .*3 nets: 18 epochs \(stack\), mean loss \d\.\d{4}, validation loss", text)


@pytest.mark.long
def test_a_bar_is_wiped_unless_it_is_asked_for():
    clear_compiled()
    text = shown(ensemble=2)
    assert "compiling" in text and text.endswith("\r") and not text.split("\r")[-2].strip()
    text = shown(ensemble=1, verbose=1)
    assert "6/6" in text and text.endswith("\n")


def test_a_short_training_shows_nothing():
    shown()
    assert shown() == ""


def test_nobody_watches_continuous_integration(monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert shown(ensemble=2) == ""
    line = r"2 nets: 12 of at most 12 epochs \(stack\), mean loss \d\.\d{4}, validation loss \d\.\d{4}\n"
    assert re.fullmatch(line, shown(ensemble=2, verbose=1))


def test_without_a_terminal_a_line_at_the_end_is_for_those_who_ask():
    options = {"watched": io.StringIO, "validation": None}
    assert shown(ensemble=2, **options) == shown(verbose=0, **options) == ""
    line = r"6 of at most 6 epochs \(alone\), loss \d\.\d{4}\n"
    assert re.fullmatch(line, shown(ensemble=1, verbose=1, **options))
