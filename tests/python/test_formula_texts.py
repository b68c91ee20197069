"""The word text() of a formula."""

import pytest

from bineural.errors import FormulaError
from bineural.formula.texts import has_text, split_text, text_columns


@pytest.mark.parametrize(
    ("terms", "column", "others"),
    [
        ("text(review)", "review", None),
        ("text(review) + price", "review", "price"),
        ("price + text(`my review`) + log(pages)", "my review", "price + log(pages)"),
        ("text(review) + price * kind - 1", "review", "price * kind - 1"),
        ("text(review) - 1", "review", "-1"),
        ("(a + text(review))", "review", "a"),
        ("text(text) + .", "text", "."),
        ("text + price", None, "text + price"),  # a column of that name
        ("a + b", None, "a + b"),
    ],
)
def test_the_text_is_parted_from_the_others(terms, column, others):
    assert split_text(terms) == split_text(f"y ~ {terms}") == (column, others)
    assert has_text(terms) is (column is not None)


@pytest.mark.parametrize(
    "terms",
    [
        "text(a) * b",
        "text(a):b",
        "text(a) + text(b)",
        "b - text(a)",
        "log(text(a))",
        "text(a, b)",
        "text(log(a))",
        "text()",
        "text('a')",
        "text(x = a)",
    ],
)
def test_a_text_is_added_once_and_is_a_column(terms):
    with pytest.raises(FormulaError, match=r"`text\(\)`"):
        split_text(terms)


def test_columns_of_several_formulas():
    assert text_columns(["text(a) + b", None, "c", "text(d)"]) == {"a", "d"}
