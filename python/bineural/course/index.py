"""The index page of a rendered course: every topic with what lies in the folder for it."""

import re
from html import escape, unescape
from urllib.parse import quote

from bineural.course.topic import FOLDER, NAMES, read_topic

_STYLE = """
body { margin: 0 auto; padding: 2rem 1.2rem 4rem; max-width: 60rem; color: #1d252c; background: #fff;
  font: 1.03rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.9rem; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 0 0 .2rem; }
a { color: #0b5a8f; }
ol { list-style: none; margin: 1.6rem 0 0; padding: 0; }
li { margin: 0 0 1.1rem; padding: 1rem 1.2rem; border: 1px solid #cfd8df; border-radius: .5rem; }
p { margin: .2rem 0; color: #46525c; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0 0;
  font-size: .94rem; }
dt { color: #46525c; }
dd { margin: 0; }
dd a { margin-right: .9rem; }
"""
_TITLE = re.compile(r"<title>(.*?)</title>", re.S)
_FILES = {
    "R": ("{}-r.ipynb", "{}-r.Rmd", "{}-r.R"),
    "Python": ("{}-python.ipynb", "{}-python.py"),
}
_ENDING = {".ipynb": "notebook", ".Rmd": "R Markdown", ".R": "script", ".py": "script"}


def index_page(directory):
    """Return the HTML of the index of what lies in a folder that `render_course` wrote to."""
    entries = [entry for name in _names(directory) if (entry := _entry(directory, name))]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>The bineural course</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        "<h1>The bineural course</h1>\n"
        "<p>From one threshold unit to nets that are compared with their baseline, in R and in Python. "
        "A page switches between the two languages and remembers the choice.</p>\n"
        f"<ol>\n{''.join(entries)}</ol>\n</body>\n</html>\n"
    )


def _names(directory):
    """Return the topics that have files in the folder: the course's own in order, then others."""
    names = {file.stem for file in directory.glob("*.html") if not file.stem.endswith("-slides")}
    names |= {file.stem.removesuffix("-slides") for file in directory.glob("*-slides.html")}
    for file in directory.glob("exercises/*"):
        if re.search("-(python|r)$", file.stem):
            names.add(re.sub("-(python|r)$", "", file.stem))
    names.discard("index")
    return [name for name in NAMES if name in names] + sorted(names - set(NAMES))


def _entry(directory, name):
    rows = []
    pages = [("page", f"{name}.html"), ("slides", f"{name}-slides.html")]
    links = [_link(file, text) for text, file in pages if (directory / file).is_file()]
    if links:
        rows.append(("Read", links))
    for folder, label in (("exercises", "Exercises"), ("solutions", "Solutions")):
        for language, patterns in _FILES.items():
            files = [directory / folder / pattern.format(name) for pattern in patterns]
            links = [_link(f"{folder}/{f.name}", _ENDING[f.suffix]) for f in files if f.is_file()]
            if links:
                rows.append((f"{label} in {language}", links))
    title, subtitle = _title(directory, name)
    listed = "".join(f"<dt>{label}</dt><dd>{' '.join(links)}</dd>" for label, links in rows)
    return f"<li><h2>{escape(title)}</h2><p>{escape(subtitle)}</p><dl>{listed}</dl></li>\n"


def _link(file, text):
    return f'<a href="{quote(file)}">{text}</a>'


def _title(directory, name):
    """Return title and subtitle: of a topic of the course, or as the page of a user's own topic has them."""
    if name in NAMES:
        topic = read_topic(FOLDER / f"{name}.Rmd")
        return topic.title, topic.subtitle
    for page in (directory / f"{name}.html", directory / f"{name}-slides.html"):
        if page.is_file() and (title := _TITLE.search(page.read_text("utf-8", "replace"))):
            return unescape(title[1]).strip(), ""
    return name, ""
