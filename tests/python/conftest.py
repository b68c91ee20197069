"""Settings every test needs before the libraries load."""

import os

os.environ.setdefault("SCIPY_ARRAY_API", "1")  # or scikit-learn skips its array-API check
os.environ.setdefault("MPLBACKEND", "agg")

import pytest

# Most tests of nets are about one net, whatever the default of a small table is; these see the real default.
_DEFAULTS_AS_THEY_ARE = ("test_docstrings", "test_readme", "test_demo", "test_cli", "test_both_languages")


@pytest.fixture(autouse=True, scope="module")
def _one_net_unless_said(request):
    from bineural.zoo import architecture

    if os.environ.get("AS_SHIPPED") or request.module.__name__.split(".")[-1] in _DEFAULTS_AS_THEY_ARE:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(architecture, "SMALL_TABLE", 0)
        yield


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for a module of tests."""
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
