"""Every public function answers every bad value: refused in three sentences, or known to be no bad one.

`tests/reference/accepted_values.json` lists, by function and argument, which of the values are accepted;
`python tests/python/bad_input.py` writes it anew, and its diff is to be read. `make test` tries some values
of each argument, `make test-long` all of them.
"""

import inspect
import json
import warnings
from pathlib import Path

import pytest

from bad_input import BAD, CALLS, Made, accepts, apart, arguments_of, call, refusal_faults
from long_cases import long_but
from public import PUBLIC

ACCEPTED = json.loads((Path(__file__).parents[1] / "reference" / "accepted_values.json").read_text())
TRIED = 3  # values of each argument in `make test`
SLOW = {"run_demo"}  # a minute; its one argument is a declared path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Give fitted models, records and files, made once."""
    return Made(tmp_path_factory.mktemp("made"))


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is accepted
        yield


def test_every_public_function_has_a_valid_call():
    functions = {name for name, value in PUBLIC.items() if inspect.isfunction(value)}
    assert set(CALLS) == functions and set(ACCEPTED) <= functions


TRAIN_LONG = ("fine_tune", "find_similar", "fit_sequence", "tune_net")  # called by tests of their own, too


@pytest.mark.parametrize(
    "name", long_but(sorted(set(CALLS) - SLOW), *sorted(set(CALLS) - SLOW - set(TRAIN_LONG)))
)
def test_the_valid_call_is_valid(name, made, capsys):
    with apart():
        call(made, name)


def answers(name, made, values):
    """Return what is wrong with the answers of a function to some values for each of its arguments."""
    faults = []
    for place, argument in enumerate(arguments_of(name)):
        accepted = ACCEPTED.get(name, {}).get(argument, [])
        for bad in values(place):
            fault = refusal_faults(made, name, argument, bad, bad in accepted)
            faults += [f"{argument} = {bad}: {fault}"] if fault else []
    return faults


@pytest.mark.parametrize("name", sorted(set(CALLS) - SLOW))
def test_a_bad_value_is_refused_in_three_sentences(name, made, capsys):
    names = list(BAD)
    offset = sorted(CALLS).index(name)

    def some(place):
        first = (offset + 7 * place) % len(names)
        chosen = [names[(first + 8 * i) % len(names)] for i in range(TRIED)]
        accepted = ACCEPTED.get(name, {}).get(arguments_of(name)[place], [])
        return [bad for bad in chosen if bad not in accepted]  # which may take a whole training

    assert answers(name, made, some) == []


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(set(CALLS) - SLOW))
def test_every_bad_value_is_refused_in_three_sentences(name, made, capsys):
    assert answers(name, made, lambda place: list(BAD)) == []


def test_a_value_that_is_accepted_without_a_word_is_a_fault(made, capsys):
    assert accepts(made, "split_rows", "prop", "NaN") is False
    assert accepts(made, "split_rows", "seed", "zero") is True
    assert refusal_faults(made, "split_rows", "seed", "zero", known=False) == "accepted"
