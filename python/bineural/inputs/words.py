"""The words of a text, in any alphabet: what a net of texts reads, and what tf-idf counts.

A word is a run of letters, digits and the marks that belong to them, with apostrophes inside ("don't").
Scripts that are written without spaces (Chinese, Japanese kana, Thai, Lao, Khmer, Burmese, Tibetan) have no
runs to tell words by: each of their characters is a word, with its marks. So is each emoji, with skin tone,
flag or joined emoji. All other signs part words and are left out.
"""

import functools
import re
import unicodedata

_NO_SPACES = (  # scripts without spaces between words, as ranges of code points
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Tibetan, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
)
_PICTURES = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_MORE = "[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"  # variation, key cap, skin tone
_EMOJI = f"[\U0001f1e6-\U0001f1ff]{{2}}|[{_PICTURES}]{_MORE}(?:\u200d[{_PICTURES}]{_MORE})*"
_LAST_MARK = 0x1E94A  # the last combining mark but for the variation selectors


_PLAIN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")  # of texts in ASCII, which are most


@functools.cache
def _pattern():
    """Return the pattern of one word; the marks come from Python's table of Unicode."""
    marks = [c for c in range(0x300, _LAST_MARK + 1) if unicodedata.category(chr(c))[0] == "M"]
    marks = "".join(chr(c) for c in marks if chr(c) not in "\ufe0f\u20e3")
    letters = f"(?:(?:(?![{_NO_SPACES}])[^\\W_])+[{marks}]*)+"
    return re.compile(f"{letters}(?:'{letters})*|(?=[^\\W_])[{_NO_SPACES}][{marks}]*|{_EMOJI}")


def split_words(text, lowercase=True):
    """Split a text into its words.

    Parameters
    ----------
    text : str
    lowercase : bool
        Whether "Good" and "good" are one word.

    Returns
    -------
    list of str
        In their order, each in Unicode's composed form (NFC); empty of a text without any word.

    Examples
    --------
    >>> split_words("Don't buy - it's NOT good!")
    ["don't", 'buy', "it's", 'not', 'good']
    >>> split_words("\u5f88\u597d\u5403 \U0001f44d")
    ['\u5f88', '\u597d', '\u5403', '\U0001f44d']
    """
    text = plain_text(text, lowercase)
    return (_PLAIN if text.isascii() else _pattern()).findall(text)


def plain_text(text, lowercase=True):
    """Write a text in Unicode's composed form (NFC), one kind of apostrophe, small letters if asked."""
    if text.isascii():
        return text.lower() if lowercase else text
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    return unicodedata.normalize("NFC", text.lower()) if lowercase else text
