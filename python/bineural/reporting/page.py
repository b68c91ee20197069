"""HTML of one self-contained page: its sections, tables and pictures, and the style sheet.

The page asks for nothing outside itself, and its policy forbids it to; it needs no script.
"""

import base64
import re
from html import escape

from bineural.markup import element, wrap

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --soft: #5b5b5b; --line: #d5d5d5;
  --tint: #f3f6f9; --mark: #0072b2; --warn: #fdf1e3; --warn-edge: #c04f00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9e9e9; --paper: #16181b; --soft: #b0b0b0; --line: #43474d; --tint: #20252b;
    --mark: #6bb8ea; --warn: #33271a; --warn-edge: #ec9a4d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 76rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
p, li, dd { max-width: 46rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); font-size: .9rem; }
.verdict { margin: 1.2rem 0; padding: .8rem 1rem; font-size: 1.1rem; background: var(--tint);
  border-left: .3rem solid var(--mark); }
.warned { margin: .8rem 0; padding: .6rem 1rem; background: var(--warn);
  border-left: .3rem solid var(--warn-edge); }
.verdict p, .warned p { margin: .2rem 0; }
.scroll { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .5rem; text-align: right; border-bottom: 1px solid var(--line);
  vertical-align: top; white-space: nowrap; }
th { font-weight: 600; }
thead th { border-bottom: 2px solid var(--soft); vertical-align: bottom; }
.text, tbody th { text-align: left; white-space: normal; min-width: 5rem; max-width: 24rem;
  overflow-wrap: anywhere; }
tbody th { min-width: 8rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: .6rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
  gap: 1.2rem; align-items: start; }
figure { margin: 0; min-width: 0; }
figure img { display: block; width: 100%; max-width: 36rem; height: auto; background: #fff;
  border: 1px solid var(--line); border-radius: .3rem; }
figcaption { font-size: .9rem; color: var(--soft); margin-top: .4rem; max-width: 36rem; }
code { font: .85rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
pre { margin: .4rem 0 1rem; padding: .8rem 1rem; overflow-x: auto; background: var(--tint);
  border-radius: .3rem; }
pre code { overflow-wrap: normal; }
a { color: var(--mark); }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  h1 { font-size: 1.4rem; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #444; --line: #bbb;
    --tint: #f3f6f9; --mark: #0072b2; --warn: #fff; --warn-edge: #c04f00; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; } figure, tr, .verdict, .warned { break-inside: avoid; }
  .figures { grid-template-columns: 1fr 1fr; } .scroll { overflow: visible; }
  table { font-size: 8pt; } th, td { padding: .15rem .3rem; }
  pre { white-space: pre-wrap; } }
"""
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(title, body):
    """Return the whole page as text."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{body}\n</body>\n</html>\n"
    )


def heading(title, about, verdict, cautions, made_by):
    """Return the head of a report.

    Parameters
    ----------
    title, about : str
    verdict : str or None
        What it found, first of all.
    cautions : iterable of str
        What must be known of it, each in a box of its own; lines of one are paragraphs.
    made_by : dict
        A run record: the version, and when it was "begun" or "written".
    """
    parts = [element("h1", title), element("p", about, class_="soft")]
    if verdict is not None:
        parts.append(wrap("div", element("p", verdict), class_="verdict", role="note"))
    for caution in cautions:
        lines = "".join(element("p", line) for line in caution.splitlines())
        parts.append(wrap("div", lines, class_="warned", role="note"))
    written = made_by.get("begun") or made_by["written"]
    when = written.replace("T", " ").replace("+00:00", " UTC")
    by = element("p", f"bineural {made_by['versions']['bineural']}, {when}", class_="soft")
    return wrap("header", "\n".join(parts)) + "\n" + by


def section(heading, *parts):
    """Return a section, or nothing where all parts are empty."""
    held = "\n".join(part for part in parts if part)
    return wrap("section", f"\n{element('h2', heading)}\n{held}\n") if held else ""


def terms(pairs):
    """Return a list of terms and what they are; empty ones are left out."""
    held = "".join(element("dt", k) + element("dd", v) for k, v in pairs if v not in (None, ""))
    return wrap("dl", held)


def table(columns, rows, caption, text=()):
    """Return a table that scrolls sideways where it is too wide.

    Parameters
    ----------
    columns : list of str
    rows : list of list of str
        The first cell names the row.
    caption : str
    text : tuple of str
        Columns of words, which are set to the left.
    """
    words = [name in text or k == 0 for k, name in enumerate(columns)]

    def row(cells, tag):
        held = []
        for k, (cell, word) in enumerate(zip(cells, words)):
            head = tag == "th" or k == 0
            scope = {"scope": "col" if tag == "th" else "row"} if head else {}
            held.append(
                element("th" if head else "td", cell, **scope, **({"class_": "text"} if word else {}))
            )
        return wrap("tr", "".join(held))

    body = "\n".join(row(cells, "td") for cells in rows)
    held = wrap("table", wrap("thead", row(columns, "th")) + wrap("tbody", body))
    scrolls = wrap("div", held, class_="scroll", role="region", tabindex=0, aria_label=caption)
    return scrolls + element("p", caption, class_="soft")


def code(text, language):
    """Return a block of code."""
    return wrap("pre", element("code", text), tabindex=0, aria_label=f"{language} code")


def picture(figure, alt, caption):
    """Return a matplotlib figure as an image inside the page, with its alternative text."""
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    source = "data:image/svg+xml;base64," + base64.b64encode(svg(figure)).decode()
    image = f'<img src="{source}" width="{width}" height="{height}" alt="{escape(alt)}">'
    return wrap("figure", image + element("figcaption", caption))


def svg(figure):
    """Return a figure as SVG, the same bytes for the same figure, that names no address to load from."""
    from io import BytesIO

    from matplotlib import rc_context

    buffer = BytesIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with rc_context({"svg.hashsalt": "bineural"}):
        figure.savefig(buffer, format="svg", metadata=nothing)
    return re.sub(rb"<!DOCTYPE[^>]*>\s*", b"", buffer.getvalue())
