"""Figures in verdicts and tables: digits that mean something, and no exponents."""

import math

import pytest

from bineural.comparing.rounding import decimals, limits, one_digit


@pytest.mark.parametrize(
    ("width", "value", "places"),
    [
        (0.034, 0.0173, 4),
        (2.7, 0.7, 1),
        (19, 0.87, 1),
        (19, -0.87, 1),
        (19, 12, 0),
        (300, 1234, 0),
        (math.nan, 1, 3),
    ],
)
def test_two_digits_of_the_width_are_shown_and_no_small_value_as_a_whole_number(width, value, places):
    assert decimals(width, value) == places


@pytest.mark.parametrize(
    ("value", "text"), [(31.2, "30"), (0.0023, "0.002"), (0.96, "1"), (4321, "4,000"), (0.00001, "0.00001")]
)
def test_what_could_be_seen_is_written_by_its_first_digit(value, text):
    assert one_digit(value) == text


def test_limits_of_a_table_have_two_places_or_are_whole():
    assert limits(0.734, 8.541) == "0.73 to 8.54"
    assert limits(0.004, 1135727.13) == "0.00 to 1,135,727"
