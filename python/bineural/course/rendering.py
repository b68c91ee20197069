"""Rendering topics of the course, a file each, to pages, slides, notebooks and scripts in both languages."""

from __future__ import annotations

import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from bineural._typing import PathLike
from bineural.checks import checked, choice, flag, list_of, name_or_path, path
from bineural.course.index import index_page
from bineural.course.materials import materials
from bineural.course.topic import LANGUAGES, find_topics, read_topic, topic_text
from bineural.errors import InputError
from bineural.files import make_folder, write_atomically
from bineural.messages import number_of

FORMATS = ("page", "slides", "notebook", "script")
_LACKING = 3  # status of render.R where a package is missing
_ASSETS = Path(__file__).parent / "assets"


@checked(
    topic=list_of(name_or_path()).or_none(),
    format=list_of(choice(*FORMATS)),
    language=list_of(choice(*LANGUAGES)),
    solutions=flag(),
    directory=path(),
    verbose=choice(0, 1),
)
def render_course(
    topic: PathLike | Sequence[PathLike] | None = None,
    format: str | Sequence[str] = ("page", "slides", "notebook", "script"),
    language: str | Sequence[str] = ("r", "python"),
    solutions: bool = True,
    directory: PathLike = "course",
    verbose: int = 1,
) -> list[Path]:
    """Render topics of the course: pages, slides, notebooks and scripts in both languages.

    A topic is one R Markdown file. It gives a page with a switch between R and Python, slides (reveal.js),
    and for each language files with exercises and with solutions. Nothing in them is loaded from a network.
    Pages and slides are knitted in an R process of their own, so they need R with the package bineural.

    Parameters
    ----------
    topic : str, path or list, optional
        Names of topics ("bineural", "neurons", "learning", "depth", "tensors-and-training", "images",
        "architectures", "texts", "recurrent", "representations", "generators", "sequence-to-sequence",
        "agents") or paths of one's own .Rmd files; all topics by default.
    format : str or sequence of str
        Any of "page" and "slides" (HTML), "notebook" (.ipynb, and .Rmd for R) and "script" (.R, .py).
    language : str or sequence of str
        Languages, "r", "python" or both.
    solutions : bool, default True
        Whether solutions are given: folded in pages, on slides of their own, and as files.
    directory : str or path, default "course"
        Folder to write to; it is made. Its index.html lists what lies there.
    verbose : int, default 1
        1 says what is done, 0 is silent.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    InputError
        If a topic, format or language is unknown, two topics have one name, R is missing where it is needed,
        or a topic does not run from top to bottom.

    Examples
    --------
    >>> import bineural as bn
    >>> files = bn.render_course("neurons", format="script", language="python", verbose=0)
    >>> [file.name for file in files]
    ['neurons-python.py', 'neurons-python.py', 'index.html']
    """
    formats = [name for name in FORMATS if name in format]
    languages = [name for name in LANGUAGES if name in language]
    topics = [read_topic(file) for file in find_topics(topic)]
    _refuse_names(topics, directory)
    make_folder(directory)
    written = []
    for content in topics:
        for name, text in materials(content, formats, languages, solutions).items():
            written.append(_write(directory / name, text))
    if {"page", "slides"} & set(formats):
        written += _knit_topics(topics, formats, languages, solutions, directory, verbose)
    written.append(_write(directory / "index.html", index_page(directory)))
    if verbose:
        print(f"Wrote {number_of(len(written), 'file')} to {directory}; begin with index.html.")
    return written


def path_texts(paths):
    """Return paths as texts, for R."""
    return [str(path) for path in paths]


def set_r_libraries(folders):
    """Let the R process that knits look where the R session that asks for it looks."""
    os.environ["R_LIBS"] = os.pathsep.join(folders)


def _refuse_names(topics, directory):
    """Refuse topics whose files would take the place of others, or of a topic itself."""
    seen = set()
    for topic in topics:
        name = topic.name.casefold()  # macOS takes Own.Rmd and own.Rmd for one
        if name in seen or name == "index" or name.endswith("-slides"):
            raise InputError(
                "Topics must have names of their own, and none may be index or end in -slides.",
                f"Found {topic.path.name}" + (" twice." if name in seen else "."),
                "Rename the file, or render it to another folder." if name in seen else "Rename the file.",
            )
        seen.add(name)
        if topic.path.parent in [(directory / folder).resolve() for folder in ("exercises", "solutions")]:
            raise InputError(
                "A topic must not lie where its exercises are written.",
                f"Found {topic.path}.",
                "Move the file, or choose another `directory`.",
            )


def _write(path, text):
    make_folder(path.parent)
    write_atomically(path, text.encode())
    return path


def _knit_topics(topics, formats, languages, solutions, directory, verbose):
    """Knit each topic in an R process of its own, two at a time; return the pages and decks."""
    command, package = find_rscript(), find_r_package()
    with tempfile.TemporaryDirectory(prefix="bineural-course-") as folder:

        def job(topic):
            return _knit(topic, formats, languages, solutions, directory, Path(folder), command, package)

        written = []
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = {pool.submit(job, topic): topic for topic in topics}
            try:
                for done in concurrent.futures.as_completed(jobs):
                    written += done.result()
                    if verbose:
                        print(f"Knitted {jobs[done].name}.", flush=True)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return sorted(written)


def _knit(topic, formats, languages, solutions, directory, folder, command, package):
    folder = Path(tempfile.mkdtemp(dir=folder))
    source, links = folder / "topic.Rmd", folder / "links.html"
    source.write_text(topic_text(topic.path), "utf-8")
    links.write_text(_links(topic, formats), "utf-8")
    names = _names(topic, formats)
    drafts = {kind: folder / f"{kind}.html" for kind in names}
    job = {
        "source": str(source),
        "beside": str(topic.path.parent),
        "language": languages,
        "solutions": bool(solutions),
        "links": str(links),
        "package": package,
        **{kind: str(path) for kind, path in drafts.items()},
    }
    file = folder / "job.json"
    file.write_text(json.dumps(job), "utf-8")
    done = subprocess.run(
        [command, "--no-save", "--no-restore", str(_ASSETS / "render.R"), str(file)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=_environment(package),
    )
    if done.returncode == _LACKING:
        raise InputError(
            "Pages and slides must be knitted by an R that has what knits them, bineural and pandoc.",
            f"{command} lacks: {done.stdout.strip()}.",
            "Install it there (R CMD INSTALL for bineural), or set R_LIBS to the library that has it; "
            "RStudio comes with a pandoc, whose folder RSTUDIO_PANDOC may name.",
        )
    if done.returncode != 0 or not all(path.is_file() for path in drafts.values()):
        output = (done.stderr.strip() or done.stdout.strip())[-1500:]
        output = output.replace(source.name, topic.path.name)
        raise InputError(
            f"The topic {topic.name} must run from top to bottom, in R and in Python.",
            f"R wrote:\n{output}",
            "Run the chunk that is named there by itself, in a fresh session.",
        )
    return [_write(directory / name, drafts[kind].read_text("utf-8")) for kind, name in names.items()]


def _environment(package):
    """Return the environment of the R process: this Python, and the libraries of a checkout."""
    environment = {**os.environ, "RETICULATE_PYTHON": _python(), "MPLBACKEND": "agg"}
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    own = Path(package.get("sources", "")) / ".Rlib"
    if "sources" in package and own.is_dir():
        others = environment.get("R_LIBS")
        environment["R_LIBS"] = os.pathsep.join([str(own), others] if others else [str(own)])
    return environment


def _names(topic, formats):
    names = {"page": f"{topic.name}.html", "slides": f"{topic.name}-slides.html"}
    return {kind: name for kind, name in names.items() if kind in formats}


def _links(topic, formats):
    deck = f'<a href="{quote(topic.name)}-slides.html">Slides</a>' if "slides" in formats else ""
    return f'<nav class="course-links"><a href="index.html">All topics</a>{deck}</nav>\n'


def _python():
    """Return this Python, also when it runs inside R."""
    if Path(sys.executable).name.startswith("python"):
        return sys.executable
    return str(Path(sys.prefix) / "bin" / "python")


def find_rscript():
    """Return the path of Rscript: of the R around this process, or of the one on the path."""
    home = os.environ.get("R_HOME")
    inside = Path(home) / "bin" / "Rscript" if home else None
    program = str(inside) if inside is not None and inside.is_file() else shutil.which("Rscript")
    if program is None:
        raise InputError(
            "Pages and slides must be knitted by R.",
            "Rscript was not found.",
            "Install R and its packages knitr and rmarkdown, or ask for format=['notebook', 'script'].",
        )
    return program


def find_r_package():
    """Say where the R package is: sources or a library around this core, or what R itself finds."""
    for folder in Path(__file__).resolve().parents[2:6]:
        description = folder / "DESCRIPTION"
        if description.is_file() and description.read_text("utf-8").startswith("Package: bineural\n"):
            if (folder / "Meta").is_dir():
                return {"library": str(folder.parent)}
            return {"sources": str(folder)}
    return {}
