"""Exercise and solution files of a topic for each language: notebooks, R Markdown and scripts.

What checks a teacher's own exercises lies in a file beside them, so that no notebook holds the answer.
"""

import ast
import json
import re

from bineural.course.topic import LANGUAGES

_KERNEL = {
    "r": {"name": "ir", "display_name": "R", "language": "R"},
    "python": {"name": "python3", "display_name": "Python 3", "language": "python"},
}
_READ = {
    "r": 'source("{}", encoding = "UTF-8") # run this file in its own folder',
    "python": 'exec(open("{}", encoding="utf-8").read())  # run this file in its own folder',
}
# how a blank is made a value, and how a topic that does so itself is known
_BLANK = {"r": "FILL_IN <- bineural::FILL_IN", "python": "from bineural import FILL_IN"}
_MADE = {"r": r"library\(bineural\)|FILL_IN *(<-|=)[^=]", "python": r"import .*\bFILL_IN\b|\bFILL_IN *=[^=]"}
_ENDING = {"r": ".R", "python": ".py"}
_MARK = re.compile(r"\s*#~.*$")


def materials(topic, formats=("notebook", "script"), languages=LANGUAGES, solutions=True):
    """Make a topic's exercise and solution files.

    Parameters
    ----------
    topic : Topic
    formats : sequence of str
        "notebook" (.ipynb, and .Rmd for R) and "script" (.py, .R).
    languages : sequence of str
        "r" and "python".
    solutions : bool
        Make the files with solutions too.

    Returns
    -------
    dict of str to str
        Path below the course's folder to the file's text.
    """
    files = {}
    for what in ("exercises", "solutions") if solutions else ("exercises",):
        for language in languages:
            parts = cells(topic, language, what == "solutions")
            stem = f"{what}/{topic.name}-{language}"  # no bineural.py, which Python would import for bineural
            if "notebook" in formats:
                files[f"{stem}.ipynb"] = notebook(parts, language)
            if "notebook" in formats and language == "r":
                files[f"{stem}.Rmd"] = r_markdown(topic, parts)
            if "script" in formats:
                files[f"{stem}{_ENDING[language]}"] = script(parts, language)
            if checks := [part.text for part in topic.parts if part.checks and part.language == language]:
                files[f"{what}/{_checks_file(topic, language)}"] = "\n\n".join(checks) + "\n"
    return files


def _checks_file(topic, language):
    return f"{topic.name}-checks{_ENDING[language]}"


def cells(topic, language, solved):
    """Return the cells of a topic in one language: pairs of "markdown" or "code" and text."""
    others = {f"lang-{other}" for other in LANGUAGES if other != language}
    parts = [("markdown", f"# {topic.title}" + (f"\n\n{topic.subtitle}" if topic.subtitle else ""))]
    for part in topic.parts:
        if part.blocks & others or "slide" in part.blocks or "slide-break" in part.blocks:
            continue
        if part.language is None:
            kind, text = parts[-1]
            if kind == "markdown":
                parts[-1] = (kind, f"{text}\n\n{part.text}")
            else:
                parts.append(("markdown", part.text))
        elif part.language == language and not part.left_out and not part.run:
            parts.append(("markdown", f"```{language}\n{part.text}\n```"))
        elif part.language == language and part.checks:
            line = _READ[language].format(_checks_file(topic, language))
            if ("code", line) not in parts:  # once for all of them
                parts.append(("code", line))
        elif part.language == language and not part.left_out:
            code = blank(part.text) if part.exercise and not solved else solution(part.text)
            parts.append(("code", code))
    code = "\n".join(text for kind, text in parts if kind == "code")
    if "FILL_IN" in code and not re.search(_MADE[language], code):
        parts.insert(1, ("code", _BLANK[language]))
    return parts


def blank(code):
    """Return what a learner sees of a solution: marked lines blanked or left out."""
    lines = []
    for line in code.split("\n"):
        if "#~" not in line:
            lines.append(line)
            continue
        shown = line.split("#~", 1)[1].strip()
        if shown:
            lines.append(re.match(r"\s*", line)[0] + shown)
    return "\n".join(lines)


def solution(code):
    """Return a chunk's code without the marks."""
    return "\n".join(_MARK.sub("", line) for line in code.split("\n"))


def notebook(parts, language):
    """Write cells as a Jupyter notebook of format 4.5."""

    def cell(number, kind, text):
        body = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(True)}
        return {**body, "execution_count": None, "outputs": []} if kind == "code" else body

    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": _KERNEL[language]},
        "cells": [cell(number, kind, text) for number, (kind, text) in enumerate(parts)],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def r_markdown(topic, parts):
    """Write cells as an R Markdown file."""
    header = f"---\ntitle: {json.dumps(topic.title, ensure_ascii=False)}\noutput: html_document\n---"
    body = [text if kind == "markdown" else f"```{{r}}\n{text}\n```" for kind, text in parts]
    body[0] = body[0].partition("\n\n")[2]  # its heading is the title
    return "\n\n".join([header, *(text for text in body if text)]) + "\n"


def script(parts, language):
    """Write cells as a script: prose as comments, and marks that editors take for cells."""
    written = []
    for kind, text in parts:
        if kind == "markdown":
            comment = re.sub(r"^", "# ", text, flags=re.M)
            comment = re.sub(r"^# $", "#", comment, flags=re.M)
            written.append(comment if language == "r" else f"# %% [markdown]\n{comment}")
        else:
            written.append(text if language == "r" else f"# %%\n{_printed(text)}")
    return "\n\n".join(written) + "\n"


def _printed(code):
    """Print the answers of `check_exercise`, which a script, unlike a notebook, would not show."""
    lines = code.split("\n")
    try:
        statements = ast.parse(code).body
    except SyntaxError:  # blanks of a user's own topic need not be Python
        return code
    for node in statements:
        if isinstance(node, ast.Expr) and lines[node.lineno - 1].startswith("bn.check_exercise("):
            last = lines[node.end_lineno - 1].encode()  # ast counts bytes
            end = node.end_col_offset
            lines[node.end_lineno - 1] = f"{last[:end].decode()}){last[end:].decode()}"
            lines[node.lineno - 1] = "print(" + lines[node.lineno - 1]
    return "\n".join(lines)
