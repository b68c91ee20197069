"""Every example in a docstring runs and prints what it says; every public name is described in full."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import bineural as bn
from bineural.course import checking
from long_cases import long_but
from public import PUBLIC
from registries import put_back

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(bn.__path__, "bineural.")
    if not found.name.endswith("__main__")
)
FUNCTIONS = [name for name in PUBLIC if inspect.isfunction(PUBLIC[name])]
NEEDS_NO_EXAMPLE = {"run_demo"}  # takes a minute; `make demo` is its example


# their examples train nets in ways that examples of other modules and tests do too
LONG = {
    f"bineural.{name}"
    for name in (
        "comparing.tuned",
        "comparing.tuning",
        "explaining.similar",
        "explaining.words",
        "figures.attention",
        "figures.codes",
        "figures.features",
        "figures.history",
        "figures.samples",
        "fundamentals.clustering",
        "nets.detector",
        "nets.estimators",
        "nets.fine_tuning",
        "nets.fitting_many",
        "nets.net_fits",
        "nets.values",
        "representations.autoencoder",
        "representations.fitting_gans",
        "representations.gan",
        "representations.generating",
        "representations.judging",
        "sequences.fitting",
        "sequences.model",
    )
}
assert set(MODULES) >= LONG


@pytest.mark.parametrize("name", long_but(MODULES, *(set(MODULES) - LONG)))
def test_examples_run_as_they_stand(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for kept in ("_OWN", "_TRIES"):  # an example adds an exercise
        monkeypatch.setattr(checking, kept, dict(getattr(checking, kept)))
    module = importlib.import_module(name)
    with put_back():
        failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - NEEDS_NO_EXAMPLE))
def test_public_names_have_an_example(name):
    assert ">>> " in inspect.getdoc(PUBLIC[name])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_functions_describe_arguments_and_result(name):
    function = PUBLIC[name]
    text = inspect.getdoc(function)
    parameters = inspect.signature(function).parameters
    if parameters:
        assert "\nParameters\n---" in text
    assert "\nReturns\n---" in text
    described = text.partition("Parameters\n")[2].partition("\nReturns\n")[0]
    assert [p for p in parameters if p not in described] == []
