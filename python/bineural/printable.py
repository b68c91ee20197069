"""Text that is safe to print: labels and names of columns come from files, and may hold signs that steer a
terminal."""

import re

# control signs of ASCII and Latin-1 but for tab and newline, and those that turn the direction of writing
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text):
    r"""Write signs that steer a terminal as what they are, such as ``\x1b``, so that they do nothing.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return _STEERING.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)
