"""Conformal intervals over origins: the k-th smallest error, by what was known at each origin."""

import math

import numpy as np
import pytest

from bineural.forecasting.intervals import (
    half_width,
    half_widths,
    needed,
    past_coverage,
    widths_from_the_past,
)


@pytest.mark.parametrize(("level", "least"), [(0.95, 19), (0.9, 9), (0.8, 4), (0.5, 1)])
def test_so_many_errors_make_an_interval_finite(level, least):
    assert needed(level) == least
    sizes = np.arange(1.0, least + 1)
    assert half_width(sizes, level) == least
    assert half_width(sizes[:-1], level) == math.inf


def test_errors_are_known_when_their_step_is_past():
    rng = np.random.default_rng(1)
    errors, origins, level = rng.standard_normal((2, 12, 3)), np.arange(100, 124, 2), 0.8
    widths = widths_from_the_past(errors, origins, level)
    for o, origin in enumerate(origins):
        for h in range(3):  # the step of index h from origin p is of time p + h
            past = sorted(
                abs(e) for p, part in zip(origins, errors[:, :, h].T) if p + h < origin for e in part
            )
            k = math.ceil((len(past) + 1) * level - 1e-9)
            assert widths[o, h] == (past[k - 1] if 0 < k <= len(past) else math.inf)


def test_what_is_like_the_past_is_covered_as_often_as_said():
    errors = np.random.default_rng(2).standard_t(3, (1, 600, 2))
    covered, n = past_coverage(errors, np.arange(600), 0.8)
    assert n > 1100
    assert covered == pytest.approx(0.8, abs=0.03)  # two standard errors of 1,190 are .023


def test_missing_errors_are_left_out():
    errors = np.full((1, 5, 1), 2.0)
    errors[0, 0] = np.nan
    assert half_widths(errors, 0.8)[0] == 2
    assert half_widths(errors, 0.9)[0] == math.inf
