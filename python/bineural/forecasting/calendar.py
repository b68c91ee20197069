"""Where in the season and in the calendar a time lies, as waves: cosine and sine of its phase."""

import numpy as np

from bineural.errors import InputError
from bineural.messages import listed

_MOST_WAVES = 3  # pairs for each season: more, and short series are learnt by heart
CALENDAR = ("hour", "weekday", "month", "year_day")
_LENGTHS = {"hour": 24.0, "weekday": 7.0, "month": 12.0, "year_day": 365.2425}


def season_waves(positions, season):
    """Return waves of the phase of positions in a season: float64 (n, 2 * n_waves); none without one.

    Parameters
    ----------
    positions : ndarray of int, shape (n,)
    season : int
        Steps in a season; 1 is none.
    """
    return _waves(np.asarray(positions) % max(season, 1) / max(season, 1), season)


def calendar_waves(axis, positions, terms):
    """Return waves of the calendar at positions: float64 (n, n_waves).

    Parameters
    ----------
    axis : TimeAxis
        Of dates.
    positions : ndarray of int, shape (n,)
    terms : sequence of str
        Of `CALENDAR`.
    """
    if not terms:
        return np.empty((len(positions), 0))
    unique, place = np.unique(positions, return_inverse=True)
    times = axis.at(unique)
    parts = {
        "hour": lambda: times.hour + times.minute / 60,
        "weekday": lambda: times.day_of_week,
        "month": lambda: times.month - 1,
        "year_day": lambda: times.dayofyear - 1,
    }
    phases = [
        (np.asarray(parts[term](), dtype=np.float64) / _LENGTHS[term], _LENGTHS[term]) for term in terms
    ]
    return np.hstack([_waves(phase, length) for phase, length in phases])[place]


def check_calendar(axis, terms):
    """Refuse calendar terms where times are no dates.

    Raises
    ------
    InputError
    """
    if terms and axis.kind == "numbers":
        raise InputError(
            "`calendar` can be used where times are dates only.",
            f"Found {listed(terms)}, and times that are numbers.",
            "Name a column of dates as `time`, or use `season`.",
        )


def _waves(phase, length):
    n_waves = min(_MOST_WAVES, int(length // 2))
    turns = 2 * np.pi * np.outer(phase, np.arange(1, n_waves + 1))
    sines = np.sin(turns)
    if n_waves and 2 * n_waves == length:  # the sine of the shortest wave is 0 everywhere
        sines = sines[:, :-1]
    return np.hstack([np.cos(turns), sines])
