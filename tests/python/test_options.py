"""Options stand once: every door has them from the table, in its signature and its help, in R too."""

import inspect
from pathlib import Path

import pytest

import bineural as bn
from bineural.checks import whole
from bineural.errors import InputError
from bineural.nets.options import FOR_NUMBERS, OPTIONS
from bineural.nets.options_in_r import r_source
from bineural.options import Option, takes

ROOT = Path(__file__).parents[2]
DOORS = {
    bn.fit_net: OPTIONS,
    bn.make_net: OPTIONS,
    bn.NetClassifier: OPTIONS,
    bn.NetRegressor: FOR_NUMBERS,
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_shows_every_option_in_signature_and_help(door):
    parameters, text = inspect.signature(door).parameters, inspect.getdoc(door)
    for option in DOORS[door]:
        assert parameters[option.name].default == option.default
        assert f"{option.name} : {option.kind}" in text
        assert " ".join(option.help.split()) in " ".join(text.split())


def test_r_s_part_is_what_the_table_says_now():
    assert (ROOT / "R/nets-options.R").read_text() == r_source(), "run `make docs`"


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_a_default_passes_its_own_check(option):
    option.check(option.default, option.name)


def test_a_function_gets_the_options_that_were_given():
    depth = Option("depth", 3, whole(1), "int", "How deep.", type="int")

    @takes([depth])
    def door(x, **options):
        """Open.

        Parameters
        ----------
        x : int
        {options}
        """
        return x, options

    assert str(inspect.signature(door)) == "(x, *, depth: 'int' = 3)"
    assert "depth : int\n    How deep." in inspect.getdoc(door)
    assert door(1) == (1, {}) and door(1, depth=2) == (1, {"depth": 2})
    with pytest.raises(InputError, match="(?s)`dept`.*`depth`"):
        door(1, dept=2)
