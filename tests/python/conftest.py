"""Settings every test needs before the libraries load."""

import gc
import os
from pathlib import Path

os.environ.setdefault("SCIPY_ARRAY_API", "1")  # or scikit-learn skips its array-API check
os.environ.setdefault("MPLBACKEND", "agg")
# threads of matrix libraries that wait for work sleep, since the tests share the cores; no number changes
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")

import sqlite3  # noqa: F401  # before TensorFlow, whose own copy, without mathematics, would take its place

import pytest

gc.set_threshold(10_000, 10, 10)  # look for garbage seldom: a process with TensorFlow has a million objects

# The files that take longest, from the longest on (`pytest --durations=50` says it): where they are begun
# first, no core is idle at the end while the other works on one of them. The rest follow by their paths.
LONGEST = [
    "course/test_rendering.py",
    "test_net.py",
    "test_tuning.py",
    "training/test_parity.py",
    "test_report.py",
    "test_docstrings.py",
    "training/test_example_nets.py",
    "training/test_stack.py",
    "test_net_compiled.py",
    "test_comparing.py",
    "test_net_sklearn.py",
    "test_net_precision.py",
    "training/test_alone_xla.py",
    "test_net_many.py",
    "comparing/test_failed_fits.py",
    "test_bad_input.py",
    "test_saving.py",
    "training/test_by_keras.py",
    "test_hostile_bundles.py",
    "training/test_engine.py",
    "test_extending.py",
    "test_both_languages.py",
    "test_r_interrupted.py",
    "training/test_optimizers.py",
    "test_nets.py",
    "test_net_stream.py",
    "test_fuzz_files.py",
    "test_forked.py",
    "test_wide_tables.py",
    "comparing/test_workers.py",
    "test_net_scaling.py",
    "test_net_astray.py",
]


def pytest_collection_modifyitems(items):
    """Put the files that take longest first; tests of a file stay together, as they stand there."""
    order = {str(Path(__file__).parent / name): place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(str(item.path), len(order)))


def pytest_collection_finish():
    """Look for garbage among what tests make, not among the libraries."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def chromium():
    """Start one browser for all tests of a process."""
    import browser

    try:
        with browser.start_chromium() as started:
            yield started
    except browser.NoBrowser as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{error}; tools/setup_browser.sh installs one")


@pytest.fixture
def browser_page(chromium):
    """Give a function that opens a new page, with storage of its own: `browser_page(width=390)`."""
    from browser import BrowserPage

    pages = []

    def new_page(width=1280, height=800):
        pages.append(BrowserPage(chromium, width, height))
        return pages[-1]

    yield new_page
    for page in pages:
        page.close()
