"""Where models are equal the corrected t keeps its level, and the naive t does not (quick bench_level.py)."""

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "bench_level.py"
N_SETS = 70


@pytest.fixture(scope="module")
def level():
    spec = importlib.util.spec_from_file_location("bench_level", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("scenario", ["null, n = 81", "no signal, n = 81"])
def test_the_gated_corrected_t_holds_its_level_where_the_naive_t_does_not(level, scenario):
    rejected, covered, _ = level.simulate(scenario, N_SETS)
    shares = {test: share.mean() for test, share in rejected.items()}
    assert shares["corrected t behind the signal gate"] < 0.15  # at .05, 0.1 % of such runs would fail
    assert shares["naive paired t, 10 x 10"] > 0.3  # at .54, 0.01 % would
    assert covered["corrected t, 10 x 10"] > 0.8
    assert covered["logit DeLong, one split"] > 0.85
    assert covered["naive t, 10 x 10"] < 0.7


def test_a_real_difference_is_found(level):
    rejected, _, _ = level.simulate("power, n = 81", 40)
    assert 0.4 < rejected["corrected t behind the signal gate"].mean() < 0.95


@pytest.mark.long
def test_an_interval_of_few_events_covers_where_the_plain_corrected_t_does_not(level, monkeypatch):
    monkeypatch.setitem(sys.modules, "bench_level", level)
    spec = importlib.util.spec_from_file_location(
        "bench_intervals", BENCHMARK.with_name("bench_intervals.py")
    )
    intervals = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(intervals)
    covered = intervals.cover_auroc(*intervals.EVENTS["10 of 300, AUROC .95"], 80)
    share = {way: each[0] for way, each in covered.items()}
    assert share["corrected t, log-odds, df of events (ours)"] > 0.9  # at .966, 0.2 % of such runs would fail
    assert share["corrected t"] < 0.92  # at .84, 2 % would
