"""Names and labels from a file can't steer a terminal, wherever they are printed."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural.errors import InputError
from bineural.messages import warn
from bineural.printable import printable

STEERING = [chr(code) for code in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F))]
RED, TITLE = "\x1b[31m", "\x1b]0;title\x07"
RNG = np.random.default_rng(7)
TABLE = pd.DataFrame(
    {
        f"dose{RED}": RNG.normal(size=60),
        "drug": RNG.choice([f"a{TITLE}", "b\r", "c\u202e"], 60),
        "y": RNG.choice([f"yes{RED}", "no"], 60),
    }
)
FORMULA = "y ~ ."
EVENT = {"event": f"yes{RED}"}


@pytest.mark.parametrize("sign", STEERING, ids=lambda sign: f"{ord(sign):x}")
def test_steering_signs_are_written_as_codes(sign):
    text = printable(f"a{sign}b")
    assert text.isascii() and text.startswith("a\\") and text.endswith("b") and text != f"a{sign}b"
    assert text.encode().decode("unicode_escape") == f"a{sign}b"


def test_everything_else_stays():
    text = "Größe\tβ₀ = 1\n— 世界 \\x1b 🙂 \u00a0"
    assert printable(text) == text


@pytest.fixture(scope="module")
def glm():
    return bn.fit_glm(FORMULA, TABLE, **EVENT)


def pages(glm):
    """Yield what is printed of models and results."""
    yield glm.summary()
    yield str(bn.evaluate_model(glm, TABLE))
    yield str(bn.compare_models({"glm": glm}, TABLE, folds=2, repeats=1, seed=1))
    yield str(bn.permutation_importance(glm, TABLE, repeats=2, seed=1))
    yield str(bn.partial_dependence(glm, TABLE, "drug"))
    yield str(bn.additive_curves(glm, TABLE))
    yield repr(bn.split_rows(TABLE.rename(columns={"y": f"y{RED}"}), strata=f"y{RED}", seed=1))
    yield bn.fit_net(FORMULA, TABLE, epochs=1, ensemble=1, seed=1, **EVENT).summary()


def test_no_page_steers_the_terminal(glm):
    for page in pages(glm):
        assert "\n" in page or "<" in page
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page), page
    assert r"\x1b[31m" in glm.summary()


def test_predictions_keep_the_labels_as_they_are(glm):
    assert set(glm.predict(TABLE)) <= set(TABLE["y"])


def test_errors_and_warnings_are_printable_too():
    error = InputError(f"Column `{RED}` must.", f"Found {TITLE}.", f"Try {RED}.")
    assert "\x1b" not in str(error) and r"`\x1b[31m`" in error.must
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn(bn.BineuralWarning, f"Beware of {RED}.")
    assert str(caught[0].message) == r"Beware of \x1b[31m."
    with pytest.raises(InputError) as raised:
        bn.fit_glm(f"y ~ `dose{RED}x`", TABLE, **EVENT)
    assert "\x1b" not in str(raised.value)
