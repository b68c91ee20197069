"""Records of architectures: what registering refuses, what a look-up makes of what was given."""

import functools
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import bineural as bn
from bineural._tensorflow import keras
from bineural.checks import Check, choice, path, whole
from bineural.errors import InputError
from bineural.options import Option
from bineural.zoo import architecture, record_checks
from bineural.zoo.architecture import Architecture, architecture_names, as_architecture, register_architecture


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    """Leave the registry as it was."""
    architecture_names()
    monkeypatch.setattr(architecture, "_registered", dict(architecture._registered))
    monkeypatch.setattr(record_checks, "_reserved", set(record_checks._reserved))


def build_line(input_shape, n_outputs, *, width=3, head="plain"):
    columns = keras.Input(input_shape)
    x = keras.layers.Dense(width, name="body")(columns)
    return keras.Model(columns, keras.layers.Dense(n_outputs, use_bias=head == "plain", name="head")(x))


WIDTH = Option("width", 3, whole(1), "int", "Units.", in_r="count")
HEAD = Option("head", "plain", choice("plain", "bare"), "str", "The last layer.", in_r="text")


def line(**fields):
    return Architecture("line", **{"build": build_line, "options": (WIDTH, HEAD), **fields})


def in_fresh_python(code):
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_registered_architecture_is_listed_looked_up_and_described():
    assert register_architecture(line(title="A line", learning_rate=0.1, year=1805)) is as_architecture(
        "line"
    )
    listed = bn.list_architectures().set_index("name").loc["line"]
    assert listed["title"] == "A line" and listed["options"] == "width, head" and listed["year"] == 1805
    assert listed["learning_rate"] == 0.1 and listed["inputs"] == "table"
    assert bn.describe_architecture("line", 4, 2, width=5, head="bare").parameters == (4 * 5 + 5) + 5 * 2
    assert bn.describe_architecture("line", 4).parameters == (4 * 3 + 3) + (3 + 1)


def test_every_architecture_of_the_zoo_says_what_it_is():
    listed = bn.list_architectures()
    assert listed["name"].tolist() == sorted(listed["name"]) and {"mlp", "skip"} <= set(listed["name"])
    assert (listed[["title", "inputs", "paper"]] != "").all(axis=None) and listed["year"].between(
        1943, 2100
    ).all()


def test_the_zoo_is_listed_without_tensorflow():
    code = "import sys, bineural as bn; print(*bn.list_architectures().name, *sys.modules)"
    printed = in_fresh_python(code)
    assert (
        printed[0] == "alexnet"
        and {"mlp", "skip"} <= set(printed)
        and not {"tensorflow", "keras"} & set(printed)
    )


@pytest.mark.long
def test_a_new_file_in_the_folder_is_all_it_takes(tmp_path):
    (tmp_path / "tiny.py").write_text(
        textwrap.dedent(
            """
            from bineural._tensorflow import keras
            from bineural.zoo.architecture import Architecture, register_architecture

            def build_tiny(input_shape, n_outputs):
                return keras.Sequential([keras.Input(input_shape), keras.layers.Dense(n_outputs)])

            register_architecture(Architecture("tiny", build_tiny))
            """
        )
    )
    code = f"""
        import bineural.zoo
        bineural.zoo.__path__.append({str(tmp_path)!r})
        import bineural as bn
        print(*bn.list_architectures().name, bn.describe_architecture("tiny", 3).parameters)
    """
    *names, parameters = in_fresh_python(code)
    assert {"mlp", "skip", "tiny"} <= set(names) and parameters == "4"


def test_a_name_is_registered_once():
    register_architecture(line())
    for taken in ("line", "mlp"):
        with pytest.raises(InputError, match=f"architecture '{taken}' already"):
            register_architecture(Architecture(taken, build_line))


@pytest.mark.parametrize("name", ["", "my net", "1st", "class", None, 3])
def test_a_name_is_an_identifier(name):
    with pytest.raises(InputError, match="identifier"):
        register_architecture(Architecture(name, build_line))


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"build": None}, "`build` must be a function"),
        ({"build": lambda input_shape: None}, "`build` must be a function"),
        ({"reads": ("units",)}, "input_shape, n_outputs, units, width, head"),
        ({"takes_codes": True}, "level_counts"),
        ({"reads": ("unit",)}, "`reads` must hold"),
        ({"reads": ("width",)}, "`reads` must hold"),
        ({"reads": "units"}, "`reads` of an architecture must be a tuple"),
        ({"inputs": "table"}, "`inputs` of an architecture must be a tuple"),
        ({"options": ("width",)}, "`options` of an architecture must be a tuple"),
        ({"options": (WIDTH, WIDTH)}, "each once"),
        ({"options": (Option("my width", 3, whole(1), "int", ""),)}, "identifiers"),
        ({"options": (Option("units", 3, whole(1), "int", ""),)}, "Add it to `reads`"),
        ({"options": (Option("level_counts", 3, whole(1), "int", ""),)}, "an option of every net"),
        ({"options": (Option("width", 0, whole(1), "int", ""),)}, "`width` must be a whole number"),
        ({"options": (Option("width", "here", path(), "path", ""),)}, "plain data"),
        ({"learning_rate": 0}, "`learning_rate` must be a number above 0"),
        ({"prior_precision": -1}, "`prior_precision`"),
        ({"members": 0}, "`members`"),
        ({"year": 1986.5}, "`year`"),
        ({"given": build_line}, "used as it is"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(fields, words):
    with pytest.raises(InputError, match=words):
        register_architecture(line(**fields))
    assert "line" not in architecture_names()


def test_only_records_are_registered():
    with pytest.raises(InputError, match="as a record"):
        register_architecture(build_line)


def test_names_that_nets_reserve_later_are_refused_where_the_architecture_is_used():
    register_architecture(line())
    architecture.reserve_option_names(["width"])
    with pytest.raises(InputError, match="`width` for 'line'"):
        as_architecture("line")
    assert "line" in set(bn.list_architectures()["name"]) and as_architecture("mlp").name == "mlp"


def test_own_options_are_checked_and_have_defaults():
    assert line().own_options({}) == {"width": 3, "head": "plain"}
    read = line().own_options({"width": np.float64(5)})
    assert read == {"width": 5, "head": "plain"} and type(read["width"]) is int
    with pytest.raises(InputError, match="Did you mean `width`"):
        line().own_options({"widht": 5})
    with pytest.raises(InputError, match="`width` must be a whole number"):
        line().own_options({"width": 0})
    anything = Option("width", 3, Check("anything", lambda value: value), "any", "")
    with pytest.raises(InputError, match="plain data"):
        line(options=(anything,), build=lambda i, o, *, width: None).own_options(
            {"width": keras.layers.Dense(1)}
        )


def test_the_rules_of_penalty_and_members():
    skip, mlp = as_architecture("skip"), as_architecture("mlp")
    assert skip.default_l2(100) == 1 / 200 and line().default_l2(100) == 0
    small = architecture.SMALL_TABLE
    assert [skip.default_members(n) for n in (small, small + 1)] == [5, 1]
    assert mlp.default_members(small) == line().default_members(small) == 1


def test_what_a_user_gives_becomes_a_record():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)], name="mine")
    record = as_architecture(model)
    assert (record.name, record.kind, record.model, record.given) == ("mine", "own", model, model)
    assert as_architecture(record) is record
    record = as_architecture(build_line)
    assert (record.name, record.kind, record.model, record.given) == ("build_line", "own", None, build_line)
    assert record.options == record.reads == () and record.build is build_line
    assert as_architecture(functools.partial(build_line, width=5)).name == "build_line"
    given = line()
    assert as_architecture(given) is given and given.kind == "registered"


@pytest.mark.parametrize("given", [None, 3, ["mlp"], {}])
def test_what_is_no_architecture_is_refused_with_the_names_there_are(given):
    with pytest.raises(InputError, match="The zoo has .*'mlp', .*'skip'"):
        as_architecture(given)


def test_a_layer_is_no_architecture():
    with pytest.raises(InputError, match="a Keras model or a function"):
        as_architecture(keras.layers.Dense(1))


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(InputError, match=r"The zoo has .*'vgg'\. Did you mean 'mlp'\?"):
        as_architecture("mlpp")


def test_a_builder_must_take_a_shape_and_a_number_of_outputs():
    with pytest.raises(InputError, match=r"must be a function of \(input_shape, n_outputs\)"):
        as_architecture(lambda input_shape: None)
