"""How a text file is written: separator, decimal point, thousands, encoding, what stands for missing.

The options stand in one table: `load_dataset` and the commands have them from here.
"""

import codecs
from contextlib import suppress
from dataclasses import dataclass, field

from bineural.checks import Check, choice, list_of, text
from bineural.errors import InputError
from bineural.options import Option

_WORDS = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";"}


def _read_sign(value):
    """Read one character; words stand for those that are hard to type."""
    value = _WORDS.get(value.lower(), value) if isinstance(value, str) else value
    if not isinstance(value, str) or len(value) != 1 or value.isalnum() or value in '"\n\r\\':
        raise ValueError
    return value


def _read_encoding(value):
    try:
        with suppress(UnicodeError):
            b"a".decode(value)  # a LookupError too where it is the name of something else, such as zlib
    except LookupError:
        raise ValueError from None
    return codecs.lookup(value).name


_sign = Check("one sign", _read_sign, "Write for example separator=';', or separator='tab'.")
_labels = list_of(text(empty=True), hint="Write for example missing_values='?'.")

OPTIONS = (
    Option(
        "separator",
        None,
        _sign.or_none(),
        "str, optional",
        'What stands between the fields of a text file: one sign, or "tab". None is a comma in .csv, and a '
        "tab in .tsv and .txt. A file of any other ending is read as text when it is given.",
        in_r="text",
        cli_help="what stands between fields: ';', tab, ... (default: a comma in .csv, else a tab)",
        type="str | None",
    ),
    Option(
        "decimal",
        ".",
        choice(".", ","),
        "str",
        "What stands before the decimals of a number in a text file.",
        in_r="text",
        cli_help="what stands before decimals: . or , (default: .)",
        type='Literal[".", ","]',
    ),
    Option(
        "thousands",
        None,
        Check("one sign", _read_sign, "Write for example thousands=','.").or_none(),
        "str, optional",
        "What parts the thousands of a number in a text file. None is nothing. A column is taken as numbers "
        "when each of its values is one, its groups of three digits complete.",
        in_r="text",
        cli_help="what parts the thousands of numbers (default: nothing)",
        type="str | None",
    ),
    Option(
        "encoding",
        "utf-8",
        Check("an encoding of text", _read_encoding, "Write for example encoding='cp1252' or 'utf-16'."),
        "str",
        "How the letters of a text file are written, by its name in Python.",
        in_r="text",
        cli_help="how letters are written, such as cp1252 or utf-16",
        type="str",
    ),
    Option(
        "missing_values",
        None,
        _labels.or_none(),
        "str or list of str, optional",
        'What else stands for a missing value in a text file, such as "?". Nothing, NA, N/A, #N/A, NaN, nan, '
        "NULL and null always do.",
        in_r="texts",
        cli_help="what else stands for a missing value: ?,-",
        type="str | Sequence[str] | None",
    ),
)


@dataclass(frozen=True)
class Writing:
    """How a text file is written; the attributes are those of `OPTIONS`, as their checks read them."""

    separator: str | None = None
    decimal: str = "."
    thousands: str | None = None
    encoding: str = "utf-8"
    missing_values: tuple = field(default=())

    @classmethod
    def read(cls, options):
        """Check the options that were given, each by itself and beside the others."""
        read = {
            option.name: option.check(options[option.name], option.name)
            for option in OPTIONS
            if option.name in options
        }
        writing = cls(**{name: value for name, value in read.items() if value is not None})
        if writing.thousands == writing.decimal:
            raise InputError(
                "`decimal` and `thousands` must differ.",
                f"Both are {writing.decimal!r}.",
                "Write for example decimal=',' and thousands='.'.",
            )
        return writing

    @property
    def given(self):
        """Names of what is not as usual."""
        return [
            option.name for option in OPTIONS if getattr(self, option.name) != getattr(Writing(), option.name)
        ]
