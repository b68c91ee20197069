"""A topic of the course: one R Markdown file, and what is in it, part by part.

A file is prose with `{r}` and `{python}` chunks in pairs and `:::` blocks around some of it:

- `::: exercise` holds a task and, in each language, a chunk with `exercise=TRUE` that is its solution;
  a line of it that ends with `#~ text` is shown to learners as `text`, one that ends with `#~` is left out
  (blanks are written `FILL_IN`, which learners' files make a value, so that code goes on past them);
- a chunk with `checks=TRUE` adds exercises of one's own (`add_exercise`). It is run and not shown, and in
  notebooks and scripts a line stands for it that reads it from a file beside them;
- a chunk with `eval=FALSE` is shown and not run, in notebooks and scripts too; with `purl=FALSE` it is not in
  them, while one that the page runs unseen (`include=FALSE`) is;
- `::: text` is prose of the page that slides put into the speaker's notes, `::: slide` is on slides only,
  `::: slide-break` starts another slide;
- `::: lang-r` and `::: lang-python` are for readers of that language.
"""

import dataclasses
import re
from pathlib import Path

from bineural.checks import checked, list_of, name_or_path
from bineural.errors import InputError

# in the order of the course
NAMES = (
    *("bineural", "neurons", "learning", "depth", "tensors-and-training"),
    *("images", "architectures", "texts", "recurrent"),
    *("representations", "generators", "sequence-to-sequence", "agents"),
)
LANGUAGES = ("r", "python")
FOLDER = Path(__file__).parent / "topics"

_HEADER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"^(title|subtitle):[ \t]*(\S.*?)[ \t]*$", re.M)
_FENCE = re.compile(r"^ {0,3}:::+ *(\S.*?)? *:*$")
_CHUNK = re.compile(r"^([\t >]*)(```+)\s*\{(\w+)((?:\s|,).*)?\}\s*$")  # as knitr has it
_VERBATIM = re.compile(r"^[\t >]*(```+(?!.*`)|~~~+)")


@dataclasses.dataclass(frozen=True)
class Topic:
    """A topic's file, taken apart.

    Attributes
    ----------
    name : str
        Stem of the file.
    title, subtitle : str
        From the file's header.
    parts : tuple of Part
        Prose and chunks, in order.
    path : pathlib.Path
        The file.
    """

    name: str
    title: str
    subtitle: str
    parts: tuple
    path: Path


@dataclasses.dataclass(frozen=True)
class Part:
    """A piece of prose or a chunk.

    Attributes
    ----------
    text : str
        As it stands in the file, without fences.
    language : str or None
        Of a chunk; None for prose.
    blocks : frozenset of str
        Names of the `:::` blocks around it.
    exercise : bool
        Whether the chunk is the solution of an exercise.
    checks : bool
        Whether the chunk adds exercises, with checks that learners are not to see.
    left_out : bool
        Whether notebooks and scripts are without the chunk (`purl=FALSE`).
    run : bool
        Whether the chunk is run; with `eval=FALSE` it is only shown.
    """

    text: str
    language: str | None = None
    blocks: frozenset = frozenset()
    exercise: bool = False
    checks: bool = False
    left_out: bool = False
    run: bool = True


@checked(topic=list_of(name_or_path()).or_none())
def find_topics(topic=None):
    """Return the paths of all topics, or of those in a list; a name may be the path of a user's own file."""
    if topic is None:
        return [FOLDER / f"{name}.Rmd" for name in NAMES]
    return list(dict.fromkeys(map(_find_topic, topic)))


def _find_topic(name):
    if str(name) in NAMES:
        return FOLDER / f"{name}.Rmd"
    path = Path(name).expanduser()
    if path.suffix.lower() == ".rmd" and path.is_file():
        return path.resolve()
    raise InputError(
        "`topic` must name topics of the course, or be the path of an .Rmd file.",
        f"Found {str(name)!r}" + (", and no such file." if path.suffix.lower() == ".rmd" else "."),
        f"The topics are {', '.join(NAMES)}.",
    )


def read_topic(path):
    """Read a topic's file.

    Parameters
    ----------
    path : path
        Of an .Rmd file.

    Returns
    -------
    Topic

    Raises
    ------
    InputError
        If the file is not UTF-8 or has no title, a chunk or block is not closed, a solution holds no mark, or
        a chunk adds exercises and is not marked as one.
    """
    path = Path(path)
    text = topic_text(path)
    header = _HEADER.match(text)
    fields = {key: _unquoted(value) for key, value in _FIELD.findall(header[1])} if header else {}
    if "title" not in fields:
        raise InputError(
            "A topic must begin with a header that holds its title.",
            f"{path.name} has none.",
            "Begin the file with ---, title: ..., ---.",
        )
    lines = text[header.end() :].split("\n")
    parts = tuple(_split(lines, path.name, text.count("\n", 0, header.end())))
    return Topic(path.stem, fields["title"], fields.get("subtitle", ""), parts, path)


def topic_text(path):
    """Return the text of a topic's file, whatever system wrote its lines."""
    try:
        return Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "A topic must be written in UTF-8.",
            f"{Path(path).name} holds the byte 0x{error.object[error.start]:02x} where UTF-8 has none.",
            "Save it with the encoding UTF-8.",
        ) from error


def _unquoted(value):
    quote = value[0]
    if len(value) < 2 or quote not in "\"'" or not value.endswith(quote):
        return value
    return value[1:-1].replace("''", "'") if quote == "'" else re.sub(r"\\(.)", r"\1", value[1:-1])


def _split(lines, name, offset):
    """Yield the parts of a file's lines."""
    blocks, prose, chunk, verbatim = [], [], None, None
    for number, line in enumerate(lines, offset + 1):
        if chunk is not None:
            if line.rstrip() == chunk[0] + chunk[1]:
                yield _code(chunk, blocks, name)
                chunk = None
            else:
                chunk[4].append(line.removeprefix(chunk[0]))
            continue
        opens, marks = _CHUNK.match(line), _VERBATIM.match(line)
        fence = None if verbatim else _FENCE.match(line)
        if opens is None and fence is None:
            prose.append(line)
            if marks and verbatim is None:
                verbatim = marks[1]
            elif marks and marks[1].startswith(verbatim) and line.rstrip().endswith(marks[1]):
                verbatim = None
            continue
        yield from _prose(prose, blocks)
        prose = []
        if opens:
            chunk = (opens[1], opens[2], opens[3].lower(), opens[4] or "", [], number)
        elif fence[1]:
            blocks.append(fence[1].strip("{}").replace(".", " ").split())
        elif blocks:
            blocks.pop()
        else:
            raise _not_closed(name, number, "a block is closed that was not opened")
    if chunk is not None:
        raise _not_closed(name, chunk[5], "a chunk is not closed")
    if blocks:
        raise _not_closed(name, offset + len(lines), f"the block {' '.join(blocks[-1])!r} is not closed")
    yield from _prose(prose, blocks)


def _not_closed(name, number, what):
    return InputError(
        "Every chunk and block of a topic must be closed.",
        f"{name}, line {number}: {what}.",
        "Close chunks with ``` and blocks with :::.",
    )


def _prose(lines, blocks):
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield Part(text, blocks=_names(blocks))


def _code(chunk, blocks, name):
    """Make the part of a chunk; its options stand in its first line or behind `#|`."""
    _, _, language, options, lines, _ = chunk
    marked = [line[2:] for line in lines if line.startswith("#|")]
    options = ",".join(["", options, *marked]).replace(" ", "").replace(":", "=").lower()

    def says(option):
        return re.search(rf",{option}\b", options) is not None

    text = "\n".join(line for line in lines if not line.startswith("#|")).strip("\n")
    if says("exercise=(true|t)") and "#~" not in text:
        raise InputError(
            "A solution must mark the lines that learners fill in; else exercise files would hold it.",
            f"In {name} the solution {text[:40]!r} holds no mark.",
            "End such a line with `#~ ` and what learners see, for example `#~ x <- FILL_IN`.",
        )
    shown = not (says("checks=(true|t)") or says("eval=(false|f)") or says("purl=(false|f)"))
    if shown and re.search(r"\badd_exercise\(", text):
        raise InputError(
            "A chunk that adds exercises must have `checks=TRUE`; else learners' files would hold them.",
            f"In {name} the chunk {text[:40]!r} has not.",
            f"Write ```{{{language}, checks=TRUE}}, or eval=FALSE where the code is only to be read.",
        )
    return Part(
        text,
        language=language,
        blocks=_names(blocks),
        exercise=says("exercise=(true|t)"),
        checks=says("checks=(true|t)"),
        left_out=says("purl=(false|f)"),
        run=not says("eval=(false|f)"),
    )


def _names(blocks):
    return frozenset(name for block in blocks for name in block)
