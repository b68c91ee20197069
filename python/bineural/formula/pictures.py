"""The formula of pictures whose files a column names: "label ~ image(path)"."""

import re

_IMAGE = re.compile(r"image\(\s*(?:`([^`]+)`|([^\W\d_][\w.]*))\s*\)")


def picture_column(terms):
    """Return the column that `image()` names, where that is the whole right side of a formula; else None.

    Parameters
    ----------
    terms : str or None
        Right side.
    """
    match = None if terms is None else _IMAGE.fullmatch(terms.strip())
    return None if match is None else match[1] or match[2]
