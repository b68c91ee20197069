"""One vocabulary: every public verb is in Python and in R, with the same arguments, defaults and a page."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

from public import PUBLIC
from rjudge import r

ROOT = Path(__file__).parents[2]
CLASSES = {name for name in PUBLIC if name[0].isupper()}  # R has S3 objects instead
VERBS = [name for name in PUBLIC if name not in CLASSES]
# whether Python can be had is a question only R asks; formats of R Markdown are named in a topic's header
R_ONLY = {"bineural_available", "course_page", "course_slides", "install_bineural"}
R_ONLY |= {"parsnip_net", "parsnip_glm"}  # what parsnip calls


def r_functions():
    """Read every top-level function of R/*.R: name -> {argument: default as R code}."""
    r(
        """read_functions <- function(files) {
          found <- list()
          for (file in files) for (e in as.list(parse(file, keep.source = FALSE))) {
            if (is.call(e) && identical(e[[1]], as.name("<-")) && is.call(e[[3]]) &&
                identical(e[[3]][[1]], as.name("function"))) {
              code <- function(default) paste(deparse(default), collapse = "")
              found[[as.character(e[[2]])]] <- vapply(as.list(e[[3]][[2]]), code, "")
            }
          }
          found
        }"""
    )
    files = ", ".join(repr(str(f)) for f in sorted((ROOT / "R").glob("*.R")))
    found = r(f"read_functions(c({files}))")
    functions = {}
    for name, arguments in zip(found.names, found):
        names = [] if len(arguments) == 0 else list(arguments.names)
        functions[str(name)] = dict(zip(map(str, names), map(str, arguments)))
    return functions


R_FUNCTIONS = r_functions()
R_EXPORTS = set(re.findall(r"^export\((.+)\)$", (ROOT / "NAMESPACE").read_text(), flags=re.M))


def r_function(verb, first):
    """Return arguments and defaults of a verb, or of its method where R has a generic: its `x` is `first`."""
    if verb in R_FUNCTIONS:
        return R_FUNCTIONS[verb]
    x, *others = next(
        code for name, code in R_FUNCTIONS.items() if name.startswith(f"{verb}.bineural")
    ).items()
    return dict([(first, x[1]), *others])


def as_r_code(value):
    """Write a Python default as R writes it."""
    if value is inspect.Parameter.empty:
        return ""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (tuple, list)):
        return "c(" + ", ".join(as_r_code(v) for v in value) + ")"
    return str(r(f"deparse({float(value)!r})")[0]) if np.isfinite(value) else repr(value)


@pytest.mark.parametrize("verb", VERBS)
def test_verb_has_the_same_arguments_and_defaults_in_r(verb):
    assert verb in R_EXPORTS, f"{verb} is not exported by NAMESPACE"
    python = inspect.signature(PUBLIC[verb]).parameters
    expected = {name: as_r_code(p.default) for name, p in python.items() if p.kind is not p.VAR_KEYWORD}
    found = {name: code for name, code in r_function(verb, next(iter(expected), "")).items() if name != "..."}
    assert list(found) == list(expected)
    assert found == expected


@pytest.mark.parametrize("verb", VERBS)
def test_verb_has_a_page_in_both_languages(verb):
    page = inspect.getdoc(PUBLIC[verb])
    arguments = list(inspect.signature(PUBLIC[verb]).parameters)
    assert "Returns\n-------" in page
    if arguments:
        assert "Parameters\n----------" in page
    for argument in arguments:
        assert re.search(rf"^(.*, )?\**{argument}(,.*)?( :|$|, )", page, flags=re.M), (
            f"{argument} is not described"
        )
    aliases = "\n".join(f.read_text() for f in (ROOT / "man").glob("*.Rd"))
    assert f"\\alias{{{verb}}}" in aliases


def test_r_exports_nothing_that_python_lacks():
    generics = set(
        re.findall(
            r"^importFrom\((?:generics|ggplot2|tibble),(.+)\)$", (ROOT / "NAMESPACE").read_text(), flags=re.M
        )
    )
    assert R_EXPORTS - set(VERBS) - {"FILL_IN"} - generics - R_ONLY == set()


def test_every_r_file_belongs_to_a_python_module():
    own = {"bineural-package", "convert", "conditions", "zzz", "core_folder", "models", "generics"}
    own |= {"recipes", "row-values", "kept", "words", "unfitted", "refitting", "seeds", "parsnip"}
    own |= {"course-formats"}
    stems = {f.stem for f in (ROOT / "python/bineural").iterdir()}  # files and rooms
    shelves = {
        f"{d.name}-{f.stem}"
        for d in (ROOT / "python/bineural").iterdir()
        if d.is_dir()
        for f in d.glob("*.py")
    }
    for file in (ROOT / "R").glob("*.R"):
        assert file.stem in own | stems | shelves, f"{file.name} has no Python module of its name"


def test_every_help_page_stands_in_the_index_of_topics_once():
    pages = {
        re.search(r"^\\name\{(.+)\}$", f.read_text(), flags=re.M)[1] for f in (ROOT / "man").glob("*.Rd")
    }
    index = (ROOT / "_pkgdown.yml").read_text()
    rows = re.findall(r"contents: \[(.+)\]$", index, flags=re.M)
    listed = ", ".join(rows).split(", ") + re.findall(r"^  - (\S+)$", index, flags=re.M)
    assert sorted(listed) == sorted(pages - {"reexports", "bineural-topics"})


def test_classes_have_pages():
    for name in CLASSES:
        assert inspect.getdoc(PUBLIC[name]), name
