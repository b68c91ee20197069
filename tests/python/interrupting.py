"""Ctrl-C in tests: the signal itself, sent while a training runs."""

import signal

import pytest

from bineural.training import run


def press_ctrl_c_in_chunk(monkeypatch, k, kind=run.Run, method="_chunk"):
    """Send the signal of Ctrl-C while the k-th chunk runs."""
    original, seen = getattr(kind, method), []

    def chunk(self, *arguments):
        seen.append(1)
        if len(seen) == k:
            signal.raise_signal(signal.SIGINT)
        return original(self, *arguments)

    monkeypatch.setattr(kind, method, chunk)


@pytest.fixture
def short_chunks(monkeypatch):
    """Chunks of few epochs, so that a short training has several."""
    monkeypatch.setattr(run, "_FIRST_STEPS", 30)
    monkeypatch.setattr(run, "_CHUNK_SECONDS", 0.0)
