"""`make_sequences`: pairs of sequences whose rule is known, for trying out and for teaching."""

from __future__ import annotations

import datetime
from typing import Literal

import numpy as np

from bineural._typing import DataFrame, Seed
from bineural.checks import checked, choice, seed, whole

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = "aeiou"
_FIRST_DAY, _DAYS = datetime.date(1900, 1, 1), 73_049  # to the end of 2099
_FORMS = (
    "{day} {month} {year}",
    "{month} {day}, {year}",
    "{weekday}, {day} {month} {year}",
    "{d}/{m}/{year}",
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@checked(
    task=choice("reversal", "pig_latin", "dates"),
    n=whole(1, 10**7, hint="Use for example 2000."),
    seed=seed(),
)
def make_sequences(
    task: Literal["reversal", "pig_latin", "dates"], n: int = 1000, *, seed: Seed = None
) -> DataFrame:
    """Make pairs of sequences that follow a rule.

    Parameters
    ----------
    task : {"reversal", "pig_latin", "dates"}
        - "reversal": 3 to 8 random letters among a to j, and the same backwards;
        - "pig_latin": random words of English look; the consonants that a word begins with move to its end,
          before "ay", and a word that begins with a vowel gets "way";
        - "dates": days from 1900 to 2099 as people write them, in one of four forms, and as year-month-day.
    n : int
        Pairs; they are all different.
    seed : int, optional
        None makes others each time.

    Returns
    -------
    pandas.DataFrame
        `source` and `target`.

    Examples
    --------
    >>> import bineural as bn
    >>> bn.make_sequences("pig_latin", 2, seed=1)
            source         target
    0      sostand      ostandsay
    1  hendpendhis  endpendhishay
    """
    import pandas as pd

    rng, pairs = np.random.default_rng(seed), {}
    make = {"reversal": _reversal, "pig_latin": _pig_latin, "dates": _dates}[task]
    while len(pairs) < n:
        source, target = make(rng)
        pairs.setdefault(source, target)
    return pd.DataFrame({"source": list(pairs), "target": list(pairs.values())})


def _reversal(rng):
    word = "".join(rng.choice(list(_LETTERS[:10]), rng.integers(3, 9)))
    return word, word[::-1]


def _pig_latin(rng):
    onsets = [
        "",
        "",
        *"bcdfghjklmnprstvw",
        "bl",
        "br",
        "ch",
        "cl",
        "dr",
        "fl",
        "gr",
        "pl",
        "sh",
        "st",
        "str",
        "th",
    ]
    codas = ["", "", "", *"dklmnprst", "ck", "nd", "ng", "st"]
    syllable = lambda: rng.choice(onsets) + rng.choice(list(_VOWELS)) + rng.choice(codas)  # noqa: E731
    word = str("".join(syllable() for _ in range(rng.integers(1, 4))))
    return word, say_pig_latin(word)


def say_pig_latin(word):
    """Return a word of small letters in pig Latin."""
    first = next((k for k, letter in enumerate(word) if letter in _VOWELS), len(word))
    return word + "way" if first == 0 else word[first:] + word[:first] + "ay"


def _dates(rng):
    day = _FIRST_DAY + datetime.timedelta(days=int(rng.integers(_DAYS)))
    parts = {"day": day.day, "month": _MONTHS[day.month - 1], "year": day.year, "d": day.day, "m": day.month}
    form = _FORMS[rng.integers(len(_FORMS))]
    return form.format(weekday=_WEEKDAYS[day.weekday()], **parts), day.isoformat()
