"""The forms in which text may give times, as patterns of lower-case text with single spaces.

A pattern's groups are the parts of a time. `first`, `middle` and `last` are numbers of which all rows
together must say which is the day; `short` is a year of two digits, `half` is the a or p of a.m. and p.m.
"""

_FULL_NAMES = ["january", "february", "march", "april", "may", "june", "july"]
_FULL_NAMES += ["august", "september", "october", "november", "december"]
MONTH_OF = {name[:n]: k for k, name in enumerate(_FULL_NAMES, 1) for n in (3, len(name))} | {"sept": 9}

_WEEKDAY = r"(?:(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|wednes|satur)(?:day)?\.?,?\s+)?"
_NAME = r"(?P<name>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SECONDS = r"(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
_HALF = r"(?:\s*(?P<half>[ap])\.?m\.?)?"
_ZONE = r"(?:\s*(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?))?"
_TIME = rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}}){_SECONDS}{_HALF}"
_CLOCK = rf"(?:(?:t|,?\s+){_TIME}{_ZONE})?"

# What a form is called ("" where the rows must say it), and its pattern.
FORMS = [
    (
        "year/month/day",
        rf"(?P<year>\d{{4}})(?P<mark>[-/. ])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_CLOCK}",
    ),
    (
        "year/month/day",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})t(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
        rf"{_ZONE}",
    ),
    ("", rf"(?P<first>\d{{1,2}})(?P<mark>[-/. ])(?P<middle>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_CLOCK}"),
    ("", rf"(?P<first>\d{{1,2}})(?P<mark>[-/. ])(?P<middle>\d{{1,2}})(?P=mark)(?P<last>\d{{2}}){_CLOCK}"),
    ("day/month/year", rf"{_WEEKDAY}{_DAY}[-/. ]*{_NAME}[-/, ]*(?P<year>\d{{4}}){_CLOCK}"),
    ("day/month/year", rf"(?P<day>\d{{1,2}})[-/ ]{_NAME}[-/ ](?P<short>\d{{2}}){_CLOCK}"),
    ("month/day/year", rf"{_WEEKDAY}{_NAME}[-/ ]*{_DAY}(?:, ?|[-/ ])(?P<year>\d{{4}}){_CLOCK}"),
    ("year/month/day", rf"(?P<year>\d{{4}})[-/ ]?{_NAME}[-/ ]?(?P<day>\d{{1,2}}){_CLOCK}"),
    ("month/year", rf"{_NAME}[-/, ]*(?P<year>\d{{4}})"),
    ("year/month", rf"(?P<year>\d{{4}})[-/ ]?{_NAME}"),
    ("year/month", r"(?P<year>\d{4})\s?[-/m]\s?(?P<month>\d{1,2})"),
    ("month/year", r"(?P<month>0?[1-9]|1[0-2])[-/. ](?P<year>(?:19|20)\d{2})"),
    ("year/quarter", r"(?P<year>\d{4})\s?[-/.]?\s?q(?P<quarter>[1-4])"),
    ("quarter/year", r"q(?P<quarter>[1-4])\s?[-/.]?\s?(?P<year>\d{4})"),
    ("year/ISO week", r"(?P<year>\d{4})-?w(?P<week>\d{2})(?:-?(?P<weekday>[1-7]))?"),
    ("hours:minutes", _TIME),
    ("numbers", r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)"),
]
