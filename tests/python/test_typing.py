"""Signatures are typed: editors and type checkers know every public name, argument and result."""

import ast
import builtins
import collections.abc
import configparser
import importlib.util
import inspect
import re
import typing
from pathlib import Path

import pytest

import bineural as bn
from bineural import _typing
from bineural.nets.options import OPTIONS
from public import PUBLIC

ROOT = Path(__file__).parents[2]
HOLD_NONE = {"Any", "Seed", "Label", "Model", "FoldsLike", "RowSource", "RowsLike"}  # aliases that None is of
ESTIMATORS = [bn.GLMClassifier, bn.GLMRegressor, bn.NetClassifier, bn.NetRegressor, bn.AverageModel]
FUNCTIONS = {name: value for name, value in PUBLIC.items() if inspect.isfunction(value)}


def described(function):
    text = inspect.getdoc(function) or ""
    return "\nParameters\n---" in text or "\nReturns\n---" in text


def methods():
    """Return the methods that public classes describe, and how their estimators are made."""
    found = {f"{kind.__name__}.__init__": kind.__init__ for kind in ESTIMATORS}
    for kind in (value for value in PUBLIC.values() if inspect.isclass(value)):
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            ours = inspect.unwrap(method).__module__.startswith("bineural")
            if ours and not name.startswith("_") and described(method):
                found[f"{kind.__name__}.{name}"] = method
    return found


METHODS = methods()


def documented(doc):
    """Return {argument: type as the docstring has it} of the section on parameters."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", doc or "", re.S | re.M)
    lines = re.findall(r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: : (.*))?$", section[1] if section else "", re.M)
    return {name.lstrip("*"): kind for names, kind in lines for name in names.split(", ")}


def parameters(function):
    signature = inspect.signature(function)
    return {name: p for name, p in signature.parameters.items() if name not in ("self", "cls")}


@pytest.mark.parametrize("name", FUNCTIONS | METHODS)
def test_every_argument_and_every_result_has_a_type(name):
    function = (FUNCTIONS | METHODS)[name]
    bare = [k for k, p in parameters(function).items() if p.annotation is inspect.Parameter.empty]
    assert bare == []
    assert inspect.signature(function).return_annotation is not inspect.Signature.empty


@pytest.mark.parametrize("name", FUNCTIONS | METHODS)
def test_where_none_may_be_left_out_the_type_says_so(name):
    for key, parameter in parameters((FUNCTIONS | METHODS)[name]).items():
        if parameter.default is None:
            named = set(re.findall(r"\w+", str(parameter.annotation)))
            assert named & (HOLD_NONE | {"None"}), f"{key}: {parameter.annotation}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring_and_signature_name_the_same_arguments(name):
    names = documented(inspect.getdoc(FUNCTIONS[name]))
    assert set(names) == set(parameters(FUNCTIONS[name]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_choice_is_the_same_in_docstring_and_type(name):
    kinds, aliases = documented(inspect.getdoc(FUNCTIONS[name])), {"Missing": _typing.Missing}
    aliases["Unseen"] = _typing.Unseen
    for key, parameter in parameters(FUNCTIONS[name]).items():
        words = re.match(r'\{("[^}]*")\}(?! or)', kinds[key] or "")
        if words and not str(parameter.annotation).startswith(("Sequence", "str")):
            written = str(parameter.annotation).removesuffix(" | None")
            allowed = typing.get_args(aliases.get(written)) or ast.literal_eval(
                written.removeprefix("Literal")
            )
            assert set(allowed) == set(ast.literal_eval(f"[{words[1]}]"))


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_types_of_options_are_written_in_names_that_are_known(option):
    names = set(re.findall(r"[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", option.type)))
    known = set(vars(_typing)) | set(vars(builtins)) | set(typing.__all__) | set(collections.abc.__all__)
    assert names <= known


def test_stubs_name_every_public_name_where_it_stands():
    spec = importlib.util.spec_from_file_location("build_stubs", ROOT / "tools/build_stubs.py")
    build_stubs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build_stubs)
    for package in build_stubs.PACKAGES:
        assert build_stubs.path_of(package).read_text() == build_stubs.stub(package), "run `make docs`"


def test_the_package_is_shipped_as_typed():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    patterns = setup["options.package_data"]["bineural"].split()
    package = ROOT / "python/bineural"
    shipped = {file for pattern in patterns for file in package.glob(pattern)}
    stubs = set(package.rglob("*.pyi"))
    assert {package / "py.typed", *stubs} <= shipped and len(stubs) == 2
