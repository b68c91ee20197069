"""Cases of a parametrised test that only the long run needs, because quick ones walk the same path."""

import pytest


def long_but(cases, *quick):
    """Mark all cases as long but the quick ones."""
    return [case if case in quick else pytest.param(case, marks=pytest.mark.long) for case in cases]
