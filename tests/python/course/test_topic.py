"""A topic's file is taken apart as it is written, and its exercise files hold what the file holds."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bineural as bn
from bineural.course import rendering
from bineural.course.materials import blank, cells, materials, solution
from bineural.course.topic import NAMES, find_topics, read_topic
from long_cases import long_but
from rjudge import r

FOLDERS = ("exercises", "solutions")


def run(script):
    """Run a script of a topic in its folder; return what it printed."""
    if script.suffix == ".R":
        return run_in_r(script)[0]
    command = [sys.executable, script.name]
    done = subprocess.run(command, capture_output=True, text=True, cwd=script.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_in_r(*scripts):
    """Run scripts one after the other in one R, each in its folder; return what each printed."""
    source = rendering.find_r_package()["sources"]
    code = f"""pkgload::load_all('{source}', quiet = TRUE)
    for (script in commandArgs(TRUE)) {{
      setwd(dirname(script))
      source(basename(script), local = new.env(), print.eval = TRUE)
      cat("\\n-- the end --\\n")
    }}"""
    command = [rendering.find_rscript(), "-e", code, *map(str, scripts)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split("\n-- the end --\n")
    assert len(printed) == len(scripts) + 1
    return printed[:-1]


TOPICS = [read_topic(path) for path in find_topics()]
LONG = """---
title: "Small"
subtitle: 'A try'
---

Prose of both.

```{r setup, include=FALSE}
library(bineural)
```

```{r, purl=FALSE}
knitr::opts_chunk$set(collapse = TRUE)
```

::: {.lang-r .text}
For R.
:::

```{python, fig.width=3}
#| fig.alt: "a, b: c"
x = 1
```

:::: exercise
Do it.

::: text
More.
:::

```{r, exercise=TRUE}
y <- f( #~
  2 #~ y <- FILL_IN
) #~
check(y)
```

```{python}
#| exercise: true
y = 2  #~ y = FILL_IN
check(y)
```
::::
"""


@pytest.fixture
def small(tmp_path):
    (tmp_path / "small.Rmd").write_text(LONG)
    return read_topic(tmp_path / "small.Rmd")


def test_parts_know_their_language_and_their_blocks(small):
    assert (small.title, small.subtitle) == ("Small", "A try")
    found = [(part.language, sorted(part.blocks), part.exercise, part.left_out) for part in small.parts]
    assert found == [
        (None, [], False, False),
        ("r", [], False, False),
        ("r", [], False, True),
        (None, ["lang-r", "text"], False, False),
        ("python", [], False, False),
        (None, ["exercise"], False, False),
        (None, ["exercise", "text"], False, False),
        ("r", ["exercise"], True, False),
        ("python", ["exercise"], True, False),
    ]
    assert small.parts[4].text == "x = 1"


def test_a_language_sees_its_own_cells_only(small):
    shown = cells(small, "python", solved=False)
    assert [kind for kind, _ in shown] == ["markdown", "code", "code", "markdown", "code"]
    assert "For R." not in shown[0][1] and "For R." in cells(small, "r", solved=False)[2][1]
    assert cells(small, "r", solved=False)[1] == ("code", "library(bineural)")  # run unseen, but needed
    assert shown[-1][1] == "y = FILL_IN\ncheck(y)"
    assert cells(small, "python", solved=True)[-1][1] == "y = 2\ncheck(y)"


def test_marked_lines_are_blanked_or_left_out(small):
    code = small.parts[7].text
    assert blank(code) == "  y <- FILL_IN\ncheck(y)"
    assert solution(code) == "y <- f(\n  2\n)\ncheck(y)"


def test_a_blank_is_a_value_in_every_file(small, tmp_path):
    assert cells(small, "python", solved=False)[1] == ("code", "from bineural import FILL_IN")
    assert "FILL_IN" not in "".join(text for _, text in cells(small, "python", solved=True))
    assert [
        text for _, text in cells(small, "r", solved=False) if "bineural::" in text
    ] == []  # library(bineural)
    bare = LONG.replace("library(bineural)", "x <- 1").replace("x = 1", "from bineural import FILL_IN  # own")
    (tmp_path / "small.Rmd").write_text(bare)
    topic = read_topic(tmp_path / "small.Rmd")
    assert cells(topic, "r", solved=False)[1] == ("code", "FILL_IN <- bineural::FILL_IN")
    assert [text for _, text in cells(topic, "python", solved=False) if "import" in text] == [
        "from bineural import FILL_IN  # own"
    ]


def test_without_solutions_no_file_holds_one(small):
    files = materials(small, solutions=False)
    assert set(files) == {
        f"exercises/small{end}" for end in ("-r.ipynb", "-python.ipynb", "-r.Rmd", "-r.R", "-python.py")
    }
    for text in files.values():
        assert "FILL_IN" in text and "#~" not in text and "y = 2" not in text and ":::" not in text


def test_a_notebook_has_the_fields_of_nbformat_4_5(small):
    for language, kernel in (("r", "ir"), ("python", "python3")):
        book = json.loads(materials(small)[f"exercises/small-{language}.ipynb"])
        assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
        assert book["metadata"]["kernelspec"]["name"] == kernel
        assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
        for cell in book["cells"]:
            needed = {"cell_type", "id", "metadata", "source"}
            needed |= {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
            assert set(cell) == needed


@pytest.mark.parametrize(
    "text, found",
    [
        ("Text.\n", "has none"),
        ("---\nauthor: x\n---\n", "has none"),
        ("---\ntitle:\nauthor: x\n---\n", "has none"),
        ("---\ntitle: x\n---\n````{r}\n1\n```\n", "line 4: a chunk is not closed"),
        ("---\ntitle: x\n---\n```{r}\n1\n", "line 4: a chunk is not closed"),
        ("---\ntitle: x\n---\n```{r, exercise=TRUE}\n1\n```\n", "the solution '1' holds no mark"),
        ("---\ntitle: x\n---\n```{r}\nadd_exercise('a')\n```\n", "the chunk \"add_exercise('a')\" has not"),
        ("---\ntitle: x\n---\n::: exercise\n", "the block 'exercise' is not closed"),
        ("---\ntitle: x\n---\n\n:::\n", "line 5: a block is closed that was not opened"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(tmp_path, text, found):
    (tmp_path / "broken.Rmd").write_text(text)
    with pytest.raises(bn.InputError, match=re.escape(found)):
        read_topic(tmp_path / "broken.Rmd")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "latin.Rmd").write_bytes("---\ntitle: Réseaux\n---\n".encode("latin-1"))
    with pytest.raises(bn.InputError, match="latin.Rmd holds the byte 0xe9"):
        read_topic(tmp_path / "latin.Rmd")


def test_a_file_of_windows_is_read_like_any_other(tmp_path, small):
    (tmp_path / "windows.Rmd").write_bytes(b"\xef\xbb\xbf" + LONG.replace("\n", "\r\n").encode())
    assert read_topic(tmp_path / "windows.Rmd").parts == small.parts


@pytest.mark.parametrize(
    "written, title",
    [
        ('It\'s: "so"', 'It\'s: "so"'),
        (r'"A \"b\" \\ c"', r'A "b" \ c'),
        ("'It''s'", "It's"),
    ],
)
def test_a_title_is_read_as_yaml_has_it_and_written_so_that_r_reads_it(tmp_path, written, title):
    (tmp_path / "own.Rmd").write_text(f"---  \ntitle: {written}  \n...\nProse.\n")
    topic = read_topic(tmp_path / "own.Rmd")
    assert topic.title == title
    (tmp_path / "made.Rmd").write_text(materials(topic)["exercises/own-r.Rmd"])
    assert r(f"rmarkdown::yaml_front_matter('{tmp_path / 'made.Rmd'}')$title")[0] == title


FENCES = """---
title: Fences
---
1. In a list

   ```{r in-a-list, echo = T}
   f <- function() {
     1
   }
   ```

````{python}
x = \"\"\"
```
\"\"\"
````

````{verbatim}
```{r}
1
```
````

~~~
::: exercise
~~~

```` markdown
```
:::
````

  ::: text
Inline ```code``` here.
  :::

```{r, eval=F}
install.packages("x")
```

```{r, echo = F}
1
```

```{r, purl = F}
2
```
"""


def test_fences_are_those_that_knitr_and_pandoc_see(tmp_path):
    (tmp_path / "fences.Rmd").write_text(FENCES)
    topic = read_topic(tmp_path / "fences.Rmd")
    found = [(part.language, part.text) for part in topic.parts if part.language]
    assert found == [
        ("r", "f <- function() {\n  1\n}"),
        ("python", 'x = """\n```\n"""'),
        ("verbatim", "```{r}\n1\n```"),
        ("r", 'install.packages("x")'),
        ("r", "1"),
        ("r", "2"),
    ]
    prose = [(part.text, sorted(part.blocks)) for part in topic.parts if not part.language]
    assert prose[1:] == [
        ("~~~\n::: exercise\n~~~\n\n```` markdown\n```\n:::\n````", []),
        ("Inline ```code``` here.", ["text"]),
    ]
    assert [part.run for part in topic.parts if part.language] == [True, True, True, False, True, True]
    shown = cells(topic, "r", solved=True)
    assert [text for kind, text in shown if kind == "code"] == ["f <- function() {\n  1\n}", "1"]
    assert shown[-2] == ("markdown", '```r\ninstall.packages("x")\n```')


def test_checks_are_printed_in_scripts_whatever_stands_behind_them(tmp_path):
    code = 'bn.check_exercise("é",\n  x=1)  # é is done'
    (tmp_path / "own.Rmd").write_text(f"---\ntitle: x\n---\n```{{python}}\n{code}\n```\n", "utf-8")
    made = materials(read_topic(tmp_path / "own.Rmd"))["exercises/own-python.py"]
    assert made.endswith('print(bn.check_exercise("é",\n  x=1))  # é is done\n')


def test_topics_are_found_by_name_and_by_path(tmp_path, small, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_topics(["~/small.Rmd", tmp_path / "small.Rmd"]) == [(tmp_path / "small.Rmd").resolve()]
    assert [path.stem for path in find_topics()] == list(NAMES)
    assert find_topics(["depth", tmp_path / "small.Rmd"])[1] == (tmp_path / "small.Rmd").resolve()
    with pytest.raises(bn.InputError, match="The topics are bineural, neurons"):
        find_topics(["deep"])
    with pytest.raises(bn.InputError, match="no such file"):
        find_topics(["deep.Rmd"])


# ---- the topics of the course ----


@pytest.mark.parametrize("topic", TOPICS, ids=NAMES)
def test_chunks_come_in_pairs(topic):
    shown = [part.language for part in topic.parts if part.language and not part.left_out]
    assert shown.count("r") == shown.count("python") > 10
    assert "`r " not in topic.path.read_text(), "code within a sentence is lost in notebooks"


TEACHER = """---
title: "Mine"
---

```{r}
library(bineural)
```

```{python}
import bineural as bn
from bineural import FILL_IN
```

```{r, checks=TRUE}
add_exercise("sum", "mine", "Sum", c(x = "a number"), function(x) x == 4321, "It is 4321.")
```

```{python, checks=TRUE}
bn.add_exercise("sum", "mine", "Sum", ["x"], lambda x: x == 4321, ["It is 4321."])
```

```{r}
#| checks: true
add_exercise("word", "mine", "Word", c(x = "a word"), function(x) x == "secret")
```

```{python}
#| checks: true
bn.add_exercise("word", "mine", "Word", ["x"], lambda x: x == "secret")
```

::: exercise
```{r, exercise=TRUE}
x <- 4321 #~ x <- FILL_IN
check_exercise("sum", x = x)
```

```{python, exercise=TRUE}
x = 4321  #~ x = FILL_IN
bn.check_exercise("sum", x=x)
```
:::
"""


@pytest.mark.long
def test_a_teacher_s_checks_are_in_a_file_of_their_own_and_work(tmp_path, monkeypatch):
    (tmp_path / "mine.Rmd").write_text(TEACHER)
    files = materials(read_topic(tmp_path / "mine.Rmd"))
    for name, text in files.items():
        its_own = name in (f"{folder}/mine-checks{end}" for folder in FOLDERS for end in (".R", ".py"))
        assert ("add_exercise" in text and "secret" in text) == its_own, name
        assert "4321" not in text or its_own or name.startswith("solutions/"), name
        assert its_own or text.count("mine-checks") == 1, name
    bn.render_course(tmp_path / "mine.Rmd", "script", directory=tmp_path / "out", verbose=0)
    assert (tmp_path / "out/index.html").read_text().count("<h2>") == 1
    in_r = run_in_r(*(tmp_path / "out" / folder / "mine-r.R" for folder in FOLDERS))
    for folder, said, r_said in zip(FOLDERS, ("Fill in `x`.", "Right."), in_r):
        assert run(tmp_path / "out" / folder / "mine-python.py").strip() == said
        assert said.rstrip(".") in r_said


def test_pages_ask_for_every_exercise_and_for_no_other():
    asked = [
        re.search(r'check_exercise\(\s*"([^"]+)"', part.text)[1]
        for topic in TOPICS
        for part in topic.parts
        if part.exercise and part.language == "python"
    ]
    assert len(asked) == len(set(asked)) and set(asked) == set(bn.list_exercises()["exercise"])


@pytest.mark.parametrize("language", long_but(["python", "r"], "python"))
@pytest.mark.parametrize(
    "name", [name if name == "neurons" else pytest.param(name, marks=pytest.mark.long) for name in NAMES]
)
def test_a_script_runs_to_its_end_with_all_blanks_open(name, language, tmp_path):
    bn.render_course(name, "script", language, directory=tmp_path, verbose=0)
    printed = run(tmp_path / f"exercises/{name}-{language}.{'py' if language == 'python' else 'R'}")
    told = len(re.findall(r"Fill in `", printed))
    asked = [part for topic in TOPICS if topic.name == name for part in topic.parts if part.exercise]
    assert told == len(asked) / 2 and "Right. " not in printed


@pytest.mark.parametrize("topic", TOPICS, ids=NAMES)
def test_every_exercise_has_a_blank_and_a_checker_of_the_topic(topic):
    known = set(bn.list_exercises(topic.name)["exercise"])
    asked = {}
    for part in topic.parts:
        if part.exercise:
            asked.setdefault(part.language, []).append(
                re.search(r'check_exercise\(\s*"([^"]+)"', part.text)[1]
            )
            assert "FILL_IN" in blank(part.text) and "FILL_IN" not in solution(part.text)
    assert asked["r"] == asked["python"]
    assert len(set(asked["r"])) >= 4
    assert set(asked["r"]) <= known


@pytest.mark.parametrize("topic", TOPICS, ids=NAMES)
def test_scripts_are_code_before_and_after_the_blanks_are_filled(topic, tmp_path):
    for name, text in materials(topic).items():
        if name.endswith(".py"):
            assert not Path(name).stem.isidentifier(), "a script could be imported for a package"
            ast.parse(text)
        elif name.endswith(".R"):
            (tmp_path / "script.R").write_text(text)
            r(f"parse('{tmp_path / 'script.R'}', encoding = 'UTF-8')")
        assert text.isascii() and "#~" not in text


@pytest.mark.parametrize("topic", TOPICS, ids=NAMES)
def test_every_figure_says_what_it_shows(topic):
    text = topic.path.read_text()
    chunks = re.findall(r"^```\{(?:r|python).*?^```$", text, flags=re.M | re.S)
    drawn = [chunk for chunk in chunks if re.search(r"\bplot\w*\(|\.plot\(|plt\.show|hist\(|ggplot", chunk)]
    assert len(drawn) >= 2
    for chunk in drawn:
        assert "fig.alt" in chunk, chunk
