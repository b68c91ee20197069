"""Warnings of fits are one sentence for each kind: names put together, numbers as ranges, fits counted."""

import warnings

from bineural.comparing.warning_sentences import FitWarnings, failed_sentence
from bineural.errors import DroppedWarning, SeparationWarning
from bineural.messages import counted_levels, listed
from bineural.repeated_warnings import merge


def texts(messages):
    return [one.text() for one in merge((DroppedWarning, text, 1) for text in messages)]


def test_sentences_that_differ_in_names_and_numbers_are_one():
    found = texts([f"{n} of 1,234 rows have levels of {listed(levels)} never seen." for n, levels in ROUNDS])
    assert found == ["3 to 12 of 1,234 rows have levels of 'a', 'b', 'c', 'd' never seen."]


ROUNDS = [(3, ["a", "b"]), (12, ["c"]), (5, ["b", "d", "a"])]


def test_forty_lines_that_are_nearly_equal_are_one():
    names = [f"x{k}" for k in range(43)]
    (found,) = texts(
        [f"Separated by {listed(names[k : k + 9])}: strength {10.0**-k:.2g}, chosen." for k in range(40)]
    )
    assert found.startswith("Separated by 'x0', 'x1', 'x2', 'x3', 'x4', 'x5' and ")
    assert found.endswith(": strength 1e-39 to 1, chosen.")


def test_one_sentence_stays_as_it_is_and_other_kinds_apart():
    for text in [
        "No number.",
        "It's 3 of 'a b', \"c\" and 7 more.",
        "Column x1 of 2-fold, 5%.",
        "At 1e-05, 28, then.",
    ]:
        assert texts([text, text]) == [text]
    assert len(texts(["The classes are partly split.", "The classes are completely split."])) == 2
    assert len(merge([(DroppedWarning, "a", 1), (SeparationWarning, "a", 1)])) == 2


def test_fits_are_counted():
    assert of_models({"glm": [3, *[4] * 8]}, 10) == ["glm, in 9 of 10 fits: 3 to 4 rows."]
    assert of_models({"glm": [3]}, 1) == ["glm: 3 rows."]


def test_models_that_warn_alike_share_a_sentence():
    sentences = of_models({"glm": [3, 4], "net": [5], "forest": []}, 10)
    assert sentences == ["glm, net, in 1 to 2 of 10 fits: 3 to 5 rows."]
    many = of_models({f"m{k}": [3] for k in range(9)}, 5)
    assert many == ["m0, m1, m2, m3, m4, m5 and 3 more, in 1 of 5 fits: 3 rows."]


def of_models(rows, n_fits):
    """Return the sentences where each model's fits warn of so many rows."""
    warned = FitWarnings()
    for name, counts in rows.items():
        with warned.of(name, n_fits):
            for count in counts:
                warnings.warn(f"{count} rows.", DroppedWarning, stacklevel=1)
    return [sentence for _, sentence in warned.sentences()]


def test_columns_and_their_levels_are_names_too():
    assert texts(["Columns `a`, `b` (3).", "Columns `c` (5), `b` (1)."]) == [
        "Columns `a`, `b` (1 to 3), `c` (5)."
    ]
    unseen = [{"a": {"u": 3, "v": 1}, "b": {"u": 2}}, {"b": {"w": 1}}]
    assert counted_levels(unseen[0]) == "`a`: 'u' (3), `a`: 'v' (1), `b`: 'u' (2)"
    assert texts([f"Unseen: {counted_levels(columns)}." for columns in unseen]) == [
        "Unseen: `a`: 'u' (3), `a`: 'v' (1), `b`: 'u' (2), `b`: 'w' (1)."
    ]


def test_failures_name_model_counts_resamples_and_remedy():
    class Entrant:
        name, remedy, advice = "ml", "Try a ridge.", None
        failures = {(k, 0): f"separated by 'x{k % 2}'" for k in (0, 4, 7)}

    assert failed_sentence(Entrant, 10) == (
        "3 of 10 fits of ml failed (separated by 'x0', 'x1'), in resamples 1, 5, 8. Try a ridge."
    )
    assert failed_sentence(Entrant, 3) == (
        "3 of 3 fits of ml failed (separated by 'x0', 'x1'). Try a ridge."  # in all of them
    )
    Entrant.advice = "Scale it."
    assert failed_sentence(Entrant, 10).endswith(" 1, 5, 8. Scale it.")
    Entrant.failures = {}
    assert failed_sentence(Entrant, 10) is None


def test_names_with_their_rows_are_one_list():
    rounds = [{"x": 1, "y": 3}, {"x": 2}, {"z": 1, "w": 4, "x": 1}]
    said = [", ".join(f"{name!r} ({n})" for name, n in counts.items()) for counts in rounds]
    assert texts([f"Never seen (rows): {one}." for one in said]) == [
        "Never seen (rows): 'x' (1 to 2), 'y' (3), 'z' (1), 'w' (4)."
    ]
    many = [", ".join(f"'v{k}' (1)" for k in range(first, first + 10)) for first in (0, 10, 20)]
    assert texts([f"Never seen (rows): {one} and 2 more." for one in many]) == [
        "Never seen (rows): 'v0' (1), 'v1' (1), 'v2' (1), 'v3' (1), 'v4' (1), 'v5' (1) and 24 more."
    ]


def test_of_each_column_some_levels_are_shown():
    many = {"a": {f"u{k}": 1 for k in range(9)}, "b": {"v": 2}}
    shown = counted_levels(many, most=3)
    assert shown == "`a`: 'u0' (1), `a`: 'u1' (1), `b`: 'v' (2) and 7 more"
