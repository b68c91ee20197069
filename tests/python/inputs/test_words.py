"""The words of a text, in any alphabet."""

import unicodedata

import pytest

from bineural.inputs.words import split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't buy - it's NOT good!", ["don't", "buy", "it's", "not", "good"]),
        ("Don\u2019t", ["don't"]),
        ("'quoted' rock'n'roll", ["quoted", "rock'n'roll"]),
        ("snake_case 3.5 COVID-19", ["snake", "case", "3", "5", "covid", "19"]),
        ("Привет, мир", ["привет", "мир"]),  # Cyrillic
        ("γειά σου", ["γειά", "σου"]),  # Greek
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),  # Arabic
        ("हिन्दी में", ["हिन्दी", "में"]),  # Devanagari: vowel signs and a virama belong to their letters
        ("很好吃", ["很", "好", "吃"]),  # no spaces: a character is a word
        ("コーヒー", ["コ", "ー", "ヒ", "ー"]),
        ("한국어 좋아요", ["한국어", "좋아요"]),  # Korean has spaces
        ("Go好eat", ["go", "好", "eat"]),
        ("yum \U0001f44d\U0001f3fd\U0001f44d", ["yum", "\U0001f44d\U0001f3fd", "\U0001f44d"]),
        ("\U0001f1e9\U0001f1ea", ["\U0001f1e9\U0001f1ea"]),  # a flag of two letters
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467!", ["\U0001f468\u200d\U0001f469\u200d\U0001f467"]),
        ("", []),
        (" \n\t ... -- !?", []),
        ("\u200d\ufe0f", []),
    ],
)
def test_words_of_many_alphabets(text, words):
    assert split_words(text) == words


def test_thai_marks_stay_with_their_characters():
    words = split_words("กินข้าว")
    assert "".join(words) == "กินข้าว" and len(words) == 5
    assert all(unicodedata.category(word[0]) == "Lo" for word in words)


def test_composed_and_decomposed_letters_are_one_word():
    composed, decomposed = unicodedata.normalize("NFC", "café"), unicodedata.normalize("NFD", "café")
    assert composed != decomposed
    assert split_words(composed) == split_words(decomposed) == [composed]


def test_capitals_count_where_asked():
    assert split_words("Good good", lowercase=False) == ["Good", "good"]


def test_ascii_and_other_texts_are_read_alike():
    text = "It's 1 of the 'best' teas - don't miss it, A-1 O'Neil's_tea"
    assert split_words(text + " \u00e9") == [*split_words(text), "\u00e9"]
