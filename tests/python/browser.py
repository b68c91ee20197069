"""A headless Chromium for the tests of pages and slides: what a page shows, asks for and complains of.

Playwright drives a browser that the machine has already; nothing is downloaded, and the pages are offline.
Without one the tests that ask it are skipped with that reason; in CI a missing browser is a failure.
`python tests/python/browser.py` names the browser that the tests will use (tools/setup_browser.sh asks it).
"""

import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Error, sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("Chromium", "Google Chrome")  # on macOS
# Quiet, and no sandbox: it can't be had by root, nor in most containers, and the pages are our own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 120.0  # seconds for anything that a page is due to do; a busy machine may need many


class NoBrowser(RuntimeError):
    """No browser is on this machine."""


class Overflow(NamedTuple):
    """A slide that is larger than its screen, or hides a part of itself in a box that scrolls."""

    slide: tuple  # (h, v) as in `Reveal.slide(h, v)`
    language: str
    height: int  # pixels that the slide, or the box in it, needs
    width: int
    box: str  # the box that scrolls, such as "code.sourceCode"; "" for the slide itself
    title: str


@contextmanager
def start_chromium():
    """Start the first browser that shows a page, as Playwright's Browser; its `path` says which that is."""
    refused = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        for path in browser_paths(playwright):
            try:
                chromium = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=60_000)
            except Error as error:
                refused.append(f"{path} does not start: {_reason(error)}")
                continue
            try:
                _show_a_page(chromium, Path(folder))
            except Error as error:
                chromium.close()
                refused.append(f"{path} starts, but shows no page of {folder}: {_reason(error)}")
                continue
            chromium.path = path
            try:
                yield chromium
            finally:
                chromium.close()
            return
    if refused:
        raise RuntimeError("\n".join(refused))
    raise NoBrowser("there is no Chromium or Chrome on this machine")


def browser_paths(playwright):
    """List the browsers of this machine, best first; only $BINEURAL_CHROMIUM where that is set."""
    if chosen := os.environ.get("BINEURAL_CHROMIUM"):
        return [chosen]
    paths = [path for path in map(shutil.which, COMMANDS) if path]
    paths += [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in APPLICATIONS]
    paths += [playwright.chromium.executable_path]  # from `playwright install`
    return [path for path in paths if os.access(path, os.X_OK)]


def _show_a_page(chromium, folder):
    page = chromium.new_page()
    (folder / "page.html").write_text("<!doctype html><script>document.title = 1 + 1</script>")
    page.goto((folder / "page.html").as_uri())  # a snap can't see it: its /tmp is another
    page.wait_for_function("document.title === '2'")
    page.close()


def _reason(error):
    """Return what the browser itself said, or else the first line of Playwright's message."""
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    said = [line.partition("[err]")[2].strip() for line in lines if "[err]" in line]
    return said[-1] if said else lines[0]


class BrowserPage:
    """A page with its own storage; what is not here is Playwright's (`page.click`, `page.reload`, ...)."""

    def __init__(self, chromium, width=1280, height=800):
        self._context = chromium.new_context(viewport={"width": width, "height": height}, offline=True)
        self._context.set_default_timeout(1000 * PATIENCE)
        self.page = self._context.new_page()
        self._requests, self._errors = [], []
        self._context.on("request", lambda request: self._requests.append(request.url))
        self._context.on(
            "weberror", lambda web: self._errors.append(f"{web.error.name}: {web.error.message}")
        )
        self._context.on("console", self._note_console)
        self.page.on("websocket", lambda socket: self._requests.append(socket.url))

    def __getattr__(self, name):
        return getattr(self.page, name)

    @property
    def requests(self):
        """Every address asked for so far that is not within the page or a file, in order."""
        self._settle()
        return [url for url in self._requests if not url.startswith(("file:", "data:", "blob:"))]

    @property
    def errors(self):
        """Every error so far that a script threw or the console told, in order."""
        self._settle()
        return list(self._errors)

    def open(self, path, query=""):
        """Open a file, with `query` ("?lang=python#/2") behind its name, and wait until it is drawn."""
        self.page.goto(Path(path).resolve().as_uri() + query)
        self._wait_until_drawn()

    def reload(self):
        """Load the same address anew, and wait until it is drawn."""
        self.page.reload()
        self._wait_until_drawn()

    def follow(self, selector):
        """Click on a link, and wait until the page that it leads to is drawn."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self._wait_until_drawn()

    def visible(self, selector):
        """Count the elements that match and can be seen now: drawn, not transparent, not folded in."""
        return self.page.evaluate(_VISIBLE, selector)

    def assert_visible(self, selector, number=None, least=None):
        """Wait until so many elements can be seen, just `number` or at `least` so many, or else fail."""

        def holds():
            count = self.visible(selector)
            return count == number if least is None else count >= least

        self.wait_until(holds, lambda: f"{self.visible(selector)} of {selector!r} can be seen")

    def assert_requests(self, *urls):
        """Wait until just these addresses were asked for, in this order."""
        self.wait_until(lambda: self.requests == list(urls), lambda: f"the requests are {self._requests}")

    def assert_errors(self, *errors):
        """Wait until just these errors were heard, in this order."""
        self.wait_until(lambda: self.errors == list(errors), lambda: f"the errors are {self._errors}")

    def wait_until(self, condition, describe=lambda: "it does not come about"):
        """Let the page go on until `condition()` is true; an AssertionError says what was there instead."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"After {PATIENCE:g} seconds {describe()}.")
            self._settle()

    def show_slide(self, h, v=0):
        """Go to a slide of a reveal.js deck, without its transition."""
        self._wait_for_deck()
        self.page.evaluate(
            """([h, v]) => { Reveal.configure?.({transition: "none", backgroundTransition: "none"});
              Reveal.slide(h, v); }""",
            [h, v],
        )
        self._settle()

    def slide_overflows(self, languages=("r", "python")):
        """Show every slide of a reveal.js deck in every language and list what does not fit."""
        self._wait_for_deck()
        found = self.page.evaluate(_SLIDE_OVERFLOWS, list(languages))
        return [Overflow(**{**each, "slide": tuple(each["slide"])}) for each in found]

    def screenshot(self, path, **options):
        """Save what is on the screen as PNG; `full_page=True` for the whole page."""
        self.page.screenshot(path=path, **options)

    def close(self):
        self._context.close()

    def _wait_until_drawn(self):
        self.page.wait_for_function(_LOADED)
        self.page.evaluate("() => document.fonts.ready.then(() => true)")
        self._settle()

    def _wait_for_deck(self):
        self.page.wait_for_function("() => typeof Reveal !== 'undefined' && !!Reveal.getCurrentSlide?.()")

    def _note_console(self, message):
        if message.type in ("error", "assert"):
            self._errors.append(f"console: {message.text}")

    def _settle(self):
        """Let the page do what is due, and hear what it has said: events arrive only while we ask."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


_LOADED = """() => document.readyState === "complete" &&
  (typeof Reveal === "undefined" || !Reveal.isReady || Reveal.isReady())"""

_VISIBLE = """selector => [...document.querySelectorAll(selector)].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 &&
    element.checkVisibility({opacityProperty: true, visibilityProperty: true});
}).length"""

_SLIDE_OVERFLOWS = """languages => {
  const {width, height} = Reveal.getConfig(), root = document.documentElement, before = root.dataset.lang;
  if (!(width > 0 && height > 0)) throw new Error(`the deck has no size in pixels: ${width} x ${height}`);
  const found = [];
  const measure = (slide, language) => {
    const element = Reveal.getCurrentSlide(), heading = element.querySelector("h1, h2, h3");
    const note = (box, name) => found.push({slide, language, height: box.scrollHeight,
      width: box.scrollWidth, box: name, title: heading ? heading.innerText : ""});
    if (element.scrollHeight > height || element.scrollWidth > width) note(element, "");
    for (const box of element.querySelectorAll("*")) {
      const style = getComputedStyle(box), scrolls = value => value === "auto" || value === "scroll";
      if ((scrolls(style.overflowY) && box.scrollHeight > box.clientHeight + 1) ||
          (scrolls(style.overflowX) && box.scrollWidth > box.clientWidth + 1))
        note(box, [box.localName, ...box.classList].join("."));
    }
  };
  for (const language of languages) {
    root.dataset.lang = language;
    if (Reveal.layout) Reveal.layout();
    [...document.querySelectorAll(".reveal .slides > section")].forEach((column, h) => {
      const rows = Math.max(1, column.querySelectorAll(":scope > section").length);
      for (let v = 0; v < rows; v++) { Reveal.slide(h, v); measure([h, v], language); }
    });
  }
  if (before === undefined) delete root.dataset.lang; else root.dataset.lang = before;
  Reveal.slide(0, 0);
  return found;
}"""


if __name__ == "__main__":
    try:
        with start_chromium() as found:
            print(found.path)
    except RuntimeError as error:
        sys.exit(str(error))
