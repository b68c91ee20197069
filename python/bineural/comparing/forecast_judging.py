"""Verdicts on pairs of forecasters: over origins, or over series where there are many of them."""

import math
from dataclasses import replace

import numpy as np

from bineural.comparing.corrected_t import CorrectedT, detectable_difference, holm
from bineural.comparing.diebold_mariano import diebold_mariano
from bineural.comparing.differences import Difference, is_significant
from bineural.comparing.judging import family_text
from bineural.comparing.rounding import decimals, one_digit
from bineural.messages import number_of
from bineural.training.seeds import stream

FEWEST = 20  # origins for a verdict; and series, from which on they are what is drawn again
_DRAWN = 9999
LABELS = {"mase": "MASE", "rmsse": "RMSSE", "pinball": "pinball loss"}


def judge_forecasts(losses, pairs, measure, naive, overlap, level, seed):
    """Return a `Difference` with its verdict for each pair of names, corrected together by Holm.

    Parameters
    ----------
    losses : dict of str to ndarray, shape (n_series, n_origins)
        By model, draws together; NaN where undefined.
    pairs : list of (str, str)
    measure : str
    naive : str
        Name of the naive forecast, which a winner must beat.
    overlap : int
        Origins in a row that share a step.
    level : float
    seed : int
        Of the series that are drawn again.
    """
    tests = [test_pair(losses[a], losses[b], overlap, level, seed) for a, b in pairs]
    each = 1 - (1 - level) / max(1, sum(not math.isnan(test.p) for test in tests))
    differences = []
    for (a, b), test, p_holm in zip(pairs, tests, holm([test.p for test in tests])):
        shares = (math.nan,) * 3
        n = int(shared_origins(losses[a] - losses[b]).sum())
        detectable = detectable_difference(test.se, test.df, each)
        differences.append(
            Difference(
                a, b, measure, n, test.mean, test.low, test.high, test.p, float(p_holm), *shares, detectable
            )
        )
    family = family_text(differences)

    def beats_naive(name):
        test = test_pair(losses[name], losses[naive], overlap, level, seed)
        return name == naive or (test.p < 1 - level and test.mean < 0)

    return [
        replace(pair, **_verdict(pair, len(losses[naive]), naive, beats_naive, family, level))
        for pair in differences
    ]


def shared_origins(values):
    """Say which origins have a value of some series: bool (n_origins,)."""
    return np.isfinite(values).any(axis=0)


def test_pair(first, second, overlap, level, seed):
    """Test the mean difference of losses (n_series, n_origins): over series if many, else origins."""
    values = first - second
    by_series = np.isfinite(values).any(axis=1)
    if by_series.sum() >= FEWEST:
        return bootstrap_over_series(np.nanmean(values[by_series], axis=1), level, seed)
    known = shared_origins(values)
    return diebold_mariano(np.nanmean(values[:, known], axis=0) if known.any() else [], overlap, level)


test_pair.__test__ = False  # no test of pytest's


def bootstrap_over_series(values, level, seed):
    """Test a mean over series by drawing series again, with percentile limits.

    Parameters
    ----------
    values : ndarray of float64, shape (n_series,)
        Mean difference over origins of each series.
    level : float
    seed : int

    Returns
    -------
    CorrectedT
        `p` is twice the smaller share of draws on one side of 0, counting the mean itself.
    """
    n, mean = len(values), float(np.mean(values))
    if np.ptp(values) == 0:
        limit = 0.0 if mean == 0 else math.nan
        return CorrectedT(mean, limit, limit, 0.0, math.nan, n - 1, 1.0 if mean == 0 else math.nan)
    means = values[stream(seed, "series").integers(0, n, (_DRAWN, n))].mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    least = min(np.sum(means <= 0), np.sum(means >= 0))
    p, se = min(1.0, 2 * (least + 1) / (_DRAWN + 1)), float(means.std(ddof=1))
    return CorrectedT(mean, float(low), float(high), se, mean / se, n - 1, p)


def _verdict(pair, n_series, naive, beats_naive, family, level):
    label, names = LABELS[pair.measure], f"{pair.model} and {pair.other}"
    over = f"over {number_of(pair.n, 'origin')}"
    if n_series > 1:
        over += f" of {n_series} series"
    if math.isnan(pair.difference):
        return _finding("undefined", f"No verdict on {names}: {label} is undefined at every origin.")
    amount = _amount(pair, label)
    if pair.n < FEWEST and n_series < FEWEST:
        few = f"{number_of(pair.n, 'origin')}, {FEWEST} are needed (more `origins`)"
        return _finding("too few resamples", f"No verdict on {names} from {few}: {amount}.")
    if pair.p == 1.0 and pair.low == pair.high == 0.0:
        return _finding("identical", f"{names} are identical by {label} {over}.")
    ahead = pair.model if pair.difference <= 0 else pair.other
    if naive not in (pair.model, pair.other) and not beats_naive(ahead):
        reason = f"too little evidence that either is better than {naive}"
        return _finding("no signal", f"No verdict on {names}: {reason}; {amount} {over}.")
    if is_significant(pair.p_holm, pair, level):
        finding, how = ("better", "beats") if ahead == pair.model else ("worse", "is worse than")
        return _finding(finding, f"{pair.model} {how} {pair.other} by {_amount(pair, label, True)} {over}.")
    corrected = f" after Holm's correction for {family}" if is_significant(pair.p, pair, level) else ""
    seen = ""
    if math.isfinite(pair.detectable):
        seen = f"; a difference under about {one_digit(pair.detectable)} cannot be seen"
    return _finding(
        "not distinguishable", f"{names} are not distinguishable{corrected}: {amount} {over}{seen}."
    )


def _finding(finding, verdict):
    return {"finding": finding, "verdict": verdict}


def _amount(pair, label, ahead=False):
    """Write the difference with its interval; where a winner is named, as what the winner is ahead by."""
    turn = math.copysign(1.0, pair.difference) if ahead else 1.0
    if math.isnan(pair.low):
        return f"{turn * pair.difference:.3f} {label} (smaller is better)"
    places = decimals(pair.high - pair.low, pair.difference)
    low, high = sorted((turn * pair.low, turn * pair.high))
    interval = f"[{low:.{places}f}, {high:.{places}f}]"
    return f"{turn * pair.difference:.{places}f} {label} {interval} (smaller is better)"
