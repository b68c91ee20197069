"""The browser of the tests sees what a reader would see, and hears what only a developer's console shows."""

import os
import socket
import subprocess
import sys

import pytest
from matplotlib.image import imread

import browser

# Three slides as reveal.js arranges them, one of them a column of two; only the present one is drawn.
DECK = """<!doctype html><style>
section {{display: none; position: absolute; width: 100%}} section.present {{display: block}}
.slides {{position: relative; width: 400px}} html[data-lang=r] .lang-python {{display: none}}
html[data-lang=python] .lang-r {{display: none}}
</style><div class="reveal"><div class="slides">
<section class="present"><h2>First</h2></section>
<section><section><h2>Column</h2><div class="lang-python" style="height: {python}px"></div></section>
<section><h2>Below</h2><div style="width: {wide}px">{below}</div></section></section>
</div></div><script>
const Reveal = {{
  getConfig: () => ({{width: 400, height: 300}}),
  getCurrentSlide: () => [...document.querySelectorAll("section.present")].pop(),
  slide: (h, v) => {{
    document.querySelectorAll("section").forEach(section => section.classList.remove("present"));
    const column = document.querySelectorAll(".slides > section")[h];
    [column, column.querySelectorAll("section")[v]].forEach(s => s && s.classList.add("present"));
  }}
}};
</script>"""


def page_of(folder, text, name="page.html"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def deck_of(folder, python=10, wide=10, below="text"):
    return page_of(folder, DECK.format(python=python, wide=wide, below=below))


def test_a_page_of_its_own_asks_for_nothing_and_has_no_errors(browser_page, tmp_path):
    page = browser_page()
    page_of(tmp_path, "self.looked = true", "local.js")
    page.open(
        page_of(
            tmp_path, "<script src=local.js></script><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
        )
    )
    assert page.evaluate("self.looked") is True
    assert page.requests == [] and page.errors == []


@pytest.mark.parametrize(
    "html, url",
    [
        ("<img src=https://pictures.example/a.png>", "https://pictures.example/a.png"),
        ("<style>@import url(http://fonts.example/a.css);</style>", "http://fonts.example/a.css"),
        (
            "<script>setTimeout(() => fetch('https://late.example/').catch(() => 0))</script>",
            "https://late.example/",
        ),
        ("<iframe src=https://frame.example/></iframe>", "https://frame.example/"),
        ("<script>new WebSocket('wss://socket.example/')</script>", "wss://socket.example/"),
    ],
)
def test_a_request_to_the_outside_is_seen(browser_page, tmp_path, html, url):
    page = browser_page()
    page.open(page_of(tmp_path, "<!doctype html>" + html))
    page.assert_requests(url)


@pytest.mark.parametrize(
    "ask", ["fetch('http://{}/').catch(refused)", "new WebSocket('ws://{}/').onerror = refused"]
)
def test_a_request_reaches_nobody(browser_page, tmp_path, ask):
    with socket.create_server(("127.0.0.1", 0)) as server:
        refused = "const refused = () => { self.over = true }"
        address = "{}:{}".format(*server.getsockname())
        page = browser_page()
        page.open(page_of(tmp_path, f"<!doctype html><script>{refused}; {ask.format(address)}</script>"))
        page.wait_for_function("self.over")
        page.wait_until(lambda: [url.split("/")[2] for url in page.requests] == [address])
        server.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has knocked
            server.accept()


@pytest.mark.parametrize(
    "script, error",
    [
        ("undefinedName()", "ReferenceError: undefinedName is not defined"),
        ("setTimeout(() => { throw new Error('late') })", "Error: late"),
        ("Promise.reject(new TypeError('unheard'))", "TypeError: unheard"),
        ("console.error('told')", "console: told"),
        ("console.warn('only a warning')", None),
    ],
)
def test_an_error_of_a_script_is_seen(browser_page, tmp_path, script, error):
    page = browser_page()
    page.open(page_of(tmp_path, f"<!doctype html><script>{script}</script>"))
    page.assert_errors(*[error] if error else [])


def test_a_file_that_is_not_there_is_an_error_of_the_page(browser_page, tmp_path):
    page = browser_page()
    page.open(page_of(tmp_path, "<!doctype html><img src=missing.png>"))
    page.wait_until(lambda: page.errors)
    (error,) = page.errors
    assert "ERR_FILE_NOT_FOUND" in error


def test_only_what_a_reader_sees_is_visible(browser_page, tmp_path):
    html = """<!doctype html><p class=a>seen<p class=a style="display: none">1<p class=a style="opacity: 0">2
      <p class=a style="visibility: hidden">3<p class=a></p>
      <details><summary class=a>seen</summary><p class=a>folded in</details>"""
    page = browser_page()
    page.open(page_of(tmp_path, html))
    assert page.visible(".a") == 2
    page.click("summary")
    page.assert_visible(".a", 3)
    page.assert_visible(".b", 0)


def test_what_comes_late_is_waited_for_and_what_never_comes_is_a_failure(browser_page, tmp_path, monkeypatch):
    page = browser_page()
    later = "setTimeout(() => document.body.append(document.createElement('hr')), 300)"
    page.open(page_of(tmp_path, f"<!doctype html><body><p>there<script>{later}</script>"))
    page.assert_visible("hr", 1)
    page.assert_visible("hr, p", least=2)
    monkeypatch.setattr(browser, "PATIENCE", 0.1)
    with pytest.raises(AssertionError, match="1 of 'hr' can be seen"):
        page.assert_visible("hr", 2)


def test_a_link_leads_to_a_page_that_is_drawn(browser_page, tmp_path):
    page_of(tmp_path, "<h1>Other</h1>" + "<p>line" * 5000, "other.html")
    page = browser_page()
    page.open(page_of(tmp_path, "<a href=other.html>go</a>"))
    page.follow("a")
    assert page.visible("p") == 5000


def test_what_a_page_stores_is_there_for_the_next_one_but_not_for_another_reader(browser_page, tmp_path):
    first = page_of(tmp_path, "<button onclick='localStorage.setItem(`lang`, `python`)'>Python</button>")
    second = page_of(
        tmp_path,
        "<p></p><script>document.querySelector('p').textContent = "
        "localStorage.getItem('lang') + location.search</script>",
        "slides.html",
    )
    page = browser_page()
    page.open(first)
    page.click("button")
    page.reload()
    page.open(second, "?lang=r")
    assert page.inner_text("p") == "python?lang=r"
    other = browser_page()
    other.open(second)
    assert other.inner_text("p") == "null"


def test_a_deck_that_fits_has_no_overflow(browser_page, tmp_path):
    page = browser_page()
    page.open(deck_of(tmp_path))
    assert page.slide_overflows() == []


def test_a_slide_too_high_in_one_language_is_found_there(browser_page, tmp_path):
    page = browser_page()
    page.open(deck_of(tmp_path, python=300))
    (overflow,) = page.slide_overflows()
    assert (overflow.slide, overflow.language, overflow.title) == ((1, 0), "python", "Column")
    assert overflow.height > 300 and overflow.width == 400


def test_a_slide_too_wide_is_found_in_both_languages(browser_page, tmp_path):
    page = browser_page()
    page.open(deck_of(tmp_path, wide=401))
    assert [(o.slide, o.language, o.width) for o in page.slide_overflows()] == [
        ((1, 1), "r", 401),
        ((1, 1), "python", 401),
    ]


def test_code_that_hides_in_a_box_that_scrolls_is_found(browser_page, tmp_path):
    code = "<pre style='height: 20px; overflow: auto' class=code>one\ntwo\nthree</pre>"
    page = browser_page()
    page.open(deck_of(tmp_path, wide=400, below=code))
    assert {(o.slide, o.box) for o in page.slide_overflows()} == {((1, 1), "pre.code")}


def test_a_slide_shown_is_the_one_that_is_visible(browser_page, tmp_path):
    page = browser_page()
    page.open(deck_of(tmp_path))
    page.show_slide(1, 1)
    page.assert_visible("h2", 1)
    assert page.inner_text("section section.present h2") == "Below"


def test_a_screenshot_has_the_size_of_the_screen(browser_page, tmp_path):
    page = browser_page(width=390, height=300)
    page.open(page_of(tmp_path, "<!doctype html><body style='background: #ff0000; height: 2000px'>"))
    page.screenshot(tmp_path / "page.png")
    picture = imread(tmp_path / "page.png")
    assert picture.shape[:2] == (300, 390)
    assert picture[150, 195, :3].tolist() == [1, 0, 0]


def test_a_browser_that_does_not_start_is_named_with_what_it_said(tmp_path):
    stub = tmp_path / "chromium-browser"  # what Ubuntu has where the snap is not installed
    stub.write_text("#!/bin/sh\necho 'requires the chromium snap to be installed' >&2\nexit 10\n")
    stub.chmod(0o755)
    answer = subprocess.run(
        [sys.executable, browser.__file__],
        env={**os.environ, "BINEURAL_CHROMIUM": str(stub)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1 and answer.stdout == ""
    assert answer.stderr == f"{stub} does not start: requires the chromium snap to be installed\n"
