"""Every public door declares what its arguments must be; wrong values are refused before any work."""

import inspect
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bineural as bn
from bineural import FILL_IN, checks
from bineural.errors import InputError, SavingError
from public import PUBLIC

WRONG = {"a": 1}  # nothing that a check reads is a dict

# What is no single number, truth value, text or label, however it is written
NO_SINGLE_VALUE = [None, [1], (1,), {"a": 1}, {1}, np.array(1), np.array([1]), pd.NA, pd.NaT, len, object()]
NO_NUMBER = [*NO_SINGLE_VALUE, True, np.True_, "5", "", b"5", math.nan, np.nan, np.float64("nan"), 1 + 0j]


def refused(check, value, name="folds"):
    """Return the error of a value that is refused, in three sentences that name the argument."""
    with pytest.raises(InputError) as caught:
        check(value, name)
    error = caught.value
    assert f"`{name}`" in error.must and error.found and error.hint
    return error


def read_as(check, value, expected):
    """Say whether a value is read as another, of the same type."""
    value = check(value, "folds")
    return value == expected and type(value) is type(expected)


# ---- single checks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [3, 3.0, np.int8(3), np.uint64(3), np.float32(3), np.int64(3), Fraction(3)])
def test_a_whole_number_becomes_an_int(value):
    assert read_as(checks.whole(1), value, 3)


@pytest.mark.parametrize(
    "value",
    [*NO_NUMBER, 2.5, np.float32(2.5), math.inf, -math.inf],
    ids=lambda value: re.sub(" at 0x[0-9a-f]+", "", repr(value)),
)
def test_what_is_no_whole_number_is_refused(value):
    assert refused(checks.whole(1), value).must == "`folds` must be a whole number of at least 1."


@pytest.mark.parametrize("value", [0.5, np.float64(0.5), np.float32(0.5), Fraction(1, 2)])
def test_a_number_becomes_a_float(value):
    assert read_as(checks.number(), value, 0.5) and read_as(checks.number(), 2, 2.0)


@pytest.mark.parametrize(
    "value",
    [*NO_NUMBER, math.inf, -math.inf, np.float64("inf")],
    ids=lambda value: re.sub(" at 0x[0-9a-f]+", "", repr(value)),
)
def test_what_is_no_finite_number_is_refused(value):
    assert refused(checks.number(), value).must == "`folds` must be a number."


@pytest.mark.parametrize(
    ("check", "inside", "outside", "words"),
    [
        (checks.whole(2), [2, 2**53], [1, -2, 2**53 + 2], "a whole number of at least 2"),
        (checks.whole(1, 10), [1, 10], [0, 11], "a whole number from 1 to 10"),
        (checks.seed(), [0, 2**31, 2**100], [-1], "a whole number that is not negative, or None"),
        (checks.seed(-5, 5), [-5, 5, 0], [-6, 6], "a whole number from -5 to 5, or None"),
        (checks.number(0), [0, 1e300], [-5e-324], "a number of at least 0"),
        (checks.number(0, above=True), [5e-324], [0, -0.0, -1], "a number above 0"),
        (checks.number(0, 0.5), [0, 0.5], [-1e-9, 0.5 + 1e-9], "a number between 0 and 0.5"),
        (checks.number(0, 2, above=True), [1e-9, 2], [0, 2 + 1e-9], "a number above 0 and at most 2"),
        (checks.share(), [0, 1, 0.3], [-1e-9, 1 + 1e-9], "a number between 0 and 1"),
        (checks.share(below=True), [0, 1 - 1e-9], [1, -1e-9], "a number of at least 0 and below 1"),
        (checks.share(open_ends=True), [1e-9, 1 - 1e-9], [0, 1], "a number strictly between 0 and 1"),
    ],
)
def test_bounds_hold_to_the_last_value(check, inside, outside, words):
    for value in inside:
        assert check(value, "folds") == value
    for value in outside:
        assert refused(check, value).must == f"`folds` must be {words}."


@pytest.mark.parametrize("value", [True, np.True_])
def test_a_flag_is_true_or_false_of_any_library(value):
    assert read_as(checks.flag(), value, True)
    for wrong in (*NO_SINGLE_VALUE, 0, 1, 1.0, "yes", "True", math.nan):
        assert refused(checks.flag(), wrong).must == "`folds` must be True or False."


def test_a_choice_is_one_of_its_values_and_of_their_kind():
    rule = checks.choice("ridge", "lasso", None)
    assert rule("ridge", "penalty") == "ridge" and rule(np.str_("lasso"), "penalty") == "lasso"
    assert rule(None, "penalty") is None
    assert read_as(checks.choice(0, 1), 1.0, 1) and checks.choice("auto", True)(np.True_, "scale") is True
    for wrong in (*NO_SINGLE_VALUE[1:], True, "", "Ridge ", 2, math.nan):
        assert refused(rule, wrong).must == "`folds` must be one of 'ridge', 'lasso'."
    assert refused(checks.choice(0, 1), True).must == "`folds` must be one of 0, 1."
    assert refused(rule, "rigde").hint == "Did you mean 'ridge'?"
    assert refused(rule, "net").hint == "Choose one of them, or leave it out."
    assert refused(checks.choice("a", "b"), "ccc").hint == "Choose one of them."


def test_text_must_say_something():
    assert read_as(checks.text(), "a b", "a b") and read_as(checks.text(), np.str_("a"), "a")
    for wrong in (*NO_SINGLE_VALUE, 5, True, b"a", Path("a"), "", " \n"):
        refused(checks.text(), wrong)
    assert checks.text(empty=True)("", "task") == ""


@pytest.mark.parametrize(
    "value", ["yes", 0, 1.5, True, np.int64(3), np.str_("a"), pd.Timestamp("2020-01-01")]
)
def test_a_label_is_whatever_can_stand_in_a_column(value):
    assert checks.label()(value, "event") is value
    for wrong in (*NO_SINGLE_VALUE[:-1], math.nan, np.float64("nan"), pd.DataFrame({"a": [1]}), b"a"):
        refused(checks.label(), wrong)


@pytest.mark.parametrize(
    "given", [["a", "b"], ("a", "b"), np.array(["a", "b"]), pd.Series(["a", "b"]), pd.Index(["a", "b"])]
)
def test_classes_are_labels_in_their_order_each_once(given):
    assert checks.labels()(given, "classes") == ["a", "b"]
    assert checks.labels()(np.array([2, 1]), "classes") == [2, 1]
    assert refused(checks.labels(), ["a", "b", "a"]).found == "Found 'a' twice."
    for wrong in (None, "ab", 3, {"a", "b"}, {"a": 1}, [], [["a"]], ["a", None], np.eye(2), len, iter("ab")):
        refused(checks.labels(), wrong)


def test_a_dict_has_names_and_a_sequence_an_order():
    assert checks.mapping()({"a": 1}, "values") == {"a": 1}
    assert refused(checks.mapping(), {1: 2}).found == "Found the key 1."
    for wrong in (None, "a", [("a", 1)], {"a"}, pd.DataFrame({"a": [1]})):
        refused(checks.mapping(), wrong)
    assert checks.sequence()((1, [2]), "parts") == [1, [2]]
    for wrong in (None, "ab", {"a": 1}, {1, 2}, 3, np.array(3), pd.DataFrame({"a": [1]}), iter([1])):
        refused(checks.sequence(), wrong)


def test_what_a_users_function_says_is_told_with_what_it_got():
    with pytest.raises(InputError) as caught, checks.calling("f", "an array"):
        math.sqrt(-1)
    error = caught.value
    assert error.must == "`f` must be a function that can be called with an array." and error.hint
    assert error.found.startswith("It failed with ValueError: ") and error.__cause__ is not None
    own = InputError("Mine.")
    with pytest.raises(InputError) as caught, checks.calling("f", "an array"):
        raise own
    assert caught.value is own


def test_a_function_is_not_called():
    assert checks.function()(len, "f") is len
    for wrong in (None, 1, "len", [len], {"a": len}):
        refused(checks.function(), wrong)


def test_paths_are_text_or_path_like(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert checks.path()("~/a", "path") == tmp_path / "a" and checks.path()(Path("a"), "path") == Path("a")
    assert read_as(checks.name_or_path(), Path("a/b"), str(Path("a/b"))) and read_as(
        checks.name_or_path(), "iris", "iris"
    )
    for wrong in (*NO_SINGLE_VALUE, 5, True, b"a", "", " ", "a\0b"):
        refused(checks.path(), wrong)
        refused(checks.name_or_path(), wrong)
        refused(checks.writable(), wrong)


def test_a_file_that_can_not_be_written_is_refused_before_there_is_anything_to_write(tmp_path):
    check = checks.writable(".png", ".svg", error=SavingError)
    for name in ("a.png", "b.SVG"):
        assert check(str(tmp_path / name), "path") == tmp_path / name
    assert not list(tmp_path.iterdir())
    for name in ("a.pdf", "a", "no/a.png"):
        with pytest.raises(SavingError, match="`path` must"):
            check(tmp_path / name, "path")
    refused(check, tmp_path)
    assert check.or_none()(None, "path") is None


@pytest.mark.parametrize("given", [[4, 2.0], (4, 2), np.array([4, 2]), pd.Series([4.0, 2.0])])
def test_a_list_is_read_part_by_part(given):
    units = checks.list_of(checks.whole(1))
    assert units(given, "units") == (4, 2) and units(5, "units") == (5,)
    assert refused(units, [4, 2.5]).found == "Found 2.5 among them."
    assert (
        refused(checks.list_of(checks.choice("sgd", "adam")), ["sgd", "adm"]).hint == "Did you mean 'adam'?"
    )
    assert refused(units, 0).found == "Found 0." and refused(units, []).found == "Found none."
    for wrong in (None, "4", {"a": 4}, [[4]], np.ones((2, 2)), [True], [None]):
        refused(units, wrong)


def test_either_of_two_will_do_and_none_where_it_may():
    either = checks.either(checks.whole(1), checks.choice("all"))
    assert either(3, "n") == 3 and either("all", "n") == "all"
    assert refused(either, "none").must == "`folds` must be a whole number of at least 1 or one of 'all'."
    assert (
        refused(checks.whole(1).or_none(), 0).must == "`folds` must be a whole number of at least 1, or None."
    )
    own = checks.or_none(lambda value, name: value * 2)
    assert own(None, "x") is None and own(2, "x") == 4


def test_no_sentence_is_longer_than_it_can_be_read():
    error = InputError("a" * 100_000, "b" * 100_000, "c" * 999)
    assert len(error.must) == len(error.found) == 1000 and "..." in error.must and len(error.hint) == 999


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (np.float64(2.5), "Found 2.5."),
        (pd.DataFrame({"a": [1, 2]}), "Found DataFrame of shape (2, 1)."),
        (len, "Found the function len."),
        (int, "Found the class int."),
        ([1] * 99, "Found [" + "1, " * 25 + "1...."),
        (object.__new__(type("Lines", (), {"__repr__": lambda self: "two\n  lines"})), "Found two lines."),
    ],
)
def test_what_was_found_is_shown_on_one_line(value, found):
    assert refused(checks.whole(1), value).found == found and "\n" not in found


# ---- blanks of exercises ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [FILL_IN, [1, FILL_IN], (FILL_IN,), {"a": [FILL_IN]}, np.array([FILL_IN, 1])]
)
def test_a_blank_is_found_where_it_stands(value):
    with pytest.raises(InputError, match="`weights` must be filled in.\nFound FILL_IN."):
        checks.refuse_blank(value, "weights")


def test_data_are_not_looked_through_for_blanks():
    for value in (None, "FILL_IN", [math.nan, {}], np.eye(2), pd.DataFrame({"a": ["x"]}), list(range(5000))):
        checks.refuse_blank(value, "x")


# ---- the decorator ---------------------------------------------------------------------------------------


@checks.checked(n=checks.whole(1), names=checks.list_of(checks.text()), level=checks.share())
def _door(data, n, *, names="a", level=0.5, **others):
    """Return what arrives."""
    return data, n, names, level, others


def test_a_door_gets_the_values_as_they_are_used():
    assert _door("rows", 2.0) == ("rows", 2, ("a",), 0.5, {})
    assert _door(n=np.int64(2), data=1, level=1, names=["b", "c"], more=3) == (
        1,
        2,
        ("b", "c"),
        1.0,
        {"more": 3},
    )
    assert (_door.__name__, _door.__doc__) == ("_door", "Return what arrives.")
    assert list(inspect.signature(_door).parameters) == ["data", "n", "names", "level", "others"]
    for call in (lambda: _door(), lambda: _door(1, 2, 3), lambda: _door(1, 2, data=3)):
        with pytest.raises(TypeError, match="_door"):  # as Python says it
            call()


def test_no_door_cuts_a_number_down():
    data = bn.load_dataset("kyphosis")
    glm = bn.fit_glm("Kyphosis ~ Age", data, event="present")
    with pytest.raises(InputError, match="`repeats` must be a whole number"):
        bn.permutation_importance(glm, data, repeats=2.5)
    with pytest.raises(InputError, match="`n_points` must be a whole number"):
        bn.partial_dependence(glm, data, "Age", n_points=3.5)
    for n_jobs in ("two", 1.5, True, math.inf):
        with pytest.raises(InputError, match="`n_jobs` must be a whole number"):
            bn.compare_models({"glm": glm}, data, folds=2, repeats=1, n_jobs=n_jobs, seed=1)


# ---- all public doors ------------------------------------------------------------------------------------


def public_doors():
    """Give every public function, and the methods of public classes that declare checks."""
    for name, value in PUBLIC.items():
        if inspect.isfunction(value):
            yield name, value
        elif inspect.isclass(value):
            methods = [key for key in dir(value) if not key.startswith("_")]
            found = {key: inspect.getattr_static(value, key, None) for key in methods}
            yield from ((f"{name}.{k}", f) for k, f in found.items() if hasattr(f, "checks"))


DOORS = dict(public_doors())
DECLARED = [(door, name) for door, function in DOORS.items() for name in getattr(function, "checks", ())]
GOOD = ["kyphosis", 1, 2, 0.5, True, [[0.0, 1.0], [1.0, 0.0]], len, "file.html", "file.png", "file.gif"]
GOOD.append({"x": 1.0})


def good_value(check, name):
    """Return a value that a check lets pass: its door's own choice first."""
    own = check.words.removeprefix("one of ").split(", ")[0].strip("'") if hasattr(check, "words") else None
    for value in (*GOOD, own, bn.fundamentals.build_network([[1, 1]])):
        try:
            check(value, name)
            return value
        except InputError:
            continue
    raise AssertionError(f"no good value for {name}")


def call_with(door, wrong_name, wrong):
    """Call a door with one wrong value; what else it needs and does not declare is of no use."""
    function, arguments = DOORS[door], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name == wrong_name:
            continue
        if parameter.default is parameter.empty:
            check = getattr(function, "checks", {}).get(name)
            arguments[name] = object() if check is None else good_value(check, name)
    return function(**arguments, **{wrong_name: wrong})


@pytest.mark.parametrize(("door", "name"), DECLARED)
def test_a_wrong_value_is_refused_before_anything_else_happens(door, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for wrong, must in ((WRONG, f"`{name}` must"), (FILL_IN, f"`{name}` must be filled in.")):
        with pytest.raises(InputError) as caught:
            call_with(door, name, wrong)
        assert must in caught.value.must and caught.value.found and caught.value.hint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("door", "name"), DECLARED)
def test_a_default_can_be_passed(door, name):
    default = inspect.signature(DOORS[door]).parameters[name].default
    if default is not inspect.Parameter.empty:
        DOORS[door].checks[name](default, name)


# Arguments without a declared check, and what answers them instead: by name, or by door and name.
OTHERWISE = {
    "data": "rows of any library: tables/frames.py and tables/rows.py read them",
    "x": "rows or a formula's data: read against each other by the door",
    "y": "an outcome beside its rows: measures/inputs.py or fundamentals/checking.py, once the rows are read",
    "test_x": "rows like `x`: fundamentals/table_scaling.py, once the training rows are read",
    "test_y": "an outcome like `y`: fundamentals/table_scaling.py",
    "formula": "a formula, or rows with the outcome as `data`: inputs/problem.py and formula/syntax.py",
    "classes": "labels of the outcome: inputs/outcomes.py, once it is read",
    "contrasts": "a dict by column: formula/contrasts.py, once the columns are read",
    "weights": "a column's name, or a value for each row (of a mechanism: each input), once those are known",
    "offset": "a column's name or a value for each row: inputs/problem.py",
    "strata": "a column's name or a value for each row: tables/rows.py",
    "groups": "a column's name or a value for each row: tables/rows.py",
    "time": "a column's name or a value for each row: tables/rows.py and splitting/time_values.py",
    "model": "a fitted model, of scikit-learn too: asked for what it lacks by measures/model_answers.py",
    "comparison": "what compare_models returned: asked for its predictions",
    "environment": "what make_environment returned, or makes one of: agents/making.py and fitting.py",
    "agent": "what fit_agent returned, a rule or a name: agents/playing.py, figures/agents.py",
    "policy": "a name, an agent or a table of the environment's states: agents/exact.py",
    "experience": "columns of moves, read against the environment: agents/experience.py",
    ("plot_episodes", "episodes"): "what play_episodes returned: figures/agents.py",
    ("animate_episode", "episodes"): "what play_episodes returned: figures/agents.py",
    "evaluations": "what evaluate_model returned, or a dict of them: figures/scored.py",
    "split": "what split_rows or make_folds returned: splitting/manifests.py",
    "values": "a dict of numbers or arrays by name: fundamentals/node.py and tensors.py",
    "event": "a class of the outcome: inputs/outcomes.py, once it is read",
    "folds": "a number, or folds in many forms: splitting/making.py and given_folds.py",
    "repeats": "how often folds are made: splitting/making.py",
    "outcome": "a column's name, or a value for each row: comparing/basis.py",
    "y_true": "rows like the scores: measures/arguments.py reads them together",
    **dict.fromkeys(
        ("score", "score_a", "score_b", "probability", "predicted"),
        "a value for each row of `y_true`: measures/arguments.py",
    ),
    **dict.fromkeys(
        ("measure", "measures"), "names or functions: measures/registry.py, once the task is known"
    ),
    "net": "a net, or rows or a formula: nets/values.py",
    "architecture": "a name in the zoo, a Keras model or a builder: zoo/architecture.py",
    ("compare_models", "models"): "models of many libraries: comparing/entrant_kinds",
    ("average_models", "models"): "models of many libraries: comparing/averaging.py",
    ("tune_net", "grid"): "settings of options: comparing/grids.py",
    ("tune_net", "n_settings"): "how many settings of the grid: comparing/grids.py",
    ("tune_net", "halving"): "True, False, or of how many one is kept: comparing/tuning.py",
    ("tune_net", "seed"): "a seed: training/seeds.py",
    ("fit_nets", "settings"): "a dict of options for each net: nets/settings.py",
    ("fit_nets", "seeds"): "a seed for each net: nets/settings.py",
    ("describe_architecture", "input_shape"): "shapes, of several inputs too: zoo/describing.py",
    ("load_images", "boxes"): "a table of boxes or its file: detection/files.py",
    ("write_report", "result"): "a comparison or a fitted model: reporting/report.py",
    "target": "sequences: sequences/texts.py",
    "source": "sequences: sequences/texts.py",
    ("edit_distance", "said"): "sequences: sequences/texts.py",
    ("plot_search_tree", "hypotheses"): "what decode_beams returned: figures/search_tree.py",
    ("generate", "n"): "a number, or sources of sequences: representations/generating.py",
    ("two_sample_auroc", "real"): "rows of numbers: representations/two_sample.py",
    ("two_sample_auroc", "made"): "rows of numbers: representations/two_sample.py",
    ("register_measure", "compute"): "a function: measures/registry.py",
    ("register_measure", "tasks"): "some of the tasks: measures/registry.py",
    ("register_measure", "range"): "two numbers, which may be infinite: measures/registry.py",
    ("partial_auroc", "specificity"): "two rising values, one of them alone: measures/curve_points.py",
    ("partial_auroc", "sensitivity"): "two rising values, one of them alone: measures/curve_points.py",
    ("threshold", "costs"): "two positive numbers: measures/thresholds.py",
    ("net_benefit", "thresholds"): "one or more values between 0 and 1: measures/decision.py",
    ("mean_deviance", "family"): "the name of a family: measures/deviances.py",
    (
        "plot_comparison",
        "kind",
    ): "a kind of figure, among those that files of figures/ register: figures/comparison.py",
    ("map_letter", "bias"): "one number, or one for each unit",
    ("apply_gate", "a"): "bits, against `b`",
    ("apply_gate", "b"): "bits, against `a`",
    ("add_bits", "a"): "bits, against `b`",
    ("add_bits", "b"): "bits, against `a`",
    ("add_bits", "carry"): "bits, against `a`",
    ("drop_units", "keep"): "a truth value for each value of `x`",
    ("normalise_batch", "scale"): "one number, or one for each column of `x`",
    ("normalise_batch", "shift"): "one number, or one for each column of `x`",
    ("normalise_batch", "moving_mean"): "one number, or one for each column of `x`",
    ("normalise_batch", "moving_variance"): "one number, or one for each column of `x`",
    ("add_exercise", "inputs"): "names, or a dict of names and what they are: course/checking.py",
    ("box_iou", "a"): "boxes: detection/boxes.py",
    ("box_iou", "b"): "boxes: detection/boxes.py",
    ("suppress_boxes", "boxes"): "boxes: detection/boxes.py",
    ("mean_average_precision", "truth"): "boxes: detection/boxes.py",
    ("find_similar", "query"): "rows like `data`: tables/rows.py",
    ("plot_features", "label"): "a class of the outcome, once the net is known: explaining/",
    ("plot_codes", "labels"): "one label for each row, once the codes are known: figures/codes.py",
    ("judge_samples", "real"): "rows like those of training: representations/rows_net.py",
    ("judge_samples", "train"): "rows like those of training: representations/rows_net.py",
    ("judge_samples", "labels"): "one label for each row: representations/judging.py",
    ("plot_boxes", "images"): "images: data/pictures.py",
    ("plot_boxes", "truth"): "boxes: detection/boxes.py",
    ("convolve_image", "image"): "an array of two or three axes: fundamentals/convolution.py",
    ("convolve_image", "kernel"): "a name or an array: fundamentals/convolution.py",
}


@pytest.mark.parametrize("door", [name for name in DOORS if "." not in name])
def test_what_no_check_is_declared_for_is_answered_otherwise(door):
    function = DOORS[door]
    parameters = inspect.signature(function).parameters.values()
    options = [option.name for option in getattr(function, "options", ())]  # their table holds the checks
    declared = {*getattr(function, "checks", {}), *options}
    names = [p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    assert [n for n in names if n not in declared and n not in OTHERWISE and (door, n) not in OTHERWISE] == []
    assert [n for n in names if n in declared and (door, n) in OTHERWISE] == []


def test_the_table_names_doors_that_are_there():
    for key in OTHERWISE:
        if isinstance(key, tuple):
            assert key[1] in inspect.signature(DOORS[key[0]]).parameters
